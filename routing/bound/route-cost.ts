import { FAR, NEVER, NONE } from '../instance.ts';
import { relaxedStart, relaxedStartPrice } from './job-times.ts';
import { endPrice, homeAt, type Relaxation } from './relaxation.ts';

/**
 * What the relaxed route through these jobs (of the instance, in order) costs a shift of class c, in the problem's currency;
 * Infinity when it is impossible. No jobs: what the empty shift costs. Never more than the real day costs.
 */
export function relaxedRouteCost(relaxation: Relaxation, c: number, jobs: readonly number[]): number {
  const route = relaxation.classes[c]!;
  if (jobs.length === 0) return route.emptyCost;
  if (route.load !== null) {
    let load = 0;
    for (const j of jobs) load += route.load[placeOf(route.jobs, j)] ?? Infinity;
    if (load > route.room) return Infinity;
  }
  let least = driven(relaxation, c, jobs, NONE);
  if (route.rest !== null) for (let k = 0; k < jobs.length; k++) least = Math.min(least, driven(relaxation, c, jobs, k));
  return least;
}

/** The same with the break before the stop of this place; NONE = without a break, or on the way home. */
function driven({ classes, times }: Relaxation, c: number, jobs: readonly number[], breakAt: number): number {
  const route = classes[c]!;
  const { rest } = route;
  let rested = rest === null;
  let place = route.fromPlace;
  let free = route.begins;
  let cost = route.baseCost;
  for (const [k, j] of jobs.entries()) {
    const local = placeOf(route.jobs, j);
    const way = place * route.width + j;
    if (local === -1 || route.seconds[way] === FAR) return Infinity;
    let arrival = free + route.seconds[way]!;
    if (k === breakAt && rest !== null) {
      const there = Math.max(arrival, rest.from);
      const here = Math.max(free, rest.from);
      if (there <= rest.until) arrival = there + rest.length;
      else if (here <= rest.until) arrival = here + rest.length + route.seconds[way]!;
      else return Infinity;
      rested = true;
    }
    const start = relaxedStart(times, j, arrival);
    if (start === NEVER) return Infinity;
    free = start + route.service[j]!;
    if (free > route.limit || (!rested && rest !== null && free > rest.until)) return Infinity;
    cost += route.cost[way]! + route.pairPrice[local]! + relaxedStartPrice(times, j, start);
    place = j;
  }
  const home = homeAt(route, place, free, rested);
  if (home === Infinity) return Infinity;
  if (route.homePlace !== NONE) cost += route.cost[place * route.width + route.homePlace]!;
  return cost + endPrice(route, home);
}

/** Place of a job in an ascending list, -1 = it is not in it. */
function placeOf(jobs: Int32Array, j: number): number {
  let low = 0;
  let high = jobs.length - 1;
  while (low <= high) {
    const middle = (low + high) >> 1;
    const at = jobs[middle]!;
    if (at === j) return middle;
    if (at < j) low = middle + 1;
    else high = middle - 1;
  }
  return -1;
}
