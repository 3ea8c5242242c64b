import { expect } from 'chai';
import { checkPlan } from '../../routing/check-plan.ts';
import { aJob, aProblem, aShift } from '../../routing/fixtures.ts';
import { seconds } from '../../routing/units.ts';
import { scoreSequences } from './score-sequences.ts';

const problem = aProblem({
  // The engine sorts by id: indices must be put back.
  shifts: [aShift({ id: 'b' }), aShift({ id: 'a', until: seconds(1500) })],
  jobs: [aJob({ id: 'z', node: 3 }), aJob({ id: 'y', node: 1 }), aJob({ id: 'x', node: 2, skills: ['nobody'] })],
});

describe('The score of sequences', () => {
  it('drives them as they are', () => {
    const { plan, dropped } = scoreSequences(problem, [[0, 1], []]);
    expect(dropped).to.deep.equal([]);
    expect(plan.shifts[0]?.stops.map(({ job }) => job)).to.deep.equal([0, 1]);
    // There 300, back 200 and 100; job 2 is left out.
    expect(plan.cost.total).to.equal(600 + 5000);
    expect(plan.unassigned.map(({ job }) => job)).to.deep.equal([2]);
  });

  it('leaves out what our rules do not allow there, and says what', () => {
    const { plan, dropped } = scoreSequences(problem, [[2], [1, 0, 0]]);
    // Both do not fit into 1,500 s; the first of them does.
    expect([...dropped].sort()).to.deep.equal([0, 0, 2]);
    expect(plan.shifts[1]?.stops.map(({ job }) => job)).to.deep.equal([1]);
    expect(checkPlan(problem, plan).filter(({ code }) => !code.startsWith('cost'))).to.deep.equal([]);
  });
});
