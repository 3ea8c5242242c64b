import { expect } from 'chai';
import { validateProblem } from '../../routing/validate-problem.ts';
import { EPOCH, straight, town } from './dispatch-problem.fixtures.ts';
import { dispatchProblem } from './dispatch-problem.ts';

const made = (seed: number, size = { shifts: 12, jobs: 40 }) => dispatchProblem(seed, size, town, EPOCH);

describe('The dispatch bench', () => {
  it('makes the same problem of the same seed, and another of another', () => {
    expect(made(1)).to.deep.equal(made(1));
    expect(JSON.stringify(made(1))).to.not.equal(JSON.stringify(made(2)));
  });

  it('makes problems that the engine takes', () => {
    const { places, problem } = made(3);
    validateProblem({ ...problem, travel: straight(places) });
  });

  it('has in them what a dispatcher has: lunch breaks, skills, plant, soft due times, hard windows, prices by age', () => {
    const { problem } = made(4);
    const { shifts, jobs } = problem;
    expect(shifts.some(({ breaks }) => breaks.length > 0)).to.equal(true);
    expect(shifts.some(({ breaks }) => breaks.length === 0)).to.equal(true);
    expect(shifts.some(({ endNode }) => endNode === null)).to.equal(true);
    for (const { from, until } of shifts) expect(until - from).to.equal(8 * 3600);
    expect(jobs.some(({ windows }) => windows.length > 0)).to.equal(true);
    expect(jobs.some(({ due }) => due !== null)).to.equal(true);
    expect(new Set(jobs.map(({ latePerSecond }) => latePerSecond)).size).to.be.above(2);
    for (const { waiting, severePerSecond } of jobs) {
      expect(waiting).to.be.within(30_000, 500_000 + 72 * 60_000);
      expect(severePerSecond).to.be.above(0);
    }
    for (const skill of jobs.flatMap(({ skills }) => skills)) {
      expect(
        shifts.some(({ skills }) => skills.includes(skill)),
        skill,
      ).to.equal(true);
    }
    for (const item of jobs.flatMap(({ plant }) => plant)) {
      expect(
        shifts.some(({ plant }) => plant.includes(item)),
        item,
      ).to.equal(true);
    }
  });

  it('takes each report once, and no more than there are', () => {
    const { places, problem } = made(5);
    const taken = problem.jobs.map(({ node }) => JSON.stringify(places[node]));
    expect(new Set(taken).size).to.equal(40);
    expect(() => made(1, { shifts: 1, jobs: 41 })).to.throw(RangeError, /41 jobs are wanted of 40/);
  });
});
