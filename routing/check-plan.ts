import { checkChanges } from './check/check-changes.ts';
import { checkCost } from './check/check-cost.ts';
import { checkDay } from './check/check-day.ts';
import { checkLinks } from './check/check-links.ts';
import { isLocked } from './check/plain-times.ts';
import type { Report, Violation } from './check/violation.ts';
import type { Plan } from './plan.ts';
import type { Problem } from './problem.ts';

export interface CheckOptions {
  /**
   * How many changes the plan in force takes that could not be avoided together, though each stop fits alone: the changes of the
   * plan that the search started from. Raises what `maxChanges` allows to as many. Absent = 0.
   */
  readonly changesInForce?: number;
}

/**
 * Checks a plan against its problem in plain words, sharing no code with the engine that made it: every job once, every
 * rule of `problem.ts` kept, every figure right, the cost recomputed by term, the changes counted. Empty = the plan may be
 * published. Rules of one crew and of its day are in `check/check-day.ts`; the other files there have one subject each.
 */
export function checkPlan(problem: Problem, plan: Plan, { changesInForce = 0 }: CheckOptions = {}): Violation[] {
  const violations: Violation[] = [];
  const reportFor =
    (shift: number | null): Report =>
    (code, detail, job = null) =>
      violations.push({ code, shift, job, detail });
  const report = reportFor(null);
  checkEveryJobOnce(problem, plan, report);
  const seen = new Set<number>();
  for (const planned of plan.shifts) {
    const shift = problem.shifts[planned.shift];
    if (shift === undefined || seen.has(planned.shift)) {
      report('shift_unknown_or_twice', `shift ${planned.shift}`);
      continue;
    }
    seen.add(planned.shift);
    checkDay(problem, shift, planned, reportFor(planned.shift));
  }
  if (seen.size !== problem.shifts.length) report('shift_missing', `${seen.size} of ${problem.shifts.length} shifts`);
  checkLinks(problem, plan, report);
  checkChanges(problem, plan, changesInForce, report);
  checkCost(problem, plan, report);
  return violations;
}

function checkEveryJobOnce(problem: Problem, plan: Plan, report: Report): void {
  const times = problem.jobs.map(() => 0);
  const count = (job: number): void => {
    if (times[job] === undefined) report('job_unknown', `job ${job}`, job);
    else times[job]++;
  };
  for (const planned of plan.shifts) for (const stop of planned.stops) count(stop.job);
  for (const { job: index, reason } of plan.unassigned) {
    count(index);
    const job = problem.jobs[index];
    if (job !== undefined && isLocked(job) && reason.code !== 'locks_do_not_fit') {
      report('lock_dropped', `left out as ${reason.code}`, index);
    }
  }
  times.forEach((n, job) => {
    if (n !== 1) report('job_not_once', `job ${job} is in the plan ${n} times`, job);
  });
}
