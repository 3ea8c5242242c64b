import { expect } from 'chai';
import { deliveries, dispatchDay } from '../search/search.fixtures.ts';
import { afterIterations } from '../search/stop.ts';
import { solve } from '../solve.ts';
import { PlannerCrashed, startPlanner } from './start-planner.ts';
import { outcomeOf, watchThreads } from './threads.fixtures.ts';

const limits = { seed: 3, iterations: 200, millis: null };
const expected = (problem: ReturnType<typeof deliveries>) => solve(problem, { seed: 3, searches: 2, stop: afterIterations(200) });

describe('the threads of planners', function () {
  this.slow(10_000);

  for (const [name, which] of [
    ['the one that makes the start', 0],
    ['another', 1],
  ] as const) {
    it(`may die in the middle of a plan: ${name}; what waits is planned by fresh ones`, async () => {
      const threads = watchThreads();
      const planner = startPlanner();
      const problem = deliveries(25, 6);
      let killed = false;
      const dying = outcomeOf(
        planner.solveInWorker(problem, {
          seed: 1,
          iterations: null,
          millis: 60_000,
          searches: 2,
          onBetter: () => {
            if (!killed) void threads.living()[which]!.terminate();
            killed = true;
          },
        }),
      );
      const waiting = planner.solveInWorker(problem, limits);
      expect((await dying).reason).to.be.instanceOf(PlannerCrashed);
      expect(await waiting).to.deep.equal(expected(problem));
      await planner.close();
      expect(await threads.settle(0)).to.equal(0);
      threads.stop();
    });
  }

  it('do not disturb each other when two planners work side by side', async () => {
    const planners = [startPlanner(), startPlanner()];
    const problems = [deliveries(30, 7), dispatchDay(4, 25)];
    const stop = new AbortController();
    const endless = planners.map((planner) =>
      outcomeOf(planner.solveInWorker(problems[0]!, { ...limits, iterations: null, millis: 60_000, signal: stop.signal })),
    );
    stop.abort(new Error('enough'));
    const plans = await Promise.all(
      planners.flatMap((planner) => problems.map((problem) => planner.solveInWorker(problem, limits))),
    );
    for (const { reason } of await Promise.all(endless)) expect(reason).to.have.property('message', 'enough');
    expect(plans).to.deep.equal([...problems, ...problems].map(expected));
    await planners[0]!.close();
    expect(await planners[1]!.solveInWorker(problems[0]!, limits)).to.deep.equal(plans[0]);
    await planners[1]!.close();
  });
});
