import { checkPlan } from '../check-plan.ts';
import { compile, leftOutPrice } from '../compile.ts';
import { emptyDraft, mayTake, tryChanges } from '../draft.ts';
import type { Instance } from '../instance.ts';
import type { Interval, Problem } from '../problem.ts';
import { planOf } from '../report-plan.ts';
import { advance, begin, finish, isChanged, keepsStock, lateCost, newCursor } from '../schedule.ts';
import { type Seconds, seconds } from '../units.ts';
import { applyChange } from './apply-change.ts';
import { dayProblem, OWN_SHIFT } from './day-problem.ts';
import type { Change } from './explanation.ts';

/** One shift of the plan and a job that is not in the plan, by indices of the whole problem. */
export interface Day {
  readonly problem: Problem;
  readonly shift: number;
  /** Fixed ones first, in their order. */
  readonly stops: readonly number[];
  readonly job: number;
  /** What the plan costs in this shift and for the job left out, its greatest lateness included. */
  readonly cost: number;
  /** The greatest lateness and the changes in all other shifts and among all other jobs left out. */
  readonly lateElsewhere: Seconds;
  readonly changesElsewhere: number;
  readonly mostChanges: number;
  /** When stops must start that are linked: by job. */
  readonly agreed: ReadonlyMap<number, number>;
}

/** The day to be driven with the job. Its places are numbered: the stops in their order, then the job. */
export interface Trial {
  readonly day: Day;
  readonly instance: Instance;
  /** The shift and the numbered jobs, as indices of the instance. */
  readonly s: number;
  readonly jobs: readonly number[];
  readonly mostChanges: number;
  /** Stops that are left out instead, as indices of `day.stops`. */
  readonly without: readonly number[];
}

/** A trial in a problem of its own, that of the day with the changes made, whose jobs are those of the day. */
export interface OwnTrial extends Trial {
  readonly problem: Problem;
}

/** The day with the job at one place, possible by every rule. */
export interface Drive {
  readonly position: number;
  /** Numbers of the day's jobs. */
  readonly sequence: readonly number[];
  readonly price: number;
  readonly start: Seconds;
  /** What the job's own lateness costs, and the greatest lateness but for it in the whole plan. */
  readonly ownLateCost: number;
  readonly lateOthers: number;
  readonly endsAt: Seconds;
  readonly travel: Seconds;
  /** In the whole plan. */
  readonly changes: number;
}

/** Makes the changes; `span` says when a problem lets the job start, for what it is linked to, or that it may not at all. */
export function tryWith(
  day: Day,
  changes: readonly Change[],
  spanIn: (problem: Problem, day: Day) => Interval | null | 'never',
): OwnTrial | null {
  const whole = changes.reduce((problem, change) => applyChange(problem, day.job, change), day.problem);
  const span = spanIn(whole, day);
  if (span === 'never') return null;
  const problem = dayProblem(whole, day.shift, day.stops, day.job, span);
  const compiled = compile(problem);
  const jobs = problem.jobs.map((_, k) => compiled.jobPlace[k]!);
  // What is fetched by a job that is on no shift is on board at no time, in a day that does not know that job, too.
  const fetched = new Set((whole.links ?? []).filter((link) => link.sameShift === true).map((link) => link.second));
  [...day.stops, day.job].forEach((index, k) => {
    if (fetched.has(index)) compiled.fetched[jobs[k]!] = 1;
  });
  const instance = { ...compiled, onlyUses: compiled.onlyUses && compiled.fetched.every((is) => is === 0) };
  day.stops.forEach((index, k) => {
    const start = day.agreed.get(index);
    if (start !== undefined && instance.fixed[jobs[k]!] === 0) instance.lockedStart[jobs[k]!] = start;
  });
  const more = changes.reduce((sum, change) => sum + (change.kind === 'more_changes' ? change.more : 0), 0);
  const without = changes.flatMap((change) => (change.kind === 'instead_of' ? [day.stops.indexOf(change.job)] : []));
  return { day, problem, instance, s: instance.shiftPlace[OWN_SHIFT]!, jobs, mostChanges: day.mostChanges + more, without };
}

const cursor = newCursor();

/** Every place that the job may have in the day, these stops left out instead. */
export function drivesOf(trial: Trial, without: readonly number[] = trial.without): Drive[] {
  const { instance, s, jobs, day } = trial;
  const asked = day.stops.length;
  if (!mayTake(instance, s, jobs[asked]!)) return [];
  const stops = [...day.stops.keys()].filter((k) => !without.includes(k));
  const first = stops.filter((k) => instance.fixed[jobs[k]!] === 1).length;
  const drives: Drive[] = [];
  for (let position = first; position <= stops.length; position++) {
    const drive = driveAt(trial, stops.toSpliced(position, 0, asked), position, without);
    if (drive !== null) drives.push(drive);
  }
  return drives;
}

function driveAt(trial: Trial, sequence: readonly number[], position: number, without: readonly number[]): Drive | null {
  const { instance, s, jobs, day } = trial;
  const { weights } = day.problem;
  let late: number = day.lateElsewhere;
  let own = 0;
  let start = 0;
  let ownLateCost = 0;
  let changes: number = day.changesElsewhere;
  let leftOut = 0;
  for (const k of without) {
    const job = day.problem.jobs[day.stops[k]!]!;
    leftOut += leftOutPrice(day.problem, job);
    if (job.inForce !== null && !job.inForce.fixed) changes++;
  }
  begin(instance, s, cursor);
  for (const k of sequence) {
    const j = jobs[k]!;
    if (!advance(instance, s, cursor, j)) return null;
    const past = Math.max(0, cursor.start - instance.due[j]!);
    changes += isChanged(instance, s, j, cursor.start);
    if (k === day.stops.length) {
      start = cursor.start;
      own = past;
      ownLateCost = lateCost(instance, j, past);
    } else {
      late = Math.max(late, past);
      const agreed = day.agreed.get(day.stops[k]!);
      if (agreed !== undefined && agreed !== cursor.start) return null;
    }
  }
  if (!finish(instance, s, cursor) || changes > trial.mostChanges) return null;
  const stock = sequence.map((k) => jobs[k]!);
  if (!keepsStock(instance, s, stock)) return null;
  const worst = Math.max(late, own) * (weights.worstLatePerSecond ?? 0);
  return {
    position,
    sequence,
    price: cursor.cost + leftOut + worst - day.cost,
    start: seconds(start),
    ownLateCost,
    lateOthers: late,
    endsAt: seconds(cursor.time),
    travel: seconds(cursor.travel),
    changes,
  };
}

/** The cheapest of the drives, the first of equals; null when there is none. */
export const cheapestOf = (drives: readonly Drive[]): Drive | null =>
  drives.reduce<Drive | null>((best, drive) => (best === null || drive.price < best.price ? drive : best), null);

/** Is the day with this drive a plan that breaks no rule, by the independent checker, at the price that was worked out? */
export function isVerified({ day, problem, instance, s, jobs }: OwnTrial, drive: Drive): boolean {
  const draft = emptyDraft(instance);
  const sequence = drive.sequence.map((k) => jobs[k]!);
  if (!tryChanges(draft, [{ shift: s, sequence }], Infinity)) return false;
  const plan = planOf(draft, NO_SEARCH);
  if (checkPlan(problem, plan).length > 0) return false;
  const price = day.problem.weights.worstLatePerSecond ?? 0;
  const late = Math.max(0, ...plan.shifts.flatMap(({ stops }) => stops.map((stop) => stop.late)));
  return plan.cost.total + (Math.max(day.lateElsewhere, late) - late) * price - day.cost === drive.price;
}

const NO_SEARCH = {
  seed: 0,
  iterations: 0,
  rounds: [],
  pace: { rounds: 0, filled: 0, steps: [] },
  maxChanges: null,
  forcedChanges: 0,
};

/** The most of a dimension of stock that is on board, or must be room for, on this drive. */
export function mostOnBoard({ problem, day, instance, jobs }: OwnTrial, drive: Drive, dimension: number): number {
  const of = (amounts: readonly number[] | undefined): number => amounts?.[dimension] ?? 0;
  let load = drive.sequence.reduce((sum, k) => sum + (instance.fetched[jobs[k]!] === 1 ? 0 : of(problem.jobs[k]?.uses)), 0);
  const asked = problem.jobs[day.stops.length];
  let most = Math.max(load, of(asked?.uses), of(asked?.collects));
  for (const k of drive.sequence) {
    load += of(problem.jobs[k]?.collects) - of(problem.jobs[k]?.uses);
    most = Math.max(most, load);
  }
  return most;
}
