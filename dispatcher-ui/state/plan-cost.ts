import type { PlanCost } from '../../server/stores/plans/contract.ts';

/** One term of what a plan costs. */
export type CostTerm = Exclude<keyof PlanCost, 'total'>;

/** In the order in which a dispatcher asks: what is not done, what is late, what is driven, what changes, the rest. */
const ORDER: Readonly<Record<CostTerm, number>> = {
  unserved: 0,
  late: 1,
  promise: 2,
  travel: 3,
  change: 4,
  overtime: 5,
  waiting: 6,
  duty: 7,
  use: 8,
  area: 9,
  overqualification: 10,
  balance: 11,
};
const TERMS = (Object.keys(ORDER) as CostTerm[]).sort((a, b) => ORDER[a] - ORDER[b]);

export interface CostRow {
  readonly term: keyof PlanCost;
  /** null: not known. */
  readonly now: number | null;
  readonly draft: number;
  /** Below 0: the draft is better. null: not known. */
  readonly difference: number | null;
}

/** The terms that are not 0 in both, and the total last. Whole points: the engine's prices are whole, so the column adds up. */
export function costRows(draft: PlanCost, now: PlanCost | null): CostRow[] {
  return [...TERMS.filter((term) => draft[term] !== 0 || (now !== null && now[term] !== 0)), 'total' as const].map((term) => {
    const before = now === null ? null : Math.round(now[term]);
    const after = Math.round(draft[term]);
    return { term, now: before, draft: after, difference: before === null ? null : after - before };
  });
}

/** The dearest terms first, those of 0 left out. */
export const dearestTerms = (cost: PlanCost, most: number): CostTerm[] =>
  TERMS.filter((term) => cost[term] !== 0)
    .sort((a, b) => cost[b] - cost[a])
    .slice(0, most);

/** "18,420" */
export const pointsText = (points: number): string => Math.round(points).toLocaleString('en');

/** "+120", "−1,300", "0": a true minus, as wide as the plus. */
export const differenceText = (points: number): string => {
  const whole = Math.round(points);
  return whole === 0 ? '0' : `${whole < 0 ? '−' : '+'}${pointsText(Math.abs(whole))}`;
};

/** The same in minutes of driving; null where driving costs nothing. */
export const drivingMinutes = (points: number, drivingMinuteCost: number): number | null =>
  drivingMinuteCost > 0 ? Math.abs(points) / drivingMinuteCost : null;
