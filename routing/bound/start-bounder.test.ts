import { expect } from 'chai';
import { crewsAndCases } from './crews-and-cases.ts';
import { afterIterations } from '../search/stop.ts';
import { solve } from '../solve.ts';
import { InvalidProblem } from '../validate-problem.ts';
import { verifyPlan } from '../verify/verify-plan.ts';
import { type Bounder, BounderClosed, startBounder } from './start-bounder.ts';

/** What a promise was rejected with. */
const failureOf = (promise: Promise<unknown>): Promise<unknown> =>
  promise.then(
    () => null,
    (reason: unknown) => reason,
  );

describe('the bounder in its thread', function () {
  this.timeout(120_000);
  let bounder: Bounder;
  before(() => {
    bounder = startBounder();
  });
  after(() => bounder.close());

  it('gives a bound that the certificate proves, while this thread goes on', async () => {
    const problem = crewsAndCases(4, 16, 3);
    const plan = solve(problem, { seed: 1, stop: afterIterations(200) });
    let turns = 0;
    const turning = setInterval(() => turns++, 1);
    const { certificate } = await bounder.boundInWorker(problem, { millis: 5_000, plan, searchShare: 0.1 });
    clearInterval(turning);
    expect(turns).to.be.greaterThan(10);
    expect(certificate.kind).to.equal('routes');
    expect(verifyPlan(problem, { ...plan, bound: certificate.bound }, certificate).refusals).to.deep.equal([]);
  });

  it('ends at its time with what it has', async () => {
    const { certificate } = await bounder.boundInWorker(crewsAndCases(30, 150, 1), { millis: 300 });
    expect(certificate.bound).to.be.greaterThan(0);
  });

  it('is cancelled at once, and answers whoever asks next', async () => {
    const large = crewsAndCases(40, 200, 1);
    const small = crewsAndCases(2, 6, 1);
    const cancel = new AbortController();
    const long = failureOf(bounder.boundInWorker(large, { millis: 600_000, signal: cancel.signal }));
    const waiting = failureOf(bounder.boundInWorker(small, { millis: 600_000, signal: cancel.signal }));
    const next = bounder.boundInWorker(small, { millis: 2_000 });
    setTimeout(() => cancel.abort(new Error('not wanted any more')), 200);
    expect(await long).to.have.property('message', 'not wanted any more');
    expect(await waiting).to.have.property('message', 'not wanted any more');
    expect((await next).certificate.bound).to.be.greaterThan(0);
    expect(await failureOf(bounder.boundInWorker(small, { millis: 1, signal: AbortSignal.abort('before') }))).to.equal('before');
  });

  it('refuses a malformed problem', async () => {
    const problem = crewsAndCases(2, 4, 1);
    const malformed = { ...problem, shifts: problem.shifts.map((shift) => ({ ...shift, startNode: 99 })) };
    expect(await failureOf(bounder.boundInWorker(malformed, { millis: 100 }))).to.be.instanceOf(InvalidProblem);
  });

  it('closes while it works, and rejects what it had', async () => {
    const other = startBounder();
    const asked = failureOf(other.boundInWorker(crewsAndCases(40, 200, 1), { millis: 600_000 }));
    await new Promise((resolve) => setTimeout(resolve, 100));
    await other.close();
    expect(await asked).to.be.instanceOf(BounderClosed);
    expect(await failureOf(other.boundInWorker(crewsAndCases(2, 4, 1), { millis: 1 }))).to.be.instanceOf(BounderClosed);
  });
});
