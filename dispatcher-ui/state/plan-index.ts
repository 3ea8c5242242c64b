import type { PlanLeftOut, PlanStopView, PlanView } from '../../server/stores/plans/contract.ts';

/** A plan by its jobs: a queue of a thousand rows asks it for each. */
export interface PlanIndex {
  /** What it would change about a job: a new crew, another crew or another time. */
  readonly changes: ReadonlyMap<string, PlanStopView>;
  readonly leftOut: ReadonlyMap<string, PlanLeftOut>;
}

const known = new WeakMap<PlanView, PlanIndex>();

/** Made once a plan. */
export function indexPlan(plan: PlanView): PlanIndex {
  const before = known.get(plan);
  if (before !== undefined) return before;
  const changes = plan.stops.filter(({ change }) => change !== 'same' && change !== 'fixed');
  const index = {
    changes: new Map(changes.map((stop) => [stop.jobId, stop])),
    leftOut: new Map(plan.leftOut.map((left) => [left.jobId, left])),
  };
  known.set(plan, index);
  return index;
}
