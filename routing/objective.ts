import { leftOutPrice } from './compile.ts';
import { legCost, percentOf, travelClassOf } from './compile-ways.ts';
import { areaCost } from './constraints/areas.ts';
import { overqualificationCost } from './constraints/skill-levels.ts';
import type { Cost, PlannedShift, Unassigned } from './plan.ts';
import type { Job, Problem } from './problem.ts';
import { waitingCost } from './waiting-cost.ts';

/**
 * The cost of a plan by term, in the problem's currency, from its figures alone:
 * - unserved: the price of each job left out;
 * - late: seconds past due by the job's two rates, and the greatest lateness in the plan;
 * - waiting: the hours each planned job waits until its start;
 * - travel: seconds and kilometres driven, leg by leg, ways home included;
 * - duty: hours from when a crew with stops is free until it is home;
 * - overtime: seconds home after the end of the shift (an unused shift that is over costs nothing);
 * - use: shifts with a stop;
 * - change: stops of the plan in force that go to another crew or start elsewhere than before beyond the tolerance;
 * - promise: starts outside what was promised, left-out jobs with a promise included;
 * - overqualification: levels of skill above what the job prefers;
 * - area: jobs outside their crew's areas;
 * - balance: seconds of work above a crew's fair share.
 * Fixed stops pay travel, waiting, lateness, overqualification, area and overtime only: what has been dispatched is no change of this plan.
 */
export function costOfPlan(
  problem: Problem,
  shifts: readonly PlannedShift[],
  unassigned: readonly Pick<Unassigned, 'job'>[],
): Cost {
  const { weights } = problem;
  const cost = {
    unserved: 0,
    late: 0,
    waiting: 0,
    travel: 0,
    duty: 0,
    overtime: 0,
    use: 0,
    change: 0,
    promise: 0,
    overqualification: 0,
    area: 0,
    balance: 0,
  };
  let worst = 0;
  for (const planned of shifts) {
    const shift = problem.shifts[planned.shift];
    if (shift === undefined) throw new RangeError(`no shift ${planned.shift}`);
    cost.travel += travelCost(problem, planned);
    cost.overtime += planned.overtime * weights.overtimePerSecond;
    if (planned.stops.length > 0) {
      cost.use += shift.rates?.use ?? weights.useOfShift;
      const free = Math.max(shift.from, problem.now);
      cost.duty += Math.floor(((shift.rates?.dutyPerHour ?? 0) * (planned.endsAt - free)) / 3600);
      if (shift.fairWork !== undefined) {
        cost.balance += Math.max(0, planned.work - shift.fairWork) * (weights.balancePerSecond ?? 0);
      }
    }
    for (const stop of planned.stops) {
      const job = jobOf(problem, stop.job);
      worst = Math.max(worst, stop.late);
      cost.late += stop.late * job.latePerSecond + severe(job, stop.late);
      cost.waiting += waitingCost(job.waitingPerHour ?? 0, Math.max(0, stop.start - Math.max(job.release, problem.now)));
      cost.overqualification += overqualificationCost(problem, shift, job);
      cost.area += areaCost(shift, job);
      const held = job.inForce;
      if (held === null || held.fixed) continue;
      if (held.shift !== planned.shift) cost.change += weights.changeOfCrew;
      const moved = Math.abs(stop.start - held.start) - weights.startTolerance;
      if (moved > 0) cost.change += moved * weights.moveOfStartPerSecond;
      const { promised } = held;
      if (promised !== null && (stop.start < promised.from || stop.start > promised.until)) cost.promise += weights.brokenPromise;
    }
  }
  cost.late += worst * (weights.worstLatePerSecond ?? 0);
  for (const { job: index } of unassigned) {
    const job = jobOf(problem, index);
    cost.unserved += job.waiting;
    cost.promise += leftOutPrice(problem, job) - job.waiting;
  }
  return { total: Object.values(cost).reduce((sum, term) => sum + term, 0), ...cost };
}

function jobOf(problem: Problem, index: number): Job {
  const job = problem.jobs[index];
  if (job === undefined) throw new RangeError(`no job ${index}`);
  return job;
}

const severe = (job: Job, late: number): number => Math.max(0, late - (job.severeAfter ?? Infinity)) * (job.severePerSecond ?? 0);

/** Leg by leg, at the speed the matrix stands for: slow hours make a leg longer, not dearer. */
function travelCost(problem: Problem, planned: PlannedShift): number {
  const shift = problem.shifts[planned.shift]!;
  const drives = travelClassOf(problem, shift);
  const { travel, now } = problem;
  let cost = 0;
  let at = shift.startNode;
  const drive = (to: number): void => {
    const way = at * travel.size + to;
    cost += legCost(drives, percentOf(travel.seconds[way]!, drives.percent), travel.metres[way]!);
    at = to;
  };
  for (const stop of planned.stops) drive(jobOf(problem, stop.job).node);
  const offDuty = planned.stops.length === 0 && Math.max(shift.from, now) >= shift.until;
  const home = shift.endNode;
  if (home !== null && !offDuty && travel.seconds[at * travel.size + home]! >= 0) drive(home);
  return cost;
}

/** Stops that are not as in the plan in force: another crew, a start moved beyond the tolerance, or left out. Fixed stops are never among them. */
export function changesOfPlan(problem: Problem, shifts: readonly PlannedShift[], unassigned: readonly Unassigned[]): number {
  let changes = 0;
  for (const planned of shifts) {
    for (const stop of planned.stops) {
      const held = jobOf(problem, stop.job).inForce;
      if (held === null || held.fixed) continue;
      const moved = Math.abs(stop.start - held.start) > problem.weights.startTolerance;
      if (held.shift !== planned.shift || moved) changes++;
    }
  }
  for (const { job } of unassigned) {
    const held = jobOf(problem, job).inForce;
    if (held !== null && !held.fixed) changes++;
  }
  return changes;
}
