import { FAR, NEVER } from '../instance.ts';
import { dualBound } from './dual-bound.ts';
import { relaxedStart, relaxedStartPrice } from './job-times.ts';
import { endPrice, type Relaxation, type RouteClass } from './relaxation.ts';
import type { RouteGraph } from './route-graph.ts';

/** Prices by job of the instance, and by class what a shift costs at least beyond them. */
export interface ArrivalDuals {
  readonly prices: Float64Array;
  readonly classLeast: Float64Array;
}

/** A second is never dearer than this, so that all sums stay whole. */
const DEAREST_SECOND = 2 ** 20;

/** What each job of a class costs at least, by place in its `jobs`: money, and seconds of the crew's day. */
interface Arrivals {
  readonly cost: Float64Array;
  readonly seconds: Float64Array;
}

/**
 * The bound of the cheapest arrivals, quick at any size. A second of a crew's day has a price, the same for all.
 * Each job pays the cheapest way into it over all crews that may do it and all places that they may come from (or what leaving it
 * out costs, if that is less), with what its earliest start costs there and the price of the pair, and the seconds of its work and of the shortest way there. Each shift
 * gives away the seconds of its day at their price.
 *
 * It is valid because a route pays for each of its jobs one way into it, the pair and a start no earlier than that; because its ways and
 * its work follow one another within the day, so that its seconds at their price are no more than the day's (in overtime, less what
 * overtime costs); and what is left of its cost is no less than the fixed stops and the price of use. So `classLeast` is the
 * least of that, less the day's seconds, and of the empty shift. With a price of nothing the end of the day right after the fixed
 * stops is counted too.
 */
export function arrivalDuals(relaxation: Relaxation, graphs: readonly RouteGraph[]): ArrivalDuals {
  const arrivals = graphs.map((graph) => arrivalsOf(relaxation, graph));
  const duals = (perSecond: number): ArrivalDuals => dualsAt(relaxation, arrivals, perSecond);
  const bound = ({ prices, classLeast }: ArrivalDuals): number => dualBound(relaxation, 'arrivals', prices, [], classLeast).bound;
  const free = duals(0);
  // The bound has a single hill over the price.
  let low = 1;
  let high = DEAREST_SECOND;
  while (low < high) {
    const middle = Math.floor((low + high) / 2);
    if (bound(duals(middle + 1)) > bound(duals(middle))) low = middle + 1;
    else high = middle;
  }
  const dear = duals(low);
  return bound(dear) > bound(free) ? dear : free;
}

function dualsAt({ classes, mostPrice }: Relaxation, arrivals: readonly Arrivals[], perSecond: number): ArrivalDuals {
  const prices = mostPrice.slice();
  for (const [c, { jobs }] of classes.entries()) {
    const { cost, seconds } = arrivals[c]!;
    jobs.forEach((j, a) => (prices[j] = Math.min(prices[j]!, cost[a]! + perSecond * seconds[a]!)));
  }
  return {
    prices,
    classLeast: Float64Array.from(classes, (route) => Math.min(route.emptyCost, leastOfDay(route, perSecond))),
  };
}

/** What a route costs at least beyond its jobs, when the seconds of its day are given away at this price. */
function leastOfDay(route: RouteClass, perSecond: number): number {
  const { baseCost, begins, until, limit, overtimePerSecond } = route;
  if (perSecond === 0) return baseCost + endPrice(route, begins);
  const overtimeFrom = Math.max(begins, until);
  const inOvertime = Math.max(0, perSecond - overtimePerSecond) * Math.max(0, limit - overtimeFrom);
  return baseCost - perSecond * (overtimeFrom - begins) - inOvertime;
}

function arrivalsOf({ times }: Relaxation, { route, count, earliestArrival, latestArrival }: RouteGraph): Arrivals {
  const { jobs, seconds, cost, width, service } = route;
  const leastCost = new Float64Array(count).fill(Infinity);
  const leastSeconds = new Float64Array(count);
  for (let b = 0; b < count; b++) {
    const j = jobs[b]!;
    if (earliestArrival[b]! > latestArrival[b]!) continue;
    const start = relaxedStart(times, j, earliestArrival[b]!);
    if (start === NEVER) continue;
    const first = route.fromPlace * width + j;
    let way = seconds[first] === FAR ? Infinity : cost[first]!;
    let shortest = seconds[first] === FAR ? Infinity : seconds[first]!;
    for (let a = 0; a < count; a++) {
      const i = jobs[a]!;
      const drive = seconds[i * width + j]!;
      if (a === b || drive === FAR || (cost[i * width + j]! >= way && drive >= shortest)) continue;
      if (earliestArrival[a]! + service[i]! + drive > latestArrival[b]!) continue;
      way = Math.min(way, cost[i * width + j]!);
      shortest = Math.min(shortest, drive);
    }
    leastCost[b] = way + route.pairPrice[b]! + relaxedStartPrice(times, j, start);
    leastSeconds[b] = shortest === Infinity ? 0 : shortest + service[j]!;
  }
  return { cost: leastCost, seconds: leastSeconds };
}
