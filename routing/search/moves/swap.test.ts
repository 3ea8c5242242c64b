import { expect } from 'chai';
import { aJob, aProblem, aShift } from '../../fixtures.ts';
import { draftWith, repeat, sequencesOf } from './move-fixture.ts';
import { swap } from './swap.ts';
import { seconds } from '../../units.ts';
const shifts = [aShift({ id: 'a' }), aShift({ id: 'b', startNode: 9, endNode: 9 })];
const at = (...nodes: number[]) => nodes.map((node, j) => aJob({ id: `job-${j}`, node }));

describe('swap', () => {
  it('exchanges two stops where both days are full', () => {
    const full = shifts.map((shift) => ({ ...shift, until: seconds(2_400) }));
    const draft = draftWith(aProblem({ shifts: full, jobs: at(5, 4) }), [0], [1]);
    repeat(swap, draft);
    expect(sequencesOf(draft)).to.deep.equal([[1], [0]]);
  });

  it('exchanges nothing with a crew that lacks the skill', () => {
    const jobs = [aJob({ id: 'job-0', node: 5, skills: ['water'] }), aJob({ id: 'job-1', node: 4 })];
    const crews = [aShift({ id: 'a', skills: ['water'] }), aShift({ id: 'b', startNode: 9, endNode: 9 })];
    const draft = draftWith(aProblem({ shifts: crews, jobs }), [0], [1]);
    repeat(swap, draft);
    expect(sequencesOf(draft)).to.deep.equal([[0], [1]]);
  });
});
