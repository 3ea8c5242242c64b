import type { Db } from '../../../db/knex.ts';
import type { Change } from '../../platform/events.ts';
import { iso } from '../../platform/instant.ts';
import type { AssignmentRecord } from '../assignments/store.ts';
import { newAssignment } from './assignment-commands.ts';
import { aboutAssignment, addAssignment, assignmentsOfJob, openWithShifts, type Desk } from './desk.ts';
import { required } from './scope.ts';

/**
 * Planned work may be given to another shift while the crew that had it is out of reach; that crew may do it all the
 * same and then reports on an assignment that is another crew's now. What it did stands: it gets an assignment of its
 * own, cancelled as the move did, and its facts are taken on that one.
 */

/** Which shifts had this assignment before and no longer do, by the event log, newest first. */
export async function listFormerShifts(db: Db, a: AssignmentRecord): Promise<string[]> {
  const { rows } = await db.raw<{ rows: { shift_id: string }[] }>(
    `select shift_id from event
     where assignment_id = ? and type in ('assignment.planned', 'assignment.moved') and shift_id <> ?
     group by shift_id order by max(seq) desc`,
    [a.id, a.shiftId],
  );
  return rows.map((r) => r.shift_id);
}

/** The assignment that stands for what the former shift had, made when the first fact about it arrives. */
export async function takeUpTrace(
  change: Change,
  moved: AssignmentRecord,
  formerShiftId: string,
): Promise<{ desk: Desk; a: AssignmentRecord }> {
  const desk = await openWithShifts(change, { jobIds: [moved.jobId], shiftIds: [formerShiftId] });
  const job = required(desk.jobs.get(moved.jobId), 'job', moved.jobId);
  const shift = required(desk.shifts.get(formerShiftId), 'shift', formerShiftId);
  const known = assignmentsOfJob(desk, job.id)
    .filter((a) => a.shiftId === shift.id && a.slot === moved.slot)
    .at(-1);
  if (known) {
    desk.named.assignments.add(known.id);
    return { desk, a: known };
  }
  const left = await leftAt(change.tx, moved.id, shift.id, change.now);
  const a: AssignmentRecord = {
    ...newAssignment(desk, job, moved.slot, shift),
    position: moved.position,
    state: 'cancelled',
    reason: 'replanned',
    endedAt: iso(left),
  };
  addAssignment(desk, a);
  desk.named.assignments.add(a.id);
  const about = { ...aboutAssignment(desk, a), at: left };
  change.emit({ ...about, type: 'assignment.planned', body: { slot: a.slot, by: 'trace', traceOf: moved.id, version: 1 } });
  change.emit({
    ...about,
    type: 'assignment.state_changed',
    body: { from: 'planned', to: 'cancelled', cause: 'replanned', by: 'trace', version: 1 },
  });
  return { desk, a };
}

/** When the assignment last left the shift. */
async function leftAt(db: Db, assignmentId: string, shiftId: string, otherwise: Date): Promise<Date> {
  const { rows } = await db.raw<{ rows: { at: Date | null }[] }>(
    `select min(at) as at from event
     where assignment_id = ? and type = 'assignment.moved' and shift_id <> ? and seq >
       (select max(seq) from event
        where assignment_id = ? and type in ('assignment.planned', 'assignment.moved') and shift_id = ?)`,
    [assignmentId, shiftId, assignmentId, shiftId],
  );
  return rows[0]?.at ?? otherwise;
}
