import { expect } from 'chai';
import fc from 'fast-check';
import { anyProblem } from '../arbitrary-problem.ts';
import { compile, pairOf } from '../compile.ts';
import { fitsAlone } from '../schedule.ts';
import { constraints, crewRules } from './all.ts';

describe('all rules', () => {
  it('have names of their own', () => {
    expect(new Set(constraints.map((rule) => rule.name)).size).to.equal(constraints.length);
  });

  it('allow a crew and a job exactly when the schedule can drive that job alone', () => {
    fc.assert(
      fc.property(anyProblem({ jobs: 4, shifts: 3 }), (problem) => {
        const instance = compile(problem);
        for (let s = 0; s < instance.shiftCount; s++) {
          for (let j = 0; j < instance.jobCount; j++) {
            if (instance.fixed[j] === 1) continue;
            const pair = pairOf(instance, s, j);
            const allowed = constraints.every((rule) => rule.blocks(pair) === null);
            const able = crewRules.every((rule) => rule.blocks(pair) === null);
            expect(instance.allowed[j * instance.shiftCount + s]).to.equal(able ? 1 : 0);
            expect(allowed).to.equal(able && fitsAlone(instance, s, j));
            // Where there is no break, the other rules must have said it all.
            const silent = constraints.every((rule) => rule.name === 'breaks' || rule.blocks(pair) === null);
            if (pair.shift.breaks.length === 0 && silent) expect(pair.fits()).to.equal(true);
          }
        }
      }),
      { numRuns: 300 },
    );
  });
});
