import { expect } from 'chai';
import fc from 'fast-check';
import { compile } from '../compile.ts';
import { aJob, aProblem, aShift, inForce, someWeights } from '../fixtures.ts';
import { seconds } from '../units.ts';
import { Collector, frameOf, partitionOf } from './collect.ts';
import { absentJobs, anyKindOfProblem, deliveries, partsOf, scatter } from './search.fixtures.ts';
import type { Solution } from './solution.ts';
import type { Routes } from './routes.ts';
import { searchFrom } from '../solve.ts';
import { makeStart } from './start.ts';

const solutionOf = (routes: Routes): Solution => ({
  sequences: Array.from(routes.instance.shiftIndex, (_, s) => routes.sequence(s)),
  lockedStart: null,
  cost: routes.cost,
});

describe('the collector of routes', () => {
  it('has the routes of every plan it was shown, and the cost of the plan adds up from them', () => {
    let plans = 0;
    fc.assert(
      fc.property(
        anyKindOfProblem({ jobs: 10, shifts: 4 }),
        fc.array(fc.nat(), { minLength: 1, maxLength: 4 }),
        (problem, seeds) => {
          const parts = partsOf(problem);
          const { routes, instance } = parts;
          const frame = frameOf(instance);
          if (frame === null) return;
          const collector = new Collector(instance);
          const shown: Solution[] = [];
          for (const seed of seeds) {
            routes.clear();
            scatter(parts, seed);
            collector.add(routes);
            shown.push(solutionOf(routes));
          }
          // What can never be served costs the same in every plan, and is not counted when routes are put together.
          const lost = instance.price.reduce(
            (sum, price, j) =>
              sum + (instance.fixed[j] === 1 && !instance.fixedStops.some((stops) => stops.includes(j)) ? price : 0),
            0,
          );
          const packed = collector.packed();
          for (const best of shown) {
            const { routes: pool, incumbent, incumbentCost } = partitionOf(frame, [packed, packed], best);
            expect(pool.length).to.equal(packed.shifts.length);
            expect(incumbentCost).to.be.at.most(best.cost);
            // The same jobs in another, cheaper order stand for those of the plan.
            if (incumbent === undefined) continue;
            plans++;
            expect(incumbentCost).to.equal(best.cost - lost);
            const driven = incumbent.map((r) => [...pool[r]!.jobs]);
            expect(driven).to.deep.equal(best.sequences.filter((sequence) => sequence.length > 0));
          }
          const last = partitionOf(frame, [packed], shown.at(-1)!);
          if (seeds.length === 1) expect(last.incumbent).not.to.equal(undefined);
        },
      ),
      { numRuns: 200 },
    );
    expect(plans).to.be.above(150);
  });

  it('knows a route also on another shift of the same class', () => {
    const parts = partsOf(aProblem({ shifts: [aShift({ id: 'a' }), aShift({ id: 'b' })], jobs: [aJob({ node: 3 })] }));
    const { routes, instance } = parts;
    const collector = new Collector(instance);
    routes.link(0, instance.jobCount, 0);
    collector.add(routes);
    routes.unlink(0, 0, 0, new Int32Array(1), 0);
    routes.link(0, instance.jobCount + 1, 1);
    const { incumbent, routes: pool } = partitionOf(frameOf(instance)!, [collector.packed()], solutionOf(routes));
    expect(pool).to.have.length(1);
    expect(incumbent).to.deep.equal([0]);
  });

  it('looks at each version of a shift once, and hands over what the pool holds', () => {
    const parts = partsOf(deliveries(60, 12));
    scatter(parts, 3);
    const { routes } = parts;
    const collector = new Collector(parts.instance);
    collector.add(routes);
    const once = collector.packed();
    collector.add(routes);
    expect(collector.packed()).to.deep.equal(once);
    expect(once.shifts.length).to.equal(routes.active);
    expect(once.jobs.length).to.equal(60 - absentJobs(routes).length);
    expect([...once.costs].reduce((sum, cost) => sum + cost, 0)).to.equal(
      [...routes.routeCost].reduce((sum, cost) => sum + cost, 0),
    );
  });

  it('collects from a search only good plans, its best among them', () => {
    const instance = compile(deliveries(60, 12));
    const start = makeStart(instance, {
      pace: null,
      maxChanges: null,
      startFrom: null,
      assigned: () => false,
      filled: () => false,
    });
    const search = searchFrom(instance, start, 1);
    search.collector = new Collector(instance);
    search.cool(10, 200, () => false);
    expect(search.collector.packed().shifts.length, 'while it is hot').to.equal(0);
    search.cool(100, 4_000, () => false);
    const packed = search.collector.packed();
    expect(packed.shifts.length).to.be.above(12);
    const best = search.solution();
    const { incumbent, incumbentCost } = partitionOf(frameOf(instance)!, [packed], best);
    expect(incumbent).to.have.length(best.sequences.filter((sequence) => sequence.length > 0).length);
    expect(incumbentCost).to.equal(best.cost);
  });

  it('has no frame where routes cannot be put together anew', () => {
    const jobs = [aJob({ id: 'a' }), aJob({ id: 'b' })];
    const links = [{ first: 0, second: 1, leastLag: seconds(0), mostLag: null }];
    expect(frameOf(compile(aProblem({ jobs, links })))).to.equal(null);
    expect(frameOf(compile(aProblem({ jobs, weights: someWeights({ worstLatePerSecond: 1 }) })))).to.equal(null);
    const fixed = aProblem({ jobs: [...jobs, aJob({ id: 'c', inForce: inForce({ fixed: true }) })] });
    expect([...frameOf(compile(fixed))!.leftOutPrice]).to.deep.equal([5_000, 5_000, 0]);
  });
});
