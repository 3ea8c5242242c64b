import type { AssignmentCommand, CaseCommand, JobCommand, WorkAnswer } from '../../server/stores/work/contract.ts';
import type { Undone } from '../../server/stages/dispatch/contract.ts';
import { ApiProblem, newActionId, sendAction } from './api.ts';
import type { Desk } from './desk.ts';
import { holders, type DeskAssignment, type DeskJob } from './desk-job.ts';
import { earlierParts, takeBack } from './whole-change.ts';

type Command = AssignmentCommand | CaseCommand | JobCommand;

/** What the desk says when an action has been done. */
export interface Said {
  readonly word: string;
  readonly params: Readonly<Record<string, string | number>>;
}

const PATHS = { assignment: '/api/assignments/commands', case: '/api/cases/commands', job: '/api/jobs/commands' } as const;

/**
 * Does one thing at the desk and says how it went. Refused because somebody else was faster: what is true now is read
 * and shown, and nothing was overwritten. Not reached: "try again" sends the same action, which cannot happen twice.
 * @returns whether it was done.
 */
export async function act(desk: Desk, command: Command, said: Said, actionId = newActionId()): Promise<boolean> {
  const noun = command.type.slice(0, command.type.indexOf('.')) as keyof typeof PATHS;
  try {
    const answer = await sendAction<WorkAnswer>(PATHS[noun], { command }, actionId);
    desk.tell({ tone: 'ok', ...said, detail: null, undo: actionId, retry: null });
    // The socket tells it too; whoever acted sees it at once.
    await desk.readJobs(answer.jobs.map(({ id }) => id)).catch(() => undefined);
    return true;
  } catch (error) {
    refused(desk, error, () => void act(desk, command, said, actionId));
    if (error instanceof ApiProblem && error.status === 409) await desk.readJobs(jobsOf(desk, command)).catch(() => undefined);
    return false;
  }
}

export function refused(desk: Desk, error: unknown, again: () => void): void {
  if (!(error instanceof ApiProblem)) throw error;
  const tell = (word: string, retry: (() => void) | null): void =>
    desk.tell({
      tone: error.type === 'stale-version' ? 'warning' : 'error',
      word,
      params: {},
      detail: error.status === 0 ? null : error.message,
      undo: null,
      retry,
    });
  if (error.status === 401) return desk.signedOut();
  if (error.type === 'stale-version') return tell('error.changedMeanwhile', null);
  if (error.passing) return tell('error.notReached', again);
  tell('error.refused', null);
}

function jobsOf(desk: Desk, command: Command): string[] {
  if ('jobId' in command && command.jobId !== undefined) return [command.jobId];
  if (!('assignmentId' in command)) return [];
  for (const job of desk.store.getState().jobs.values()) {
    if (job.assignments.some(({ id }) => id === command.assignmentId)) return [job.id];
  }
  return [];
}

/** Gives one slot of a job to a crew; a slot that somebody has is moved. */
export function assign(desk: Desk, job: DeskJob, slot: number, shift: { id: string; name: string }): Promise<boolean> {
  const holder = holders(job).find((a) => a.slot === slot);
  const said: Said = { word: 'did.assigned', params: { number: job.number, crew: shift.name } };
  const shiftId = shift.id as AssignmentShiftId;
  if (holder === undefined) {
    return act(desk, { type: 'assignment.assign', jobId: job.id, version: job.version, slot, shiftId, lockCrew: true }, said);
  }
  return act(
    desk,
    { type: 'assignment.move', assignmentId: holder.id, version: holder.version, shiftId, lockCrew: true },
    { word: 'did.moved', params: said.params },
  );
}

type AssignmentShiftId = Extract<AssignmentCommand, { type: 'assignment.assign' }>['shiftId'];

/** How taking work back is said to a crew: it was not told yet, it was told, or it is on its way. */
export type TakingBack = 'unassign' | 'recall' | 'cancel';

export function takingBack(a: Pick<DeskAssignment, 'state'>): TakingBack {
  if (a.state === 'planned') return 'unassign';
  return a.state === 'dispatched' || a.state === 'accepted' ? 'recall' : 'cancel';
}

/** Takes work back; a crew that was told is told why. */
export function takeOff(desk: Desk, job: DeskJob, a: DeskAssignment, crew: string, reason: string): Promise<boolean> {
  const how = takingBack(a);
  const said: Said = { word: how === 'unassign' ? 'did.takenOff' : 'did.askedBack', params: { number: job.number, crew } };
  const about = { assignmentId: a.id, version: a.version };
  switch (how) {
    case 'unassign':
      return act(desk, { type: 'assignment.unassign', ...about }, said);
    case 'recall':
      return act(desk, { type: 'assignment.recall', ...about, reason }, said);
    case 'cancel':
      return act(desk, { type: 'assignment.cancel', ...about, reason }, said);
    default:
      return how satisfies never;
  }
}

/** Takes back one's own last action, and what was made with it as one change; or says why that cannot be. */
export async function undo(desk: Desk, meant: string | null, actionId = newActionId()): Promise<void> {
  try {
    const undone = await sendAction<Undone>('/api/undo', meant === null ? {} : { actionId: meant }, actionId);
    const jobs = undone.work.flatMap((work) => work.jobs.map(({ id }) => id as string));
    try {
      jobs.push(...(await takeBack(desk, earlierParts(desk, undone.actionId))));
      desk.tell({ tone: 'ok', word: 'did.undone', params: {}, detail: null, undo: null, retry: null });
    } catch (error) {
      if (!(error instanceof ApiProblem)) throw error;
      desk.tell({ tone: 'warning', word: 'did.undonePartly', params: {}, detail: error.message, undo: null, retry: null });
    }
    if (jobs.length > 0) await desk.readJobs([...new Set(jobs)]).catch(() => undefined);
  } catch (error) {
    refused(desk, error, () => void undo(desk, meant, actionId));
  }
}
