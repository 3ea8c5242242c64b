import type { Curve, Refined, RefineQuestion, Why, WhyQuestion } from '../../explaining/contract.ts';
import type { PlanRecord, StoredProblem } from '../../../stores/plans/store.ts';

/** A plan as it is kept: what a thread reads it from. */
export interface StoredPlan {
  readonly problem: StoredProblem;
  /** `result` read, or as JSON text: then it is the thread's work to read it. */
  readonly record: Pick<PlanRecord, 'result' | 'cost' | 'bound' | 'lp'>;
}

/** What it would cost that a crew has one slot of a job. */
export interface PriceQuestion {
  readonly jobId: string;
  readonly slot: number;
  readonly shiftId: string;
}

export type PlanQuestion =
  | ({ readonly kind: 'why' } & WhyQuestion)
  | ({ readonly kind: 'refine' } & RefineQuestion)
  | { readonly kind: 'curve' }
  | ({ readonly kind: 'price' } & PriceQuestion)
  /** Nobody asks yet: what every question needs is worked out. */
  | { readonly kind: 'ready' };

export type Said = Why | Refined | Curve | Price | { readonly answer: 'ready' };

/** In the plan's currency; null: the crew cannot have it, or it is not to be moved. */
export interface Price {
  readonly answer: 'price';
  readonly price: number | null;
}

export interface AskOrder {
  readonly id: number;
  readonly planId: string;
  /** Absent: the thread is thought to know the plan. */
  readonly stored?: StoredPlan;
  readonly question: PlanQuestion;
}

export type AskAnswer =
  | { readonly id: number; readonly kind: 'answered'; readonly said: Said }
  /** The thread has forgotten the plan, or never knew it. */
  | { readonly id: number; readonly kind: 'unknown_plan' }
  /** What a person can be told, as an HTTP problem. */
  | { readonly id: number; readonly kind: 'refused'; readonly status: number; readonly code: string; readonly sentence: string }
  | { readonly id: number; readonly kind: 'failed'; readonly message: string; readonly stack: string | undefined };
