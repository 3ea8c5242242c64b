import { CannotCompleteReason } from '../assignments/contract.ts';
import type { AssignmentRecord } from '../assignments/store.ts';
import { deriveCaseState, isBeingConfirmed, isClosed, type JobOfCase } from '../cases/transitions.ts';
import { JobId, type Job } from '../jobs/contract.ts';
import { afterFailure, deriveJobState, isEnded, jobVerification, slotState, type Failure } from '../jobs/transitions.ts';
import { nextJobNumbers } from '../jobs/store.ts';
import { addJob, addLink, assignmentsOfJob, changeCase, changeJob, endLink, linksOfCase, linksOfJob, type Desk } from './desk.ts';

/** Derives the states of every job and case held, makes the follow-ups that reasons imply, and tells what changed. */
export async function settle(desk: Desk): Promise<void> {
  const failed: string[] = [];
  for (const job of [...desk.jobs.values()]) {
    if (settleJob(desk, job) === 'cannot_complete') failed.push(job.id);
  }
  for (const id of failed) await followUp(desk, desk.jobs.get(id)!);
  for (const c of [...desk.cases.values()]) settleCase(desk, c.id);
}

/** @returns the state the job has just entered, or undefined when it stays. */
function settleJob(desk: Desk, job: Job): Job['state'] | undefined {
  const state = deriveJobState(job.decided, job.slots.length, assignmentsOfJob(desk, job.id));
  if (state === job.state) return undefined;
  const ended = isEnded(state);
  const after = changeJob(desk, job.id, { state, endedAt: ended ? desk.at : null });
  desk.change.emit({
    type: 'job.state_changed',
    at: desk.change.now,
    jobId: job.id,
    organisationId: job.organisationId,
    body: { from: job.state, to: state, version: after.version },
  });
  return state;
}

const failuresOf = (assignments: readonly AssignmentRecord[]): Failure[] =>
  assignments
    .filter((a) => a.state === 'cannot_complete')
    .map((a) => ({
      slot: a.slot,
      reason: CannotCompleteReason.parse(a.reason),
      missing: a.missing,
      secondsLeft: a.secondsLeft,
      endedAt: a.endedAt ?? '',
    }));

const doneSlots = (job: Job, assignments: readonly AssignmentRecord[]): number[] =>
  job.slots.map((_, slot) => slot).filter((slot) => slotState(assignments, slot) === 'completed');

/** Makes the follow-up job the reason implies and hands it the cases; nothing when the reason closes the case. */
async function followUp(desk: Desk, job: Job): Promise<void> {
  const { change } = desk;
  const assignments = assignmentsOfJob(desk, job.id);
  const outcome = afterFailure(job, doneSlots(job, assignments), failuresOf(assignments));
  const links = linksOfJob(desk, job.id);
  const waiting = links.filter((l) => {
    const decided = desk.cases.get(l.caseId)?.decided;
    return decided === null || decided === 'on_hold';
  });
  // Nobody waits for it any more: every case was closed by a decision meanwhile.
  if (outcome.then === 'close_case' || waiting.length === 0) return;
  const [number] = await nextJobNumbers(change.tx, 1);
  const made = outcome.job;
  const next: Job = {
    ...job,
    id: JobId.parse(change.ids.next(change.now)),
    number: number!,
    slots: [...made.slots],
    serviceSeconds: made.serviceSeconds,
    windows: job.windows.filter((w) => Date.parse(w.until) > change.now.getTime()),
    releaseAt: desk.at,
    followUpOf: job.id,
    followUpReason: made.reason,
    state: made.decided ?? 'ready',
    decided: made.decided,
    decidedReason: made.decided === null ? null : made.reason,
    createdAt: desk.at,
    endedAt: null,
    version: 1,
    planningVersion: 1,
  };
  addJob(desk, next);
  desk.jobOrderCopies.push({ from: job.id, to: next.id });
  emitCreated(desk, next, 'follow_up');
  for (const link of waiting) {
    endLink(desk, link, 'follow_up');
    addLink(desk, { caseId: link.caseId, jobId: next.id, cause: 'follow_up', ownJob: link.ownJob });
  }
}

/** A job has come to be: by policy, a dispatcher, a split, or as a follow-up. */
export function emitCreated(desk: Desk, job: Job, cause: 'policy' | 'dispatcher' | 'split' | 'follow_up'): void {
  desk.change.emit({
    type: 'job.created',
    at: desk.change.now,
    jobId: job.id,
    organisationId: job.organisationId,
    body: {
      number: job.number,
      jobType: job.jobType,
      state: job.state,
      priority: job.priority,
      emergency: job.emergency,
      cause,
      ...(job.followUpOf === null ? {} : { followUpOf: job.followUpOf, reason: job.followUpReason }),
    },
  });
}

/** The jobs that answer a held case now, as its state follows from them. */
export function jobsOfCase(desk: Desk, caseId: string): JobOfCase[] {
  return linksOfCase(desk, caseId).flatMap((link) => {
    const job = desk.jobs.get(link.jobId) ?? desk.otherJobs.get(link.jobId);
    if (!job) return [];
    const assignments = desk.jobs.has(job.id)
      ? assignmentsOfJob(desk, job.id)
      : desk.otherAssignments.filter((a) => a.jobId === job.id);
    return [jobOfCase(job, assignments)];
  });
}

/** What a case is told of one of its jobs. */
export function jobOfCase(job: Job, assignments: readonly AssignmentRecord[]): JobOfCase {
  return {
    state: job.state,
    verification: job.state === 'completed' ? jobVerification(job.slots.length, assignments) : 'pending',
    closesCase:
      job.state === 'cannot_complete' &&
      afterFailure(job, doneSlots(job, assignments), failuresOf(assignments)).then === 'close_case',
  };
}

function settleCase(desk: Desk, caseId: string): void {
  const c = desk.cases.get(caseId)!;
  const jobs = jobsOfCase(desk, caseId);
  const state = deriveCaseState(c, jobs);
  if (state === c.state) return;
  const after = changeCase(desk, caseId, { state, closedAt: isClosed(state) ? (c.closedAt ?? desk.at) : null });
  desk.change.emit({
    type: 'case.state_changed',
    at: desk.change.now,
    caseId,
    organisationId: c.organisationId,
    body: { from: c.state, to: state, beingConfirmed: isBeingConfirmed(state, jobs), version: after.version },
  });
}
