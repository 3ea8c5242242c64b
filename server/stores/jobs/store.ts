import type { Db } from '../../../db/knex.ts';
import { readPoint } from '../../../db/geo.ts';
import { iso, isoOrNull } from '../../platform/instant.ts';
import { Problem } from '../../platform/problem.ts';
import { Job } from './contract.ts';

/** One row of `job` as pg gives it; `jobOf` checks what it holds. */
interface JobRow {
  id: string;
  number: number;
  organisation_id: string;
  job_type: string;
  title: string;
  place: unknown;
  road_point: unknown;
  place_text: string | null;
  area_ids: string[];
  service_seconds: number;
  slots: unknown;
  windows: unknown;
  due_at: Date | null;
  release_at: Date;
  priority: number;
  emergency: boolean;
  proof: string[];
  follow_up_of: string | null;
  follow_up_reason: string | null;
  state: string;
  decided: string | null;
  decided_reason: string | null;
  created_at: Date;
  ended_at: Date | null;
  version: number;
  planning_version: number;
}

/** A row of `select * from job` as a Job. @throws ZodError when the row is not one: our bug. */
export function jobOf(row: JobRow): Job {
  return Job.parse({
    id: row.id,
    number: row.number,
    organisationId: row.organisation_id,
    jobType: row.job_type,
    title: row.title,
    place: readPoint(row.place),
    roadPoint: readPoint(row.road_point),
    placeText: row.place_text,
    areaIds: row.area_ids,
    serviceSeconds: row.service_seconds,
    slots: row.slots,
    windows: row.windows,
    dueAt: isoOrNull(row.due_at),
    releaseAt: iso(row.release_at),
    priority: row.priority,
    emergency: row.emergency,
    proof: row.proof,
    followUpOf: row.follow_up_of,
    followUpReason: row.follow_up_reason,
    state: row.state,
    decided: row.decided,
    decidedReason: row.decided_reason,
    createdAt: iso(row.created_at),
    endedAt: isoOrNull(row.ended_at),
    version: row.version,
    planningVersion: row.planning_version,
  });
}

/** @throws Problem 404 `no-such-job`. */
export async function getJob(db: Db, id: string): Promise<Job> {
  const job = await findJob(db, id);
  if (!job) throw new Problem(404, 'no-such-job', `There is no job with the id ${id}.`);
  return job;
}

export async function findJob(db: Db, id: string): Promise<Job | undefined> {
  const row = await db<JobRow>('job').where({ id }).first();
  return row && jobOf(row);
}

/** All of these that exist, by id. */
export async function listJobs(db: Db, ids: readonly string[]): Promise<Job[]> {
  if (ids.length === 0) return [];
  const { rows } = await db.raw<{ rows: JobRow[] }>('select * from job where id = any(?::uuid[]) order by id', [[...ids]]);
  return rows.map(jobOf);
}

/** The same, locked until the transaction ends, in the order of their ids. */
export async function lockJobs(tx: Db, ids: readonly string[]): Promise<Job[]> {
  if (ids.length === 0) return [];
  const { rows } = await tx.raw<{ rows: JobRow[] }>(
    // Not `for update`: that would also hold up whoever only refers to the job by a foreign key.
    'select * from job where id = any(?::uuid[]) order by id for no key update',
    [[...ids]],
  );
  return rows.map(jobOf);
}

/** The next short numbers, rising. */
export async function nextJobNumbers(tx: Db, count: number): Promise<number[]> {
  const { rows } = await tx.raw<{ rows: { number: number }[] }>(
    `select nextval('job_number')::integer as number from generate_series(1, ?)`,
    [count],
  );
  return rows.map((r) => r.number);
}

const written = (job: Job): Record<string, unknown> => ({
  id: job.id,
  number: job.number,
  organisation_id: job.organisationId,
  job_type: job.jobType,
  title: job.title,
  lon: job.place.lon,
  lat: job.place.lat,
  road_lon: job.roadPoint.lon,
  road_lat: job.roadPoint.lat,
  place_text: job.placeText,
  area_ids: job.areaIds,
  service_seconds: job.serviceSeconds,
  slots: job.slots,
  windows: job.windows,
  due_at: job.dueAt,
  release_at: job.releaseAt,
  priority: job.priority,
  emergency: job.emergency,
  proof: job.proof,
  follow_up_of: job.followUpOf,
  follow_up_reason: job.followUpReason,
  state: job.state,
  decided: job.decided,
  decided_reason: job.decidedReason,
  created_at: job.createdAt,
  ended_at: job.endedAt,
  version: job.version,
  planning_version: job.planningVersion,
});

/** Only `work` calls this: it is the one writer of state. */
export async function insertJobs(tx: Db, jobs: readonly Job[]): Promise<void> {
  if (jobs.length === 0) return;
  await tx.raw(
    `insert into job (id, number, organisation_id, job_type, title, place, road_point, place_text, area_ids, service_seconds,
       slots, windows, due_at, release_at, priority, emergency, proof, follow_up_of, follow_up_reason, state, decided,
       decided_reason, created_at, ended_at, version, planning_version)
     select r.id, r.number, r.organisation_id, r.job_type, r.title, st_setsrid(st_makepoint(r.lon, r.lat), 4326),
       st_setsrid(st_makepoint(r.road_lon, r.road_lat), 4326), r.place_text, r.area_ids, r.service_seconds, r.slots, r.windows,
       r.due_at, r.release_at, r.priority, r.emergency, r.proof, r.follow_up_of, r.follow_up_reason, r.state, r.decided,
       r.decided_reason, r.created_at, r.ended_at, r.version, r.planning_version
     from jsonb_to_recordset(?::jsonb) as r(id uuid, number integer, organisation_id uuid, job_type text, title text,
       lon double precision, lat double precision, road_lon double precision, road_lat double precision, place_text text,
       area_ids uuid[], service_seconds integer, slots jsonb, windows jsonb, due_at timestamptz, release_at timestamptz,
       priority smallint, emergency boolean, proof text[], follow_up_of uuid, follow_up_reason text, state text, decided text,
       decided_reason text, created_at timestamptz, ended_at timestamptz, version integer, planning_version integer)`,
    [JSON.stringify(jobs.map(written))],
  );
}

/** Writes what can change of jobs that are locked; only `work` calls this. */
export async function updateJobs(tx: Db, jobs: readonly Job[]): Promise<void> {
  if (jobs.length === 0) return;
  await tx.raw(
    `update job set title = r.title, service_seconds = r.service_seconds, slots = r.slots, windows = r.windows, due_at = r.due_at,
       release_at = r.release_at, priority = r.priority, state = r.state, decided = r.decided, decided_reason = r.decided_reason,
       ended_at = r.ended_at, version = r.version, planning_version = r.planning_version
     from jsonb_to_recordset(?::jsonb) as r(id uuid, title text, service_seconds integer, slots jsonb, windows jsonb,
       due_at timestamptz, release_at timestamptz, priority smallint, state text, decided text, decided_reason text,
       ended_at timestamptz, version integer, planning_version integer)
     where job.id = r.id`,
    [JSON.stringify(jobs.map(written))],
  );
}

/** The follow-up takes the place of the job it follows in every order it is part of. */
export async function copyJobOrders(tx: Db, fromJobId: string, toJobId: string): Promise<void> {
  await tx.raw(
    `insert into job_order (earlier_job_id, later_job_id, least_lag_seconds, most_lag_seconds)
     select case when earlier_job_id = ? then ?::uuid else earlier_job_id end,
       case when later_job_id = ? then ?::uuid else later_job_id end, least_lag_seconds, most_lag_seconds
     from job_order where earlier_job_id = ? or later_job_id = ?`,
    [fromJobId, toJobId, fromJobId, toJobId, fromJobId, fromJobId],
  );
}
