import { endCost, NO_ROAD, type RouteSpace } from './route-space.ts';
import { NEVER, risingCost, startOf } from './stop-costs.ts';

/**
 * A lower bound on what any route of the shift with a movable job costs after prices, by the cheapest arrival of each job: in a route
 * each job is come to once, over some way from another job or from where the crew is free, and starts no earlier than the shift can
 * be there at all. So
 *
 *   cost >= base + cheapest end + sum over the jobs of the route of (cheapest arrival + cost of the earliest start - price),
 *
 * and the sum is least when the route has just the jobs for which the bracket is negative. Cuts only add to it. Infinity when no
 * movable job can be done.
 */
export function leastByArrivals(space: RouteSpace, prices: Float64Array): number {
  const n = space.jobs.length;
  // Without the triangle inequality the way round may be quicker: the soonest anything can start is what is sure.
  const starts = space.stops.map((stop) => startOf(stop, space.freeAt));
  let end = Infinity;
  let sum = 0;
  for (let b = 0; b < n; b++) {
    const stop = space.stops[b]!;
    let way = Infinity;
    let earliest = Infinity;
    for (let a = 0; a < n; a++) {
      const seconds = space.seconds[a * n + b]!;
      if (seconds === NO_ROAD || starts[a] === NEVER) continue;
      const start = startOf(stop, starts[a]! + seconds);
      if (start === NEVER || start > space.limit) continue;
      if (start < earliest) earliest = start;
      const cost = space.cost[a * n + b]!;
      if (cost < way) way = cost;
    }
    if (space.firstSeconds[b] !== NO_ROAD) {
      const start = startOf(stop, space.freeAt + space.firstSeconds[b]!);
      if (start !== NEVER && start <= space.limit) {
        earliest = Math.min(earliest, start);
        way = Math.min(way, space.firstCost[b]!);
      }
    }
    if (earliest === Infinity) continue;
    end = Math.min(end, endCost(space, b, earliest));
    sum += Math.min(0, way + risingCost(stop, earliest) + space.extra[b]! - prices[b]!);
  }
  return space.base + end + sum;
}
