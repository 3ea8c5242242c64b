import { expect } from 'chai';
import fc from 'fast-check';
import { anyRichProblem } from '../arbitrary-problem.ts';
import { bruteForce } from '../brute-force.ts';
import type { Certificate } from '../certificate.ts';
import { aJob, aProblem } from '../fixtures.ts';
import { solve } from '../solve.ts';
import { type PlanDocument, readPlanDocument, roundProblem, UnreadableDocument, writePlanDocument } from './plan-document.ts';
import { problemValue } from './problem-values.ts';

const MADE_BY = { engine: 'thuma', planId: null, madeAt: null };
const problem = aProblem({ jobs: [aJob({ id: 'a', node: 1 }), aJob({ id: 'b', node: 2 })] });
const certificate: Certificate = {
  version: 1,
  kind: 'routes',
  bound: 5,
  jobPrices: [1, 2],
  cuts: [{ jobs: [0, 1, 2], price: 1 }],
  shiftLeast: [3],
  relaxed: ['repeated_visits', 'breaks'],
};
const document: PlanDocument = {
  problem,
  plan: solve(problem, { seed: 1, stop: { iterations: 50, millis: null } }),
  certificate,
  madeBy: MADE_BY,
};

const read = (text: string): PlanDocument => readPlanDocument(JSON.parse(text));

const refusalOf = (text: string): UnreadableDocument => {
  try {
    read(text);
  } catch (error) {
    if (error instanceof UnreadableDocument) return error;
    throw error;
  }
  throw new Error('it was read');
};

describe('a plan document', function () {
  this.timeout(20_000);

  it('comes back as it was, for problems and plans of every kind', () => {
    fc.assert(
      fc.property(anyRichProblem({ shifts: 2, jobs: 4 }), (rich) => {
        const plan = bruteForce(rich)?.plan;
        fc.pre(plan !== undefined);
        const whole = {
          problem: rich,
          plan,
          certificate: null,
          madeBy: { ...MADE_BY, planId: 'p', madeAt: '2026-01-27T13:00:00.000Z' },
        };
        expect(read(writePlanDocument(whole))).to.deep.equal(whole);
      }),
      { numRuns: 100 },
    );
  });

  it('comes back with its certificate and the pace of a search, also when written round the text of a problem', () => {
    const { before, after } = roundProblem(document);
    expect(read(before + JSON.stringify(problemValue(problem)) + after)).to.deep.equal(document);
    expect(read(writePlanDocument(document))).to.deep.equal(document);
  });

  it('keeps a certificate with wrong numbers as it is: what they are worth is not for a reader to say', () => {
    const wrong = { ...certificate, version: 7 as never, kind: 'guess' as never, bound: 0.5, shiftLeast: [] };
    expect(read(writePlanDocument({ ...document, certificate: wrong })).certificate).to.deep.equal(wrong);
  });

  it('names the field that is wrong', () => {
    const value = JSON.parse(writePlanDocument(document)) as { problem: { jobs: object[] }; version: number; plan: object };
    expect(refusalOf('[]').path).to.equal('document');
    expect(refusalOf(JSON.stringify({ ...value, version: 2 })).path).to.equal('version');
    value.problem.jobs[1] = { ...value.problem.jobs[1], service: 'long' };
    expect(refusalOf(JSON.stringify(value)).path).to.equal('problem.jobs[1].service');
    value.problem.jobs[1] = { ...value.problem.jobs[0], address: 'Elm Street 4' };
    expect(refusalOf(JSON.stringify(value)).message).to.match(/^problem\.jobs\[1\]: .*address/);
  });
});
