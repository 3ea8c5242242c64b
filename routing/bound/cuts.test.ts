import { expect } from 'chai';
import fc from 'fast-check';
import { countInCut, type CutJobs, violatedCuts } from './cuts.ts';

const JOBS = 7;

describe('cuts of three jobs', () => {
  it('are those that the relaxed plan breaks, each once, and some whenever there are any', () => {
    const route = fc.record({
      jobs: fc.uniqueArray(fc.nat(JOBS - 1), { minLength: 1, maxLength: 4 }),
      share: fc.constantFrom(0.25, 0.5, 0.5, 1),
    });
    let broken = 0;
    fc.assert(
      fc.property(fc.array(route, { maxLength: 8 }), (drawn) => {
        // Each job is in one route at most, all parts together.
        const visits = Array.from({ length: JOBS }, (_, j) =>
          drawn.reduce((all, { jobs, share }) => all + (jobs.includes(j) ? share : 0), 0),
        );
        const used = drawn.map(({ jobs, share }) => ({ jobs, share: share / Math.max(1, ...visits) }));
        const sum = (cut: CutJobs): number => used.reduce((all, { jobs, share }) => all + share * countInCut(cut, jobs), 0);
        const violated: string[] = [];
        for (let a = 0; a < JOBS; a++) {
          for (let b = a + 1; b < JOBS; b++) {
            for (let c = b + 1; c < JOBS; c++) if (sum([a, b, c]) > 1.02) violated.push(`${a},${b},${c}`);
          }
        }
        const found = violatedCuts(JOBS, used, [], 100);
        for (const cut of found) expect(violated).to.include(cut.join());
        expect(new Set(found.map((cut) => cut.join())).size).to.equal(found.length);
        expect(found.length > 0).to.equal(violated.length > 0);
        for (const cut of violatedCuts(JOBS, used, found, 100)) expect(found).not.to.deep.include(cut);
        broken += found.length;
      }),
      { numRuns: 1_000 },
    );
    expect(broken).to.be.greaterThan(50);
  });
});
