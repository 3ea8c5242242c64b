import { expect } from 'chai';
import { aJob, aProblem, aShift, inForce } from '../../fixtures.ts';
import { draftWith, repeat, sequencesOf } from './move-fixture.ts';
import { replace } from './replace.ts';
import { seconds } from '../../units.ts';
const shifts = [aShift({ id: 'a' }), aShift({ id: 'b', startNode: 9, endNode: 9 })];

describe('replace', () => {
  it('lets a job that matters more push another out, which then goes where there is room', () => {
    const full = shifts.map((shift) => ({ ...shift, until: seconds(1_000) }));
    const jobs = [aJob({ id: 'job-0', node: 1, waiting: 900 }), aJob({ id: 'job-1', node: 0, waiting: 2_000 })];
    const draft = draftWith(aProblem({ shifts: full, jobs }), [0], []);
    repeat(replace, draft);
    expect(sequencesOf(draft)).to.deep.equal([[1], []]);
    const roomy = [shifts[0]!, aShift({ id: 'b', startNode: 1, endNode: 1 })].map((shift) => ({
      ...shift,
      until: seconds(1_000),
    }));
    const other = draftWith(aProblem({ shifts: roomy, jobs }), [0], []);
    repeat(replace, other);
    expect(sequencesOf(other)).to.deep.equal([[1], [0]]);
  });

  it('pushes out nothing that is locked', () => {
    const short = [aShift({ id: 'a', until: seconds(1_000) })];
    const jobs = [
      aJob({ id: 'job-0', node: 1, waiting: 1, inForce: inForce({ lockCrew: true }) }),
      aJob({ id: 'job-1', waiting: 90_000 }),
    ];
    const draft = draftWith(aProblem({ shifts: short, jobs }), [0]);
    repeat(replace, draft);
    expect(sequencesOf(draft)).to.deep.equal([[0]]);
  });
});
