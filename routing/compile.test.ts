import { expect } from 'chai';
import fc from 'fast-check';
import { anyRichProblem, reordered } from './arbitrary-problem.ts';
import { compile, pairOf } from './compile.ts';
import { compileLinks } from './compile-links.ts';
import { compileWays, legCost, percentOf } from './compile-ways.ts';
import { crewRules } from './constraints/all.ts';
import { aJob, aProblem, aShift, inForce, onALine, someWeights } from './fixtures.ts';
import { FAR, type Instance, NEVER, NONE } from './instance.ts';
import type { Job, Problem, Shift } from './problem.ts';
import { seconds } from './units.ts';

const span = (from: number, until: number) => ({ from: seconds(from), until: seconds(until) });

describe('compile', () => {
  it('gives the same instance whatever the order of the lists, but for the numbers in the problem', () => {
    const shuffled = anyRichProblem({ jobs: 7, shifts: 3 }).chain((problem) =>
      fc.tuple(
        fc.constant(problem),
        fc.shuffledSubarray([...problem.shifts.keys()], { minLength: problem.shifts.length }),
        fc.shuffledSubarray([...problem.jobs.keys()], { minLength: problem.jobs.length }),
      ),
    );
    const withoutIndices = ({ problem: _, shiftIndex, jobIndex, shiftPlace, jobPlace, ...rest }: Instance) => rest;
    fc.assert(
      fc.property(shuffled, ([problem, shiftOrder, jobOrder]) => {
        const first = compile(problem);
        const other = compile(reordered(problem, shiftOrder, jobOrder));
        expect(withoutIndices(other)).to.deep.equal(withoutIndices(first));
        expect([...other.jobIndex].map((j) => jobOrder[j])).to.deep.equal([...first.jobIndex]);
      }),
      { numRuns: 120 },
    );
  });

  it('allows a pair as the rules between crew and job say, each asked by itself', () => {
    fc.assert(
      fc.property(anyRichProblem({ jobs: 8, shifts: 3 }), (problem) => {
        const instance = compile(problem);
        for (let j = 0; j < instance.jobCount; j++) {
          for (let s = 0; s < instance.shiftCount; s++) {
            const pair = pairOf(instance, s, j);
            const may = instance.fixed[j] === 0 && crewRules.every((rule) => rule.blocks(pair) === null);
            expect(instance.allowed[j * instance.shiftCount + s]).to.equal(may ? 1 : 0);
          }
        }
      }),
      { numRuns: 150 },
    );
  });

  it('puts shifts into one class that differ in their id only and that nobody has named', () => {
    const classes = (shifts: Partial<Shift>[], job: Partial<Job> = {}): number[] => {
      const made = shifts.map((shift, s) => aShift({ id: `shift-${s}`, ...shift }));
      return [...compile(aProblem({ shifts: made, jobs: [aJob(job)] })).shiftClass];
    };
    expect(classes([{}, {}, { until: seconds(9_000) }, {}])).to.deep.equal([0, 0, 1, 0]);
    expect(classes([{}, {}, {}], { declinedBy: [1] })).to.deep.equal([0, 1, 0]);
    expect(classes([{}, {}, {}], { inForce: inForce({ shift: 2 }) })).to.deep.equal([0, 0, 1]);
  });

  it('calls plain only what is checked in constant time', () => {
    const plain = (over: Partial<Problem>): boolean => compile(aProblem(over)).plain;
    const jobs = [aJob({ windows: [span(0, 900)], uses: [2] })];
    expect(plain({ jobs, shifts: [aShift({ capacity: [4], maxJobs: 3 })] })).to.equal(true);
    expect(plain({ jobs: [aJob({ inForce: inForce({ fixed: true }) })] })).to.equal(true);
    const rich: readonly Partial<Problem>[] = [
      { jobs: [aJob({ windows: [span(0, 9), span(20, 90)] })] },
      { jobs: [aJob({ due: seconds(100) })] },
      { jobs: [aJob({ waitingPerHour: 1 })] },
      { jobs: [aJob({ collects: [1] })] },
      { jobs: [aJob({ inForce: inForce() })] },
      { jobs: [aJob({ id: 'a' }), aJob({ id: 'b' })], links: [{ first: 0, second: 1, leastLag: seconds(0), mostLag: null }] },
      { shifts: [aShift({ breaks: [{ id: 'lunch', window: span(0, 900), length: seconds(60) }] })] },
      { shifts: [aShift({ windows: [span(0, 900), span(1_000, 2_000)] })] },
      { shifts: [aShift({ overtime: seconds(60) })] },
      { shifts: [aShift({ maxTravel: seconds(60) })] },
      { shifts: [aShift({ maxDuration: seconds(60) })] },
      { shifts: [aShift({ rates: { dutyPerHour: 1 } })] },
      { shifts: [aShift({ fairWork: seconds(60) })], weights: someWeights({ balancePerSecond: 1 }) },
      { shifts: [aShift({ id: 'a' }), aShift({ id: 'b', travelPercent: 90 })] },
      { travel: { ...aProblem().travel, speedByTime: [{ from: seconds(0), percent: 90 }] } },
    ];
    for (const over of rich) expect(plain({ jobs: [aJob()], ...over }), JSON.stringify(Object.keys(over))).to.equal(false);
  });

  it('carries releases and openings along the links, both ways', () => {
    const jobs = [
      aJob({ id: 'a', release: seconds(500) }),
      aJob({ id: 'b' }),
      aJob({ id: 'c', windows: [span(5_000, 6_000)] }),
      aJob({ id: 'd' }),
    ];
    const links = [
      { first: 0, second: 1, leastLag: seconds(200), mostLag: null },
      { first: 1, second: 2, leastLag: seconds(0), mostLag: seconds(1_000) },
    ];
    expect([...compile(aProblem({ jobs, links })).groupRelease]).to.deep.equal([500, 4_000, 5_000, NEVER]);
  });

  it('leaves a fixed stop without a road out, and marks a break that has become impossible', () => {
    const island = { ...onALine([0, 100]), seconds: Int32Array.from([0, -1, -1, 0]) };
    const gone = compile(aProblem({ travel: island, jobs: [aJob({ node: 1, inForce: inForce({ fixed: true }) })] }));
    expect(gone.fixedStops).to.deep.equal([[]]);
    const lunch = { id: 'lunch', window: span(0, 100), length: seconds(600) };
    const late = compile(aProblem({ now: seconds(200), shifts: [aShift({ breaks: [lunch] })] }));
    expect([...late.breakLost]).to.deep.equal([1]);
  });
});

describe('the ways of a kind of crew', () => {
  const nodes = Int32Array.from([0, 2, NONE]);
  const drives = { percent: 150, perSecond: 2, perKilometre: 100 };

  it('are the matrix in percent, priced by second and kilometre, also turned about', () => {
    const travel = { ...onALine([0, 100, 301]), seconds: Int32Array.from([0, 9, 301, 9, 0, 9, -1, 9, 0]) };
    const ways = compileWays(aProblem({ travel }), nodes, drives);
    expect([...ways.seconds]).to.deep.equal([0, 452, 0, FAR, 0, 0, 0, 0, 0]);
    expect([...ways.secondsBack]).to.deep.equal([0, FAR, 0, 452, 0, 0, 0, 0, 0]);
    expect([...ways.cost]).to.deep.equal([0, 904 + 301, 0, FAR, 0, 0, 0, 0, 0]);
    expect([...ways.costBack]).to.deep.equal([0, FAR, 0, 904 + 301, 0, 0, 0, 0, 0]);
  });

  it('share arrays where a second costs 1 and the way back is the way there', () => {
    const ways = compileWays(aProblem(), nodes, { percent: 100, perSecond: 1, perKilometre: 0 });
    expect([ways.cost, ways.secondsBack, ways.costBack]).to.deep.equal([ways.seconds, ways.seconds, ways.seconds]);
    expect(ways.cost).to.equal(ways.seconds);
    expect(ways.secondsBack).to.equal(ways.seconds);
  });

  it('are priced in doubles where 32 bits are not enough', () => {
    const travel = onALine([0, 0, 1_000_000]);
    const ways = compileWays(aProblem({ travel }), nodes, { percent: 100, perSecond: 1_000_000, perKilometre: 0 });
    expect(ways.cost[1]).to.equal(1e12);
  });

  it('round half a second up, leave no way at all as it is, and count begun metres of a kilometre down', () => {
    expect([percentOf(5, 50), percentOf(-1, 50), percentOf(0, 50), percentOf(7, 100)]).to.deep.equal([3, -1, 0, 7]);
    expect(legCost({ percent: 100, perSecond: 3, perKilometre: 7 }, 10, 999)).to.equal(36);
  });
});

describe('groups of linked jobs', () => {
  it('are what hangs together, by first job, with the links of each', () => {
    const link = (first: number, second: number) => ({ first, second, leastLag: seconds(0), mostLag: null });
    // Jobs 0 to 5 of the problem have the places 5 to 0.
    const made = compileLinks([link(1, 0), link(4, 5), link(2, 0)], Int32Array.from([5, 4, 3, 2, 1, 0]), 6);
    expect(made.groups).to.deep.equal([
      [0, 1],
      [3, 4, 5],
    ]);
    expect([...made.groupOf]).to.deep.equal([0, 0, NONE, 1, 1, 1]);
    expect(made.groupLinks.map((links) => links.map(({ first, second }) => [first, second]))).to.deep.equal([
      [[1, 0]],
      [
        [3, 5],
        [4, 5],
      ],
    ]);
    expect(made.groupLinks[0]?.[0]).to.deep.include({ least: 0, most: Infinity, sameShift: false });
  });
});
