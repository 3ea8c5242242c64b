import type { Weights } from '../../../routing/problem.ts';
import { seconds } from '../../../routing/units.ts';
import type { CityConfig } from '../../stores/city/contract.ts';

/** One figure for each priority, 1 (most pressing) to 4. */
export type ByPriority = readonly [number, number, number, number];

/**
 * What the city's policy says about planning, in the engine's currency: a second of travel costs `travelPerSecond`.
 * Whole numbers throughout.
 */
export interface PlanningPolicy {
  readonly configVersionId: string;
  /** IANA name. */
  readonly zone: string;
  readonly weights: Weights;
  readonly latePerSecond: ByPriority;
  /** What it costs that a job is not in today's plan: `waiting` at once, and `waitingPerHour` for each hour it has waited. */
  readonly waiting: ByPriority;
  readonly waitingPerHour: ByPriority;
  /** An emergency's waiting and lateness are that many times dearer. */
  readonly emergencyFactor: number;
  /** A position older than this is no start of a way. */
  readonly positionFreshSeconds: number;
  /** Work that goes on longer than it should is expected to take this much more. */
  readonly leastServiceSeconds: number;
  /** Jobs in one problem at most; what costs least to leave waits for the next plan. */
  readonly mostJobs: number;
  /** A stop whose departure is this near is sent to its crew when a plan is published. */
  readonly freezeSeconds: number;
  /** How often a draft is made by itself; null: only when somebody asks. */
  readonly replanSeconds: number | null;
  readonly budgetMillis: number;
  /** From so many jobs on a plan is made by zones, one a depot, each within `budgetMillis`; null: never. */
  readonly zonesFromJobs: number | null;
  /** Changes of the plan in force where the request says nothing of them; null: any number. */
  readonly maxChanges: number | null;
  /** What stops the engine where time must not: in recorded days. */
  readonly iterations: number;
}

/** Places whose travel times a planner keeps: 3,000 are 72 MB. */
export const MOST_PLAN_POINTS = 3_000;

/** The figure of a job's priority. */
export function ofPriority(figures: ByPriority, priority: number): number {
  return figures[Math.min(4, Math.max(1, priority)) - 1] ?? figures[3];
}

/** The city's policy as planning reads it. */
export function planningPolicy(city: Pick<CityConfig, 'zone' | 'policy'>, configVersionId: string): PlanningPolicy {
  const { policy } = city;
  const { weights, planning } = policy;
  const each = (figure: (priority: 1 | 2 | 3 | 4) => number): ByPriority => [figure(1), figure(2), figure(3), figure(4)];
  return {
    configVersionId,
    zone: city.zone,
    weights: {
      travelPerSecond: weights.travelPerSecond,
      overtimePerSecond: weights.overtimePerSecond,
      changeOfCrew: weights.changeOfCrew,
      moveOfStartPerSecond: weights.moveOfStartPerSecond,
      startTolerance: seconds(weights.startToleranceSeconds),
      brokenPromise: weights.brokenPromise,
      useOfShift: weights.useOfShift,
    },
    latePerSecond: each((p) => weights.latePerSecond[p]),
    waiting: each((p) => weights.waiting[p].base),
    waitingPerHour: each((p) => weights.waiting[p].perHour),
    emergencyFactor: planning.emergencyFactor,
    positionFreshSeconds: policy.positionFreshSeconds,
    leastServiceSeconds: planning.leastServiceSeconds,
    mostJobs: planning.mostJobs,
    freezeSeconds: policy.freezeHorizonMinutes * 60,
    replanSeconds: planning.onTimer ? policy.replanEveryMinutes * 60 : null,
    budgetMillis: planning.budgetMillis,
    zonesFromJobs: planning.zonesFromJobs,
    maxChanges: planning.maxChanges,
    iterations: planning.iterations,
  };
}
