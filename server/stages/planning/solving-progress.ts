import { MOST_CURVE_POINTS, type PlanCost, type PlanProgress } from '../../stores/plans/contract.ts';

/** A phase of which nothing is known but that it goes on. */
export const inPhase = (phase: PlanProgress['phase'], bestCost: number | null = null): PlanProgress => ({
  phase,
  share: null,
  bestCost,
  bestCostByTerm: null,
  elapsedSeconds: null,
  budgetSeconds: null,
  curve: [],
  finishing: false,
});

/** What a dispatcher is told while the engine searches. Times in seconds since it began. */
export interface SolvingProgress {
  better(seconds: number, cost: number, byTerm: PlanCost | null): void;
  at(seconds: number): PlanProgress;
}

/** @param budgetSeconds null where iterations end the search. */
export function solvingProgress(budgetSeconds: number | null): SolvingProgress {
  let curve: PlanProgress['curve'] = [];
  let best: { cost: number; byTerm: PlanCost | null } | null = null;
  const rounded = (seconds: number): number => Math.round(seconds * 100) / 100;
  return {
    better(seconds, cost, byTerm) {
      best = { cost, byTerm };
      curve = thinned([...curve, { seconds: rounded(seconds), cost }]);
    },
    at: (seconds) => ({
      ...inPhase('solving', best?.cost ?? null),
      share: budgetSeconds === null || budgetSeconds === 0 ? null : Math.min(1, seconds / budgetSeconds),
      bestCostByTerm: best?.byTerm ?? null,
      elapsedSeconds: rounded(seconds),
      budgetSeconds,
      curve,
    }),
  };
}

/** Every second point but first and last goes when there are too many: the early steps are steep and near each other. */
function thinned(curve: PlanProgress['curve']): PlanProgress['curve'] {
  if (curve.length <= MOST_CURVE_POINTS) return curve;
  return curve.filter((_, i) => i % 2 === 0 || i === curve.length - 1);
}
