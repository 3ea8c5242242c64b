import type { Db } from '../../../db/knex.ts';
import { Problem } from '../../platform/problem.ts';
import type { PlanCost, PlanId, PlanState } from './contract.ts';
import { planTransition, type PlanAction } from './transitions.ts';

/** A plan as it is kept, without the problem it answers (megabytes for a large city: see `getPlanProblem`). */
export interface PlanRecord {
  readonly id: PlanId;
  readonly serviceDay: string;
  readonly state: PlanState;
  readonly requestedBy: string | null;
  readonly requestedAt: Date;
  readonly madeAt: Date;
  readonly publishedAt: Date | null;
  readonly discardedAt: Date | null;
  readonly seed: number;
  readonly iterations: number;
  readonly engine: string;
  readonly configVersionId: string;
  readonly roadsVersion: string;
  readonly roadsSource: 'osrm' | 'estimate';
  readonly problemHash: string;
  /** Planning versions by job and shift id. */
  readonly saw: PlanSaw;
  /** Written and read by the planning stage alone. */
  readonly result: unknown;
  /** In the terms of the engine that made it; those it did not know are absent. */
  readonly cost: Partial<PlanCost> & Pick<PlanCost, 'total'>;
  readonly bound: number | null;
  readonly lp: unknown;
}

export interface PlanSaw {
  readonly jobs: Readonly<Record<string, number>>;
  readonly shifts: Readonly<Record<string, number>>;
}

/** The gzipped canonical JSON of a problem, and the SHA-256 of that JSON (base64url). */
export interface StoredProblem {
  readonly gzip: Buffer;
  readonly hash: string;
}

export type NewPlan = Omit<PlanRecord, 'state' | 'publishedAt' | 'discardedAt' | 'problemHash'> & {
  readonly problem: StoredProblem;
};

const COLUMNS = {
  id: 'id',
  serviceDay: 'service_day',
  state: 'state',
  requestedBy: 'requested_by',
  requestedAt: 'requested_at',
  madeAt: 'made_at',
  publishedAt: 'published_at',
  discardedAt: 'discarded_at',
  seed: 'seed',
  iterations: 'iterations',
  engine: 'engine',
  configVersionId: 'config_version_id',
  roadsVersion: 'roads_version',
  roadsSource: 'roads_source',
  problemHash: 'problem_hash',
  saw: 'saw',
  result: 'result',
  cost: 'cost',
  bound: 'bound',
  lp: 'lp',
} as const;

/** Writes a new draft. False when a plan of this id is there already. */
export async function insertPlan(tx: Db, plan: NewPlan): Promise<boolean> {
  const insert = tx('plan').insert({
    id: plan.id,
    service_day: plan.serviceDay,
    state: 'draft',
    requested_by: plan.requestedBy,
    requested_at: plan.requestedAt,
    made_at: plan.madeAt,
    seed: plan.seed,
    iterations: plan.iterations,
    engine: plan.engine,
    config_version_id: plan.configVersionId,
    roads_version: plan.roadsVersion,
    roads_source: plan.roadsSource,
    problem: plan.problem.gzip,
    problem_hash: plan.problem.hash,
    saw: JSON.stringify(plan.saw),
    result: JSON.stringify(plan.result),
    cost: JSON.stringify(plan.cost),
    bound: plan.bound,
    lp: JSON.stringify(plan.lp),
  });
  const rows = await insert.onConflict('id').ignore().returning<{ id: string }[]>('id');
  return rows.length === 1;
}

/** @throws Problem 404 `no-such-plan`. */
export async function getPlan(tx: Db, id: PlanId): Promise<PlanRecord> {
  return must(await tx('plan').where({ id }).first<PlanRecord | undefined>(COLUMNS), id);
}

/** The same, locked until the transaction ends. */
export async function getPlanForUpdate(tx: Db, id: PlanId): Promise<PlanRecord> {
  return must(await tx('plan').where({ id }).forUpdate().first<PlanRecord | undefined>(COLUMNS), id);
}

function must(row: PlanRecord | undefined, id: PlanId): PlanRecord {
  if (!row) throw new Problem(404, 'no-such-plan', `There is no plan ${id}.`);
  return row;
}

/** What answers the problem of a plan, `result` as JSON text: hundreds of kilobytes, to be read by another thread. @throws Problem 404 `no-such-plan`. */
export async function getPlanAnswer(tx: Db, id: PlanId): Promise<Pick<PlanRecord, 'result' | 'cost' | 'bound' | 'lp'>> {
  const { cost, bound, lp } = COLUMNS;
  const asText = tx.raw('result::text as result');
  return must(await tx('plan').where({ id }).first<PlanRecord | undefined>(cost, bound, lp, asText), id);
}

/** The problem a plan answers. @throws Problem 404 `no-such-plan`. */
export async function getPlanProblem(tx: Db, id: PlanId): Promise<StoredProblem> {
  const row = await tx('plan').where({ id }).first<StoredProblem | undefined>({ gzip: 'problem', hash: 'problem_hash' });
  if (!row) throw new Problem(404, 'no-such-plan', `There is no plan ${id}.`);
  return row;
}

/** The plans of a service day, newest first; at most `limit`. */
export async function listPlans(tx: Db, serviceDay: string, limit: number): Promise<PlanRecord[]> {
  return tx('plan')
    .where({ service_day: serviceDay })
    .orderBy([
      { column: 'made_at', order: 'desc' },
      // A cheaper plan that came up while another was proven has that one's moment.
      { column: 'requested_at', order: 'desc' },
      { column: 'id', order: 'desc' },
    ])
    .limit(limit)
    .select<PlanRecord[]>(COLUMNS);
}

/**
 * Takes a plan a step further; lock it first.
 * @throws Problem 409 `plan-refused` with the sentence why not, and the present state.
 */
export async function movePlan(tx: Db, plan: PlanRecord, action: PlanAction, at: Date): Promise<PlanState> {
  const outcome = planTransition(plan.state, action);
  if (!outcome.ok) throw new Problem(409, 'plan-refused', outcome.because, { present: { id: plan.id, state: plan.state } });
  await tx('plan')
    .where({ id: plan.id })
    .update({
      state: outcome.state,
      ...(outcome.state === 'published' ? { published_at: at } : {}),
      ...(outcome.state === 'discarded' ? { discarded_at: at } : {}),
    });
  return outcome.state;
}

/**
 * What a publication makes old: the plan of that day that was in force, and drafts made before it. A draft made after
 * it stays: it was made from a newer city.
 */
export async function supersedeOthers(tx: Db, published: PlanRecord): Promise<PlanId[]> {
  const rows = await tx('plan')
    .where({ service_day: published.serviceDay })
    .whereNot({ id: published.id })
    .whereRaw(`(state = 'published' or (state = 'draft' and made_at <= ?))`, [published.madeAt])
    .update({ state: 'superseded' })
    .returning<{ id: PlanId }[]>('id');
  return rows.map((row) => row.id);
}
