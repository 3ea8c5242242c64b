import { expect } from 'chai';
import { aJob, aProblem, aShift, inForce } from '../../fixtures.ts';
import { seconds } from '../../units.ts';
import { draftWith, repeat, sequencesOf } from './move-fixture.ts';
import { relocate } from './relocate.ts';

const shifts = [aShift({ id: 'a' }), aShift({ id: 'b', startNode: 9, endNode: 9 })];
const at = (...nodes: number[]) => nodes.map((node, j) => aJob({ id: `job-${j}`, node }));

describe('relocate', () => {
  it('takes a stop to the shift that passes by', () => {
    const draft = draftWith(aProblem({ shifts, jobs: at(1, 8) }), [0, 1], []);
    repeat(relocate, draft);
    expect(sequencesOf(draft)).to.deep.equal([[0], [1]]);
  });

  it('finds a better place in its own shift', () => {
    const draft = draftWith(aProblem({ shifts: [aShift({ endNode: null })], jobs: at(1, 2, 3) }), [1, 2, 0]);
    repeat(relocate, draft);
    expect(sequencesOf(draft)).to.deep.equal([[0, 1, 2]]);
  });

  it('leaves alone what is locked to its shift, what the other crew cannot do, and what would not pay', () => {
    const jobs = [
      aJob({ id: 'job-0', node: 8, inForce: inForce({ lockCrew: true, start: seconds(1_400) }) }),
      aJob({ id: 'job-1', node: 8, skills: ['water'] }),
      aJob({ id: 'job-2', node: 1 }),
    ];
    const crews = [aShift({ id: 'a', skills: ['water'] }), aShift({ id: 'b', startNode: 9, endNode: 9 })];
    const draft = draftWith(aProblem({ shifts: crews, jobs }), [2, 0, 1], []);
    const { cost } = draft;
    repeat(relocate, draft);
    expect(draft.cost).to.equal(cost);
    expect(sequencesOf(draft)[1]).to.deep.equal([]);
  });

  it('has nothing to do without stops', () => {
    const draft = draftWith(aProblem({ shifts: [], jobs: [] }));
    repeat(relocate, draft, 3);
    expect(draft.cost).to.equal(0);
  });
});
