import type { Db } from '../../../db/knex.ts';
import { isoOrNull } from '../../platform/instant.ts';
import { Problem } from '../../platform/problem.ts';
import { Assignment } from './contract.ts';

/** An assignment with what only the server needs of it. */
export interface AssignmentRecord extends Assignment {
  readonly promisedTo: string | null;
  readonly notePresent: boolean;
  readonly officeWords: string | null;
  /** The newest field fact taken, and when it happened. */
  readonly factDevice: string | null;
  readonly factSeq: number | null;
  readonly factAt: string | null;
  readonly createdAt: string;
}

/** One row of `assignment` as pg gives it. */
interface AssignmentRow {
  id: string;
  job_id: string;
  slot: number;
  shift_id: string;
  position: number;
  state: string;
  planned_arrival: Date | null;
  planned_start: Date | null;
  planned_end: Date | null;
  lock_crew: boolean;
  lock_time: boolean;
  lock_order: boolean;
  promised_from: Date | null;
  promised_until: Date | null;
  promised_to: string | null;
  plan_id: string | null;
  reason: string | null;
  note_present: boolean;
  missing: string[];
  seconds_left: number | null;
  office_words: string | null;
  requested: string | null;
  requested_at: Date | null;
  dispatched_at: Date | null;
  accepted_at: Date | null;
  travelling_at: Date | null;
  on_site_at: Date | null;
  working_at: Date | null;
  ended_at: Date | null;
  working_since: Date | null;
  worked_seconds: number | null;
  fact_device: string | null;
  fact_seq: number | null;
  fact_at: Date | null;
  fixes_through: number | null;
  verification: string | null;
  verification_settled_at: Date | null;
  visit_seconds: number | null;
  created_at: Date;
  version: number;
}

/** @throws ZodError when the row is not an assignment: our bug. */
function recordOf(row: AssignmentRow): AssignmentRecord {
  const assignment = Assignment.parse({
    id: row.id,
    jobId: row.job_id,
    slot: row.slot,
    shiftId: row.shift_id,
    position: row.position,
    state: row.state,
    plannedArrival: isoOrNull(row.planned_arrival),
    plannedStart: isoOrNull(row.planned_start),
    plannedEnd: isoOrNull(row.planned_end),
    lockCrew: row.lock_crew,
    lockTime: row.lock_time,
    lockOrder: row.lock_order,
    promisedFrom: isoOrNull(row.promised_from),
    promisedUntil: isoOrNull(row.promised_until),
    planId: row.plan_id,
    reason: row.reason,
    requested: row.requested,
    requestedAt: isoOrNull(row.requested_at),
    dispatchedAt: isoOrNull(row.dispatched_at),
    acceptedAt: isoOrNull(row.accepted_at),
    travellingAt: isoOrNull(row.travelling_at),
    onSiteAt: isoOrNull(row.on_site_at),
    workingAt: isoOrNull(row.working_at),
    endedAt: isoOrNull(row.ended_at),
    workingSince: isoOrNull(row.working_since),
    workedSeconds: row.worked_seconds,
    missing: row.missing,
    secondsLeft: row.seconds_left,
    fixesThrough: row.fixes_through,
    verification: row.verification,
    verificationSettledAt: isoOrNull(row.verification_settled_at),
    visitSeconds: row.visit_seconds,
    version: row.version,
  });
  return {
    ...assignment,
    promisedTo: row.promised_to,
    notePresent: row.note_present,
    officeWords: row.office_words,
    factDevice: row.fact_device,
    factSeq: row.fact_seq,
    factAt: isoOrNull(row.fact_at),
    createdAt: row.created_at.toISOString(),
  };
}

/** The part of a record that may be sent to a dispatcher or a crew. */
export function assignmentOf(record: AssignmentRecord): Assignment {
  const { promisedTo, notePresent, officeWords, factDevice, factSeq, factAt, createdAt, ...assignment } = record;
  void [promisedTo, notePresent, officeWords, factDevice, factSeq, factAt, createdAt];
  return assignment;
}

/** @throws Problem 404 `no-such-assignment`. */
export async function getAssignment(db: Db, id: string): Promise<AssignmentRecord> {
  const record = await findAssignment(db, id);
  if (!record) throw new Problem(404, 'no-such-assignment', `There is no assignment with the id ${id}.`);
  return record;
}

export async function findAssignment(db: Db, id: string): Promise<AssignmentRecord | undefined> {
  const row = await db<AssignmentRow>('assignment').where({ id }).first();
  return row && recordOf(row);
}

/** All of the shift, past ones included, in the order of its stops. */
export async function listAssignmentsOfShift(db: Db, shiftId: string): Promise<AssignmentRecord[]> {
  const rows = await db<AssignmentRow>('assignment').where({ shift_id: shiftId }).orderBy(['position', 'id']);
  return rows.map(recordOf);
}

/** All of these jobs, past ones included, by id. */
export async function listAssignmentsOfJobs(db: Db, jobIds: readonly string[]): Promise<AssignmentRecord[]> {
  if (jobIds.length === 0) return [];
  const { rows } = await db.raw<{ rows: AssignmentRow[] }>('select * from assignment where job_id = any(?::uuid[]) order by id', [
    [...jobIds],
  ]);
  return rows.map(recordOf);
}

/** All of these jobs and of these shifts, locked until the transaction ends, in the order of their ids. */
export async function lockAssignments(
  tx: Db,
  jobIds: readonly string[],
  shiftIds: readonly string[],
): Promise<AssignmentRecord[]> {
  if (jobIds.length === 0 && shiftIds.length === 0) return [];
  const { rows } = await tx.raw<{ rows: AssignmentRow[] }>(
    `select * from assignment where job_id = any(?::uuid[]) or shift_id = any(?::uuid[]) order by id for no key update`,
    [[...jobIds], [...shiftIds]],
  );
  return rows.map(recordOf);
}

const written = (a: AssignmentRecord): Record<string, unknown> => ({
  id: a.id,
  job_id: a.jobId,
  slot: a.slot,
  shift_id: a.shiftId,
  position: a.position,
  state: a.state,
  planned_arrival: a.plannedArrival,
  planned_start: a.plannedStart,
  planned_end: a.plannedEnd,
  lock_crew: a.lockCrew,
  lock_time: a.lockTime,
  lock_order: a.lockOrder,
  promised_from: a.promisedFrom,
  promised_until: a.promisedUntil,
  promised_to: a.promisedTo,
  plan_id: a.planId,
  reason: a.reason,
  note_present: a.notePresent,
  missing: a.missing,
  seconds_left: a.secondsLeft,
  office_words: a.officeWords,
  requested: a.requested,
  requested_at: a.requestedAt,
  dispatched_at: a.dispatchedAt,
  accepted_at: a.acceptedAt,
  travelling_at: a.travellingAt,
  on_site_at: a.onSiteAt,
  working_at: a.workingAt,
  ended_at: a.endedAt,
  working_since: a.workingSince,
  worked_seconds: a.workedSeconds,
  fact_device: a.factDevice,
  fact_seq: a.factSeq,
  fact_at: a.factAt,
  fixes_through: a.fixesThrough,
  verification: a.verification,
  verification_settled_at: a.verificationSettledAt,
  visit_seconds: a.visitSeconds,
  created_at: a.createdAt,
  version: a.version,
});

/** Only `work` calls this: it is the one writer of state. */
export async function insertAssignments(tx: Db, records: readonly AssignmentRecord[]): Promise<void> {
  if (records.length === 0) return;
  await tx.raw('insert into assignment select r.* from jsonb_populate_recordset(null::assignment, ?::jsonb) r', [
    JSON.stringify(records.map(written)),
  ]);
}

/** Writes what can change of assignments that are locked; only `work` calls this. */
export async function updateAssignments(tx: Db, records: readonly AssignmentRecord[]): Promise<void> {
  if (records.length === 0) return;
  await tx.raw(
    `update assignment a set shift_id = r.shift_id, position = r.position, state = r.state, planned_arrival = r.planned_arrival,
       planned_start = r.planned_start, planned_end = r.planned_end, lock_crew = r.lock_crew, lock_time = r.lock_time,
       lock_order = r.lock_order, promised_from = r.promised_from, promised_until = r.promised_until,
       promised_to = r.promised_to, plan_id = r.plan_id, reason = r.reason, note_present = r.note_present, missing = r.missing,
       seconds_left = r.seconds_left, office_words = r.office_words, requested = r.requested, requested_at = r.requested_at,
       dispatched_at = r.dispatched_at, accepted_at = r.accepted_at, travelling_at = r.travelling_at, on_site_at = r.on_site_at,
       working_at = r.working_at, ended_at = r.ended_at, working_since = r.working_since, worked_seconds = r.worked_seconds,
       fact_device = r.fact_device, fact_seq = r.fact_seq, fact_at = r.fact_at, fixes_through = r.fixes_through,
       verification = r.verification, verification_settled_at = r.verification_settled_at, visit_seconds = r.visit_seconds,
       version = r.version
     from jsonb_populate_recordset(null::assignment, ?::jsonb) r where a.id = r.id`,
    [JSON.stringify(records.map(written))],
  );
}

/** What the crew wrote on a completion or a refusal, apart from operations. */
export async function writeFieldNote(tx: Db, assignmentId: string, words: string): Promise<void> {
  await tx.raw(
    `insert into private.field_note (assignment_id, words) values (?, ?)
     on conflict (assignment_id) do update set words = excluded.words`,
    [assignmentId, words],
  );
}
