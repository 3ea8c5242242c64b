import { expect } from 'chai';
import { aJob, aProblem, aShift } from '../fixtures.ts';
import type { Problem } from '../problem.ts';
import { afterIterations } from '../search/stop.ts';
import { solve } from '../solve.ts';
import { InvalidProblem } from '../validate-problem.ts';
import { PlannerClosed, PlannerCrashed, type Planner, startPlanner } from './start-planner.ts';

const limits = { seed: 3, iterations: 50, millis: null };
const endless = { seed: 3, iterations: null, millis: 60_000 };

/** What the promise was rejected with. */
async function refusal(promise: Promise<unknown>): Promise<unknown> {
  try {
    await promise;
  } catch (error) {
    return error;
  }
  throw new Error('was not rejected');
}

describe('the planner in its thread', () => {
  const problem: Problem = aProblem({
    shifts: [aShift({ id: 'a' }), aShift({ id: 'b', startNode: 9, endNode: 9 })],
    jobs: Array.from({ length: 12 }, (_, j) => aJob({ id: `job-${j}`, node: j % 10 })),
  });
  let planner: Planner;
  beforeEach(() => {
    planner = startPlanner();
  });
  afterEach(() => planner.close());

  it('gives the plan that solve gives', async () => {
    const expected = solve(problem, { seed: 3, searches: 2, stop: afterIterations(50) });
    expect(await planner.solveInWorker(problem, limits)).to.deep.equal(expected);
  });

  it('takes one problem after another', async () => {
    const plans = await Promise.all([planner.solveInWorker(problem, limits), planner.solveInWorker(problem, limits)]);
    expect(plans[1]).to.deep.equal(plans[0]);
  });

  it('says which field of a malformed problem is wrong', async () => {
    const error = await refusal(planner.solveInWorker({ ...problem, jobs: [aJob({ node: 99 })] }, limits));
    expect(error).to.be.instanceOf(InvalidProblem).with.property('path', 'jobs[0].node');
  });

  it('rejects with the reason when it is aborted, before, while waiting or while running, and then goes on', async () => {
    const aborted = AbortSignal.abort(new Error('before'));
    expect(await refusal(planner.solveInWorker(problem, { ...endless, signal: aborted }))).to.have.property('message', 'before');

    const first = new AbortController();
    const second = new AbortController();
    const running = planner.solveInWorker(problem, {
      ...endless,
      signal: first.signal,
      onBetter: () => {
        second.abort(new Error('while waiting'));
        first.abort(new Error('while running'));
      },
    });
    const queued = planner.solveInWorker(problem, { ...endless, signal: second.signal });
    const reasons = await Promise.all([refusal(running), refusal(queued)]);
    expect(reasons.map((reason) => (reason instanceof Error ? reason.message : ''))).to.deep.equal([
      'while running',
      'while waiting',
    ]);
    expect((await planner.solveInWorker(problem, limits)).unassigned).to.deep.equal([]);
  });

  it('rejects when the thread dies, and has a fresh one for the next problem', async () => {
    // A value that cannot be read in the thread: the accessor is gone there, and so is the list.
    const broken: Problem = { ...problem, jobs: JSON.parse('null') };
    expect(await refusal(planner.solveInWorker(broken, limits))).to.be.instanceOf(PlannerCrashed);
    expect((await planner.solveInWorker(problem, limits)).unassigned).to.deep.equal([]);
  });

  it('rejects what runs and what comes once it is closed', async () => {
    const running = refusal(planner.solveInWorker(problem, endless));
    await planner.close();
    expect(await running).to.be.instanceOf(PlannerClosed);
    expect(await refusal(planner.solveInWorker(problem, limits))).to.be.instanceOf(PlannerClosed);
  });

  it('will not plan without a limit', () => {
    expect(() => planner.solveInWorker(problem, { seed: 1, iterations: null, millis: null })).to.throw(TypeError);
  });
});
