import { expect } from 'chai';
import fc from 'fast-check';
import { checkRecombined } from './answer.ts';
import { busyPartition } from './partition.fixtures.ts';
import { BadPartition, type PartitionProblem, type PoolRoute } from './partition.ts';
import { type Recombiner, RecombinerClosed, RecombinerCrashed, startRecombiner } from './start-recombiner.ts';

const PATIENT = { millis: 10_000, nodeLimit: 10_000 };

/** The least cost of any choice of routes, by trying all. */
function bruteForce(problem: PartitionProblem): number {
  const { jobCount, classOf, routes, emptyCost, leftOutPrice } = problem;
  const places = new Map<number, number>();
  for (const c of classOf) places.set(c, (places.get(c) ?? 0) + 1);
  const emptyOf = (route: PoolRoute): number => emptyCost[route.shift]!;
  const done = new Array<boolean>(jobCount).fill(false);
  const rest = (from: number): number => {
    if (from === routes.length) {
      if (problem.groups?.some((group) => new Set(group.map((job) => done[job])).size > 1)) return Infinity;
      return leftOutPrice.reduce((sum, price, job) => (done[job] ? sum : sum + price), 0);
    }
    let least = rest(from + 1);
    const route = routes[from]!;
    const room = places.get(classOf[route.shift]!)!;
    if (room > 0 && route.jobs.every((job) => !done[job])) {
      places.set(classOf[route.shift]!, room - 1);
      for (const job of route.jobs) done[job] = true;
      least = Math.min(least, route.cost - emptyOf(route) + rest(from + 1));
      for (const job of route.jobs) done[job] = false;
      places.set(classOf[route.shift]!, room);
    }
    return least;
  };
  return emptyCost.reduce((sum, cost) => sum + cost, 0) + rest(0);
}

const anyPartition: fc.Arbitrary<PartitionProblem> = fc
  .record({ classOf: fc.array(fc.nat(2), { minLength: 1, maxLength: 4 }), jobCount: fc.integer({ min: 1, max: 6 }) })
  .chain(({ classOf, jobCount }) =>
    fc.record({
      shiftCount: fc.constant(classOf.length),
      jobCount: fc.constant(jobCount),
      classOf: fc.constant(Int32Array.from(classOf)),
      emptyCost: fc.array(fc.nat(5), { minLength: 3, maxLength: 3 }).map((each) => Float64Array.from(classOf, (c) => each[c]!)),
      leftOutPrice: fc
        .array(fc.oneof({ weight: 6, arbitrary: fc.nat(30) }, { weight: 1, arbitrary: fc.constant(Infinity) }), {
          minLength: jobCount,
          maxLength: jobCount,
        })
        .map((prices) => Float64Array.from(prices)),
      routes: fc.array(
        fc.record({
          shift: fc.nat(classOf.length - 1),
          jobs: fc.uniqueArray(fc.nat(jobCount - 1), { minLength: 1 }).map((jobs) => Int32Array.from(jobs)),
          cost: fc.nat(40),
        }),
        { maxLength: 10 },
      ),
      groups: fc.array(fc.uniqueArray(fc.nat(jobCount - 1), { minLength: 1, maxLength: 2 }), { maxLength: 2 }),
      incumbentCost: fc.constantFrom(15, 60, 1_000),
    }),
  );

async function refusal(promise: Promise<unknown>): Promise<unknown> {
  try {
    await promise;
  } catch (error) {
    return error;
  }
  throw new Error('was not rejected');
}

describe('the recombiner in its thread', function () {
  this.timeout(60_000);
  const busy = busyPartition(150, 6_000);
  let recombiner: Recombiner;
  before(async () => {
    recombiner = startRecombiner();
    await recombiner.recombine(busyPartition(6, 20), PATIENT);
  });
  after(() => recombiner.close());

  it('finds what trying all choices finds, or nothing when that is no better than the plan at hand', async () => {
    await fc.assert(
      fc.asyncProperty(anyPartition, async (problem) => {
        const best = bruteForce(problem);
        const answer = await recombiner.recombine(problem, PATIENT);
        if (best < problem.incumbentCost) {
          expect(answer).to.include({ cost: best, proven: true });
          checkRecombined(problem, answer!);
        } else expect(answer).to.equal(null);
      }),
      { numRuns: 300 },
    );
  });

  it('starts from the plan at hand and gives the same answer each time', async () => {
    const found = await recombiner.recombine(busyPartition(14, 120), PATIENT);
    const problem = busyPartition(14, 120);
    const incumbent = found!.routes
      .slice(1)
      .map(({ jobs }) => problem.routes.findIndex((route) => route.jobs.join() === jobs.join()));
    const cost = incumbent.reduce((sum, r) => sum + problem.routes[r]!.cost, 0);
    const done = new Set(incumbent.flatMap((r) => [...problem.routes[r]!.jobs]));
    const worse = { ...problem, incumbent, incumbentCost: cost + 2_000 * (problem.jobCount - done.size) };
    const again = await recombiner.recombine(worse, PATIENT);
    expect(again?.cost).to.equal(found!.cost);
    expect(await recombiner.recombine(worse, PATIENT)).to.deep.equal(again);
    expect(await recombiner.recombine({ ...worse, incumbentCost: found!.cost }, PATIENT)).to.equal(null);
  });

  it('keeps its time, with an answer when it has one', async () => {
    for (const millis of [20, 150, 400, 1_500]) {
      const from = performance.now();
      const answer = await recombiner.recombine(busy, { millis });
      expect(performance.now() - from).to.be.below(millis + 100);
      if (answer !== null) checkRecombined(busy, answer);
    }
  });

  it('is aborted within 50 ms, before, while waiting and while running, and goes on', async () => {
    expect(await refusal(recombiner.recombine(busy, { millis: 9_000, signal: AbortSignal.abort('before') }))).to.equal('before');
    const abort = new AbortController();
    const refused = Promise.all([1, 2].map(() => refusal(recombiner.recombine(busy, { millis: 9_000, signal: abort.signal }))));
    await new Promise((resolve) => setTimeout(resolve, 300));
    const from = performance.now();
    abort.abort('enough');
    expect(await refused).to.deep.equal(['enough', 'enough']);
    expect(performance.now() - from).to.be.below(50);
    expect(await recombiner.recombine(busyPartition(6, 20), PATIENT)).to.have.property('proven', true);
  });

  it('names what is wrong with a malformed problem', async () => {
    const problem = busyPartition(6, 20);
    const route = problem.routes[0]!;
    const wrong: [Partial<PartitionProblem>, string][] = [
      [{ routes: [{ ...route, jobs: Int32Array.of(1, 6) }] }, 'route 0 has job 6, of 6'],
      [{ routes: [{ ...route, jobs: Int32Array.of(1, 1) }] }, 'route 0 has job 1 twice'],
      [{ routes: [{ ...route, shift: 9 }] }, 'route 0 is of shift 9, of 1'],
      [{ routes: [{ ...route, cost: 0.5 }] }, 'route 0 costs 0.5, no whole number'],
      [{ shiftCount: 2, classOf: new Int32Array(2), emptyCost: Float64Array.of(1, 2) }, 'shift 1 costs 2 when empty'],
    ];
    for (const [part, why] of wrong) {
      const error = await refusal(recombiner.recombine({ ...problem, ...part }, PATIENT));
      expect(error).to.be.instanceOf(BadPartition);
      expect(error).to.have.property('message').that.includes(why);
    }
  });

  it('leaves no memory behind after several hundred problems', async () => {
    const problem = busyPartition(8, 40);
    const rounds = async (n: number): Promise<number> => {
      for (let r = 0; r < n; r++) await recombiner.recombine(problem, PATIENT);
      return process.memoryUsage().rss / 2 ** 20;
    };
    const warm = await rounds(100);
    // A model that were not given back is 0.3 MB and more.
    expect((await rounds(400)) - warm).to.be.below(60);
  });

  it('rejects what runs and what comes once it is closed, and its thread is gone', async () => {
    const closing = startRecombiner();
    const running = refusal(closing.recombine(busy, { millis: 9_000 }));
    await new Promise((resolve) => setTimeout(resolve, 100));
    await closing.close();
    expect(await running).to.be.instanceOf(RecombinerClosed);
    expect(await refusal(closing.recombine(busy, PATIENT))).to.be.instanceOf(RecombinerClosed);
  });

  it('rejects when the thread fails, and goes on with the next', async () => {
    const broken = { ...busyPartition(6, 20), leftOutPrice: new Float64Array(6).fill(NaN) };
    expect(await refusal(recombiner.recombine(broken, PATIENT))).to.be.instanceOf(RecombinerCrashed);
    expect(await recombiner.recombine(busyPartition(6, 20), PATIENT)).to.have.property('proven', true);
  });
});
