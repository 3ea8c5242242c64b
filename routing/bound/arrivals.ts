import { FAR, NEVER } from '../instance.ts';
import { relaxedStart, relaxedStartPrice } from './job-times.ts';
import { endPrice, type Relaxation } from './relaxation.ts';
import type { RouteGraph } from './route-graph.ts';

/** Prices by job of the instance, and by class what a shift costs at least beyond them. */
export interface ArrivalDuals {
  readonly prices: Float64Array;
  readonly classLeast: Float64Array;
}

/**
 * The bound of the cheapest arrivals, quick at any size. Each job pays the cheapest way into it over all crews that may do it
 * and all places that they may come from (or what leaving it out costs, if that is less), with what its earliest start costs
 * there and the price of the pair.
 *
 * It is valid because a route pays for each of its jobs one way into it, the pair and a start no earlier than that, which is at
 * least the job's price; what is left of its cost is no less than the fixed stops, the price of use, and an end of the
 * day right after them: so `classLeast` is the least of that and of the empty shift.
 */
export function arrivalDuals(relaxation: Relaxation, graphs: readonly RouteGraph[]): ArrivalDuals {
  const { times, mostPrice } = relaxation;
  const prices = mostPrice.slice();
  for (const { route, count, earliestArrival, latestArrival } of graphs) {
    const { jobs, seconds, cost, width, service } = route;
    for (let b = 0; b < count; b++) {
      const j = jobs[b]!;
      if (earliestArrival[b]! > latestArrival[b]!) continue;
      const start = relaxedStart(times, j, earliestArrival[b]!);
      if (start === NEVER) continue;
      let way = seconds[route.fromPlace * width + j] === FAR ? Infinity : cost[route.fromPlace * width + j]!;
      for (let a = 0; a < count && way > 0; a++) {
        const i = jobs[a]!;
        const drive = seconds[i * width + j]!;
        if (a === b || drive === FAR || cost[i * width + j]! >= way) continue;
        if (earliestArrival[a]! + service[i]! + drive <= latestArrival[b]!) way = cost[i * width + j]!;
      }
      prices[j] = Math.min(prices[j]!, way + route.pairPrice[b]! + relaxedStartPrice(times, j, start));
    }
  }
  const classLeast = Float64Array.from(relaxation.classes, (route) =>
    Math.min(route.emptyCost, route.baseCost + endPrice(route, route.begins)),
  );
  return { prices, classLeast };
}
