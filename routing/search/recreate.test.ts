import { expect } from 'chai';
import fc from 'fast-check';
import { aJob, aProblem, aShift } from '../fixtures.ts';
import { NONE } from '../instance.ts';
import { costOfSequence } from '../schedule.ts';
import { absentJobs, anyKindOfProblem, anyPlainProblem, drivenCost, type Parts, partsOf, scatter } from './search.fixtures.ts';

const ask = (parts: Parts, jobs: readonly number[]): void => {
  jobs.forEach((j, i) => (parts.ruined.removed[i] = j));
  parts.ruined.count = jobs.length;
  parts.ruined.beginAnew = false;
};

describe('recreate', () => {
  it('never makes the plan dearer than leaving out what it is given, and leaves what else there is alone', () => {
    fc.assert(
      fc.property(anyKindOfProblem({ jobs: 10, shifts: 3 }), fc.nat(), fc.boolean(), (problem, seed, byChance) => {
        const parts = partsOf(problem, seed);
        fc.pre(parts.instance.shiftCount > 0);
        scatter(parts, seed);
        const { routes, instance, recreate } = parts;
        // Half of what is out, but groups whole or not at all.
        const out = absentJobs(routes);
        const given = out.filter((j) => (instance.groupOf[j] === NONE ? j % 2 === 0 : true));
        const stays = out.filter((j) => !given.includes(j));
        const order = Array.from({ length: instance.shiftCount }, (_, s) => routes.sequence(s));
        const before = routes.cost;
        routes.mark();
        ask(parts, given);
        recreate.byChance = byChance;
        if (!recreate.recreate(parts.ruined)) routes.undo();
        expect(routes.cost).to.be.at.most(before);
        for (const j of stays) expect(routes.route[j]).to.equal(NONE);
        order.forEach((sequence, s) => {
          expect(routes.sequence(s).filter((j) => !given.includes(j))).to.deep.equal(sequence);
          expect(routes.routeCost[s]).to.equal(drivenCost(routes, s));
        });
      }),
      { numRuns: 300 },
    );
  });

  it('without chance, puts each job in turn where it is cheapest of all places, and draws no lots', () => {
    fc.assert(
      fc.property(anyPlainProblem({ jobs: 8, shifts: 3 }), fc.nat(), (problem, seed) => {
        const [parts, other] = [partsOf(problem, seed), partsOf(problem, seed + 1)];
        const jobs = absentJobs(parts.routes);
        const { instance } = parts;
        const sequences = Array.from({ length: instance.shiftCount }, (_, s) => [...instance.fixedStops[s]!]);
        let cost = parts.routes.cost;
        for (const j of jobs) {
          let least = instance.price[j]!;
          for (let s = 0; s < instance.shiftCount; s++) {
            if (instance.allowed[j * instance.shiftCount + s] === 0) continue;
            const now = costOf(parts, s, sequences[s]!);
            for (let k = instance.fixedStops[s]!.length; k <= sequences[s]!.length; k++) {
              least = Math.min(least, costOfSequence(instance, s, sequences[s]!.toSpliced(k, 0, j)) - now);
            }
          }
          for (const { recreate, ruined } of [parts, other]) {
            recreate.byChance = false;
            ruined.removed[0] = j;
            ruined.count = 1;
            ruined.beginAnew = false;
            expect(recreate.recreate(ruined)).to.equal(true);
          }
          cost += Math.min(0, least - instance.price[j]!);
          expect(parts.routes.cost, `with job ${j}`).to.equal(cost);
          sequences.forEach((_, s) => {
            sequences[s] = [...instance.fixedStops[s]!, ...parts.routes.sequence(s)];
            expect(other.routes.sequence(s)).to.deep.equal(parts.routes.sequence(s));
          });
        }
      }),
      { numRuns: 150 },
    );
  });

  it('with chance, passes now and then over the cheapest place', () => {
    const shifts = [aShift({ id: 'near', startNode: 1, endNode: 1 }), aShift({ id: 'far', startNode: 9, endNode: 9 })];
    const parts = partsOf(aProblem({ shifts, jobs: [aJob({ node: 2 })] }));
    const times = [0, 0];
    for (let round = 0; round < 2_000; round++) {
      parts.routes.mark();
      ask(parts, [0]);
      expect(parts.recreate.recreate(parts.ruined)).to.equal(true);
      const on = parts.routes.route[0]!;
      if (on !== NONE) times[on]!++;
      parts.routes.undo();
    }
    // Ids sort "far" before "near".
    expect(times[0]).to.be.within(4, 60);
    expect(times[1]).to.be.above(1_900);
  });

  it('feels a charge for beginning a shift, which is no part of any cost', () => {
    const shifts = [aShift({ id: 'a' }), aShift({ id: 'b', startNode: 5, endNode: 5 })];
    const parts = partsOf(aProblem({ shifts, jobs: [aJob({ id: 'first', node: 0 }), aJob({ id: 'then', node: 5 })] }));
    const { routes, recreate } = parts;
    recreate.byChance = false;
    ask(parts, [0]);
    recreate.recreate(parts.ruined);
    routes.mark();
    for (const [charge, shift] of [
      [0, 1],
      [2_000, 0],
    ] as const) {
      recreate.beginCharge = charge;
      ask(parts, [1]);
      recreate.recreate(parts.ruined);
      expect(routes.route[1]).to.equal(shift);
      expect(routes.cost).to.equal(drivenCost(routes, 0) + drivenCost(routes, 1));
      routes.undo();
    }
  });

  it('begins an empty shift with the first job when the ruin asks for it', () => {
    const shifts = [aShift({ id: 'a' }), aShift({ id: 'b' })];
    const parts = partsOf(aProblem({ shifts, jobs: [aJob({ id: 'first', node: 4 }), aJob({ id: 'then', node: 4 })] }));
    const { routes, recreate, ruined } = parts;
    recreate.byChance = false;
    ask(parts, [0]);
    recreate.recreate(ruined);
    ask(parts, [1]);
    ruined.beginAnew = true;
    recreate.recreate(ruined);
    expect(routes.active).to.equal(2);
    expect(ruined.beginAnew).to.equal(false);
  });
});

const costOf = ({ instance }: Parts, s: number, sequence: readonly number[]): number =>
  sequence.length === instance.fixedStops[s]!.length ? instance.emptyCost[s]! : costOfSequence(instance, s, sequence);
