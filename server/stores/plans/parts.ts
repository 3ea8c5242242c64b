import type { Db } from '../../../db/knex.ts';
import type { PlanRequestId } from './contract.ts';
import { holdLease, type Lease, type Taker } from './leases.ts';
import type { StoredProblem } from './store.ts';

/**
 * The parts that the plan of a large city was cut into, while it is being made. They belong to one taking of its request:
 * when that is lost or ended nobody wants them, and what is still written to them is refused. Each is taken under a lease
 * of its own, told apart by the number of its takings.
 */
export interface PartLease {
  readonly requestId: PlanRequestId;
  readonly part: number;
  readonly taking: number;
}

export interface PlanPart extends PartLease {
  /** As the planning stage wrote them. */
  readonly limits: unknown;
  readonly problem: StoredProblem;
}

export type PartState =
  | { readonly part: number; readonly state: 'waiting' | 'running' }
  | { readonly part: number; readonly state: 'made'; readonly answer: unknown; readonly madeBy: string }
  | { readonly part: number; readonly state: 'failed'; readonly failure: string };

const NOW = 'clock_timestamp()';
const UNTIL = `${NOW} + make_interval(secs => cast(:millis as double precision) / 1000)`;
const WANTED = `exists (select from plan_request q where q.id = p.request_id and q.fence = p.fence and q.state = 'running')`;
const MINE = `p.request_id = :requestId and p.part = :part and p.taking = :taking and p.state = 'running' and p.lease_until > ${NOW} and ${WANTED}`;

/** Cuts a request, under the lease of whoever makes it. What an earlier taking had cut is gone. False when the lease is lost. */
export async function insertPlanParts(
  db: Db,
  lease: Lease,
  parts: readonly { readonly problem: StoredProblem; readonly limits: unknown }[],
): Promise<boolean> {
  return db.transaction(async (tx) => {
    if (!(await holdLease(tx, lease))) return false;
    await deletePlanParts(tx, lease);
    await tx('plan_part').insert(
      parts.map(({ problem, limits }, part) => ({
        request_id: lease.requestId,
        part,
        fence: lease.fence,
        limits: JSON.stringify(limits),
        problem: problem.gzip,
        problem_hash: problem.hash,
      })),
    );
    return true;
  });
}

/** Takes any part of the request that waits or whose lease has run out; null when there is none. */
export async function takePlanPart(
  db: Db,
  requestId: PlanRequestId,
  taker: Pick<Taker, 'holder' | 'leaseMillis'>,
): Promise<PlanPart | null> {
  type Row = { part: number; taking: number; limits: unknown; gzip: Buffer; hash: string };
  const { rows } = await db.raw<{ rows: Row[] }>(
    `update plan_part p set state = 'running', taking = taking + 1, leased_by = :holder, lease_until = ${UNTIL}
     where p.request_id = :requestId and p.part = (
       select p.part from plan_part p
       where p.request_id = :requestId and (p.state = 'waiting' or (p.state = 'running' and p.lease_until <= ${NOW})) and ${WANTED}
       order by p.part limit 1 for update skip locked)
     returning part, taking, limits, problem as gzip, problem_hash as hash`,
    { requestId, holder: taker.holder, millis: taker.leaseMillis },
  );
  const row = rows[0];
  if (row === undefined) return null;
  const { part, taking, limits, gzip, hash } = row;
  return { requestId, part, taking, limits, problem: { gzip, hash } };
}

/** Renews the lease. `finishEarly`: somebody wants the best plan so far. null: the part is lost, or nobody wants it. */
export async function renewPartLease(
  db: Db,
  lease: PartLease,
  millis: number,
): Promise<{ readonly finishEarly: boolean } | null> {
  const { requestId, part, taking } = lease;
  const { rows } = await db.raw<{ rows: { finishEarly: boolean }[] }>(
    `update plan_part p set lease_until = ${UNTIL} where ${MINE}
     returning (select q.finish_early from plan_request q where q.id = p.request_id) as "finishEarly"`,
    { requestId, part, taking, millis },
  );
  return rows[0] ?? null;
}

/** What became of the part. False when it is lost, or nobody wants it. */
export async function endPlanPart(
  db: Db,
  lease: PartLease,
  end: { readonly state: 'made'; readonly answer: unknown } | { readonly state: 'failed'; readonly failure: string },
): Promise<boolean> {
  const { requestId, part, taking } = lease;
  const { rows } = await db.raw<{ rows: unknown[] }>(
    `update plan_part p set state = :state, answer = cast(:answer as jsonb), failure = :failure where ${MINE} returning part`,
    {
      requestId,
      part,
      taking,
      state: end.state,
      answer: end.state === 'made' ? JSON.stringify(end.answer) : null,
      failure: end.state === 'failed' ? end.failure : null,
    },
  );
  return rows.length === 1;
}

/** Gives a part back unmade, for the next planner to take at once. */
export async function giveBackPart(db: Db, { requestId, part, taking }: PartLease): Promise<void> {
  await db.raw(`update plan_part p set lease_until = ${NOW} where ${MINE}`, { requestId, part, taking });
}

/** All parts of a request, by number. */
export async function listPlanParts(db: Db, requestId: PlanRequestId): Promise<PartState[]> {
  return db('plan_part')
    .where({ request_id: requestId })
    .orderBy('part')
    .select<PartState[]>('part', 'state', 'answer', 'failure', { madeBy: 'leased_by' });
}

/** Those of this taking and of earlier ones; a newer one's are not ours to delete. */
export async function deletePlanParts(tx: Db, { requestId, fence }: Lease): Promise<void> {
  await tx('plan_part').where({ request_id: requestId }).where('fence', '<=', fence).delete();
}
