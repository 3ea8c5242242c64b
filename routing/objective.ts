import { leftOutPrice } from './compile.ts';
import type { Cost, PlannedShift, Unassigned } from './plan.ts';
import type { Problem } from './problem.ts';
import { waitingCost } from './waiting-cost.ts';

/**
 * Cost of a plan by term, in the problem's currency; whole numbers, and `total` is their sum.
 * - travel: every second driven, ways home included;
 * - late: each stop's seconds past due x its price;
 * - waiting: the price of each job left out, and of the hours each planned one waits until its start;
 * - overtime: seconds home after the end of the shift (an unused shift that is over costs nothing);
 * - change: stops of the plan in force that go to another crew or start elsewhere than before beyond the tolerance;
 * - promise: starts outside what was promised, left-out jobs with a promise included;
 * - use: shifts with a stop.
 * Fixed stops pay travel, waiting, lateness and overtime only: what has been dispatched is no change of this plan.
 */
export function costOfPlan(problem: Problem, shifts: readonly PlannedShift[], unassigned: readonly Unassigned[]): Cost {
  const { weights } = problem;
  const cost = { travel: 0, late: 0, waiting: 0, overtime: 0, change: 0, promise: 0, use: 0 };
  for (const planned of shifts) {
    cost.travel += planned.travel * weights.travelPerSecond;
    cost.overtime += planned.overtime * weights.overtimePerSecond;
    if (planned.stops.length > 0) cost.use += weights.useOfShift;
    for (const stop of planned.stops) {
      const job = problem.jobs[stop.job];
      if (job === undefined) throw new RangeError(`no job ${stop.job}`);
      cost.late += stop.late * job.latePerSecond;
      cost.waiting += waitingCost(job.waitingPerHour ?? 0, Math.max(0, stop.start - Math.max(job.release, problem.now)));
      const held = job.inForce;
      if (held === null || held.fixed) continue;
      if (held.shift !== planned.shift) cost.change += weights.changeOfCrew;
      const moved = Math.abs(stop.start - held.start) - weights.startTolerance;
      if (moved > 0) cost.change += moved * weights.moveOfStartPerSecond;
      const { promised } = held;
      if (promised !== null && (stop.start < promised.from || stop.start > promised.until)) cost.promise += weights.brokenPromise;
    }
  }
  for (const { job: index } of unassigned) {
    const job = problem.jobs[index];
    if (job === undefined) throw new RangeError(`no job ${index}`);
    cost.waiting += job.waiting;
    cost.promise += leftOutPrice(problem, job) - job.waiting;
  }
  const total = cost.travel + cost.late + cost.waiting + cost.overtime + cost.change + cost.promise + cost.use;
  return { total, ...cost };
}
