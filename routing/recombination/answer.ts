import { BadPartition, type PartitionProblem, type PoolRoute, type Recombined } from './partition.ts';

/**
 * The chosen routes as a plan: each goes to its own shift where that is free, else to the first free one of the class.
 * @param chosen indices into `problem.routes`
 * @throws BadPartition when they are no plan
 */
export function answerOf(problem: PartitionProblem, chosen: Int32Array, proven: boolean): Recombined {
  const { shiftCount, jobCount, classOf } = problem;
  const taken = new Uint8Array(shiftCount);
  const routes: PoolRoute[] = [];
  const homeless: PoolRoute[] = [];
  for (const index of chosen) {
    const route = problem.routes[index];
    if (route === undefined) throw new BadPartition(`there is no route ${index}`);
    if (taken[route.shift] === 1) homeless.push(route);
    else {
      taken[route.shift] = 1;
      routes.push(route);
    }
  }
  for (const route of homeless) {
    const shift = classOf.findIndex((c, s) => taken[s] === 0 && c === classOf[route.shift]);
    if (shift === -1) throw new BadPartition(`more routes than shifts of the class of shift ${route.shift}`);
    taken[shift] = 1;
    routes.push({ ...route, shift });
  }
  routes.sort((a, b) => a.shift - b.shift);
  const done = new Uint8Array(jobCount);
  for (const { jobs } of routes) for (const job of jobs) done[job] = 1;
  const leftOut = Int32Array.from({ length: jobCount }, (_, j) => j).filter((j) => done[j] === 0);
  let cost = 0;
  for (let s = 0; s < shiftCount; s++) if (taken[s] === 0) cost += problem.emptyCost[s]!;
  for (const route of routes) cost += route.cost;
  for (const job of leftOut) cost += problem.leftOutPrice[job]!;
  const answer = { routes, leftOut, cost, proven };
  checkRecombined(problem, answer);
  return answer;
}

/**
 * Goes through an answer in plain words, sharing nothing with what made it.
 * @throws BadPartition naming the rule that it breaks
 */
export function checkRecombined(problem: PartitionProblem, answer: Recombined): void {
  const fault = (why: string): never => {
    throw new BadPartition(why);
  };
  const same = (a: PoolRoute, b: PoolRoute): boolean =>
    a.cost === b.cost &&
    problem.classOf[a.shift] === problem.classOf[b.shift] &&
    a.jobs.length === b.jobs.length &&
    a.jobs.every((job, n) => job === b.jobs[n]);
  const times = new Array<number>(problem.jobCount).fill(0);
  const routeOf = new Map<number, PoolRoute>();
  for (const route of answer.routes) {
    if (!problem.routes.some((given) => same(given, route))) fault(`a route of shift ${route.shift} is not among those given`);
    if (routeOf.has(route.shift)) fault(`shift ${route.shift} has two routes`);
    routeOf.set(route.shift, route);
    for (const job of route.jobs) times[job]!++;
  }
  for (const job of answer.leftOut) times[job]!++;
  times.forEach((n, job) => n !== 1 && fault(`job ${job} is done or left out ${n} times`));
  const leftOut = new Set(answer.leftOut);
  for (const group of problem.groups ?? []) {
    const without = group.filter((job) => leftOut.has(job));
    if (without.length > 0 && without.length < group.length) fault(`job ${without[0]} is left out, others of its group are not`);
  }
  let cost = 0;
  for (let s = 0; s < problem.shiftCount; s++) cost += routeOf.get(s)?.cost ?? problem.emptyCost[s]!;
  for (const job of leftOut) cost += problem.leftOutPrice[job]!;
  if (cost !== answer.cost) fault(`it costs ${cost}, not ${answer.cost}`);
}
