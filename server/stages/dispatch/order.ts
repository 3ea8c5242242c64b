import { answerOnce, type Answer, type Envelope } from '../../platform/action.ts';
import type { Actor } from '../../platform/actor.ts';
import type { ChangeTools } from '../../platform/change.ts';
import type { Scope } from '../../platform/policy.ts';
import { rememberInverse } from '../../platform/undo-log.ts';
import { isActive, type AssignmentId } from '../../stores/assignments/contract.ts';
import { findAssignment, listAssignmentsOfJobs, listAssignmentsOfShift } from '../../stores/assignments/store.ts';
import { listCaseJobs } from '../../stores/cases/links.ts';
import { listCases } from '../../stores/cases/store.ts';
import { listJobs } from '../../stores/jobs/store.ts';
import { insertOverride } from '../../stores/overrides/store.ts';
import { apply } from '../../stores/work/apply.ts';
import { WorkAnswer } from '../../stores/work/contract.ts';
import { inverseOf, type Before, type DeskCommand } from './inverse.ts';
import { overrideOf } from './override-of.ts';

/**
 * One command of a desk, once for its action id. What would take it back is noted with the action, and what it changed
 * against the plan in the ledger of overrides, in the same transaction. @throws Problem 422 `action-reused`; refusals of the command are answers.
 */
export async function order(
  tools: ChangeTools,
  actor: Actor,
  scope: Scope,
  envelope: Envelope,
  command: DeskCommand,
): Promise<Answer> {
  return answerOnce(tools, actor, envelope, command.type, command, async (change) => {
    // Read without locks: the command names the version it saw, so a change in between is refused as stale.
    const before = await readBefore(change.tx, command);
    const answer = await apply(change, scope, command);
    const after = WorkAnswer.parse(answer.body);
    await rememberInverse(change, inverseOf(command, before, after));
    const override = overrideOf(command, before, after);
    if (override !== null) await insertOverride(change.tx, { ...override, actionId: envelope.actionId, at: change.now });
    return answer;
  });
}

async function readBefore(tx: ChangeTools['db'], command: DeskCommand): Promise<Before> {
  const caseIds = 'caseIds' in command ? command.caseIds : 'caseId' in command ? [command.caseId] : [];
  const about = 'assignmentId' in command ? await findAssignment(tx, command.assignmentId) : undefined;
  const links = await listCaseJobs(tx, caseIds, []);
  const named = 'jobId' in command ? [command.jobId] : [];
  const jobIds = [...new Set([...named, ...(about === undefined ? [] : [about.jobId]), ...links.map((link) => link.jobId)])];
  const assignments = (await listAssignmentsOfJobs(tx, jobIds)).filter(isActive);
  const followers = new Map<string, readonly AssignmentId[]>();
  for (const a of assignments) {
    const stops = (await listAssignmentsOfShift(tx, a.shiftId)).filter(isActive);
    followers.set(
      a.id,
      stops.filter((other) => other.position > a.position).map(({ id }) => id),
    );
  }
  return { cases: await listCases(tx, caseIds), jobs: await listJobs(tx, jobIds), assignments, followers };
}
