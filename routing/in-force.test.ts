import { expect } from 'chai';
import { compile } from './compile.ts';
import { aJob, aProblem, aShift, inForce } from './fixtures.ts';
import { draftFromPlanInForce } from './in-force.ts';
import type { Problem } from './problem.ts';
import { seconds } from './units.ts';

const sequences = (problem: Problem): number[][] =>
  draftFromPlanInForce(compile(problem)).shifts.map((shift) => [...shift.sequence]);

describe('the draft from the plan in force', () => {
  it('is that plan, in its order, where it can still be done', () => {
    const jobs = [2, 0, 1].map((position, j) => aJob({ id: `job-${j}`, node: j, inForce: inForce({ position }) }));
    expect(sequences(aProblem({ jobs: [...jobs, aJob({ id: 'new' })] }))).to.deep.equal([[1, 2, 0]]);
  });

  it('keeps fixed stops first though the plan in force has them later', () => {
    const jobs = [
      aJob({ id: 'a', inForce: inForce({ position: 0 }) }),
      aJob({ id: 'b', inForce: inForce({ position: 1, fixed: true }) }),
    ];
    expect(sequences(aProblem({ jobs }))).to.deep.equal([[1, 0]]);
  });

  it('leaves out what no longer fits, locked stops last of all', () => {
    const jobs = [0, 1, 2].map((position) =>
      aJob({ id: `job-${position}`, service: seconds(4_000), inForce: inForce({ position, lockCrew: position === 2 }) }),
    );
    expect(sequences(aProblem({ jobs }))).to.deep.equal([[0, 2]]);
  });

  it('takes a stop locked in time to another crew when its own cannot have it', () => {
    const held = inForce({ lockTime: true, start: seconds(300) });
    const shifts = [aShift({ id: 'a', from: seconds(5_000) }), aShift({ id: 'b' })];
    expect(sequences(aProblem({ shifts, jobs: [aJob({ node: 3, inForce: held })] }))).to.deep.equal([[], [0]]);
  });

  it('does not keep a stop with a crew that has lost the skill', () => {
    expect(sequences(aProblem({ jobs: [aJob({ skills: ['water'], inForce: inForce() })] }))).to.deep.equal([[]]);
  });
});
