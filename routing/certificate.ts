/**
 * What proves how far a plan can be from the best one: prices, by which anybody can work the bound out again.
 *
 * Let `leftOutPrice(j)` be what the objective charges for leaving movable job j out (its promise included, see objective.ts),
 * and `cost(s, r)` the whole cost of shift s when it drives the movable stops r, or none. For every plan
 *
 *   cost >= constant + sum of jobPrices - sum of cut prices + sum of shiftLeast
 *
 * holds when, in whole numbers,
 * - jobPrices[j] <= leftOutPrice(j) for every movable job, and 0 for every fixed one;
 * - every cut has a price of 0 or more, and three different jobs;
 * - for every shift s and every route r that it may drive, none included,
 *   cost(s, r) - sum of jobPrices over r + sum over cuts of price * floor(stops of r among its three / 2) >= shiftLeast[s].
 * Two of three jobs are on one route of a plan at most (a subset-row cut: M. Jepsen et al., Operations Research 56, 2008).
 * `constant` is what fixed jobs cost that no road reaches.
 *
 * The routes may be priced below their cost and be more than there are (`relaxed`): the sum is a bound all the same.
 */
export interface Certificate {
  readonly version: 1;
  readonly kind: BoundKind;
  /** The right-hand side of the inequality, in the problem's currency. */
  readonly bound: number;
  /** By index in the problem. */
  readonly jobPrices: readonly number[];
  readonly cuts: readonly Cut[];
  /** By index in the problem. */
  readonly shiftLeast: readonly number[];
  /** Rules that a route was not asked to keep, or not all of, and prices it was not charged; in the order of RELAXABLE. */
  readonly relaxed: readonly RelaxedRule[];
}

/**
 * routes: every route was priced exactly, under the rules that are not relaxed. arrivals: each job pays the cheapest way to it
 * alone, and for a crew's time where that is short, which is weaker, and quick at any size.
 */
export type BoundKind = 'routes' | 'arrivals';

export interface Cut {
  /** Indices in the problem, ascending. */
  readonly jobs: readonly [number, number, number];
  readonly price: number;
}

/** What may be relaxed, only where the problem has it. */
export const RELAXABLE = [
  /** A job may be visited again after a few others: never cheaper for a real route, but it lets impossible ones in. */
  'repeated_visits',
  /**
   * Of each shift only the longest break that is still to be taken is kept (not even that: a bound of kind arrivals). A kept break
   * is taken where it suits the crew best, between two stops or on the way home, begun within its window.
   */
  'breaks',
  'gaps',
  'speed_by_time',
  'stock',
  'most_jobs',
  'most_travel',
  'most_duration',
  'order_locks',
  'linked_jobs',
  'change_limit',
  'greatest_lateness',
  'balance',
  'hours_on_duty',
  /** Starts before those of the plan in force by more than the tolerance, or before what was promised, are not charged. */
  'early_starts',
] as const;

export type RelaxedRule = (typeof RELAXABLE)[number];
