import type { Plan } from '../../routing/plan.ts';
import type { Problem } from '../../routing/problem.ts';

/** One instance of a bench, read when its turn comes. */
export interface BenchCase {
  readonly name: string;
  load(): Promise<LoadedCase>;
}

export interface LoadedCase {
  readonly problem: Problem;
  /** Instances of one size are told together when it comes to how time grows with size. */
  readonly size: string;
  /** Seconds a run may take, unless the command line says otherwise. */
  readonly seconds: number;
  /** The best cost known, in the instance's unit; null = none. */
  readonly best: number | null;
  /** Every job must be done: peers are told so. Otherwise leaving one out has its price. */
  readonly mustServe: boolean;
  /** Recomputes our plan by means of its own, in the instance's unit. */
  score(plan: Plan): Score;
  /** The same of somebody else's sequences: jobs by shift. */
  scoreSequences(sequences: readonly (readonly number[])[]): Score;
}

export interface Score {
  /** In the instance's unit. */
  readonly cost: number;
  /** What is wrong with it, in plain words. Empty: it is a valid answer. */
  readonly faults: readonly string[];
  /** Something a reader should know. */
  readonly remark?: string;
}
