import { expect } from 'chai';
import fc from 'fast-check';
import { anyRichProblem } from '../arbitrary-problem.ts';
import { aJob, aProblem, aShift, inForce } from '../fixtures.ts';
import { type Instance, NONE, UNLIMITED } from '../instance.ts';
import { costOfSequence } from '../schedule.ts';
import { seconds } from '../units.ts';
import { Insertions } from './insertion.ts';
import type { Routes } from './routes.ts';
import { absentJobs, anyKindOfProblem, anyPlainProblem, partsOf, scatter, tryLink } from './search.fixtures.ts';

const SIZE = { jobs: 8, shifts: 3 };

/** What the shift costs more with job j at each place among its movable stops. */
function atEachPlace(routes: Routes, j: number, s: number): number[] {
  const fixed = routes.instance.fixedStops[s]!;
  const movable = routes.sequence(s);
  return Array.from(
    { length: movable.length + 1 },
    (_, k) => costOfSequence(routes.instance, s, [...fixed, ...movable.toSpliced(k, 0, j)]) - routes.routeCost[s]!,
  );
}

/** Left-out jobs with the shifts that may take them. Linked ones go in by groups. */
function* pairs(routes: Routes): Generator<[number, number]> {
  const { instance } = routes;
  for (const j of absentJobs(routes)) {
    if (instance.groupOf[j] !== NONE) continue;
    for (let s = 0; s < instance.shiftCount; s++) if (instance.allowed[j * instance.shiftCount + s] === 1) yield [j, s];
  }
}

const placeOf = (routes: Routes, s: number, after: number): number => routes.sequence(s).indexOf(after) + 1;

/**
 * A stop put in makes nothing behind it earlier or cheaper: no way round is shorter, no break is taken elsewhere, nothing is
 * bound to its former start. Only then is the way alone a lower bound.
 */
const onlyDelays = (instance: Instance): boolean =>
  instance.problem.travel.source === 'estimate' &&
  instance.problem.travel.speedByTime === undefined &&
  instance.ways.length === 1 &&
  instance.breakFrom.length === 0 &&
  instance.gapFrom.length === 0 &&
  instance.problem.jobs.every((job) => job.inForce === null || job.inForce.fixed);

describe('insertions', () => {
  it('find the cheapest of all places: plain problems', () => {
    let found = 0;
    fc.assert(
      fc.property(anyPlainProblem(SIZE), fc.nat(), (problem, seed) => {
        const parts = partsOf(problem);
        scatter(parts, seed);
        const { routes, insertions } = parts;
        for (const [j, s] of pairs(routes)) {
          const costs = atEachPlace(routes, j, s);
          const least = Math.min(...costs);
          expect(insertions.cost(j, s, Infinity)).to.equal(least);
          if (least === Infinity) continue;
          found++;
          expect(costs[placeOf(routes, s, insertions.after)]).to.equal(least);
        }
      }),
      { numRuns: 400 },
    );
    expect(found).to.be.above(200);
  });

  it('find the cheapest of all places where a stop only delays what follows, with limits of the whole day, stock and order', () => {
    const met = { found: 0, whole: 0, stock: 0, order: 0 };
    const onlyFewRules = anyRichProblem(SIZE).map((problem) => ({
      ...problem,
      travel: { ...problem.travel, speedByTime: [] },
      shifts: problem.shifts.map(({ windows: _, travelPercent: _p, ...shift }) => ({ ...shift, breaks: [] })),
      // Bound to their order, but to no start.
      jobs: problem.jobs.map((job, j) => ({
        ...job,
        inForce:
          job.inForce === null ? null : { ...job.inForce, fixed: false, lockTime: false, lockOrder: j % 2 === 0, promised: null },
      })),
      weights: { ...problem.weights, changeOfCrew: 0, moveOfStartPerSecond: 0, brokenPromise: 0 },
    }));
    fc.assert(
      fc.property(onlyFewRules, fc.nat(), (problem, seed) => {
        fc.pre(problem.travel.source === 'estimate');
        const parts = partsOf(problem);
        scatter(parts, seed);
        const { routes, insertions, instance } = parts;
        for (const [j, s] of pairs(routes)) {
          const costs = atEachPlace(routes, j, s);
          const least = Math.min(...costs);
          expect(insertions.cost(j, s, Infinity)).to.equal(least);
          if (least === Infinity) continue;
          expect(costs[placeOf(routes, s, insertions.after)]).to.equal(least);
          met.found++;
          const whole = [instance.maxTravel[s], instance.maxDuration[s], instance.fairWork[s]].some(
            (limit) => limit !== UNLIMITED,
          );
          if (whole && routes.count[s]! > 0) met.whole++;
          if (!instance.onlyUses && routes.count[s]! > 0) met.stock++;
          if (instance.order[j] !== NONE && routes.count[s]! > 0) met.order++;
        }
      }),
      { numRuns: 600 },
    );
    for (const [rule, times] of Object.entries(met)) expect(times, rule).to.be.above(20);
  });

  it('say a cost that is true for the place they name, and never less than the cheapest, whatever the rules', () => {
    fc.assert(
      fc.property(anyRichProblem(SIZE), fc.nat(), fc.oneof(fc.nat(4_000), fc.constant(Infinity)), (problem, seed, bound) => {
        const parts = partsOf(problem);
        scatter(parts, seed);
        const { routes, insertions, instance } = parts;
        for (const [j, s] of pairs(routes)) {
          const costs = atEachPlace(routes, j, s);
          const least = Math.min(...costs);
          const cost = insertions.cost(j, s, bound);
          const there = cost < bound ? costs[placeOf(routes, s, insertions.after)]! : Infinity;
          // Where a way round is shorter what follows may be earlier, and `known-faults` tells what is then said.
          if (cost < bound && problem.travel.source === 'estimate') expect(there).to.equal(cost);
          if (cost < bound) expect(there).to.be.below(Infinity);
          if (problem.travel.source === 'osrm') continue;
          if (cost >= bound && onlyDelays(instance)) expect(least).to.be.at.least(bound);
          expect(cost).to.be.at.least(Math.min(least, bound));
        }
      }),
      { numRuns: 400 },
    );
  });

  it('remember only what is still true: any changes and undos, any bounds', () => {
    const steps = fc.array(
      fc.record({
        keep: fc.boolean(),
        bound: fc.oneof(fc.nat(3_000), fc.constant(Infinity)),
        moves: fc.array(fc.nat(9_999), { maxLength: 4 }),
      }),
      { minLength: 2, maxLength: 6 },
    );
    fc.assert(
      fc.property(anyKindOfProblem(SIZE), fc.nat(), steps, (problem, seed, all) => {
        const parts = partsOf(problem);
        scatter(parts, seed);
        const { routes, insertions, instance } = parts;
        for (const { keep, bound, moves } of all) {
          routes.mark();
          let works = true;
          for (const move of moves) works &&= change(routes, move);
          if (!keep || !works) routes.undo();
          const fresh = new Insertions(routes);
          for (const [j, s] of pairs(routes)) {
            const known = insertions.cost(j, s, bound);
            const asked = fresh.cost(j, s, bound);
            if (known < bound || asked < bound) expect([known, insertions.after]).to.deep.equal([asked, fresh.after]);
          }
          if (instance.shiftCount === 0) return;
        }
      }),
      { numRuns: 300 },
    );
  });

  it('keep to the most jobs of a shift, to stock and to locked order', () => {
    const jobs = [
      aJob({ id: 'a', node: 1, uses: [2], inForce: inForce({ lockOrder: true, position: 1 }) }),
      aJob({ id: 'b', node: 2, uses: [2], inForce: inForce({ lockOrder: true, position: 0 }) }),
      aJob({ id: 'c', node: 3, uses: [3] }),
    ];
    const { routes, insertions, instance } = partsOf(aProblem({ shifts: [aShift({ capacity: [4], maxJobs: 2 })], jobs }));
    const head = instance.jobCount;
    tryLink(routes, 0, 0, 0);
    expect(insertions.cost(2, 0, Infinity)).to.equal(Infinity);
    expect(insertions.cost(1, 0, Infinity)).to.be.below(Infinity);
    expect(insertions.after).to.equal(head);
    expect([insertions.hasPlace(1, head, 0), insertions.hasPlace(1, 0, 0)]).to.deep.equal([true, false]);
    expect(insertions.fits(2, 0, 0)).to.equal(false);
    tryLink(routes, 1, 0, 0);
    expect(insertions.hasPlace(2, head, 0)).to.equal(false);
  });

  it('count the use of a shift for its first stop only', () => {
    const jobs = [aJob({ id: 'a', node: 3 }), aJob({ id: 'b', node: 3 })];
    const made = aProblem({ shifts: [aShift({ rates: { use: 250 }, until: seconds(9_000) })], jobs });
    const { routes, insertions } = partsOf(made);
    expect(insertions.cost(0, 0, Infinity)).to.equal(850);
    tryLink(routes, 0, 0, 0);
    expect(insertions.cost(1, 0, Infinity)).to.equal(0);
  });
});

/** Takes a stop out or puts one in. */
function change(routes: Routes, move: number): boolean {
  const { instance } = routes;
  if (instance.shiftCount === 0) return true;
  const s = move % instance.shiftCount;
  const movable = routes.sequence(s);
  const absent = absentJobs(routes).filter((j) => instance.groupOf[j] === NONE);
  if (move % 2 === 0 && absent.length > 0) {
    tryLink(routes, absent[move % absent.length]!, s, move >> 3);
    return true;
  }
  const j = movable[move % Math.max(1, movable.length)];
  if (j === undefined) return true;
  routes.unlink(j, j, s, new Int32Array(1), 0);
  return routes.redrive(s);
}
