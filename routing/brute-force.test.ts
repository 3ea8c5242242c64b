import { expect } from 'chai';
import fc from 'fast-check';
import { anyProblem, anyRichProblem, reordered } from './arbitrary-problem.ts';
import { bruteForce } from './brute-force.ts';
import { checkPlan } from './check-plan.ts';
import { aJob, aProblem, aShift, inForce, onALine, someWeights } from './fixtures.ts';
import type { Plan } from './plan.ts';
import type { Interval, Job, Problem } from './problem.ts';
import { seconds } from './units.ts';

const span = (from: number, until: number): Interval => ({ from: seconds(from), until: seconds(until) });
const ordersOf = (plan: Plan): number[][] => plan.shifts.map(({ stops }) => stops.map(({ job }) => job));
const startsOf = (plan: Plan): number[][] => plan.shifts.map(({ stops }) => stops.map(({ start }) => start));
const best = (problem: Problem): Plan => bruteForce(problem)!.plan;
const at = (nodes: readonly number[], over: (j: number) => Partial<Job> = () => ({})): Job[] =>
  nodes.map((node, j) => aJob({ id: `job-${j}`, node, ...over(j) }));

describe('brute force', () => {
  it('brings jobs on a line into the order that drives least, and the crews to the ends they are at', () => {
    const one = bruteForce(aProblem({ jobs: at([5, 1, 3, 2, 4], () => ({ service: seconds(60) })) }))!;
    expect(one.cost).to.equal(1_000);
    const shifts = [aShift({ id: 'a' }), aShift({ id: 'b', startNode: 9, endNode: 9 })];
    const two = bruteForce(aProblem({ shifts, jobs: at([8, 1, 7, 2]) }))!;
    expect(two.cost).to.equal(400 + 400);
    expect(ordersOf(two.plan).map((order) => order.toSorted())).to.deep.equal([
      [1, 3],
      [0, 2],
    ]);
  });

  it('knows the shortest of all tours where roads are one way', () => {
    // 0 > 2 > 1 > 3 > 0 is the only tour of single seconds.
    const cells = [0, 9, 1, 9, 9, 0, 9, 1, 9, 1, 0, 9, 1, 9, 9, 0];
    const travel = { ...onALine([0, 1, 2, 3]), seconds: Int32Array.from(cells) };
    const { cost, plan } = bruteForce(aProblem({ travel, jobs: at([1, 2, 3]) }))!;
    expect(cost).to.equal(4);
    expect(ordersOf(plan)).to.deep.equal([[1, 0, 2]]);
  });

  it('leaves out what costs more to do, but no lock', () => {
    const jobs = at([1, 9, 9], (j) => ({ waiting: 1_000, inForce: j === 2 ? inForce({ lockCrew: true }) : null }));
    const problem = aProblem({ jobs });
    expect(bruteForce(problem)).to.deep.include({ cost: 1_800, unkeptLocks: 0 });
    const far = aProblem({ jobs: jobs.slice(0, 2) });
    expect(bruteForce(far)).to.deep.include({ cost: 1_200, unkeptLocks: 0 });
    const never = aProblem({ jobs: at([1], () => ({ skills: ['none'], inForce: inForce({ lockCrew: true }) })) });
    expect(bruteForce(never)).to.deep.include({ cost: 5_000, unkeptLocks: 1 });
  });

  it('sends two crews at once, and holds the first back when the second would be too late', () => {
    const shifts = [aShift({ id: 'a' }), aShift({ id: 'b', startNode: 9 })];
    const links = [{ first: 0, second: 1, leastLag: seconds(0), mostLag: seconds(0) }];
    const jobs = at([2, 2], (j) => ({ inForce: inForce({ shift: j, lockCrew: true, start: seconds(700) }) }));
    expect(startsOf(best(aProblem({ shifts, jobs, links })))).to.deep.equal([[700], [700]]);
    const soon = [{ first: 0, second: 1, leastLag: seconds(0), mostLag: seconds(250) }];
    expect(startsOf(best(aProblem({ shifts, jobs, links: soon })))).to.deep.equal([[450], [700]]);
    const after = [{ first: 0, second: 1, leastLag: seconds(900), mostLag: null }];
    expect(startsOf(best(aProblem({ shifts, jobs, links: after })))).to.deep.equal([[200], [1_100]]);
    const windows = [span(0, 1_099)];
    const closed = jobs.map((job, j) => ({ ...job, windows: j === 1 ? windows : [], inForce: null }));
    expect(bruteForce(aProblem({ shifts, jobs: closed, links: after }))?.plan.unassigned).to.have.length(2);
  });

  it('fetches before it does, where there is no room for all at once', () => {
    const shifts = [aShift({ capacity: [2] })];
    const jobs = at([8, 1, 2], (j) => (j === 0 ? { collects: [2] } : { uses: [2], waiting: 9_000 }));
    const links = [{ first: 0, second: 1, leastLag: seconds(0), mostLag: null, sameShift: true }];
    const { plan, cost } = bruteForce(aProblem({ shifts, jobs, links }))!;
    expect(ordersOf(plan)).to.deep.equal([[2, 0, 1]]);
    expect(cost).to.equal(1_600);
  });

  it('drives by the speed of the hour, at the price of the matrix', () => {
    const travel = { ...aProblem().travel, speedByTime: [{ from: seconds(50), percent: 30 }] };
    const { plan } = bruteForce(aProblem({ travel, jobs: at([1]) }))!;
    // 50 s at full speed, 5,000 hundredths at 30 a second: 167 s. Home: 10,000 at 30.
    expect(plan.shifts[0]).to.deep.include({ travel: 217 + 334, endsAt: 217 + 600 + 334 });
    expect(plan.cost.travel).to.equal(200);
  });

  it('waits out the gaps of a shift, on the way and at work', () => {
    const shift = (...cuts: number[]) =>
      aShift({ windows: [span(0, cuts[0]!), span(cuts[1]!, cuts[2] ?? 9_000), span(cuts[3] ?? 9_001, 9_999)] });
    const startOf = (...cuts: number[]): unknown => startsOf(best(aProblem({ shifts: [shift(...cuts)], jobs: at([2]) })))[0]?.[0];
    expect(startOf(199, 500)).to.equal(700);
    expect(startOf(200, 500)).to.equal(500);
    expect(startOf(799, 1_000)).to.equal(1_000);
    expect(startOf(800, 1_000)).to.equal(200);
    expect(startOf(300, 400, 900, 2_000)).to.equal(2_000);
    const [home] = best(aProblem({ shifts: [shift(999, 5_000)], jobs: at([2]) })).shifts;
    expect(home).to.deep.include({ endsAt: 5_200, idle: 199 });
  });

  it('takes a break as soon as it may, and uses waiting for it', () => {
    const breaks = [{ id: 'tea', window: span(300, 2_000), length: seconds(100) }];
    const jobs = at([1, 2], (j) => ({ windows: j === 0 ? [] : [span(900, 950)] }));
    const [day] = best(aProblem({ shifts: [aShift({ breaks })], jobs })).shifts;
    expect(day?.breaks).to.deep.equal([{ id: 'tea', start: 700, end: 800 }]);
    expect(startsOf(best(aProblem({ shifts: [aShift({ breaks })], jobs })))).to.deep.equal([[100, 900]]);
  });

  it('says how few changes there can be, and keeps to what is allowed', () => {
    const jobs = at([1, 2, 3], (j) => ({ inForce: inForce({ position: j, start: seconds(100 + 700 * (2 - j)) }) }));
    const weights = someWeights({ changeOfCrew: 0, moveOfStartPerSecond: 0, startTolerance: seconds(0) });
    // In force: 3, 2, 1. Driving there first makes the start of the first too early to be kept.
    const problem = aProblem({ jobs, weights });
    const free = bruteForce(problem)!;
    expect(free.cost).to.equal(600);
    expect(bruteForce(problem, { mostChanges: free.leastChanges })?.plan.changes).to.equal(free.leastChanges);
    expect(bruteForce(problem, { mostChanges: free.leastChanges - 1 })).to.equal(null);
  });

  it('refuses what is too large for it', () => {
    expect(() => bruteForce(aProblem({ jobs: at(Array.from({ length: 9 }, () => 1)) }))).to.throw(RangeError);
  });

  it('finds plans that the checker accepts, at the cost that it recomputes', () => {
    for (const any of [anyProblem, anyRichProblem]) {
      fc.assert(
        fc.property(any({ jobs: 4, shifts: 3 }), (problem) => {
          const { plan, cost, leastChanges } = bruteForce(problem)!;
          expect(checkPlan(problem, plan)).to.deep.equal([]);
          expect(plan.cost.total).to.equal(cost);
          expect(plan.changes).to.be.at.least(leastChanges);
        }),
        { numRuns: 300 },
      );
    }
  });

  it('does not mind the order of the lists', () => {
    const shuffled = anyRichProblem({ jobs: 4, shifts: 2 }).chain((problem) =>
      fc.record({
        problem: fc.constant(problem),
        shiftOrder: fc.shuffledSubarray([...problem.shifts.keys()], { minLength: problem.shifts.length }),
        jobOrder: fc.shuffledSubarray([...problem.jobs.keys()], { minLength: problem.jobs.length }),
      }),
    );
    fc.assert(
      fc.property(shuffled, ({ problem, shiftOrder, jobOrder }) => {
        const { cost, unkeptLocks, leastChanges } = bruteForce(problem)!;
        expect(bruteForce(reordered(problem, shiftOrder, jobOrder))).to.deep.include({ cost, unkeptLocks, leastChanges });
      }),
      { numRuns: 200 },
    );
  });
});
