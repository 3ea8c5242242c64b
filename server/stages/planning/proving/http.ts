import { z } from 'zod';
import { Envelope } from '../../../platform/action.ts';
import type { ChangeTools } from '../../../platform/change.ts';
import { giveAnswer, route, type Route } from '../../../platform/http-route.ts';
import { findCertificate } from '../../../stores/plans/certificates.ts';
import { PlanId } from '../../../stores/plans/contract.ts';
import { getPlan } from '../../../stores/plans/store.ts';
import { draftBetterPlan } from './better-plan.ts';
import { BetterDraft, PlanProof } from './contract.ts';
import type { PlanProver } from './prove-plans.ts';
import { viewProof } from './view-proof.ts';

export interface ProvingDeps {
  readonly tools: ChangeTools;
  readonly prover: Pick<PlanProver, 'sayOf'>;
}

/** What is proven of a plan, and the cheaper one that came up on the way. */
export function provingRoutes({ tools, prover }: ProvingDeps): Route[] {
  const { db } = tools;
  return [
    route({
      method: 'get',
      path: '/api/plans/:id/proof',
      action: 'plan.read',
      summary: 'How much cheaper another plan could be at most, what the proof does not count, and how far it has come',
      params: z.strictObject({ id: PlanId }),
      answer: PlanProof,
      async handle({ params }) {
        // What is said of it first: a proof that ends meanwhile is found in the table.
        const plan = await getPlan(db, params.id);
        const said = prover.sayOf(plan);
        return viewProof(plan, await findCertificate(db, params.id), said);
      },
    }),
    route({
      method: 'post',
      path: '/api/plans/:id/better',
      action: 'plan.request',
      summary: 'Make a draft of the cheaper plan that came up while this draft was being proven',
      params: z.strictObject({ id: PlanId }),
      body: z.strictObject({ envelope: Envelope }),
      answer: BetterDraft,
      handle: async (call) =>
        giveAnswer(call, await draftBetterPlan(tools, call.actor, call.body.envelope, call.params.id)) as BetterDraft,
    }),
  ];
}
