import { z } from 'zod';
import type { PlanCertificate } from '../../../stores/plans/certificates.ts';
import type { PlanRecord } from '../../../stores/plans/store.ts';
import type { PlanProof, ProofState, WhyNotProven } from './contract.ts';
import { readBetter } from './better-plan.ts';

/** What the prover says of a plan of which nothing is kept. */
export type Proving = 'working' | 'failed' | 'waiting' | 'too_old';

/** The verifier's words for "it may be true, but it could not be shown". */
const NOT_SHOWN = new Set(['too_many_labels', 'too_large', 'arrivals_cheaper']);

/** A certificate against which there is nothing but that it could not be checked in full. */
export const isUnchecked = ({ verified, refusals }: Pick<PlanCertificate, 'verified' | 'refusals'>): boolean =>
  !verified && refusals.length > 0 && refusals.every((code) => NOT_SHOWN.has(code));

const Certificate = z.object({ relaxed: z.array(z.string()), cuts: z.array(z.unknown()).default([]) });

/** What is proven of a plan, in the words of the contract. Nothing is claimed that the verifier has not accepted. */
export function viewProof(plan: PlanRecord, kept: PlanCertificate | undefined, proving: Proving): PlanProof {
  const { total: cost } = plan.cost;
  const [state, why] = kept === undefined ? stateOf(plan, proving) : [checkedState(kept), null];
  const holds = state === 'proven';
  const certificate = kept === undefined ? null : Certificate.parse(kept.certificate);
  return {
    planId: plan.id,
    state,
    why,
    cost,
    bound: holds && kept !== undefined ? kept.bound : null,
    gapPercent: holds && kept !== undefined ? gapPercent(cost, kept.bound) : null,
    kind: kept?.kind ?? null,
    relaxed: certificate?.relaxed ?? [],
    refusals: [...new Set(kept?.refusals ?? [])],
    programme:
      kept === undefined || certificate === null
        ? null
        : { passes: kept.passes, routes: kept.routes, cuts: certificate.cuts.length },
    seconds: kept?.seconds ?? null,
    madeAt: kept?.madeAt.toISOString() ?? null,
    better: viewBetter(plan, kept),
  };
}

function stateOf({ state }: PlanRecord, proving: Proving): [ProofState, WhyNotProven | null] {
  if (proving === 'working') return ['working', null];
  if (proving === 'failed') return ['not_proven', 'failed'];
  if (state === 'superseded' || state === 'discarded') return ['not_proven', state];
  return proving === 'too_old' ? ['not_proven', 'too_old'] : ['waiting', null];
}

const checkedState = (kept: PlanCertificate): ProofState =>
  kept.verified ? 'proven' : isUnchecked(kept) ? 'not_checked' : 'refused';

function viewBetter(plan: PlanRecord, kept: PlanCertificate | undefined): PlanProof['better'] {
  if (kept === undefined || kept.better === null) return null;
  const { total } = readBetter(plan, kept.better).plan.cost;
  return {
    cost: total,
    cheaperPercent: Math.floor(((plan.cost.total - total) / plan.cost.total) * 1_000) / 10,
    planId: kept.betterPlanId,
    offered: plan.state === 'draft',
  };
}

/** Rounded up, so that it never claims more than is proven. */
const gapPercent = (cost: number, bound: number): number =>
  cost <= 0 ? 0 : Math.max(0, Math.ceil(((cost - bound) / cost) * 1_000) / 10);
