import { assignInRounds } from './assignment/rounds.ts';
import { compile } from './compile.ts';
import { draftFromPlanInForce } from './in-force.ts';
import { insertWhatIsLeft } from './insertion.ts';
import type { LpRound, Plan } from './plan.ts';
import type { Problem } from './problem.ts';
import { planOf } from './report-plan.ts';
import { improve } from './search/improve.ts';
import { random } from './search/random.ts';
import type { Stop } from './search/stop.ts';

export interface SolveOptions {
  /** The same problem, seed and iteration limit give the same plan, byte for byte. */
  readonly seed: number;
  /** Asked before each round of the assignment and each step of the search; see search/stop.ts. */
  readonly stop: Stop;
  /** Aborted: solve throws its reason, within one step. */
  readonly signal?: AbortSignal;
  /** Told of a better plan now and then, the first after the assignment. */
  readonly onImprovement?: (plan: Plan) => void;
}

/** Between two plans told to `onImprovement` lie this many steps at least: making a plan with its reasons takes milliseconds. */
const STEPS_BETWEEN_PLANS = 500;

/**
 * Plans the day: the plan in force as far as it still holds, new work by repeated assignment, what is left by cheapest
 * insertion, then improvement until `stop`. Every step keeps or lowers the cost, so the result is never worse than the
 * plan in force where that is feasible. Synchronous; `worker/` runs it off the main thread.
 * Throws InvalidProblem, and the signal's reason when aborted. No crew, no job, a day that is over are plans, not errors.
 */
export function solve(problem: Problem, options: SolveOptions): Plan {
  const { seed, stop, signal, onImprovement } = options;
  const instance = compile(problem);
  const draft = draftFromPlanInForce(instance);
  let iterations = 0;
  let ended = false;
  let rounds: readonly LpRound[] = [];
  const stopped = (best: number): boolean => {
    signal?.throwIfAborted();
    ended ||= stop(best);
    if (!ended) iterations++;
    return ended;
  };
  const plan = (): Plan => planOf(draft, { seed, iterations, rounds, pace: { steps: [] }, maxChanges: null });

  rounds = assignInRounds(draft, () => stopped(draft.cost));
  insertWhatIsLeft(draft, () => signal?.aborted ?? false);
  onImprovement?.(plan());

  let told = iterations;
  improve(draft, random(seed), stopped, () => {
    if (onImprovement === undefined || iterations - told < STEPS_BETWEEN_PLANS) return;
    told = iterations;
    onImprovement(plan());
  });
  return plan();
}
