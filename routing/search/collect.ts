import type { PartitionProblem, PoolRoute } from '../recombination/partition.ts';
import { createPool, type RoutePool } from '../recombination/pool.ts';
import { type Instance, NONE } from '../instance.ts';
import type { Routes } from './routes.ts';
import type { Solution } from './solution.ts';

/** Routes handed over at a meeting, at most: more would take the set partitioning longer than it has. */
const MOST_HANDED_OVER = 4_000;

/** Routes as flat arrays, to be posted: those of route r are jobs[starts[r]] to before jobs[starts[r + 1]]. */
export interface PackedRoutes {
  readonly shifts: Int32Array;
  readonly starts: Int32Array;
  readonly jobs: Int32Array;
  readonly costs: Float64Array;
}

/** Collects the routes of good plans that a search comes by; each version of a shift is looked at once. */
export class Collector {
  private readonly pool: RoutePool = createPool();
  private readonly seen: Int32Array;
  private readonly jobs: Int32Array;
  private readonly shiftOf: Int32Array;

  constructor(instance: Instance) {
    this.seen = new Int32Array(instance.shiftCount);
    this.jobs = new Int32Array(instance.jobCount);
    this.shiftOf = new Int32Array(instance.shiftClassCount).fill(NONE);
    instance.shiftClass.forEach((kind, s) => {
      if (this.shiftOf[kind] === NONE) this.shiftOf[kind] = s;
    });
  }

  /** The routes of the plan as it is now. */
  add(routes: Routes): void {
    const { instance, next, version } = routes;
    for (let s = 0; s < instance.shiftCount; s++) {
      if (this.seen[s] === version[s]) continue;
      this.seen[s] = version[s]!;
      const head = instance.jobCount + s;
      let length = 0;
      for (let j = next[head]!; j !== head; j = next[j]!) this.jobs[length++] = j;
      this.pool.add(instance.shiftClass[s]!, this.jobs, length, routes.routeCost[s]!, routes.cost);
    }
  }

  packed(): PackedRoutes {
    const routes = this.pool.routes(this.shiftOf).slice(0, MOST_HANDED_OVER);
    const starts = new Int32Array(routes.length + 1);
    routes.forEach(({ jobs }, r) => (starts[r + 1] = starts[r]! + jobs.length));
    const jobs = new Int32Array(starts[routes.length]!);
    routes.forEach((route, r) => jobs.set(route.jobs, starts[r]));
    return {
      shifts: Int32Array.from(routes, ({ shift }) => shift),
      starts,
      jobs,
      costs: Float64Array.from(routes, ({ cost }) => cost),
    };
  }
}

/** What all partitions of one problem have in common. */
export type Frame = Pick<PartitionProblem, 'shiftCount' | 'jobCount' | 'leftOutPrice' | 'emptyCost' | 'classOf'>;

/** Null where the routes of a plan cannot be put together anew: linked jobs, and prices that are no sum over shifts. */
export function frameOf(instance: Instance): Frame | null {
  if (instance.groups.length > 0 || (instance.problem.weights.worstLatePerSecond ?? 0) !== 0) return null;
  return {
    shiftCount: instance.shiftCount,
    jobCount: instance.jobCount,
    leftOutPrice: Float64Array.from(instance.price, (price, j) => (instance.fixed[j] === 1 ? 0 : price)),
    emptyCost: instance.emptyCost,
    classOf: instance.shiftClass,
  };
}

/** The pools of all searches as one problem, the best plan among them as what is to be beaten. */
export function partitionOf(frame: Frame, pools: readonly PackedRoutes[], best: Solution): PartitionProblem {
  const routes: PoolRoute[] = [];
  const places = new Map<string, number>();
  const name = (shift: number, jobs: ArrayLike<number>): string =>
    `${frame.classOf[shift]}:${Array.prototype.join.call(jobs, ',')}`;
  for (const { shifts, starts, jobs, costs } of pools) {
    shifts.forEach((shift, r) => {
      const route = { shift, jobs: jobs.subarray(starts[r], starts[r + 1]), cost: costs[r]! };
      const key = name(shift, route.jobs);
      if (places.has(key)) return;
      places.set(key, routes.length);
      routes.push(route);
    });
  }
  const incumbent: number[] = [];
  let cost = frame.leftOutPrice.reduce((sum, price) => sum + price, 0);
  let known = true;
  best.sequences.forEach((sequence, s) => {
    const place = places.get(name(s, sequence));
    if (sequence.length === 0) cost += frame.emptyCost[s]!;
    else if (place === undefined) known = false;
    else {
      incumbent.push(place);
      cost += routes[place]!.cost;
    }
    for (const j of sequence) cost -= frame.leftOutPrice[j]!;
  });
  return known ? { ...frame, routes, incumbentCost: cost, incumbent } : { ...frame, routes, incumbentCost: best.cost };
}
