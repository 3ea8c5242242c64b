import type { Change } from '../../platform/events.ts';
import type { Scope } from '../../platform/policy.ts';
import { Problem } from '../../platform/problem.ts';
import { noteDevices } from '../positions/store.ts';
import { applyAssignmentCommand } from './assignment-commands.ts';
import { applyCaseCommand } from './case-commands.ts';
import type {
  AssignmentCommand,
  CaseCommand,
  Command,
  FieldFact,
  JobCommand,
  PublishOutcome,
  SystemCommand,
  WorkAnswer,
} from './contract.ts';
import type { Desk } from './desk.ts';
import { applyFieldFact } from './field-facts.ts';
import { applyJobCommand } from './job-commands.ts';
import { publish } from './publish.ts';
import { settle } from './settle.ts';
import { applySystemCommand } from './system.ts';
import { answerOf, write } from './write.ts';

/**
 * The one writer of the state of cases, jobs and assignments. Locks shifts, jobs, assignments, cases (each by id),
 * decides with the pure functions of the stores, derives what follows, writes, and tells.
 * For field facts `change.now` is when it happened; what else a command decides happens at `change.now`, too.
 * @returns a WorkAnswer, for `plan.publish` a PublishOutcome.
 * @throws Problem 403 out-of-scope, not-your-shift; 404 no-such-…; 409 stale-version, illegal-transition, slot-taken
 *   and others named where they are decided. Nothing is written then (the caller's savepoint or transaction ends).
 */
export async function apply(
  change: Change,
  scope: Scope,
  command: Command,
): Promise<{ status: number; body: WorkAnswer | PublishOutcome }> {
  if (scope === 'own' && !isFieldFact(command)) {
    throw new Problem(403, 'out-of-scope', 'A crew reports its own work; other decisions are the office’s.');
  }
  try {
    if (command.type === 'plan.publish') {
      const { desk, outcome } = await publish(change, scope, command);
      await finish(desk);
      return { status: 200, body: outcome() };
    }
    const desk = await decide(change, scope, command);
    await finish(desk);
    if (isFieldFact(command) && change.actor.deviceId !== null) {
      // A phone that only reports its work, without positions, is not silent.
      await noteDevices(change.tx, [{ deviceId: change.actor.deviceId, seq: 0, at: change.receivedAt }]);
    }
    return { status: 200, body: answerOf(desk) };
  } catch (error) {
    throw asRefusal(error) ?? error;
  }
}

async function finish(desk: Desk): Promise<void> {
  await settle(desk);
  await write(desk);
}

const isFieldFact = (command: Command): command is FieldFact => command.type.startsWith('field.');
const isCase = (command: Command): command is CaseCommand => command.type.startsWith('case.');
const isJob = (command: Command): command is JobCommand => command.type.startsWith('job.');
const isAssignment = (command: Command): command is AssignmentCommand => command.type.startsWith('assignment.');

async function decide(change: Change, scope: Scope, command: Exclude<Command, { type: 'plan.publish' }>): Promise<Desk> {
  if (isFieldFact(command)) return applyFieldFact(change, scope, command, await deviceSeqOf(change));
  if (isCase(command)) return applyCaseCommand(change, scope, command);
  if (isJob(command)) return applyJobCommand(change, scope, command);
  if (isAssignment(command)) return applyAssignmentCommand(change, scope, command);
  return applySystemCommand(change, scope, command satisfies Exclude<SystemCommand, { type: 'plan.publish' }>);
}

/** The device's own count of this message; the action's row was written first, in this transaction. */
async function deviceSeqOf(change: Change): Promise<number | null> {
  if (change.actionId === null || change.actor.deviceId === null) return null;
  const row = await change
    .tx('action')
    .where({ id: change.actionId })
    .first<{ device_seq: number | null } | undefined>('device_seq');
  return row?.device_seq ?? null;
}

/** What the schema refuses although the code let it through: two at once, or a rule we forgot. Never a 500. */
function asRefusal(error: unknown): Problem | null {
  if (!(error instanceof Error) || !('code' in error)) return null;
  const constraint = 'constraint' in error && typeof error.constraint === 'string' ? error.constraint : '';
  if (error.code !== '23505' && error.code !== '23P01') return null;
  switch (constraint) {
    case 'assignment_active_slot':
      return new Problem(409, 'slot-taken', 'Another crew has this slot already.', { cause: error });
    case 'assignment_active_shift':
      return new Problem(409, 'slot-taken', 'This crew has another slot of the same job already.', { cause: error });
    case 'case_job_active':
      return new Problem(409, 'joined-already', 'The case and the job are joined already.', { cause: error });
    default:
      return new Problem(409, 'conflict', 'Somebody else has just changed the same thing; look at it again.', { cause: error });
  }
}
