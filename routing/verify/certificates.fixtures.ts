import fc from 'fast-check';
import type { Certificate, Cut } from '../certificate.ts';
import { costOfLeavingOut, sumOf } from '../check/check-cost.ts';
import { bruteForce } from '../brute-force.ts';
import type { Plan } from '../plan.ts';
import type { Problem } from '../problem.ts';
import { emptyCostOf, givenOf } from './route-space.ts';
import type { Verdict } from './verdict.ts';
import { verifyPlan } from './verify-plan.ts';

/** Prices and cuts from which a certificate for one problem is made. */
export interface Wish {
  /** In thousandths of what leaving the job out costs, by job; as many as any problem here has. */
  readonly shares: readonly number[];
  readonly cuts: readonly { readonly jobs: readonly number[]; readonly price: number }[];
}

const MOST_JOBS = 8;

export const anyWish: fc.Arbitrary<Wish> = fc.record({
  shares: fc.array(fc.oneof(fc.constant(0), fc.constant(1_000), fc.integer({ min: -200, max: 1_000 })), {
    minLength: MOST_JOBS,
    maxLength: MOST_JOBS,
  }),
  cuts: fc.array(
    fc.record({
      jobs: fc.uniqueArray(fc.nat(MOST_JOBS - 1), { minLength: 3, maxLength: 3 }),
      price: fc.nat(2_000),
    }),
    { maxLength: 3 },
  ),
});

const isMovable = (problem: Problem, j: number): boolean =>
  problem.jobs[j] !== undefined && problem.jobs[j].inForce?.fixed !== true;

/** The certificate of these prices with so much for each shift: its form is right, but it may claim too much. */
export function certificateOf(problem: Problem, wish: Wish, shiftLeast: readonly number[]): Certificate {
  const given = givenOf(problem);
  const jobPrices = problem.jobs.map((job, j) => {
    if (!isMovable(problem, j)) return 0;
    return Math.floor((sumOf(costOfLeavingOut(problem, job)) * (wish.shares[j] ?? 0)) / 1_000);
  });
  const cuts = wish.cuts.flatMap(({ jobs, price }): Cut[] => {
    const [a, b, c] = [...jobs].sort((x, y) => x - y);
    return jobs.every((j) => isMovable(problem, j)) ? [{ jobs: [a!, b!, c!], price }] : [];
  });
  const sum = (list: readonly number[]): number => list.reduce((all, x) => all + x, 0);
  const bound = given.constant + sum(jobPrices) - sum(cuts.map(({ price }) => price)) + sum(shiftLeast);
  return { version: 1, kind: 'routes', bound, jobPrices, cuts, shiftLeast, relaxed: ['repeated_visits'] };
}

/**
 * The most that the verifier accepts for these prices: it begins with the empty shifts, and takes each cheaper route that the
 * verifier names as the new claim, until there is none.
 */
export function tightest(problem: Problem, plan: Plan, wish: Wish): { certificate: Certificate; verdict: Verdict } {
  const given = givenOf(problem);
  const shiftLeast = problem.shifts.map((_, s) => emptyCostOf(given, s));
  for (;;) {
    const certificate = certificateOf(problem, wish, shiftLeast);
    const verdict = verifyPlan(problem, plan, certificate);
    const cheaper = verdict.refusals.find((refusal) => refusal.code === 'cheaper_route');
    if (cheaper === undefined) return { certificate, verdict };
    shiftLeast[cheaper.shift] = cheaper.cost;
  }
}

/** The best plan by brute force; null where locks and links together leave none. */
export const bestPlan = (problem: Problem): Plan | null => bruteForce(problem)?.plan ?? null;
