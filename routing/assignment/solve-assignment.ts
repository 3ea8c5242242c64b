import { type Assignment, type AssignmentProblem, costOf, type MethodAnswer, NO_ARC } from './assignment.ts';
import { type SimplexOptions, solveBySimplex } from './by-simplex.ts';
import { checkCertificate } from './certificate.ts';
import { NotOptimal, smallestPrices } from './prices.ts';
import { ProgrammeFailed } from './programme.ts';
import { solveByShortestPaths } from './shortest-paths.ts';

/** Up to here the simplex method is asked, which keeps a dense tableau; beyond it shortest paths (README, figures). */
const MOST_ARCS_BY_SIMPLEX = 2_500;

export interface AssignmentOptions extends SimplexOptions {
  /** At most this many arcs exist: then by the simplex method. Below 0 = never. */
  readonly mostArcsBySimplex?: number;
}

/** A cost that is no whole number, or so large that sums would not be exact. */
export class NotExact extends Error {
  override readonly name = 'NotExact';
}

/**
 * Solves the assignment over all arcs, certified: small ones by the simplex method, large ones, and those on which that
 * fails, by shortest paths. `options.stopped` is asked now and then; once it says yes, the answer is feasible and its
 * status `stopped`.
 * @throws NotExact
 */
export function solveAssignment(problem: AssignmentProblem, options: AssignmentOptions): Assignment {
  const allArcs = countArcs(problem);
  if (allArcs <= (options.mostArcsBySimplex ?? MOST_ARCS_BY_SIMPLEX)) {
    try {
      const answer = solveBySimplex(problem, options);
      const { arcs, pricingRounds } = answer;
      return { method: 'simplex', ...withPrices(problem, answer), arcs, allArcs, pricingRounds };
    } catch (error) {
      // It works in floating point and can cycle; the other method cannot.
      if (!(error instanceof ProgrammeFailed || error instanceof NotOptimal)) throw error;
    }
  }
  const answer = solveByShortestPaths(problem, options.stopped);
  return { method: 'shortest_paths', ...withPrices(problem, answer), arcs: allArcs, allArcs, pricingRounds: 0 };
}

function withPrices(
  problem: AssignmentProblem,
  { crewOf, finished }: MethodAnswer,
): Pick<Assignment, 'status' | 'crewOf' | 'objective' | 'prices' | 'certified'> {
  const objective = costOf(problem, crewOf);
  if (!finished) {
    const prices = { job: new Float64Array(problem.jobs), crew: new Float64Array(problem.crews) };
    return { status: 'stopped', crewOf, objective, prices, certified: false };
  }
  const prices = smallestPrices(problem, crewOf);
  return { status: 'optimal', crewOf, objective, prices, certified: checkCertificate(problem, crewOf, prices).valid };
}

/** How many arcs exist. All sums that can come up stay below 2^53, or it throws NotExact. */
function countArcs(problem: AssignmentProblem): number {
  // A chain of hand-overs passes each job and each crew once at most, and gains and loses at each.
  const most = Math.floor(Number.MAX_SAFE_INTEGER / (4 * (problem.jobs + problem.crews + 1)));
  const exact = (n: number): boolean => Number.isInteger(n) && n <= most && n >= -most;
  let count = 0;
  // By index: for-of over 600,000 numbers takes 8 ms longer.
  const { cost } = problem;
  for (let arc = 0; arc < cost.length; arc++) {
    if (cost[arc] === NO_ARC) continue;
    if (!exact(cost[arc]!)) throw new NotExact(`an arc costs ${cost[arc]}; whole numbers up to ${most} are exact here`);
    count++;
  }
  for (const price of problem.waiting) {
    if (!exact(price)) throw new NotExact(`waiting costs ${price}; whole numbers up to ${most} are exact here`);
  }
  return count;
}
