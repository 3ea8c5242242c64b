import { expect } from 'chai';
import { aJob, aProblem, aShift } from './fixtures.ts';
import type { Job, Link, Shift } from './problem.ts';
import type { Reason } from './plan.ts';
import { afterIterations } from './search/stop.ts';
import { solve } from './solve.ts';
import { seconds } from './units.ts';

const AT_ONCE: Link = { first: 0, second: 1, leastLag: seconds(0), mostLag: seconds(0) };

const reasons = (jobs: readonly Job[], shifts: readonly Shift[]): Map<number, Reason> => {
  const problem = aProblem({ jobs, shifts, links: [AT_ONCE] });
  const { unassigned } = solve(problem, { seed: 1, stop: afterIterations(50) });
  return new Map(unassigned.map(({ job, reason }) => [job, reason]));
};
const pair = (first: Partial<Job> = {}, second: Partial<Job> = {}): Job[] => [
  aJob({ id: 'a', ...first }),
  aJob({ id: 'b', ...second }),
];
const crews = (skills: readonly string[] = []): Shift[] => [aShift({ id: 's' }), aShift({ id: 't', skills })];

describe('why a linked job is left out', () => {
  it('is not said where both are done', () => {
    expect([...reasons(pair(), crews()).keys()]).to.deep.equal([]);
  });

  it('names the one that nobody can do, which has its own reason', () => {
    const why = reasons(pair({}, { skills: ['water'] }), crews());
    expect(why.get(0)).to.deep.equal({ code: 'linked_job_does_not_fit', job: 1 });
    expect(why.get(1)).to.deep.equal({ code: 'no_crew_with_skills', missing: ['water'] });
  });

  it('names the other one where each could be done alone, but there is one crew for both', () => {
    const why = reasons(pair(), [aShift()]);
    expect(why.get(0)).to.deep.equal({ code: 'linked_job_does_not_fit', job: 1 });
    expect(why.get(1)).to.deep.equal({ code: 'linked_job_does_not_fit', job: 0 });
  });

  it('is its price where doing it would not pay by itself', () => {
    const why = reasons(pair({ node: 9, waiting: 10 }, { node: 9, waiting: 10 }), crews());
    expect(why.get(0)).to.include({ code: 'not_today' });
  });
});
