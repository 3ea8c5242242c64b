import { expect } from 'chai';
import { aJob, aProblem, aShift } from '../../routing/fixtures.ts';
import { seconds } from '../../routing/units.ts';
import { requestOf } from './peer-request.ts';

const problem = aProblem({
  shifts: [aShift({ skills: ['saw'], plant: ['saw'], overtime: seconds(600), until: seconds(9000) })],
  jobs: [
    aJob({ due: seconds(3000), waiting: 2000, latePerSecond: 1, skills: ['saw'], release: seconds(60) }),
    aJob({
      id: 'other',
      due: seconds(3000),
      waiting: 4000,
      latePerSecond: 1,
      severeAfter: seconds(1000),
      severePerSecond: 2,
      plant: ['saw'],
    }),
    aJob({ id: 'window', windows: [{ from: seconds(4000), until: seconds(5000) }], due: seconds(3000), waiting: 400 }),
  ],
});

describe('Our problem in the words of other solvers', () => {
  it('keeps skills and plant of one name apart', () => {
    const { jobs, shifts } = requestOf({ problem, mustServe: false });
    const [skill, plant] = [jobs[0]?.skills[0], jobs[1]?.skills[0]];
    expect(skill).to.not.equal(plant);
    expect(shifts[0]?.skills).to.have.members([skill, plant]);
  });

  it('makes due times the ends of windows, or what lateness may cost', () => {
    const ends = (translation: Parameters<typeof requestOf>[1]) => {
      const { jobs, shifts } = requestOf({ problem, mustServe: false }, translation);
      return [...jobs.map(({ windows }) => windows[0]), shifts[0]?.until];
    };
    // A window that opens after the due time stays as it is: being late is all that can be done.
    expect(ends('due-hard')).to.deep.equal([[60, 3000], [0, 3000], [4000, 5000], 9000]);
    expect(ends('due-until-severe')).to.deep.equal([[60, 3000], [0, 4000], [4000, 5000], 9000]);
    // 1000 s for 1000, and from there on three a second: 1000 s more for 3000. Overtime is free.
    expect(ends('due-at-price')).to.deep.equal([[60, 5000], [0, 5000], [4000, 5000], 9600]);
    expect(ends('as-is')).to.deep.equal([[60, 9600], [0, 9600], [4000, 5000], 9000]);
  });

  it('ranks jobs by what leaving them out costs', () => {
    expect(requestOf({ problem, mustServe: false }).jobs.map(({ priority }) => priority)).to.deep.equal([50, 100, 10]);
    expect(requestOf({ problem, mustServe: true }).jobs.map(({ priority }) => priority)).to.deep.equal([0, 0, 0]);
  });
});
