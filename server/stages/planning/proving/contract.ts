import { z } from 'zod';
import { PlanId } from '../../../stores/plans/contract.ts';

/**
 * How far the proof of a plan has come. waiting: it will be proven when the machine has nothing better to do. working: at this
 * moment. proven: a bound, worked out again by separate code. not_checked: a certificate that is too large to be checked here in
 * full, so that nothing is claimed. refused: a certificate that did not hold. not_proven: nobody is going to (`why`).
 */
export const ProofState = z.enum(['waiting', 'working', 'proven', 'not_checked', 'refused', 'not_proven']);
export type ProofState = z.infer<typeof ProofState>;

/** Of not_proven. failed: proving it broke off. too_old: nobody decides by it any more. */
export const WhyNotProven = z.enum(['failed', 'superseded', 'discarded', 'too_old']);
export type WhyNotProven = z.infer<typeof WhyNotProven>;

/** What is proven of a plan. */
export const PlanProof = z.strictObject({
  planId: PlanId,
  state: ProofState,
  /** Of not_proven; null: of any other state. */
  why: WhyNotProven.nullable(),
  cost: z.number(),
  /** No plan of that moment costs less; null: nothing is claimed. */
  bound: z.number().nullable(),
  /** How much cheaper another plan could be at most, in percent of this one. */
  gapPercent: z.number().nullable(),
  /** routes: every route was priced. arrivals: each job by itself, which is weaker. null: there is no certificate. */
  kind: z.enum(['routes', 'arrivals']).nullable(),
  /** Rules that the proof does not count: with them the best plan may cost more, never less. */
  relaxed: z.array(z.string()),
  /** Codes of what the verifier said against the certificate. */
  refusals: z.array(z.string()),
  /** The programme behind the bound; null: there is no certificate. Its figures are null where an older version did not keep them. */
  programme: z.strictObject({ passes: z.int().nullable(), routes: z.int().nullable(), cuts: z.int() }).nullable(),
  seconds: z.number().nullable(),
  madeAt: z.iso.datetime().nullable(),
  /** A cheaper plan of the same moment that came up while this one was proven; null: none. */
  better: z
    .strictObject({
      cost: z.number(),
      /** In percent of this plan. */
      cheaperPercent: z.number(),
      /** The draft that was made of it. */
      planId: PlanId.nullable(),
      /** This plan is a draft still: the other can take its place. */
      offered: z.boolean(),
    })
    .nullable(),
});
export type PlanProof = z.infer<typeof PlanProof>;

/** The draft that was made of a cheaper plan. */
export const BetterDraft = z.strictObject({ planId: PlanId });
export type BetterDraft = z.infer<typeof BetterDraft>;
