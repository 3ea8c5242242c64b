import type { PoolRoute } from './partition.ts';

export interface PoolSize {
  /** Most routes; at least 16. */
  readonly routes: number;
  /** Most jobs of all routes together: 4 bytes each. */
  readonly jobs: number;
}

/** 20,000 routes and 3,000,000 jobs take 13 MB. */
const USUAL_SIZE: PoolSize = { routes: 20_000, jobs: 3_000_000 };
/** What is kept when it is full. */
const KEPT_SHARE = 0.75;
const EMPTY = -1;

/**
 * Good routes that a search came by. Fixed size: each set of jobs once a class, the cheapest order of it; when full, those
 * of the dearest plans go, of equal ones those not seen for longest. (A route's own cost says nothing: long ones cost more.)
 */
export interface RoutePool {
  /** Routes held. */
  readonly count: number;
  /** Bytes held, whether used or not. */
  readonly bytes: number;
  /**
   * @param shiftClass class of the shift that drives it
   * @param jobs in order; copied. Of a longer array the first `length`. An empty route is passed over
   * @param cost whole cost of the shift with this route
   * @param planCost cost of the plan that it is part of
   * @returns it is new, or cheaper than before
   */
  add(shiftClass: number, jobs: Int32Array, length: number, cost: number, planCost: number): boolean;
  /**
   * All routes, those of the cheapest plans first.
   * @param shiftOf for each class one of its shifts
   */
  routes(shiftOf: ArrayLike<number>): PoolRoute[];
  clear(): void;
}

export function createPool(size: PoolSize = USUAL_SIZE): RoutePool {
  const most = Math.max(16, size.routes);
  const starts = new Int32Array(most + 1);
  const classOf = new Int32Array(most);
  const hashOf = new Int32Array(most);
  const costOf = new Float64Array(most);
  const planCostOf = new Float64Array(most);
  /** Number of the last call of `add` that brought it. */
  const seenAt = new Float64Array(most);
  const jobsOf = new Int32Array(Math.max(16, size.jobs));
  // Open addressing, at most half full.
  const slots = 2 ** Math.ceil(Math.log2(most * 2));
  const table = new Int32Array(slots).fill(EMPTY);
  /** Marks the jobs of one route while another is held against it. */
  let mark = new Int32Array(1_024);
  let stamp = 0;
  let count = 0;
  let calls = 0;

  /** The same for each order of the same jobs. */
  function hash(shiftClass: number, jobs: Int32Array, length: number): number {
    let sum = Math.imul(shiftClass + 1, 0x9e3779b1);
    let mixed = 0;
    for (let n = 0; n < length; n++) {
      let h = Math.imul(jobs[n]! + 1, 0x85ebca6b);
      h = Math.imul(h ^ (h >>> 15), 0xc2b2ae35);
      h ^= h >>> 13;
      sum = (sum + h) | 0;
      mixed ^= h;
    }
    return sum ^ Math.imul(mixed, 0x27d4eb2f);
  }

  function sameJobs(route: number, shiftClass: number, jobs: Int32Array, length: number): boolean {
    const from = starts[route]!;
    if (classOf[route] !== shiftClass || starts[route + 1]! - from !== length) return false;
    stamp++;
    for (let n = 0; n < length; n++) {
      const job = jobs[n]!;
      if (job >= mark.length) {
        const larger = new Int32Array(2 ** Math.ceil(Math.log2(job + 1)));
        larger.set(mark);
        mark = larger;
      }
      mark[job] = stamp;
    }
    for (let n = 0; n < length; n++) {
      const job = jobsOf[from + n]!;
      if (job >= mark.length || mark[job] !== stamp) return false;
    }
    return true;
  }

  function enter(route: number): void {
    let slot = hashOf[route]! & (slots - 1);
    while (table[slot] !== EMPTY) slot = (slot + 1) & (slots - 1);
    table[slot] = route;
  }

  /** Those of the cheapest plans first, of equal ones those seen last; equal again: as they came. */
  function bestFirst(): number[] {
    const order = Array.from({ length: count }, (_, r) => r);
    return order.sort((a, b) => planCostOf[a]! - planCostOf[b]! || seenAt[b]! - seenAt[a]! || a - b);
  }

  /** Keeps the best part, in the order they came. */
  function makeRoom(): void {
    const order = bestFirst();
    const roomForJobs = jobsOf.length * KEPT_SHARE;
    const kept: number[] = [];
    let jobs = 0;
    for (const route of order.slice(0, Math.floor(most * KEPT_SHARE))) {
      jobs += starts[route + 1]! - starts[route]!;
      if (jobs > roomForJobs) break;
      kept.push(route);
    }
    kept.sort((a, b) => a - b);
    table.fill(EMPTY);
    count = 0;
    for (const route of kept) {
      const [from, until] = [starts[route]!, starts[route + 1]!];
      // Moves to the left only, so nothing that is still wanted is overwritten.
      jobsOf.copyWithin(starts[count]!, from, until);
      classOf[count] = classOf[route]!;
      hashOf[count] = hashOf[route]!;
      costOf[count] = costOf[route]!;
      planCostOf[count] = planCostOf[route]!;
      seenAt[count] = seenAt[route]!;
      starts[count + 1] = starts[count]! + until - from;
      enter(count++);
    }
  }

  return {
    get count() {
      return count;
    },
    get bytes() {
      const arrays = [starts, classOf, hashOf, costOf, planCostOf, seenAt, jobsOf, table, mark];
      return arrays.reduce((sum, { byteLength }) => sum + byteLength, 0);
    },
    add(shiftClass, jobs, length, cost, planCost) {
      if (length === 0 || length > jobsOf.length * KEPT_SHARE) return false;
      calls++;
      const h = hash(shiftClass, jobs, length);
      for (let slot = h & (slots - 1); table[slot] !== EMPTY; slot = (slot + 1) & (slots - 1)) {
        const route = table[slot]!;
        if (hashOf[route] !== h || !sameJobs(route, shiftClass, jobs, length)) continue;
        seenAt[route] = calls;
        if (planCost < planCostOf[route]!) planCostOf[route] = planCost;
        if (cost >= costOf[route]!) return false;
        costOf[route] = cost;
        for (let n = 0; n < length; n++) jobsOf[starts[route]! + n] = jobs[n]!;
        return true;
      }
      if (count === most || starts[count]! + length > jobsOf.length) makeRoom();
      const from = starts[count]!;
      for (let n = 0; n < length; n++) jobsOf[from + n] = jobs[n]!;
      starts[count + 1] = from + length;
      classOf[count] = shiftClass;
      hashOf[count] = h;
      costOf[count] = cost;
      planCostOf[count] = planCost;
      seenAt[count] = calls;
      enter(count++);
      return true;
    },
    routes(shiftOf) {
      return bestFirst().map((route) => ({
        shift: shiftOf[classOf[route]!]!,
        jobs: jobsOf.slice(starts[route], starts[route + 1]),
        cost: costOf[route]!,
      }));
    },
    clear() {
      table.fill(EMPTY);
      count = 0;
    },
  };
}
