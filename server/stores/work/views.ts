import type { Db } from '../../../db/knex.ts';
import { Problem } from '../../platform/problem.ts';
import type { Reach } from '../../platform/reach.ts';
import { assignmentOf, listAssignmentsOfJobs, listAssignmentsOfShift, type AssignmentRecord } from '../assignments/store.ts';
import type { Job } from '../jobs/contract.ts';
import { listJobs } from '../jobs/store.ts';
import type { AssignmentView, JobFilter, JobView, Question } from './contract.ts';

interface Numbered {
  id: string;
  number: number;
}

/** Jobs within the reach, highest number first. @returns `next`: pass it as `before` for the page after this one. */
export async function listJobViews(db: Db, reach: Reach, filter: JobFilter): Promise<{ jobs: JobView[]; next: number | null }> {
  const query = withinReach(db, reach)
    .orderBy('j.number', 'desc')
    .limit(filter.limit + 1);
  if (filter.state !== undefined) void query.whereIn('j.state', filter.state);
  if (filter.jobType !== undefined) void query.where('j.job_type', filter.jobType);
  if (filter.areaId !== undefined) void query.whereRaw('?::uuid = any(j.area_ids)', [filter.areaId]);
  if (filter.before !== undefined) void query.where('j.number', '<', filter.before);
  if (filter.shiftId !== undefined) {
    void query.whereIn('j.id', db('assignment').where({ shift_id: filter.shiftId }).select('job_id'));
  }
  if (filter.caseId !== undefined) {
    void query.whereIn('j.id', db('case_job').where({ case_id: filter.caseId }).select('job_id'));
  }
  if (filter.ids !== undefined) void query.whereIn('j.id', filter.ids);
  if (filter.endedAfter !== undefined) void query.whereRaw('(j.ended_at is null or j.ended_at > ?)', [filter.endedAfter]);
  if (filter.q !== undefined) {
    const like = filter.q.replace(/[\\%_]/g, '\\$&');
    void query.whereRaw('(j.number::text = ? or j.title ilike ? or j.place_text ilike ?)', [filter.q, `%${like}%`, `%${like}%`]);
  }
  const rows = await query;
  const page = rows.slice(0, filter.limit);
  return {
    jobs: await viewJobs(
      db,
      page.map((r) => r.id),
    ),
    next: rows.length > page.length ? (page.at(-1)?.number ?? null) : null,
  };
}

function withinReach(db: Db, reach: Reach) {
  const query = db('job as j').select<Numbered[]>('j.id', 'j.number');
  if (reach.organisationId !== null) void query.where('j.organisation_id', reach.organisationId);
  if (reach.areaIds.length > 0) void query.whereRaw('j.area_ids && ?::uuid[]', [[...reach.areaIds]]);
  return query;
}

/** @throws Problem 404 `no-such-job`, also for a job out of reach: what is not yours is not told. */
export async function getJobView(db: Db, reach: Reach, id: string): Promise<JobView> {
  const [found] = await withinReach(db, reach).where('j.id', id).limit(1);
  const [view] = await viewJobs(db, found ? [found.id] : []);
  if (!view) throw new Problem(404, 'no-such-job', 'There is no such job among those you may see.');
  return view;
}

/** In the order of the ids. */
async function viewJobs(db: Db, ids: readonly string[]): Promise<JobView[]> {
  const jobs = new Map<string, Job>((await listJobs(db, ids)).map((j) => [j.id, j]));
  const assignments = await listAssignmentsOfJobs(db, ids);
  const counts = new Map(
    (
      await db('case_job')
        .whereIn('job_id', [...ids])
        .whereNull('left_at')
        .groupBy('job_id')
        .select<{ job_id: string; cases: number }[]>('job_id', db.raw('count(*)::integer as cases'))
    ).map((r) => [r.job_id, r.cases]),
  );
  const byJob = grouped(assignments);
  return ids.flatMap((id) => {
    const job = jobs.get(id);
    if (!job) return [];
    return [{ ...job, caseCount: counts.get(id) ?? 0, assignments: (byJob.get(id) ?? []).map(briefly) }];
  });
}

function grouped(assignments: readonly AssignmentRecord[]): Map<string, AssignmentRecord[]> {
  const byJob = new Map<string, AssignmentRecord[]>();
  for (const a of [...assignments].sort((x, y) => x.slot - y.slot || (x.createdAt < y.createdAt ? -1 : 1))) {
    const known = byJob.get(a.jobId);
    if (known) known.push(a);
    else byJob.set(a.jobId, [a]);
  }
  return byJob;
}

const briefly = (a: AssignmentRecord): JobView['assignments'][number] => ({
  id: a.id,
  slot: a.slot,
  shiftId: a.shiftId,
  position: a.position,
  planId: a.planId,
  state: a.state,
  requested: a.requested,
  reason: a.reason,
  plannedStart: a.plannedStart,
  plannedEnd: a.plannedEnd,
  lockCrew: a.lockCrew,
  promisedFrom: a.promisedFrom,
  promisedUntil: a.promisedUntil,
  onSiteAt: a.onSiteAt,
  endedAt: a.endedAt,
  verification: a.verification,
  version: a.version,
});

/** All of one shift in the order of its stops, past ones too; only work within the reach. */
export async function listAssignmentViews(db: Db, reach: Reach, shiftId: string): Promise<AssignmentView[]> {
  const records = await listAssignmentsOfShift(db, shiftId);
  const visible = new Set(
    (
      await withinReach(db, reach).whereIn(
        'j.id',
        records.map((a) => a.jobId),
      )
    ).map((j) => j.id),
  );
  return records
    .filter((a) => visible.has(a.jobId))
    .map((a) => ({ ...assignmentOf(a), officeWords: a.officeWords, notePresent: a.notePresent }));
}

interface QuestionRow {
  id: string;
  kind: Question['kind'];
  job_id: string | null;
  assignment_id: string | null;
  shift_id: string | null;
  case_id: string | null;
  asked_at: Date;
  body: Record<string, unknown>;
  answered_at: Date | null;
  answer: string | null;
}

/** Questions within the reach of who may answer them, oldest first; the open ones, or the newest answered. */
export async function listQuestions(db: Db, reach: Reach, open: boolean, limit: number): Promise<Question[]> {
  const query = db('question as q')
    .leftJoin('job as j', 'j.id', 'q.job_id')
    .leftJoin('crew_shift as s', 's.id', 'q.shift_id')
    .leftJoin('cases as c', 'c.id', 'q.case_id')
    .orderBy([{ column: 'q.asked_at', order: open ? 'asc' : 'desc' }, { column: 'q.id' }])
    .limit(limit)
    .select<QuestionRow[]>('q.*');
  void (open ? query.whereNull('q.answered_at') : query.whereNotNull('q.answered_at'));
  if (reach.organisationId !== null) {
    void query.whereRaw('coalesce(j.organisation_id, s.organisation_id, c.organisation_id) = ?', [reach.organisationId]);
  }
  // A question about a whole shift has no area: whoever may see the organisation sees it.
  if (reach.areaIds.length > 0) {
    void query.whereRaw('coalesce(j.area_ids, c.area_ids, ?::uuid[]) && ?::uuid[]', [[...reach.areaIds], [...reach.areaIds]]);
  }
  return (await query).map(questionOf);
}

export const questionOf = (row: QuestionRow): Question => ({
  id: row.id,
  kind: row.kind,
  jobId: row.job_id,
  assignmentId: row.assignment_id,
  shiftId: row.shift_id,
  caseId: row.case_id,
  askedAt: row.asked_at.toISOString(),
  body: row.body,
  answeredAt: row.answered_at?.toISOString() ?? null,
  answer: row.answer,
});
