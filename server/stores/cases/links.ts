import type { Db } from '../../../db/knex.ts';
import type { JoinCause } from './contract.ts';

/** Why a case and a job are no longer joined. */
export type LeaveCause = 'split' | 'joined_other' | 'follow_up' | 'reopened' | 'job_cancelled';

/** A case that a job answers now. `ownJob`: what the catalogue gives the case by itself (a NewJob), for a later split. */
export interface CaseJob {
  readonly id: string;
  readonly caseId: string;
  readonly jobId: string;
  readonly cause: JoinCause;
  readonly joinedAt: Date;
  readonly ownJob: unknown;
}

/** Every present link of any of these cases or jobs, in the order they were made. */
export async function listCaseJobs(db: Db, caseIds: readonly string[], jobIds: readonly string[]): Promise<CaseJob[]> {
  if (caseIds.length === 0 && jobIds.length === 0) return [];
  const { rows } = await db.raw<{ rows: CaseJob[] }>(
    `select id, case_id as "caseId", job_id as "jobId", cause, joined_at as "joinedAt", own_job as "ownJob"
     from case_job where left_at is null and (case_id = any(?::uuid[]) or job_id = any(?::uuid[]))
     order by joined_at, id`,
    [[...caseIds], [...jobIds]],
  );
  return rows;
}

/** Only `work` calls this. */
export async function insertCaseJobs(tx: Db, links: readonly CaseJob[]): Promise<void> {
  if (links.length === 0) return;
  const rows = links.map((l) => ({
    id: l.id,
    case_id: l.caseId,
    job_id: l.jobId,
    cause: l.cause,
    joined_at: l.joinedAt.toISOString(),
    own_job: l.ownJob,
  }));
  await tx.raw(
    `insert into case_job (id, case_id, job_id, cause, joined_at, own_job)
     select r.id, r.case_id, r.job_id, r.cause, r.joined_at, nullif(r.own_job, 'null'::jsonb)
     from jsonb_to_recordset(?::jsonb) as r(id uuid, case_id uuid, job_id uuid, cause text, joined_at timestamptz, own_job jsonb)`,
    [JSON.stringify(rows)],
  );
}

/** Only `work` calls this. The row stays: it is the history that splitting restores from. */
export async function endCaseJobs(
  tx: Db,
  ends: readonly { readonly id: string; readonly at: Date; readonly cause: LeaveCause }[],
): Promise<void> {
  if (ends.length === 0) return;
  await tx.raw(
    `update case_job set left_at = r.left_at, left_cause = r.left_cause
     from jsonb_to_recordset(?::jsonb) as r(id uuid, left_at timestamptz, left_cause text) where case_job.id = r.id`,
    [JSON.stringify(ends.map((e) => ({ id: e.id, left_at: e.at.toISOString(), left_cause: e.cause })))],
  );
}
