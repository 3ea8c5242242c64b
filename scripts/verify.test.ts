import { execFile } from 'node:child_process';
import { mkdtemp, rm, writeFile } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import path from 'node:path';
import { expect } from 'chai';
import type { Certificate } from '../routing/certificate.ts';
import { plainPlan } from '../routing/check/plain-plan.ts';
import { type PlanDocument, writePlanDocument } from '../routing/documents/plan-document.ts';
import { aJob, aProblem } from '../routing/fixtures.ts';

const ROOT = path.resolve(import.meta.dirname, '..');

/** One crew, three jobs down one road: 600 is the least that a plan can cost, and 150 of each job is proven to be paid. */
const problem = aProblem({ jobs: [1, 2, 3].map((node) => aJob({ id: `job-${node}`, node })) });
const certificate: Certificate = {
  version: 1,
  kind: 'routes',
  bound: 450,
  jobPrices: [150, 150, 150],
  cuts: [],
  shiftLeast: [0],
  relaxed: ['repeated_visits'],
};
const document: PlanDocument = {
  problem,
  plan: plainPlan(problem, [[0, 1, 2]])!,
  certificate,
  madeBy: { engine: 'thuma 1', planId: null, madeAt: null },
};

describe('npm run verify', function () {
  this.timeout(60_000);
  let folder: string;
  before(async () => {
    folder = await mkdtemp(path.join(tmpdir(), 'verify-'));
  });
  after(() => rm(folder, { recursive: true }));

  /** Runs the command as npm does. */
  const run = (...args: string[]) =>
    new Promise<{ code: number; out: string; err: string }>((resolve) => {
      execFile(process.execPath, ['scripts/run.mjs', 'scripts/verify.ts', ...args], { cwd: ROOT }, (error, out, err) =>
        resolve({ code: typeof error?.code === 'number' ? error.code : 0, out, err }),
      );
    });
  const verify = async (text: string, ...args: string[]) => {
    const file = path.join(folder, 'plan.json');
    await writeFile(file, text);
    return run(file, ...args);
  };

  it('accepts a sound plan, and says what is proven of it and what is not counted', async () => {
    const { code, out, err } = await verify(writePlanDocument(document));
    expect(code, err).to.equal(0);
    expect(out).to.match(/^cost +600$/m);
    expect(out).to.match(/^bound +450 \(routes\): no plan can be more than 25\.00 % cheaper$/m);
    expect(out).to.match(/^not counted in the bound: repeated_visits$/m);
    expect(out).to.match(/^accepted$/m);
  });

  it('gives the verdict as JSON', async () => {
    const { code, out } = await verify(writePlanDocument(document), '--json');
    expect(code).to.equal(0);
    expect(JSON.parse(out)).to.include({ accepted: true, cost: 600, bound: 450, gapPercent: 25, kind: 'routes' });
  });

  it('ends with 1 for a bound that is not proven, naming the culprit', async () => {
    const claimed = { ...certificate, bound: 460, shiftLeast: [10] };
    const { code, out } = await verify(writePlanDocument({ ...document, certificate: claimed }));
    expect(code).to.equal(1);
    expect(out).to.match(/^REFUSED\n {2}shift 0: without any movable job it costs 0, less than 10$/m);
    expect(out).not.to.match(/no plan can be/);
  });

  it('ends with 2 for a file that is no plan document, saying where', async () => {
    const text = writePlanDocument(document);
    const cut = await verify(text.replace('"madeBy":', '\n"madeBy":?'));
    expect([cut.code, cut.out]).to.deep.equal([2, '']);
    expect(cut.err).to.match(/plan\.json, line 2, column 10: .+ expected/);
    const wrong = await verify(text.replace('"latePerSecond":1', '"latePerSecond":"much"'));
    expect(wrong.code).to.equal(2);
    expect(wrong.err).to.match(/plan\.json: problem\.jobs\[0\]\.latePerSecond: /);
    const absent = await run(path.join(folder, 'absent.json'));
    expect(absent.code).to.equal(2);
    expect(absent.err)
      .to.match(/absent\.json cannot be read: ENOENT/)
      .and.not.to.match(/ at /);
  });
});
