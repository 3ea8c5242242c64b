import { expect } from 'chai';
import type { Plan } from '../../../routing/plan.ts';
import { metres, seconds } from '../../../routing/units.ts';
import type { PlanCost, PlanId } from '../../stores/plans/contract.ts';
import type { ContextAssignment, ContextJob, ContextShift } from '../../stores/plans/plan-context.ts';
import type { PlanRecord } from '../../stores/plans/store.ts';
import type { PlannedSlot } from './build-problem.ts';
import { clock } from './fixtures.ts';
import { sayReason, viewPlan, type Look } from './plan-view.ts';
import type { ReadableResult } from './plan-result.ts';

const hours = (n: number): number => Math.round(n * 3_600);
const zero: PlanCost = {
  total: 0,
  unserved: 0,
  late: 0,
  waiting: 0,
  travel: 0,
  duty: 0,
  overtime: 0,
  use: 0,
  change: 0,
  promise: 0,
  overqualification: 0,
  area: 0,
  balance: 0,
};

const aSlot = (over: Partial<PlannedSlot> = {}): PlannedSlot => ({
  jobId: 'job-1',
  slot: 0,
  assignmentId: null,
  fixed: false,
  free: false,
  ...over,
});

const aContextJob = (over: Partial<ContextJob> = {}): ContextJob => ({
  id: 'job-1',
  number: 1001,
  title: 'Clear snow',
  priority: 2,
  organisationId: 'organisation',
  areaIds: [],
  dueAt: clock('10:00'),
  state: 'ready',
  planningVersion: 1,
  waitingSince: clock('06:00'),
  ...over,
});

const aHolder = (over: Partial<ContextAssignment> = {}): ContextAssignment => ({
  id: 'assignment-1',
  jobId: 'job-1',
  slot: 0,
  shiftId: 'shift-1',
  state: 'planned',
  plannedStart: clock('09:00'),
  ...over,
});

const aContextShift = (over: Partial<ContextShift> = {}): ContextShift => ({
  id: 'shift-1',
  crewName: 'Crew 1',
  organisationId: 'organisation',
  state: 'on_duty',
  planningVersion: 1,
  ...over,
});

/** One crew; the first slot at nine, the rest left out. */
function aLook(
  over: {
    slots?: PlannedSlot[];
    planned?: number;
    start?: number;
    jobs?: ContextJob[];
    shifts?: ContextShift[];
    holders?: ContextAssignment[];
  } = {},
): Look {
  const slots = over.slots ?? [aSlot()];
  const planned = over.planned ?? 1;
  const start = over.start ?? hours(9);
  const plan: Plan = {
    shifts: [
      {
        shift: 0,
        stops: slots.slice(0, planned).map((_, job) => ({
          job,
          travel: seconds(300),
          metres: metres(2_000),
          arrival: seconds(start),
          start: seconds(start),
          end: seconds(start + 1_800),
          late: seconds(Math.max(0, start - hours(10))),
        })),
        breaks: [],
        breaksSkipped: [],
        travel: seconds(600),
        metres: metres(4_000),
        work: seconds(1_800),
        idle: seconds(0),
        overtime: seconds(0),
        endsAt: seconds(start + 2_100),
      },
    ],
    unassigned: slots
      .slice(planned)
      .map((_, i) => ({ job: planned + i, reason: { code: 'not_today', cheapestShift: 0, extraCost: 120 } })),
    cost: zero,
    lp: { rounds: [] },
    bound: null,
    seed: 1,
    iterations: 10,
    engine: 'test',
    pace: { rounds: 0, filled: 0, steps: [] },
    changes: 3,
    costInForce: null,
    forcedChanges: 1,
    maxChanges: 5,
  };
  const result: ReadableResult = {
    changesCounted: true,
    epochUnixSeconds: clock('00:00').getTime() / 1000,
    estimatedPairs: 0,
    plan,
    shifts: [{ shiftId: 'shift-1', source: 'depot', ageSeconds: null, until: hours(15) }],
    slots,
    notAsked: [],
    parts: [],
  };
  const record: PlanRecord = {
    id: 'plan-1' as PlanId,
    serviceDay: '2026-01-27',
    state: 'draft',
    requestedBy: null,
    requestedAt: clock('08:00'),
    madeAt: clock('08:00'),
    publishedAt: null,
    discardedAt: null,
    seed: 1,
    iterations: 10,
    engine: 'test',
    configVersionId: 'config',
    roadsVersion: 'roads',
    roadsSource: 'osrm',
    problemHash: 'hash',
    saw: { jobs: { 'job-1': 1, 'job-2': 1 }, shifts: { 'shift-1': 1 } },
    result,
    cost: zero,
    bound: null,
    lp: { rounds: [] },
  };
  return {
    record,
    result,
    context: {
      jobs: new Map((over.jobs ?? [aContextJob()]).map((job) => [job.id, job])),
      shifts: new Map((over.shifts ?? [aContextShift()]).map((shift) => [shift.id, shift])),
      holders: new Map((over.holders ?? []).map((a) => [`${a.jobId}:${a.slot}`, a])),
    },
    now: clock('08:00'),
    toleranceSeconds: 60,
    visible: () => true,
  };
}

const firstStop = (look: Look) => viewPlan(look).stops[0];

describe('a draft against what is in force', () => {
  const assigned = [aSlot({ assignmentId: 'assignment-1', free: true })];

  it('says what is new, the same, later, with another crew, or gone to its crew', () => {
    expect(firstStop(aLook())?.change).to.equal('new');
    expect(firstStop(aLook({ slots: assigned, holders: [aHolder()] }))?.change).to.equal('same');
    expect(firstStop(aLook({ slots: assigned, holders: [aHolder()], start: hours(9.5) }))?.change).to.equal('other_time');
    expect(firstStop(aLook({ slots: assigned, holders: [aHolder({ shiftId: 'shift-2' })] }))?.change).to.equal('other_crew');
    expect(firstStop(aLook({ slots: assigned, holders: [aHolder({ state: 'dispatched' })] }))?.change).to.equal('fixed');
  });

  it('says what publishing would leave alone, and why', () => {
    expect(firstStop(aLook())?.stale).to.equal(null);
    expect(firstStop(aLook({ jobs: [aContextJob({ planningVersion: 2 })] }))?.stale).to.equal('job_changed');
    expect(firstStop(aLook({ jobs: [aContextJob({ state: 'on_hold' })] }))?.stale).to.equal('job_not_ready');
    expect(firstStop(aLook({ shifts: [aContextShift({ planningVersion: 2 })] }))?.stale).to.equal('shift_changed');
    expect(firstStop(aLook({ shifts: [aContextShift({ state: 'ended' })] }))?.stale).to.equal('shift_ended');
    expect(firstStop(aLook({ holders: [aHolder()] }))?.stale).to.equal('slot_taken');
    expect(firstStop(aLook({ slots: assigned, holders: [aHolder({ state: 'accepted' })] }))?.stale).to.equal(null);
    const elsewhere = aHolder({ state: 'accepted', shiftId: 'shift-2' });
    expect(firstStop(aLook({ slots: assigned, holders: [elsewhere] }))?.stale).to.equal('not_movable');
    expect(firstStop(aLook({ slots: assigned }))?.stale).to.equal('not_movable');
  });

  it('lists what it leaves out with reason and age, and what it takes off', () => {
    const slots = [aSlot(), aSlot({ jobId: 'job-2', assignmentId: 'assignment-2', free: true })];
    const holders = [aHolder({ id: 'assignment-2', jobId: 'job-2' })];
    const view = viewPlan(aLook({ slots, holders, jobs: [aContextJob(), aContextJob({ id: 'job-2', number: 1002 })] }));
    expect(view.leftOut).to.deep.equal([
      {
        jobId: 'job-2',
        jobNumber: 1002,
        title: 'Clear snow',
        slot: 0,
        priority: 2,
        ageSeconds: 7_200,
        reason: { code: 'not_today', params: { cheapestShiftId: 'shift-1', extraCost: 120 } },
        takenOff: true,
      },
    ]);
    expect(view.summary).to.include({ jobs: 2, assigned: 1, added: 1, moved: 0, takenOff: 1, leftOut: 1 });
  });

  it('says what the plan in force costs, as the engine told it, or that it is not known', () => {
    const look = aLook();
    expect(viewPlan(look).costNow).to.equal(null);
    const costInForce = { ...zero, unserved: 900, total: 900 };
    expect(viewPlan({ ...look, result: { ...look.result, plan: { ...look.result.plan, costInForce } } }).costNow).to.deep.equal(
      costInForce,
    );
  });

  it('counts the late before and after; unplanned work is late until the last shift ends', () => {
    const fresh = viewPlan(aLook()).summary;
    expect(fresh).to.include({ lateBefore: 1, lateSecondsBefore: hours(5), lateAfter: 0, lateSecondsAfter: 0 });
    const later = viewPlan(aLook({ slots: assigned, holders: [aHolder()], start: hours(11) })).summary;
    expect(later).to.include({ lateBefore: 0, lateSecondsBefore: 0, lateAfter: 1, lateSecondsAfter: hours(1) });
  });

  it('counts a start that has passed from now on', () => {
    const look = aLook({ slots: assigned, holders: [aHolder()] });
    expect(viewPlan({ ...look, now: clock('10:30') }).summary).to.include({ lateBefore: 1, lateSecondsBefore: 1_800 });
  });

  it('shows a viewer only the jobs within reach', () => {
    const view = viewPlan({ ...aLook(), visible: () => false });
    expect([view.stops, view.leftOut, view.summary.jobs]).to.deep.equal([[], [], 0]);
  });

  it('says reasons with ids, never with indices', () => {
    const ids = {
      shifts: [{ shiftId: 'shift-1' }],
      slots: [
        { jobId: 'job-1', slot: 0 },
        { jobId: 'job-1', slot: 1 },
      ],
    };
    expect(sayReason({ code: 'locks_do_not_fit', shift: 0 }, ids)).to.deep.equal({
      code: 'locks_do_not_fit',
      params: { shiftId: 'shift-1' },
    });
    expect(sayReason({ code: 'no_crew_with_skills', missing: ['water'] }, ids)).to.deep.equal({
      code: 'no_crew_with_skills',
      params: { missing: ['water'] },
    });
    expect(sayReason({ code: 'linked_job_does_not_fit', job: 1 }, ids)).to.deep.equal({
      code: 'linked_job_does_not_fit',
      params: { jobId: 'job-1', slot: 1 },
    });
  });

  it('says how many changes it makes, but not for a plan whose engine did not count them', () => {
    const look = aLook();
    expect(viewPlan(look)).to.include({ changes: 3, forcedChanges: 1, maxChanges: 5 });
    expect(viewPlan({ ...look, result: { ...look.result, changesCounted: false } }).changes).to.equal(null);
  });
});
