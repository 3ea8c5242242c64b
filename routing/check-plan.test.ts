import { expect } from 'chai';
import fc from 'fast-check';
import { anyRichProblem } from './arbitrary-problem.ts';
import { bruteForce } from './brute-force.ts';
import { checkPlan } from './check-plan.ts';
import { aJob, aProblem, aShift, inForce, someWeights } from './fixtures.ts';
import type { Cost, Plan, PlannedShift, PlannedStop } from './plan.ts';
import type { Interval, Problem } from './problem.ts';
import { metres, seconds } from './units.ts';

const span = (from: number, until: number): Interval => ({ from: seconds(from), until: seconds(until) });
const codes = (problem: Problem, plan: Plan): string[] => [...new Set(checkPlan(problem, plan).map(({ code }) => code))];

/** Two crews; the first does two jobs, a third is left out. Every term of the cost is in it, worked out by hand. */
const priced: Problem = aProblem({
  shifts: [
    aShift({
      id: 'a',
      until: seconds(3_000),
      overtime: seconds(1_000),
      skills: ['signs'],
      skillLevels: { signs: 3 },
      areas: ['north'],
      outsideAreaPrice: 70,
      travelPercent: 50,
      servicePercent: 150,
      fairWork: seconds(1_000),
      rates: { travelPerSecond: 2, perKilometre: 30, dutyPerHour: 100, use: 40 },
    }),
    aShift({ id: 'b', startNode: 9, endNode: 9 }),
  ],
  jobs: [
    aJob({
      id: 'dear',
      node: 2,
      release: seconds(20),
      due: seconds(50),
      severeAfter: seconds(30),
      severePerSecond: 4,
      waitingPerHour: 360,
      skills: ['signs'],
      preferredLevels: { signs: 1 },
      area: 'south',
      inForce: inForce({ shift: 1, start: seconds(1_100), promised: span(200, 300) }),
    }),
    aJob({ id: 'long', node: 9, service: seconds(1_000) }),
    aJob({ id: 'left' }),
  ],
  weights: someWeights({ overqualificationPerLevel: 11, balancePerSecond: 2, worstLatePerSecond: 5 }),
});

const stop = (of: Record<keyof PlannedStop, number>): PlannedStop => of as unknown as PlannedStop;
const day = (of: Partial<Record<keyof PlannedShift, unknown>>): PlannedShift =>
  ({
    stops: [],
    breaks: [],
    breaksSkipped: [],
    travel: 0,
    metres: 0,
    work: 0,
    idle: 0,
    overtime: 0,
    endsAt: 0,
    ...of,
  }) as PlannedShift;

const cost: Cost = {
  total: 14_051,
  unserved: 5_000,
  late: 50 + 20 * 4 + 50 * 5,
  waiting: 8, // 80 s at 360 an hour.
  travel: 900 * 2 + 60 + 210 + 270, // 2, 7 and 9 km.
  duty: 91, // 3,300 s at 100 an hour, rounded down.
  overtime: 300 * 3,
  use: 40,
  change: 300 + 100, // Another crew, and 1,000 s earlier where 900 are tolerated.
  promise: 2_000,
  overqualification: 2 * 11,
  area: 70,
  balance: 1_400 * 2,
};

const good: Plan = {
  shifts: [
    day({
      shift: 0,
      stops: [
        stop({ job: 0, travel: 100, metres: 2_000, arrival: 100, start: 100, end: 1_000, late: 50 }),
        stop({ job: 1, travel: 350, metres: 7_000, arrival: 1_350, start: 1_350, end: 2_850, late: 0 }),
      ],
      travel: 900,
      metres: 18_000,
      work: 2_400,
      overtime: 300,
      endsAt: 3_300,
    }),
    day({ shift: 1 }),
  ],
  unassigned: [{ job: 2, reason: { code: 'not_today', cheapestShift: 0, extraCost: 1 } }],
  cost,
  lp: { rounds: [] },
  bound: null,
  seed: 1,
  iterations: 0,
  engine: 'by hand',
  pace: { rounds: 0, filled: 0, steps: [] },
  changes: 1,
  costInForce: null,
  forcedChanges: 0,
  maxChanges: null,
};

const withDay = (plan: Plan, over: (shift: PlannedShift) => Partial<PlannedShift>): Plan => ({
  ...plan,
  shifts: plan.shifts.map((shift, s) => (s === 0 ? { ...shift, ...over(shift) } : shift)),
});
const withStop = (plan: Plan, over: (stop: PlannedStop) => Partial<PlannedStop>, place = 0): Plan =>
  withDay(plan, (shift) => ({ stops: shift.stops.map((it, k) => (k === place ? { ...it, ...over(it) } : it)) }));

describe('checkPlan, on a plan made by hand', () => {
  it('accepts it', () => {
    expect(checkPlan(priced, good)).to.deep.equal([]);
  });

  it('recomputes the cost by term', () => {
    for (const name of Object.keys(cost) as (keyof Cost)[]) {
      for (const by of [-1, 1]) {
        expect(codes(priced, { ...good, cost: { ...cost, [name]: cost[name] + by } }), name).to.deep.equal(['cost_wrong']);
      }
    }
  });

  it('wants every job and every shift once', () => {
    expect(codes(priced, { ...good, unassigned: [] })).to.include('job_not_once');
    const [left] = good.unassigned;
    const twice = [left!, { job: 0, reason: { code: 'unreachable' } as const }];
    expect(codes(priced, { ...good, unassigned: twice })).to.include('job_not_once');
    const unknown = [left!, { job: 77, reason: { code: 'unreachable' } as const }];
    expect(codes(priced, { ...good, unassigned: unknown })).to.deep.equal(['job_unknown']);
    expect(
      codes(
        priced,
        withStop(good, () => ({ job: 77 })),
      ),
    ).to.include('job_unknown');
    expect(codes(priced, { ...good, shifts: good.shifts.slice(0, 1) })).to.deep.equal(['shift_missing']);
    expect(codes(priced, { ...good, shifts: [...good.shifts, good.shifts[1]!] })).to.deep.equal(['shift_unknown_or_twice']);
  });

  it('wants figures that the matrix and the clock bear out', () => {
    expect(
      codes(
        priced,
        withStop(good, ({ travel }) => ({ travel: seconds(travel - 1) })),
      ),
    ).to.include('travel_wrong');
    expect(
      codes(
        priced,
        withStop(good, () => ({ metres: metres(1) })),
      ),
    ).to.deep.equal(['metres_wrong']);
    expect(
      codes(
        priced,
        withStop(good, ({ arrival }) => ({ arrival: seconds(arrival - 1) })),
      ),
    ).to.include('arrival_too_early');
    expect(
      codes(
        priced,
        withStop(good, ({ start }) => ({ start: seconds(start - 1) })),
      ),
    ).to.include('start_before_arrival');
    expect(
      codes(
        priced,
        withStop(good, ({ end }) => ({ end: seconds(end - 1) })),
      ),
    ).to.include('end_wrong');
    expect(
      codes(
        priced,
        withStop(good, () => ({ late: seconds(0) })),
      ),
    ).to.deep.equal(['late_wrong']);
    expect(
      codes(
        priced,
        withDay(good, ({ endsAt }) => ({ endsAt: seconds(endsAt - 1) })),
      ),
    ).to.include('ends_too_early');
    for (const name of ['travel', 'metres', 'work', 'idle', 'overtime'] as const) {
      for (const by of [-1, 1]) {
        expect(
          codes(
            priced,
            withDay(good, (shift) => ({ [name]: shift[name] + by })),
          ),
          name,
        ).to.include('figure_wrong');
      }
    }
  });

  it('counts the changes', () => {
    expect(codes(priced, { ...good, changes: 0 })).to.deep.equal(['changes_wrong']);
    expect(codes(priced, { ...good, maxChanges: 1 })).to.deep.equal([]);
    const able = { ...priced, shifts: priced.shifts.map((shift) => ({ ...shift, skills: ['signs'] })) };
    expect(codes(able, { ...good, maxChanges: 0 })).to.deep.equal(['too_many_changes']);
    expect(checkPlan(able, { ...good, maxChanges: 0 }, { changesInForce: 1 })).to.deep.equal([]);
  });

  it('does not count a change that no plan avoids', () => {
    // Crew b, which had it, lacks the skill.
    expect(codes(priced, { ...good, maxChanges: 0 })).to.deep.equal([]);
  });
});

describe('checkPlan, on the best plans of random problems', () => {
  it('accepts them, and no start, end or drive that is one second off', () => {
    fc.assert(
      fc.property(anyRichProblem({ jobs: 4, shifts: 2 }), fc.nat(), fc.constantFrom(-1, 1), (problem, n, by) => {
        const { plan } = bruteForce(problem)!;
        expect(checkPlan(problem, plan)).to.deep.equal([]);
        const busy = plan.shifts.filter(({ stops }) => stops.length > 0);
        if (busy.length === 0) return;
        const { shift, stops } = busy[n % busy.length]!;
        const place = n % stops.length;
        for (const name of ['start', 'end', 'travel'] as const) {
          const off = plan.shifts.map((it, s) =>
            s === shift ? { ...it, stops: it.stops.map((at, k) => (k === place ? { ...at, [name]: at[name] + by } : at)) } : it,
          );
          expect(checkPlan(problem, { ...plan, shifts: off }), name).not.to.deep.equal([]);
        }
      }),
      { numRuns: 200 },
    );
  });
});
