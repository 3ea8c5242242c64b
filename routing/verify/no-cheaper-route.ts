import type { Cut } from '../certificate.ts';
import { completionsOf } from './completions.ts';
import { LabelStore } from './label-store.ts';
import type { Neighbourhoods } from './neighbourhoods.ts';
import { afterRest, endCost, NO_ROAD, type RouteSpace } from './route-space.ts';
import { NEVER, risingCost, startOf } from './stop-costs.ts';

/** Is there a route of this shift, with a movable job, that costs less than `least` after prices? */
export type RouteAnswer =
  | { readonly proven: true; readonly labels: number }
  /** `route` as indices of the problem; no job twice. */
  | { readonly proven: false; readonly labels: number; readonly route: readonly number[]; readonly cost: number }
  | { readonly proven: false; readonly labels: number; readonly route: null };

/** Routes with a repeated job that are looked at before all is begun anew with larger neighbourhoods. */
const MOST_CYCLES = 60;

/**
 * Tries to build a route of `space` that costs less than `least` after prices, by labels: a label is a partial route that ends with
 * the start of work at a job. A label is dropped
 * - when even its cheapest completion costs `least` or more (`completions.ts`);
 * - when another one at the same job starts no later, costs no more (even after every cut that only it has half filled is
 *   charged), has used no more stock, remembers no more jobs and is alike in having had its break: whatever follows the one can follow the other, and costs no more there.
 * A label remembers a job only as long as all jobs after it have that job in their neighbourhood (ng-routes: R. Baldacci,
 * A. Mingozzi, R. Roberti, Operations Research 59, 2011). So there are more routes than real ones, some with a job twice. One
 * of those that is too cheap proves nothing: its jobs are put into each other's neighbourhoods, and all begins anew. When no label
 * is left, no real route is too cheap.
 *
 * @param prices by candidate of `space`
 * @param mostLabels gives up beyond so many
 */
export function noCheaperRoute(
  space: RouteSpace,
  prices: Float64Array,
  cuts: readonly Cut[],
  least: number,
  neighbourhoods: Neighbourhoods,
  mostLabels: number,
): RouteAnswer {
  const gains = space.extra.map((extra, a) => extra - prices[a]!);
  const completions = completionsOf(space, gains);
  let labels = 0;
  for (;;) {
    const pass = onePass(space, gains, completions, cuts, least, neighbourhoods, mostLabels - labels);
    labels += pass.labels;
    switch (pass.outcome) {
      case 'repeated':
        continue;
      case 'nothing':
        return { proven: true, labels };
      case 'too_many':
        return { proven: false, labels, route: null };
      case 'route':
        return { proven: false, labels, route: pass.route.map((a) => space.jobs[a] as number), cost: pass.cost };
    }
  }
}

interface CheapRoute {
  readonly outcome: 'route';
  readonly labels: number;
  /** Candidates. */
  readonly route: readonly number[];
  readonly cost: number;
}
type Pass = CheapRoute | { readonly outcome: 'nothing' | 'too_many' | 'repeated'; readonly labels: number };

function onePass(
  space: RouteSpace,
  gains: Float64Array,
  completions: ReturnType<typeof completionsOf>,
  cuts: readonly Cut[],
  least: number,
  neighbourhoods: Neighbourhoods,
  mostLabels: number,
): Pass {
  const n = space.jobs.length;
  const { width, stretches, best, second, next } = completions;
  const near = neighbourhoods.bitsFor(space);
  const store = new LabelStore(n, cutsOf(space, cuts), space.stock);
  const { words } = store;
  const { rest } = space;
  const queue: number[][] = Array.from({ length: stretches }, () => []);
  let cycles = 0;

  /** Adds candidate b after label `from` (-1 = first), arriving at `arrival` at the cost of `cost`; gives a route that is too cheap. */
  const reach = (from: number, b: number, pending: boolean, arrival: number, cost: number): CheapRoute | null => {
    const stop = space.stops[b]!;
    const start = startOf(stop, arrival);
    if (
      start === NEVER ||
      start + space.service[b]! > (pending && rest !== null ? Math.min(rest.until, space.limit) : space.limit)
    ) {
      return null;
    }
    const stretch = Math.floor((start - space.freeAt) / width);
    const entry = ((pending ? n : 0) + b) * stretches + stretch;
    const so = cost + gains[b]!;
    if (so + best[entry]! >= least) return null;
    const total = so + risingCost(stop, start) + (from < 0 ? 0 : store.cutCost(from, b));
    const onward = next[entry]!;
    const goesBack = onward >= 0 && from >= 0 && store.remembers(from, onward) && hasBit(near, b, words, onward);
    if (total + (goesBack ? second[entry]! : best[entry]!) >= least) return null;
    const ends = total + endCost(space, b, start, pending);
    if (ends < least) {
      const route = [...(from < 0 ? [] : store.routeOf(from)), b];
      if (!neighbourhoods.separate(route.map((a) => space.jobs[a] as number))) {
        return { outcome: 'route', labels: store.count, route, cost: ends };
      }
      cycles++;
      return null;
    }
    const label = store.add(from, b, pending, start, total, near);
    if (label >= 0) queue[stretch]!.push(label);
    return null;
  };
  /** The same from where the crew is free at `free`, with the break on the way and, where it can wait, without. */
  const drive = (from: number, b: number, pending: boolean, free: number, arrival: number, cost: number): CheapRoute | null => {
    if (!store.hasStockFor(from, b)) return null;
    if (!pending || rest === null) return reach(from, b, false, arrival, cost);
    const found = arrival <= rest.until ? reach(from, b, true, arrival, cost) : null;
    if (found !== null) return found;
    const rested = afterRest(rest, free, arrival);
    return rested === NEVER ? null : reach(from, b, false, rested, cost);
  };

  for (let b = 0; b < n; b++) {
    const way = space.firstSeconds[b]!;
    if (way === NO_ROAD) continue;
    const found = drive(-1, b, rest !== null, space.freeAt, space.freeAt + way, space.base + space.firstCost[b]!);
    if (found !== null) return found;
  }
  for (let w = 0; w < stretches; w++) {
    const labels = queue[w]!;
    for (let i = 0; i < labels.length; i++) {
      const from = labels[i]!;
      if (store.dropped[from] === 1) continue;
      const a = store.at[from]!;
      const start = store.start[from]!;
      const cost = store.cost[from]!;
      const pending = store.pending[from] === 1;
      const free = start + space.service[a]!;
      for (let b = 0; b < n; b++) {
        const way = space.seconds[a * n + b]!;
        if (way === NO_ROAD || store.remembers(from, b)) continue;
        const found = drive(from, b, pending, free, start + way, cost + space.cost[a * n + b]!);
        if (found !== null) return found;
      }
      if (cycles >= MOST_CYCLES) return { outcome: 'repeated', labels: store.count };
      if (store.count > mostLabels) return { outcome: 'too_many', labels: store.count };
    }
    queue[w] = [];
  }
  return { outcome: cycles > 0 ? 'repeated' : 'nothing', labels: store.count };
}

const hasBit = (bits: Int32Array, row: number, words: number, b: number): boolean =>
  ((bits[row * words + (b >> 5)]! >> (b & 31)) & 1) === 1;

/** The cuts that this shift can pay, in its candidates: those of which it may have two jobs. */
function cutsOf(space: RouteSpace, cuts: readonly Cut[]): { jobs: number[]; price: number }[] {
  const place = new Map(space.jobs.map((j, a) => [j, a]));
  return cuts.flatMap(({ jobs, price }) => {
    const own = jobs.flatMap((j) => place.get(j) ?? []);
    return price > 0 && own.length >= 2 ? [{ jobs: own, price }] : [];
  });
}
