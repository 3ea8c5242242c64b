import { compile } from './compile.ts';
import type { Plan } from './plan.ts';
import type { Problem } from './problem.ts';
import { solve } from './solve.ts';

/** Sequences that somebody has found for a problem of which there is a plan already. */
export interface Sequences {
  /** Movable jobs by shift, in order; indices of the problem. */
  readonly sequences: readonly (readonly number[])[];
  /** What they cost together, in the problem's currency. */
  readonly cost: number;
}

/**
 * A whole plan of these sequences, with its times, reasons and cost by term. It begins where `like` began, takes the sequences up
 * at the first meeting of its searches and says so in its pace: whoever solves the problem by that pace gets the same plan, byte
 * for byte. Check it (`check-plan.ts`): sequences may break a lock or the limit of changes. Synchronous, and does not search.
 * @param like a plan of the same problem; where the sequences cost no less than what it began with, that is what comes back
 * @throws InvalidProblem
 */
export function planOfSequences(problem: Problem, { sequences, cost }: Sequences, like: Plan): Plan {
  const { shiftIndex, jobIndex } = compile(problem);
  const ownIndex = new Map(Array.from(jobIndex, (index, own) => [index, own]));
  const bySearch = Array.from(shiftIndex, (index) => (sequences[index] ?? []).flatMap((job) => ownIndex.get(job) ?? []));
  return solve(problem, {
    seed: like.seed,
    maxChanges: like.maxChanges,
    stop: { iterations: 0, millis: null },
    pace: {
      rounds: like.pace.rounds,
      filled: like.pace.filled,
      steps: [[0]],
      recombined: [{ meeting: 0, cost, sequences: bySearch }],
    },
  });
}
