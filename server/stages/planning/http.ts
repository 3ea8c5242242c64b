import { z } from 'zod';
import { Envelope } from '../../platform/action.ts';
import type { Actor } from '../../platform/actor.ts';
import { giveAnswer, route, type Route } from '../../platform/http-route.ts';
import type { Scope } from '../../platform/policy.ts';
import { Problem } from '../../platform/problem.ts';
import { covers, reachOf } from '../../platform/reach.ts';
import { JobId } from '../../stores/jobs/contract.ts';
import {
  PlanId,
  PlanListed,
  PlanOrigin,
  PlanRequest,
  PlanRequestId,
  PlanState,
  PlanView,
  RequestPlan,
} from '../../stores/plans/contract.ts';
import { readPlanContext } from '../../stores/plans/plan-context.ts';
import { readPlanOrigin } from '../../stores/plans/plan-origin.ts';
import { getPlan, listPlans } from '../../stores/plans/store.ts';
import { PublishOutcome } from '../../stores/work/contract.ts';
import { listCandidates, type CandidateDeps } from './candidates.ts';
import { JobCandidates } from './contract.ts';
import { documentName, exportPlan, getPlanToExport, zipDocument } from './export-plan.ts';
import { readResult, type ReadableResult } from './plan-result.ts';
import { listPlan, viewPlan } from './plan-view.ts';
import type { Planner } from './planner.ts';
import { discardPlan, publishPlan, type PublishDeps } from './publish-plan.ts';

export interface PlanningDeps extends PublishDeps, CandidateDeps {
  readonly planner: Planner;
}

/** Longest wait of a long poll: below what proxies cut off. */
const MOST_WAIT_SECONDS = 25;
const MOST_LISTED = 200;
/** A start that moves by less than a minute is the same time. */
const TOLERANCE_SECONDS = 60;

const WithEnvelope = z.strictObject({ envelope: Envelope });

/** Asking for plans, looking at drafts, publishing or discarding them, and who could take one job. */
export function planningRoutes(deps: PlanningDeps): Route[] {
  const { planner, tools } = deps;
  const { db, clock } = tools;
  return [
    route({
      method: 'post',
      path: '/api/plans',
      action: 'plan.request',
      summary: 'Ask for a plan; it is made in the background, one of a day at a time',
      body: RequestPlan,
      answer: PlanRequest,
      status: 202,
      handle: ({ actor, body }) => planner.request(actor, body),
    }),
    route({
      method: 'get',
      path: '/api/plan-requests/:id',
      action: 'plan.read',
      summary: 'How far a plan has come; with waitSeconds the answer comes when it has ended',
      params: z.strictObject({ id: PlanRequestId }),
      query: z.strictObject({ waitSeconds: z.coerce.number().min(0).max(MOST_WAIT_SECONDS).default(0) }),
      answer: PlanRequest,
      handle: ({ params, query, signal }) => planner.wait(params.id, query.waitSeconds * 1_000, signal),
    }),
    route({
      method: 'post',
      path: '/api/plan-requests/:id/cancel',
      action: 'plan.request',
      summary: 'Give up a plan that waits or is being made',
      params: z.strictObject({ id: PlanRequestId }),
      answer: PlanRequest,
      handle: ({ params }) => planner.cancel(params.id),
    }),
    route({
      method: 'post',
      path: '/api/plan-requests/:id/stop',
      action: 'plan.request',
      summary: 'Stop the search now and keep the best plan so far; the answer comes before that plan is stored',
      params: z.strictObject({ id: PlanRequestId }),
      answer: PlanRequest,
      handle: ({ params }) => planner.finishEarly(params.id),
    }),
    route({
      method: 'get',
      path: '/api/plans',
      action: 'plan.read',
      summary: 'The plans of a service day, newest first',
      query: z.strictObject({ day: z.iso.date() }),
      answer: z.array(PlanListed),
      async handle({ query }) {
        return (await listPlans(db, query.day, MOST_LISTED)).map((record) => listPlan(record, readResult(record)));
      },
    }),
    route({
      method: 'get',
      path: '/api/plans/:id',
      action: 'plan.read',
      summary: 'A plan against what is in force now',
      params: z.strictObject({ id: PlanId }),
      answer: PlanView,
      handle: ({ actor, scope, params }) => lookAt(actor, scope, params.id),
    }),
    route({
      method: 'get',
      path: '/api/plans/:id/origin',
      action: 'plan.read',
      summary: 'Who asked for a plan and published it, and what it was made from',
      params: z.strictObject({ id: PlanId }),
      answer: PlanOrigin,
      handle: ({ params }) => readPlanOrigin(db, params.id),
    }),
    route({
      method: 'get',
      path: '/api/plans/:id/document',
      action: 'plan.read',
      summary: 'The plan with its problem and the certificate of its bound, as one file to verify elsewhere',
      params: z.strictObject({ id: PlanId }),
      answerType: 'application/json',
      async handle({ actor, scope, params, req, res }) {
        const plan = await getPlanToExport(db, params.id);
        await requireWhole(actor, scope, plan.result);
        const document = await exportPlan(db, plan);
        res.attachment(documentName(params.id)).vary('Accept-Encoding');
        if (req.acceptsEncodings('gzip') === false) res.send(document);
        else res.set('Content-Encoding', 'gzip').send(await zipDocument(document));
      },
    }),
    route({
      method: 'post',
      path: '/api/plans/:id/publish',
      action: 'plan.publish',
      summary: 'Put a draft into force; what changed since is left alone and listed',
      params: z.strictObject({ id: PlanId }),
      body: WithEnvelope,
      answer: PublishOutcome,
      handle: async (call) =>
        giveAnswer(call, await publishPlan(deps, call.actor, call.scope, call.body.envelope, call.params.id)) as PublishOutcome,
    }),
    route({
      method: 'post',
      path: '/api/plans/:id/discard',
      action: 'plan.publish',
      summary: 'Throw a draft away',
      params: z.strictObject({ id: PlanId }),
      body: WithEnvelope,
      answer: Discarded,
      handle: async (call) =>
        giveAnswer(call, await discardPlan(tools, call.actor, call.body.envelope, call.params.id)) as Discarded,
    }),
    route({
      method: 'get',
      path: '/api/jobs/:id/candidates',
      action: 'job.read',
      summary: 'Who could take a job: minutes away now, how late it would be, and why the others cannot',
      params: z.strictObject({ id: JobId }),
      query: z.strictObject({ slot: z.coerce.number().int().min(0).max(3).default(0), day: z.iso.date().optional() }),
      answer: JobCandidates,
      handle: ({ actor, scope, params, query, signal }) =>
        listCandidates(deps, reachOf(actor, scope), { jobId: params.id, slot: query.slot, serviceDay: query.day }, signal),
    }),
  ];

  /** The document cannot be had in part: who may not see every job and crew of the plan does not get it. */
  async function requireWhole(actor: Actor, scope: Scope, { slots, shifts }: ReadableResult): Promise<void> {
    const context = await readPlanContext(
      db,
      [...new Set(slots.map(({ jobId }) => jobId))],
      shifts.map(({ shiftId }) => shiftId),
    );
    const reach = reachOf(actor, scope);
    if ([...context.jobs.values(), ...context.shifts.values()].every((one) => covers(reach, one))) return;
    throw new Problem(
      403,
      'not-whole-plan',
      'This plan has jobs or crews outside what you may see; ask somebody who sees all of it.',
    );
  }

  async function lookAt(actor: Actor, scope: Scope, id: PlanId): Promise<PlanView> {
    const record = await getPlan(db, id);
    const result = readResult(record);
    const slots = [...result.slots, ...result.notAsked];
    const context = await readPlanContext(
      db,
      [...new Set(slots.map(({ jobId }) => jobId))],
      result.shifts.map(({ shiftId }) => shiftId),
    );
    const reach = reachOf(actor, scope);
    return viewPlan({
      record,
      result,
      context,
      now: clock.now(),
      toleranceSeconds: TOLERANCE_SECONDS,
      visible: (job) => covers(reach, job),
    });
  }
}

const Discarded = z.strictObject({ id: PlanId, state: PlanState });
type Discarded = z.infer<typeof Discarded>;
