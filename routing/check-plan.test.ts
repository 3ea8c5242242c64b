import { expect } from 'chai';
import { checkPlan } from './check-plan.ts';
import { aJob, aProblem, aShift, inForce } from './fixtures.ts';
import type { Plan, PlannedShift, PlannedStop } from './plan.ts';
import type { Job, Problem } from './problem.ts';
import { afterIterations } from './search/stop.ts';
import { solve } from './solve.ts';
import { metres, seconds } from './units.ts';

const lunch = { id: 'lunch', window: { from: seconds(3_000), until: seconds(5_000) }, length: seconds(600) };
const problem: Problem = aProblem({
  shifts: [
    aShift({ id: 'a', breaks: [lunch], skills: ['signs'], plant: ['digger'] }),
    aShift({ id: 'b', startNode: 9, endNode: 9 }),
  ],
  jobs: [
    aJob({
      id: 'signs',
      node: 1,
      skills: ['signs'],
      plant: ['digger'],
      service: seconds(3_000),
      due: seconds(50),
      waiting: 20_000,
    }),
    aJob({
      id: 'windows',
      node: 2,
      windows: [{ from: seconds(3_000), until: seconds(6_000) }],
      inForce: inForce({ lockCrew: true, lockOrder: true }),
    }),
    aJob({
      id: 'far',
      node: 9,
      inForce: inForce({ shift: 1, start: seconds(2_000), promised: { from: seconds(1_900), until: seconds(2_100) } }),
    }),
    aJob({ id: 'nobody', skills: ['water'] }),
  ],
});
const good: Plan = solve(problem, { seed: 1, stop: afterIterations(100) });

const codes = (plan: Plan, of: Problem = problem): string[] => [
  ...new Set(checkPlan(of, plan).map((violation) => violation.code)),
];
const withShift = (change: (shift: PlannedShift) => Partial<PlannedShift>, index = 0): Plan => ({
  ...good,
  shifts: good.shifts.map((shift, s) => (s === index ? { ...shift, ...change(shift) } : shift)),
});
const withStop = (change: (stop: PlannedStop) => Partial<PlannedStop>, place = 0, index = 0): Plan =>
  withShift((shift) => ({ stops: shift.stops.map((stop, k) => (k === place ? { ...stop, ...change(stop) } : stop)) }), index);
const withJob = (job: number, over: Partial<Job>): Problem => ({
  ...problem,
  jobs: problem.jobs.map((other, j) => (j === job ? { ...other, ...over } : other)),
});
const withShiftAsked = (over: Partial<Problem['shifts'][number]>): Problem => ({
  ...problem,
  shifts: problem.shifts.map((shift, s) => (s === 0 ? { ...shift, ...over } : shift)),
});

describe('checkPlan', () => {
  it('accepts a good plan', () => {
    expect(checkPlan(problem, good)).to.deep.equal([]);
    expect(good.shifts.map((shift) => shift.stops.map((stop) => stop.job))).to.deep.equal([[0, 1], [2]]);
  });

  it('wants every job and every shift once', () => {
    expect(codes({ ...good, unassigned: [] })).to.include('job_not_once');
    expect(codes({ ...good, unassigned: [...good.unassigned, { job: 0, reason: { code: 'unreachable' } }] })).to.include(
      'job_not_once',
    );
    expect(codes({ ...good, unassigned: [...good.unassigned, { job: 77, reason: { code: 'unreachable' } }] })).to.include(
      'job_unknown',
    );
    expect(codes({ ...good, shifts: good.shifts.slice(1) })).to.include('shift_missing');
    expect(codes({ ...good, shifts: [...good.shifts, ...good.shifts] })).to.include('shift_unknown_or_twice');
  });

  it('wants figures that the matrix and the clock bear out', () => {
    expect(codes(withStop((stop) => ({ travel: seconds(stop.travel - 1) })))).to.include('travel_wrong');
    expect(codes(withStop(() => ({ metres: metres(1) })))).to.include('metres_wrong');
    expect(codes(withStop((stop) => ({ arrival: seconds(stop.arrival - 1) })))).to.include('arrival_too_early');
    expect(codes(withStop((stop) => ({ start: seconds(stop.start - 1) })))).to.include('start_before_arrival');
    expect(codes(withStop((stop) => ({ end: seconds(stop.end - 1) })))).to.include('end_wrong');
    expect(codes(withStop(() => ({ late: seconds(0) })))).to.include('late_wrong');
    expect(codes(withShift((shift) => ({ endsAt: seconds(shift.endsAt - 1) })))).to.include('ends_too_early');
    for (const name of ['travel', 'metres', 'work', 'idle', 'overtime'] as const) {
      expect(codes(withShift((shift) => ({ [name]: shift[name] + 1 })))).to.include('figure_wrong');
    }
  });

  it('knows the rules between crew and job', () => {
    expect(codes(good, withShiftAsked({ skills: [] }))).to.deep.equal(['skills_missing']);
    expect(codes(good, withShiftAsked({ plant: [] }))).to.deep.equal(['plant_missing']);
    expect(codes(good, withJob(0, { release: seconds(200) }))).to.deep.equal(['too_early']);
    expect(codes(good, withJob(1, { windows: [{ from: seconds(0), until: seconds(10) }] }))).to.deep.equal(['outside_windows']);
    const island = {
      ...problem,
      travel: { ...problem.travel, seconds: problem.travel.seconds.map((t) => (t === 200 ? -1 : t)) },
    };
    expect(codes(good, island)).to.include('unreachable');
  });

  it('knows the locks', () => {
    expect(codes(good, withJob(1, { inForce: inForce({ shift: 1, lockCrew: true }) }))).to.include('lock_of_crew_broken');
    expect(codes(good, withJob(1, { inForce: inForce({ lockTime: true, start: seconds(10) }) }))).to.include(
      'lock_of_time_broken',
    );
    const turned = withJob(0, { inForce: inForce({ lockOrder: true, position: 5 }) });
    expect(codes(good, turned)).to.include('lock_of_order_broken');
    expect(codes(good, withJob(1, { inForce: inForce({ fixed: true }) }))).to.include('fixed_not_first');
    expect(codes(good, withJob(3, { inForce: inForce({ lockCrew: true }) }))).to.include('lock_dropped');
  });

  it('knows shifts and breaks', () => {
    expect(codes(good, withShiftAsked({ until: seconds(4_000) }))).to.include('shift_too_long');
    expect(codes(withShift(() => ({ breaks: [] })))).to.include('break_not_once');
    expect(codes(withShift(() => ({ breaks: [], breaksSkipped: ['lunch'] })))).to.include('break_skipped_needlessly');
    const at = (start: number, end = start + 600, id = 'lunch') =>
      withShift(() => ({ breaks: [{ id, start: seconds(start), end: seconds(end) }] }));
    expect(codes(at(2_900))).to.include('break_outside_window');
    expect(codes(at(5_000, 5_100))).to.include('break_length_wrong');
    expect(codes(at(3_050))).to.include('break_overlaps');
    expect(codes(at(5_000, 5_600, 'tea'))).to.include('break_unknown');
  });

  it('recomputes the cost by term', () => {
    for (const name of ['travel', 'late', 'waiting', 'overtime', 'change', 'promise', 'use', 'total'] as const) {
      expect(codes({ ...good, cost: { ...good.cost, [name]: good.cost[name] + 1 } })).to.deep.equal(['cost_wrong']);
    }
  });
});
