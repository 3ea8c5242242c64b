import type { Metres, Seconds } from './units.ts';

/** What the planner answers. Indices are the problem's. */
export interface Plan {
  readonly shifts: readonly PlannedShift[];
  readonly unassigned: readonly Unassigned[];
  readonly cost: Cost;
  /** What the plan in force costs as far as it can still be done, with everything else left out; null = not known. */
  readonly costInForce: Cost | null;
  readonly lp: LpReport;
  /** A proven lower bound on the cost of any plan, or null: none has been proven. */
  readonly bound: number | null;
  readonly seed: number;
  /** Of all searches together. */
  readonly iterations: number;
  readonly engine: string;
  /** How the time went: with it the same plan can be made again, byte for byte. */
  readonly pace: Pace;
  /** Movable stops that are not as in the plan in force: another crew, or a start moved beyond the tolerance, or left out. */
  readonly changes: number;
  /** Those that the plan in force has by itself now, as far as it can still be done. */
  readonly forcedChanges: number;
  /**
   * What was allowed of them; null = any number. Those that no plan could avoid do not count against it: stops that are not
   * allowed, or start beyond the tolerance too late, even with the fixed stops of their shift alone. Where the plan in force, as
   * far as it can still be done, already changes more than that, so many are allowed.
   */
  readonly maxChanges: number | null;
}

/**
 * How far each part of the engine came. A run by the clock writes it down, a run by iterations follows from it, and
 * whoever solves the same problem by it gets the same plan.
 */
export interface Pace {
  /** Rounds of assignment made. */
  readonly rounds: number;
  /** Left-out jobs looked at before the searches began. */
  readonly filled: number;
  /** The searches cool down in steps. For each search: its iteration at the beginning of each step, and at last its end. */
  readonly steps: readonly (readonly number[])[];
  /**
   * Better plans put together from the routes of all searches, by the meeting at which they were taken up. Written down whole,
   * since the solver that found them is stopped by the clock. Movable stops by shift; both in the order of their ids. Absent = none.
   */
  readonly recombined?: readonly {
    readonly meeting: number;
    readonly cost: number;
    readonly sequences: readonly (readonly number[])[];
  }[];
}

export interface PlannedShift {
  readonly shift: number;
  readonly stops: readonly PlannedStop[];
  readonly breaks: readonly PlannedBreak[];
  /** Ids of breaks that time or the fixed stops have made impossible: the dispatcher should know. */
  readonly breaksSkipped: readonly string[];
  readonly travel: Seconds;
  readonly metres: Metres;
  readonly work: Seconds;
  /** From when the crew is free until `endsAt`: what is neither driving, nor work, nor break, nor a gap between windows. */
  readonly idle: Seconds;
  readonly overtime: Seconds;
  /** When the crew is back at its end (or done with its last stop). */
  readonly endsAt: Seconds;
}

export interface PlannedStop {
  readonly job: number;
  /** Travel to this stop from the one before. */
  readonly travel: Seconds;
  readonly metres: Metres;
  readonly arrival: Seconds;
  readonly start: Seconds;
  readonly end: Seconds;
  /** Seconds past due. */
  readonly late: Seconds;
}

export interface PlannedBreak {
  readonly id: string;
  readonly start: Seconds;
  readonly end: Seconds;
}

export interface Unassigned {
  readonly job: number;
  readonly reason: Reason;
}

/** Why a job is not in the plan. The dispatcher's sentence is made from the code and its figures. */
export type Reason =
  | { readonly code: 'no_crew_on_shift' }
  | { readonly code: 'no_crew_with_skills'; readonly missing: readonly string[] }
  /** Skilled crews, but none at this level. */
  | { readonly code: 'no_crew_with_level'; readonly missing: readonly string[] }
  | { readonly code: 'no_crew_with_plant'; readonly missing: readonly string[] }
  | { readonly code: 'outside_every_area'; readonly area: string }
  | { readonly code: 'more_stock_than_any_crew'; readonly dimension: number }
  /** A job that it is linked to cannot be done, or not together with it. */
  | { readonly code: 'linked_job_does_not_fit'; readonly job: number }
  /** It would take more changes than were allowed. */
  | { readonly code: 'no_change_left' }
  /** Every crew that could has said no. */
  | { readonly code: 'declined'; readonly shift: number }
  | { readonly code: 'unreachable' }
  | { readonly code: 'windows_do_not_fit' }
  | { readonly code: 'longer_than_any_shift'; readonly neededSeconds: Seconds; readonly mostSeconds: Seconds }
  /** The job alone would fit, but no longer together with the break. */
  | { readonly code: 'breaks_do_not_fit'; readonly shift: number }
  | { readonly code: 'locks_do_not_fit'; readonly shift: number }
  /** It would fit somewhere, but only by pushing out or delaying what costs more. */
  | { readonly code: 'not_today'; readonly cheapestShift: number | null; readonly extraCost: number };

/** Cost by term; `total` is their sum. */
export interface Cost {
  readonly total: number;
  /** Prices of the jobs left out. */
  readonly unserved: number;
  readonly late: number;
  /** Hours that planned jobs wait for their start. */
  readonly waiting: number;
  /** Seconds and kilometres driven. */
  readonly travel: number;
  /** Hours on duty. */
  readonly duty: number;
  readonly overtime: number;
  readonly use: number;
  readonly change: number;
  readonly promise: number;
  readonly overqualification: number;
  readonly area: number;
  readonly balance: number;
}

/** What the linear programmes said: one entry a round of "who takes which job now". */
export interface LpReport {
  readonly rounds: readonly LpRound[];
}

export interface LpRound {
  readonly status: 'optimal' | 'infeasible' | 'stopped';
  /** What solved it: the simplex method up to about 2,500 arcs, shortest paths beyond. */
  readonly method: 'simplex' | 'shortest_paths';
  readonly objective: number;
  readonly shifts: number;
  readonly jobs: number;
  /** Arcs in the programme at the end, and all arcs that exist. */
  readonly arcs: number;
  readonly allArcs: number;
  /** How often priced-out arcs had to be added. */
  readonly pricingRounds: number;
  /** No arc left out has a negative reduced cost: optimal over all arcs, not only those in the programme. */
  readonly certified: boolean;
  /** What one more stop of this crew would have been worth in this round (the dual price); crews with price 0 are left out. */
  readonly crewPrices: readonly { readonly shift: number; readonly price: number }[];
}
