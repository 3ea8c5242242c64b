import { copyOf, type Draft, draftOf } from '../draft.ts';
import { type Instance, LOCK_PRICE } from '../instance.ts';
import { Search } from '../search/search.ts';
import type { Solution } from '../search/solution.ts';
import { solutionOf } from '../search/start.ts';
import type { Stop } from '../search/stop.ts';
import { describe, realCost, wholeCost } from './describe.ts';
import type { Explainer } from './explainer.ts';
import type { RefinedPrice } from './explanation.ts';
import { Forcing } from './forcing.ts';
import { KnownPlaces } from './known-places.ts';
import { nearnessWithin, neighbourhood } from './neighbourhood.ts';
import { movable, type OverrideWish, withStart } from './override.ts';
import { coolOnce } from './part-of-day.ts';
import { mayBeForced, ruleAgainst } from './rule-against.ts';
import { sharpen } from './sharpen.ts';

/** Shifts in which stops may move: those that the quick answer changes, filled up to so many with the nearest ones. */
const SHIFTS = 4;
/** Each of the two searches walks so often. */
const WALKS = 2;

/** A wish without a place: a search orders stops as it likes. */
export type RefinedWish = Omit<OverrideWish, 'position'>;

export interface RefineOptions {
  readonly seed: number;
  /** Of both searches together: as many iterations (the same answer on every machine), or as much time. */
  readonly stop: Stop;
}

/**
 * The price of an override by solving again: one search with the job held to that shift, one with it free, over the few
 * shifts concerned and those nearest, everything else as it is. What each finds the other begins from in its turn (the job
 * forced into it, or free again), so that the difference is the price and not the luck of one of them. Synchronous.
 * Throws as `priceOfOverride` does.
 */
export function refinePrice(explainer: Explainer, wish: RefinedWish, { seed, stop }: RefineOptions): RefinedPrice {
  const { instance, draft, near } = explainer;
  const { j, s } = movable(explainer, wish);
  const quick = mayBeForced(explainer, s, j) ? forceInto(explainer, draft, j, s, wish) : null;
  const better = wish.start === undefined && draft.shiftOf[j] !== s;
  const forced = quick !== null && better ? sharpen(draft, quick, { job: j, shift: s }).draft : quick;
  if (forced === null) return { kind: 'impossible', reason: ruleAgainst(instance, s, j) };

  const changed = [...forced.shifts.keys()].filter((shift) => forced.shifts[shift] !== draft.shifts[shift]);
  const part = neighbourhood(draft, j, changed, SHIFTS);
  const within = nearnessWithin(instance, near, part);
  const bound = boundTo(withStart(instance, j, wish.start), j, s);
  const nearBound = { ...within, shifts: within.shifts.with(j, Int32Array.of(s)) };
  let free: Solution = { ...solutionOf(draft), cost: wholeCost(draft) };
  let held: Solution = { ...solutionOf(forced), cost: wholeCost(forced) };
  const freeSearch = new Search({ ...instance, lockedStart: instance.lockedStart.slice() }, within, free, seed, 0, Infinity);
  const heldSearch = new Search(bound, nearBound, held, seed, 0, Infinity);
  const walk = (search: Search, from: Solution): Solution => {
    search.takePart(part, from);
    coolOnce(search, partOf(stop));
    return search.solution();
  };
  for (let round = 0; round < WALKS; round++) {
    free = walk(freeSearch, free);
    const again = forceInto(explainer, draftFrom(instance, free), j, s, wish);
    if (again !== null && wholeCost(again) < held.cost) held = { ...solutionOf(again), cost: wholeCost(again) };
    held = walk(heldSearch, held);
    if (wish.start === undefined && held.cost < free.cost) free = held;
  }
  return {
    kind: 'possible',
    price: held.cost - free.cost,
    alternative: describe(explainer, sameWhere(draft, draftFrom(bound, held)), j),
    savedWithout: realCost(draft) - realCost(draftFrom(instance, free)),
    iterations: freeSearch.iterations + heldSearch.iterations,
  };
}

/** The instance in which job j is for shift s alone, and never left out. */
function boundTo(instance: Instance, j: number, s: number): Instance {
  const { shiftCount } = instance;
  const allowed = instance.allowed.slice().fill(0, j * shiftCount, (j + 1) * shiftCount);
  allowed[j * shiftCount + s] = 1;
  return { ...instance, lockedStart: instance.lockedStart.slice(), allowed, price: instance.price.with(j, LOCK_PRICE) };
}

/** Of the time or the iterations: as much for each walk. */
const partOf = ({ iterations, millis }: Stop): Stop => ({
  iterations: iterations === null ? null : iterations / (2 * WALKS),
  millis: millis === null ? null : millis / (2 * WALKS),
});

const draftFrom = (instance: Instance, solution: Solution): Draft =>
  draftOf({ ...instance, lockedStart: instance.lockedStart.slice() }, solution);

/** A plan with the job forced onto the shift; the plan itself where it is there already and no start is wished. */
function forceInto(explainer: Explainer, draft: Draft, j: number, s: number, { start }: RefinedWish): Draft | null {
  if (draft.shiftOf[j] === s && start === undefined) return copyOf(draft);
  const same = draft === explainer.draft;
  const places = same ? explainer.places : new KnownPlaces(draft, explainer.near);
  const forcing = new Forcing({ ...explainer, instance: draft.instance, draft, places }, withStart(draft.instance, j, start));
  const without = forcing.taken(j);
  return without === null ? null : forcing.force(without, { job: j, shift: s, position: null });
}

/** `then` with the shifts that are as they were told to be the same. */
function sameWhere(now: Draft, then: Draft): Draft {
  for (const [s, state] of now.shifts.entries()) {
    const { sequence } = then.shifts[s]!;
    const same = sequence.length === state.sequence.length && sequence.every((j, k) => j === state.sequence[k]);
    if (same && then.shifts[s]!.total === state.total) then.shifts[s] = state;
  }
  return then;
}
