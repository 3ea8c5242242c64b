import { z } from 'zod';
import type { Plan } from '../../../../routing/plan.ts';
import { answerOnce, type Answer, type Envelope } from '../../../platform/action.ts';
import type { Actor } from '../../../platform/actor.ts';
import type { ChangeTools } from '../../../platform/change.ts';
import { Problem } from '../../../platform/problem.ts';
import { findCertificateForUpdate, keepCertificate, noteBetterPlan } from '../../../stores/plans/certificates.ts';
import type { PlanId } from '../../../stores/plans/contract.ts';
import { getPlanForUpdate, getPlanProblem, insertPlan, type PlanRecord } from '../../../stores/plans/store.ts';
import { readResult, storedResult, type ReadableResult } from '../plan-result.ts';
import type { BetterDraft } from './contract.ts';

/** The columns of a plan that its answer is kept in. */
const Better = z.strictObject({ result: z.unknown(), cost: z.unknown(), lp: z.unknown() });

/** How a cheaper plan is kept beside the certificate. It answers the same problem, so its indices are the plan's own. */
export function storedBetter(of: ReadableResult, better: Plan): unknown {
  const { changesCounted: _, plan: __, ...parts } = of;
  // In one piece, whatever the first was made in.
  const { result, cost, lp } = storedResult({ ...parts, parts: [], plan: better });
  return { result, cost, lp };
}

/** @throws Problem 409 `plan-damaged` when it was kept by another version. */
export function readBetter(plan: Pick<PlanRecord, 'bound'>, kept: unknown): ReadableResult {
  const { result, cost, lp } = Better.parse(kept);
  return readResult({ result, cost: cost as PlanRecord['cost'], lp, bound: plan.bound });
}

/**
 * Makes a draft of the cheaper plan that came up while a draft was being proven. What it saw is what that draft saw, so it counts as
 * made at the same moment: publishing either replaces the other. The same certificate is its own.
 * @throws Problem 404 `no-such-plan`, `no-better-plan`, 409 `plan-refused` when the plan is no draft any more.
 */
export async function draftBetterPlan(tools: ChangeTools, actor: Actor, envelope: Envelope, planId: PlanId): Promise<Answer> {
  return answerOnce(tools, actor, envelope, 'plan.draft_better', { planId }, async (change) => {
    const plan = await getPlanForUpdate(change.tx, planId);
    if (plan.state !== 'draft') {
      throw new Problem(409, 'plan-refused', 'This plan is no draft any more; make a new plan.', {
        present: { id: plan.id, state: plan.state },
      });
    }
    const kept = await findCertificateForUpdate(change.tx, planId);
    if (kept === undefined || kept.better === null) {
      throw new Problem(404, 'no-better-plan', 'No cheaper plan was found while this one was being proven.');
    }
    if (kept.betterPlanId !== null) return answer({ planId: kept.betterPlanId });
    const { plan: better } = readBetter(plan, kept.better);
    const { result, cost, lp } = Better.parse(kept.better);
    const id = tools.ids.next(change.now) as PlanId;
    const { problemHash: _, state: __, publishedAt: ___, discardedAt: ____, ...same } = plan;
    await insertPlan(change.tx, {
      ...same,
      id,
      requestedBy: actor.accountId,
      requestedAt: change.now,
      seed: better.seed,
      iterations: better.iterations,
      engine: better.engine,
      problem: await getPlanProblem(change.tx, planId),
      result,
      cost: cost as PlanRecord['cost'],
      lp,
      bound: null,
    });
    await keepCertificate(change.tx, { ...kept, planId: id, better: null, betterPlanId: null });
    await noteBetterPlan(change.tx, planId, id);
    change.emit({
      type: 'plan.drafted',
      planId: id,
      configVersionId: plan.configVersionId,
      body: { cheaperThan: planId, serviceDay: plan.serviceDay, roadsSource: plan.roadsSource, cost: better.cost.total },
    });
    return answer({ planId: id });
  });
}

const answer = (body: BetterDraft) => ({ status: 200, body });
