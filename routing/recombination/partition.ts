/**
 * The best plan that can be put together from known routes: each shift has one route or none, each job is in one route or
 * left out. Pure data; indices are the instance's.
 */
export interface PartitionProblem {
  readonly shiftCount: number;
  readonly jobCount: number;
  /** For each job what leaving it out costs; Infinity = it may not be. */
  readonly leftOutPrice: Float64Array;
  /** For each shift what it costs with no route; the same for all of a class. */
  readonly emptyCost: Float64Array;
  /** For each shift its class: a route of one shift may be driven by any of the class, at the same cost. */
  readonly classOf: Int32Array;
  readonly routes: readonly PoolRoute[];
  /** Cost of the plan at hand, counted as here: routes, empty shifts and jobs left out. Only less is an answer. */
  readonly incumbentCost: number;
  /** The routes of that plan, as indices into `routes`: they make a good start. Absent = unknown. */
  readonly incumbent?: readonly number[];
  /** Jobs that are only done together. That their times agree is for the caller to see. */
  readonly groups?: readonly (readonly number[])[];
}

/** One shift's whole day. */
export interface PoolRoute {
  readonly shift: number;
  /** In order, at least one. */
  readonly jobs: Int32Array;
  /** Whole number: the whole cost of the shift with this route. */
  readonly cost: number;
}

/** A cheaper plan. */
export interface Recombined {
  /** Each with the shift that drives it; other shifts are empty. */
  readonly routes: readonly PoolRoute[];
  readonly leftOut: Int32Array;
  readonly cost: number;
  /** No choice among all the routes given costs less. */
  readonly proven: boolean;
}

/** A problem or an answer that breaks its own rules; the message names the culprit. */
export class BadPartition extends Error {
  override readonly name = 'BadPartition';
}

/** A problem as flat arrays, which are handed to a thread without a copy of each route. */
export interface PackedPartition {
  readonly jobCount: number;
  readonly classCount: number;
  /** Shifts of each class. */
  readonly shiftsOfClass: Int32Array;
  readonly emptyCostOfClass: Float64Array;
  readonly leftOutPrice: Float64Array;
  /** Jobs of route r: routeJobs[routeStarts[r]] to before routeJobs[routeStarts[r + 1]]. */
  readonly routeStarts: Int32Array;
  readonly routeJobs: Int32Array;
  readonly routeClass: Int32Array;
  readonly routeCost: Float64Array;
  readonly incumbentCost: number;
  readonly incumbent: Int32Array | null;
  readonly groups: readonly (readonly number[])[];
}

/** @throws BadPartition */
export function packPartition(problem: PartitionProblem): PackedPartition {
  const { shiftCount, jobCount, classOf, emptyCost, routes } = problem;
  const classes = [...new Set(classOf)].sort((a, b) => a - b);
  const place = new Map(classes.map((name, c) => [name, c]));
  const shiftsOfClass = new Int32Array(classes.length);
  const emptyCostOfClass = new Float64Array(classes.length).fill(NaN);
  for (let s = 0; s < shiftCount; s++) {
    const c = place.get(classOf[s]!);
    if (c === undefined) throw new BadPartition(`shift ${s} has no class`);
    if (shiftsOfClass[c]!++ > 0 && emptyCostOfClass[c] !== emptyCost[s]) {
      throw new BadPartition(`shift ${s} costs ${emptyCost[s]} when empty, others of its class ${emptyCostOfClass[c]}`);
    }
    emptyCostOfClass[c] = emptyCost[s]!;
  }
  const routeStarts = new Int32Array(routes.length + 1);
  routes.forEach(({ jobs }, r) => (routeStarts[r + 1] = routeStarts[r]! + jobs.length));
  const routeJobs = new Int32Array(routeStarts[routes.length]!);
  const routeClass = new Int32Array(routes.length);
  const routeCost = new Float64Array(routes.length);
  const lastSeen = new Int32Array(jobCount).fill(-1);
  routes.forEach(({ shift, jobs, cost }, r) => {
    const c = shift >= 0 && shift < shiftCount ? place.get(classOf[shift]!) : undefined;
    if (c === undefined) throw new BadPartition(`route ${r} is of shift ${shift}, of ${shiftCount}`);
    if (!Number.isSafeInteger(cost)) throw new BadPartition(`route ${r} costs ${cost}, no whole number`);
    for (const job of jobs) {
      if (!(job >= 0 && job < jobCount)) throw new BadPartition(`route ${r} has job ${job}, of ${jobCount}`);
      if (lastSeen[job] === r) throw new BadPartition(`route ${r} has job ${job} twice`);
      lastSeen[job] = r;
    }
    routeJobs.set(jobs, routeStarts[r]);
    routeClass[r] = c;
    routeCost[r] = cost;
  });
  return {
    jobCount,
    classCount: classes.length,
    shiftsOfClass,
    emptyCostOfClass,
    leftOutPrice: problem.leftOutPrice,
    routeStarts,
    routeJobs,
    routeClass,
    routeCost,
    incumbentCost: problem.incumbentCost,
    incumbent: problem.incumbent === undefined ? null : Int32Array.from(problem.incumbent),
    groups: problem.groups ?? [],
  };
}
