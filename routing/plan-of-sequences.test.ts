import { expect } from 'chai';
import fc from 'fast-check';
import { anyRichProblem } from './arbitrary-problem.ts';
import { checkPlan } from './check-plan.ts';
import { planOfSequences } from './plan-of-sequences.ts';
import { afterIterations } from './search/stop.ts';
import { solve } from './solve.ts';

describe('a plan of sequences', () => {
  it('has the times and the cost of the plan they come from, keeps every rule, and is made again by its pace', () => {
    let taken = 0;
    fc.assert(
      fc.property(anyRichProblem({ jobs: 5, shifts: 3 }), fc.integer({ min: 1, max: 50 }), (problem, seed) => {
        // Starts that linked jobs have agreed on are no part of sequences.
        if ((problem.links ?? []).length > 0) return;
        const poor = solve(problem, { seed, stop: afterIterations(0) });
        const good = solve(problem, { seed, stop: afterIterations(200) });
        if (good.cost.total >= poor.cost.total) return;
        const sequences = problem.shifts.map((_, s) =>
          (good.shifts.find(({ shift }) => shift === s)?.stops ?? [])
            .map(({ job }) => job)
            .filter((job) => problem.jobs[job]?.inForce?.fixed !== true),
        );
        const plan = planOfSequences(problem, { sequences, cost: good.cost.total }, poor);
        expect(checkPlan(problem, plan, { changesInForce: plan.forcedChanges })).to.deep.equal([]);
        expect(plan.cost).to.deep.equal(good.cost);
        expect(plan.shifts).to.deep.equal(good.shifts);
        const again = solve(problem, { seed: plan.seed, stop: afterIterations(0), maxChanges: plan.maxChanges, pace: plan.pace });
        expect(again).to.deep.equal(plan);
        taken++;
      }),
      { numRuns: 300, seed: 6 },
    );
    expect(taken).to.be.above(20);
  });
});
