/** No arc: the crew cannot take the job. */
export const NO_ARC = Infinity;

/** Nobody takes the job yet. */
export const NOBODY = -1;

/**
 * "Who takes which job now": a transportation problem. Each job goes to one crew or to nobody yet, each crew takes at
 * most its capacity. All prices are whole numbers, so every sum and every dual is exact.
 */
export interface AssignmentProblem {
  readonly jobs: number;
  readonly crews: number;
  /** jobs x crews, row = job; NO_ARC where the crew cannot take it. May be negative. */
  readonly cost: Float64Array;
  /** For each job, the price of nobody yet. */
  readonly waiting: Float64Array;
  /** For each crew, the most jobs it takes now. */
  readonly capacity: Int32Array;
}

/**
 * Duals of the programme. For every arc `cost + crew - job >= 0`, for every job `job <= waiting`, for every crew
 * `crew >= 0`: then no assignment costs less than `sum(job) - sum(capacity x crew)`.
 */
export interface Prices {
  /** What having this job in the round costs. */
  readonly job: Float64Array;
  /** What one more place on this crew would save, exactly (solveAssignment gives the smallest feasible prices). */
  readonly crew: Float64Array;
}

/** What a method answers; prices and proof are added to it by solveAssignment. */
export interface MethodAnswer {
  /** For each job its crew or NOBODY. Feasible in any case, optimal when `finished`. */
  readonly crewOf: Int32Array;
  readonly finished: boolean;
}

export type AssignmentMethod = 'simplex' | 'shortest_paths';

export interface Assignment {
  /** `stopped`: ended before all arcs were priced; the answer is feasible but not proven best. */
  readonly status: 'optimal' | 'stopped';
  readonly method: AssignmentMethod;
  /** For each job its crew or NOBODY. */
  readonly crewOf: Int32Array;
  readonly objective: number;
  readonly prices: Prices;
  /** Arcs in the last programme, and all arcs that exist. */
  readonly arcs: number;
  readonly allArcs: number;
  readonly pricingRounds: number;
  /** checkCertificate found primal = dual and no negative reduced cost over all arcs. */
  readonly certified: boolean;
}

/** Cost of an assignment, Infinity when it uses an arc that does not exist. */
export function costOf(problem: AssignmentProblem, crewOf: Int32Array): number {
  let cost = 0;
  for (let i = 0; i < problem.jobs; i++) {
    const crew = crewOf[i]!;
    cost += crew === NOBODY ? problem.waiting[i]! : problem.cost[i * problem.crews + crew]!;
  }
  return cost;
}
