import type { Cost, LpRound, Pace, Plan } from '../plan.ts';
import type { Problem } from '../problem.ts';
import type { Frame, PackedRoutes } from '../search/collect.ts';
import type { Brought, Standing } from '../search/meeting.ts';
import type { Solution } from '../search/solution.ts';
import type { Stop } from '../search/stop.ts';

/** What a thread is asked: data only, so that it can be posted. Every message names the task it belongs to. */
export type PlanOrder =
  | { readonly kind: 'plan'; readonly id: number; readonly request: PlanRequest; readonly index: number }
  /** To all but the first: where the searches begin. */
  | { readonly kind: 'start'; readonly id: number; readonly start: SharedStart }
  /** From the meeting to the next leg. */
  | { readonly kind: 'go on'; readonly id: number; readonly leg: number; readonly standing: Standing }
  /** To the first: write the plan. */
  | { readonly kind: 'report'; readonly id: number; readonly best: Solution; readonly pace: Pick<Pace, 'steps' | 'recombined'> };

export interface PlanRequest {
  readonly problem: Problem;
  readonly seed: number;
  readonly searches: number;
  readonly stop: Stop;
  readonly maxChanges: number | null;
  readonly startFrom: Plan | null;
  readonly pace: Pace | null;
  /** The searches collect their routes, so that they can be put together anew. */
  readonly recombine: boolean;
  /** When it was asked, on the clock that all threads share: performance.timeOrigin + performance.now(). */
  readonly askedAt: number;
  /** Two numbers in shared memory: [0] not 0 = give up, [1] not 0 = end now with the best so far. */
  readonly flags: Int32Array;
}

/** What the first thread has begun with and the others need. */
export interface SharedStart {
  readonly solution: Solution;
  readonly rounds: readonly LpRound[];
  readonly filled: number;
  readonly costInForce: Cost;
  readonly forcedChanges: number;
  readonly maxChanged: number;
  /** On the shared clock. */
  readonly begins: number;
  readonly ends: number;
  /** The searches divide the day. */
  readonly divided: boolean;
}

/** What the threads answer. */
export type PlanAnswer =
  | { readonly kind: 'started'; readonly id: number; readonly start: SharedStart; readonly frame: Frame | null }
  | { readonly kind: 'better'; readonly id: number; readonly cost: number }
  /** At the end of a leg. `going` = it has time for another; `marks`: see Pace. */
  | {
      readonly kind: 'met';
      readonly id: number;
      readonly index: number;
      readonly leg: number;
      readonly brought: Brought;
      readonly marks: readonly number[];
      readonly going: boolean;
      /** Routes that it has collected, at the meetings where they are wanted. */
      readonly routes: PackedRoutes | null;
    }
  | { readonly kind: 'plan'; readonly id: number; readonly plan: Plan }
  | { readonly kind: 'stopped'; readonly id: number }
  | { readonly kind: 'invalid'; readonly id: number; readonly path: string; readonly detail: string }
  | { readonly kind: 'failed'; readonly id: number; readonly message: string; readonly stack: string };
