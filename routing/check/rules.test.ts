import { expect } from 'chai';
import { checkPlan } from '../check-plan.ts';
import { aJob, aProblem, aShift, inForce, onALine, someWeights } from '../fixtures.ts';
import type { Plan, PlannedShift } from '../plan.ts';
import type { InForce, Interval, Job, Link, Problem, Shift } from '../problem.ts';
import { seconds } from '../units.ts';
import { plainPlan } from './plain-plan.ts';

const span = (from: number, until: number): Interval => ({ from: seconds(from), until: seconds(until) });
const codes = (problem: Problem, plan: Plan): string[] => [...new Set(checkPlan(problem, plan).map(({ code }) => code))];
/** The plan with figures of the first shift overwritten. */
const withDay = (plan: Plan, over: (shift: PlannedShift) => Partial<PlannedShift>): Plan => ({
  ...plan,
  shifts: plan.shifts.map((shift, s) => (s === 0 ? { ...shift, ...over(shift) } : shift)),
});

/** A problem of two crews at node 0, and jobs at the given nodes. */
const asked = (shift: Partial<Shift>, jobs: readonly Partial<Job>[], more: Partial<Problem> = {}): Problem =>
  aProblem({
    shifts: [aShift({ id: 'a', ...shift }), aShift({ id: 'b' })],
    jobs: jobs.map((job, j) => aJob({ id: `job-${j}`, node: j + 1, ...job })),
    weights: someWeights({ changeOfCrew: 0, moveOfStartPerSecond: 0 }),
    ...more,
  });

/** The plan with this order, best times, is sound where the rule is just kept, and breaks exactly it where it is just broken. */
function expectRule(code: string, order: readonly (readonly number[])[], kept: Problem, broken: Problem): void {
  const plan = plainPlan(kept, order);
  expect(plan, 'the order can be driven').not.to.equal(null);
  expect(checkPlan(kept, plan!), 'kept').to.deep.equal([]);
  expect(codes(broken, plan!), 'broken').to.deep.equal([code]);
}

describe('checkPlan, rule by rule', () => {
  it('skills, levels and plant', () => {
    const job = { skills: ['signs'], plant: ['digger'], skillLevels: { signs: 2 } };
    const crew = { skills: ['signs'], plant: ['digger'], skillLevels: { signs: 2 } };
    expectRule('skills_missing', [[0], []], asked(crew, [job]), asked({ ...crew, skills: ['water'] }, [job]));
    expectRule('plant_missing', [[0], []], asked(crew, [job]), asked({ ...crew, plant: [] }, [job]));
    expectRule('level_too_low', [[0], []], asked(crew, [job]), asked({ ...crew, skillLevels: { signs: 1 } }, [job]));
    expectRule('level_too_low', [[0], []], asked(crew, [job]), asked({ ...crew, skillLevels: {} }, [job]));
  });

  it('areas', () => {
    const job = [{ area: 'north' }];
    expectRule('outside_area', [[0], []], asked({ areas: ['north'] }, job), asked({ areas: ['south'] }, job));
    expectRule('outside_area', [[0], []], asked({}, job), asked({ areas: [], outsideAreaPrice: null }, job));
    expectRule('outside_area', [[0], []], asked({ areas: [], outsideAreaPrice: 0 }, job), asked({ areas: [] }, job));
  });

  it('declined, release, now, windows', () => {
    expectRule('given_to_who_declined', [[0], []], asked({}, [{ declinedBy: [1] }]), asked({}, [{ declinedBy: [0] }]));
    expectRule('too_early', [[0], []], asked({}, [{ release: seconds(100) }]), asked({}, [{ release: seconds(101) }]));
    expectRule('outside_windows', [[0], []], asked({}, [{ windows: [span(50, 100)] }]), asked({}, [{ windows: [span(50, 99)] }]));
  });

  it('a shift that is over takes no new work', () => {
    const fixed = { service: seconds(900), inForce: inForce({ fixed: true }) };
    const crew = (until: number) => asked({ until: seconds(until), overtime: seconds(9_000) }, [fixed, {}]);
    const plan = plainPlan(crew(1_001), [[1], []])!;
    expect(codes(crew(1_001), plan)).to.deep.equal([]);
    expect(codes(crew(1_000), plan)).to.include('begun_after_shift');
  });

  it('locks', () => {
    const held = (over: Partial<InForce>): Problem => asked({}, [{}, { inForce: inForce({ start: seconds(800), ...over }) }]);
    const order = [[0, 1], []];
    expectRule('lock_of_crew_broken', order, held({ shift: 1 }), held({ shift: 1, lockCrew: true }));
    const locked = held({ lockTime: true });
    const moved = held({ lockTime: true, start: seconds(801) });
    expectRule('lock_of_time_broken', order, locked, moved);
    const places = (first: number): Problem =>
      asked(
        {},
        [first, 3].map((position) => ({ inForce: inForce({ lockOrder: true, position }) })),
      );
    expectRule('lock_of_order_broken', order, places(3), places(4));
    const facts = (first: number): Problem =>
      asked(
        {},
        [first, 3].map((position) => ({ inForce: inForce({ fixed: true, position }) })),
      );
    expectRule('fixed_order_broken', [[], []], facts(2), facts(4));
    const behind = asked({}, [{}, { inForce: inForce({ fixed: true }) }]);
    expectRule('fixed_not_first', order, asked({}, [{}, { inForce: inForce() }]), behind);
  });

  it('a locked job is left out only because its locks do not fit', () => {
    const problem = asked({}, [{ inForce: inForce({ lockCrew: true }) }]);
    const plan = plainPlan(problem, [[], []])!;
    expect(codes(problem, plan)).to.deep.equal([]);
    const unassigned = [{ job: 0, reason: { code: 'unreachable' } as const }];
    expect(codes(problem, { ...plan, unassigned })).to.deep.equal(['lock_dropped']);
  });

  it('roads', () => {
    const cut = (from: number, to: number): Problem => {
      const travel = onALine([0, 100, 200]);
      travel.seconds[from * 3 + to] = -1;
      return asked({}, [{}], { travel });
    };
    const plan = plainPlan(cut(1, 2), [[0], []])!;
    expect(codes(cut(1, 2), plan)).to.deep.equal([]);
    expect(codes(cut(0, 1), plan)).to.include('unreachable');
    expect(codes(cut(1, 0), plan)).to.include('unreachable');
  });

  it('the limits of a day: time, jobs, travel, duration', () => {
    const two = [{}, {}];
    // Out to node 2 and back, 600 s of work at each of two stops: home at 1,600.
    const at = (shift: Partial<Shift>): Problem => asked(shift, two);
    const late = (overtime: number): Problem => at({ until: seconds(1_000), overtime: seconds(overtime) });
    expectRule('shift_too_long', [[0, 1], []], late(600), late(599));
    expectRule('too_many_jobs', [[0, 1], []], at({ maxJobs: 2 }), at({ maxJobs: 1 }));
    expectRule('too_much_travel', [[0, 1], []], at({ maxTravel: seconds(400) }), at({ maxTravel: seconds(399) }));
    expectRule('duration_too_long', [[0, 1], []], at({ maxDuration: seconds(1_600) }), at({ maxDuration: seconds(1_599) }));
  });

  it('the limits of a day do not hold for facts alone', () => {
    const fixed = { inForce: inForce({ fixed: true }), uses: [5] };
    const tight = { until: seconds(100), maxJobs: 0, maxTravel: seconds(0), maxDuration: seconds(0), capacity: [4] };
    const problem = asked(tight, [fixed]);
    expect(codes(problem, plainPlan(problem, [[], []])!)).to.deep.equal([]);
  });

  it('a duration counts from leaving as late as windows, breaks and links allow', () => {
    // At node 1 at 100, not before 2,000; then 700 s to its end, 100 s home: 800 + 100 s from leaving at 1,900.
    const late = { release: seconds(2_000) };
    const at = (most: number, jobs: readonly Partial<Job>[], shift: Partial<Shift> = {}, links: readonly Link[] = []): Problem =>
      asked({ ...shift, maxDuration: seconds(most) }, jobs, { links });
    expectRule('duration_too_long', [[0], []], at(800, [late]), at(799, [late]));
    // A first stop that may start until 500 only: it leaves at 400 at the latest and is home at 2,800.
    const early = { windows: [span(0, 500)] };
    expectRule('duration_too_long', [[0, 1], []], at(2_400, [early, late]), at(2_399, [early, late]));
    // Linked to a stop of the other crew: it may not start later at all.
    const link = { first: 2, second: 0, leastLag: seconds(-9_000), mostLag: null };
    const linked = (most: number): Problem => at(most, [{}, late, {}], {}, [link]);
    expectRule('duration_too_long', [[0, 1], [2]], linked(2_800), linked(2_799));
    // A break at 100 that may begin until 300.
    const breaks = [{ id: 'tea', window: span(100, 300), length: seconds(60) }];
    expectRule('duration_too_long', [[0], []], at(2_500, [late], { breaks }), at(2_499, [late], { breaks }));
  });

  it('stock: on board from the start, or fetched', () => {
    const uses = (capacity: number[]): Problem => asked({ capacity }, [{ uses: [3, 1] }, { uses: [2] }]);
    expectRule('stock_above_capacity', [[0, 1], []], uses([5, 1]), uses([4, 1]));
    const collects = (capacity: number[]): Problem => asked({ capacity }, [{ collects: [0, 3] }, { collects: [0, 2] }]);
    expectRule('stock_above_capacity', [[0, 1], []], collects([0, 5]), collects([0, 4]));
    const link = { first: 0, second: 1, leastLag: seconds(0), mostLag: null, sameShift: true };
    const fetch = (collected: number, more: Partial<Link> = {}): Problem =>
      asked({}, [{ collects: [collected] }, { uses: [2] }], { links: [{ ...link, ...more }] });
    expectRule('stock_below_zero', [[0, 1], []], fetch(2), fetch(1));
    // What is fetched takes no room before.
    const room = asked({ capacity: [2] }, [{ uses: [2] }, { collects: [2] }, { uses: [2] }], {
      links: [{ ...link, first: 1, second: 2 }],
    });
    expect(codes(room, plainPlan(room, [[0, 1, 2], []])!)).to.deep.equal([]);
    const alone = (most: number): Problem => asked({ capacity: [most] }, [{ uses: [2] }]);
    const plan = plainPlan(alone(2), [[0], []])!;
    expect(codes(alone(1), plan)).to.deep.equal(['more_stock_than_capacity', 'stock_above_capacity']);
  });

  it('links: both or none, lags, one shift, order', () => {
    const link = (over: Partial<Link>): Problem =>
      asked({}, [{}, { node: 1 }], { links: [{ first: 0, second: 1, leastLag: seconds(0), mostLag: null, ...over }] });
    expectRule('lag_too_short', [[0, 1], []], link({ leastLag: seconds(600) }), link({ leastLag: seconds(601) }));
    expectRule('lag_too_long', [[0, 1], []], link({ mostLag: seconds(600) }), link({ mostLag: seconds(599) }));
    expectRule('linked_to_other_shift', [[0], [1]], link({}), link({ sameShift: true }));
    const turned = link({ first: 1, second: 0, sameShift: true, leastLag: seconds(-600) });
    expectRule('linked_order_broken', [[0, 1], []], link({ sameShift: true }), turned);
    expectRule('linked_job_left_out', [[0], []], asked({}, [{}, {}]), link({}));
    const second = [[1], []];
    expectRule('linked_job_left_out', second, asked({}, [{}, { node: 1 }]), link({}));
  });

  it('links ask nothing of facts, but of the job that is linked to one', () => {
    const links = [{ first: 0, second: 1, leastLag: seconds(0), mostLag: seconds(10) }];
    const one = asked({}, [{ inForce: inForce({ fixed: true }) }, {}], { links });
    expect(codes(one, plainPlan(one, [[], []])!)).to.deep.equal([]);
    expect(plainPlan(one, [[1], []])).to.equal(null);
    const both = asked(
      {},
      [0, 1].map((shift) => ({ inForce: inForce({ fixed: true, shift }), node: 1 + 8 * shift })),
      { links },
    );
    expect(codes(both, plainPlan(both, [[], []])!)).to.deep.equal([]);
  });

  it('gaps between the windows of a shift', () => {
    const gap = (from: number, until: number): Problem => asked({ windows: [span(0, from), span(until, 9_000)] }, [{}, {}]);
    // Drives 0 to 100, works to 700, drives to 800, works to 1,400, home at 1,600.
    const plan = plainPlan(asked({}, [{}, {}]), [[0, 1], []])!;
    expect(codes(gap(1_600, 2_000), plan)).to.deep.equal([]);
    for (const [from, until] of [
      [50, 60],
      [300, 350],
      [750, 760],
      [1_399, 1_400],
      [1_599, 1_700],
    ]) {
      expect(codes(gap(from!, until!), plan), `${from}`).to.include('in_gap_of_windows');
    }
  });

  it('breaks', () => {
    const lunch = (over: object = {}): Problem =>
      asked({ breaks: [{ id: 'lunch', window: span(700, 1_000), length: seconds(300), ...over }] }, [{}, {}]);
    const plan = plainPlan(lunch(), [[0, 1], []])!;
    expect(plan.shifts[0]?.breaks).to.deep.equal([{ id: 'lunch', start: 700, end: 1_000 }]);
    expect(codes(lunch(), plan)).to.deep.equal([]);
    expect(codes(lunch({ window: span(701, 1_000) }), plan)).to.deep.equal(['break_outside_window']);
    expect(codes(lunch({ length: seconds(299) }), plan)).to.deep.equal(['break_length_wrong']);
    const taken = (...breaks: [string, number, number][]): Plan =>
      withDay(plan, () => ({ breaks: breaks.map(([id, start, end]) => ({ id, start: seconds(start), end: seconds(end) })) }));
    expect(codes(lunch(), taken())).to.include('break_not_once');
    expect(codes(lunch(), taken(['lunch', 699, 999]))).to.include('break_overlaps');
    expect(codes(lunch(), taken(['lunch', 701, 1_001]))).to.include('break_overlaps');
    expect(codes(lunch(), taken(['lunch', 700, 1_000], ['tea', 1_900, 2_000]))).to.deep.equal(['break_unknown']);
    const early = { ...lunch(), now: seconds(701) };
    expect(codes(early, plan)).to.include('break_too_early');
    expect(
      codes(
        lunch(),
        withDay(plan, () => ({ breaks: [], breaksSkipped: ['lunch'] })),
      ),
    ).to.include('break_skipped_needlessly');
    const two = asked({ breaks: ['a', 'b'].map((id) => ({ id, window: span(2_000, 3_000), length: seconds(300) })) }, []);
    const idle = plainPlan(two, [[], []])!;
    expect(codes(two, idle)).to.deep.equal([]);
    const both = withDay(idle, ({ breaks }) => ({
      breaks: breaks.map((b) => ({ ...b, start: seconds(2_000), end: seconds(2_300) })),
    }));
    expect(codes(two, both)).to.deep.equal(['break_overlaps']);
  });
});
