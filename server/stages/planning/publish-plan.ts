import { checkPlan } from '../../../routing/check-plan.ts';
import { answerOnce, type Answer, type Envelope } from '../../platform/action.ts';
import type { Actor } from '../../platform/actor.ts';
import type { ChangeTools } from '../../platform/change.ts';
import type { Log } from '../../platform/log.ts';
import type { Scope } from '../../platform/policy.ts';
import { Problem } from '../../platform/problem.ts';
import type { PlanId } from '../../stores/plans/contract.ts';
import {
  getPlan,
  getPlanForUpdate,
  getPlanProblem,
  movePlan,
  supersedeOthers,
  type PlanRecord,
} from '../../stores/plans/store.ts';
import { apply } from '../../stores/work/apply.ts';
import type { Command, PlanStop } from '../../stores/work/contract.ts';
import { readResult } from './plan-result.ts';
import type { PlanningPolicy } from './planning-policy.ts';
import { readProblem } from './problem-document.ts';

export interface PublishDeps {
  readonly tools: ChangeTools;
  readonly policy: () => Promise<PlanningPolicy>;
  readonly log: Log;
}

type PublishCommand = Extract<Command, { type: 'plan.publish' }>;

/**
 * Puts a draft into force. Its rules and figures are checked first by code that shares nothing with the engine; then,
 * in one transaction, `work` takes over what has not changed since, and lists the rest.
 * @throws Problem 409 `plan-refused` when it is no draft any more, 409 `plan-does-not-check`, 404 `no-such-plan`.
 */
export async function publishPlan(
  deps: PublishDeps,
  actor: Actor,
  scope: Scope,
  envelope: Envelope,
  planId: PlanId,
): Promise<Answer> {
  const { tools } = deps;
  const draft = await getPlan(tools.db, planId);
  if (draft.state === 'draft') await requireSound(deps, draft);
  const { freezeSeconds } = await deps.policy();
  return answerOnce(tools, actor, envelope, 'plan.publish', { planId }, async (change) => {
    const plan = await getPlanForUpdate(change.tx, planId);
    await movePlan(change.tx, plan, { type: 'publish' }, change.now);
    const answer = await apply(change, scope, publishCommand(plan, freezeSeconds));
    await supersedeOthers(change.tx, plan);
    return answer;
  });
}

/** Throws a draft away; it stays in the list of its day. @throws Problem 409 `plan-refused`, 404 `no-such-plan`. */
export async function discardPlan(tools: ChangeTools, actor: Actor, envelope: Envelope, planId: PlanId): Promise<Answer> {
  return answerOnce(tools, actor, envelope, 'plan.discard', { planId }, async (change) => {
    const plan = await getPlanForUpdate(change.tx, planId);
    const state = await movePlan(change.tx, plan, { type: 'discard' }, change.now);
    return { status: 200, body: { id: planId, state } };
  });
}

/** The plan's movable stops in ids and instants; what was with a crew already is nobody's to publish. */
export function publishCommand(record: PlanRecord, freezeSeconds: number): PublishCommand {
  const { plan, slots, shifts, epochUnixSeconds } = readResult(record);
  const instant = (s: number): string => new Date((epochUnixSeconds + s) * 1000).toISOString();
  const stops = plan.shifts.flatMap((planned) =>
    planned.stops.flatMap((stop, position): PlanStop[] => {
      const slot = slots[stop.job];
      const shift = shifts[planned.shift];
      if (slot === undefined || shift === undefined || slot.fixed) return [];
      return [
        {
          jobId: slot.jobId as PlanStop['jobId'],
          slot: slot.slot,
          assignmentId: slot.assignmentId as PlanStop['assignmentId'],
          shiftId: shift.shiftId as PlanStop['shiftId'],
          position,
          plannedDeparture: instant(stop.arrival - stop.travel),
          plannedArrival: instant(stop.arrival),
          plannedStart: instant(stop.start),
          plannedEnd: instant(stop.end),
        },
      ];
    }),
  );
  const leftOut = plan.unassigned.flatMap(({ job }) => {
    const slot = slots[job];
    return slot?.free && slot.assignmentId !== null ? [slot.assignmentId as PublishCommand['leftOut'][number]] : [];
  });
  return {
    type: 'plan.publish',
    planId: record.id,
    stops,
    leftOut,
    saw: { jobs: { ...record.saw.jobs }, shifts: { ...record.saw.shifts } },
    freezeSeconds,
  };
}

async function requireSound(deps: PublishDeps, record: PlanRecord): Promise<void> {
  const problem = await readProblem(await getPlanProblem(deps.tools.db, record.id));
  const { plan } = readResult(record);
  const violations = checkPlan(problem, plan, { changesInForce: plan.forcedChanges });
  if (violations.length === 0) return;
  deps.log.error({ planId: record.id, violations: violations.slice(0, 20) }, 'a plan breaks its own rules');
  throw new Problem(
    409,
    'plan-does-not-check',
    `This plan breaks ${violations.length} of its own rules and was not published. Make a new plan, and tell the administrator.`,
    {
      fields: violations
        .slice(0, 20)
        .map(({ code, shift, job, detail }) => ({ path: placeOf(shift, job), message: `${code}: ${detail}` })),
    },
  );
}

const placeOf = (shift: number | null, job: number | null): string =>
  [shift === null ? [] : [`shifts.${shift}`], job === null ? [] : [`jobs.${job}`]].flat().join('.') || 'plan';
