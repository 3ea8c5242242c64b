import type { Change } from '../../platform/events.ts';
import type { CaseId } from '../cases/contract.ts';
import { isEnded } from '../jobs/transitions.ts';
import { lockJobs, nextJobNumbers } from '../jobs/store.ts';
import { addNewJob, answeredBy, ownJobOf } from './case-commands.ts';
import type { NewJob } from './contract.ts';
import { linksOfCase, LockedTooLittle, openDesk } from './desk.ts';
import { settle } from './settle.ts';
import { write } from './write.ts';

/** What policy decided about one case: it joins an open job, or a new one (the first case of a `key` makes it). */
export interface TriageDecision {
  readonly caseId: CaseId;
  readonly to: { readonly jobId: string } | { readonly key: string };
  /** The job the catalogue gives this case by itself. */
  readonly ownJob: NewJob;
}

export interface TriagedCase {
  readonly jobId: string;
  readonly jobNumber: number;
  /** The job was made now. */
  readonly made: boolean;
}

/**
 * Makes and joins jobs for many cases in one go, with the statements of one command: what `case.make_job` and
 * `case.join` do one by one. For intake, in the change that received the cases; a case that a job answers already is
 * left as it is.
 * @returns what each case that was triaged got.
 */
export async function applyTriage(change: Change, decisions: readonly TriageDecision[]): Promise<Map<CaseId, TriagedCase>> {
  const result = new Map<CaseId, TriagedCase>();
  if (decisions.length === 0) return result;
  // A report that joins a job changes neither the job nor its other cases, so those (hundreds, for one burst main) are
  // not held. The order of locks is the one of every command: jobs, then cases.
  const joined = await lockJobs(change.tx, [...new Set(decisions.flatMap(({ to }) => ('jobId' in to ? [to.jobId] : [])))]);
  const desk = await openDesk(change, { caseIds: decisions.map(({ caseId }) => caseId) });
  for (const job of joined) desk.otherJobs.set(job.id, job);
  const keys = new Set(decisions.flatMap(({ to }) => ('key' in to ? [to.key] : [])));
  const numbers = keys.size === 0 ? [] : await nextJobNumbers(change.tx, keys.size);
  const made = new Map<string, string>();
  for (const { caseId, to, ownJob } of decisions) {
    const c = desk.cases.get(caseId);
    if (!c || linksOfCase(desk, caseId).length > 0) continue;
    let jobId = 'jobId' in to ? to.jobId : made.get(to.key);
    if ('key' in to && jobId === undefined) {
      jobId = (await addNewJob(desk, ownJob, c, 'policy', numbers[made.size])).id;
      made.set(to.key, jobId);
    }
    const job = desk.jobs.get(jobId!) ?? desk.otherJobs.get(jobId!);
    // It was open when we looked and ended before we had its lock: look again.
    if (!job || isEnded(job.state)) throw new LockedTooLittle('a job ended while reports were to join it');
    answeredBy(desk, c, job.id, 'policy', ownJobOf(c, ownJob));
    result.set(caseId, { jobId: job.id, jobNumber: job.number, made: 'key' in to });
  }
  await settle(desk);
  await write(desk);
  return result;
}
