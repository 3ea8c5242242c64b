import { expect } from 'chai';
import { setImmediate as nextTurn, setTimeout as wait } from 'node:timers/promises';
import v8 from 'node:v8';
import vm from 'node:vm';
import { deliveries, dispatchDay } from '../search/search.fixtures.ts';
import { random } from '../search/random.ts';
import { afterIterations } from '../search/stop.ts';
import { solve } from '../solve.ts';
import { type Planner, startPlanner } from './start-planner.ts';
import { outcomeOf, watchThreads } from './threads.fixtures.ts';

const PROBLEMS = [deliveries(12, 3), deliveries(25, 6), dispatchDay(2, 8)];
const endless = { iterations: null, millis: 300_000, searches: 2 };
const LONGEST_WAIT_MILLIS = 8;

v8.setFlagsFromString('--expose-gc');
const collectGarbage = vm.runInNewContext('gc') as () => void;

function memory(): { heap: number; buffers: number; all: number } {
  collectGarbage();
  collectGarbage();
  const { heapUsed, arrayBuffers, rss } = process.memoryUsage();
  return { heap: heapUsed / 1e6, buffers: arrayBuffers / 1e6, all: rss / 1e6 };
}

describe('a thousand cancellations', function () {
  this.timeout(120_000);
  this.slow(60_000);
  const chance = random(11);
  // From here on: what reads the test files has threads of its own.
  let threads: ReturnType<typeof watchThreads>;
  let planner: Planner;
  before(() => {
    threads = watchThreads();
    planner = startPlanner();
  });
  after(async () => {
    await planner.close();
    threads.stop();
  });

  /** Asks for a plan that takes minutes and ends it, one way or another, at a moment chosen by chance. */
  async function cancelOnce(seed: number): Promise<'rejected' | 'finished'> {
    const signal = new AbortController();
    const finish = new AbortController();
    const reason = new Error(`cancelled ${seed}`);
    let better = (): void => undefined;
    const firstBetter = new Promise<void>((resolve) => (better = resolve));
    const problem = PROBLEMS[seed % PROBLEMS.length]!;
    let settled = false;
    const outcome = outcomeOf(
      planner.solveInWorker(problem, { ...endless, seed, signal: signal.signal, finishEarly: finish.signal, onBetter: better }),
    ).then((end) => {
      settled = true;
      return end;
    });
    const moment = chance.below(4);
    if (moment === 1) await nextTurn();
    if (moment === 2) await wait(chance.below(LONGEST_WAIT_MILLIS));
    if (moment === 3) await firstBetter;
    const how = chance.below(4);
    if (how === 0) {
      finish.abort();
      const { value } = await outcome;
      expect(value, `plan ${seed}`).to.have.property('pace');
      return 'finished';
    }
    if (how === 1) finish.abort();
    if (how === 1 && chance.below(2) === 0) await nextTurn();
    const wasSettled = settled;
    signal.abort(reason);
    await nextTurn();
    expect(settled, `answered at once, ${seed}`).to.equal(true);
    const end = await outcome;
    if (!wasSettled) expect(end.reason).to.equal(reason);
    return wasSettled ? 'finished' : 'rejected';
  }

  it('leave no thread and no memory behind, and a planner that works', async () => {
    const seen = { rejected: 0, finished: 0 };
    const many = async (from: number, to: number): Promise<void> => {
      for (let seed = from; seed < to; seed += 2) {
        // Two at a time: one runs, one waits.
        for (const end of await Promise.all([cancelOnce(seed), cancelOnce(seed + 1)])) seen[end]++;
      }
    };
    await many(0, 200);
    const warm = memory();
    await many(200, 1_000);
    const done = memory();
    expect(done.heap - warm.heap, 'heap, MB').to.be.below(10);
    expect(done.buffers - warm.buffers, 'buffers, MB').to.be.below(10);
    expect(done.all - warm.all, 'whole process, MB').to.be.below(150);
    expect(await threads.settle(2), 'threads').to.equal(2);
    expect(seen.rejected).to.be.above(500);
    expect(seen.finished).to.be.above(150);

    const plan = await planner.solveInWorker(PROBLEMS[1]!, { seed: 5, iterations: 100, millis: null });
    expect(plan).to.deep.equal(solve(PROBLEMS[1]!, { seed: 5, searches: 2, stop: afterIterations(100) }));
    await planner.close();
    expect(await threads.settle(0), 'threads once closed').to.equal(0);
  });
});
