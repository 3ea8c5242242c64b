import type { Plan, PlannedShift } from '../plan.ts';
import type { Problem } from '../problem.ts';
import { isFixed } from './plain-times.ts';
import { fitsAsBefore } from './plain-day.ts';
import type { Report } from './violation.ts';

/** Movable stops of the plan in force that another crew has, that start beyond the tolerance, or that are left out. */
export function changesIn(problem: Problem, shifts: readonly PlannedShift[]): number {
  const kept = new Set<number>();
  for (const { shift, stops } of shifts) {
    for (const { job: index, start } of stops) {
      const held = problem.jobs[index]?.inForce ?? null;
      if (held?.shift === shift && Math.abs(start - held.start) <= problem.weights.startTolerance) kept.add(index);
    }
  }
  return problem.jobs.filter((job, index) => job.inForce !== null && !isFixed(job) && !kept.has(index)).length;
}

/**
 * Stops of the plan in force that are changed in every plan: with the fixed stops of their shift alone they do not fit, or
 * start beyond the tolerance. A stop that only gets in the way of another one is not among them.
 */
export const changesNoPlanAvoids = (problem: Problem): number =>
  problem.jobs.filter((job, index) => job.inForce !== null && !isFixed(job) && !fitsAsBefore(problem, index)).length;

/**
 * The count is right, and not above what was allowed; see `Plan.maxChanges`. `inForce` = changes of the plan in force as far
 * as it can be done.
 */
export function checkChanges(problem: Problem, plan: Plan, inForce: number, report: Report): void {
  const changes = changesIn(problem, plan.shifts);
  if (plan.changes !== changes) report('changes_wrong', `${plan.changes}, recomputed ${changes}`);
  if (plan.maxChanges === null || changes <= Math.max(plan.maxChanges, inForce)) return;
  const allowed = Math.max(plan.maxChanges + changesNoPlanAvoids(problem), inForce);
  if (changes > allowed) report('too_many_changes', `${changes}, allowed ${allowed}`);
}
