import type { Change } from '../../platform/events.ts';
import type { Scope } from '../../platform/policy.ts';
import { Problem } from '../../platform/problem.ts';
import type { Question } from './contract.ts';
import { requireReach } from './scope.ts';
import { questionOf } from './views.ts';

/**
 * A dispatcher answers a question. The answer settles nothing by itself (what happened stands, what is to be done is
 * commanded); it says that somebody has looked. @throws Problem 403, 404 `no-such-question`, 409 `answered-already`.
 */
export async function answerQuestion(
  change: Change,
  scope: Scope,
  id: string,
  answer: string,
): Promise<{ status: number; body: Question }> {
  const { tx, actor, now } = change;
  const row = await tx('question as q')
    .leftJoin('job as j', 'j.id', 'q.job_id')
    .leftJoin('crew_shift as s', 's.id', 'q.shift_id')
    .leftJoin('cases as c', 'c.id', 'q.case_id')
    .where('q.id', id)
    .forUpdate('q')
    .first<(Parameters<typeof questionOf>[0] & { organisation: string; areas: string[] | null }) | undefined>(
      'q.*',
      tx.raw('coalesce(j.organisation_id, s.organisation_id, c.organisation_id) as organisation'),
      tx.raw('coalesce(j.area_ids, c.area_ids) as areas'),
    );
  if (!row) throw new Problem(404, 'no-such-question', `There is no question with the id ${id}.`);
  requireReach(change, scope, [{ organisationId: row.organisation, ...(row.areas === null ? {} : { areaIds: row.areas }) }]);
  if (row.answered_at !== null) {
    throw new Problem(409, 'answered-already', 'Somebody has answered this question already.', { present: questionOf(row) });
  }
  await tx('question').where({ id }).update({ answered_at: now, answered_by: actor.accountId, answer });
  change.emit({
    type: 'question.answered',
    at: now,
    jobId: row.job_id,
    assignmentId: row.assignment_id,
    shiftId: row.shift_id,
    caseId: row.case_id,
    organisationId: row.organisation,
    body: { questionId: id, kind: row.kind, by: 'dispatcher' },
  });
  return { status: 200, body: questionOf({ ...row, answered_at: now, answer }) };
}
