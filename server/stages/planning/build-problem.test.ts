import { expect } from 'chai';
import { validateProblem } from '../../../routing/validate-problem.ts';
import type { AssignmentId } from '../../stores/assignments/contract.ts';
import type { ShiftId } from '../../stores/crews/contract.ts';
import type { JobId } from '../../stores/jobs/contract.ts';
import type { Snapshot, SnapshotAssignment } from '../../stores/plans/snapshot.ts';
import { completeProblem, outlineProblem } from './build-problem.ts';
import { aJob, anAssignment, aPolicy, aShift, aSnapshot, clock } from './fixtures.ts';

const epoch = clock('00:00');
const outline = (snapshot: Snapshot, policy = aPolicy()) => outlineProblem(snapshot, policy, epoch);
const hours = (n: number): number => n * 3_600;

describe('the problem of a day', () => {
  it('counts whole seconds from the start of the service day', () => {
    const { now, shifts, jobs } = outline(aSnapshot());
    expect(now).to.equal(hours(8));
    expect(shifts[0]).to.include({ from: hours(7), until: hours(15), overtime: 1_800 });
    expect(jobs[0]).to.include({ id: 'job-1:0', service: 1_800, due: hours(12), release: hours(6), inForce: null });
  });

  it('holds times that somebody mistyped by a century: one job does not stop the plan of all', () => {
    const far = new Date('2199-01-01T00:00:00Z');
    const long = new Date('1970-01-01T00:00:00Z');
    const windows = [{ from: far, until: new Date('2199-01-01T08:00:00Z') }];
    const snapshot = aSnapshot({ jobs: [aJob({ dueAt: far, releaseAt: long, windows })] });
    const built = outline(snapshot);
    const size = built.places.length;
    const travel = {
      size,
      seconds: new Int32Array(size * size),
      metres: new Int32Array(size * size),
      source: 'estimate' as const,
    };
    expect(() => validateProblem(completeProblem(built, travel, aPolicy()).problem)).not.to.throw();
  });

  it('prices waiting by priority and age, lateness by priority, an emergency many times', () => {
    const calm = outline(aSnapshot()).jobs[0];
    const emergency = outline(aSnapshot({ jobs: [aJob({ emergency: true, priority: 1 })] })).jobs[0];
    expect(calm).to.include({ waiting: 20_000 + 2 * 2_000, latePerSecond: 4 });
    expect(emergency).to.include({ waiting: 10 * (40_000 + 2 * 4_000), latePerSecond: 80 });
  });

  it('makes one node of one place', () => {
    const { places, shifts, jobs } = outline(
      aSnapshot({ jobs: [aJob(), aJob({ id: 'job-2' as JobId }), aJob({ id: 'job-3' as JobId, place: aShift().startPlace })] }),
    );
    expect(places).to.have.length(2);
    expect(shifts[0]).to.include({ startNode: 0, endNode: 0 });
    expect(jobs.map((job) => job.node)).to.deep.equal([1, 1, 0]);
  });

  it('names the planning versions it saw', () => {
    const { saw } = outline(aSnapshot({ jobs: [aJob({ planningVersion: 4 })], shifts: [aShift({ planningVersion: 7 })] }));
    expect(saw).to.deep.equal({ jobs: { 'job-1': 4 }, shifts: { 'shift-1': 7 } });
  });
});

describe('where a crew starts', () => {
  const position = { place: { lon: -77.0, lat: 38.95 }, at: clock('07:59') };
  const startOf = (snapshot: Snapshot) => {
    const { starts, places, shifts } = outline(snapshot);
    return { ...starts[0], place: places[shifts[0]?.startNode ?? -1] };
  };

  it('is its position when that is fresh', () => {
    expect(startOf(aSnapshot({ shifts: [aShift({ position })] }))).to.deep.equal({
      shiftId: 'shift-1',
      source: 'live_position',
      ageSeconds: 60,
      place: position.place,
    });
  });

  it('is the last finished stop when the position is old', () => {
    const lastStop = { place: { lon: -77.05, lat: 38.92 }, at: clock('07:40') };
    const old = { ...position, at: clock('07:30') };
    expect(startOf(aSnapshot({ shifts: [aShift({ position: old, lastStop })] }))).to.include({
      source: 'last_stop',
      ageSeconds: 1_200,
    });
  });

  it('is the depot before the shift, wherever the vehicle was left', () => {
    const shift = aShift({ position: { ...position, at: clock('05:59') } });
    expect(startOf(aSnapshot({ at: clock('06:00'), shifts: [shift] }))).to.deep.include({
      source: 'depot',
      place: shift.startPlace,
    });
  });

  it('is the stop at which the crew works, with the minutes that are left', () => {
    const working = anAssignment({ state: 'working', workingSince: clock('07:55'), workedSeconds: 300 });
    const snapshot = aSnapshot({ shifts: [aShift({ position })], assignments: [working] });
    expect(startOf(snapshot)).to.deep.include({ source: 'stop_under_way', place: aJob().place });
    const job = outline(snapshot).jobs[0];
    expect(job?.service).to.equal(1_200);
    expect(job?.inForce).to.include({ fixed: true, started: true, position: 0 });
  });

  it('lets work that should have ended go on for the least time of the policy', () => {
    const working = anAssignment({ state: 'working', workingSince: clock('07:00') });
    expect(outline(aSnapshot({ assignments: [working] })).jobs[0]?.service).to.equal(300);
  });

  it('is the depot when no road leads away from the position', () => {
    const made = outline(aSnapshot({ shifts: [aShift({ position })] }));
    const size = made.places.length;
    const cell = (from: number, to: number): number => (from === to ? 0 : from === made.shifts[0]?.startNode ? -1 : 60);
    const cells = Int32Array.from({ length: size * size }, (_, i) => cell(Math.floor(i / size), i % size));
    const { starts, problem } = completeProblem(made, { size, seconds: cells, metres: cells, source: 'osrm' }, aPolicy());
    expect(starts[0]).to.include({ source: 'depot', ageSeconds: null });
    expect(problem.shifts[0]?.startNode).to.equal(made.depotNodes[0]);
  });

  it('is free after the break it takes', () => {
    const breaks = [
      { id: 'lunch', earliest: clock('11:00').toISOString(), latest: clock('13:00').toISOString(), lengthSeconds: 1_800 },
      {
        id: 'coffee',
        earliest: clock('07:30').toISOString(),
        latest: clock('08:30').toISOString(),
        lengthSeconds: 900,
        takenAt: clock('07:55').toISOString(),
      },
    ];
    const shift = outline(aSnapshot({ shifts: [aShift({ breaks })] })).shifts[0];
    expect(shift?.from).to.equal(hours(8) + 600);
    expect(shift?.breaks.map((b) => b.id)).to.deep.equal(['lunch']);
  });
});

describe('what the plan must leave as it is', () => {
  const two = [aJob(), aJob({ id: 'job-2' as JobId })];

  it('puts what is under way before what has been sent, and planned work last', () => {
    const made = outline(
      aSnapshot({
        jobs: [...two, aJob({ id: 'job-3' as JobId })],
        assignments: [
          anAssignment({ position: 0 }),
          anAssignment({ id: 'a2' as AssignmentId, jobId: 'job-2' as JobId, position: 1, state: 'dispatched' }),
          anAssignment({ id: 'a3' as AssignmentId, jobId: 'job-3' as JobId, position: 2, state: 'travelling' }),
        ],
      }),
    );
    expect(made.jobs.map((job) => [job.id, job.inForce?.position, job.inForce?.fixed])).to.deep.equal([
      ['job-1:0', 2, false],
      ['job-2:0', 1, true],
      ['job-3:0', 0, true],
    ]);
    expect(made.slots.map((slot) => slot.free)).to.deep.equal([true, false, false]);
  });

  it('keeps locks and promises', () => {
    const promised = { from: clock('10:00'), until: clock('11:00') };
    const { jobs, slots } = outline(aSnapshot({ assignments: [anAssignment({ lockCrew: true, lockTime: true, promised })] }));
    expect(jobs[0]?.inForce).to.deep.include({ lockCrew: true, lockTime: true, promised: { from: hours(10), until: hours(11) } });
    expect(slots[0]?.free).to.equal(false);
  });

  it('asks no crew again that has declined', () => {
    const declined = [
      { slot: 0, shiftId: 'shift-1' as ShiftId },
      { slot: 0, shiftId: 'of another day' as ShiftId },
    ];
    expect(outline(aSnapshot({ jobs: [aJob({ declined })] })).jobs[0]?.declinedBy).to.deep.equal([0]);
  });

  it('never touches what another day has', () => {
    const made = outline(aSnapshot({ assignments: [anAssignment({ shiftId: 'tomorrow' as ShiftId })] }));
    expect([made.jobs, made.notAsked]).to.deep.equal([[], []]);
  });
});

describe('work for two crews at once', () => {
  const two = aJob({
    slots: [
      { skills: ['snow'], plant: [] },
      { skills: [], plant: [] },
    ],
  });
  const crews = [aShift(), aShift({ id: 'shift-2' as ShiftId })];
  const planned = (assignments: SnapshotAssignment[], job = two) =>
    outline(aSnapshot({ shifts: crews, jobs: [job], assignments }));
  const other = (over: Partial<SnapshotAssignment> = {}) =>
    anAssignment({ id: 'assignment-2' as AssignmentId, slot: 1, shiftId: 'shift-2' as ShiftId, ...over });

  it('starts for both in the same second', () => {
    const made = planned([]);
    expect(made.jobs.map(({ id }) => id)).to.deep.equal(['job-1:0', 'job-1:1']);
    expect(made.links).to.deep.equal([{ first: 0, second: 1, leastLag: 0, mostLag: 0 }]);
    expect(made.notAsked).to.deep.equal([]);
  });

  it('needs no link where one crew is enough, and the problem then has none', () => {
    const built = outline(aSnapshot());
    const cells = new Int32Array(built.places.length ** 2);
    const travel = { size: built.places.length, seconds: cells, metres: cells, source: 'estimate' as const };
    expect(completeProblem(built, travel, aPolicy()).problem).not.to.have.property('links');
  });

  it('keeps the crew that a person has given one half, and asks for the other half beside it', () => {
    const made = planned([anAssignment({ lockCrew: true, plannedStart: null })]);
    expect(made.jobs.map(({ inForce }) => inForce?.lockCrew)).to.deep.equal([true, undefined]);
    expect(made.links).to.have.length(1);
    expect(made.slots.map(({ free }) => free)).to.deep.equal([false, false]);
  });

  it('may move both halves of a plan in force, and neither alone', () => {
    const made = planned([anAssignment(), other()]);
    expect(made.slots.map(({ free }) => free)).to.deep.equal([true, true]);
    expect(made.links).to.deep.equal([{ first: 0, second: 1, leastLag: 0, mostLag: 0 }]);
  });

  it('lets the second crew come to one that has been sent, then or later, and never sends that one twice', () => {
    const made = planned([anAssignment({ state: 'dispatched' })]);
    expect(made.links).to.deep.equal([{ first: 0, second: 1, leastLag: 0, mostLag: null }]);
    expect(made.jobs[1]?.declinedBy).to.deep.equal([0]);
  });

  it('has a crew that has been sent wait for the time it has agreed with the other, until one of them has begun', () => {
    const begins = (state: SnapshotAssignment['state']) =>
      planned([anAssignment({ state: 'travelling' }), other({ state })]).jobs[0]?.release;
    expect(begins('planned')).to.equal(hours(9));
    expect(begins('working')).to.equal(hours(6));
    expect(planned([anAssignment({ state: 'travelling' })]).jobs[0]?.release).to.equal(hours(6));
  });

  it('ties nobody to a crew that works already', () => {
    const made = planned([anAssignment({ state: 'working', workingSince: clock('07:55') })]);
    expect([made.links, made.jobs[1]?.declinedBy]).to.deep.equal([[], [0]]);
  });

  it('leaves two times that a person has locked as they are', () => {
    const locked = { lockTime: true, lockCrew: true };
    expect(planned([anAssignment(locked), other({ ...locked, plannedStart: clock('10:00') })]).links).to.deep.equal([]);
    expect(planned([anAssignment(locked), other(locked)]).links).to.have.length(1);
  });

  it('keeps the half that a person has locked when nobody at all can do the other', () => {
    const job = { ...two, slots: [...two.slots.slice(0, 1), { skills: ['diving'], plant: [] }] };
    expect(planned([anAssignment({ lockCrew: true })], job).links).to.deep.equal([]);
    expect(planned([anAssignment()], job).links).to.have.length(1);
  });

  it('is not asked again where a crew has ended its half', () => {
    const made = planned([other()], { ...two, endedSlots: [0] });
    expect([made.jobs.map(({ id }) => id), made.links, made.notAsked]).to.deep.equal([['job-1:1'], [], []]);
  });

  it('stays at its time where the other crew has it on another day, and nobody else is asked for', () => {
    const three = { ...two, slots: [...two.slots, { skills: [], plant: [] }] };
    const made = planned([anAssignment(), other({ shiftId: 'tomorrow' as ShiftId })], three);
    expect(made.jobs.map(({ id, inForce }) => [id, inForce?.lockCrew, inForce?.lockTime])).to.deep.equal([
      ['job-1:0', true, true],
    ]);
    expect(made.notAsked).to.deep.equal([
      { jobId: 'job-1', slot: 2, reason: { code: 'other_crew_on_other_day', params: { slots: 3 } } },
    ]);
  });

  it('is in a plan of limited size with all its slots or none', () => {
    const jobs = [aJob({ id: 'job-0' as JobId, priority: 1 }), two];
    const made = outlineProblem(aSnapshot({ jobs }), aPolicy({ mostJobs: 2 }), epoch);
    expect(made.jobs.map(({ id }) => id)).to.deep.equal(['job-0:0']);
    expect(made.notAsked.map(({ slot, reason }) => [slot, reason.code])).to.deep.equal([
      [0, 'beyond_plan_size'],
      [1, 'beyond_plan_size'],
    ]);
  });
});

describe('what the plan does not ask for', () => {
  it('is work that waits for other work, and work that is released after the last shift', () => {
    const { notAsked } = outline(
      aSnapshot({ jobs: [aJob({ waitsFor: ['job-9' as JobId] }), aJob({ id: 'job-2' as JobId, releaseAt: clock('16:00') })] }),
    );
    expect(notAsked.map(({ reason }) => reason.code)).to.deep.equal(['waits_for_other_job', 'released_later']);
  });

  it('is what costs least to leave, beyond the size of a plan', () => {
    const jobs = [aJob({ priority: 4 }), aJob({ id: 'job-2' as JobId }), aJob({ id: 'job-3' as JobId, priority: 4 })];
    const made = outline(aSnapshot({ jobs, assignments: [anAssignment({ jobId: 'job-3' as JobId })] }), aPolicy({ mostJobs: 2 }));
    expect(made.jobs.map((job) => job.id)).to.deep.equal(['job-2:0', 'job-3:0']);
    expect(made.notAsked).to.deep.equal([{ jobId: 'job-1', slot: 0, reason: { code: 'beyond_plan_size', params: { most: 2 } } }]);
  });
});
