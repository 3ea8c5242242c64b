import type { Job } from '../problem.ts';
import { type Constraint, driveSeconds, type Pair } from './constraint.ts';

/** Earliest start at or after `earliest` inside one of the job's windows; null when all have closed. No windows = any time. */
export function startInWindows(job: Job, earliest: number): number | null {
  if (job.windows.length === 0) return earliest;
  const starts = job.windows.filter((w) => earliest <= w.until).map((w) => Math.max(earliest, w.from));
  return starts.length === 0 ? null : Math.min(...starts);
}

/** Earliest moment the crew can stand at the job with work released; call only when the job is reachable. */
export function earliestReady(pair: Pair): number {
  return Math.max(pair.freeAt + driveSeconds(pair, pair.freeNode, pair.job.node), pair.job.release);
}

/** Work starts inside one of the job's windows. */
export const windows: Constraint = {
  name: 'windows',
  blocks(pair) {
    return startInWindows(pair.job, earliestReady(pair)) === null ? { code: 'windows_do_not_fit' } : null;
  },
};
