import { expect } from 'chai';
import fc from 'fast-check';
import { anyProblem } from '../../../routing/arbitrary-problem.ts';
import { canonicalJson, readProblem, storeProblem } from './problem-document.ts';

describe('a problem as it is kept', () => {
  it('comes back as it was', async () => {
    await fc.assert(
      fc.asyncProperty(anyProblem({ jobs: 6, shifts: 3 }), async (problem) => {
        const jobs = problem.jobs.map((job) => ({
          declinedBy: [],
          ...job,
          inForce: job.inForce && { started: false, ...job.inForce },
        }));
        expect(await readProblem(await storeProblem(problem))).to.deep.equal({ ...problem, jobs });
      }),
      { numRuns: 50 },
    );
  });

  it('is refused when it was damaged', async () => {
    const [problem] = fc.sample(anyProblem({ jobs: 6, shifts: 3 }), { numRuns: 1, seed: 1 });
    if (problem === undefined) throw new Error('no problem');
    const stored = await storeProblem(problem);
    const bytes = Buffer.from(stored.gzip);
    bytes[bytes.length - 9] = (bytes[bytes.length - 9] ?? 0) ^ 1;
    const refused = await readProblem({ ...stored, gzip: bytes }).catch((error: unknown) => error);
    expect(refused).to.include({ type: 'plan-damaged', status: 409 });
  });

  it('has one text whatever the order of its keys', () => {
    expect(canonicalJson({ b: [{ d: 1, c: undefined }], a: null })).to.equal(canonicalJson({ a: null, b: [{ d: 1 }] }));
  });
});
