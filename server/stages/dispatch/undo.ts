import { answerOnce, type Answer, type Envelope } from '../../platform/action.ts';
import type { Actor } from '../../platform/actor.ts';
import type { ChangeTools } from '../../platform/change.ts';
import type { Change } from '../../platform/events.ts';
import type { Scope } from '../../platform/policy.ts';
import { Problem } from '../../platform/problem.ts';
import { findLastUndoable, markUndone, onlyUndoneSince, type UndoableAction } from '../../platform/undo-log.ts';
import { isActive } from '../../stores/assignments/contract.ts';
import { findAssignment, listAssignmentsOfShift } from '../../stores/assignments/store.ts';
import { findCase } from '../../stores/cases/store.ts';
import { getJob, listJobs } from '../../stores/jobs/store.ts';
import { apply } from '../../stores/work/apply.ts';
import { WorkAnswer, type Command } from '../../stores/work/contract.ts';
import type { LastAction, Undone } from './contract.ts';
import { Inverse, type BLOCKS, type Step } from './inverse.ts';

const SENTENCES: Readonly<Record<(typeof BLOCKS)[number], string>> = {
  crew_told: 'The crew has been told of this; recall the work, or give it again.',
  promise_given: 'A time that was promised to somebody is not taken back by undo; promise another one.',
  ended: 'A job was cancelled by this and cannot be opened again; make a new job.',
  no_way_back: 'There is no way back from this.',
};

/** One's own last action that undo would take back, and whether it can. */
export async function lastAction(tools: ChangeTools, actor: Actor): Promise<LastAction> {
  const last = actor.accountId === null ? undefined : await findLastUndoable(tools.db, actor.accountId);
  if (last === undefined) return { actionId: null, kind: null, at: null, blocked: null };
  const inverse = Inverse.parse(last.inverse);
  const blocked = inverse.possible ? await changedSince(tools.db, last.id, inverse) : SENTENCES[inverse.because];
  return { actionId: last.id, kind: last.kind, at: last.receivedAt.toISOString(), blocked };
}

/**
 * Takes back the actor's last action at the desk, by commands that anybody could have given: nothing that others have
 * changed since is overwritten. @throws Problem 409 `nothing-to-undo`, `undo-blocked` with the reason.
 */
export async function undo(
  tools: ChangeTools,
  actor: Actor,
  scope: Scope,
  envelope: Envelope,
  meant: string | undefined,
): Promise<Answer> {
  return answerOnce(tools, actor, envelope, 'undo', { actionId: meant ?? null }, async (change) => {
    const last = actor.accountId === null ? undefined : await findLastUndoable(change.tx, actor.accountId);
    if (last === undefined) throw new Problem(409, 'nothing-to-undo', 'There is nothing of yours to take back.');
    if (meant !== undefined && meant !== last.id) throw blocked(last, 'You have done something else since; look at it first.');
    const inverse = Inverse.parse(last.inverse);
    if (!inverse.possible) throw blocked(last, SENTENCES[inverse.because]);
    const changed = await changedSince(change.tx, last.id, inverse);
    if (changed !== null) throw blocked(last, changed);
    const work: WorkAnswer[] = [];
    try {
      for (const step of inverse.steps) work.push(...(await takeBack(change, scope, step)));
    } catch (error) {
      if (error instanceof Problem && error.status === 409) throw blocked(last, error.message);
      throw error;
    }
    if (!(await markUndone(change, last.id))) throw blocked(last, 'It was taken back in another window just now.');
    const body: Undone = { actionId: last.id, kind: last.kind, work };
    return { status: 200, body };
  });
}

const blocked = (last: UndoableAction, because: string): Problem =>
  new Problem(409, 'undo-blocked', because, { present: { actionId: last.id, kind: last.kind } });

/** Why it can no longer be taken back, or null. What was done since and taken back again does not stand in the way. */
async function changedSince(
  tx: ChangeTools['db'],
  actionId: string,
  inverse: Extract<Inverse, { possible: true }>,
): Promise<string | null> {
  const { assignments, cases, jobs } = inverse.expects;
  for (const [id, version] of Object.entries(assignments)) {
    if ((await findAssignment(tx, id))?.version !== version && !(await onlyUndoneSince(tx, actionId, { assignment_id: id })))
      return 'This work has been changed since, by somebody else or by its crew.';
  }
  for (const [id, version] of Object.entries(cases)) {
    if ((await findCase(tx, id))?.version !== version) return 'This case has been changed since.';
  }
  const present = await listJobs(tx, Object.keys(jobs));
  for (const job of present) {
    const expected = jobs[job.id];
    const same = expected?.planningVersion === job.planningVersion;
    if (expected === undefined || (!same && !(await onlyUndoneSince(tx, actionId, { job_id: job.id }))))
      return `Job ${job.number} has been changed since.`;
    if (expected.state !== null && expected.state !== job.state) return `Job ${job.number} is ${job.state} by now.`;
  }
  return null;
}

async function takeBack(change: Change, scope: Scope, step: Step): Promise<WorkAnswer[]> {
  const { tx } = change;
  const run = async (command: Command): Promise<WorkAnswer> => WorkAnswer.parse((await apply(change, scope, command)).body);
  const versionOf = async (id: string): Promise<number> => (await findAssignment(tx, id))?.version ?? 1;
  switch (step.step) {
    case 'unassign':
      return [
        await run({ type: 'assignment.unassign', assignmentId: step.assignmentId, version: await versionOf(step.assignmentId) }),
      ];
    case 'place':
      return placeBack(change, step, run);
    case 'lock':
      return [
        await run({
          type: 'assignment.lock',
          assignmentId: step.assignmentId,
          version: await versionOf(step.assignmentId),
          ...step.locks,
        }),
      ];
    case 'promise': {
      const { assignmentId, from, until } = step;
      return [await run({ type: 'assignment.promise', assignmentId, version: await versionOf(assignmentId), from, until })];
    }
    case 'job.change':
    case 'job.release':
    case 'job.hold':
    case 'job.cancel': {
      const { step: type, ...rest } = step;
      const { version } = await getJob(tx, step.jobId);
      return [await run({ type, version, ...rest } as Command)];
    }
    case 'case.split':
      return [await run({ type: 'case.split', caseId: step.caseId, jobId: step.jobId, ownJob: false })];
    case 'case.join': {
      const { caseId, jobId, leave } = step;
      return [await run({ type: 'case.join', caseId, jobId, cause: 'dispatcher', ...(leave === null ? {} : { leave }) })];
    }
    case 'case.triage':
      return [await run({ type: 'case.triage', caseId: step.caseId, priority: step.priority, dueAt: step.dueAt })];
    case 'case.release':
    case 'case.decide': {
      const { version } = (await findCase(tx, step.caseId)) ?? { version: 1 };
      return [
        await run(
          step.step === 'case.release' ? { type: 'case.release', caseId: step.caseId, version } : decision(step, version),
        ),
      ];
    }
    default:
      return step satisfies never;
  }
}

function decision(step: Extract<Step, { step: 'case.decide' }>, version: number): Command {
  const { caseId, reason, of } = step;
  switch (step.decision) {
    case 'duplicate':
      if (of === null) throw new Problem(409, 'undo-blocked', 'The case that it repeated is not known any more.');
      return { type: 'case.duplicate', caseId, version, of };
    case 'referred':
      return { type: 'case.refer', caseId, version, reason };
    case 'no_action':
      return { type: 'case.no_action', caseId, version, reason };
    case 'cancelled':
      return { type: 'case.cancel', caseId, version, reason };
    case 'on_hold':
      return { type: 'case.hold', caseId, version, reason };
    default:
      return step.decision satisfies never;
  }
}

/** Where it was, before the first of its followers that is still there; then exactly the locks and the promise it had. */
async function placeBack(
  change: Change,
  step: Extract<Step, { step: 'place' }>,
  run: (command: Command) => Promise<WorkAnswer>,
): Promise<WorkAnswer[]> {
  const { tx } = change;
  const present = (await listAssignmentsOfShift(tx, step.shiftId)).filter(isActive);
  const before = step.followers.find((id) => present.some((a) => a.id === id));
  const place = {
    shiftId: step.shiftId,
    ...(before === undefined ? {} : { before }),
    ...(step.plannedStart === null ? {} : { plannedStart: step.plannedStart }),
    lockCrew: step.locks.crew,
  };
  const placed =
    step.assignmentId === null
      ? await run({
          type: 'assignment.assign',
          jobId: step.jobId,
          version: (await getJob(tx, step.jobId)).version,
          slot: step.slot,
          ...place,
        })
      : await run({
          type: 'assignment.move',
          assignmentId: step.assignmentId,
          version: (await findAssignment(tx, step.assignmentId))?.version ?? 1,
          ...place,
        });
  const now = placed.assignments.find(
    (a) => a.jobId === step.jobId && a.slot === step.slot && a.shiftId === step.shiftId && isActive(a),
  );
  if (now === undefined) return [placed];
  const answers = [placed];
  const { crew, time, order } = step.locks;
  if (now.lockCrew !== crew || now.lockTime !== time || now.lockOrder !== order) {
    answers.push(await run({ type: 'assignment.lock', assignmentId: now.id, version: now.version, ...step.locks }));
  }
  const { promised } = step;
  if (promised !== null && now.promisedFrom !== promised.from) {
    const version = (await findAssignment(tx, now.id))?.version ?? now.version;
    answers.push(await run({ type: 'assignment.promise', assignmentId: now.id, version, ...promised }));
  }
  return answers;
}
