import type { Db } from '../../../db/knex.ts';
import { ROLES, type Role } from '../../platform/policy.ts';
import { Problem } from '../../platform/problem.ts';
import type { PlanId, PlanProgress, PlanRequestId, PlanRequestState, RequestPlan } from './contract.ts';

/** Requests for plans: rows that wait until a planner takes them (`leases.ts`) and say what became of them. */

/**
 * Who may make the plan. `queue`: any planner process. `server`: the server that was asked, alone, because its clock (a
 * simulated city) or its database (the embedded one) is nobody else's.
 */
export type RunsIn = 'queue' | 'server';

export interface PlanRequestRecord {
  readonly id: PlanRequestId;
  readonly state: PlanRequestState;
  readonly serviceDay: string;
  readonly requestedBy: string | null;
  readonly requestedRole: Role;
  readonly requestedAt: Date;
  readonly reason: RequestPlan['reason'];
  readonly options: PlanOptions;
  readonly runsIn: RunsIn;
  readonly planId: PlanId | null;
  readonly failure: string | null;
  readonly endedAt: Date | null;
  readonly finishEarly: boolean;
  /** As its planner wrote it last; null before. */
  readonly progress: PlanProgress | null;
}

/** What the caller left to the policy is absent. */
export interface PlanOptions {
  readonly seed?: number;
  readonly iterations?: number;
  /** Absent = any number. */
  readonly maxChanges?: number;
}

/** For a `returning` or a `select`: the columns of a request under the names of its record. */
export const REQUEST_COLUMNS = {
  id: 'id',
  state: 'state',
  serviceDay: 'service_day',
  requestedBy: 'requested_by',
  requestedRole: 'requested_role',
  requestedAt: 'requested_at',
  reason: 'reason',
  options: 'options',
  runsIn: 'runs_in',
  planId: 'plan_id',
  failure: 'failure',
  endedAt: 'ended_at',
  finishEarly: 'finish_early',
  progress: 'progress',
} as const;

export type NewPlanRequest = Omit<PlanRequestRecord, 'state' | 'planId' | 'failure' | 'endedAt' | 'finishEarly' | 'progress'>;

/** Writes a request that waits for its turn. False when another one waits for that day: see `findWaitingPlanRequest`. */
export async function insertPlanRequest(tx: Db, request: NewPlanRequest): Promise<boolean> {
  const insert = tx('plan_request').insert({
    id: request.id,
    state: 'waiting',
    service_day: request.serviceDay,
    requested_by: request.requestedBy,
    requested_role: request.requestedRole,
    requested_at: request.requestedAt,
    reason: request.reason,
    options: JSON.stringify(request.options),
    runs_in: request.runsIn,
  });
  const waitsAlready = tx.raw(`(service_day) where state = 'waiting'`);
  return (await insert.onConflict(waitsAlready).ignore().returning<{ id: string }[]>('id')).length === 1;
}

/** @throws Problem 404 `no-such-plan-request`. */
export async function getPlanRequest(tx: Db, id: PlanRequestId): Promise<PlanRequestRecord> {
  const row = await tx('plan_request').where({ id }).first<PlanRequestRecord | undefined>(REQUEST_COLUMNS);
  if (!row) throw new Problem(404, 'no-such-plan-request', `There is no plan request ${id}.`);
  return row;
}

/** The one that waits for this day, if there is one. */
export async function findWaitingPlanRequest(tx: Db, serviceDay: string): Promise<PlanRequestRecord | undefined> {
  const waiting = tx('plan_request').where({ service_day: serviceDay, state: 'waiting' });
  return waiting.first<PlanRequestRecord | undefined>(REQUEST_COLUMNS);
}

/** Requests that have not ended, oldest first. */
export async function listOpenPlanRequests(tx: Db): Promise<PlanRequestRecord[]> {
  return tx('plan_request')
    .whereIn('state', ['waiting', 'running'])
    .orderBy(['requested_at', 'id'])
    .select<PlanRequestRecord[]>(REQUEST_COLUMNS);
}

/** Ends a request that is waiting or running; its planner finds that out at its next write. False when it had ended already. */
export async function cancelPlanRequest(tx: Db, id: PlanRequestId, at: Date): Promise<boolean> {
  const open = tx('plan_request').where({ id }).whereIn('state', ['waiting', 'running']);
  return (await open.update({ state: 'cancelled', ended_at: at, progress: null })) === 1;
}

/** Asks the planner of a running request for the best plan found so far. False when it is not running. */
export async function askToFinishEarly(tx: Db, id: PlanRequestId): Promise<boolean> {
  return (await tx('plan_request').where({ id, state: 'running' }).update({ finish_early: true })) === 1;
}

/** After the server's start: what is open is made as this server's plans are, whatever it was started with before. */
export async function adoptPlanRequests(tx: Db, runsIn: RunsIn): Promise<void> {
  await tx('plan_request').whereIn('state', ['waiting', 'running']).whereNot({ runs_in: runsIn }).update({ runs_in: runsIn });
}

/** The role of whoever asked; one that no version knows any more counts as the system's. */
export function roleOf(text: string): Role {
  return ROLES.find((role) => role === text) ?? 'system';
}
