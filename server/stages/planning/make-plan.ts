import { DateTime } from 'luxon';
import type { Db } from '../../../db/knex.ts';
import type { Plan } from '../../../routing/plan.ts';
import type { Problem } from '../../../routing/problem.ts';
import type { CachedRoads } from '../../../routing/roads/cached.ts';
import type { PlanProgress } from '../../stores/plans/contract.ts';
import { readSnapshot } from '../../stores/plans/snapshot.ts';
import type { PlanOptions } from '../../stores/plans/requests.ts';
import type { NewPlan } from '../../stores/plans/store.ts';
import { completeProblem, outlineProblem, type ProblemOutline } from './build-problem.ts';
import { limitsOf, type PlanEngine, type SolveOptions } from './plan-engine.ts';
import { storedResult, type PlanPartResult } from './plan-result.ts';
import type { PlanningPolicy } from './planning-policy.ts';
import { storeProblem } from './problem-document.ts';
import { projectStarts } from './project-starts.ts';
import { inPhase, solvingProgress } from './solving-progress.ts';
import { zonesByDepot, type Zone } from './zones.ts';

export interface MakePlanDeps {
  readonly db: Db;
  readonly roads: CachedRoads;
  readonly engine: PlanEngine;
  /** Solves the zones of a large city as jobs of their own. Left out: every plan is made in one piece. */
  readonly byZones?: (
    problem: Problem,
    zones: readonly Zone[],
    limits: Pick<SolveOptions, 'seed' | 'iterations' | 'millis'>,
    tell: (done: number) => void,
  ) => Promise<{ readonly plan: Plan; readonly parts: readonly PlanPartResult[] }>;
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
  const read = await readSnapshot(deps.db, order.serviceDay, order.at);
  const snapshot = await projectStarts(read, order.policy, deps.roads, signal);
  const outline = outlineProblem(snapshot, order.policy, startOfServiceDay(order.serviceDay, order.policy.zone));
  signal.throwIfAborted();
  tell('roads');
  const matrix = await deps.roads.matrix(outline.places, signal);
  const { problem, starts } = completeProblem(outline, matrix, order.policy);
  return { problem, outline, starts, roadsVersion: matrix.version, estimatedPairs: matrix.estimatedPairs };
}

/** Who follows the making of a plan, and how it is ended. */
export interface PlanWatch {
  /** Gives everything up. */
  readonly signal: AbortSignal;
  /** Ends the search with the best plan so far. */
  readonly finishEarly: AbortSignal;
  tell(progress: PlanProgress): void;
}

/** Between two tellings while nothing better is found: a clock on a screen should not stand still. */
const MILLIS_BETWEEN_TELLINGS = 500;

/** Reads the city, asks the roads, runs the engine; the result is ready to be stored. Changes nothing. */
export async function makePlan(deps: MakePlanDeps, order: PlanOrder, watch: PlanWatch): Promise<MadePlan> {
  const { policy } = order;
  const { problem, outline, starts, roadsVersion, estimatedPairs } = await loadProblem(deps, order, watch.signal, (phase) =>
    watch.tell(inPhase(phase)),
  );
  const zones = deps.byZones === undefined ? null : zonesOf(problem, outline.depotNodes, order);
  const { plan, parts } =
    zones === null || deps.byZones === undefined
      ? { plan: await solveAndTell(deps.engine, problem, order, watch), parts: [] }
      : await solveZonesAndTell(deps.byZones, problem, zones, order, watch);
  watch.tell(inPhase('storing', plan.cost.total));
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
      parts,
    }),
  };
}

async function solveAndTell(engine: PlanEngine, problem: Problem, order: PlanOrder, watch: PlanWatch): Promise<Plan> {
  const limits = limitsOf(order.options, order.policy, order.repeatable);
  const progress = solvingProgress(limits.millis === null ? null : limits.millis / 1_000);
  const began = performance.now();
  const elapsed = (): number => (performance.now() - began) / 1_000;
  const tell = (): void => watch.tell(progress.at(elapsed()));
  tell();
  const timer = setInterval(tell, MILLIS_BETWEEN_TELLINGS);
  try {
    return await engine.solveInWorker(problem, {
      ...limits,
      signal: watch.signal,
      finishEarly: watch.finishEarly,
      onBetter(cost, byTerm) {
        progress.better(elapsed(), cost, byTerm ?? null);
        tell();
      },
    });
  } finally {
    clearInterval(timer);
  }
}

/** Null: in one piece. A change budget is one for the whole city and cannot be shared out beforehand. */
function zonesOf(problem: Problem, depotNodes: readonly number[], { policy, options }: PlanOrder): readonly Zone[] | null {
  const { zonesFromJobs } = policy;
  if (zonesFromJobs === null || problem.jobs.length < zonesFromJobs || options.maxChanges !== undefined) return null;
  return zonesByDepot(problem, depotNodes);
}

async function solveZonesAndTell(
  byZones: NonNullable<MakePlanDeps['byZones']>,
  problem: Problem,
  zones: readonly Zone[],
  order: PlanOrder,
  watch: PlanWatch,
): ReturnType<NonNullable<MakePlanDeps['byZones']>> {
  const began = performance.now();
  const tell = (done: number): void =>
    watch.tell({
      ...inPhase('solving'),
      share: done / zones.length,
      elapsedSeconds: Math.round((performance.now() - began) / 10) / 100,
    });
  return byZones(problem, zones, limitsOf(order.options, order.policy, order.repeatable), tell);
}
