import { z } from 'zod';
import type { Db } from '../../../db/knex.ts';
import { route, type Route } from '../../platform/http-route.ts';
import { Problem } from '../../platform/problem.ts';
import { covers, reachOf, type Reach } from '../../platform/reach.ts';
import { getJob } from '../../stores/jobs/store.ts';
import { JobId } from '../../stores/jobs/contract.ts';
import { findCertificate } from '../../stores/plans/certificates.ts';
import { PlanId } from '../../stores/plans/contract.ts';
import { readPlanContext } from '../../stores/plans/plan-context.ts';
import { getPlan } from '../../stores/plans/store.ts';
import { AskRefined, Curve, JobWhy, PlanProof, Refined, type PlanAsker, type Why } from './contract.ts';
import { namesIn } from './names-in.ts';

export interface ExplainingDeps {
  readonly db: Db;
  readonly asker: PlanAsker;
  /** It is being proven at this moment. */
  readonly isProving: (planId: string) => boolean;
}

/** Why a plan is as it is, and what is proven of it; past plans as they were then. */
export function explainingRoutes({ db, asker, isProving }: ExplainingDeps): Route[] {
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
    route({
      method: 'get',
      path: '/api/plans/:id/proof',
      action: 'plan.read',
      summary: 'How much cheaper another plan could be at most, and what the proof does not count',
      params: z.strictObject({ id: PlanId }),
      answer: PlanProof,
      async handle({ params }) {
        const plan = await getPlan(db, params.id);
        const kept = await findCertificate(db, params.id);
        const holds = kept?.verified === true;
        return {
          planId: params.id,
          state: kept === undefined ? (isProving(params.id) ? 'working' : 'none') : holds ? 'proven' : 'refused',
          cost: plan.cost.total,
          bound: holds ? kept.bound : null,
          gapPercent: holds ? gapPercent(plan.cost.total, kept.bound) : null,
          kind: holds ? kept.kind : null,
          relaxed: holds ? relaxedOf(kept.certificate) : [],
          seconds: kept?.seconds ?? null,
          madeAt: kept?.madeAt.toISOString() ?? null,
        };
      },
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

/** Rounded up, so that it never claims more than is proven. */
const gapPercent = (cost: number, bound: number): number =>
  cost <= 0 ? 0 : Math.max(0, Math.ceil(((cost - bound) / cost) * 1_000) / 10);

const Relaxed = z.object({ relaxed: z.array(z.string()) });
const relaxedOf = (certificate: unknown): string[] => Relaxed.parse(certificate).relaxed;
