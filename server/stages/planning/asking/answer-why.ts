import { alternativesOf } from '../../../../routing/explain/alternatives.ts';
import type { Explainer } from '../../../../routing/explain/explainer.ts';
import type { Alternative, Block, Change, FittingChange } from '../../../../routing/explain/explanation.ts';
import { NotMovable, priceOfOverride } from '../../../../routing/explain/override.ts';
import { refinePrice } from '../../../../routing/explain/refine.ts';
import { whyNot } from '../../../../routing/explain/why-not.ts';
import { Problem } from '../../../platform/problem.ts';
import type {
  AlternativeView,
  Coded,
  FittingChangeView,
  Refined,
  RefineQuestion,
  Why,
  WhyQuestion,
  Curve,
} from '../../explaining/contract.ts';
import type { ReadableResult } from '../plan-result.ts';
import { sayReason } from '../plan-view.ts';
import type { Price, PriceQuestion } from './messages.ts';

/** A plan that was read, ready to be asked about. */
export interface KnownPlan {
  readonly result: ReadableResult;
  readonly explainer: Explainer;
  /** Once it has been worked out. */
  curve?: Curve;
}

/** Why a slot of a job is where it is, in ids. @throws Problem 404 `not-in-plan` when the plan did not know it. */
export function answerWhy({ result, explainer }: KnownPlan, { jobId, slot }: WhyQuestion): Why {
  const of = { jobId, slot };
  const notAsked = result.notAsked.find((one) => one.jobId === jobId && one.slot === slot);
  if (notAsked !== undefined) {
    return { answer: 'not_asked', ...of, reason: { code: notAsked.reason.code, params: { ...notAsked.reason.params } } };
  }
  const job = indexOf(result, of);
  const say = sayerOf(result);
  for (const { shift, stops } of result.plan.shifts) {
    const stop = stops.find((one) => one.job === job);
    if (stop === undefined) continue;
    const where = { ...of, shiftId: say.shift(shift), start: say.instant(stop.start), lateSeconds: stop.late };
    if (result.slots[job]?.fixed === true) return { answer: 'fixed', ...where };
    const { saved, others, blocked } = alternativesOf(explainer, job);
    return {
      answer: 'placed',
      ...where,
      saved,
      alternatives: others.map(say.alternative),
      blocked: blocked.map((one) => ({ shiftId: say.shift(one.shift), reason: say.block(one.reason) })),
    };
  }
  const { reason, shifts, changes } = whyNot(explainer, job);
  return {
    answer: 'left_out',
    ...of,
    reason: say.block(reason),
    shifts: shifts.map(({ shift, blockedBy, price }) => ({
      shiftId: say.shift(shift),
      blockedBy: blockedBy === null ? null : say.block(blockedBy),
      price,
    })),
    changes: changes.map(say.fitting),
  };
}

/** @throws Problem 404 `not-in-plan`. */
function indexOf({ slots }: ReadableResult, { jobId, slot }: { readonly jobId: string; readonly slot: number }): number {
  const job = slots.findIndex((one) => one.jobId === jobId && one.slot === slot);
  if (job === -1) throw new Problem(404, 'not-in-plan', 'This plan did not know the job: it was made before it.');
  return job;
}

/** Of the search: any would do. */
const SEED = 1;

/**
 * What giving a slot of a job to a crew would cost by solving again round it, for so long.
 * @throws Problem 404 `not-in-plan`, 409 `not-movable` for work that its crew has been told of, or that is locked elsewhere.
 */
export function answerRefined({ result, explainer }: KnownPlan, question: RefineQuestion): Refined {
  const { jobId, slot, shiftId, millis } = question;
  const job = indexOf(result, question);
  const shift = shiftOf(result, shiftId);
  const say = sayerOf(result);
  const of = { jobId, slot, shiftId };
  try {
    const refined = refinePrice(explainer, { job, shift }, { seed: SEED, stop: { iterations: null, millis } });
    if (refined.kind === 'impossible') return { answer: 'impossible', ...of, reason: say.block(refined.reason) };
    const { price, alternative, savedWithout, iterations } = refined;
    return { answer: 'refined', ...of, price, alternative: say.alternative(alternative), savedWithout, iterations };
  } catch (error) {
    if (!(error instanceof NotMovable)) throw error;
    throw new Problem(409, 'not-movable', NOT_MOVABLE[error.why]);
  }
}

/** The price of an override by the plan. @throws Problem 404 `not-in-plan`. */
export function answerPrice({ result, explainer }: KnownPlan, question: PriceQuestion): Price {
  const wish = { job: indexOf(result, question), shift: shiftOf(result, question.shiftId) };
  try {
    const told = priceOfOverride(explainer, wish);
    return { answer: 'price', price: told.kind === 'possible' ? told.alternative.price : null };
  } catch (error) {
    if (error instanceof NotMovable) return { answer: 'price', price: null };
    throw error;
  }
}

/** @throws Problem 404 `not-in-plan`. */
function shiftOf({ shifts }: ReadableResult, shiftId: string): number {
  const shift = shifts.findIndex((one) => one.shiftId === shiftId);
  if (shift === -1) throw new Problem(404, 'not-in-plan', 'This plan does not have that shift.');
  return shift;
}

const NOT_MOVABLE = {
  fixed: 'Its crew has been told of this work; call it back first.',
  locked_crew: 'It is locked to its crew; unlock it first.',
  locked_order: 'Its place in the order is locked; unlock it first.',
  locked_time: 'Its time is locked; unlock it first.',
} as const;

/** The engine's indices as ids and times. */
function sayerOf(result: ReadableResult) {
  const shift = (index: number): string => result.shifts[index]?.shiftId ?? '';
  const instant = (s: number): string => new Date((result.epochUnixSeconds + s) * 1000).toISOString();
  const slotOf = (index: number): { jobId: string; slot: number } => {
    const { jobId = '', slot = 0 } = result.slots[index] ?? {};
    return { jobId, slot };
  };
  const block = (reason: Block): Coded => {
    if (reason.code === 'no_room') return { code: 'no_room', params: {} };
    const { code, params } = sayReason(reason, result);
    return { code, params: { ...params } };
  };
  const alternative = (one: Alternative): AlternativeView => ({
    shiftId: shift(one.shift),
    position: one.position,
    price: one.price,
    start: instant(one.start),
    lateSeconds: one.late,
    extraTravelSeconds: one.extraTravel,
    extraMetres: one.extraMetres,
    extraOvertimeSeconds: one.extraOvertime,
    slips: one.slips.map(({ job, seconds, lateAfter }) => ({ ...slotOf(job), seconds, lateSeconds: lateAfter })),
    moved: one.moved.map((other) => ({ ...slotOf(other.job), shiftId: shift(other.shift) })),
    leftOut: one.leftOut.map(slotOf),
  });
  const fitting = (one: FittingChange): FittingChangeView => ({
    changes: one.changes.map(change),
    shiftId: shift(one.shift),
    position: one.position,
    start: instant(one.start),
    price: one.price,
  });
  const change = (one: Change): Coded => {
    switch (one.kind) {
      case 'accept_price':
        return { code: one.kind, params: {} };
      case 'overtime':
      case 'begin_earlier':
      case 'most_travel':
      case 'most_duration':
        return { code: one.kind, params: { shiftId: shift(one.shift), seconds: one.seconds } };
      case 'skills':
      case 'skill_level':
        return { code: one.kind, params: { shiftId: shift(one.shift), names: [...one.skills] } };
      case 'plant':
        return { code: one.kind, params: { shiftId: shift(one.shift), names: [...one.plant] } };
      case 'area':
        return { code: one.kind, params: { shiftId: shift(one.shift), area: one.area } };
      case 'stock':
        return { code: one.kind, params: { shiftId: shift(one.shift), dimension: one.dimension, more: one.more } };
      case 'window_until':
        return { code: one.kind, params: { at: instant(one.until) } };
      case 'window_from':
        return { code: one.kind, params: { at: instant(one.from) } };
      case 'due':
        return { code: one.kind, params: { at: instant(one.due) } };
      case 'no_break':
        return { code: one.kind, params: { shiftId: shift(one.shift), breakId: one.breakId } };
      case 'unlock':
        return { code: one.kind, params: { what: one.what } };
      case 'ask_again':
        return { code: one.kind, params: { shiftId: shift(one.shift) } };
      case 'most_jobs':
        return { code: one.kind, params: { shiftId: shift(one.shift), more: one.more } };
      case 'unlink':
        return { code: one.kind, params: slotOf(one.from) };
      case 'more_changes':
        return { code: one.kind, params: { more: one.more } };
      case 'instead_of':
        return { code: one.kind, params: slotOf(one.job) };
      default:
        return one satisfies never;
    }
  };
  return { shift, instant, block, alternative, fitting };
}
