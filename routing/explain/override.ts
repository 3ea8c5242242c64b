import { fixedCount } from '../draft.ts';
import { type Instance, NONE } from '../instance.ts';
import type { Seconds } from '../units.ts';
import { describe } from './describe.ts';
import type { Explainer } from './explainer.ts';
import type { OverridePrice } from './explanation.ts';
import { Forcing } from './forcing.ts';
import { mayBeForced, ruleAgainst } from './rule-against.ts';

/** What a person wants instead of the plan. Indices of the problem. */
export interface OverrideWish {
  readonly job: number;
  /** May be the one that has it, with another place or start. */
  readonly shift: number;
  /** Before the stop that has this place among the shift's other stops now, 0 first, and no stop of it changes its place. Absent = where it is cheapest. */
  readonly position?: number;
  /** Exactly then. Absent = as early as its place allows. */
  readonly start?: Seconds;
}

/** The job is not to be moved so: it is dispatched already, or a lock of the problem says otherwise. The lock goes first. */
export class NotMovable extends Error {
  override readonly name = 'NotMovable';
  readonly why: 'fixed' | 'locked_crew' | 'locked_order' | 'locked_time';

  constructor(why: NotMovable['why']) {
    super(`the job cannot be moved so: ${why}`);
    this.why = why;
  }
}

/**
 * What an override would cost, before it is made: the whole plan after the repair less the plan as it is, what slips, what moves
 * and what is left out. Overrides of what may be moved only: the price of taking a lock away is another question.
 * Impossible when a rule forbids it, or the stops that must stay leave no place for it.
 * Throws NotMovable for a fixed job and against a lock, RangeError where there is no such job, shift or place.
 */
export function priceOfOverride(explainer: Explainer, wish: OverrideWish): OverridePrice {
  const { instance, draft } = explainer;
  const { j, s } = movable(explainer, wish);
  const impossible = (): OverridePrice => ({ kind: 'impossible', reason: ruleAgainst(instance, s, j) });
  if (!mayBeForced(explainer, s, j)) return impossible();
  // The others of its group have agreed on its start, and perhaps on its place: they are planned together, by a search.
  const linked = instance.groupOf[j] !== NONE;
  if (linked && (wish.position !== undefined || (wish.start ?? instance.lockedStart[j]) !== instance.lockedStart[j])) {
    return impossible();
  }
  const position = wish.position ?? null;
  const places = draft.shifts[s]!.sequence.length - (draft.shiftOf[j] === s ? 1 : 0);
  if (position !== null && (!Number.isInteger(position) || position < 0 || position > places)) {
    throw new RangeError(`no place ${position} on shift ${wish.shift}`);
  }
  if (position !== null && position < fixedCount(instance, s)) {
    return { kind: 'impossible', reason: { code: 'locks_do_not_fit', shift: wish.shift } };
  }
  const forcing = new Forcing(explainer, withStart(instance, j, wish.start));
  const without = forcing.taken(j);
  const forced = without === null ? null : forcing.force(without, { job: j, shift: s, position });
  if (forced === null) return impossible();
  return { kind: 'possible', alternative: describe(explainer, forced, j) };
}

/** The indices of a wish that nothing fixed or locked stands against. Throws as `priceOfOverride` does. */
export function movable({ problem, instance }: Explainer, wish: OverrideWish): { j: number; s: number } {
  const j = instance.jobPlace[wish.job];
  const s = instance.shiftPlace[wish.shift];
  if (j === undefined) throw new RangeError(`no job ${wish.job}`);
  if (s === undefined) throw new RangeError(`no shift ${wish.shift}`);
  const held = problem.jobs[wish.job]!.inForce;
  if (held?.fixed === true) throw new NotMovable('fixed');
  if (held?.lockCrew === true && held.shift !== wish.shift) throw new NotMovable('locked_crew');
  if (held?.lockOrder === true && held.shift !== wish.shift) throw new NotMovable('locked_order');
  if (held?.lockTime === true && wish.start !== undefined && wish.start !== held.start) throw new NotMovable('locked_time');
  return { j, s };
}

/** The instance with job j held to a start; itself where none is wished. */
export function withStart(instance: Instance, j: number, start: Seconds | undefined): Instance {
  if (start === undefined) return instance;
  return { ...instance, lockedStart: instance.lockedStart.with(j, start) };
}
