import { type AssignmentProblem, costOf, NOBODY, type Prices } from './assignment.ts';

export interface Certificate {
  readonly valid: boolean;
  readonly primal: number;
  readonly dual: number;
  /** Smallest of all reduced costs, over every arc that exists; negative = the prices prove nothing. */
  readonly leastReducedCost: number;
  /** What is wrong, in words; empty when valid. */
  readonly faults: readonly string[];
}

/**
 * Proves, without a solver, that nobody can assign at a lower cost: the assignment keeps the rules, the prices are
 * feasible for the dual over ALL arcs, and both cost the same (weak duality). Reads the problem alone and shares no code
 * with what made the answer but the sum of its cost.
 */
export function checkCertificate(problem: AssignmentProblem, crewOf: Int32Array, prices: Prices): Certificate {
  const { jobs, crews, cost, waiting, capacity } = problem;
  const faults: string[] = [];
  const taken = new Int32Array(crews);
  for (let i = 0; i < jobs; i++) {
    const crew = crewOf[i];
    if (crew === undefined || crew < NOBODY || crew >= crews) faults.push(`job ${i} has crew ${crew}`);
    else if (crew !== NOBODY) taken[crew] = (taken[crew] ?? 0) + 1;
  }
  for (let j = 0; j < crews; j++) {
    if ((taken[j] ?? 0) > (capacity[j] ?? 0)) faults.push(`crew ${j} takes ${taken[j]} of ${capacity[j]}`);
  }
  let least = Infinity;
  let dual = 0;
  for (let j = 0; j < crews; j++) {
    const price = prices.crew[j] ?? NaN;
    least = Math.min(least, price);
    dual -= price * (capacity[j] ?? 0);
  }
  for (let i = 0; i < jobs; i++) {
    const price = prices.job[i] ?? NaN;
    least = Math.min(least, (waiting[i] ?? NaN) - price);
    dual += price;
    for (let j = 0; j < crews; j++) {
      const c = cost[i * crews + j] ?? NaN;
      if (c !== Infinity) least = Math.min(least, c + (prices.crew[j] ?? NaN) - price);
    }
  }
  if (!(least >= 0)) faults.push(`a reduced cost is ${least}`);
  const primal = costOf(problem, crewOf);
  if (primal !== dual) faults.push(`the assignment costs ${primal}, the prices prove ${dual}`);
  return { valid: faults.length === 0, primal, dual, leastReducedCost: least, faults };
}
