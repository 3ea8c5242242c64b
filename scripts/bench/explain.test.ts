import { expect } from 'chai';
import { explainerOf } from '../../routing/explain/explainer.ts';
import { afterIterations } from '../../routing/search/stop.ts';
import { solve } from '../../routing/solve.ts';
import { chanceOf } from '../simulator/chance.ts';
import { EPOCH, straight, town } from './dispatch-problem.fixtures.ts';
import { dispatchProblem } from './dispatch-problem.ts';
import { explainReport, explainTable, misses } from './explain-report.ts';
import { ask, calledImpossible, comparePrices, isTrue, jobsToAsk } from './explain-runs.ts';

describe('A plan explained, as the bench has it', () => {
  const outline = dispatchProblem(1, { shifts: 4, jobs: 36 }, town, EPOCH);
  // A day in which not everything can be done.
  const problem = { ...outline.problem, shifts: outline.problem.shifts.slice(0, 2), travel: straight(outline.places) };
  const explainer = explainerOf(problem, solve(problem, { seed: 1, stop: afterIterations(500) }));
  const asked = jobsToAsk(explainer, 20, chanceOf(1, 'asked'));
  const answers = asked.map((job) => ask(explainer, job));
  const placed = jobsToAsk({ plan: { ...explainer.plan, unassigned: [] } }, 10, chanceOf(1, 'placed')).map((job) =>
    ask(explainer, job),
  );
  const told = answers.flatMap(({ job, whyNot }) => (whyNot?.changes ?? []).map((change) => ({ job, change })));

  it('asks about all that is left out first, each job once', () => {
    const leftOut = explainer.plan.unassigned.map(({ job }) => job);
    expect(leftOut).to.not.have.length(0);
    expect(asked.slice(0, leftOut.length)).to.deep.equal(leftOut.slice(0, asked.length));
    expect(new Set(asked).size).to.equal(20);
    expect(jobsToAsk(explainer, 1_000, chanceOf(1, 'asked'))).to.have.length(36);
  });

  it('sees what is not as it was told', () => {
    expect(told).to.not.have.length(0);
    const { job, change } = told[0]!;
    expect(isTrue(explainer, job, change)).to.equal(true);
    expect(isTrue(explainer, job, { ...change, price: change.price + 1 })).to.equal(false);
  });

  it('sees that what was called impossible is possible', () => {
    const whole = { ...outline.problem, travel: straight(outline.places) };
    const roomy = explainerOf(whole, solve(whole, { seed: 1, stop: afterIterations(200) }));
    const fits = (job: number, shift: number): boolean =>
      roomy.places.cost(roomy.instance.jobPlace[job]!, roomy.instance.shiftPlace[shift]!) < Infinity;
    const answer = jobsToAsk(roomy, 36, chanceOf(1, 'asked'))
      .map((job) => ask(roomy, job))
      .find(({ job, alternatives }) => alternatives.others.some(({ shift }) => fits(job, shift)))!;
    const { alternatives } = answer;
    const { shift } = alternatives.others.find((one) => fits(answer.job, one.shift))!;
    const blocked = [{ shift, reason: { code: 'unreachable' } as const }];
    expect(calledImpossible(roomy, answer)).to.equal(0);
    expect(calledImpossible(roomy, { ...answer, alternatives: { ...alternatives, blocked } })).to.equal(1);
  });

  it('is told as a table and as JSON, with what was missed', () => {
    const compared = { count: 3, stop: afterIterations(200), least: 600 };
    const pairs = comparePrices(explainer, placed, compared, chanceOf(1, 'pairs'), () => undefined);
    expect(pairs).to.have.length(3);
    for (const { quick, refined, error_percent } of pairs) {
      expect(error_percent).to.be.closeTo(
        (100 * Math.abs(Math.max(0, quick) - refined)) / Math.max(Math.abs(refined), 600),
        0.01,
      );
    }
    const report = explainReport(explainer, answers, pairs, { name: 'tiny', plan_seconds: 1, explainer_ms: 1 });
    expect(report).to.include({ asked: 20, reasons_percent: 100, changes_verified_percent: 100, impossible_but_feasible: 0 });
    expect(report.changes_told).to.equal(told.length);
    const good = { ...report, explain_p99_ms: 1, price_error_median_percent: 0, price_error_p95_percent: 0 };
    expect(misses(good)).to.deep.equal([]);
    const bad = {
      ...good,
      explain_p99_ms: 301,
      price_error_p95_percent: 21,
      impossible_but_feasible: 1,
      changes_verified_percent: 99,
    };
    expect(misses(bad)).to.have.length(4);
    expect(explainTable(bad).filter((line) => line.startsWith('MISSED'))).to.have.length(4);
  });
});
