import type { Change } from '../../platform/events.ts';

export interface FreezeTimer {
  readonly assignmentId: string;
  readonly dueAt: Date;
}

/** The timers of a whole plan in one statement (a plan of 900 stops has 900); an open one is moved. */
export async function setFreezeTimers(change: Change, timers: readonly FreezeTimer[]): Promise<void> {
  if (timers.length === 0) return;
  const rows = timers.map((t) => ({
    id: change.ids.next(change.now),
    subject_id: t.assignmentId,
    due_at: t.dueAt.toISOString(),
  }));
  await change.tx.raw(
    `insert into timer (id, kind, subject_id, due_at)
     select r.id, 'freeze', r.subject_id, r.due_at
     from jsonb_to_recordset(?::jsonb) as r(id uuid, subject_id uuid, due_at timestamptz)
     order by r.subject_id
     on conflict (kind, subject_id) where done_at is null
     do update set due_at = excluded.due_at, attempts = 0, last_error = null`,
    [JSON.stringify(rows)],
  );
}

export async function dropFreezeTimers(change: Change, assignmentIds: readonly string[]): Promise<void> {
  if (assignmentIds.length === 0) return;
  await change.tx.raw(`delete from timer where kind = 'freeze' and done_at is null and subject_id = any(?::uuid[])`, [
    [...assignmentIds],
  ]);
}
