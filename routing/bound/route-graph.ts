import { FAR, NEVER, NONE } from '../instance.ts';
import { relaxedStart } from './job-times.ts';
import type { Relaxation, RouteClass } from './relaxation.ts';

/** A class as pricing walks it: what does not change with the prices. Jobs by their place in `route.jobs`. */
export interface RouteGraph {
  readonly route: RouteClass;
  readonly count: number;
  /** Place of a job of the instance, or NONE. */
  readonly placeOf: Int32Array;
  /** No route is at the job sooner; Infinity = none ever is. */
  readonly earliestArrival: Float64Array;
  /** No arrival after this leads to a start in time. */
  readonly latestArrival: Float64Array;
  /** The least seconds from one start to the next arrival. */
  readonly leastStep: number;
}

export function routeGraph({ instance, times }: Relaxation, route: RouteClass): RouteGraph {
  const { jobs, seconds, width, service, limit } = route;
  const count = jobs.length;
  const placeOf = new Int32Array(instance.jobCount).fill(NONE);
  jobs.forEach((j, at) => (placeOf[j] = at));
  const latestArrival = Float64Array.from(jobs, (j) => Math.min(times.closes[j]!, limit - service[j]!));
  const earliestArrival = new Float64Array(count).fill(Infinity);
  const settled = new Uint8Array(count);
  let leastStep = Infinity;
  // Any road may lead there, not only the direct one: shortest paths in time (a later arrival never starts sooner).
  jobs.forEach((j, at) => {
    const way = seconds[route.fromPlace * width + j]!;
    if (way !== FAR) earliestArrival[at] = route.begins + way;
  });
  for (;;) {
    let next = NONE;
    for (let at = 0; at < count; at++) {
      if (settled[at] === 0 && earliestArrival[at]! < (next === NONE ? Infinity : earliestArrival[next]!)) next = at;
    }
    if (next === NONE) break;
    settled[next] = 1;
    const j = jobs[next]!;
    if (earliestArrival[next]! > latestArrival[next]!) continue;
    const start = relaxedStart(times, j, earliestArrival[next]!);
    if (start === NEVER) continue;
    const end = start + service[j]!;
    for (let at = 0; at < count; at++) {
      const way = seconds[j * width + jobs[at]!]!;
      if (at === next || way === FAR || end + way > latestArrival[at]!) continue;
      leastStep = Math.min(leastStep, service[j]! + way);
      if (end + way < earliestArrival[at]!) earliestArrival[at] = end + way;
    }
  }
  return { route, count, placeOf, earliestArrival, latestArrival, leastStep };
}

/** For each job all jobs by the seconds of the way there, nearest first; ties by index. */
export function nearestFirst({ instance }: Relaxation, seconds: Int32Array): Int32Array[] {
  const { jobCount, placeCount } = instance;
  const keys = new Float64Array(jobCount);
  return Array.from({ length: jobCount }, (_, j) => {
    for (let i = 0; i < jobCount; i++) keys[i] = seconds[j * placeCount + i]! * jobCount + i;
    keys.sort();
    return Int32Array.from(keys, (key) => key % jobCount);
  });
}

/** The roads out of each job, the cheapest first: rows of `jobCount` entries, that of j used up to `rowEnd[j]`. */
export interface Roads {
  readonly rowEnd: Int32Array;
  /** Where it leads: a job of the instance that a plan may move. */
  readonly job: Int32Array;
  readonly seconds: Int32Array;
  readonly cost: Float64Array;
}

/** @param of a class with these roads: all with the same matrices have the same */
export function roadsOf({ instance }: Relaxation, of: RouteClass): Roads {
  const { jobCount, fixed } = instance;
  const rowEnd = new Int32Array(jobCount);
  const job = new Int32Array(jobCount * jobCount);
  const seconds = new Int32Array(jobCount * jobCount);
  const cost = new Float64Array(jobCount * jobCount);
  for (let j = 0; j < jobCount; j++) {
    const row = j * of.width;
    const keys: number[] = [];
    for (let i = 0; i < jobCount; i++) {
      if (i !== j && fixed[i] === 0 && of.seconds[row + i] !== FAR) keys.push(of.cost[row + i]! * jobCount + i);
    }
    Float64Array.from(keys)
      .sort()
      .forEach((key, n) => {
        const i = key % jobCount;
        job[j * jobCount + n] = i;
        seconds[j * jobCount + n] = of.seconds[row + i]!;
        cost[j * jobCount + n] = of.cost[row + i]!;
      });
    rowEnd[j] = j * jobCount + keys.length;
  }
  return { rowEnd, job, seconds, cost };
}
