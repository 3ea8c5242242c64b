import { expect } from 'chai';
import { answerOf, checkRecombined } from './answer.ts';
import { BadPartition, type PartitionProblem, type Recombined } from './partition.ts';

const route = (shift: number, jobs: number[], cost: number) => ({ shift, jobs: Int32Array.from(jobs), cost });

/** Two alike shifts and one of its own; jobs 2 and 3 only together. */
const problem: PartitionProblem = {
  shiftCount: 3,
  jobCount: 5,
  leftOutPrice: Float64Array.of(50, 50, 50, 50, 7),
  emptyCost: Float64Array.of(1, 1, 3),
  classOf: Int32Array.of(4, 4, 9),
  routes: [route(0, [0], 10), route(0, [1], 20), route(2, [3, 2], 30), route(2, [2], 5), route(0, [0, 1], 25)],
  incumbentCost: 1_000,
  groups: [[2, 3]],
};

const refused = (work: () => unknown, why: string): void => {
  expect(work).to.throw(BadPartition).with.property('message').that.includes(why);
};

describe('a recombined plan', () => {
  it('gives a route to another shift of its class where its own has one, and counts all costs', () => {
    const answer = answerOf(problem, Int32Array.of(0, 1, 2), false);
    expect(answer.routes.map(({ shift, cost }) => [shift, cost])).to.deep.equal([
      [0, 10],
      [1, 20],
      [2, 30],
    ]);
    expect([...answer.leftOut]).to.deep.equal([4]);
    expect(answer.cost).to.equal(67);
    expect(answerOf(problem, Int32Array.of(4), false).cost).to.equal(25 + 1 + 3 + 50 + 50 + 7);
  });

  it('is refused when it is none', () => {
    refused(() => answerOf(problem, Int32Array.of(0, 1, 4), false), 'more routes than shifts');
    refused(() => answerOf(problem, Int32Array.of(0, 4), false), 'job 0 is done or left out 2 times');
    refused(() => answerOf(problem, Int32Array.of(3), false), 'job 3 is left out, others of its group are not');
    refused(() => answerOf(problem, Int32Array.of(8), false), 'there is no route 8');
  });

  it('is checked against routes, shifts and cost', () => {
    const good = answerOf(problem, Int32Array.of(0, 2), false);
    const wrong = (part: Partial<Recombined>, why: string): void =>
      refused(() => checkRecombined(problem, { ...good, ...part }), why);
    checkRecombined(problem, good);
    wrong({ cost: good.cost - 1 }, `it costs ${good.cost}, not ${good.cost - 1}`);
    wrong({ leftOut: Int32Array.of(1) }, 'job 4 is done or left out 0 times');
    wrong({ routes: [route(0, [0], 9), good.routes[1]!] }, 'not among those given');
    wrong({ routes: [good.routes[0]!, route(1, [3, 2], 30)] }, 'not among those given');
    wrong({ routes: [good.routes[0]!, route(0, [1], 20)], leftOut: Int32Array.of(2, 3, 4) }, 'shift 0 has two routes');
  });
});
