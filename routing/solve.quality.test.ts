import { expect } from 'chai';
import type { Plan } from './plan.ts';
import type { Problem } from './problem.ts';
import { deliveries, dispatchDay } from './search/search.fixtures.ts';
import { afterIterations } from './search/stop.ts';
import { solve } from './solve.ts';

const median = (values: readonly number[]): number => values.toSorted((a, b) => a - b)[Math.floor(values.length / 2)]!;

/** No clock is in this: iterations only, so it is the same on every machine. */
describe('more search', function () {
  this.timeout(60_000);
  this.slow(15_000);

  for (const [name, problem, iterations] of [
    ['deliveries', deliveries(60, 14), 60],
    ['a dispatcher’s day', dispatchDay(4, 30), 40],
  ] as const) {
    it(`gives no worse plans: median of 20 seeds at ten times the iterations, ${name}`, () => {
      const costs = (times: number): number[] =>
        Array.from({ length: 20 }, (_, seed) => solve(problem, { seed, stop: afterIterations(iterations * times) }).cost.total);
      const [few, many] = [costs(1), costs(10)];
      expect(median(many)).to.be.below(median(few));
      expect(Math.min(...many)).to.be.at.most(Math.min(...few));
      // Seeds are different searches.
      expect(new Set(few).size).to.be.above(5);
    });
  }

  it('never tells of a plan dearer than one it told before, and ends with the best', () => {
    const problem: Problem = dispatchDay(4, 30);
    for (let seed = 0; seed < 6; seed++) {
      const told: Plan[] = [];
      const made = solve(problem, {
        seed,
        searches: 1 + (seed % 2),
        stop: afterIterations(400),
        onImprovement: (better) => told.push(better),
      });
      const costs = told.map(({ cost }) => cost.total);
      expect(costs).to.deep.equal(costs.toSorted((a, b) => b - a));
      expect(new Set(costs).size).to.equal(costs.length);
      expect(made.cost.total).to.equal(costs.at(-1));
    }
  });
});
