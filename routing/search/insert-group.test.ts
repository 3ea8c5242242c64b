import { expect } from 'chai';
import fc from 'fast-check';
import { anyRichProblem } from '../arbitrary-problem.ts';
import { aJob, aProblem, aShift } from '../fixtures.ts';
import { NONE } from '../instance.ts';
import type { Link, Problem } from '../problem.ts';
import { seconds } from '../units.ts';
import { insertGroup } from './insert-group.ts';
import { random } from './random.ts';
import { absentJobs, drivenCost, type Parts, partsOf, scatter } from './search.fixtures.ts';

const linked = anyRichProblem({ jobs: 8, shifts: 4 }).filter(
  ({ links, shifts, jobs }) => (links ?? []).length > 0 && shifts.length > 0 && jobs.some(({ inForce }) => !inForce?.fixed),
);

const isIn = ({ routes, instance }: Parts, j: number): boolean => instance.fixed[j] === 1 || routes.route[j] !== NONE;

const shiftOf = ({ routes, instance }: Parts, j: number): number =>
  instance.fixed[j] === 1 ? instance.forceShift[j]! : routes.route[j]!;

function startOf({ routes, instance }: Parts, j: number): number {
  if (instance.fixed[j] === 1) return instance.fixedStart[j]!;
  return routes.depart[j]! - instance.service[instance.serviceRow[routes.route[j]!]! + j]!;
}

/** All movable jobs of each group are in, or none; lags and sides hold. Gives how many groups are in. */
function expectTogether(parts: Parts): number {
  const { instance, routes } = parts;
  let whole = 0;
  instance.groups.forEach((group, g) => {
    const movable = group.filter((j) => instance.fixed[j] === 0);
    const placed = movable.filter((j) => isIn(parts, j));
    expect(placed.length, `jobs of group ${g}`).to.be.oneOf([0, movable.length]);
    if (placed.length === 0 || movable.length === 0) return;
    whole++;
    for (const { first, second, least, most, sameShift } of instance.groupLinks[g]!) {
      if (instance.fixed[first] === 1 && instance.fixed[second] === 1) continue;
      expect(startOf(parts, second) - startOf(parts, first), `lag from ${first} to ${second}`).to.be.within(least, most);
      if (!sameShift) continue;
      const s = shiftOf(parts, first);
      expect(shiftOf(parts, second)).to.equal(s);
      const day = [...instance.fixedStops[s]!, ...routes.sequence(s)];
      expect(day.indexOf(first)).to.be.below(day.indexOf(second));
    }
  });
  for (let s = 0; s < instance.shiftCount; s++) expect(routes.routeCost[s]).to.equal(drivenCost(routes, s));
  return whole;
}

/** One group put in by itself, in a problem of a few crews. */
function putIn(links: readonly Link[], over: Partial<Problem>): Parts {
  const parts = partsOf(aProblem({ links, ...over }));
  expect(insertGroup(parts.routes, parts.insertions, parts.near, 0, random(1))).to.equal(true);
  expectTogether(parts);
  return parts;
}

describe('a group of linked jobs', () => {
  it('goes in whole with its lags, or not at all, and is then no dearer than left out', () => {
    let whole = 0;
    fc.assert(
      fc.property(linked, fc.nat(), (problem, seed) => {
        const parts = partsOf(problem, seed);
        scatter(parts, seed);
        const { routes, instance } = parts;
        instance.groups.forEach((group, g) => {
          if (group.every((j) => instance.fixed[j] === 1)) return;
          routes.mark();
          const before = routes.cost;
          if (!insertGroup(routes, parts.insertions, parts.near, g, random(seed))) routes.undo();
          expect(routes.cost).to.be.at.most(before);
        });
        whole += expectTogether(parts);
      }),
      { numRuns: 300 },
    );
    expect(whole).to.be.above(100);
  });

  it('stays so through any number of ruins', () => {
    let whole = 0;
    fc.assert(
      fc.property(linked, fc.nat(), (problem, seed) => {
        const parts = partsOf(problem, seed);
        const { routes, ruin, recreate, ruined } = parts;
        absentJobs(routes).forEach((j, i) => (ruined.removed[i] = j));
        ruined.count = routes.absentCount;
        if (!recreate.recreate(ruined)) routes.undo();
        for (let round = 0; round < 12; round++) {
          whole += expectTogether(parts);
          routes.mark();
          ruin.ruin(ruined);
          let works = true;
          for (let i = 0; i < ruin.dirtyCount; i++) works &&= routes.redrive(ruin.dirty[i]!);
          if (!works || !recreate.recreate(ruined)) routes.undo();
        }
      }),
      { numRuns: 150 },
    );
    expect(whole).to.be.above(500);
  });

  const pair = [aJob({ id: 'a', node: 1 }), aJob({ id: 'b', node: 1 })];
  const crews = [aShift({ id: 'near' }), aShift({ id: 'far', startNode: 9, endNode: 9 })];

  it('of two slots is started by two crews in the same second', () => {
    const parts = putIn([{ first: 0, second: 1, leastLag: seconds(0), mostLag: seconds(0) }], { jobs: pair, shifts: crews });
    expect([startOf(parts, 0), startOf(parts, 1)]).to.deep.equal([800, 800]);
    expect(shiftOf(parts, 0)).not.to.equal(shiftOf(parts, 1));
  });

  it('of two slots is left out where there is one crew only', () => {
    const links = [{ first: 0, second: 1, leastLag: seconds(0), mostLag: seconds(0) }];
    const parts = partsOf(aProblem({ jobs: pair, links }));
    expect(insertGroup(parts.routes, parts.insertions, parts.near, 0, random(1))).to.equal(true);
    expect(absentJobs(parts.routes)).to.deep.equal([0, 1]);
    expect(parts.instance.lockedStart).to.deep.equal(parts.instance.givenStart);
  });

  it('in order waits for the least lag, with one crew too', () => {
    const parts = putIn([{ first: 0, second: 1, leastLag: seconds(2_000), mostLag: null }], { jobs: pair });
    expect(startOf(parts, 1) - startOf(parts, 0)).to.equal(2_000);
  });

  it('fetches before it does, with the stock that the first job has put on board', () => {
    const jobs = [aJob({ id: 'do', node: 1, uses: [3] }), aJob({ id: 'fetch', node: 5, collects: [3] })];
    const links = [{ first: 1, second: 0, leastLag: seconds(0), mostLag: null, sameShift: true }];
    const parts = putIn(links, { jobs, shifts: [aShift({ capacity: [3] })] });
    // Ids sort "do" before "fetch".
    expect(parts.routes.sequence(0)).to.deep.equal([1, 0]);
  });

  it('of three in a chain keeps every lag', () => {
    const jobs = ['a', 'b', 'c'].map((id, node) => aJob({ id, node }));
    const links = [
      { first: 1, second: 0, leastLag: seconds(600), mostLag: seconds(900) },
      { first: 2, second: 1, leastLag: seconds(-100), mostLag: seconds(100) },
    ];
    const parts = putIn(links, { jobs, shifts: [...crews, aShift({ id: 'third' }), aShift({ id: 'fourth' })] });
    expect(absentJobs(parts.routes)).to.deep.equal([]);
  });
});
