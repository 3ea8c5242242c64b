import { expect } from 'chai';
import fc from 'fast-check';
import { anyRichProblem } from '../arbitrary-problem.ts';
import { checkPlan } from '../check-plan.ts';
import { aJob, aProblem, aShift } from '../fixtures.ts';
import { NONE } from '../instance.ts';
import { planOf } from '../report-plan.ts';
import { dispatchDay } from '../search/search.fixtures.ts';
import { afterIterations } from '../search/stop.ts';
import { solve } from '../solve.ts';
import { explainerOf } from './explainer.ts';
import { NO_SEARCH } from './forced-plans.fixtures.ts';
import { Forcing } from './forcing.ts';
import { PartOfDay } from './part-of-day.ts';
import { mayBeForced } from './rule-against.ts';
import { sharpen } from './sharpen.ts';

describe('A part of the day', () => {
  it('costs by itself what it costs in the day, under every rule, and leads back to the same stops', () => {
    let parts = 0;
    fc.assert(
      fc.property(anyRichProblem({ jobs: 6, shifts: 3 }), (problem) => {
        const { draft, instance } = explainerOf(problem, solve(problem, { seed: 1, stop: afterIterations(30) }));
        const shifts = [...draft.shifts.keys()].slice(0, 2);
        const part = PartOfDay.of(draft, shifts);
        const stops = shifts.flatMap((s) => draft.shifts[s]!.sequence);
        if (
          shifts.length === 0 ||
          stops.some((j) => instance.groupOf[j] !== NONE) ||
          (problem.weights.worstLatePerSecond ?? 0) !== 0
        ) {
          expect(part).to.equal(null);
          return;
        }
        if (part === null) throw new Error('nothing stands against it');
        parts++;
        const changes = part.changesOf(part.solutionOf(draft));
        expect(changes).to.deep.equal(shifts.map((shift) => ({ shift, sequence: [...draft.shifts[shift]!.sequence] })));
      }),
      { numRuns: 200, endOnFailure: true },
    );
    expect(parts).to.be.greaterThan(50);
  });

  it('is not cut out of a day that has one price for all of it', () => {
    const problem = aProblem({ jobs: [aJob({ id: 'job' })], shifts: [aShift({ id: 'a' })] });
    const worst = { ...problem, weights: { ...problem.weights, worstLatePerSecond: 1 } };
    const of = (one: typeof problem) =>
      PartOfDay.of(explainerOf(one, solve(one, { seed: 1, stop: afterIterations(10) })).draft, [0]);
    expect(of(problem)).to.not.equal(null);
    expect(of(worst)).to.equal(null);
  });
});

describe('A forced plan bettered', () => {
  it('breaks no rule, keeps the wish, is never dearer, and never says that the plan without it could be dearer', () => {
    const problem = dispatchDay(5, 36);
    // Hardly searched, so that there is something to find on both sides.
    const explainer = explainerOf(problem, solve(problem, { seed: 1, stop: afterIterations(20) }));
    const { draft } = explainer;
    let better = 0;
    let saved = 0;
    for (const j of [0, 7, 14, 21, 28]) {
      if (draft.shiftOf[j] === NONE) continue;
      const forcing = new Forcing(explainer);
      const without = forcing.taken(j)!;
      for (const s of draft.shifts.keys()) {
        if (s === draft.shiftOf[j] || !mayBeForced(explainer, s, j)) continue;
        const forced = forcing.force(without, { job: j, shift: s, position: null });
        if (forced === null) continue;
        const { draft: then, savedWithout } = sharpen(draft, forced, { job: j, shift: s });
        const plan = planOf(then, NO_SEARCH);
        expect(checkPlan(problem, plan, { changesInForce: plan.changes })).to.deep.equal([]);
        expect(then.shiftOf[j]).to.equal(s);
        expect(then.cost).to.be.at.most(forced.cost);
        expect(savedWithout).to.be.at.least(0);
        // Whoever is free to do as wished cannot do worse.
        expect(then.cost - draft.cost + savedWithout).to.be.at.least(0);
        better += then.cost < forced.cost ? 1 : 0;
        saved += savedWithout > 0 ? 1 : 0;
      }
    }
    expect([better, saved].every((count) => count > 0)).to.equal(true);
  });
});
