import type { PlannedShift } from '../plan.ts';
import type { Job, Problem, Shift } from '../problem.ts';
import { checkStock } from './check-stock.ts';
import { beginsAt, gapsOf, isFixed, lengthOfUnion, within } from './plain-times.ts';
import type { Report } from './violation.ts';

/** Seconds that the crew has waited until `moment`: not driving, not working, on no break and in no gap of its windows. */
export function waitedUntil(problem: Problem, shift: Shift, planned: PlannedShift, moment: number): number {
  const begins = beginsAt(problem, shift);
  const toStops = planned.stops.reduce((sum, stop) => sum + stop.travel, 0);
  const spent = [
    ...planned.breaks.map((b) => ({ from: b.start, until: b.end })),
    ...gapsOf(shift),
    ...planned.stops.map((stop) => ({ from: stop.arrival - stop.travel, until: stop.arrival })),
    ...planned.stops.map((stop) => ({ from: stop.start, until: stop.end })),
    { from: planned.endsAt - (planned.travel - toStops), until: planned.endsAt },
  ];
  const upTo = spent.map(({ from, until }) => ({ from: Math.max(from, begins), until: Math.min(until, moment) }));
  return moment - begins - lengthOfUnion(upTo);
}

/** Seconds that a start may be later in the window it lies in. */
function leftOfWindow(problem: Problem, job: Job, index: number, start: number): number {
  const linked = (problem.links ?? []).some(({ first, second }) => first === index || second === index);
  if (linked || isFixed(job) || job.inForce?.lockTime === true) return 0;
  const [window] = job.windows.filter((w) => within(start, w)).sort((a, b) => a.from - b.from || a.until - b.until);
  return window === undefined ? Infinity : window.until - start;
}

/** Seconds from leaving as late as the crew can until `endsAt`; see `Shift.maxDuration`. 0 without a stop. */
export function durationOf(problem: Problem, shift: Shift, planned: PlannedShift): number {
  const last = planned.stops.at(-1);
  if (last === undefined) return 0;
  const begins = beginsAt(problem, shift);
  const delays = [{ at: last.start as number, left: 0 }];
  for (const { job: index, start } of planned.stops) {
    const job = problem.jobs[index];
    if (job !== undefined) delays.push({ at: start, left: leftOfWindow(problem, job, index, start) });
  }
  for (const b of planned.breaks) {
    const wanted = shift.breaks.find(({ id }) => id === b.id);
    if (wanted !== undefined && b.start < last.start) delays.push({ at: b.start, left: wanted.window.until - b.start });
  }
  for (const { from } of gapsOf(shift)) if (begins <= from && from < last.start) delays.push({ at: from, left: 0 });
  const delay = Math.min(...delays.map(({ at, left }) => waitedUntil(problem, shift, planned, at) + left));
  return planned.endsAt - begins - delay;
}

/** The limits of a whole day, for a day with a movable stop; the limit of overtime is with the day's end. */
export function checkLimits(problem: Problem, shift: Shift, planned: PlannedShift, report: Report): void {
  const { maxJobs = Infinity, maxTravel = Infinity, maxDuration } = shift;
  if (planned.stops.length > maxJobs) report('too_many_jobs', `${planned.stops.length}, at most ${maxJobs}`);
  if (planned.travel > maxTravel) report('too_much_travel', `${planned.travel} s, at most ${maxTravel}`);
  if (maxDuration !== undefined) {
    const duration = durationOf(problem, shift, planned);
    if (duration > maxDuration) report('duration_too_long', `${duration} s, at most ${maxDuration}`);
  }
  checkStock(problem, shift, planned, report);
}
