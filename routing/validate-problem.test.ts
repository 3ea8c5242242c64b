import { expect } from 'chai';
import fc from 'fast-check';
import { anyRichProblem } from './arbitrary-problem.ts';
import { aJob, aProblem, aShift, inForce, someWeights } from './fixtures.ts';
import type { Job, Link, Problem, Shift } from './problem.ts';
import { type Seconds, seconds } from './units.ts';
import { InvalidProblem, validateProblem } from './validate-problem.ts';

/** What is said of a problem: the path of the field and what is wrong with it. */
function refusalOf(problem: Problem): string {
  try {
    validateProblem(problem);
  } catch (error) {
    if (error instanceof InvalidProblem) return `${error.path}: ${error.detail}`;
    throw error;
  }
  return 'accepted';
}

const withShift = (shift: Partial<Shift>): Problem => aProblem({ shifts: [aShift({ id: 'first' }), aShift({ ...shift })] });
const withJob = (job: Partial<Job>): Problem => aProblem({ jobs: [aJob({ id: 'first' }), aJob(job)] });
const withLinks = (...links: Partial<Link>[]): Problem =>
  aProblem({
    jobs: ['a', 'b', 'c', 'd'].map((id) => aJob({ id })),
    links: links.map((link) => ({ first: 0, second: 1, leastLag: seconds(0), mostLag: null, ...link })),
  });
const span = (from: number, until: number) => ({ from: seconds(from), until: seconds(until) });

describe('a malformed problem', () => {
  it('is refused, with the field that is wrong', () => {
    const { travel } = aProblem();
    const cases: readonly (readonly [Problem, string])[] = [
      [aProblem({ now: 0.5 as Seconds }), 'now: 0.5 is not a whole number'],
      [aProblem({ travel: { ...travel, size: 70_000 } }), 'travel.size: 70000'],
      [aProblem({ travel: { ...travel, metres: new Int32Array(3) } }), 'travel.metres: 3 cells where 10 x 10 are needed'],
      [aProblem({ travel: { ...travel, speedByTime: [{ from: seconds(5), percent: 0 }] } }), 'travel.speedByTime[0].percent'],
      [
        aProblem({ travel: { ...travel, speedByTime: [5, 5].map((from) => ({ from: seconds(from), percent: 80 })) } }),
        'travel.speedByTime[1].from: not after',
      ],
      [aProblem({ weights: someWeights({ travelPerSecond: -1 }) }), 'weights.travelPerSecond'],
      [aProblem({ weights: someWeights({ brokenPromise: Infinity }) }), 'weights.brokenPromise'],
      [aProblem({ weights: someWeights({ worstLatePerSecond: 0.1 }) }), 'weights.worstLatePerSecond'],
      [withShift({ startNode: 10 }), 'shifts[1].startNode: 10 is not a whole number from 0 to 9'],
      [withShift({ endNode: -1 }), 'shifts[1].endNode'],
      [withShift({ until: seconds(-5) }), 'shifts[1]: ends before it starts'],
      [withShift({ travelPercent: 0 }), 'shifts[1].travelPercent'],
      [withShift({ rates: { perKilometre: NaN } }), 'shifts[1].rates.perKilometre: NaN'],
      [withShift({ maxDuration: seconds(-1) }), 'shifts[1].maxDuration'],
      [withShift({ capacity: [4, -1] }), 'shifts[1].capacity[1]'],
      [withShift({ skillLevels: { water: 1.5 } }), 'shifts[1].skillLevels.water'],
      [withShift({ windows: [span(0, 500), span(400, 900)] }), 'shifts[1].windows[1]: begins before'],
      [
        withShift({ breaks: ['lunch', 'lunch'].map((id) => ({ id, window: span(0, 9), length: seconds(5) })) }),
        'shifts[1].breaks[1].id: "lunch" twice',
      ],
      [withJob({ node: 10 }), 'jobs[1].node'],
      [withJob({ service: seconds(-1) }), 'jobs[1].service'],
      [withJob({ windows: [span(0, 9), span(9, 8)] }), 'jobs[1].windows[1]: ends before it starts'],
      [withJob({ waiting: NaN }), 'jobs[1].waiting'],
      [withJob({ uses: [0, 2 ** 40] }), 'jobs[1].uses[1]'],
      [withJob({ skills: ['water'], skillLevels: { signs: 2 } }), 'jobs[1].skillLevels.signs: a level of a skill'],
      [withJob({ declinedBy: [0, 1] }), 'jobs[1].declinedBy[1]'],
      [withJob({ inForce: inForce({ shift: 1 }) }), 'jobs[1].inForce.shift'],
      [withJob({ inForce: inForce({ promised: span(5, 4) }) }), 'jobs[1].inForce.promised: ends before it starts'],
    ];
    for (const [problem, said] of cases) expect(refusalOf(problem)).to.include(said);
  });

  it('is refused for links that go in a circle, to themselves or nowhere, by the names of the jobs', () => {
    expect(refusalOf(withLinks({}, { first: 1, second: 2 }, { first: 3, second: 2 }))).to.equal('accepted');
    expect(refusalOf(withLinks({ first: 2, second: 2 }))).to.equal('links[0]: job "c" is linked to itself');
    expect(refusalOf(withLinks({}, { first: 1, second: 2 }, { first: 2, second: 0 }))).to.equal(
      'links[2]: job "c" is linked in a circle with "a"',
    );
    // Whichever way they point, and two between the same two jobs.
    expect(refusalOf(withLinks({}, { first: 0, second: 2 }, { first: 1, second: 2 }))).to.include('links[2]: job "b"');
    expect(refusalOf(withLinks({}, { first: 1, second: 0 }))).to.equal('links[1]: job "b" is linked in a circle with "a"');
    expect(refusalOf(withLinks({ second: 4 }))).to.include('links[0].second: 4');
    expect(refusalOf(withLinks({ leastLag: seconds(60), mostLag: seconds(59) }))).to.equal(
      'links[0].mostLag: below the least lag',
    );
  });

  it('is refused when it is larger than any machine has time for, with both numbers', () => {
    const jobs = Array.from({ length: 12_000 }, (_, j) => aJob({ id: `job-${j}` }));
    expect(refusalOf(aProblem({ shifts: [], jobs }))).to.equal('accepted');
    expect(refusalOf(aProblem({ jobs }))).to.equal(
      'jobs: 12000 jobs and 1 shifts are too many for one problem: at most 12000 places; divide it by areas',
    );
  });

  it('is no random problem of the tests', () => {
    fc.assert(
      fc.property(anyRichProblem({ jobs: 6, shifts: 3 }), (problem) => {
        expect(refusalOf(problem)).to.equal('accepted');
      }),
      { numRuns: 100 },
    );
  });
});
