import { expect } from 'chai';
import { validateProblem } from '../../routing/validate-problem.ts';
import { afterIterations } from '../../routing/search/stop.ts';
import { solve } from '../../routing/solve.ts';
import { seconds } from '../../routing/units.ts';
import { chanceOf } from '../simulator/chance.ts';
import { EPOCH, straight, town } from './dispatch-problem.fixtures.ts';
import { dispatchProblem } from './dispatch-problem.ts';
import { dayInForce, eventsOf, newJobs } from './inday-day.ts';
import { indayReport, indayTable } from './inday-report.ts';
import { effectOf, percentile, timeInserts, withoutSearch } from './inday-runs.ts';

const NOW = seconds(2 * 3600);

describe('A day that is under way, as the bench has it', () => {
  const outline = dispatchProblem(1, { shifts: 5, jobs: 36 }, town, EPOCH);
  const problem = { ...outline.problem, travel: straight(outline.places) };
  const plan = solve(problem, { seed: 1, stop: afterIterations(300) });
  const day = dayInForce(problem, plan, NOW);

  it('keeps to its plan when nothing happens', () => {
    validateProblem(day);
    const nothing = withoutSearch(day, 'do nothing');
    expect(effectOf(day, nothing, 0)).to.include({ changes: 0, slipped: 0, taken_off: 0 });
    expect(effectOf(day, nothing, 0).faults).to.deep.equal([]);
    const done = plan.shifts.flatMap(({ stops }) => stops).filter(({ end }) => end <= NOW).length;
    expect([done > 0, day.jobs.length]).to.deep.equal([true, problem.jobs.length - done]);
    expect(day.jobs.some(({ inForce }) => inForce?.started === true)).to.equal(true);
  });

  it('has three things go wrong, each a problem that can be planned anew within a budget', () => {
    const events = eventsOf(day, chanceOf(1, 'events'));
    expect(events.map(({ name }) => name)).to.deep.equal(['new job', 'crew off', 'overrun']);
    for (const { name, problem: one } of events) {
      validateProblem(one);
      const nothing = withoutSearch(one, 'do nothing');
      expect([name, nothing.changes > 0]).to.deep.equal([name, name !== 'new job']);
      expect(withoutSearch(one, 'insert only').cost.total).to.be.at.most(nothing.cost.total);
      const resolved = solve(one, { seed: 1, stop: afterIterations(300), maxChanges: 2 });
      expect(effectOf(one, resolved, 2).faults).to.deep.equal([]);
    }
  });

  it('calls more changes than were allowed a fault', () => {
    const any = solve(day, { seed: 1, stop: afterIterations(300) });
    const more = { ...any, changes: any.forcedChanges + 3 };
    expect(effectOf(day, more, 2).faults.join()).to.contain('3 changes beyond the forced ones, 2 allowed');
  });

  it('is told as a table and as JSON', () => {
    const insert = timeInserts(day, newJobs(day, 25, chanceOf(1, 'new')));
    expect(insert.inserts).to.equal(5);
    const [event] = eventsOf(day, chanceOf(1, 'events'));
    const nothing = withoutSearch(event!.problem, 'do nothing');
    const result = {
      event: event!,
      how: 'do nothing',
      cost: nothing.cost.total,
      seconds: 0.1,
      seed: 0,
      iterations: 0,
      allowed: null,
      ...effectOf(event!.problem, nothing, null),
    };
    const report = indayReport({ name: 'tiny', jobsLeft: day.jobs.length, insert, results: [result], searches: 1 });
    expect(report).to.include({ bench: 'inday', insert_p99_ms: insert.p99, unanswered: 0, mean_gap_percent: 0 });
    expect(report.events[0]).to.include({ event: 'new job', cheaper_than_nothing_percent: 0 });
    expect(indayTable(report)[1]).to.match(/^new job {2,}do nothing/);
  });

  it('counts percentiles by rank', () => {
    const hundred = Array.from({ length: 100 }, (_, i) => 100 - i);
    expect([0.5, 0.99, 1].map((share) => percentile(hundred, share))).to.deep.equal([50, 99, 100]);
  });
});
