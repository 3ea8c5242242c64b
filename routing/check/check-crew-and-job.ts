import type { PlannedShift, PlannedStop } from '../plan.ts';
import type { Job, Problem, Shift } from '../problem.ts';
import { isFixed, within } from './plain-times.ts';
import type { Report } from './violation.ts';

/** Level that the crew has in the skill; 0 without it. */
export const levelOf = (shift: Shift, skill: string): number =>
  shift.skills.includes(skill) ? (shift.skillLevels?.[skill] ?? 1) : 0;

/** Is the job's area none of the shift's? */
export const isOutside = (shift: Shift, job: Job): boolean =>
  job.area !== undefined && shift.areas !== undefined && !shift.areas.includes(job.area);

/**
 * Rules between one crew (shift s) and one job (j): what it must have, whose it is. Fixed stops need only be on their own
 * shift.
 */
export function checkCrewAndJob(shift: Shift, s: number, job: Job, j: number, report: Report): void {
  const held = job.inForce;
  if (held !== null && (held.fixed || held.lockCrew || held.lockOrder) && held.shift !== s) {
    report('lock_of_crew_broken', `belongs to shift ${held.shift}`, j);
  }
  if (isFixed(job)) return;
  if (job.declinedBy?.includes(s) === true && held?.shift !== s) {
    report('given_to_who_declined', `shift ${s} has declined it`, j);
  }
  const missing = job.skills.filter((skill) => !shift.skills.includes(skill));
  if (missing.length > 0) report('skills_missing', missing.join(', '), j);
  for (const skill of job.skills) {
    const needed = job.skillLevels?.[skill] ?? 1;
    const level = levelOf(shift, skill);
    if (level > 0 && level < needed) report('level_too_low', `${skill}: ${level}, needs ${needed}`, j);
  }
  if (!job.plant.every((item) => shift.plant.includes(item))) report('plant_missing', job.plant.join(', '), j);
  const room = shift.capacity ?? [];
  const dimension = room.findIndex((most, d) => (job.uses?.[d] ?? 0) > most || (job.collects?.[d] ?? 0) > most);
  if (dimension !== -1) report('more_stock_than_capacity', `dimension ${dimension}`, j);
  if (isOutside(shift, job) && (shift.outsideAreaPrice ?? null) === null) report('outside_area', job.area ?? '', j);
}

/** When the work may start. Fixed stops are facts. */
export function checkStart(problem: Problem, job: Job, stop: PlannedStop, report: Report): void {
  const held = job.inForce;
  if (isFixed(job)) return;
  if (stop.start < job.release || stop.start < problem.now) report('too_early', `starts ${stop.start}`, stop.job);
  if (job.windows.length > 0 && !job.windows.some((window) => within(stop.start, window))) {
    report('outside_windows', `starts ${stop.start}`, stop.job);
  }
  if (held?.lockTime === true && stop.start !== held.start) {
    report('lock_of_time_broken', `${stop.start} for ${held.start}`, stop.job);
  }
}

/** Fixed stops first, in their order; then order-locked ones in theirs. */
export function checkOrder(problem: Problem, planned: PlannedShift, report: Report): void {
  let place = -1;
  let before: Job | null = null;
  for (const { job: index } of planned.stops) {
    const job = problem.jobs[index];
    if (job === undefined) continue;
    const fixed = isFixed(job);
    if (fixed && before !== null && !isFixed(before)) report('fixed_not_first', `job ${index}`, index);
    // The places of fixed stops and those of locked ones are compared among themselves only.
    if (before !== null && isFixed(before) && !fixed) place = -1;
    const held = job.inForce;
    if (held !== null && (fixed || held.lockOrder)) {
      if (held.position < place) {
        report(fixed ? 'fixed_order_broken' : 'lock_of_order_broken', `place ${held.position} after ${place}`, index);
      }
      place = held.position;
    }
    before = job;
  }
}
