import { endCost, NO_ROAD, type RouteSpace } from './route-space.ts';
import { NEVER, risingCost, startOf } from './stop-costs.ts';

/**
 * The least that the rest of a day can cost after prices, by the job at hand and the stretch of time in which its work starts:
 * a table worked out backwards, without memory of where the crew has been but for the job right before. `best` is the least rest,
 * `next` the job (candidate) it goes on to, END for none, and `second` the least of those that go on elsewhere.
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
  const horizon = Math.max(0, space.limit - space.freeAt);
  const width = Math.max(1, Math.ceil((horizon + 1) / STRETCHES));
  const stretches = Math.floor(horizon / width) + 1;
  const best = new Float64Array(n * stretches).fill(Infinity);
  const second = new Float64Array(n * stretches).fill(Infinity);
  const next = new Int32Array(n * stretches).fill(NOTHING);
  const { quick, least } = quickSteps(space, width);
  const rounds = quick.length === 0 ? 0 : Math.min(n - 1, least === 0 ? n - 1 : Math.floor((width - 1) / least) + 1);
  const stop = space.stops;

  /** Looks at going on from a, which starts at `start`, to b; `inside` = only when b starts in stretch w too, or only when not. */
  const consider = (a: number, start: number, b: number, w: number, inside: boolean): boolean => {
    const way = space.seconds[a * n + b]!;
    if (way === NO_ROAD) return false;
    const at = a * stretches + w;
    const begins = startOf(stop[b]!, start + way);
    if (begins === NEVER || begins > space.limit) return false;
    const then = Math.floor((begins - space.freeAt) / width);
    if ((then === w) !== inside) return false;
    const on = b * stretches + then;
    let value = (next[on] === a ? second[on]! : best[on]!) + space.cost[a * n + b]! + gains[b]!;
    if (value >= second[at]!) return false;
    value += risingCost(stop[b]!, begins);
    return offer(at, b, value);
  };
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

  const starts = new Float64Array(n);
  for (let w = stretches - 1; w >= 0; w--) {
    const from = space.freeAt + w * width;
    for (let a = 0; a < n; a++) {
      const start = startOf(stop[a]!, from);
      starts[a] = start;
      if (w + 1 < stretches) {
        const at = a * stretches + w;
        best[at] = best[at + 1]!;
        second[at] = second[at + 1]!;
        next[at] = next[at + 1]!;
      }
      if (start === NEVER || start > space.limit) continue;
      offer(a * stretches + w, END, endCost(space, a, start));
      for (let b = 0; b < n; b++) consider(a, start, b, w, false);
    }
    for (let round = 0; round < rounds; round++) {
      let changed = false;
      for (let q = 0; q < quick.length; q += 2) {
        const a = quick[q]!;
        if (starts[a]! <= space.limit && consider(a, starts[a]!, quick[q + 1]!, w, true)) changed = true;
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
