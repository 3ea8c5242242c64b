import { availableParallelism } from 'node:os';
import type { Cost, Plan } from '../../../routing/plan.ts';
import type { Problem } from '../../../routing/problem.ts';
import type { PlannerOptions } from '../../../routing/worker/start-planner.ts';
import type { PlanOptions } from '../../stores/plans/requests.ts';
import type { PlanningPolicy } from './planning-policy.ts';

/** What planning asks of the engine. */
export interface SolveOptions extends Omit<PlannerOptions, 'onBetter'> {
  /** Told now and then of a lower cost, by term where the engine tells it. */
  readonly onBetter?: (cost: number, byTerm?: Cost) => void;
}

/** The engine in its own thread, one problem after another: `routing/worker`. */
export interface PlanEngine {
  solveInWorker(problem: Problem, options: SolveOptions): Promise<Plan>;
}

/** How a plan is stopped: by time where people wait, by iterations where it must repeat itself. */
export function limitsOf(
  options: PlanOptions,
  policy: Pick<PlanningPolicy, 'iterations' | 'budgetMillis'>,
  repeatable: boolean,
): Pick<SolveOptions, 'seed' | 'iterations' | 'millis' | 'maxChanges'> {
  const byTime = options.iterations === undefined && !repeatable;
  return {
    seed: options.seed ?? 1,
    iterations: byTime ? null : (options.iterations ?? policy.iterations),
    millis: byTime ? policy.budgetMillis : null,
    maxChanges: options.maxChanges ?? null,
  };
}

/** Makes a plan again: by the pace it kept, or, where its engine wrote none down, by its iterations. */
export function solveAgain(
  engine: PlanEngine,
  problem: Problem,
  plan: Pick<Plan, 'seed' | 'maxChanges' | 'pace' | 'iterations'>,
): Promise<Plan> {
  const { seed, maxChanges, pace, iterations } = plan;
  const kept = pace.steps.length > 0;
  return engine.solveInWorker(problem, {
    seed,
    maxChanges,
    iterations: kept ? null : iterations,
    millis: null,
    ...(kept ? { pace } : {}),
  });
}

/**
 * Several engines as one: each problem goes to an idle one, or waits in the one that has fewest. Against the clock each
 * makes so many searches that all of them together fit the machine; how many is part of a plan's pace.
 */
export function engineOfMany(engines: readonly PlanEngine[]): PlanEngine {
  const busy = engines.map(() => 0);
  const searches = Math.max(1, Math.floor(availableParallelism() / engines.length));
  return {
    async solveInWorker(problem, options) {
      const least = busy.indexOf(Math.min(...busy));
      const engine = engines[least];
      if (engine === undefined) throw new RangeError('a planner needs an engine');
      busy[least] = (busy[least] ?? 0) + 1;
      try {
        return await engine.solveInWorker(problem, options.millis === null ? options : { searches, ...options });
      } finally {
        busy[least] = (busy[least] ?? 0) - 1;
      }
    },
  };
}
