import {
  CANNOT_COMPLETE_RULES,
  UNDER_WAY_STATES,
  isActive,
  type Assignment,
  type CannotCompleteReason,
  type Verification,
} from '../assignments/contract.ts';
import type { DecidedJobState, Job, JobState, Slot } from './contract.ts';

/** What of an assignment the state of its job follows from. */
export type SlotAssignment = Pick<Assignment, 'slot' | 'state' | 'requested'>;

/** States nothing more will be done in. */
export const ENDED_JOB_STATES: readonly JobState[] = ['completed', 'cannot_complete', 'cancelled'];
export const isEnded = (state: JobState): boolean => ENDED_JOB_STATES.includes(state);

/** A slot is filled by one crew; field truth first: once completed it stays so. */
export type SlotState = 'completed' | 'under_way' | 'dispatched' | 'planned' | 'cannot_complete' | 'free';

/** The state of one slot from all its assignments, past ones included. */
export function slotState(assignments: readonly SlotAssignment[], slot: number): SlotState {
  const own = assignments.filter((a) => a.slot === slot);
  const active = own.find(isActive);
  if (active && UNDER_WAY_STATES.includes(active.state)) return 'under_way';
  if (own.some((a) => a.state === 'completed')) return 'completed';
  if (active) return active.state === 'planned' ? 'planned' : 'dispatched';
  return own.some((a) => a.state === 'cannot_complete') ? 'cannot_complete' : 'free';
}

/** The state of a job, first that holds, from what was decided about it and all its assignments. */
export function deriveJobState(
  decided: DecidedJobState | null,
  slotCount: number,
  assignments: readonly SlotAssignment[],
): JobState {
  if (decided !== null) return decided;
  const slots = Array.from({ length: slotCount }, (_, slot) => slotState(assignments, slot));
  if (slots.includes('under_way')) return 'under_way';
  if (slots.every((s) => s === 'completed')) return 'completed';
  const noneActive = !slots.includes('planned') && !slots.includes('dispatched');
  if (slots.includes('cannot_complete') && noneActive) return 'cannot_complete';
  if (slots.includes('dispatched')) return 'dispatched';
  if (slots.every((s) => s === 'planned')) return 'planned';
  return 'ready';
}

/** What a case is told of the visits of its completed job: the best of each slot's, the worst of the slots. */
export function jobVerification(
  slotCount: number,
  assignments: readonly (SlotAssignment & Pick<Assignment, 'verification'>)[],
): Verification {
  const goodness: readonly Verification[] = ['unverified', 'pending', 'verified'];
  const perSlot = Array.from({ length: slotCount }, (_, slot) =>
    assignments
      .filter((a) => a.slot === slot && a.verification !== null)
      .reduce((best, a) => Math.max(best, goodness.indexOf(a.verification!)), 0),
  );
  return goodness[Math.min(...perSlot)]!;
}

/** One crew that could not do its slot, as it said. */
export interface Failure {
  readonly slot: number;
  readonly reason: CannotCompleteReason;
  readonly missing: readonly string[];
  readonly secondsLeft: number | null;
  readonly endedAt: string;
}

/** What becomes of a job that could not be completed. */
export type AfterFailure =
  { readonly then: 'close_case'; readonly reason: CannotCompleteReason } | { readonly then: 'follow_up'; readonly job: FollowUp };

/** What the follow-up has of its own; everything else it takes over from the job it follows. */
export interface FollowUp {
  readonly reason: CannotCompleteReason;
  readonly decided: 'draft' | 'on_hold' | null;
  readonly slots: readonly Slot[];
  readonly serviceSeconds: number;
}

const MAX_SLOTS = 4;

/**
 * The rule of the reason. A slot that was completed is not done again; the failed one has what was missing filled in.
 * With several failed slots each is filled by its own newest reason, and work that remains beats closing the case.
 * A requirement nobody named cannot be filled in: the follow-up then waits for a dispatcher as a draft.
 */
export function afterFailure(
  job: Pick<Job, 'slots' | 'serviceSeconds'>,
  done: readonly number[],
  failures: readonly Failure[],
): AfterFailure {
  const newest = newestPerSlot(failures.filter((f) => !done.includes(f.slot)));
  const first = newest[0];
  if (!first) throw new Error('a job that could not be completed has a slot that was not');
  const open = newest.filter((f) => CANNOT_COMPLETE_RULES[f.reason].then === 'follow_up');
  const leading = open[0];
  if (!leading) return { then: 'close_case', reason: first.reason };

  const slots: Slot[] = [];
  let begins: 'ready' | 'on_hold' | 'draft' = 'ready';
  let seconds: number | null = null;
  const weigh = (other: typeof begins) => {
    if (other === 'draft' || (other === 'on_hold' && begins === 'ready')) begins = other;
  };
  job.slots.forEach((slot, index) => {
    if (done.includes(index)) return;
    const failure = newest.find((f) => f.slot === index);
    const rule = failure && CANNOT_COMPLETE_RULES[failure.reason];
    if (!failure || rule?.then !== 'follow_up') {
      slots.push(slot);
      return;
    }
    weigh(rule.begins);
    if (rule.fill === 'plant' && failure.missing.length === 0) weigh('draft');
    slots.push(rule.fill === 'plant' ? { ...slot, plant: [...new Set([...slot.plant, ...failure.missing])] } : slot);
    if (rule.fill === 'second_slot')
      slots.push({ skills: failure.missing.length > 0 ? [...failure.missing] : slot.skills, plant: [] });
    if (rule.fill === 'seconds_left' && failure.secondsLeft !== null) seconds = Math.max(seconds ?? 0, failure.secondsLeft);
  });
  return {
    then: 'follow_up',
    job: {
      reason: leading.reason,
      decided: begins === 'ready' ? null : begins,
      slots: slots.slice(0, MAX_SLOTS),
      serviceSeconds: seconds ?? job.serviceSeconds,
    },
  };
}

function newestPerSlot(failures: readonly Failure[]): readonly Failure[] {
  const bySlot = new Map<number, Failure>();
  for (const f of failures) {
    const known = bySlot.get(f.slot);
    if (!known || known.endedAt <= f.endedAt) bySlot.set(f.slot, f);
  }
  return [...bySlot.values()].sort((a, b) => (a.endedAt < b.endedAt ? 1 : -1));
}

export type JobDecision =
  { readonly ok: true; readonly decided: DecidedJobState | null } | { readonly ok: false; readonly because: string };

/** What a dispatcher decides about a job as a whole. Cancelled and done is final; what could not be done has a follow-up. */
export function decideJob(job: Pick<Job, 'state' | 'decided'>, decision: 'release' | 'hold' | 'cancel'): JobDecision {
  if (isEnded(job.state)) return { ok: false, because: `The job has ended: it is ${job.state}.` };
  switch (decision) {
    case 'release':
      return job.decided === null
        ? { ok: false, because: `The job is ${job.state}; only a draft or a job on hold can be released.` }
        : { ok: true, decided: null };
    case 'hold':
      return job.decided === 'on_hold' ? { ok: false, because: 'The job is on hold already.' } : { ok: true, decided: 'on_hold' };
    case 'cancel':
      return { ok: true, decided: 'cancelled' };
    default:
      return decision satisfies never;
  }
}

/** Which fields of a change are inputs of planning: the others leave drafts alone. */
export const PLANNING_FIELDS = ['serviceSeconds', 'slots', 'windows', 'dueAt', 'releaseAt', 'priority'] as const;
