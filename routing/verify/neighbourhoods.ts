import { NO_ROAD, type RouteSpace } from './route-space.ts';

/** Jobs that each job begins with in its neighbourhood: those from which work and way are shortest. */
const FIRST_SIZE = 10;

/**
 * For each job of the problem the jobs that a partial route still remembers there. They grow where a route with a repeated job
 * stands in the way of a proof, and are kept for the next shift: what misled once is likely to mislead again.
 */
export class Neighbourhoods {
  private readonly near: Set<number>[];

  private readonly firstSize: number;

  /** @param firstSize how many jobs each begins with */
  constructor(jobs: number, firstSize = FIRST_SIZE) {
    this.firstSize = firstSize;
    this.near = Array.from({ length: jobs }, (_, j) => new Set([j]));
  }

  /**
   * Puts the nearest candidates of each candidate into its neighbourhood, and all between which no time goes by: a circle of
   * those would never end.
   */
  begin(space: RouteSpace): void {
    const n = space.jobs.length;
    for (const circle of timelessGroups(space)) {
      for (const a of circle) for (const b of circle) this.near[space.jobs[a]!]!.add(space.jobs[b]!);
    }
    for (let a = 0; a < n; a++) {
      const from: { job: number; way: number }[] = [];
      for (let b = 0; b < n; b++) {
        const way = space.seconds[b * n + a]!;
        if (way !== NO_ROAD) from.push({ job: space.jobs[b]!, way });
      }
      from.sort((x, y) => x.way - y.way || x.job - y.job);
      for (const { job } of from.slice(0, this.firstSize)) this.near[space.jobs[a]!]!.add(job);
    }
  }

  /** The neighbourhoods as bits of candidates, a row for each candidate. */
  bitsFor(space: RouteSpace): Int32Array {
    const n = space.jobs.length;
    const words = Math.max(1, Math.ceil(n / 32));
    const bits = new Int32Array(n * words);
    const place = new Map(space.jobs.map((j, a) => [j, a]));
    space.jobs.forEach((j, a) => {
      for (const other of this.near[j]!) {
        const b = place.get(other);
        if (b !== undefined) bits[a * words + (b >> 5)]! |= 1 << (b & 31);
      }
    });
    return bits;
  }

  /**
   * Makes every repetition in the route impossible: the repeated job goes into the neighbourhoods of all jobs between.
   * @returns false when no job is repeated
   */
  separate(route: readonly number[]): boolean {
    const last = new Map<number, number>();
    let repeated = false;
    route.forEach((job, i) => {
      const before = last.get(job);
      if (before !== undefined) {
        repeated = true;
        for (let k = before + 1; k < i; k++) this.near[route[k]!]!.add(job);
      }
      last.set(job, i);
    });
    return repeated;
  }
}

/** Candidates joined by steps that take no time, in groups of two and more. */
function timelessGroups(space: RouteSpace): number[][] {
  const n = space.jobs.length;
  const root = Array.from({ length: n }, (_, a) => a);
  const rootOf = (a: number): number => (root[a] === a ? a : (root[a] = rootOf(root[a]!)));
  for (let a = 0; a < n; a++) {
    for (let b = 0; b < n; b++) if (space.seconds[a * n + b] === 0) root[rootOf(b)] = rootOf(a);
  }
  const groups = new Map<number, number[]>();
  for (let a = 0; a < n; a++) {
    const group = groups.get(rootOf(a));
    if (group === undefined) groups.set(rootOf(a), [a]);
    else group.push(a);
  }
  return [...groups.values()].filter((group) => group.length > 1);
}
