import type { Db } from '../../../db/knex.ts';
import type { Change } from '../../platform/events.ts';
import type { CrewShift } from '../crews/contract.ts';
import type { Desk } from './desk.ts';

/**
 * Whether nothing unknown can have happened in a shift that is over: its phones have been heard of since its scheduled
 * end (or since its crew signed off), or it has no phone and reports by radio only.
 */
export async function hasSynchronised(tx: Db, shift: CrewShift): Promise<boolean> {
  // A crew that signed off early has nothing to add after that.
  const since = shift.endedAt !== null && shift.endedAt < shift.until ? shift.endedAt : shift.until;
  const { rows } = await tx.raw<{ rows: { heard: boolean | null }[] }>(
    `select bool_and(coalesce(seen.last_seen_at >= ?::timestamptz, false)) as heard
     from shift_member m
       join device_binding b on b.vehicle_id = m.resource_id and b.during && m.during
       join device d on d.id = b.device_id and d.kind = 'crew_phone' and d.revoked_at is null
       left join device_seen seen on seen.device_id = d.id
     where m.shift_id = ? and m.kind = 'vehicle' and upper(m.during) >= ?::timestamptz`,
    [since, shift.id, since],
  );
  return rows[0]?.heard ?? true;
}

/** Nobody knows what became of work that was not begun: the dispatcher is asked once a shift. */
export function askAboutSilence(desk: Desk, shift: CrewShift, stops: number): void {
  desk.questions.push({
    id: desk.change.ids.next(desk.change.now),
    kind: 'shift_end_unsynchronised',
    jobId: null,
    assignmentId: null,
    shiftId: shift.id,
    organisationId: shift.organisationId,
    body: { stops, shiftEndedAt: shift.until },
  });
}

/** The device has been heard of after all: the question has answered itself. */
export async function closeSilence(change: Change, shiftId: string): Promise<void> {
  const { rows } = await change.tx.raw<{ rows: { id: string; organisation_id: string }[] }>(
    `update question q set answered_at = ?, answer = 'synchronised' from crew_shift s
     where q.shift_id = ? and q.kind = 'shift_end_unsynchronised' and q.answered_at is null and s.id = q.shift_id
     returning q.id, s.organisation_id`,
    [change.now, shiftId],
  );
  for (const q of rows) {
    change.emit({
      type: 'question.answered',
      at: change.now,
      shiftId,
      organisationId: q.organisation_id,
      body: { questionId: q.id, kind: 'shift_end_unsynchronised', by: 'device' },
    });
  }
}
