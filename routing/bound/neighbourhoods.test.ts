import { expect } from 'chai';
import { compile } from '../compile.ts';
import { seconds } from '../units.ts';
import { crewsAndCases } from './crews-and-cases.ts';
import { ALL_REMEMBERED } from './neighbourhoods.ts';
import { Pricing } from './pricing.ts';
import { allRoutes } from './random-routes.fixtures.ts';
import { relax } from './relaxation.ts';
import { relaxedRouteCost } from './route-cost.ts';

/** More jobs than are all remembered, in days so short that every route can be tried. */
function shortDays() {
  const problem = crewsAndCases(2, ALL_REMEMBERED + 16, 1);
  const shifts = problem.shifts.map((shift) => ({ ...shift, until: seconds(9_000) }));
  return relax(compile({ ...problem, shifts }));
}

describe('what a route remembers', function () {
  this.timeout(60_000);

  it('lets no real route out: the least with circles is never above it, and is it once they are grown away', () => {
    const relaxation = shortDays();
    const { jobCount } = relaxation.instance;
    const pricing = new Pricing(relaxation);
    const prices = relaxation.mostPrice.map((most, j) => Math.floor(most * (0.5 + 0.4 * ((j * 7) % 5) * 0.2)));
    relaxation.classes.forEach((route, c) => {
      let least = Infinity;
      for (const jobs of allRoutes([...route.jobs], 4)) {
        if (jobs.length === 0) continue;
        const cost = relaxedRouteCost(relaxation, c, jobs);
        least = Math.min(least, cost - jobs.reduce((sum, j) => sum + prices[j]!, 0));
      }
      for (;;) {
        const priced = pricing.price(c, prices, [], { below: 1e15, most: 1, deadline: Infinity, stopped: () => false });
        expect(priced?.least).to.be.at.most(least);
        const jobs = priced?.routes[0]?.jobs ?? [];
        if (new Set(jobs).size === jobs.length) {
          expect(priced?.least).to.equal(least);
          break;
        }
        expect(pricing.neighbourhoods.grow(jobs)).to.equal(true);
      }
    });
    expect(jobCount).to.be.greaterThan(ALL_REMEMBERED);
  });

  it('is taken along by the table as if the table were made anew, after it has grown', () => {
    const relaxation = shortDays();
    const n = relaxation.instance.jobCount;
    const { neighbourhoods } = new Pricing(relaxation);
    neighbourhoods.table();
    for (let k = 0; k < 20; k++) neighbourhoods.grow([k, (k * 5 + 3) % n, (k * 11 + 7) % n, k]);
    const table = neighbourhoods.table();
    const { bitOf, width } = neighbourhoods;
    let compared = 0;
    for (let i = 0; i < n; i++) {
      for (let member = 0; member < n; member++) {
        const bit = bitOf[i * n + member]!;
        if (bit === -1) continue;
        for (let j = 0; j < n; j++) {
          expect(table[(i * n + j) * width + bit]).to.equal(bitOf[j * n + member]);
          compared++;
        }
      }
    }
    expect(compared).to.be.greaterThan(8 * n * n);
  });
});
