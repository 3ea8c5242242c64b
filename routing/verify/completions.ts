import { afterRest, endCost, NO_ROAD, type RouteSpace } from './route-space.ts';
import { NEVER, risingCost, startOf } from './stop-costs.ts';

/**
 * The least that the rest of a day can cost after prices, by the job at hand and the stretch of time in which its work starts:
 * a table worked out backwards, without memory of where the crew has been but for the job right before. `best` is the least rest,
 * `next` the job (candidate) it goes on to, END for none, and `second` the least of those that go on elsewhere.
 *
 * There are two layers: 0 with no break to come, 1 with the break still to be taken. Entry of candidate a:
 * (layer * candidates + a) * stretches + stretch.
 *
 * The start is taken to be the earliest that the stretch allows. Costs never fall with time, so the table is never above what
 * a real day still has to pay.
 */
export interface Completions {
  readonly width: number;
  readonly stretches: number;
  readonly best: Float64Array;
  readonly second: Float64Array;
  readonly next: Int32Array;
}

export const END = -1;
const NOTHING = -2;

/** Number of stretches a day is cut into: more is tighter and slower. */
const STRETCHES = 400;

/**
 * @param gains what each candidate costs besides way and start: its extra costs less its price
 *
 * Each stretch begins with what the one after it says, so that no entry is above the one behind it. A step that the table sees
 * stay within its stretch is looked at in rounds: after r rounds the table is at most the least over all real days that make
 * fewer than r steps in a row within the stretch. Each of those takes at least the least time there is between two jobs, so
 * there are no more of them than fit into the stretch, and never more than there are other jobs; one more round is for the step that
 * leaves the stretch in truth and not yet in the table.
 */
export function completionsOf(space: RouteSpace, gains: Float64Array): Completions {
  const n = space.jobs.length;
  const { stops, rest, seconds, service, limit, freeAt } = space;
  const layers = rest === null ? 1 : 2;
  const horizon = Math.max(0, limit - freeAt);
  const width = Math.max(1, Math.ceil((horizon + 1) / STRETCHES));
  const stretches = Math.floor(horizon / width) + 1;
  const best = new Float64Array(layers * n * stretches).fill(Infinity);
  const second = new Float64Array(layers * n * stretches).fill(Infinity);
  const next = new Int32Array(layers * n * stretches).fill(NOTHING);
  const { quick, least } = quickSteps(space, width);
  const rounds = quick.length === 0 ? 0 : Math.min(n - 1, least === 0 ? n - 1 : Math.floor((width - 1) / least) + 1);

  const offer = (at: number, b: number, value: number): boolean => {
    if (next[at] === b) {
      if (value >= best[at]!) return false;
      best[at] = value;
    } else if (value < best[at]!) {
      second[at] = best[at]!;
      best[at] = value;
      next[at] = b;
    } else if (value < second[at]!) second[at] = value;
    else return false;
    return true;
  };
  /** Looks at b behind a, entry `at` of stretch w, arriving there at `arrival`; `inside` = only when b starts in w too, or only when not. */
  const consider = (at: number, a: number, b: number, layer: number, arrival: number, w: number, inside: boolean): boolean => {
    const stop = stops[b]!;
    const begins = startOf(stop, arrival);
    if (begins === NEVER || begins + service[b]! > limit) return false;
    const then = Math.floor((begins - freeAt) / width);
    if ((then === w) !== inside) return false;
    const on = (layer * n + b) * stretches + then;
    const value = (next[on] === a ? second[on]! : best[on]!) + space.cost[a * n + b]! + gains[b]!;
    return value < second[at]! && offer(at, b, value + risingCost(stop, begins));
  };
  /** The step from a, which starts at `start`, to b, with and without the break on the way. */
  const step = (layer: number, a: number, b: number, start: number, w: number, inside: boolean): boolean => {
    const way = seconds[a * n + b]!;
    if (way === NO_ROAD) return false;
    const at = (layer * n + a) * stretches + w;
    const arrival = start + way;
    if (layer === 0 || rest === null) return consider(at, a, b, 0, arrival, w, inside);
    const without = arrival <= rest.until && consider(at, a, b, 1, arrival, w, inside);
    const rested = afterRest(rest, start + service[a]!, arrival);
    return (rested !== NEVER && consider(at, a, b, 0, rested, w, inside)) || without;
  };

  const starts = new Float64Array(layers * n);
  /** What going on to b costs at the least in any later stretch, but for the way: most steps need no closer look. */
  const onward = new Float64Array(n);
  for (let w = stretches - 1; w >= 0; w--) {
    const from = freeAt + w * width;
    for (let b = 0; b < n; b++) {
      let low = Infinity;
      for (let layer = 0; layer < layers && w + 1 < stretches; layer++) {
        low = Math.min(low, best[(layer * n + b) * stretches + w + 1]!);
      }
      onward[b] = low + gains[b]!;
    }
    for (let layer = 0; layer < layers; layer++) {
      const latest = layer === 1 && rest !== null ? Math.min(limit, rest.until) : limit;
      for (let a = 0; a < n; a++) {
        const start = startOf(stops[a]!, from);
        const at = (layer * n + a) * stretches + w;
        starts[layer * n + a] = start + service[a]! > latest ? NEVER : start;
        if (w + 1 < stretches) {
          best[at] = best[at + 1]!;
          second[at] = second[at + 1]!;
          next[at] = next[at + 1]!;
        }
        if (start + service[a]! > latest) continue;
        offer(at, END, endCost(space, a, start, layer === 1));
        for (let b = 0; b < n; b++) {
          if (onward[b]! + space.cost[a * n + b]! < second[at]!) step(layer, a, b, start, w, false);
        }
      }
    }
    for (let round = 0; round < rounds; round++) {
      let changed = false;
      for (let layer = 0; layer < layers; layer++) {
        for (let q = 0; q < quick.length; q += 2) {
          const a = quick[q]!;
          const start = starts[layer * n + a]!;
          if (start !== NEVER && step(layer, a, quick[q + 1]!, start, w, true)) changed = true;
        }
      }
      if (!changed) break;
    }
  }
  return { width, stretches, best, second, next };
}

/** Pairs of candidates between which less than a stretch goes by, one after another, and the least of it. */
function quickSteps(space: RouteSpace, width: number): { quick: Int32Array; least: number } {
  const n = space.jobs.length;
  const quick: number[] = [];
  let least = Infinity;
  for (let a = 0; a < n; a++) {
    for (let b = 0; b < n; b++) {
      const way = space.seconds[a * n + b]!;
      if (way === NO_ROAD || way >= width) continue;
      least = Math.min(least, way);
      quick.push(a, b);
    }
  }
  return { quick: Int32Array.from(quick), least };
}
