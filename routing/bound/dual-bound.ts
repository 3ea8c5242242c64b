import type { Certificate, RelaxedRule } from '../certificate.ts';
import { RELAXABLE } from '../certificate.ts';
import type { PricedCut } from './labels.ts';
import type { Relaxation } from './relaxation.ts';

/** Whole prices and what they prove. Jobs and classes of the instance. */
export interface DualBound {
  readonly kind: Certificate['kind'];
  readonly prices: Float64Array;
  readonly cuts: readonly PricedCut[];
  /** What a shift of each class costs at least, its prices taken off. */
  readonly classLeast: Float64Array;
  readonly bound: number;
}

export function dualBound(
  { classes, constant }: Relaxation,
  kind: Certificate['kind'],
  prices: Float64Array,
  cuts: readonly PricedCut[],
  classLeast: Float64Array,
): DualBound {
  let bound = constant;
  for (const price of prices) bound += price;
  for (const { price } of cuts) bound -= price;
  classes.forEach(({ shifts }, c) => (bound += shifts.length * classLeast[c]!));
  return { kind, prices, cuts, classLeast, bound };
}

/**
 * Whole prices within what is allowed: between nothing and what leaving the job out costs. Rounded up or down by whichever is
 * nearer.
 */
export function wholePrices({ mostPrice }: Relaxation, prices: ArrayLike<number>): Float64Array {
  return mostPrice.map((most, j) => Math.max(0, Math.min(most, Math.round(prices[j]!))));
}

/** The bound as it is published, by index in the problem. @param repeats routes that visit a job twice were among those priced */
export function certificateOf(relaxation: Relaxation, duals: DualBound, repeats: boolean): Certificate {
  const { instance, classOf } = relaxation;
  const { jobIndex, shiftIndex } = instance;
  const jobPrices = new Array<number>(instance.jobCount).fill(0);
  duals.prices.forEach((price, j) => (jobPrices[jobIndex[j]!] = price));
  const shiftLeast = new Array<number>(instance.shiftCount).fill(0);
  classOf.forEach((c, s) => (shiftLeast[shiftIndex[s]!] = duals.classLeast[c]!));
  const rules = new Set<RelaxedRule>(relaxation.relaxed);
  if (repeats) rules.add('repeated_visits');
  if (duals.kind === 'arrivals') for (const rule of alsoRelaxedByArrivals(relaxation)) rules.add(rule);
  return {
    version: 1,
    kind: duals.kind,
    bound: duals.bound,
    jobPrices,
    cuts: duals.cuts
      .filter(({ price }) => price > 0)
      .map(({ jobs: [a, b, c], price }) => {
        const [x, y, z] = [jobIndex[a]!, jobIndex[b]!, jobIndex[c]!].sort((p, q) => p - q) as [number, number, number];
        return { jobs: [x, y, z] as const, price };
      }),
    shiftLeast,
    relaxed: RELAXABLE.filter((rule) => rules.has(rule)),
  };
}

/** What a bound of cheapest arrivals does not look at either. */
function* alsoRelaxedByArrivals({ classes, instance }: Relaxation): Generator<RelaxedRule> {
  yield 'repeated_visits';
  if (classes.some(({ rest }) => rest !== null)) yield 'breaks';
  if (classes.some(({ load }) => load !== null)) yield 'stock';
  if (instance.dutyPerHour.some((price) => price > 0)) yield 'hours_on_duty';
}
