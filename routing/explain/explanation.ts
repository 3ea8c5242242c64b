import type { Slip } from '../insert.ts';
import type { Reason } from '../plan.ts';
import type { Metres, Seconds } from '../units.ts';

/** What can be said about one job of a plan. All indices are the problem's; all prices are in its currency. */

/** Who else could do a job, the cheapest first. */
export interface Alternatives {
  readonly job: number;
  /** Where it is now; null = left out. */
  readonly shift: number | null;
  /** What its shift would save without it; 0 for a job left out. */
  readonly saved: number;
  readonly others: readonly Alternative[];
  /** The shifts that cannot, each with the rule that forbids it. */
  readonly blocked: readonly { readonly shift: number; readonly reason: Reason }[];
}

export interface Alternative {
  readonly shift: number;
  /** Place among the stops of that shift after the repair, 0 first. */
  readonly position: number;
  /**
   * What the whole plan would cost more with the job there, after the repair, than without, bettered by as much work. Below 0:
   * less, which happens where neither was searched.
   */
  readonly price: number;
  /** What the plan could be cheaper by round there in any case, as far as was found: `price` less this is against the plan as it is. */
  readonly savedWithout: number;
  readonly start: Seconds;
  readonly late: Seconds;
  /** Of all shifts together, after the repair. */
  readonly extraTravel: Seconds;
  readonly extraMetres: Metres;
  readonly extraOvertime: Seconds;
  /** Other jobs of the plan that start later than now, wherever they are then. */
  readonly slips: readonly Slip[];
  /** Other jobs that the repair puts on another shift, or that were left out and come in; and those that it leaves out. */
  readonly moved: readonly { readonly job: number; readonly shift: number }[];
  readonly leftOut: readonly number[];
}

/** What a person's wish about one job would cost, before it is made. */
export type OverridePrice =
  { readonly kind: 'possible'; readonly alternative: Alternative } | { readonly kind: 'impossible'; readonly reason: Reason };

/** The price of an override after a search for what is best with it and without it. */
export type RefinedPrice =
  | {
      readonly kind: 'possible';
      /** What the best plan found with the override costs more than the best found without it; 0 or more where no start is wished. */
      readonly price: number;
      /** The best plan found with the override; its own `price` is against the plan as it is. */
      readonly alternative: Alternative;
      /** What the search has made the plan cheaper without the override. */
      readonly savedWithout: number;
      readonly iterations: number;
    }
  | { readonly kind: 'impossible'; readonly reason: Reason };

/** A job that is not in the plan. */
export interface WhyNot {
  readonly job: number;
  /** As in the plan, unless the verdicts know better: what one of them calls possible is not_today. */
  readonly reason: Reason;
  /** All shifts, in the order of the problem. */
  readonly shifts: readonly ShiftVerdict[];
  /** The smallest changes that would fit it, one of each sort, the cheapest first; empty = nobody can ever do it. */
  readonly changes: readonly FittingChange[];
}

export interface ShiftVerdict {
  readonly shift: number;
  /** The rule that binds; null = possible, at `price`. */
  readonly blockedBy: Block | null;
  /**
   * What the plan would cost more with the job there, less what leaving it out costs: above 0, unless the plan was not searched
   * to its end. null when blocked.
   */
  readonly price: number | null;
}

/**
 * Why one shift cannot do a job, its other stops kept. Reasons that speak of all crews ("no_crew_with_skills") then speak of this
 * one. no_room: were its day otherwise empty it could.
 */
export type Block = Reason | { readonly code: 'no_room' };

/**
 * Changes with which the job fits into the plan, all stops kept: made, inserted and checked before they are told. One change
 * where one is enough; none of several can be left out. `price` is what the plan then costs more, less what leaving the job out
 * costs.
 */
export interface FittingChange {
  readonly changes: readonly Change[];
  /** Which shift then does it, and when. */
  readonly shift: number;
  readonly position: number;
  readonly start: Seconds;
  readonly price: number;
}

/** Seconds are whole minutes, times whole minutes of the clock, rounded up (`window_from`: down) unless that would not fit. */
export type Change =
  /** The job goes in as things are, at its price. */
  | { readonly kind: 'accept_price' }
  | { readonly kind: 'overtime'; readonly shift: number; readonly seconds: Seconds }
  | { readonly kind: 'begin_earlier'; readonly shift: number; readonly seconds: Seconds }
  /** The crew has these skills too, at the level that the job needs. */
  | { readonly kind: 'skills'; readonly shift: number; readonly skills: readonly string[] }
  /** The crew has these skills at the level that the job needs. */
  | { readonly kind: 'skill_level'; readonly shift: number; readonly skills: readonly string[] }
  | { readonly kind: 'plant'; readonly shift: number; readonly plant: readonly string[] }
  | { readonly kind: 'area'; readonly shift: number; readonly area: string }
  | { readonly kind: 'stock'; readonly shift: number; readonly dimension: number; readonly more: number }
  /** Any start until then, instead of the end of its last window. */
  | { readonly kind: 'window_until'; readonly until: Seconds }
  /** It is released then, and its first window opens then, where they did later. */
  | { readonly kind: 'window_from'; readonly from: Seconds }
  /** Due then instead of when it is: what is late costs less, and doing the job no more than leaving it out. */
  | { readonly kind: 'due'; readonly due: Seconds }
  | { readonly kind: 'no_break'; readonly shift: number; readonly breakId: string }
  | { readonly kind: 'unlock'; readonly what: 'crew' | 'time' | 'order' }
  | { readonly kind: 'ask_again'; readonly shift: number }
  | { readonly kind: 'most_jobs'; readonly shift: number; readonly more: number }
  | { readonly kind: 'most_travel'; readonly shift: number; readonly seconds: Seconds }
  | { readonly kind: 'most_duration'; readonly shift: number; readonly seconds: Seconds }
  /** Without waiting for the job that it is linked to. */
  | { readonly kind: 'unlink'; readonly from: number }
  /**
   * So many more stops may differ from the plan in force: a limit of the plan, no part of the problem. What could not be kept when
   * the plan was made does not count against it, though another change would let it be kept.
   */
  | { readonly kind: 'more_changes'; readonly more: number }
  /** That job would be left out for it. */
  | { readonly kind: 'instead_of'; readonly job: number };

/** What the day costs at a number of moves: the choice between calm and best. */
export interface CurvePoint {
  /** Stops that may differ from the plan in force; null = any number. */
  readonly moves: number | null;
  readonly changes: number;
  readonly cost: number;
  readonly late: number;
  readonly lateSeconds: Seconds;
  readonly unserved: number;
}
