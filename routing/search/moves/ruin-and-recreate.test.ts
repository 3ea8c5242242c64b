import { expect } from 'chai';
import fc from 'fast-check';
import { anyProblem } from '../../arbitrary-problem.ts';
import { compile } from '../../compile.ts';
import { copyOf } from '../../draft.ts';
import { aJob, aProblem, aShift } from '../../fixtures.ts';
import { draftFromPlanInForce } from '../../in-force.ts';
import { random } from '../random.ts';
import { draftWith, repeat, searchOf, sequencesOf } from './move-fixture.ts';
import { ruinAndRecreate } from './ruin-and-recreate.ts';

describe('ruin and recreate', () => {
  it('untangles two days at once and takes in what was left out', () => {
    const shifts = [aShift({ id: 'a' }), aShift({ id: 'b', startNode: 9, endNode: 9 })];
    const jobs = [1, 8, 2, 7, 3].map((node, j) => aJob({ id: `job-${j}`, node }));
    const draft = draftWith(aProblem({ shifts, jobs }), [1, 0], [3, 2]);
    repeat(ruinAndRecreate, draft, 60);
    expect(draft.cost).to.equal(600 + 400);
    expect(sequencesOf(draft)[0]?.toSorted()).to.deep.equal([0, 2, 4]);
  });

  it('leaves the draft exactly as it was when it finds nothing better', () => {
    fc.assert(
      fc.property(anyProblem({ jobs: 8, shifts: 3 }), fc.nat(1_000), (problem, seed) => {
        const draft = draftFromPlanInForce(compile(problem));
        const before = copyOf(draft);
        const better = ruinAndRecreate.attempt(searchOf(draft), random(seed), 0);
        if (better) expect(draft.cost).to.be.below(before.cost);
        else expect(draft).to.deep.equal(before);
      }),
      { numRuns: 300 },
    );
  });
});
