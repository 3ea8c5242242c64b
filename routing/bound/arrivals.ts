import { FAR, NEVER } from '../instance.ts';
import { relaxedStart, relaxedStartPrice } from './job-times.ts';
import { endPrice, type Relaxation, type RouteClass } from './relaxation.ts';
import type { RouteGraph } from './route-graph.ts';

/** Prices by job of the instance, and by class what a shift costs at least beyond them. */
export interface ArrivalDuals {
  readonly prices: Float64Array;
  readonly classLeast: Float64Array;
}

/** Steps towards better prices of time, and the first one, as a part of the price that is best for all classes alike. */
const STEPS = 400;
const FIRST_STEP = 0.5;
/** A second is never dearer than this, so that all sums stay whole. */
const DEAREST_SECOND = 2 ** 20;

/** What each job of a class costs at least, by place in its `jobs`: money, and seconds of the crew's day. */
interface Arrivals {
  readonly cost: Float64Array;
  readonly seconds: Float64Array;
}

/**
 * The bound of the cheapest arrivals, quick at any size. A second of each class's day has a price. Each job pays the cheapest way
 * into it over all crews that may do it and all places that they may come from (or what leaving it out costs, if that is less), with
 * what its earliest start costs there and the price of the pair, and the seconds of its work and of the shortest way there. Each shift
 * gives away the seconds of its day at their price.
 *
 * It is valid because a route pays for each of its jobs one way into it, the pair and a start no earlier than that; because its ways and
 * its work follow one another within the day, so that its seconds at their price are no more than the day's (in overtime, less what
 * overtime costs); and what is left of its cost is no less than the fixed stops and the price of use. So `classLeast` is the
 * least of that, less the day's seconds, and of the empty shift. With a price of nothing the end of the day right after the fixed
 * stops is counted too.
 */
export function arrivalDuals(relaxation: Relaxation, graphs: readonly RouteGraph[]): ArrivalDuals {
  const { classes } = relaxation;
  const arrivals = graphs.map((graph) => arrivalsOf(relaxation, graph));
  const judge = (secondPrice: Float64Array): Judged => judgeSeconds(relaxation, arrivals, secondPrice);
  let best = judge(new Float64Array(classes.length));
  // One price for all at first: the bound has a single hill over it.
  let low = 0;
  let high = DEAREST_SECOND;
  while (low < high) {
    const middle = Math.floor((low + high) / 2);
    const here = judge(new Float64Array(classes.length).fill(middle));
    const next = judge(new Float64Array(classes.length).fill(middle + 1));
    if (here.bound > best.bound) best = here;
    if (next.bound > here.bound) low = middle + 1;
    else high = middle;
  }
  // Then each class its own: dearer where more is asked of it than it has, cheaper where less.
  let at = best.secondPrice;
  const mean = at.reduce((sum, price) => sum + price, 0) / Math.max(1, at.length);
  for (let step = 0; step < STEPS && mean > 0; step++) {
    const { slope } = judge(at.map(Math.round));
    const steepest = slope.reduce((most, each) => Math.max(most, Math.abs(each)), 0);
    if (steepest === 0) break;
    const far = (FIRST_STEP * mean) / (1 + step / 10) / steepest;
    at = at.map((price, c) => Math.max(0, Math.min(DEAREST_SECOND, price + far * slope[c]!)));
    const here = judge(at.map(Math.round));
    if (here.bound > best.bound) best = here;
  }
  return { prices: best.prices, classLeast: best.classLeast };
}

interface Judged extends ArrivalDuals {
  readonly secondPrice: Float64Array;
  readonly bound: number;
  /** By class, how the bound grows with the price of its seconds. */
  readonly slope: Float64Array;
}

function judgeSeconds({ classes, mostPrice }: Relaxation, arrivals: readonly Arrivals[], secondPrice: Float64Array): Judged {
  const prices = mostPrice.slice();
  const payee = new Int32Array(prices.length).fill(-1);
  const taken = new Float64Array(prices.length);
  for (const [c, { jobs }] of classes.entries()) {
    const { cost, seconds } = arrivals[c]!;
    const perSecond = secondPrice[c]!;
    for (let a = 0; a < jobs.length; a++) {
      const price = cost[a]! + perSecond * seconds[a]!;
      const j = jobs[a]!;
      if (price >= prices[j]!) continue;
      prices[j] = price;
      payee[j] = c;
      taken[j] = seconds[a]!;
    }
  }
  const slope = Float64Array.from(classes, ({ shifts, until, begins }) => -shifts.length * Math.max(0, until - begins));
  for (let j = 0; j < prices.length; j++) if (payee[j] !== -1) slope[payee[j]!]! += taken[j]!;
  const classLeast = Float64Array.from(classes, (route, c) => Math.min(route.emptyCost, leastOfDay(route, secondPrice[c]!)));
  let bound = prices.reduce((sum, price) => sum + price, 0);
  classes.forEach(({ shifts }, c) => (bound += shifts.length * classLeast[c]!));
  return { prices, classLeast, secondPrice, bound, slope };
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
