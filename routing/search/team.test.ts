import { expect } from 'chai';
import fc from 'fast-check';
import { compile } from '../compile.ts';
import type { Pace } from '../plan.ts';
import type { Problem } from '../problem.ts';
import { searchFrom } from '../solve.ts';
import { anyKindOfProblem, deliveries, dispatchDay } from './search.fixtures.ts';
import { COOLING_STEPS, type Search } from './search.ts';
import { makeStart } from './start.ts';
import { bestOf } from './solution.ts';
import { afterIterations, type Stop } from './stop.ts';
import { isRecombined, legsOf, type Limits, recombinedAt, seedOf, walk } from './team.ts';

const noClock = { begins: 0, ends: Infinity, endNow: () => false };

function newSearch(problem: Problem, seed: number): Search {
  const instance = compile(problem);
  return searchFrom(
    instance,
    makeStart(instance, { pace: null, maxChanges: null, startFrom: null, assigned: () => false, filled: () => false }),
    seed,
  );
}

/** All legs by one search; gives its marks, its end among them. */
function walkAll(search: Search, limits: Limits): number[] {
  const marks: number[] = [];
  for (const leg of legsOf(false)) if (!walk(search, 0, leg, limits, marks)) break;
  return [...marks, search.iterations];
}

const byStop = (stop: Stop): Limits => ({ stop, pace: null, ...noClock });
const byPace = (steps: Pace['steps']): Limits => ({
  stop: afterIterations(0),
  pace: { rounds: 0, filled: 0, steps },
  ...noClock,
});

describe('the legs of a team of searches', () => {
  it('cover every step of cooling once, in order', () => {
    for (const divided of [false, true]) {
      const legs = legsOf(divided);
      expect(legs.flatMap(({ from, to }) => Array.from({ length: to - from }, (_, i) => from + i))).to.deep.equal(
        Array.from({ length: COOLING_STEPS }, (_, step) => step),
      );
      // Twice, and never at the first: no search has collected routes by then.
      expect([legs.filter(isRecombined).length, isRecombined(legs[0])]).to.deep.equal([2, false]);
    }
  });

  it('share the iterations evenly among the steps, and make exactly those that were asked for', () => {
    fc.assert(
      fc.property(fc.integer({ min: 0, max: 2_000 }), (iterations) => {
        const marks = walkAll(newSearch(deliveries(12, 3), 1), byStop(afterIterations(iterations)));
        expect(marks).to.deep.equal(
          Array.from({ length: COOLING_STEPS + 1 }, (_, step) => Math.floor((iterations * step) / COOLING_STEPS)),
        );
      }),
      { numRuns: 30 },
    );
  });

  it('are walked again by their pace to the same plan, iteration by iteration', () => {
    fc.assert(
      fc.property(anyKindOfProblem({ jobs: 10, shifts: 3 }), fc.nat(99), fc.nat(900), (problem, seed, iterations) => {
        const first = newSearch(problem, seed);
        const marks = walkAll(first, byStop(afterIterations(iterations)));
        const again = newSearch(problem, seed);
        expect(walkAll(again, byPace([marks]))).to.deep.equal(marks);
        expect(again.solution()).to.deep.equal(first.solution());
      }),
      { numRuns: 100 },
    );
  });

  it('are walked again when the clock has cut them, wherever it did', () => {
    const problem = dispatchDay(4, 40);
    const begins = performance.now();
    const first = newSearch(problem, 5);
    const marks = walkAll(first, {
      stop: { iterations: null, millis: 80 },
      pace: null,
      begins,
      ends: begins + 80,
      endNow: () => false,
    });
    expect(marks.at(-1)).to.be.above(0);
    const again = newSearch(problem, 5);
    expect(walkAll(again, byPace([marks]))).to.deep.equal(marks);
    expect(again.solution()).to.deep.equal(first.solution());
  });

  it('end when asked, are walked again to the same place, and say that it is over', () => {
    const problem = deliveries(30, 6);
    const first = newSearch(problem, 3);
    let looks = 0;
    const marks: number[] = [];
    const limits: Limits = { stop: afterIterations(100_000), pace: null, ...noClock, endNow: () => ++looks > 20 };
    expect(walk(first, 0, legsOf(false)[0]!, limits, marks)).to.equal(false);
    expect(first.iterations).to.be.within(1, 50_000);
    const again = newSearch(problem, 3);
    expect(walkAll(again, byPace([[...marks, first.iterations]]))).to.deep.equal([...marks, first.iterations]);
    expect(again.solution()).to.deep.equal(first.solution());
  });

  it('never lose the best they have found', () => {
    const search = newSearch(deliveries(40, 8), 2);
    let best = search.bestCost;
    const limits: Limits = {
      ...byStop(afterIterations(4_000)),
      endNow: () => {
        expect(search.bestCost).to.be.at.most(best);
        expect(search.solution().cost).to.equal(search.bestCost);
        best = search.bestCost;
        return false;
      },
    };
    walkAll(search, limits);
    expect(best).to.be.below(newSearch(deliveries(40, 8), 2).bestCost);
  });
});

describe('a team', () => {
  const costing = (cost: number, sequences: number[][] = []) => ({ cost, sequences, lockedStart: null });

  it('takes the cheapest plan, of equals the first', () => {
    const [a, b, c] = [costing(5), costing(3, [[1]]), costing(3, [[2]])];
    expect(bestOf([a, b, c])).to.equal(b);
    expect(() => bestOf([])).to.throw(RangeError);
  });

  it('gives each search chance of its own', () => {
    const seeds = [0, 1, 2].flatMap((seed) => [0, 1, 2, 3].map((index) => seedOf(seed, index)));
    expect(new Set(seeds).size).to.equal(seeds.length);
    expect(seedOf(7, 0)).to.equal(7);
  });

  it('finds what was put together anew by its meeting', () => {
    const pace: Pace = { rounds: 0, filled: 0, steps: [], recombined: [{ meeting: 2, cost: 9, sequences: [[4, 5]] }] };
    expect(recombinedAt(pace, 2)).to.deep.equal(costing(9, [[4, 5]]));
    expect([recombinedAt(pace, 3), recombinedAt(null, 2)]).to.deep.equal([null, null]);
  });
});
