import { expect } from 'chai';
import fc from 'fast-check';
import { aJob, aProblem, aShift } from '../fixtures.ts';
import { NONE } from '../instance.ts';
import { seconds } from '../units.ts';
import { absentJobs, anyKindOfProblem, deliveries, drivenCost, type Parts, partsOf, scatter } from './search.fixtures.ts';

const ruinedJobs = ({ ruined }: Parts): number[] => [...ruined.removed.subarray(0, ruined.count)];

/** Ruins once; gives the sequences before and the jobs that went out. */
function ruinOnce(parts: Parts): { before: number[][]; gone: number[]; again: number[] } {
  const { routes, instance, ruin, ruined } = parts;
  const before = Array.from(instance.shiftIndex, (_, s) => routes.sequence(s));
  const wasIn = instance.fixed.map((_, j) => (routes.route[j] === NONE ? 0 : 1));
  ruin.ruin(ruined);
  const all = ruinedJobs(parts);
  return { before, gone: all.filter((j) => wasIn[j] === 1), again: all.filter((j) => wasIn[j] === 0) };
}

/** Puts all groups in by chance of the search itself, then the rest. */
function fillUp(parts: Parts): void {
  const { routes, recreate, ruined } = parts;
  const absent = absentJobs(routes);
  absent.forEach((j, i) => (ruined.removed[i] = j));
  ruined.count = absent.length;
  routes.mark();
  if (!recreate.recreate(ruined)) routes.undo();
}

describe('a ruin', () => {
  const canMove = ({ instance }: Parts): boolean => instance.shiftCount > 0 && instance.fixed.some((fixed) => fixed === 0);

  it('names each job once, and those that it names are out', () => {
    fc.assert(
      fc.property(anyKindOfProblem({ jobs: 12, shifts: 4 }), fc.nat(), (problem, seed) => {
        const parts = partsOf(problem, seed);
        fc.pre(canMove(parts));
        scatter(parts, seed);
        for (let round = 0; round < 5; round++) {
          ruinOnce(parts);
          const named = ruinedJobs(parts);
          expect(new Set(named).size).to.equal(named.length);
          for (const j of named) expect([parts.routes.route[j], parts.instance.fixed[j]]).to.deep.equal([NONE, 0]);
          fillUp(parts);
        }
      }),
      { numRuns: 200 },
    );
  });

  it('lists as dirty the shifts it has changed, which then cost what the schedule says', () => {
    fc.assert(
      fc.property(anyKindOfProblem({ jobs: 12, shifts: 4 }), fc.nat(), (problem, seed) => {
        const parts = partsOf(problem, seed);
        fc.pre(canMove(parts));
        const { routes, ruin, instance } = parts;
        fillUp(parts);
        const { before, gone } = ruinOnce(parts);
        const dirty = [...ruin.dirty.subarray(0, ruin.dirtyCount)];
        expect(new Set(dirty).size).to.equal(dirty.length);
        before.forEach((sequence, s) => {
          const left = sequence.filter((j) => !gone.includes(j));
          expect(routes.sequence(s)).to.deep.equal(left);
          expect(dirty.includes(s)).to.equal(left.length < sequence.length);
        });
        if (dirty.every((s) => routes.redrive(s))) {
          for (let s = 0; s < instance.shiftCount; s++) expect(routes.routeCost[s]).to.equal(drivenCost(routes, s));
        }
      }),
      { numRuns: 200 },
    );
  });

  it('takes out one string a shift, short ones unless a whole route goes, in one piece or with a piece left in its middle', () => {
    const parts = partsOf(deliveries(120, 12));
    fillUp(parts);
    const seen = { strings: 0, split: 0, whole: 0, beginAnew: 0, removed: 0, rounds: 0 };
    for (let round = 0; round < 600; round++) {
      parts.routes.mark();
      const { before, gone } = ruinOnce(parts);
      const out = new Set(gone);
      for (const sequence of before) {
        const places = sequence.flatMap((j, k) => (out.has(j) ? [k] : []));
        if (places.length === 0) continue;
        seen.strings++;
        if (places.length === sequence.length && sequence.length > 10) seen.whole++;
        else expect(places.length, 'longest string').to.be.at.most(10);
        // What is left between is one piece.
        const breaks = places.slice(1).filter((place, i) => place !== places[i]! + 1).length;
        expect(breaks).to.be.at.most(1);
        seen.split += breaks;
      }
      seen.beginAnew += parts.ruined.beginAnew ? 1 : 0;
      seen.removed += gone.length;
      seen.rounds++;
      parts.routes.undo();
    }
    expect(seen.removed / seen.rounds, 'jobs a ruin').to.be.within(5, 15);
    expect(seen.split / seen.strings, 'split').to.be.within(0.1, 0.6);
    expect(seen.beginAnew / seen.rounds, 'begins anew').to.be.within(0.005, 0.08);
    expect(seen.strings / seen.rounds, 'strings').to.be.above(1.5);
  });

  it('now and then takes a whole long route', () => {
    const jobs = Array.from({ length: 40 }, (_, j) => aJob({ id: `job-${j}`, node: j % 10, service: seconds(60) }));
    const parts = partsOf(aProblem({ jobs, shifts: [aShift({ until: seconds(90_000) })] }));
    fillUp(parts);
    expect(parts.routes.count[0]).to.equal(40);
    let whole = 0;
    for (let round = 0; round < 500; round++) {
      parts.routes.mark();
      if (ruinOnce(parts).gone.length === 40) whole++;
      parts.routes.undo();
    }
    expect(whole).to.be.within(1, 40);
  });

  it('takes linked jobs out together', () => {
    let together = 0;
    fc.assert(
      fc.property(anyKindOfProblem({ jobs: 10, shifts: 4 }), fc.nat(), (problem, seed) => {
        const parts = partsOf(problem, seed);
        const { routes, instance } = parts;
        fc.pre(canMove(parts) && instance.groups.length > 0);
        fillUp(parts);
        const { gone } = ruinOnce(parts);
        for (const group of instance.groups) {
          const movable = group.filter((j) => instance.fixed[j] === 0);
          const out = movable.filter((j) => gone.includes(j));
          if (out.length > 1) together++;
          if (out.length > 0) for (const j of movable) expect(routes.route[j]).to.equal(NONE);
        }
      }),
      { numRuns: 300 },
    );
    expect(together).to.be.above(10);
  });

  it('names jobs that are left out nearby to be tried again, eight and one from anywhere at most', () => {
    const parts = partsOf(deliveries(60, 1));
    let most = 0;
    for (let round = 0; round < 300; round++) {
      const { again, gone } = ruinOnce(parts);
      expect(gone).to.deep.equal([]);
      most = Math.max(most, again.length);
      expect(again.length).to.be.within(1, 9);
    }
    expect(most).to.be.at.least(8);
  });
});
