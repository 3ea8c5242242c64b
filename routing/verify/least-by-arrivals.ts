import { endCost, NO_ROAD, type RouteSpace } from './route-space.ts';
import { NEVER, risingCost, startOf } from './stop-costs.ts';

/** A second of the day is never priced higher, so that all sums are exact. */
const DEAREST_SECOND = 2 ** 20;

/**
 * A lower bound on what any route of the shift with a movable job costs after prices, by the cheapest arrival of each job: in a route
 * each job is come to once, over some way from another job or from where the crew is free, and starts no earlier than the shift can
 * be there at all. So
 *
 *   cost >= base + cheapest end + sum over the jobs of the route of (cheapest arrival + cost of the earliest start - price),
 *
 * and the sum is least when the route has just the jobs for which the bracket is negative. Cuts and the break only add to it. Infinity
 * when no movable job can be done.
 *
 * A route has no more seconds than its day: the ways and the work of its jobs follow one another between `freeAt` and the end. So for any
 * whole price of a second it is also true that
 *
 *   cost >= base + cheapest way home - day + sum of (the same bracket + (shortest way + work) * price of a second),
 *
 * where `day` is the worth of all its seconds, those in overtime less what overtime costs. What this gives is concave in the price, so that
 * the best price is found by halving.
 */
export function leastByArrivals(space: RouteSpace, prices: Float64Array): number {
  const n = space.jobs.length;
  const starts = earliestStarts(space);
  const bracket: number[] = [];
  const taken: number[] = [];
  let end = Infinity;
  let home = Infinity;
  for (let b = 0; b < n; b++) {
    if (starts[b] === NEVER) continue;
    const inTime = (arrival: number): boolean => startOf(space.stops[b]!, arrival) + space.service[b]! <= space.limit;
    let way = Infinity;
    let shortest = Infinity;
    if (space.firstSeconds[b] !== NO_ROAD && inTime(space.freeAt + space.firstSeconds[b]!)) {
      way = space.firstCost[b]!;
      shortest = space.firstSeconds[b]!;
    }
    for (let a = 0; a < n; a++) {
      const seconds = space.seconds[a * n + b]!;
      const cost = space.cost[a * n + b]!;
      if (seconds === NO_ROAD || starts[a] === NEVER) continue;
      const drive = seconds - space.service[a]!;
      if ((cost >= way && drive >= shortest) || !inTime(starts[a]! + seconds)) continue;
      way = Math.min(way, cost);
      shortest = Math.min(shortest, drive);
    }
    end = Math.min(end, endCost(space, b, starts[b]!, false));
    if (space.homeSeconds[b] !== NO_ROAD) home = Math.min(home, space.homeCost[b]!);
    bracket.push(way + risingCost(space.stops[b]!, starts[b]!) + space.extra[b]! - prices[b]!);
    taken.push(shortest + space.service[b]!);
  }
  const sumAt = (perSecond: number): number => {
    let sum = 0;
    for (let k = 0; k < bracket.length; k++) sum += Math.min(0, bracket[k]! + perSecond * taken[k]!);
    return sum;
  };
  const plain = space.base + end + sumAt(0);
  if (home === Infinity) return plain;
  const overtimeFrom = Math.max(space.freeAt, space.until);
  const priced = (perSecond: number): number =>
    space.base +
    home -
    perSecond * (overtimeFrom - space.freeAt) -
    Math.max(0, perSecond - space.overtimePerSecond) * Math.max(0, space.limit - overtimeFrom) +
    sumAt(perSecond);
  let low = 0;
  let high = DEAREST_SECOND;
  while (low < high) {
    const middle = Math.floor((low + high) / 2);
    if (priced(middle + 1) > priced(middle)) low = middle + 1;
    else high = middle;
  }
  return Math.max(plain, priced(low));
}

/**
 * When each candidate can start at the soonest, over whatever other jobs lead there (E. Dijkstra, Numerische Mathematik 1, 1959;
 * the direct road need not be the quickest); NEVER when no route has it.
 */
function earliestStarts(space: RouteSpace): Float64Array {
  const n = space.jobs.length;
  const starts = new Float64Array(n).fill(NEVER);
  const done = new Uint8Array(n);
  const reach = (b: number, arrival: number): void => {
    const start = startOf(space.stops[b]!, arrival);
    if (start + space.service[b]! <= space.limit && start < starts[b]!) starts[b] = start;
  };
  for (let b = 0; b < n; b++) if (space.firstSeconds[b] !== NO_ROAD) reach(b, space.freeAt + space.firstSeconds[b]!);
  for (;;) {
    let a = -1;
    for (let b = 0; b < n; b++) if (done[b] === 0 && starts[b]! < (a < 0 ? NEVER : starts[a]!)) a = b;
    if (a < 0) return starts;
    done[a] = 1;
    for (let b = 0; b < n; b++) {
      const seconds = space.seconds[a * n + b]!;
      if (done[b] === 0 && seconds !== NO_ROAD) reach(b, starts[a]! + seconds);
    }
  }
}
