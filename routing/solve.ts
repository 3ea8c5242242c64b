import { compile } from './compile.ts';
import { draftOf } from './draft.ts';
import type { Instance } from './instance.ts';
import type { Pace, Plan } from './plan.ts';
import type { Problem } from './problem.ts';
import { planOf } from './report-plan.ts';
import { Clock } from './search/clock.ts';
import { meeting, type Standing } from './search/meeting.ts';
import { isDivided } from './search/part.ts';
import { Search } from './search/search.ts';
import type { Solution } from './search/solution.ts';
import { makeStart, type Start } from './search/start.ts';
import type { Stop } from './search/stop.ts';
import { beginLeg, legsOf, type Limits, phaseOf, recombinedAt, seedOf, walk } from './search/team.ts';

export interface SolveOptions {
  /** The same problem, seed, number of searches and iteration limit give the same plan, byte for byte. */
  readonly seed: number;
  readonly stop: Stop;
  /** Searches that take turns (side by side in `worker/`). Absent = 1. */
  readonly searches?: number;
  /** At most so many stops may change against the plan in force, beyond what it can no longer keep. null or absent = any number. */
  readonly maxChanges?: number | null;
  /** A plan of the same problem to start from instead of the plan in force. */
  readonly startFrom?: Plan;
  /** Make the plan again that was made at this pace; `stop` is then not asked. */
  readonly pace?: Pace;
  /** Aborted: solve throws its reason, within a few iterations. */
  readonly signal?: AbortSignal;
  /** Told of better plans now and then, the first after the start. */
  readonly onImprovement?: (plan: Plan) => void;
}

/**
 * Plans the day: (1) the plan in force as far as it still holds, new work by repeated assignment, what is left where it
 * is cheapest (`search/start.ts`); (2) searches that take parts out and put them back better, each with chance of its own,
 * meeting now and then (`search/search.ts`, `search/team.ts`), until they must stop; (3) the best of all as a plan, with a
 * reason for every job left out. No step makes the best dearer, so the result is never worse than the plan in force
 * where that is feasible.
 * Synchronous: `worker/` takes the same steps off the main thread, its searches side by side.
 * Throws InvalidProblem, and the signal's reason when aborted. No crew, no job, a day that is over are plans, not errors.
 */
export function solve(problem: Problem, options: SolveOptions): Plan {
  const { seed, stop, signal, onImprovement, startFrom = null, pace = null, maxChanges = null, searches = 1 } = options;
  const clock = new Clock(stop);
  const endNow = (): boolean => signal?.aborted ?? false;
  const instance = compile(problem);
  const start = makeStart(instance, {
    pace,
    maxChanges,
    startFrom,
    assigned: () => clock.assignmentIsOver() || endNow(),
    filled: () => clock.fillingIsOver() || endNow(),
  });
  signal?.throwIfAborted();
  const report = (solution: Solution, steps: Pace['steps']): Plan =>
    reportOf(instance, start, solution, steps, { seed, maxChanges, recombined: pace?.recombined ?? [] });
  const first = clock.timeReport(() => report(start.solution, []));
  onImprovement?.(first);

  const limits: Limits = { stop, pace, ...clock.searching(), endNow };
  const team = Array.from({ length: searches }, (_, i) => searchFrom(instance, start, seed, i));
  const marks = team.map((): number[] => []);
  const steps = (): number[][] => team.map((search, i) => [...marks[i]!, search.iterations]);
  const divided = isDivided(instance, searches, maxChanges);
  let standing: Standing = { best: start.solution, current: divided ? start.solution : null };
  for (const [number, leg] of legsOf(divided).entries()) {
    for (const [i, search] of team.entries()) beginLeg(search, standing, number, i, searches);
    const going = team.map((search, i) => walk(search, i, leg, limits, marks[i]!));
    signal?.throwIfAborted();
    const met = meeting(
      standing,
      team.map((search) => search.bring()),
      recombinedAt(pace, number),
    );
    if (met.best.cost < standing.best.cost) onImprovement?.(report(met.best, steps()));
    standing = met;
    if (going.includes(false)) break;
  }
  return report(standing.best, steps());
}

/** One of several searches, with chance and starts of linked jobs of its own. */
export function searchFrom(
  instance: Instance,
  start: Pick<Start, 'near' | 'solution' | 'maxChanged'>,
  seed: number,
  index = 0,
): Search {
  const own = { ...instance, lockedStart: instance.lockedStart.slice() };
  return new Search(own, start.near, start.solution, seedOf(seed, index), phaseOf(index), start.maxChanged);
}

/** The plan of a solution. */
export function reportOf(
  instance: Instance,
  start: Pick<Start, 'rounds' | 'filled' | 'costInForce' | 'forcedChanges'>,
  solution: Solution,
  steps: Pace['steps'],
  made: { readonly seed: number; readonly maxChanges: number | null; readonly recombined: NonNullable<Pace['recombined']> },
): Plan {
  const { rounds, filled, costInForce, forcedChanges } = start;
  const { seed, maxChanges, recombined } = made;
  return planOf(draftOf(instance, solution), {
    seed,
    maxChanges,
    rounds,
    costInForce,
    forcedChanges,
    iterations: steps.reduce((sum, marks) => sum + (marks.at(-1) ?? 0), 0),
    pace: { rounds: rounds.length, filled, steps, ...(recombined.length === 0 ? {} : { recombined }) },
  });
}
