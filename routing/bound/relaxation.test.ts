import { expect } from 'chai';
import fc from 'fast-check';
import { anyProblem, anyRichProblem } from '../arbitrary-problem.ts';
import { compile } from '../compile.ts';
import { costOfSequence } from '../schedule.ts';
import { allRoutes } from './random-routes.fixtures.ts';
import { relax } from './relaxation.ts';
import { relaxedRouteCost } from './route-cost.ts';

describe('relaxed routes', function () {
  this.timeout(60_000);

  it('never cost more than the real day, and none that is possible is missing', () => {
    let compared = 0;
    fc.assert(
      fc.property(anyRichProblem({ jobs: 5, shifts: 2 }), (problem) => {
        const instance = compile(problem);
        const relaxation = relax(instance);
        for (let s = 0; s < instance.shiftCount; s++) {
          const able = [...Array(instance.jobCount).keys()].filter((j) => instance.allowed[j * instance.shiftCount + s] === 1);
          for (const jobs of allRoutes(able, 3)) {
            const real = costOfSequence(instance, s, [...instance.fixedStops[s]!, ...jobs]);
            if (real === Infinity) continue;
            expect(relaxedRouteCost(relaxation, instance.shiftClass[s]!, jobs)).to.be.at.most(real);
            compared++;
          }
        }
      }),
      { numRuns: 400 },
    );
    expect(compared).to.be.greaterThan(2_000);
  });

  it('cost exactly the real day where nothing is relaxed', () => {
    let compared = 0;
    fc.assert(
      fc.property(anyProblem({ jobs: 4, shifts: 2 }), (any) => {
        // A break is taken where it suits the crew best, not by the rule.
        const problem = { ...any, shifts: any.shifts.map((shift) => ({ ...shift, breaks: [] })) };
        const instance = compile(problem);
        const relaxation = relax(instance);
        if (relaxation.relaxed.length > 0) return;
        for (let s = 0; s < instance.shiftCount; s++) {
          const able = [...Array(instance.jobCount).keys()].filter((j) => instance.allowed[j * instance.shiftCount + s] === 1);
          for (const jobs of allRoutes(able, 3)) {
            const real = costOfSequence(instance, s, [...instance.fixedStops[s]!, ...jobs]);
            expect(relaxedRouteCost(relaxation, instance.shiftClass[s]!, jobs)).to.equal(real);
            compared++;
          }
        }
      }),
      { numRuns: 1_000 },
    );
    expect(compared).to.be.greaterThan(100);
  });
});
