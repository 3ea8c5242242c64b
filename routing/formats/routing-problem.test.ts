import { expect } from 'chai';
import { afterIterations } from '../search/stop.ts';
import { solve } from '../solve.ts';
import { threeCustomers } from './routing-instance.fixtures.ts';
import { routesOf, routingProblem } from './routing-problem.ts';
import { scoreRoutes } from './routing-score.ts';

describe('A routing instance as a problem', () => {
  it('keeps what the instance says, in whole numbers', () => {
    const problem = routingProblem(threeCustomers({ longestDuration: 40 }));
    expect(problem.shifts).to.have.length(2);
    expect(problem.shifts[0]).to.deep.include({ from: 0, until: 1000, capacity: [10], skills: [], maxDuration: 400 });
    expect(problem.jobs[1]).to.deep.include({
      node: 2,
      service: 50,
      windows: [{ from: 100, until: 600 }],
      uses: [4],
      waiting: 10_000,
    });
    expect([...problem.travel.seconds.slice(0, 4)]).to.deep.equal([0, 50, 80, 100]);
    expect(problem.travel.seconds.buffer).to.be.instanceOf(SharedArrayBuffer);
  });

  it('says by skills who may serve whom', () => {
    const vehicles = [
      { capacity: 10, serves: new Set([1, 2]) },
      { capacity: 10, serves: new Set([2, 3]) },
    ];
    const { shifts, jobs } = routingProblem(threeCustomers({ kind: 'SDVRPTW', vehicles }));
    const able = jobs.map(({ skills }) => shifts.map((shift) => skills.every((skill) => shift.skills.includes(skill))));
    expect(able).to.deep.equal([
      [true, false],
      [true, true],
      [false, true],
    ]);
  });

  it('prices who is left out at the prize, where there is one', () => {
    const { jobs } = routingProblem(threeCustomers({ kind: 'PCVRPTW' }));
    expect(jobs.map(({ waiting }) => waiting)).to.deep.equal([70, 90, 110]);
  });

  it('costs what its routes score', () => {
    const instance = threeCustomers({ vehicles: [{ capacity: 12, serves: null }] });
    const plan = solve(routingProblem(instance), { seed: 1, stop: afterIterations(200) });
    const score = scoreRoutes(instance, routesOf(plan));
    expect(score.faults).to.deep.equal([]);
    expect(score.wholeCost).to.equal(plan.cost.total);
  });
});
