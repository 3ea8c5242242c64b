import type { Db } from '../../../db/knex.ts';
import type { PlanId, PlanProgress, PlanRequestId } from './contract.ts';
import { REQUEST_COLUMNS, type PlanRequestRecord, type RunsIn } from './requests.ts';

/**
 * Who makes a plan. A planner takes a request for a while and renews its lease as long as it works; each taking raises
 * the fence. Every write of a planner names its fence and changes nothing once a newer one exists, the lease has run
 * out, or the request has ended: so one that stood still and wakes up later can harm nobody.
 */
export interface Lease {
  readonly requestId: PlanRequestId;
  readonly fence: number;
}

export interface Taken extends Lease {
  readonly request: PlanRequestRecord;
  /** How often a lease of this request has run out: more than a few and it is the request that kills its planners. */
  readonly lapses: number;
}

export interface Taker {
  /** Names the process, for people. */
  readonly holder: string;
  readonly runsIn: RunsIn;
  readonly leaseMillis: number;
}

/** clock_timestamp: a transaction's own time stands still, and a lease must not. */
const NOW = 'clock_timestamp()';
const UNTIL = `${NOW} + make_interval(secs => cast(:millis as double precision) / 1000)`;
const MINE = `id = :requestId and fence = :fence and state = 'running' and lease_until > ${NOW}`;
/** It waits and no other of its day is being made, or its planner's lease has run out. */
const TO_BE_TAKEN = `runs_in = :runsIn and (
    (state = 'waiting' and not exists (select from plan_request other where other.service_day = r.service_day and other.state = 'running'))
    or (state = 'running' and lease_until <= ${NOW}))`;

const COLUMNS = Object.entries(REQUEST_COLUMNS)
  .map(([name, column]) => `${column} as "${name}"`)
  .join(', ');

const UNIQUE_VIOLATION = '23505';

/** Takes a request; null when it has ended, somebody else has it, or another of its day is being made. */
export async function takePlanRequest(db: Db, requestId: PlanRequestId, taker: Taker): Promise<Taken | null> {
  type Row = PlanRequestRecord & { fence: string; lapses: number };
  const taking = db.raw<{ rows: Row[] }>(
    `update plan_request r set state = 'running', leased_by = :holder, lease_until = ${UNTIL}, fence = fence + 1, progress = null,
       lapses = lapses + case when state = 'running' and leased_by is not null then 1 else 0 end
     where id = :requestId and ${TO_BE_TAKEN}
     returning ${COLUMNS}, fence, lapses`,
    { requestId, runsIn: taker.runsIn, holder: taker.holder, millis: taker.leaseMillis },
  );
  const { rows } = await taking.catch((error: unknown) => {
    // Another of its day was taken in the same moment.
    if (error instanceof Error && 'code' in error && error.code === UNIQUE_VIOLATION) return { rows: [] as Row[] };
    throw error;
  });
  const row = rows[0];
  if (row === undefined) return null;
  const { fence, lapses, ...request } = row;
  return { requestId, fence: Number(fence), lapses, request };
}

/** Requests that somebody could take now, oldest first. */
export async function listPlanRequestsToTake(db: Db, runsIn: RunsIn): Promise<{ id: PlanRequestId; requestedAt: Date }[]> {
  const { rows } = await db.raw<{ rows: { id: PlanRequestId; requestedAt: Date }[] }>(
    `select id, requested_at as "requestedAt" from plan_request r
     where state in ('waiting', 'running') and ${TO_BE_TAKEN} order by requested_at, id`,
    { runsIn },
  );
  return rows;
}

/** Renews the lease and says how far the plan is. `finishEarly`: somebody wants the best so far. null: the lease is lost. */
export async function renewLease(
  db: Db,
  lease: Lease,
  leaseMillis: number,
  progress: PlanProgress,
): Promise<{ readonly finishEarly: boolean } | null> {
  const { rows } = await db.raw<{ rows: { finishEarly: boolean }[] }>(
    `update plan_request set lease_until = ${UNTIL}, progress = cast(:progress as jsonb) where ${MINE}
     returning finish_early as "finishEarly"`,
    { requestId: lease.requestId, fence: lease.fence, millis: leaseMillis, progress: JSON.stringify(progress) },
  );
  return rows[0] ?? null;
}

/** Locks the request until the end of the transaction. False when the lease is lost. */
export async function holdLease(tx: Db, { requestId, fence }: Lease): Promise<boolean> {
  const { rows } = await tx.raw<{ rows: unknown[] }>(`select id from plan_request where ${MINE} for update`, {
    requestId,
    fence,
  });
  return rows.length === 1;
}

export type PlanRequestEnd =
  { readonly state: 'made'; readonly planId: PlanId } | { readonly state: 'failed'; readonly failure: string };

/** Ends a request under its lease. False when the lease is lost: then nothing else of the transaction may stand. */
export async function endPlanRequest(tx: Db, lease: Lease, end: PlanRequestEnd, at: Date): Promise<boolean> {
  const { rows } = await tx.raw<{ rows: unknown[] }>(
    `update plan_request set state = :state, ended_at = :at, plan_id = :planId, failure = :failure, progress = null, leased_by = null,
       lease_until = null
     where ${MINE} returning id`,
    {
      requestId: lease.requestId,
      fence: lease.fence,
      state: end.state,
      at,
      planId: end.state === 'made' ? end.planId : null,
      failure: end.state === 'failed' ? end.failure : null,
    },
  );
  return rows.length === 1;
}

/** Gives a request back unmade, so that the next planner need not wait for the end of the lease. */
export async function giveBackLease(db: Db, lease: Lease): Promise<void> {
  await db.raw(`update plan_request set leased_by = null, lease_until = ${NOW}, progress = null where ${MINE}`, {
    requestId: lease.requestId,
    fence: lease.fence,
  });
}
