import { expect } from 'chai';
import fc from 'fast-check';
import { anyProblem, anyRichProblem } from '../arbitrary-problem.ts';
import type { Certificate } from '../certificate.ts';
import { costOfDay, sumOf } from '../check/check-cost.ts';
import { mayDo, plainDay } from '../check/plain-day.ts';
import type { Problem } from '../problem.ts';
import { anyDearWish, anyFullDay, anyWish, bestPlan, certificateOf, tightest } from './certificates.fixtures.ts';
import { emptyCostOf, givenOf } from './route-space.ts';
import { verifyPlan } from './verify-plan.ts';

const SIZE = { shifts: 2, jobs: 4 };

/** The least that shift s pays after prices, by trying every order of every choice of jobs. */
function leastByTrying(problem: Problem, s: number, { jobPrices, cuts }: Certificate): number {
  const given = givenOf(problem);
  const facts = given.facts[s]!;
  const able = [...problem.jobs.keys()].filter((j) => given.stops[j] !== null && mayDo(problem, s, facts, j));
  let least = emptyCostOf(given, s);
  const extend = (route: readonly number[]): void => {
    const day = plainDay(problem, s, facts, route);
    if (day !== null) {
      const charged = cuts.reduce((sum, cut) => {
        const both = route.filter((j) => cut.jobs.includes(j)).length;
        return sum + cut.price * Math.floor(both / 2);
      }, 0);
      least = Math.min(least, sumOf(costOfDay(problem, day)) + charged - route.reduce((sum, j) => sum + jobPrices[j]!, 0));
    }
    for (const j of able) if (!route.includes(j)) extend([...route, j]);
  };
  extend([]);
  return least;
}

describe('verifyPlan on random problems', function () {
  this.timeout(240_000);

  it('accepts for a shift never more than its cheapest real day costs after prices, with all rules of a problem', () => {
    let proven = 0;
    fc.assert(
      fc.property(anyRichProblem(SIZE), anyWish, (problem, wish) => {
        const plan = bestPlan(problem);
        fc.pre(plan !== null);
        const { certificate, verdict } = tightest(problem, plan, wish);
        if (certificate.bound <= plan.cost.total) expect(verdict.refusals).to.deep.equal([]);
        if (!verdict.accepted) return;
        proven++;
        problem.shifts.forEach((_, s) => {
          expect(certificate.shiftLeast[s]).to.be.at.most(leastByTrying(problem, s, certificate));
        });
      }),
      { numRuns: 500 },
    );
    expect(proven).to.be.greaterThan(450);
  });

  it('the same on full days, where every second counts', () => {
    fc.assert(
      fc.property(anyFullDay, anyDearWish, (problem, wish) => {
        const { certificate, verdict } = tightest(problem, bestPlan(problem)!, wish);
        expect(verdict.refusals.filter(({ code }) => code !== 'bound_above_cost')).to.deep.equal([]);
        problem.shifts.forEach((_, s) => {
          expect(certificate.shiftLeast[s]).to.be.at.most(leastByTrying(problem, s, certificate));
        });
      }),
      { numRuns: 200 },
    );
  });

  it('accepts no bound above the cost of the best plan', () => {
    fc.assert(
      fc.property(anyRichProblem({ shifts: 3, jobs: 5 }), anyWish, (problem, wish) => {
        const plan = bestPlan(problem);
        fc.pre(plan !== null);
        const { certificate, verdict } = tightest(problem, plan, wish);
        expect(verdict.refusals).to.deep.equal([]);
        expect(certificate.bound).to.be.at.most(plan.cost.total);
      }),
      { numRuns: 300 },
    );
  });

  it('accepts a wrong claim never, whatever it claims', () => {
    let refused = 0;
    fc.assert(
      fc.property(
        anyRichProblem(SIZE),
        anyWish,
        fc.array(fc.integer({ min: -3_000, max: 3_000 }), { minLength: 2, maxLength: 2 }),
        fc.constantFrom('routes', 'arrivals'),
        (problem, wish, more, kind) => {
          const plan = bestPlan(problem);
          fc.pre(plan !== null);
          const given = givenOf(problem);
          const claimed = problem.shifts.map((_, s) => emptyCostOf(given, s) + (more[s] ?? 0));
          const certificate: Certificate = { ...certificateOf(problem, wish, claimed), kind };
          const verdict = verifyPlan(problem, plan, certificate);
          if (!verdict.accepted) {
            refused++;
            return;
          }
          expect(certificate.bound).to.be.at.most(plan.cost.total);
          claimed.forEach((least, s) => expect(least).to.be.at.most(leastByTrying(problem, s, certificate)));
        },
      ),
      { numRuns: 500 },
    );
    expect(refused).to.be.greaterThan(150);
  });

  it('proves the cheapest day itself where nothing of it is relaxed', () => {
    let days = 0;
    fc.assert(
      fc.property(anyProblem(SIZE), anyWish, (rich, wish) => {
        const problem: Problem = {
          ...rich,
          shifts: rich.shifts.map((shift) => ({ ...shift, breaks: [] })),
          jobs: rich.jobs.map((job) => ({ ...job, inForce: null })),
        };
        const plan = bestPlan(problem)!;
        const { certificate } = tightest(problem, plan, wish);
        problem.shifts.forEach((_, s) => {
          const least = leastByTrying(problem, s, certificate);
          if (least < emptyCostOf(givenOf(problem), s)) days++;
          expect(certificate.shiftLeast[s]).to.equal(least);
        });
      }),
      { numRuns: 500 },
    );
    expect(days).to.be.greaterThan(60);
  });
});
