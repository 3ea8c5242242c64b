import { z } from 'zod';
import { JobId } from '../jobs/contract.ts';
import { ShiftId } from '../crews/contract.ts';

export const AssignmentId = z.uuid().brand<'AssignmentId'>();
export type AssignmentId = z.infer<typeof AssignmentId>;

export const ASSIGNMENT_STATES = [
  'planned',
  'dispatched',
  'accepted',
  'travelling',
  'on_site',
  'working',
  'paused',
  'completed',
  'cannot_complete',
  'declined',
  'recalled',
  'cancelled',
] as const;
export const AssignmentState = z.enum(ASSIGNMENT_STATES);
export type AssignmentState = z.infer<typeof AssignmentState>;

/** Together with "no recall or cancel requested": the assignment holds its slot. */
export const ACTIVE_ASSIGNMENT_STATES: readonly AssignmentState[] = [
  'planned',
  'dispatched',
  'accepted',
  'travelling',
  'on_site',
  'working',
  'paused',
];
/** The crew is on it: it never moves and the job is under way. */
export const UNDER_WAY_STATES: readonly AssignmentState[] = ['travelling', 'on_site', 'working', 'paused'];

export const CANNOT_COMPLETE_REASONS = [
  'no_access',
  'not_found',
  'wrong_asset',
  'needs_plant',
  'needs_part',
  'needs_second_crew',
  'unsafe',
  'weather',
  'out_of_time',
  'other_utility',
  'already_fixed',
  'vehicle_fault',
  'refused',
  'other',
] as const;
export const CannotCompleteReason = z.enum(CANNOT_COMPLETE_REASONS);
export type CannotCompleteReason = z.infer<typeof CannotCompleteReason>;

/**
 * What becomes of the work when a crew could not complete it: the case is closed, or a follow-up job is made with the
 * missing requirement filled in. `begins`: the follow-up can be planned at once, waits (for a part, the weather, another
 * utility), or needs a dispatcher's eyes first.
 */
export type CannotCompleteRule =
  | { readonly then: 'close_case' }
  | {
      readonly then: 'follow_up';
      readonly begins: 'ready' | 'on_hold' | 'draft';
      /** What the crew's answer changes about the job. */
      readonly fill: 'nothing' | 'plant' | 'second_slot' | 'seconds_left';
    };

export const CANNOT_COMPLETE_RULES: Readonly<Record<CannotCompleteReason, CannotCompleteRule>> = {
  no_access: { then: 'follow_up', begins: 'ready', fill: 'nothing' },
  not_found: { then: 'close_case' },
  wrong_asset: { then: 'follow_up', begins: 'draft', fill: 'nothing' },
  needs_plant: { then: 'follow_up', begins: 'ready', fill: 'plant' },
  needs_part: { then: 'follow_up', begins: 'on_hold', fill: 'nothing' },
  needs_second_crew: { then: 'follow_up', begins: 'ready', fill: 'second_slot' },
  unsafe: { then: 'follow_up', begins: 'draft', fill: 'nothing' },
  weather: { then: 'follow_up', begins: 'on_hold', fill: 'nothing' },
  out_of_time: { then: 'follow_up', begins: 'ready', fill: 'seconds_left' },
  other_utility: { then: 'follow_up', begins: 'on_hold', fill: 'nothing' },
  already_fixed: { then: 'close_case' },
  vehicle_fault: { then: 'follow_up', begins: 'ready', fill: 'nothing' },
  refused: { then: 'follow_up', begins: 'draft', fill: 'nothing' },
  other: { then: 'follow_up', begins: 'draft', fill: 'nothing' },
};

export const CancelCause = z.enum(['replanned', 'job_cancelled', 'shift_ended', 'dispatcher']);
export type CancelCause = z.infer<typeof CancelCause>;

export const Verification = z.enum(['pending', 'verified', 'unverified']);
export type Verification = z.infer<typeof Verification>;

export const Assignment = z.strictObject({
  id: AssignmentId,
  jobId: JobId,
  slot: z.int().min(0),
  shiftId: ShiftId,
  /** Place in the shift's order; gaps are allowed, order is what counts. */
  position: z.int(),
  state: AssignmentState,
  plannedArrival: z.iso.datetime().nullable(),
  plannedStart: z.iso.datetime().nullable(),
  plannedEnd: z.iso.datetime().nullable(),
  lockCrew: z.boolean(),
  lockTime: z.boolean(),
  lockOrder: z.boolean(),
  promisedFrom: z.iso.datetime().nullable(),
  promisedUntil: z.iso.datetime().nullable(),
  planId: z.uuid().nullable(),
  reason: z.string().nullable(),
  requested: z.enum(['recall', 'cancel']).nullable(),
  requestedAt: z.iso.datetime().nullable(),
  dispatchedAt: z.iso.datetime().nullable(),
  acceptedAt: z.iso.datetime().nullable(),
  travellingAt: z.iso.datetime().nullable(),
  onSiteAt: z.iso.datetime().nullable(),
  workingAt: z.iso.datetime().nullable(),
  endedAt: z.iso.datetime().nullable(),
  /** Start of the present stretch of work; null while paused. */
  workingSince: z.iso.datetime().nullable(),
  workedSeconds: z.int().nullable(),
  /** Codes of what was missing, and seconds of work left, as the crew said with `cannot_complete`. */
  missing: z.array(z.string()),
  secondsLeft: z.int().nullable(),
  fixesThrough: z.int().nullable(),
  verification: Verification.nullable(),
  verificationSettledAt: z.iso.datetime().nullable(),
  visitSeconds: z.int().nullable(),
  version: z.int(),
});
export type Assignment = z.infer<typeof Assignment>;

/** Holds its slot: an active state without a requested recall or cancel. */
export const isActive = (a: Pick<Assignment, 'state' | 'requested'>): boolean =>
  a.requested === null && ACTIVE_ASSIGNMENT_STATES.includes(a.state);
