import fc from 'fast-check';
import type { Certificate, Cut } from '../certificate.ts';
import { costOfLeavingOut, sumOf } from '../check/check-cost.ts';
import { interval, time } from '../arbitrary-rules.ts';
import { bruteForce } from '../brute-force.ts';
import { aJob, aProblem, aShift, someWeights } from '../fixtures.ts';
import type { Plan } from '../plan.ts';
import type { Problem } from '../problem.ts';
import { seconds } from '../units.ts';
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

/**
 * Small problems in which much is done and every second counts: long shifts with a break, jobs that are late at once, cuts and
 * stock that bind, steps much shorter than the tables' stretches.
 */
export const anyFullDay: fc.Arbitrary<Problem> = fc
  .record({
    nodes: fc.integer({ min: 2, max: 6 }),
    jobs: fc.integer({ min: 3, max: 5 }),
    shifts: fc.integer({ min: 1, max: 2 }),
    farthest: fc.constantFrom(0, 3, 40, 600),
    until: fc.constantFrom(2_000, 8_000, 30_000),
  })
  .chain(({ nodes, jobs, shifts, farthest, until }) =>
    fc.noBias(
      fc.record({
        travel: fc.array(fc.nat(farthest), { minLength: nodes * nodes, maxLength: nodes * nodes }).map((cells) => ({
          size: nodes,
          seconds: Int32Array.from(cells, (cell, i) => (i % (nodes + 1) === 0 ? 0 : cell)),
          metres: Int32Array.from(cells),
          source: 'estimate' as const,
        })),
        now: fc.constant(seconds(0)),
        shifts: fc.tuple(
          ...Array.from({ length: shifts }, (_, s) =>
            fc.record({
              id: fc.constant(`shift-${s}`),
              startNode: fc.nat(nodes - 1),
              endNode: fc.option(fc.nat(nodes - 1)),
              overtime: time(600),
              breaks: fc.array(fc.record({ id: fc.constant('lunch'), window: interval(until), length: time(900) }), {
                maxLength: 1,
              }),
              capacity: fc.tuple(fc.integer({ min: 3, max: 9 }), fc.integer({ min: 3, max: 9 })),
            }),
          ),
        ),
        jobs: fc.tuple(
          ...Array.from({ length: jobs }, (_, j) =>
            fc.record({
              id: fc.constant(`job-${j}`),
              node: fc.nat(nodes - 1),
              service: fc.constantFrom(0, 1, 30, 400).map(seconds),
              due: fc.option(time(until), { freq: 2 }),
              latePerSecond: fc.nat(3),
              severeAfter: time(300),
              severePerSecond: fc.nat(2),
              waiting: fc.integer({ min: 1_000, max: 20_000 }),
              waitingPerHour: fc.nat(4_000),
              windows: fc.array(interval(until), { maxLength: 1 }),
              uses: fc.tuple(fc.nat(3), fc.nat(3)),
            }),
          ),
        ),
      }),
    ),
  )
  .map(({ shifts, jobs, ...rest }) =>
    aProblem({
      ...rest,
      shifts: shifts.map((shift) => aShift({ ...shift, until: seconds(30_000) })),
      jobs: jobs.map((job) => aJob(job)),
      weights: someWeights({ useOfShift: 50 }),
    }),
  );

/** Prices near what leaving out costs, and many cuts. */
export const anyDearWish: fc.Arbitrary<Wish> = fc.record({
  shares: fc.array(fc.integer({ min: 300, max: 1_000 }), { minLength: MOST_JOBS, maxLength: MOST_JOBS }),
  cuts: fc.array(fc.record({ jobs: fc.uniqueArray(fc.nat(4), { minLength: 3, maxLength: 3 }), price: fc.nat(6_000) }), {
    maxLength: 8,
  }),
});
