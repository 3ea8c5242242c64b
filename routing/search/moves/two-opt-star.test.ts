import { expect } from 'chai';
import { aJob, aProblem, aShift } from '../../fixtures.ts';
import { draftWith, repeat, sequencesOf } from './move-fixture.ts';
import { twoOptStar } from './two-opt-star.ts';

const shifts = [aShift({ id: 'a' }), aShift({ id: 'b', startNode: 9, endNode: 9 })];
const at = (...nodes: number[]) => nodes.map((node, j) => aJob({ id: `job-${j}`, node }));

describe('2-opt*', () => {
  it('exchanges the tails of two days that cross', () => {
    const open = shifts.map((shift) => ({ ...shift, endNode: null }));
    const draft = draftWith(aProblem({ shifts: open, jobs: at(1, 2, 8, 7) }), [0, 3], [2, 1]);
    repeat(twoOptStar, draft);
    expect(sequencesOf(draft)).to.deep.equal([
      [0, 1],
      [2, 3],
    ]);
  });

  it('gives no tail to a crew that lacks a skill for it', () => {
    const jobs = at(1, 2, 8, 7).map((job, j) => (j === 3 ? { ...job, skills: ['water'] } : job));
    const crews = [aShift({ id: 'a', endNode: null, skills: ['water'] }), aShift({ id: 'b', startNode: 9, endNode: null })];
    const draft = draftWith(aProblem({ shifts: crews, jobs }), [0, 3], [2, 1]);
    repeat(twoOptStar, draft);
    expect(sequencesOf(draft)[1]).to.not.include(3);
  });
});
