import type { Plan, PlannedShift, PlannedStop } from './plan.ts';
import type { Interval, Job, Problem, Shift } from './problem.ts';

/** A rule that a plan breaks, or a figure in it that is wrong. Indices are the problem's. */
export interface Violation {
  readonly code: string;
  readonly shift: number | null;
  readonly job: number | null;
  readonly detail: string;
}

type Report = (code: string, detail: string, job?: number | null) => void;

/**
 * Checks a plan against its problem in plain words, sharing no code with the engine that made it: every job once, every
 * rule kept, every figure right, the cost recomputed by term. Empty = the plan may be published.
 */
export function checkPlan(problem: Problem, plan: Plan): Violation[] {
  const violations: Violation[] = [];
  const reportFor =
    (shift: number | null): Report =>
    (code, detail, job = null) =>
      violations.push({ code, shift, job, detail });
  checkEveryJobOnce(problem, plan, reportFor(null));
  const seen = new Set<number>();
  for (const planned of plan.shifts) {
    const report = reportFor(planned.shift);
    const shift = problem.shifts[planned.shift];
    if (shift === undefined || seen.has(planned.shift)) {
      report('shift_unknown_or_twice', `shift ${planned.shift}`);
      continue;
    }
    seen.add(planned.shift);
    checkShift(problem, shift, planned, report);
  }
  if (seen.size !== problem.shifts.length) reportFor(null)('shift_missing', `${seen.size} of ${problem.shifts.length} shifts`);
  checkCost(problem, plan, reportFor(null));
  return violations;
}

function checkEveryJobOnce(problem: Problem, plan: Plan, report: Report): void {
  const times = problem.jobs.map(() => 0);
  const count = (job: number): void => {
    if (times[job] === undefined) report('job_unknown', `job ${job}`, job);
    else times[job]++;
  };
  for (const planned of plan.shifts) for (const stop of planned.stops) count(stop.job);
  for (const { job, reason } of plan.unassigned) {
    count(job);
    const held = problem.jobs[job]?.inForce ?? null;
    const locked = held !== null && (held.fixed || held.lockCrew || held.lockTime || held.lockOrder);
    if (locked && reason.code !== 'locks_do_not_fit') report('lock_dropped', `left out as ${reason.code}`, job);
  }
  times.forEach((n, job) => {
    if (n !== 1) report('job_not_once', `job ${job} is in the plan ${n} times`, job);
  });
}

const within = (at: number, { from, until }: Interval): boolean => from <= at && at <= until;

function checkShift(problem: Problem, shift: Shift, planned: PlannedShift, report: Report): void {
  const jobs = planned.stops.map((stop) => problem.jobs[stop.job]);
  const movable = jobs.some((job) => job?.inForce?.fixed !== true);
  const begins = Math.max(shift.from, problem.now);
  const travel = (from: number, to: number): number => problem.travel.seconds[from * problem.travel.size + to] ?? -1;
  let free: number = begins;
  let node = shift.startNode;
  let drive = 0;
  let length = 0;
  let work = 0;
  planned.stops.forEach((stop, k) => {
    const job = jobs[k];
    if (job === undefined) return;
    checkJobInShift(problem, shift, planned, job, stop, report);
    if (job.inForce?.fixed === true && k > 0 && jobs[k - 1]?.inForce?.fixed !== true)
      report('fixed_not_first', `stop ${k}`, stop.job);
    const leg = travel(node, job.node);
    if (leg < 0) report('unreachable', `stop ${k}`, stop.job);
    if (stop.travel !== leg) report('travel_wrong', `${stop.travel} s, the matrix says ${leg} s`, stop.job);
    const legLength = problem.travel.metres[node * problem.travel.size + job.node];
    if (stop.metres !== legLength) report('metres_wrong', `${stop.metres} m, the matrix says ${legLength} m`, stop.job);
    const departs = stop.arrival - stop.travel;
    if (departs < free) report('arrival_too_early', `arrives ${stop.arrival}, free at ${free}, ${leg} s away`, stop.job);
    if (stop.start < stop.arrival) report('start_before_arrival', `${stop.start} < ${stop.arrival}`, stop.job);
    if (stop.end !== stop.start + job.service) report('end_wrong', `${stop.end} for ${stop.start} + ${job.service}`, stop.job);
    for (const b of planned.breaks) {
      const driving = b.start < stop.arrival && departs < b.end;
      const working = b.start < stop.end && stop.start < b.end;
      if (driving || working) report('break_overlaps', `break ${b.id} from ${b.start}`, stop.job);
    }
    free = stop.end;
    node = job.node;
    drive += leg;
    length += legLength ?? 0;
    work += job.service;
  });
  checkOrderLocks(planned, jobs, report);

  const away = planned.stops.length === 0 && begins >= shift.until;
  const leg = shift.endNode === null || away ? 0 : travel(node, shift.endNode);
  if (leg < 0 && movable && planned.stops.length > 0) report('unreachable', 'the way home');
  const home = Math.max(0, leg);
  if (shift.endNode !== null && leg >= 0 && !away)
    length += problem.travel.metres[node * problem.travel.size + shift.endNode] ?? 0;
  drive += home;
  if (planned.endsAt < free + home) report('ends_too_early', `home at ${planned.endsAt}, free at ${free}, ${home} s away`);
  for (const b of planned.breaks) {
    if (b.start < planned.endsAt && planned.endsAt - home < b.end) report('break_overlaps', `break ${b.id} on the way home`);
  }
  const latest = shift.until + shift.overtime;
  if (planned.stops.length > 0 && movable && planned.endsAt > latest)
    report('shift_too_long', `home at ${planned.endsAt}, latest ${latest}`);
  const overtime = away ? 0 : Math.max(0, planned.endsAt - shift.until);
  const paused = checkBreaks(problem, shift, planned, report);
  const figures = { travel: drive, metres: length, work, overtime, idle: planned.endsAt - begins - drive - work - paused };
  for (const name of ['travel', 'metres', 'work', 'overtime', 'idle'] as const) {
    if (planned[name] !== figures[name]) report('figure_wrong', `${name} is ${planned[name]}, recomputed ${figures[name]}`);
  }
  if (planned.idle < 0) report('figure_wrong', `idle is ${planned.idle}`);
}

function checkJobInShift(
  problem: Problem,
  shift: Shift,
  planned: PlannedShift,
  job: Job,
  stop: PlannedStop,
  report: Report,
): void {
  const held = job.inForce;
  const late = job.due === null ? 0 : Math.max(0, stop.start - job.due);
  if (stop.late !== late) report('late_wrong', `${stop.late} s, recomputed ${late} s`, stop.job);
  if (held !== null && (held.fixed || held.lockCrew || held.lockOrder) && held.shift !== planned.shift) {
    report('lock_of_crew_broken', `belongs to shift ${held.shift}`, stop.job);
  }
  if (held?.fixed === true) return;
  if (job.declinedBy?.includes(planned.shift) === true && held?.shift !== planned.shift) {
    report('given_to_who_declined', `shift ${planned.shift} has declined it`, stop.job);
  }
  if (!job.skills.every((skill) => shift.skills.includes(skill))) report('skills_missing', job.skills.join(', '), stop.job);
  if (!job.plant.every((item) => shift.plant.includes(item))) report('plant_missing', job.plant.join(', '), stop.job);
  if (stop.start < job.release || stop.start < problem.now) report('too_early', `starts ${stop.start}`, stop.job);
  if (job.windows.length > 0 && !job.windows.some((w) => within(stop.start, w)))
    report('outside_windows', `starts ${stop.start}`, stop.job);
  if (held?.lockTime === true && stop.start !== held.start)
    report('lock_of_time_broken', `${stop.start} for ${held.start}`, stop.job);
}

function checkOrderLocks(planned: PlannedShift, jobs: readonly (Job | undefined)[], report: Report): void {
  let last = -1;
  jobs.forEach((job, k) => {
    const held = job?.inForce ?? null;
    if (held === null || !(held.lockOrder || held.fixed)) return;
    if (held.position < last && !held.fixed)
      report('lock_of_order_broken', `place ${held.position} after ${last}`, planned.stops[k]?.job ?? null);
    if (held.fixed && held.position < last)
      report('fixed_order_broken', `place ${held.position} after ${last}`, planned.stops[k]?.job ?? null);
    last = held.fixed && jobs[k + 1]?.inForce?.fixed !== true ? -1 : held.position;
  });
}

/** Each break once and inside its window, or skipped for a reason; gives the seconds of breaks before the crew is home. */
function checkBreaks(problem: Problem, shift: Shift, planned: PlannedShift, report: Report): number {
  let paused = 0;
  const fixed = planned.stops.filter((stop) => problem.jobs[stop.job]?.inForce?.fixed === true);
  const firstFree = Math.max(shift.from, problem.now, ...fixed.map((stop) => stop.end));
  const firstNode = problem.jobs[fixed.at(-1)?.job ?? -1]?.node ?? shift.startNode;
  const home =
    shift.endNode === null ? 0 : Math.max(0, problem.travel.seconds[firstNode * problem.travel.size + shift.endNode] ?? 0);
  for (const wanted of shift.breaks) {
    const taken = planned.breaks.filter((b) => b.id === wanted.id);
    const skipped = planned.breaksSkipped.filter((id) => id === wanted.id);
    if (taken.length + skipped.length !== 1) report('break_not_once', `break ${wanted.id}`);
    const b = taken[0];
    if (b === undefined) {
      const others = shift.breaks.reduce((sum, other) => sum + (other.id === wanted.id ? 0 : other.length), 0);
      // With its fixed stops alone the crew could have been home, and done with all other breaks, in time for this one.
      const allOpen = Math.max(firstFree, ...shift.breaks.map((other) => other.window.from));
      if (allOpen + others + home <= wanted.window.until) report('break_skipped_needlessly', `break ${wanted.id}`);
      continue;
    }
    if (!within(b.start, wanted.window)) report('break_outside_window', `break ${b.id} starts ${b.start}`);
    if (b.end !== b.start + wanted.length) report('break_length_wrong', `break ${b.id}`);
    if (b.start < Math.max(shift.from, problem.now)) report('break_too_early', `break ${b.id}`);
    for (const other of planned.breaks) {
      if (other !== b && other.start < b.end && b.start < other.end) report('break_overlaps', `breaks ${b.id} and ${other.id}`);
    }
    if (b.start < planned.endsAt) paused += b.end - b.start;
  }
  for (const b of planned.breaks) if (!shift.breaks.some(({ id }) => id === b.id)) report('break_unknown', `break ${b.id}`);
  return paused;
}

function checkCost(problem: Problem, plan: Plan, report: Report): void {
  const { weights } = problem;
  const cost = { travel: 0, late: 0, waiting: 0, overtime: 0, change: 0, promise: 0, use: 0 };
  for (const { shift, stops, travel, overtime } of plan.shifts) {
    cost.travel += weights.travelPerSecond * travel;
    cost.overtime += weights.overtimePerSecond * overtime;
    cost.use += stops.length > 0 ? weights.useOfShift : 0;
    for (const { job: index, start } of stops) {
      const job = problem.jobs[index];
      if (job === undefined) continue;
      if (job.due !== null && start > job.due) cost.late += (start - job.due) * job.latePerSecond;
      const waitsFrom = job.release > problem.now ? job.release : problem.now;
      if (start > waitsFrom) cost.waiting += Math.floor(((job.waitingPerHour ?? 0) * (start - waitsFrom)) / 3600);
      if (job.inForce === null || job.inForce.fixed) continue;
      const { shift: before, start: startBefore, promised } = job.inForce;
      cost.change += shift === before ? 0 : weights.changeOfCrew;
      cost.change += Math.max(0, Math.abs(start - startBefore) - weights.startTolerance) * weights.moveOfStartPerSecond;
      cost.promise += promised === null || within(start, promised) ? 0 : weights.brokenPromise;
    }
  }
  for (const { job: index } of plan.unassigned) {
    const job = problem.jobs[index];
    if (job === undefined) continue;
    cost.waiting += job.waiting;
    cost.promise += job.inForce !== null && !job.inForce.fixed && job.inForce.promised !== null ? weights.brokenPromise : 0;
  }
  let total = 0;
  for (const name of ['travel', 'late', 'waiting', 'overtime', 'change', 'promise', 'use'] as const) {
    total += cost[name];
    if (plan.cost[name] !== cost[name]) report('cost_wrong', `${name} is ${plan.cost[name]}, recomputed ${cost[name]}`);
  }
  if (plan.cost.total !== total) report('cost_wrong', `total is ${plan.cost.total}, recomputed ${total}`);
}
