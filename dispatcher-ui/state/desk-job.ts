import type { Job, JobState } from '../../server/stores/jobs/contract.ts';
import type { JobView } from '../../server/stores/work/contract.ts';

/** A job of the queue, with who has it and how many reports it answers. */
export type DeskJob = JobView;
export type DeskAssignment = JobView['assignments'][number];

const OVER: ReadonlySet<JobState> = new Set<JobState>(['completed', 'cannot_complete', 'cancelled']);
const ACTIVE = new Set(['planned', 'dispatched', 'accepted', 'travelling', 'on_site', 'working', 'paused']);
const UNDER_WAY = new Set(['travelling', 'on_site', 'working', 'paused']);

export const isOver = (job: Pick<Job, 'state'>): boolean => OVER.has(job.state);
/** It holds its slot: an active state without a requested recall or cancel. */
export const isHeld = (a: Pick<DeskAssignment, 'state' | 'requested'>): boolean => a.requested === null && ACTIVE.has(a.state);
export const isUnderWay = (a: Pick<DeskAssignment, 'state' | 'requested'>): boolean =>
  a.requested === null && UNDER_WAY.has(a.state);

/** Nobody has it and somebody should. */
export const isWaiting = (job: Pick<Job, 'state'>): boolean => job.state === 'ready';

export function isLate(job: Pick<Job, 'state' | 'dueAt'>, nowMs: number): boolean {
  return !isOver(job) && job.dueAt !== null && Date.parse(job.dueAt) < nowMs;
}

/** Who has the slots of the job now. */
export const holders = (job: Pick<DeskJob, 'assignments'>): DeskAssignment[] => job.assignments.filter(isHeld);
