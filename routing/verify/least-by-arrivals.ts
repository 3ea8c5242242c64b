import { endCost, NO_ROAD, type RouteSpace } from './route-space.ts';
import { NEVER, risingCost, startOf } from './stop-costs.ts';

/**
 * A lower bound on what any route of the shift with a movable job costs after prices, by the cheapest arrival of each job: in a route
 * each job is come to once, over some way from another job or from where the crew is free, and starts no earlier than the shift can
 * be there at all. So
 *
 *   cost >= base + cheapest end + sum over the jobs of the route of (cheapest arrival + cost of the earliest start - price),
 *
 * and the sum is least when the route has just the jobs for which the bracket is negative. Cuts and the break only add to it. Infinity
 * when no movable job can be done.
 */
export function leastByArrivals(space: RouteSpace, prices: Float64Array): number {
  const n = space.jobs.length;
  const starts = earliestStarts(space);
  let end = Infinity;
  let sum = 0;
  for (let b = 0; b < n; b++) {
    if (starts[b] === NEVER) continue;
    const inTime = (arrival: number): boolean => startOf(space.stops[b]!, arrival) + space.service[b]! <= space.limit;
    let way = Infinity;
    if (space.firstSeconds[b] !== NO_ROAD && inTime(space.freeAt + space.firstSeconds[b]!)) way = space.firstCost[b]!;
    for (let a = 0; a < n; a++) {
      const seconds = space.seconds[a * n + b]!;
      const cost = space.cost[a * n + b]!;
      if (cost < way && seconds !== NO_ROAD && starts[a] !== NEVER && inTime(starts[a]! + seconds)) way = cost;
    }
    end = Math.min(end, endCost(space, b, starts[b]!, false));
    sum += Math.min(0, way + risingCost(space.stops[b]!, starts[b]!) + space.extra[b]! - prices[b]!);
  }
  return space.base + end + sum;
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
