import { DateTime } from 'luxon';
import type { Db } from '../../../db/knex.ts';
import type { Problem } from '../../../routing/problem.ts';
import type { CachedRoads } from '../../../routing/roads/cached.ts';
import type { Planner } from '../../../routing/worker/start-planner.ts';
import type { PlanProgress } from '../../stores/plans/contract.ts';
import { readSnapshot } from '../../stores/plans/snapshot.ts';
import type { NewPlan, PlanOptions } from '../../stores/plans/store.ts';
import { completeProblem, outlineProblem, type ProblemOutline } from './build-problem.ts';
import { storedResult } from './plan-result.ts';
import type { PlanningPolicy } from './planning-policy.ts';
import { storeProblem } from './problem-document.ts';

export interface MakePlanDeps {
  readonly db: Db;
  readonly roads: CachedRoads;
  /** The engine in its own thread. */
  readonly engine: Pick<Planner, 'solveInWorker'>;
}

export interface PlanOrder {
  readonly serviceDay: string;
  /** City time at which it is made. */
  readonly at: Date;
  /** True where only iterations may stop the engine: in a simulated city. */
  readonly repeatable: boolean;
  readonly options: PlanOptions;
  readonly policy: PlanningPolicy;
}

export type MadePlan = Omit<NewPlan, 'id' | 'requestedBy' | 'requestedAt' | 'madeAt'>;

/** Start of the service day in the city's zone: the epoch of its problems. */
export function startOfServiceDay(serviceDay: string, zone: string): Date {
  return DateTime.fromISO(serviceDay, { zone }).startOf('day').toJSDate();
}

/** The service day that `at` falls on. */
export function serviceDayOf(at: Date, zone: string): string {
  return DateTime.fromJSDate(at, { zone }).toFormat('yyyy-MM-dd');
}

export interface LoadedProblem {
  readonly problem: Problem;
  readonly outline: ProblemOutline;
  readonly starts: ProblemOutline['starts'];
  readonly roadsVersion: string;
  readonly estimatedPairs: number;
}

/** One moment of the city as a problem: one consistent read, then only the travel times that are not known yet. */
export async function loadProblem(
  deps: Pick<MakePlanDeps, 'db' | 'roads'>,
  order: Pick<PlanOrder, 'serviceDay' | 'at' | 'policy'>,
  signal: AbortSignal,
  tell: (phase: PlanProgress['phase']) => void,
): Promise<LoadedProblem> {
  tell('reading');
  const snapshot = await readSnapshot(deps.db, order.serviceDay, order.at);
  const outline = outlineProblem(snapshot, order.policy, startOfServiceDay(order.serviceDay, order.policy.zone));
  signal.throwIfAborted();
  tell('roads');
  const matrix = await deps.roads.matrix(outline.places, signal);
  const { problem, starts } = completeProblem(outline, matrix, order.policy);
  return { problem, outline, starts, roadsVersion: matrix.version, estimatedPairs: matrix.estimatedPairs };
}

/** Reads the city, asks the roads, runs the engine; the result is ready to be stored. Changes nothing. */
export async function makePlan(
  deps: MakePlanDeps,
  order: PlanOrder,
  signal: AbortSignal,
  tell: (progress: PlanProgress) => void,
): Promise<MadePlan> {
  const { policy, options } = order;
  const { problem, outline, starts, roadsVersion, estimatedPairs } = await loadProblem(deps, order, signal, (phase) =>
    tell({ phase, share: null, bestCost: null }),
  );
  tell({ phase: 'solving', share: null, bestCost: null });
  const byTime = options.iterations === undefined && !order.repeatable;
  const plan = await deps.engine.solveInWorker(problem, {
    seed: options.seed ?? 1,
    iterations: byTime ? null : (options.iterations ?? policy.iterations),
    millis: byTime ? policy.budgetMillis : null,
    signal,
    onBetter: (bestCost) => tell({ phase: 'solving', share: null, bestCost }),
  });
  tell({ phase: 'storing', share: null, bestCost: plan.cost.total });
  return {
    serviceDay: order.serviceDay,
    seed: plan.seed,
    iterations: plan.iterations,
    engine: plan.engine,
    configVersionId: policy.configVersionId,
    roadsVersion,
    roadsSource: problem.travel.source,
    saw: outline.saw,
    problem: await storeProblem(problem),
    ...storedResult({
      epochUnixSeconds: problem.epochUnixSeconds,
      estimatedPairs,
      plan,
      shifts: starts.map((start, index) => ({ ...start, until: problem.shifts[index]?.until ?? 0 })),
      slots: outline.slots,
      notAsked: outline.notAsked,
    }),
  };
}
