import { expect } from 'chai';
import fc from 'fast-check';
import { compile } from '../compile.ts';
import { checkPlan } from '../check-plan.ts';
import { solve } from '../solve.ts';
import { meeting, type Standing } from './meeting.ts';
import { isDivided, partOf, whole } from './part.ts';
import { anyKindOfProblem, deliveries, dispatchDay } from './search.fixtures.ts';
import { Search } from './search.ts';
import { makeStart } from './start.ts';
import { afterIterations } from './stop.ts';
import { beginLeg, seedOf } from './team.ts';
import { searchFrom } from '../solve.ts';

const atOnce = { pace: null, maxChanges: null, startFrom: null, assigned: () => false, filled: () => false };

describe('a divided day', () => {
  it('is cut so that every shift and every movable job has one search, whichever the leg', () => {
    fc.assert(
      fc.property(
        anyKindOfProblem({ jobs: 12, shifts: 5 }),
        fc.nat(50),
        fc.integer({ min: 2, max: 4 }),
        (problem, leg, searches) => {
          const instance = compile(problem);
          if (!instance.fixed.includes(0) || instance.shiftCount === 0) return;
          const { solution } = makeStart(instance, atOnce);
          const parts = Array.from({ length: searches }, (_, i) => partOf(instance, solution, leg, i, searches));
          for (let s = 0; s < instance.shiftCount; s++) expect(parts.filter(({ own }) => own[s] === 1)).to.have.length(1);
          for (let j = 0; j < instance.jobCount; j++) {
            const owners = parts.filter(({ ownJobs }) => ownJobs[j] === 1);
            expect(owners).to.have.length(instance.fixed[j] === 1 ? 0 : 1);
            const s = solution.sequences.findIndex((stops) => stops.includes(j));
            if (s >= 0) expect(owners[0]?.own[s]).to.equal(1);
          }
          expect(parts.flatMap(({ jobs }) => [...jobs]).sort((a, b) => a - b)).to.deep.equal([...whole(instance).jobs]);
        },
      ),
      { numRuns: 200 },
    );
  });

  it('gives both searches about as much to do', () => {
    const instance = compile(dispatchDay(20, 300));
    const { solution } = makeStart(instance, atOnce);
    for (let leg = 0; leg < 20; leg++) {
      const [a, b] = [0, 1].map((i) => partOf(instance, solution, leg, i, 2).jobs.length);
      expect(Math.min(a!, b!)).to.be.above(90);
    }
  });

  it('is whole again after each meeting: every search keeps to its part, and the costs add up', () => {
    const instance = compile(dispatchDay(12, 120));
    const start = makeStart(instance, atOnce);
    const team = [0, 1].map((i) => searchFrom(instance, start, seedOf(3, 0), i));
    const judge = new Search(instance, start.near, start.solution, 9, 0, Infinity);
    let standing: Standing = { best: start.solution, current: start.solution };
    for (let leg = 0; leg < 12; leg++) {
      const current = standing.current!;
      team.forEach((search, i) => {
        beginLeg(search, standing, leg, i, 2);
        search.cool(leg * 16, search.iterations + 200, () => false);
        const { own } = partOf(instance, current, leg, i, 2);
        const { divided } = search.bring();
        divided!.current.sequences.forEach((stops, s) => {
          if (own[s] === 0) expect(stops).to.deep.equal(current.sequences[s]);
        });
      });
      const before = standing.best.cost;
      standing = meeting(
        standing,
        team.map((search) => search.bring()),
        null,
      );
      expect(standing.best.cost).to.be.at.most(before);
      for (const plan of [standing.best, standing.current!]) {
        judge.adopt({ ...plan, cost: -Infinity });
        expect(judge.routes.cost).to.equal(plan.cost);
      }
    }
    expect(standing.best.cost).to.be.below(start.solution.cost);
  });

  it('takes a plan from elsewhere up where it is the cheapest, and goes on from it', () => {
    const plan = (cost: number) => ({ sequences: [[]], lockedStart: null, cost });
    const own = Uint8Array.of(1);
    const brought = [{ best: plan(8), divided: { current: plan(9), own } }];
    expect(meeting({ best: plan(10), current: plan(10) }, brought, plan(7))).to.deep.equal({ best: plan(7), current: plan(7) });
    expect(meeting({ best: plan(10), current: plan(10) }, brought, plan(8.5))).to.deep.equal({ best: plan(8), current: plan(9) });
  });

  it('is left whole where one budget or price holds for all of it', () => {
    const instance = compile(dispatchDay(20, 300));
    expect(isDivided(instance, 2, null)).to.equal(true);
    expect(isDivided(instance, 1, null)).to.equal(false);
    expect(isDivided(instance, 2, 5)).to.equal(false);
    expect(isDivided(instance, 6, null)).to.equal(false);
    expect(isDivided(compile(dispatchDay(20, 299)), 2, null)).to.equal(false);
  });

  for (const [name, problem] of [
    ['driven days', dispatchDay(16, 320)],
    ['deliveries, beside their neighbours', deliveries(520, 60)],
  ] as const) {
    it(`keeps every rule, and comes out the same again: ${name}`, function () {
      this.timeout(60_000);
      const options = { seed: 4, searches: 2, stop: afterIterations(1_500) };
      const plan = solve(problem, options);
      expect(checkPlan(problem, plan)).to.deep.equal([]);
      expect(solve(problem, options)).to.deep.equal(plan);
      expect(solve(problem, { ...options, stop: afterIterations(0), pace: plan.pace })).to.deep.equal(plan);
    });
  }
});
