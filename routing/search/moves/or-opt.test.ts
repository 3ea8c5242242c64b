import { expect } from 'chai';
import { aJob, aProblem, aShift, inForce } from '../../fixtures.ts';
import { draftWith, repeat, sequencesOf } from './move-fixture.ts';
import { orOpt } from './or-opt.ts';

const shifts = [aShift({ id: 'a' }), aShift({ id: 'b', startNode: 9, endNode: 9 })];
const at = (...nodes: number[]) => nodes.map((node, j) => aJob({ id: `job-${j}`, node }));

describe('or-opt', () => {
  it('moves two stops together, turned round where that is shorter', () => {
    const draft = draftWith(aProblem({ shifts: [aShift({ endNode: null })], jobs: at(1, 2, 3, 4) }), [3, 2, 0, 1]);
    repeat(orOpt, draft);
    expect(draft.shifts[0]?.total).to.equal(400);
  });

  it('moves them to another shift', () => {
    const draft = draftWith(aProblem({ shifts, jobs: at(1, 8, 9, 9) }), [0, 1, 2], [3]);
    repeat(orOpt, draft);
    expect(sequencesOf(draft)[1]).to.include.members([1, 2]);
  });

  it('puts nothing before a fixed stop', () => {
    const jobs = [
      aJob({ id: 'job-0', node: 9, inForce: inForce({ fixed: true }) }),
      ...at(0, 1, 2).map((job, j) => ({ ...job, id: `job-${j + 1}` })),
    ];
    const draft = draftWith(aProblem({ shifts: [aShift({ endNode: null })], jobs }), [0, 1, 2, 3]);
    repeat(orOpt, draft);
    expect(sequencesOf(draft)[0]?.[0]).to.equal(0);
    expect(draft.shifts[0]?.total).to.be.below(900 + 900 + 200);
  });
});
