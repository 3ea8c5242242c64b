import { expect } from 'chai';
import fc from 'fast-check';
import { anyRichProblem } from '../arbitrary-problem.ts';
import { aJob, aProblem } from '../fixtures.ts';
import { costOfDraft } from '../report-plan.ts';
import { afterIterations } from '../search/stop.ts';
import { solve } from '../solve.ts';
import { seconds } from '../units.ts';
import { explainerOf, ForeignPlan } from './explainer.ts';

describe('A plan made ready to be asked about', () => {
  it('is the plan, stop by stop and to the digit', () => {
    fc.assert(
      fc.property(anyRichProblem({ jobs: 6, shifts: 3 }), (problem) => {
        const plan = solve(problem, { seed: 1, stop: afterIterations(30) });
        const { instance, draft } = explainerOf(problem, plan);
        expect(costOfDraft(draft)).to.deep.equal(plan.cost);
        for (const { shift, stops } of plan.shifts) {
          const sequence = draft.shifts[instance.shiftPlace[shift]!]!.sequence;
          expect(sequence.map((j) => instance.jobIndex[j])).to.deep.equal(stops.map(({ job }) => job));
        }
      }),
      { numRuns: 100 },
    );
  });

  it('refuses a plan of another problem', () => {
    const problem = aProblem({ jobs: [aJob({ id: 'a', node: 1 }), aJob({ id: 'b', node: 2 })] });
    const plan = solve(problem, { seed: 1, stop: afterIterations(10) });
    const dearer = { ...problem, weights: { ...problem.weights, travelPerSecond: 2 } };
    const shorter = { ...problem, jobs: problem.jobs.slice(0, 1) };
    const closed = { ...problem, shifts: problem.shifts.map((shift) => ({ ...shift, until: seconds(700) })) };
    for (const other of [dearer, shorter, closed]) expect(() => explainerOf(other, plan)).to.throw(ForeignPlan);
    expect(explainerOf(problem, plan).plan).to.equal(plan);
  });
});
