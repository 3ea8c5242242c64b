import { compile } from './compile.ts';
import { cheapestInsertion, type Draft, fixedCount, mayTake } from './draft.ts';
import { draftFromPlanInForce } from './in-force.ts';
import type { PlannedShift } from './plan.ts';
import type { Problem } from './problem.ts';
import { plannedShift } from './report-plan.ts';
import type { Metres, Seconds } from './units.ts';

/** A stop that starts later than it would without the new job. */
export interface Slip {
  /** Index in the problem. */
  readonly job: number;
  readonly seconds: Seconds;
  /** Seconds past due now, and as many it would be. */
  readonly lateBefore: Seconds;
  readonly lateAfter: Seconds;
}

/** What it would mean that a shift does a job as well. */
export interface Place {
  /** Index in the problem. */
  readonly shift: number;
  /** Place among the stops of the shift, 0 first. */
  readonly position: number;
  /** What the plan would cost more, without the price of leaving the job out. */
  readonly extraCost: number;
  readonly start: Seconds;
  readonly late: Seconds;
  readonly extraTravel: Seconds;
  readonly extraMetres: Metres;
  readonly extraOvertime: Seconds;
  readonly slips: readonly Slip[];
}

/** The cheapest place of job j (index of the instance) on shift s as the draft has it; null when no place works. */
export function placeOn(draft: Draft, s: number, j: number): Place | null {
  const { instance } = draft;
  const before = draft.shifts[s];
  const found = { cost: 0, position: 0 };
  if (before === undefined || !mayTake(instance, s, j) || !cheapestInsertion(instance, s, before, j, Infinity, found))
    return null;
  const now = plannedShift(instance, s, before.sequence);
  const then = plannedShift(instance, s, before.sequence.toSpliced(found.position, 0, j));
  const stop = then.stops[found.position];
  if (stop === undefined) return null;
  return {
    shift: now.shift,
    position: found.position,
    extraCost: found.cost,
    start: stop.start,
    late: stop.late,
    extraTravel: (then.travel - now.travel) as Seconds,
    extraMetres: (then.metres - now.metres) as Metres,
    extraOvertime: (then.overtime - now.overtime) as Seconds,
    slips: slipsBetween(now, then, Math.max(found.position, fixedCount(instance, s))),
  };
}

function slipsBetween(now: PlannedShift, then: PlannedShift, from: number): Slip[] {
  return now.stops.slice(from).flatMap((before, k): Slip[] => {
    const after = then.stops[from + k + 1];
    if (after === undefined || after.start <= before.start) return [];
    const slipped = (after.start - before.start) as Seconds;
    return [{ job: before.job, seconds: slipped, lateBefore: before.late, lateAfter: after.late }];
  });
}

/**
 * Who could do one more job, cheapest first, in the plan in force as it stands: without a search, in the time that it takes to
 * read the problem (100 shifts x 1,000 jobs: some tens of milliseconds). `job` is an index of the problem; the plan in
 * force does not have it.
 * Throws InvalidProblem. Linked jobs are planned as a group, by `solve`: for one of them the answer is empty.
 */
export function insert(problem: Problem, job: number): Place[] {
  const instance = compile(problem);
  const j = instance.jobPlace[job];
  if (j === undefined) throw new RangeError(`no job ${job}`);
  if (instance.groupOf[j]! >= 0) return [];
  const draft = draftFromPlanInForce(instance);
  return draft.shifts
    .flatMap((_, s) => placeOn(draft, s, j) ?? [])
    .sort((a, b) => a.extraCost - b.extraCost || (problem.shifts[a.shift]!.id < problem.shifts[b.shift]!.id ? -1 : 1));
}
