import { z } from 'zod';

export const OverrideKind = z.enum(['give', 'move', 'reorder', 'take_off', 'lock']);
export type OverrideKind = z.infer<typeof OverrideKind>;

/** What it was decided against. Only `plan` and `left_out` contradict a plan. */
export const OverrideAgainst = z.enum(['plan', 'left_out', 'by_hand', 'nothing']);
export type OverrideAgainst = z.infer<typeof OverrideAgainst>;

/**
 * What became of it. undone: its author took it back. changed_again: somebody or a plan gave the work to another crew later.
 * recalled: it was taken back from the crew and nobody has done it.
 */
export const OverrideOutcome = z.enum(['open', 'on_time', 'late', 'not_done', 'recalled', 'changed_again', 'undone']);
export type OverrideOutcome = z.infer<typeof OverrideOutcome>;

const CrewOfOverride = z.strictObject({ shiftId: z.uuid(), crewNumber: z.int(), crewName: z.string() });

/** One decision of a dispatcher, beside what the plan had. */
export const Override = z.strictObject({
  actionId: z.uuid(),
  at: z.iso.datetime(),
  /** The account's name; null: the server itself. */
  by: z.string().nullable(),
  kind: OverrideKind,
  against: OverrideAgainst,
  jobId: z.uuid(),
  jobNumber: z.int(),
  title: z.string(),
  jobType: z.string(),
  from: CrewOfOverride.nullable(),
  to: CrewOfOverride.nullable(),
  reason: z.string().nullable(),
  /** What the chosen crew cost more than the plan's, or than the cheapest, in the plan's currency; null: not known. */
  price: z.number().nullable(),
  outcome: OverrideOutcome,
  /** Of a job that was begun after it was due. */
  lateSeconds: z.int().nullable(),
});
export type Override = z.infer<typeof Override>;

/** A part of the day by the local hour at which the work was to begin; null ends are open. */
export const HourBand = z.strictObject({ from: z.int().nullable(), until: z.int().nullable() });
export type HourBand = z.infer<typeof HourBand>;

/** What dispatchers do again and again: perhaps a rule that the plans do not know. What is null is any. */
export const OverridePattern = z.strictObject({
  /** refused: the plan gave it work, and it was taken off it. chosen: work went to it that the plan had elsewhere or nowhere. */
  what: z.enum(['refused', 'chosen']),
  crewNumber: z.int(),
  crewName: z.string(),
  area: z.string().nullable(),
  hours: HourBand.nullable(),
  /** Its code, and what the city's catalogue calls it (the code where it does not know it any more). */
  jobType: z.string().nullable(),
  jobTypeLabel: z.string().nullable(),
  /** How often, of how often it could have been. */
  support: z.int(),
  of: z.int(),
  /** The same share in everything else. */
  elsewhere: z.number(),
});
export type OverridePattern = z.infer<typeof OverridePattern>;

export const OverrideLedger = z.strictObject({
  from: z.iso.datetime(),
  until: z.iso.datetime(),
  total: z.int(),
  /** Those that contradict a plan and were not undone. */
  againstPlan: z.int(),
  patterns: z.array(OverridePattern),
  /** The newest first. */
  overrides: z.array(Override),
});
export type OverrideLedger = z.infer<typeof OverrideLedger>;

export const AskLedger = z.strictObject({
  /** How many days back. */
  days: z.coerce.number().int().min(1).max(366).default(28),
  limit: z.coerce.number().int().min(0).max(500).default(50),
});
export type AskLedger = z.infer<typeof AskLedger>;

/** Above this a start counts as late. */
export const LATE_FROM_SECONDS = 60;
