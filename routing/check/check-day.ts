import type { PlannedShift, PlannedStop } from '../plan.ts';
import type { Job, Problem, Shift } from '../problem.ts';
import { checkBreaks } from './check-breaks.ts';
import { checkCrewAndJob, checkOrder, checkStart } from './check-crew-and-job.ts';
import { checkLimits, waitedUntil } from './check-limits.ts';
import { arrivalAfter, beginsAt, gapsOf, isFixed, isStarted, legOf, overlap, serviceOf } from './plain-times.ts';
import type { Report } from './violation.ts';

/** Where and when the crew is done with its last stop, and what it has driven and worked until then. */
interface Done {
  readonly free: number;
  readonly node: number;
  readonly travel: number;
  readonly metres: number;
  readonly work: number;
}

/** One crew's day: every rule of its stops, its breaks and the day as a whole, and every figure of it. */
export function checkDay(problem: Problem, shift: Shift, planned: PlannedShift, report: Report): void {
  const jobs = planned.stops.flatMap((stop) => problem.jobs[stop.job] ?? []);
  if (jobs.length < planned.stops.length) return; // Said already: job_unknown.
  checkOrder(problem, planned, report);
  const done = checkStops(problem, shift, planned, jobs, report);
  checkBreaks(problem, shift, planned, report);
  const movable = jobs.some((job) => !isFixed(job));
  checkEnd(problem, shift, planned, done, movable, report);
  if (movable) checkLimits(problem, shift, planned, report);
}

function checkStops(problem: Problem, shift: Shift, planned: PlannedShift, jobs: readonly Job[], report: Report): Done {
  const gaps = gapsOf(shift);
  let free = beginsAt(problem, shift);
  let node = shift.startNode;
  let travel = 0;
  let metres = 0;
  let work = 0;
  jobs.forEach((job, k) => {
    const stop = planned.stops[k] as PlannedStop;
    checkCrewAndJob(shift, planned.shift, job, stop.job, report);
    checkStart(problem, job, stop, report);
    if (!isFixed(job) && free >= shift.until && jobs.slice(0, k).every(isFixed)) {
      report('begun_after_shift', `free at ${free}, the shift is over at ${shift.until}`, stop.job);
    }
    const leg = legOf(problem, shift, node, job.node);
    if (leg === null) report('unreachable', `stop ${k}`, stop.job);
    const departs = stop.arrival - stop.travel;
    const drive = leg === null ? 0 : arrivalAfter(problem.travel, departs, leg.seconds) - departs;
    if (stop.travel !== drive) report('travel_wrong', `${stop.travel} s, leaving at ${departs} it takes ${drive} s`, stop.job);
    if (stop.metres !== (leg?.metres ?? 0)) report('metres_wrong', `${stop.metres} m, it is ${leg?.metres ?? 0} m`, stop.job);
    if (departs < free) report('arrival_too_early', `leaves at ${departs}, free at ${free}`, stop.job);
    if (stop.start < stop.arrival) report('start_before_arrival', `${stop.start} < ${stop.arrival}`, stop.job);
    const service = serviceOf(shift, job);
    if (stop.end !== stop.start + service) report('end_wrong', `${stop.end} for ${stop.start} + ${service}`, stop.job);
    const late = job.due === null ? 0 : Math.max(0, stop.start - job.due);
    if (stop.late !== late) report('late_wrong', `${stop.late} s, recomputed ${late} s`, stop.job);
    const way = { from: departs, until: stop.arrival };
    const task = { from: stop.start, until: stop.end };
    for (const b of planned.breaks) {
      const pause = { from: b.start, until: b.end };
      if (overlap(pause, way) || overlap(pause, task)) report('break_overlaps', `break ${b.id} from ${b.start}`, stop.job);
    }
    for (const gap of gaps) {
      if (isStarted(job)) continue;
      if ((drive > 0 && overlap(gap, way)) || overlap(gap, task)) {
        report('in_gap_of_windows', `from ${gap.from} to ${gap.until} it does not work`, stop.job);
      }
    }
    free = stop.end;
    node = job.node;
    travel += drive;
    metres += leg?.metres ?? 0;
    work += service;
  });
  return { free, node, travel, metres, work };
}

/** The way home, when the day ends, and the day's sums. */
function checkEnd(problem: Problem, shift: Shift, planned: PlannedShift, done: Done, movable: boolean, report: Report): void {
  const begins = beginsAt(problem, shift);
  // A crew that does nothing and whose shift is over has gone home unseen.
  const away = planned.stops.length === 0 && begins >= shift.until;
  const leg = shift.endNode === null || away ? null : legOf(problem, shift, done.node, shift.endNode);
  if (leg === null && shift.endNode !== null && movable) report('unreachable', 'the way home');
  // What is driven beyond the stops is the way home; from it follows when the crew set out for home.
  const departs = planned.endsAt - (planned.travel - done.travel);
  const drive = leg === null ? 0 : arrivalAfter(problem.travel, departs, leg.seconds) - departs;
  if (planned.endsAt - drive < done.free) {
    report('ends_too_early', `home at ${planned.endsAt}, free at ${done.free}, ${drive} s away`);
  }
  const way = { from: departs, until: planned.endsAt };
  if (drive > 0) {
    for (const b of planned.breaks) {
      if (overlap({ from: b.start, until: b.end }, way)) report('break_overlaps', `${b.id} on the way home`);
    }
    for (const gap of gapsOf(shift)) if (overlap(gap, way)) report('in_gap_of_windows', 'on the way home');
  }
  const latest = shift.until + shift.overtime;
  if (movable && planned.endsAt > latest) report('shift_too_long', `home at ${planned.endsAt}, latest ${latest}`);
  const figures = {
    travel: done.travel + drive,
    metres: done.metres + (leg?.metres ?? 0),
    work: done.work,
    overtime: away ? 0 : Math.max(0, planned.endsAt - shift.until),
    idle: waitedUntil(problem, shift, planned, planned.endsAt),
  };
  for (const name of ['travel', 'metres', 'work', 'overtime', 'idle'] as const) {
    if (planned[name] !== figures[name]) report('figure_wrong', `${name} is ${planned[name]}, recomputed ${figures[name]}`);
  }
}
