import { expect } from 'chai';
import fc from 'fast-check';
import type { Highs } from 'highs';
import { anyProblem, anyRichProblem, reordered } from '../arbitrary-problem.ts';
import { bruteForce } from '../brute-force.ts';
import { RELAXABLE, type RelaxedRule } from '../certificate.ts';
import type { Problem } from '../problem.ts';
import { loadHighs } from '../recombination/highs.ts';
import { afterIterations } from '../search/stop.ts';
import { solve } from '../solve.ts';
import { seconds } from '../units.ts';
import { verifyPlan } from '../verify/verify-plan.ts';
import { crewsAndCases } from './crews-and-cases.ts';
import { boundOf, type Bounded } from './bound.ts';

const planned = (problem: Problem) => solve(problem, { seed: 1, stop: afterIterations(60) });

describe('the bound of a problem', function () {
  this.timeout(300_000);
  let highs: Highs;
  before(async () => {
    highs = await loadHighs();
  });
  /** No clock ends it: it goes on until no route and no cut is missing. */
  const bounded = (problem: Problem): Bounded => boundOf(highs, problem, { millis: 20_000, searchIterations: 200 });

  it('is never above the best plan, whatever rules are mixed, and its certificate proves it', () => {
    let tight = 0;
    let routes = 0;
    const runs = 300;
    fc.assert(
      fc.property(anyRichProblem({ jobs: 4, shifts: 3 }), (problem) => {
        const { certificate } = bounded(problem);
        const best = bruteForce(problem);
        const plan = planned(problem);
        expect(certificate.bound).to.be.at.most(plan.cost.total);
        // With links the least cost by brute force is that of earliest starts, which a plan may beat.
        if (best !== null && (problem.links ?? []).length === 0) {
          expect(certificate.bound).to.be.at.most(best.cost);
          if (certificate.bound === best.cost) tight++;
        }
        if (certificate.kind === 'routes') routes++;
        expect(verifyPlan(problem, { ...plan, bound: certificate.bound }, certificate).refusals).to.deep.equal([]);
      }),
      { numRuns: runs },
    );
    expect(routes).to.be.at.least(0.9 * runs);
    expect(tight).to.be.at.least(0.1 * runs);
  });

  it('is the cost of the best plan on nearly all problems of which no rule is relaxed', () => {
    let all = 0;
    let tight = 0;
    fc.assert(
      fc.property(anyProblem({ jobs: 5, shifts: 3 }), (any) => {
        const problem: Problem = {
          ...any,
          shifts: any.shifts.map((shift) => ({ ...shift, breaks: [] })),
          jobs: any.jobs.map((job) => ({ ...job, inForce: null })),
        };
        const { certificate } = bounded(problem);
        expect(certificate.relaxed).to.deep.equal([]);
        const best = bruteForce(problem);
        expect(certificate.bound).to.be.at.most(best?.cost ?? 0);
        all++;
        // Prices are whole, so the bound may miss by what rounding them takes.
        if ((best?.cost ?? 0) - certificate.bound <= problem.jobs.length) tight++;
      }),
      { numRuns: 200 },
    );
    expect(tight / all).to.be.at.least(0.95);
  });

  it('is the same whatever the order of the lists', () => {
    fc.assert(
      fc.property(
        anyRichProblem({ jobs: 5, shifts: 3 }).chain((problem) =>
          fc.record({
            problem: fc.constant(problem),
            shifts: fc.shuffledSubarray([...problem.shifts.keys()], { minLength: problem.shifts.length }),
            jobs: fc.shuffledSubarray([...problem.jobs.keys()], { minLength: problem.jobs.length }),
          }),
        ),
        ({ problem, shifts, jobs }) => {
          const { certificate } = bounded(problem);
          const other = bounded(reordered(problem, shifts, jobs)).certificate;
          expect(other.bound).to.equal(certificate.bound);
          expect(other.relaxed).to.deep.equal(certificate.relaxed);
          expect(other.jobPrices).to.deep.equal(jobs.map((j) => certificate.jobPrices[j]));
          expect(other.shiftLeast).to.deep.equal(shifts.map((s) => certificate.shiftLeast[s]));
        },
      ),
      { numRuns: 60 },
    );
  });

  it('keeps to zero and huge ways, and to ways that differ by direction', () => {
    const base = crewsAndCases(3, 6, 4);
    const ways: readonly ((a: number, b: number) => number)[] = [
      () => 0,
      (a, b) => (a === b ? 0 : 100_000_000),
      (a, b) => (a < b ? 60 : 5_000),
      (a, b) => (a === b ? 0 : (a * 7 + b) % 3 === 0 ? -1 : 300),
    ];
    for (const way of ways) {
      const { size } = base.travel;
      const cells = Int32Array.from({ length: size * size }, (_, at) => way(Math.floor(at / size), at % size));
      const problem = { ...base, travel: { size, seconds: cells, metres: cells, source: 'osrm' as const } };
      const { certificate } = bounded(problem);
      const best = bruteForce(problem);
      expect(certificate.bound).to.be.at.most(best?.cost ?? -1);
      expect(certificate.bound).to.be.at.least(0.9 * (best?.cost ?? Infinity));
    }
  });

  it('is proven within 1.5 percent on a day that nobody can solve by hand, and gives a plan no dearer than it was given', () => {
    const problem = crewsAndCases(8, 40, 1);
    const plan = solve(problem, { seed: 1, stop: afterIterations(300) });
    const { certificate, plan: better } = boundOf(highs, problem, { millis: 30_000, plan, searchIterations: 20_000 });
    const cost = better?.cost ?? plan.cost.total;
    expect(certificate.kind).to.equal('routes');
    expect(cost).to.be.at.most(plan.cost.total);
    expect(certificate.bound).to.be.within(0.985 * cost, cost);
    expect(certificate.relaxed).to.deep.equal(['repeated_visits']);
    expect(verifyPlan(problem, { ...plan, bound: certificate.bound }, certificate).refusals).to.deep.equal([]);
  });

  it('is one of arrivals where there is no time for routes, and still proven', () => {
    const problem = crewsAndCases(6, 30, 2);
    const plan = solve(problem, { seed: 1, stop: afterIterations(300) });
    for (const { certificate } of [
      boundOf(highs, problem, { millis: 0 }),
      boundOf(highs, problem, { millis: 10_000, stopped: () => true }),
    ]) {
      expect(certificate.kind).to.equal('arrivals');
      expect(certificate.bound).to.be.greaterThan(0);
      expect(verifyPlan(problem, { ...plan, bound: certificate.bound }, certificate).refusals).to.deep.equal([]);
    }
  });

  it('of arrivals counts that a day has only so many seconds, overtime too', () => {
    const plain = crewsAndCases(2, 40, 1);
    const overtime = (length: number, perSecond: number): Problem => ({
      ...plain,
      shifts: plain.shifts.map((shift) => ({ ...shift, overtime: seconds(length) })),
      weights: { ...plain.weights, overtimePerSecond: perSecond },
    });
    // About as many can be done as a day is long: most of what the plan costs is for those left out.
    const bounds = [plain, overtime(3_600, 0), overtime(3_600, 10_000)].map((problem) => {
      const plan = solve(problem, { seed: 1, stop: afterIterations(300) });
      const { certificate } = boundOf(highs, problem, { millis: 0 });
      expect(certificate.kind).to.equal('arrivals');
      expect(certificate.bound).to.be.within(0.5 * plan.cost.total, plan.cost.total);
      expect(verifyPlan(problem, { ...plan, bound: certificate.bound }, certificate).refusals).to.deep.equal([]);
      const more = { ...certificate, bound: certificate.bound + 1, shiftLeast: [...certificate.shiftLeast] };
      more.shiftLeast[0]! += 1;
      expect(verifyPlan(problem, { ...plan, bound: more.bound }, more).accepted).to.equal(false);
      return certificate.bound;
    });
    expect(bounds[1]).to.be.lessThan(bounds[0]!);
    expect(bounds[2]).to.be.within(bounds[1]! + 1, bounds[0]!);
  });

  it('states each rule that it relaxes where the problem has it, and only there', () => {
    const plain = crewsAndCases(2, 4, 1);
    const [shift, ...shifts] = plain.shifts;
    const [job, ...jobs] = plain.jobs;
    if (shift === undefined || job === undefined) throw new Error('no shift or no job');
    const held = {
      shift: 0,
      position: 0,
      start: seconds(3_600),
      fixed: false,
      lockCrew: false,
      lockTime: false,
      lockOrder: false,
    };
    const rest = (id: string, from: number) => ({
      id,
      window: { from: seconds(from), until: seconds(from + 3_600) },
      length: seconds(600),
    });
    const withShift = (more: object): Problem => ({ ...plain, shifts: [{ ...shift, ...more }, ...shifts] });
    const withJob = (more: object): Problem => ({ ...plain, jobs: [{ ...job, ...more }, ...jobs] });
    const problems: Record<Exclude<RelaxedRule, 'repeated_visits' | 'change_limit' | 'hours_on_duty'>, Problem> = {
      breaks: withShift({ breaks: [rest('lunch', 10_000), rest('coffee', 20_000)] }),
      gaps: withShift({
        windows: [
          { from: seconds(0), until: seconds(10_000) },
          { from: seconds(12_000), until: seconds(28_800) },
        ],
      }),
      speed_by_time: { ...plain, travel: { ...plain.travel, speedByTime: [{ from: seconds(3_600), percent: 80 }] } },
      stock: withJob({ collects: [1] }),
      most_jobs: withShift({ maxJobs: 2 }),
      most_travel: withShift({ maxTravel: seconds(3_600) }),
      most_duration: withShift({ maxDuration: seconds(20_000) }),
      order_locks: { ...withJob({ inForce: { ...held, promised: null, lockOrder: true } }) },
      linked_jobs: { ...plain, links: [{ first: 0, second: 1, leastLag: seconds(0), mostLag: null }] },
      greatest_lateness: { ...plain, weights: { ...plain.weights, worstLatePerSecond: 2 } },
      balance: { ...withShift({ fairWork: seconds(3_600) }), weights: { ...plain.weights, balancePerSecond: 1 } },
      early_starts: {
        ...withJob({ inForce: { ...held, promised: { from: seconds(3_600), until: seconds(7_200) } } }),
        weights: { ...plain.weights, brokenPromise: 1_000 },
      },
    };
    expect(bounded(plain).certificate.relaxed).to.deep.equal([]);
    expect(bounded(withShift({ breaks: [rest('lunch', 10_000)], rates: { dutyPerHour: 10 } })).certificate.relaxed).to.deep.equal(
      [],
    );
    for (const [rule, problem] of Object.entries(problems)) {
      expect(bounded(problem).certificate.relaxed, rule).to.deep.equal([rule]);
    }
    const limited = solve(plain, { seed: 1, stop: afterIterations(10), maxChanges: 3 });
    expect(boundOf(highs, plain, { millis: 5_000, plan: limited }).certificate.relaxed).to.deep.equal(['change_limit']);
    expect(RELAXABLE.length).to.equal(Object.keys(problems).length + 3);
  });

  it('gives nothing but what is there to no shifts, no jobs, and a day that is over', () => {
    const problem = crewsAndCases(2, 4, 1);
    const waiting = problem.jobs.reduce((sum, job) => sum + job.waiting, 0);
    expect(bounded({ ...problem, shifts: [] }).certificate.bound).to.equal(waiting);
    expect(bounded({ ...problem, now: seconds(100_000) }).certificate.bound).to.equal(waiting);
    expect(bounded({ ...problem, jobs: [] }).certificate.bound).to.equal(0);
  });
});
