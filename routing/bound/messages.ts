import type { Plan } from '../plan.ts';
import type { Problem } from '../problem.ts';
import type { Bounded } from './bound.ts';

/** What is asked of the bounder thread: data only, so that it can be posted. */
export interface BoundRequest {
  readonly id: number;
  readonly problem: Problem;
  readonly plan: Plan | null;
  readonly millis: number;
  readonly target: number | null;
  readonly seed: number | null;
  readonly searchShare: number | null;
  /** Milliseconds since 1970 by `performance`: the clocks of two threads begin at different moments. */
  readonly askedAt: number;
  /** One number in shared memory; not 0 = stop. */
  readonly stopFlag: Int32Array;
}

export type BoundAnswer =
  | { readonly kind: 'bounded'; readonly id: number; readonly bounded: Bounded }
  | { readonly kind: 'failed'; readonly id: number; readonly error: unknown };
