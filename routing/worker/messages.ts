import type { Plan } from '../plan.ts';
import type { Problem } from '../problem.ts';

/** What is asked of the planner thread: data only, so that it can be posted. */
export interface PlanRequest {
  readonly id: number;
  readonly problem: Problem;
  readonly seed: number;
  readonly iterations: number | null;
  readonly millis: number | null;
  /** One number in shared memory; not 0 = stop. */
  readonly stopFlag: Int32Array;
}

/** What the thread answers. */
export type PlanAnswer =
  | { readonly kind: 'better'; readonly id: number; readonly cost: number }
  | { readonly kind: 'plan'; readonly id: number; readonly plan: Plan }
  | { readonly kind: 'stopped'; readonly id: number }
  | { readonly kind: 'invalid'; readonly id: number; readonly path: string; readonly detail: string }
  | { readonly kind: 'failed'; readonly id: number; readonly message: string; readonly stack: string };
