import type { PackedPartition } from './partition.ts';

/**
 * The routes as columns of the programme, each set of jobs once a class, the cheapest order of it. Rows: one a job (it is
 * in one route or left out), then one a class (at most so many routes as shifts).
 */
export interface Columns {
  readonly count: number;
  readonly starts: Int32Array;
  readonly jobs: Int32Array;
  readonly classOf: Int32Array;
  /** Cost of the route less that of the empty shift. */
  readonly cost: Float64Array;
  /** Index of the route in the problem. */
  readonly route: Int32Array;
  /** 1 for those that have the jobs of a route of the plan at hand. */
  readonly atHand: Uint8Array;
}

export function distinctColumns(packed: PackedPartition): Columns {
  const { routeStarts, routeJobs, routeClass, routeCost, emptyCostOfClass } = packed;
  const routeCount = routeClass.length;
  const columnOf = new Map<string, number>();
  const placeOf = new Int32Array(routeCount);
  const route: number[] = [];
  for (let r = 0; r < routeCount; r++) {
    const jobs = routeJobs.slice(routeStarts[r], routeStarts[r + 1]).sort();
    const key = `${routeClass[r]}:${jobs.join()}`;
    const column = columnOf.get(key) ?? route.length;
    placeOf[r] = column;
    if (column === route.length) {
      columnOf.set(key, column);
      route.push(r);
    } else if (routeCost[r]! < routeCost[route[column]!]!) route[column] = r;
  }
  const atHand = new Uint8Array(route.length);
  for (const r of packed.incumbent ?? []) atHand[placeOf[r]!] = 1;
  const starts = new Int32Array(route.length + 1);
  route.forEach((r, c) => (starts[c + 1] = starts[c]! + routeStarts[r + 1]! - routeStarts[r]!));
  const jobs = new Int32Array(starts[route.length]!);
  route.forEach((r, c) => jobs.set(routeJobs.subarray(routeStarts[r], routeStarts[r + 1]), starts[c]));
  return {
    count: route.length,
    starts,
    jobs,
    classOf: Int32Array.from(route, (r) => routeClass[r]!),
    cost: Float64Array.from(route, (r) => routeCost[r]! - emptyCostOfClass[routeClass[r]!]!),
    route: Int32Array.from(route),
    atHand,
  };
}

/** Jobs that can only be left out together, and what that costs. Jobs of no group stand alone. */
export interface LeftOutUnits {
  readonly units: readonly (readonly number[])[];
  readonly price: Float64Array;
}

export function leftOutUnits({ jobCount, leftOutPrice, groups, incumbentCost }: PackedPartition): LeftOutUnits {
  const head = Int32Array.from({ length: jobCount }, (_, j) => j);
  const headOf = (job: number): number => {
    let at = job;
    while (head[at] !== at) at = head[at]!;
    return at;
  };
  for (const group of groups) {
    for (const job of group) {
      const [a, b] = [headOf(group[0]!), headOf(job)];
      head[Math.max(a, b)] = Math.min(a, b);
    }
  }
  const members = new Map<number, number[]>();
  for (let job = 0; job < jobCount; job++) {
    const unit = members.get(headOf(job));
    if (unit === undefined) members.set(job, [job]);
    else unit.push(job);
  }
  const units = [...members.values()];
  // Enormous prices would drown the others in the solver's tolerance; one above this never is in a better plan.
  const most = 2 * Math.abs(incumbentCost) + 1;
  const price = Float64Array.from(units, (unit) =>
    Math.min(
      most,
      unit.reduce((sum, job) => sum + leftOutPrice[job]!, 0),
    ),
  );
  return { units, price };
}

/** What a column would save or cost at these prices: its cost less what its jobs and its place bring. */
export function reducedCosts(columns: Columns, rowPrice: Float64Array, jobCount: number): Float64Array {
  const { count, starts, jobs, classOf, cost } = columns;
  const reduced = new Float64Array(count);
  for (let c = 0; c < count; c++) {
    let left = cost[c]! - rowPrice[jobCount + classOf[c]!]!;
    for (let at = starts[c]!; at < starts[c + 1]!; at++) left -= rowPrice[jobs[at]!]!;
    reduced[c] = left;
  }
  return reduced;
}
