import { z } from 'zod';
import { PlanId } from '../../stores/plans/contract.ts';

const Seconds = z.int();
const Instant = z.iso.datetime();
/** One slot of a job. */
const SlotOf = { jobId: z.uuid(), slot: z.int() };

/** A rule's "no", or a change, with its figures: ids, seconds and times as a screen needs them for a sentence. */
export const Coded = z.strictObject({ code: z.string(), params: z.record(z.string(), z.unknown()) });
export type Coded = z.infer<typeof Coded>;

/** Another crew for a job that has one, and what the whole plan would be like then. */
export const AlternativeView = z.strictObject({
  shiftId: z.uuid(),
  /** Place among the stops of that shift, 0 first. */
  position: z.int(),
  /** What the whole plan would cost more, in its currency; below 0: less. */
  price: z.number(),
  start: Instant,
  lateSeconds: Seconds,
  extraTravelSeconds: Seconds,
  extraMetres: z.int(),
  extraOvertimeSeconds: Seconds,
  /** Stops that would start later, by so much, and how late they would then be. */
  slips: z.array(z.strictObject({ ...SlotOf, seconds: Seconds, lateSeconds: Seconds })),
  moved: z.array(z.strictObject({ ...SlotOf, shiftId: z.uuid() })),
  leftOut: z.array(z.strictObject(SlotOf)),
});
export type AlternativeView = z.infer<typeof AlternativeView>;

/** A change, or several together, with which a job that was left out would fit. */
export const FittingChangeView = z.strictObject({
  changes: z.array(Coded).min(1),
  shiftId: z.uuid(),
  position: z.int(),
  start: Instant,
  /** What the plan then costs more, less what leaving the job out costs. */
  price: z.number(),
});
export type FittingChangeView = z.infer<typeof FittingChangeView>;

/** Why a job is where it is in a plan; or why it is nowhere, and what would have to be otherwise. */
export const Why = z.discriminatedUnion('answer', [
  z.strictObject({
    answer: z.literal('placed'),
    ...SlotOf,
    shiftId: z.uuid(),
    start: Instant,
    lateSeconds: Seconds,
    /** What its shift would save without it. */
    saved: z.number(),
    /** The cheapest first. */
    alternatives: z.array(AlternativeView),
    blocked: z.array(z.strictObject({ shiftId: z.uuid(), reason: Coded })),
  }),
  /** It was with its crew when the plan was made, which took it as it was. */
  z.strictObject({ answer: z.literal('fixed'), ...SlotOf, shiftId: z.uuid(), start: Instant, lateSeconds: Seconds }),
  z.strictObject({
    answer: z.literal('left_out'),
    ...SlotOf,
    reason: Coded,
    shifts: z.array(z.strictObject({ shiftId: z.uuid(), blockedBy: Coded.nullable(), price: z.number().nullable() })),
    /** The cheapest first; empty: nobody can ever do it. */
    changes: z.array(FittingChangeView),
  }),
  /** The plan did not ask the engine about it. */
  z.strictObject({ answer: z.literal('not_asked'), ...SlotOf, reason: Coded }),
]);
export type Why = z.infer<typeof Why>;

/** What the ids of an answer are called. */
export const Names = z.strictObject({
  crews: z.record(z.string(), z.string()),
  jobs: z.record(z.string(), z.strictObject({ number: z.int(), title: z.string() })),
});
export type Names = z.infer<typeof Names>;

export const JobWhy = z.strictObject({
  planId: PlanId,
  /** When the plan was made: it is explained as it was then. */
  madeAt: Instant,
  why: Why,
  names: Names,
});
export type JobWhy = z.infer<typeof JobWhy>;

/** The price of giving a job to a crew, after a search for what is best with that and without it. */
export const Refined = z.discriminatedUnion('answer', [
  z.strictObject({
    answer: z.literal('refined'),
    ...SlotOf,
    shiftId: z.uuid(),
    price: z.number(),
    /** The best plan found with it; its own price is against the plan as it is. */
    alternative: AlternativeView,
    /** What the search has made the plan cheaper without it. */
    savedWithout: z.number(),
    iterations: z.int(),
  }),
  z.strictObject({ answer: z.literal('impossible'), ...SlotOf, shiftId: z.uuid(), reason: Coded }),
]);
export type Refined = z.infer<typeof Refined>;

export const AskRefined = z.strictObject({
  shiftId: z.uuid(),
  slot: z.int().min(0).max(3).default(0),
  millis: z.int().min(100).max(5_000).default(2_000),
});
export type AskRefined = z.infer<typeof AskRefined>;

/** The day at one limit of changes against the plan in force that the plan was made from. */
export const CurvePointView = z.strictObject({
  /** Changes that were allowed; null: any number. */
  moves: z.int().nullable(),
  changes: z.int(),
  cost: z.number(),
  late: z.int(),
  lateSeconds: Seconds,
  unserved: z.int(),
});
/** The choice between a calm day and a cheap one, the calmest first; a point that allows more never costs more. */
export const Curve = z.strictObject({ answer: z.literal('curve'), points: z.array(CurvePointView) });
export type Curve = z.infer<typeof Curve>;

export interface WhyQuestion {
  readonly jobId: string;
  readonly slot: number;
}

export interface RefineQuestion extends WhyQuestion {
  readonly shiftId: string;
  readonly millis: number;
}

/** Answers questions about plans that are kept, away from the thread that serves. */
export interface PlanAsker {
  /** @throws Problem 404 `no-such-plan`, `not-in-plan`, 409 `plan-damaged`. */
  why(planId: string, question: WhyQuestion, signal: AbortSignal): Promise<Why>;
  /** @throws Problem as `why`, and 409 `not-movable`. */
  refine(planId: string, question: RefineQuestion, signal: AbortSignal): Promise<Refined>;
  /** Takes some seconds the first time. @throws Problem as `why`. */
  curve(planId: string, signal: AbortSignal): Promise<Curve>;
}
