import { assignmentOf, insertAssignments, updateAssignments, writeFieldNote } from '../assignments/store.ts';
import { endCaseJobs, insertCaseJobs } from '../cases/links.ts';
import { updateCases } from '../cases/store.ts';
import { copyJobOrders, insertJobs, updateJobs } from '../jobs/store.ts';
import type { WorkAnswer } from './contract.ts';
import type { Desk } from './desk.ts';

/** Writes everything the command changed: a handful of statements, however many rows. */
export async function write(desk: Desk): Promise<void> {
  const { tx } = desk.change;
  await writeOrders(desk);
  await insertJobs(tx, pick(desk.jobs, desk.inserted.jobs));
  await updateJobs(tx, pick(desk.jobs, without(desk.changed.jobs, desk.inserted.jobs)));
  for (const copy of desk.jobOrderCopies) await copyJobOrders(tx, copy.from, copy.to);
  // Slots are given up before they are taken: the unique indexes look at each row at once.
  const changed = new Set([...desk.changed.assignments, ...desk.repositioned]);
  await updateAssignments(tx, pick(desk.assignments, without(changed, desk.inserted.assignments)));
  await insertAssignments(tx, pick(desk.assignments, desk.inserted.assignments));
  for (const [assignmentId, words] of desk.notes) await writeFieldNote(tx, assignmentId, words);
  await endCaseJobs(tx, desk.ended);
  await insertCaseJobs(tx, pick(desk.links, desk.inserted.links));
  await updateCases(tx, pick(desk.cases, desk.changed.cases));
  await writeQuestions(desk);
}

const pick = <T>(rows: ReadonlyMap<string, T>, ids: ReadonlySet<string>): T[] =>
  [...ids].flatMap((id) => {
    const row = rows.get(id);
    return row === undefined ? [] : [row];
  });
const without = (ids: ReadonlySet<string>, others: ReadonlySet<string>): Set<string> =>
  new Set([...ids].filter((id) => !others.has(id)));

/** A shift whose order of stops has changed gets the next order version; its crew acknowledges that one. */
async function writeOrders(desk: Desk): Promise<void> {
  if (desk.orders.size === 0) return;
  const rows = [...desk.orders].map(([id, planning]) => ({ id, planning: planning ? 1 : 0 }));
  await desk.change.tx.raw(
    `update crew_shift s set order_version = s.order_version + 1, planning_version = s.planning_version + r.planning
     from jsonb_to_recordset(?::jsonb) as r(id uuid, planning integer) where s.id = r.id`,
    [JSON.stringify(rows)],
  );
  for (const [id, planning] of desk.orders) {
    const shift = desk.shifts.get(id);
    if (!shift) throw new Error(`the order of shift ${id} changed without its lock`);
    const after = { ...shift, orderVersion: shift.orderVersion + 1, planningVersion: shift.planningVersion + (planning ? 1 : 0) };
    desk.shifts.set(id, after);
    desk.change.emit({
      type: 'shift.order_changed',
      at: desk.change.now,
      shiftId: id,
      organisationId: shift.organisationId,
      body: { orderVersion: after.orderVersion, planningVersion: after.planningVersion },
    });
  }
}

async function writeQuestions(desk: Desk): Promise<void> {
  const { change } = desk;
  if (desk.questions.length === 0) return;
  // One open question of a kind about one thing: a crew that says the same thing five times asks once.
  const { rows } = await change.tx.raw<{ rows: { id: string }[] }>(
    `insert into question (id, kind, job_id, assignment_id, shift_id, asked_at, body)
     select r.id, r.kind, r.job_id, r.assignment_id, r.shift_id, r.asked_at, r.body
     from jsonb_to_recordset(?::jsonb) as r(id uuid, kind text, job_id uuid, assignment_id uuid, shift_id uuid,
       asked_at timestamptz, body jsonb)
     where not exists (select 1 from question q where q.answered_at is null and q.kind = r.kind
       and q.assignment_id is not distinct from r.assignment_id and q.shift_id is not distinct from r.shift_id)
     returning id`,
    [
      JSON.stringify(
        desk.questions.map((q) => ({
          id: q.id,
          kind: q.kind,
          job_id: q.jobId,
          assignment_id: q.assignmentId,
          shift_id: q.shiftId,
          asked_at: change.receivedAt.toISOString(),
          body: q.body,
        })),
      ),
    ],
  );
  const asked = new Set(rows.map((r) => r.id));
  for (const q of desk.questions.filter(({ id }) => asked.has(id))) {
    change.emit({
      type: 'question.asked',
      at: change.receivedAt,
      jobId: q.jobId,
      assignmentId: q.assignmentId,
      shiftId: q.shiftId,
      organisationId: q.organisationId,
      body: { questionId: q.id, kind: q.kind },
    });
  }
}

/** What the command changed and what it was about, as it is now. */
export function answerOf(desk: Desk): WorkAnswer {
  const all = (...sets: ReadonlySet<string>[]): Set<string> => new Set(sets.flatMap((s) => [...s]));
  return {
    cases: pick(desk.cases, all(desk.named.cases, desk.changed.cases)).map(({ id, number, state, version }) => ({
      id,
      number,
      state,
      version,
    })),
    jobs: pick(desk.jobs, all(desk.named.jobs, desk.changed.jobs, desk.inserted.jobs)).map((j) => ({
      id: j.id,
      number: j.number,
      state: j.state,
      version: j.version,
      planningVersion: j.planningVersion,
      followUpOf: j.followUpOf,
    })),
    assignments: pick(desk.assignments, all(desk.named.assignments, desk.changed.assignments, desk.inserted.assignments)).map(
      assignmentOf,
    ),
    shifts: [...desk.orders.keys()].flatMap((id) => {
      const shift = desk.shifts.get(id);
      return shift ? [{ id: shift.id, orderVersion: shift.orderVersion }] : [];
    }),
    questions: desk.questions.map(({ id, kind }) => ({ id, kind })),
  };
}
