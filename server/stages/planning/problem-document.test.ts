import { expect } from 'chai';
import fc from 'fast-check';
import { anyProblem } from '../../../routing/arbitrary-problem.ts';
import type { Problem } from '../../../routing/problem.ts';
import { seconds } from '../../../routing/units.ts';
import { canonicalJson, readProblem, storeProblem } from './problem-document.ts';

describe('a problem as it is kept', () => {
  it('comes back as it was', async () => {
    await fc.assert(
      fc.asyncProperty(anyProblem({ jobs: 6, shifts: 3 }), async (problem) => {
        expect(await readProblem(await storeProblem(problem))).to.deep.equal(problem);
      }),
      { numRuns: 50 },
    );
  });

  it('comes back with every field there is, and without those it has not', async () => {
    await fc.assert(
      fc.asyncProperty(anyProblem({ jobs: 6, shifts: 3 }).chain(withMore), async (problem) => {
        expect(await readProblem(await storeProblem(problem))).to.deep.equal(problem);
      }),
      { numRuns: 200 },
    );
  });

  it('is read when an older version wrote it, which knew less', async () => {
    const [problem] = fc.sample(anyProblem({ jobs: 6, shifts: 3 }), { numRuns: 1, seed: 1 });
    if (problem === undefined) throw new Error('no problem');
    const jobs = problem.jobs.map(({ waitingPerHour: _, declinedBy: __, ...job }) => job);
    expect(await readProblem(await storeProblem({ ...problem, jobs }))).to.deep.equal({ ...problem, jobs });
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

/** The same problem with any of the fields that may be absent. Their values make no sense to an engine. */
function withMore(problem: Problem): fc.Arbitrary<Problem> {
  const whole = fc.nat(90_000);
  const time = whole.map(seconds);
  const interval = fc.record({ from: time, until: time });
  const levels = fc.dictionary(fc.constantFrom('water', 'signs'), whole);
  const stock = fc.array(whole, { maxLength: 3 });
  const some = <T extends object>(fields: { [K in keyof T]: fc.Arbitrary<T[K]> }) => fc.record(fields, { requiredKeys: [] });
  const each = <T extends object>(all: readonly T[], more: fc.Arbitrary<object>) =>
    fc.tuple(...all.map((one) => more.map((extra): T => ({ ...one, ...extra }))));
  return fc.record({
    ...constants(problem),
    shifts: each(
      problem.shifts,
      some({
        windows: fc.array(interval, { maxLength: 3 }),
        skillLevels: levels,
        capacity: stock,
        travelPercent: whole,
        servicePercent: whole,
        areas: fc.array(fc.string(), { maxLength: 2 }),
        outsideAreaPrice: fc.option(whole),
        rates: some({ travelPerSecond: whole, perKilometre: whole, dutyPerHour: whole, use: whole }),
        maxJobs: whole,
        maxTravel: time,
        fairWork: time,
      }),
    ),
    jobs: each(
      problem.jobs,
      some({
        severeAfter: time,
        severePerSecond: whole,
        skillLevels: levels,
        preferredLevels: levels,
        area: fc.string(),
        uses: stock,
        collects: stock,
      }),
    ),
    travel: some({ speedByTime: fc.array(fc.record({ from: time, percent: whole }), { maxLength: 3 }) }).map((more) => ({
      ...problem.travel,
      ...more,
    })),
    weights: some({ overqualificationPerLevel: whole, balancePerSecond: whole, worstLatePerSecond: whole }).map((more) => ({
      ...problem.weights,
      ...more,
    })),
    links: fc.array(
      fc
        .tuple(
          fc.record({
            first: whole,
            second: whole,
            leastLag: fc.integer({ min: -900, max: 900 }).map(seconds),
            mostLag: fc.option(time),
          }),
          some({ sameShift: fc.boolean() }),
        )
        .map(([link, more]) => ({ ...link, ...more })),
      { maxLength: 3 },
    ),
  });
}

const constants = ({ epochUnixSeconds, now }: Problem) => ({
  epochUnixSeconds: fc.constant(epochUnixSeconds),
  now: fc.constant(now),
});
