import type { Db } from '../../../db/knex.ts';
import { Problem } from '../../platform/problem.ts';
import type { PlanCost, PlanId, PlanRequestId, PlanRequestState, PlanState, RequestPlan } from './contract.ts';
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
  readonly cost: PlanCost;
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

// ------------------------------------------------------------------ requests

export interface PlanRequestRecord {
  readonly id: PlanRequestId;
  readonly state: PlanRequestState;
  readonly serviceDay: string;
  readonly requestedBy: string | null;
  readonly requestedAt: Date;
  readonly reason: RequestPlan['reason'];
  readonly options: PlanOptions;
  readonly planId: PlanId | null;
  readonly failure: string | null;
  readonly endedAt: Date | null;
}

/** What the caller left to the policy is absent. */
export interface PlanOptions {
  readonly seed?: number;
  readonly iterations?: number;
}

const REQUEST_COLUMNS = {
  id: 'id',
  state: 'state',
  serviceDay: 'service_day',
  requestedBy: 'requested_by',
  requestedAt: 'requested_at',
  reason: 'reason',
  options: 'options',
  planId: 'plan_id',
  failure: 'failure',
  endedAt: 'ended_at',
} as const;

type NewPlanRequest = Omit<PlanRequestRecord, 'state' | 'planId' | 'failure' | 'endedAt'>;

/** Writes a request that waits for its turn. */
export async function insertPlanRequest(tx: Db, request: NewPlanRequest): Promise<void> {
  await tx('plan_request').insert({
    id: request.id,
    state: 'waiting',
    service_day: request.serviceDay,
    requested_by: request.requestedBy,
    requested_at: request.requestedAt,
    reason: request.reason,
    options: JSON.stringify(request.options),
  });
}

/** @throws Problem 404 `no-such-plan-request`. */
export async function getPlanRequest(tx: Db, id: PlanRequestId): Promise<PlanRequestRecord> {
  const row = await tx('plan_request').where({ id }).first<PlanRequestRecord | undefined>(REQUEST_COLUMNS);
  if (!row) throw new Problem(404, 'no-such-plan-request', `There is no plan request ${id}.`);
  return row;
}

/** Requests that have not ended, oldest first. */
export async function listOpenPlanRequests(tx: Db): Promise<PlanRequestRecord[]> {
  return tx('plan_request')
    .whereIn('state', ['waiting', 'running'])
    .orderBy(['requested_at', 'id'])
    .select<PlanRequestRecord[]>(REQUEST_COLUMNS);
}

/** waiting -> running. False when it is no longer waiting. */
export async function startPlanRequest(tx: Db, id: PlanRequestId): Promise<boolean> {
  return (await tx('plan_request').where({ id, state: 'waiting' }).update({ state: 'running' })) === 1;
}

export type PlanRequestEnd =
  | { readonly state: 'made'; readonly planId: PlanId }
  | { readonly state: 'failed'; readonly failure: string }
  | { readonly state: 'cancelled' };

/** Ends a request that is waiting or running. False when it had ended already. */
export async function endPlanRequest(tx: Db, id: PlanRequestId, end: PlanRequestEnd, at: Date): Promise<boolean> {
  const changed = await tx('plan_request')
    .where({ id })
    .whereIn('state', ['waiting', 'running'])
    .update({
      state: end.state,
      ended_at: at,
      ...(end.state === 'made' ? { plan_id: end.planId } : {}),
      ...(end.state === 'failed' ? { failure: end.failure } : {}),
    });
  return changed === 1;
}

/** After a restart: what was running then has no plan and never will. Returns how many there were. */
export async function failInterruptedPlanRequests(tx: Db, failure: string, at: Date): Promise<number> {
  return tx('plan_request').where({ state: 'running' }).update({ state: 'failed', failure, ended_at: at });
}
