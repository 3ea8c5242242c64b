import { expect } from 'chai';
import fc from 'fast-check';
import { anyRichProblem } from '../arbitrary-problem.ts';
import { compile } from '../compile.ts';
import type { PricedCut } from './labels.ts';
import { Pricing } from './pricing.ts';
import { allRoutes, somePrices } from './random-routes.fixtures.ts';
import { relax } from './relaxation.ts';
import { relaxedRouteCost } from './route-cost.ts';

const NO_LIMIT = { most: 5, deadline: Infinity, stopped: () => false };

describe('pricing of relaxed routes', function () {
  this.timeout(60_000);

  it('finds exactly the least reduced cost of all routes, with and without cuts', () => {
    let found = 0;
    fc.assert(
      fc.property(anyRichProblem({ jobs: 6, shifts: 2 }), fc.nat(1_000), fc.boolean(), (problem, seed, withCuts) => {
        const relaxation = relax(compile(problem));
        const { jobCount } = relaxation.instance;
        const prices = somePrices(relaxation, seed);
        const cuts: PricedCut[] =
          withCuts && jobCount >= 4
            ? [
                { jobs: [0, 1, 2], price: 300 },
                { jobs: [1, 2, 3], price: 700 },
              ]
            : [];
        const pricing = new Pricing(relaxation);
        relaxation.classes.forEach((route, c) => {
          const reducedOf = (jobs: readonly number[]): number =>
            relaxedRouteCost(relaxation, c, jobs) -
            jobs.reduce((sum, j) => sum + prices[j]!, 0) +
            cuts.reduce((sum, cut) => sum + cut.price * Math.floor(jobs.filter((j) => cut.jobs.includes(j)).length / 2), 0);
          let least = Infinity;
          for (const jobs of allRoutes([...route.jobs], 6)) if (jobs.length > 0) least = Math.min(least, reducedOf(jobs));
          const priced = pricing.price(c, prices, cuts, { ...NO_LIMIT, below: 1e15 });
          expect(priced?.least).to.equal(Math.min(least, 1e15));
          for (const { jobs, reduced } of priced?.routes ?? []) expect(reducedOf(jobs)).to.be.at.most(reduced);
          if (least < Infinity) {
            expect(reducedOf(priced?.routes[0]?.jobs ?? [])).to.equal(least);
            found++;
            // Told of that route beforehand, it finds none below, and none below what is lower.
            expect(pricing.price(c, prices, cuts, { ...NO_LIMIT, below: least })).to.deep.equal({ least, routes: [] });
          }
        });
      }),
      { numRuns: 400 },
    );
    expect(found).to.be.greaterThan(200);
  });

  it('gives nothing when it is cut short', () => {
    fc.assert(
      fc.property(anyRichProblem({ jobs: 6, shifts: 2 }), fc.nat(1_000), (problem, seed) => {
        const relaxation = relax(compile(problem));
        const pricing = new Pricing(relaxation);
        for (let c = 0; c < relaxation.classes.length; c++) {
          const prices = somePrices(relaxation, seed);
          const over = { ...NO_LIMIT, below: 0, deadline: performance.now() - 1 };
          expect(pricing.price(c, prices, [], over)).to.equal(null);
          expect(pricing.price(c, prices, [], { ...NO_LIMIT, below: 0, stopped: () => true })).to.equal(null);
        }
      }),
      { numRuns: 50 },
    );
  });
});
