import { z } from 'zod';
import type { Db } from '../../../db/knex.ts';
import { route, type Route } from '../../platform/http-route.ts';
import { Problem } from '../../platform/problem.ts';
import { covers, reachOf, type Reach } from '../../platform/reach.ts';
import { getJob } from '../../stores/jobs/store.ts';
import { JobId } from '../../stores/jobs/contract.ts';
import { PlanId } from '../../stores/plans/contract.ts';
import { readPlanContext } from '../../stores/plans/plan-context.ts';
import { getPlan } from '../../stores/plans/store.ts';
import { AskRefined, Curve, JobWhy, Refined, type PlanAsker, type Why } from './contract.ts';
import { namesIn } from './names-in.ts';

export interface ExplainingDeps {
  readonly db: Db;
  readonly asker: PlanAsker;
}

/** Why a plan is as it is; past plans as they were then. */
export function explainingRoutes({ db, asker }: ExplainingDeps): Route[] {
  return [
    route({
      method: 'get',
      path: '/api/plans/:id/jobs/:jobId/why',
      action: 'plan.read',
      summary: 'Why this crew has the job in a plan and what another would cost; or why nobody, and what would have to change',
      params: z.strictObject({ id: PlanId, jobId: JobId }),
      query: z.strictObject({ slot: z.coerce.number().int().min(0).max(3).default(0) }),
      answer: JobWhy,
      async handle({ actor, scope, params, query, signal }) {
        const reach = reachOf(actor, scope);
        await requireVisible(reach, params.jobId);
        const { madeAt } = await getPlan(db, params.id);
        const why = await asker.why(params.id, { jobId: params.jobId, slot: query.slot }, signal);
        return { planId: params.id, madeAt: madeAt.toISOString(), why, names: await readNames(reach, why) };
      },
    }),
    route({
      method: 'post',
      path: '/api/plans/:id/jobs/:jobId/refine',
      action: 'plan.read',
      summary: 'What giving a job to a crew would cost, by solving again round it for a while; changes nothing',
      params: z.strictObject({ id: PlanId, jobId: JobId }),
      body: AskRefined,
      answer: Refined,
      async handle({ actor, scope, params, body, signal }) {
        await requireVisible(reachOf(actor, scope), params.jobId);
        return asker.refine(params.id, { jobId: params.jobId, ...body }, signal);
      },
    }),
    route({
      method: 'get',
      path: '/api/plans/:id/curve',
      action: 'plan.read',
      summary: 'What the day would be like at each limit of changes, as the plan saw it; takes some seconds the first time',
      params: z.strictObject({ id: PlanId }),
      answer: Curve,
      handle: ({ params, signal }) => asker.curve(params.id, signal),
    }),
  ];

  /** @throws Problem 404 `no-such-job`. */
  async function requireVisible(reach: Reach, jobId: JobId): Promise<void> {
    if (!covers(reach, await getJob(db, jobId))) throw new Problem(404, 'no-such-job', `There is no job with the id ${jobId}.`);
  }

  /** Jobs of others are there by their number, without what they are about. */
  async function readNames(reach: Reach, why: Why): Promise<JobWhy['names']> {
    const { jobIds, shiftIds } = namesIn(why);
    const context = await readPlanContext(db, jobIds, shiftIds);
    const crews = [...context.shifts.values()].map(({ id, crewName }) => [id, crewName]);
    const jobs = [...context.jobs.values()].map((job) => [
      job.id,
      { number: job.number, title: covers(reach, job) ? job.title : '' },
    ]);
    return { crews: Object.fromEntries(crews), jobs: Object.fromEntries(jobs) };
  }
}
