import type { Db } from '../../../db/knex.ts';
import { HistoryEntry } from './contract.ts';

/** What became true about a case and, while they answered it, about its jobs, in the order it was recorded. */
export async function listCaseHistory(db: Db, caseId: string): Promise<HistoryEntry[]> {
  const ofJobs = db('case_job as l')
    .join('event as e', 'e.job_id', 'l.job_id')
    .where('l.case_id', caseId)
    .whereRaw('e.case_id is null and (l.left_at is null or e.at <= l.left_at)')
    .select('e.seq');
  // A union, so that each part is answered by its own index.
  return listEvents(db, db('event').where({ case_id: caseId }).select('seq').union(ofJobs));
}

/** What became true about a job: its slots, its crews, the cases it answers. */
export async function listJobHistory(db: Db, jobId: string): Promise<HistoryEntry[]> {
  return listEvents(db, db('event').where({ job_id: jobId }).select('seq'));
}

async function listEvents(db: Db, seqs: ReturnType<Db['select']>): Promise<HistoryEntry[]> {
  const rows = await db('event').whereIn('seq', seqs).orderBy('seq').select<
    {
      seq: number;
      type: string;
      at: Date;
      received_at: Date;
      actor_role: string;
      actor_account: string | null;
      actor_device: string | null;
      case_id: string | null;
      job_id: string | null;
      assignment_id: string | null;
      shift_id: string | null;
      body: Record<string, unknown>;
    }[]
  >('seq', 'type', 'at', 'received_at', 'actor_role', 'actor_account', 'actor_device', 'case_id', 'job_id', 'assignment_id', 'shift_id', 'body');
  return rows.map((e) => ({
    seq: e.seq,
    type: e.type,
    at: e.at.toISOString(),
    receivedAt: e.received_at.toISOString(),
    by: { role: e.actor_role, accountId: e.actor_account, deviceId: e.actor_device },
    caseId: e.case_id,
    jobId: e.job_id,
    assignmentId: e.assignment_id,
    shiftId: e.shift_id,
    body: e.body,
  }));
}
