import type { Cost, Plan, PlannedShift } from '../plan.ts';
import type { Job, Problem, Shift } from '../problem.ts';
import { isOutside, levelOf } from './check-crew-and-job.ts';
import { beginsAt, isFixed, type Leg, legOf, within } from './plain-times.ts';
import type { Report } from './violation.ts';

export type Terms = { -readonly [Name in Exclude<keyof Cost, 'total'>]: number };

const NAMES = [
  'unserved',
  'late',
  'waiting',
  'travel',
  'duty',
  'overtime',
  'use',
  'change',
  'promise',
  'overqualification',
  'area',
  'balance',
] as const satisfies readonly (keyof Terms)[];

const nothing = (): Terms => ({
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
});

export const sumOf = (terms: Terms): number => NAMES.reduce((sum, name) => sum + terms[name], 0);

/** What one shift's day costs, by term, from the plan's times; all but the price of the plan's greatest lateness. */
export function costOfDay(problem: Problem, planned: PlannedShift): Terms {
  const { weights } = problem;
  const cost = nothing();
  const shift = problem.shifts[planned.shift];
  if (shift === undefined) return cost;
  const { rates = {} } = shift;
  for (const leg of legsOf(problem, shift, planned)) {
    cost.travel += leg.seconds * (rates.travelPerSecond ?? weights.travelPerSecond);
    cost.travel += Math.floor((leg.metres * (rates.perKilometre ?? 0)) / 1000);
  }
  cost.overtime = planned.overtime * weights.overtimePerSecond;
  if (planned.stops.length > 0) {
    cost.use = rates.use ?? weights.useOfShift;
    cost.duty = Math.floor(((planned.endsAt - beginsAt(problem, shift)) * (rates.dutyPerHour ?? 0)) / 3600);
  }
  cost.balance = Math.max(0, planned.work - (shift.fairWork ?? Infinity)) * (weights.balancePerSecond ?? 0);
  for (const { job: index, start } of planned.stops) {
    const job = problem.jobs[index];
    if (job === undefined) continue;
    const late = latenessOf(job, start);
    cost.late += late * job.latePerSecond;
    cost.late += Math.max(0, late - (job.severeAfter ?? Infinity)) * (job.severePerSecond ?? 0);
    const waited = start - Math.max(job.release, problem.now);
    if (waited > 0) cost.waiting += Math.floor(((job.waitingPerHour ?? 0) * waited) / 3600);
    for (const [skill, enough] of Object.entries(job.preferredLevels ?? {})) {
      cost.overqualification += Math.max(0, levelOf(shift, skill) - enough) * (weights.overqualificationPerLevel ?? 0);
    }
    if (isOutside(shift, job)) cost.area += shift.outsideAreaPrice ?? 0;
    if (job.inForce === null || job.inForce.fixed) continue;
    const { shift: before, start: startBefore, promised } = job.inForce;
    if (planned.shift !== before) cost.change += weights.changeOfCrew;
    cost.change += Math.max(0, Math.abs(start - startBefore) - weights.startTolerance) * weights.moveOfStartPerSecond;
    if (promised !== null && !within(start, promised)) cost.promise += weights.brokenPromise;
  }
  return cost;
}

export const latenessOf = (job: Job, start: number): number => (job.due === null ? 0 : Math.max(0, start - job.due));

/** Each leg of the day as at full speed, the way home included, unless the crew never leaves. */
function legsOf(problem: Problem, shift: Shift, planned: PlannedShift): Leg[] {
  const nodes = planned.stops.map((stop) => problem.jobs[stop.job]?.node ?? shift.startNode);
  const away = nodes.length === 0 && beginsAt(problem, shift) >= shift.until;
  if (away) return [];
  if (shift.endNode !== null) nodes.push(shift.endNode);
  return nodes.flatMap((node, k) => legOf(problem, shift, nodes[k - 1] ?? shift.startNode, node) ?? []);
}

/** What it costs that a job is in no shift. */
export function costOfLeavingOut(problem: Problem, job: Job): Terms {
  const promised = job.inForce !== null && !isFixed(job) && job.inForce.promised !== null;
  return { ...nothing(), unserved: job.waiting, promise: promised ? problem.weights.brokenPromise : 0 };
}

/** Cost of the whole plan by term, from its times, in the problem's currency. */
export function costOfPlan(problem: Problem, plan: Pick<Plan, 'shifts' | 'unassigned'>): Cost {
  const cost = nothing();
  const add = (terms: Terms): void => NAMES.forEach((name) => (cost[name] += terms[name]));
  let latest = 0;
  for (const planned of plan.shifts) {
    add(costOfDay(problem, planned));
    for (const { job: index, start } of planned.stops) {
      const job = problem.jobs[index];
      if (job !== undefined) latest = Math.max(latest, latenessOf(job, start));
    }
  }
  for (const { job: index } of plan.unassigned) {
    const job = problem.jobs[index];
    if (job !== undefined) add(costOfLeavingOut(problem, job));
  }
  cost.late += latest * (problem.weights.worstLatePerSecond ?? 0);
  return { total: sumOf(cost), ...cost };
}

/** Every term as recomputed, to the digit. */
export function checkCost(problem: Problem, plan: Plan, report: Report): void {
  const cost = costOfPlan(problem, plan);
  for (const name of [...NAMES, 'total'] as const) {
    if (plan.cost[name] !== cost[name]) report('cost_wrong', `${name} is ${plan.cost[name]}, recomputed ${cost[name]}`);
  }
}
