import { expect } from 'chai';
import { checkPlan } from './check-plan.ts';
import { aJob, aProblem, aShift, inForce, onALine, someWeights } from './fixtures.ts';
import type { Plan, Reason } from './plan.ts';
import type { Job, Problem } from './problem.ts';
import { random } from './search/random.ts';
import { onAMap } from './search/search.fixtures.ts';
import { afterIterations } from './search/stop.ts';
import { solve } from './solve.ts';
import { seconds } from './units.ts';
import { InvalidProblem } from './validate-problem.ts';

/** The plan, which the independent checker accepts. */
function plan(problem: Problem, iterations = 200): Plan {
  const made = solve(problem, { seed: 1, stop: afterIterations(iterations) });
  expect(checkPlan(problem, made)).to.deep.equal([]);
  return made;
}

/** Why each job is left out, by id. */
const reasons = (problem: Problem): Record<string, Reason> =>
  Object.fromEntries(plan(problem).unassigned.map(({ job, reason }) => [problem.jobs[job]!.id, reason]));

/** The field that a refusal names. */
function refused(problem: Problem): string {
  try {
    solve(problem, { seed: 1, stop: afterIterations(10) });
  } catch (error) {
    if (error instanceof InvalidProblem) return error.message;
    throw error;
  }
  throw new Error('was not refused');
}

const anHour = { from: seconds(0), until: seconds(3_600) };

describe('solve, at its limits', () => {
  it('without crews, without jobs, and without either', () => {
    const jobs = [aJob({ id: 'a' }), aJob({ id: 'b', inForce: null })];
    expect(reasons(aProblem({ shifts: [], jobs }))).to.deep.equal({
      a: { code: 'no_crew_on_shift' },
      b: { code: 'no_crew_on_shift' },
    });
    expect(plan(aProblem({ jobs: [] })).cost.total).to.equal(0);
    const nothing = aProblem({ shifts: [], jobs: [], travel: onALine([]) });
    expect(plan(nothing)).to.deep.include({ shifts: [], unassigned: [] });
  });

  it('names the job to which no road leads, and does the others', () => {
    const travel = { ...onALine([0, 100, 200]), seconds: Int32Array.from([0, 100, -1, 100, 0, -1, -1, -1, 0]) };
    const jobs = [aJob({ id: 'near', node: 1 }), aJob({ id: 'island', node: 2 })];
    expect(reasons(aProblem({ travel, jobs }))).to.deep.equal({ island: { code: 'unreachable' } });
    // There is a way there, but none home.
    const oneWay = { ...travel, seconds: Int32Array.from([0, 100, 200, 100, 0, 100, -1, -1, 0]) };
    expect(reasons(aProblem({ travel: oneWay, jobs }))).to.deep.equal({ island: { code: 'unreachable' } });
    expect(reasons(aProblem({ travel: oneWay, jobs, shifts: [aShift({ endNode: null })] }))).to.deep.equal({});
  });

  it('names jobs whose windows are past, and a day that is over', () => {
    const jobs = [aJob({ id: 'past', windows: [anHour] }), aJob({ id: 'open' })];
    expect(reasons(aProblem({ now: seconds(4_000), jobs }))).to.deep.equal({ past: { code: 'windows_do_not_fit' } });
    expect(reasons(aProblem({ now: seconds(20_000), jobs: [aJob()] }))).to.deep.equal({ job: { code: 'no_crew_on_shift' } });
  });

  it('refuses links in a circle and a job linked to itself, and names both', () => {
    const jobs = ['cut', 'cordon', 'clear'].map((id) => aJob({ id }));
    const link = (first: number, second: number) => ({ first, second, leastLag: seconds(600), mostLag: null });
    expect(refused(aProblem({ jobs, links: [link(0, 1), link(1, 2), link(2, 0)] }))).to.equal(
      'links[2]: job "clear" is linked in a circle with "cut"',
    );
    expect(refused(aProblem({ jobs, links: [link(1, 1)] }))).to.equal('links[0]: job "cordon" is linked to itself');
  });

  it('keeps one of two locks that contradict each other, and names the other and its crew', () => {
    const at = (start: number, over: Partial<Job>): Job =>
      aJob({ inForce: inForce({ lockTime: true, lockCrew: true, start: seconds(start) }), ...over });
    const jobs = [at(1_000, { id: 'a', waiting: 9_000 }), at(1_300, { id: 'b' })];
    expect(reasons(aProblem({ jobs }))).to.deep.equal({ b: { code: 'locks_do_not_fit', shift: 0 } });
    // Locked to a time at which no window is open.
    const closed = [at(5_000, { id: 'a', windows: [anHour] })];
    expect(reasons(aProblem({ jobs: closed }))).to.deep.equal({ a: { code: 'locks_do_not_fit', shift: 0 } });
  });

  it('leaves everything where it is when everything is locked', () => {
    const jobs = [3, 1, 2].map((node, position) =>
      aJob({
        id: `at-${node}`,
        node,
        inForce: inForce({ lockCrew: true, lockOrder: true, lockTime: true, position, start: seconds(1_000 + position * 1_000) }),
      }),
    );
    const made = plan(aProblem({ jobs, shifts: [aShift({ id: 'a' }), aShift({ id: 'b', startNode: 3 })] }));
    expect(made.shifts[0]?.stops.map(({ job, start }) => [job, start])).to.deep.equal([
      [0, 1_000],
      [1, 2_000],
      [2, 3_000],
    ]);
    expect([made.changes, made.unassigned.length]).to.deep.equal([0, 0]);
  });

  it('loads nothing on a crew without room, and says which dimension is short', () => {
    const jobs = [aJob({ id: 'gravel', uses: [0, 1] }), aJob({ id: 'light' })];
    expect(reasons(aProblem({ jobs, shifts: [aShift({ capacity: [0, 0] })] }))).to.deep.equal({
      gravel: { code: 'more_stock_than_any_crew', dimension: 1 },
    });
  });

  it('works with no time at all, and with times and prices of nothing', () => {
    const jobs = Array.from({ length: 6 }, (_, j) => aJob({ id: `job-${j}`, service: seconds(0), waiting: 0 }));
    expect(plan(aProblem({ jobs, shifts: [aShift({ until: seconds(0) })] })).cost.total).to.equal(0);
    const made = solve(aProblem({ jobs }), { seed: 1, stop: { iterations: null, millis: 0 } });
    expect(checkPlan(aProblem({ jobs }), made)).to.deep.equal([]);
  });

  it('plans 10,000 jobs by the clock of a few seconds, and refuses more than it can hold by name', function () {
    this.timeout(60_000);
    this.slow(20_000);
    const problem = hugeDay(10_000, 20);
    const made = solve(problem, { seed: 1, stop: { iterations: null, millis: 3_000 } });
    expect(checkPlan(problem, made)).to.deep.equal([]);
    const planned = made.shifts.reduce((sum, { stops }) => sum + stops.length, 0);
    expect(planned + made.unassigned.length).to.equal(10_000);
    expect(refused({ ...problem, jobs: [...problem.jobs, ...problem.jobs] })).to.include('20000 jobs and 20 shifts are too many');
  });

  it('does not count against the limit on changes a stop that its crew cannot finish, even alone', () => {
    const problem = aProblem({
      shifts: [aShift({ id: 'a', maxDuration: seconds(100) }), aShift({ id: 'b' })],
      jobs: [
        aJob({ id: 'too long now', skills: ['nobody'], inForce: inForce({ shift: 0 }) }),
        aJob({ id: 'too long', inForce: inForce({ shift: 0, start: seconds(600) }), declinedBy: [1] }),
        aJob({ id: 'late for it', inForce: inForce({ shift: 1, start: seconds(0) }) }),
        aJob({ id: 'new', waiting: 50_000, declinedBy: [0], windows: [{ from: seconds(0), until: seconds(50) }] }),
      ],
      weights: someWeights({ startTolerance: seconds(300) }),
    });
    const made = solve(problem, { seed: 1, stop: afterIterations(200), maxChanges: 1 });
    expect(checkPlan(problem, made, { changesInForce: 2 })).to.deep.equal([]);
    expect(made.unassigned.map(({ job }) => job)).to.deep.equal([0, 1]);
  });
});

/** More jobs than anybody plans for a day, at 500 places. */
function hugeDay(jobs: number, crews: number): Problem {
  const chance = random(1);
  return aProblem({
    travel: onAMap(Array.from({ length: 500 }, () => ({ x: chance.below(3_000), y: chance.below(3_000) }))),
    shifts: Array.from({ length: crews }, (_, s) =>
      aShift({ id: `crew-${s}`, startNode: s, endNode: s, until: seconds(30_000) }),
    ),
    jobs: Array.from({ length: jobs }, (_, j) =>
      aJob({ id: `job-${j}`, node: chance.below(500), due: seconds(chance.below(40_000)) }),
    ),
  });
}
