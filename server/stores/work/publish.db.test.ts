import { expect } from 'chai';
import { systemActor } from '../../platform/actor.ts';
import { inChange } from '../../platform/change.ts';
import { Problem } from '../../platform/problem.ts';
import type { AssignmentId } from '../assignments/contract.ts';
import { getAssignment } from '../assignments/store.ts';
import { getShift } from '../crews/store.ts';
import { JobId } from '../jobs/contract.ts';
import { getJob } from '../jobs/store.ts';
import { apply } from './apply.ts';
import type { Command, PlanStop, PublishOutcome } from './contract.ts';
import { brokenInvariants } from './invariants.fixtures.ts';
import { receiveCases } from './receive.ts';
import {
  aCity,
  aCrewShift,
  aDraftPlan,
  aJob,
  aNewCase,
  aNewJob,
  applied,
  minutesLater,
  says,
  type TestCity,
  type TestCrew,
} from './work.fixtures.ts';

type Publish = Extract<Command, { type: 'plan.publish' }>;

describe('publishing a plan', () => {
  let city: TestCity;
  let one: TestCrew;
  let two: TestCrew;
  beforeEach(async () => {
    city = await aCity();
    [one, two] = [await aCrewShift(city), await aCrewShift(city)];
  });
  afterEach(async () => {
    const broken = await brokenInvariants(city.tools.db);
    await city.drop();
    expect(broken).to.deep.equal([]);
  });

  const jobs = async (count: number): Promise<JobId[]> => {
    const ids: JobId[] = [];
    for (let i = 0; i < count; i++) ids.push((await aJob(city)).jobId);
    return ids;
  };
  const stop = (jobId: JobId, position: number, over: Partial<PlanStop> = {}): PlanStop => ({
    jobId,
    slot: 0,
    assignmentId: null,
    shiftId: one.shiftId,
    position,
    plannedArrival: minutesLater(60 + position * 60).toISOString(),
    plannedStart: minutesLater(60 + position * 60).toISOString(),
    plannedEnd: minutesLater(90 + position * 60).toISOString(),
    plannedDeparture: minutesLater(50 + position * 60).toISOString(),
    ...over,
  });
  /** What a planner sees at this moment. */
  const saw = async (): Promise<Publish['saw']> => {
    const { db } = city.tools;
    const versions = async (table: string): Promise<Record<string, number>> =>
      Object.fromEntries(
        (await db(table).select<{ id: string; planning_version: number }[]>('id', 'planning_version')).map((r) => [
          r.id,
          r.planning_version,
        ]),
      );
    return { jobs: await versions('job'), shifts: await versions('crew_shift') };
  };
  const publish = async (stops: PlanStop[], over: Partial<Publish> = {}): Promise<PublishOutcome> => {
    const planId = over.planId ?? (await aDraftPlan(city));
    const command: Publish = {
      type: 'plan.publish',
      planId,
      stops,
      leftOut: [],
      saw: over.saw ?? (await saw()),
      freezeSeconds: 1800,
      ...over,
    };
    return (await inChange(city.tools, city.dispatcher, (change) => apply(change, 'area', command))).body as PublishOutcome;
  };
  const activeOf = async (jobId: JobId): Promise<AssignmentId> => {
    const row = await city.tools
      .db('assignment')
      .where({ job_id: jobId })
      .whereIn('state', ['planned', 'dispatched', 'accepted', 'working'])
      .whereNull('requested')
      .first<{ id: AssignmentId }>('id');
    return row.id;
  };
  const orderOf = async (crew: TestCrew): Promise<string[]> =>
    (
      await city.tools
        .db('assignment')
        .where({ shift_id: crew.shiftId })
        .whereNull('ended_at')
        .orderBy('position')
        .select<{ job_id: string }[]>('job_id')
    ).map((r) => r.job_id);
  const because = (outcome: PublishOutcome): Record<string, string> =>
    Object.fromEntries(outcome.leftAlone.map((l) => [l.jobId, l.because]));

  it('assigns, freezes what is near, sets a timer for the rest, and makes the plan the one in force', async () => {
    const [a, b] = await jobs(2);
    const first = await aDraftPlan(city);
    await publish([], { planId: first });
    const planId = await aDraftPlan(city);
    const outcome = await publish([stop(a!, 0, { plannedDeparture: minutesLater(30).toISOString() }), stop(b!, 1)], { planId });
    expect(outcome).to.deep.include({
      assigned: 2,
      dispatched: 1,
      leftAlone: [],
      shifts: [{ shiftId: one.shiftId, orderVersion: 2 }],
    });
    expect(await getJob(city.tools.db, a!)).to.include({ state: 'dispatched' });
    expect(await getJob(city.tools.db, b!)).to.include({ state: 'planned' });
    const timers = await city.tools
      .db('timer')
      .where({ kind: 'freeze' })
      .select<{ subject_id: string; due_at: Date }[]>('subject_id', 'due_at');
    expect(timers).to.deep.equal([{ subject_id: await activeOf(b!), due_at: minutesLater(110 - 30) }]);
    const stateOf = async (id: string): Promise<string> =>
      (await city.tools.db('plan').where({ id }).first<{ state: string }>('state')).state;
    expect([await stateOf(first), await stateOf(planId)]).to.deep.equal(['superseded', 'published']);
  });

  it('refuses what is not a draft, and an unknown plan', async () => {
    const planId = await aDraftPlan(city);
    await publish([], { planId });
    city.clock.set(minutesLater(1));
    const refused = async (id: string): Promise<unknown> => publish([], { planId: id }).catch((error: unknown) => error);
    expect(await refused(planId))
      .to.be.instanceOf(Problem)
      .and.include({ status: 409, type: 'plan-not-draft' });
    expect(await refused(city.tools.ids.next(city.clock.now()))).to.include({ status: 404 });
  });

  it('leaves alone and lists exactly what changed since, is not movable, locked, taken or not ready', async () => {
    const [changed, held, taken, sent, locked, fine, cancelled] = await jobs(7);
    const setup = await publish([stop(sent!, 0), stop(locked!, 1), stop(cancelled!, 2)]);
    expect(setup.assigned).to.equal(3);
    const [sentId, lockedId, cancelledId] = [await activeOf(sent!), await activeOf(locked!), await activeOf(cancelled!)];
    await applied(city, { type: 'assignment.lock', assignmentId: lockedId, version: 1, crew: true });
    const seen = await saw();
    await applied(city, { type: 'job.change', jobId: changed!, version: 1, change: { priority: 1 } });
    await applied(city, { type: 'assignment.dispatch', assignmentId: sentId, version: 1 });
    await applied(city, { type: 'job.hold', jobId: held!, version: 1, reason: 'x' });
    const heldVersion = (await getJob(city.tools.db, held!)).planningVersion;
    // Another plan, meanwhile, gave this slot to somebody; the job itself is as it was.
    await publish([stop(taken!, 0, { shiftId: two.shiftId })]);
    const outcome = await publish(
      [
        stop(changed!, 0, { shiftId: two.shiftId }),
        stop(held!, 1, { shiftId: two.shiftId }),
        stop(taken!, 2),
        stop(sent!, 3, { assignmentId: sentId, shiftId: two.shiftId }),
        stop(locked!, 4, { assignmentId: lockedId, shiftId: two.shiftId }),
        stop(fine!, 5, { shiftId: two.shiftId }),
        stop(cancelled!, 6, { assignmentId: cancelledId, shiftId: two.shiftId }),
      ],
      { saw: { jobs: { ...seen.jobs, [held!]: heldVersion }, shifts: { ...seen.shifts, ...(await saw()).shifts } } },
    );
    expect(because(outcome)).to.deep.equal({
      [changed!]: 'job_changed',
      [held!]: 'job_not_ready',
      [taken!]: 'slot_taken',
      [sent!]: 'not_movable',
      [locked!]: 'locked',
    });
    expect(outcome).to.include({ assigned: 1, moved: 1 });
    expect((await getAssignment(city.tools.db, cancelledId)).shiftId).to.equal(two.shiftId);
  });

  it('leaves a whole shift alone whose planning version is another, or that has ended', async () => {
    const [a, b] = await jobs(2);
    const seen = await saw();
    await applied(city, { type: 'assignment.assign', jobId: a!, version: 1, slot: 0, shiftId: one.shiftId, lockCrew: true });
    expect(because(await publish([stop(b!, 0)], { saw: seen }))).to.deep.equal({ [b!]: 'shift_changed' });
    await city.tools.db('crew_shift').where({ id: two.shiftId }).update({ state: 'ended', ended_at: city.clock.now() });
    expect(because(await publish([stop(b!, 0, { shiftId: two.shiftId })]))).to.deep.equal({ [b!]: 'shift_ended' });
  });

  it('frees what it leaves out, unless a human locked it', async () => {
    const [a, b] = await jobs(2);
    await publish([stop(a!, 0), stop(b!, 1)]);
    const [aId, bId] = [await activeOf(a!), await activeOf(b!)];
    await applied(city, { type: 'assignment.lock', assignmentId: bId, version: 1, crew: true });
    const outcome = await publish([], { leftOut: [aId, bId] });
    expect(outcome).to.deep.include({ unassigned: 1, leftAlone: [{ jobId: b, slot: 0, because: 'locked' }] });
    expect(await getAssignment(city.tools.db, aId)).to.include({ state: 'cancelled', reason: 'replanned' });
    expect(await orderOf(one)).to.deep.equal([b]);
  });

  it('keeps work that is with the crew where it is in the order', async () => {
    const [a, b, c, d] = await jobs(4);
    await publish([stop(a!, 0), stop(b!, 1)]);
    const aId = await activeOf(a!);
    await applied(city, { type: 'assignment.dispatch', assignmentId: aId, version: 1 });
    const bId = await activeOf(b!);
    // The plan knew `a` as the first stop, and puts two before `b`.
    const outcome = await publish([stop(c!, 1), stop(d!, 2), stop(b!, 3, { assignmentId: bId })]);
    expect(await orderOf(one)).to.deep.equal([a, c, d, b]);
    expect(outcome.shifts).to.deep.equal([{ shiftId: one.shiftId, orderVersion: 3 }]);
    const again = await publish([
      stop(c!, 1, { assignmentId: await activeOf(c!) }),
      stop(d!, 2, { assignmentId: await activeOf(d!) }),
      stop(b!, 3, { assignmentId: bId }),
    ]);
    expect(again).to.deep.include({ unchanged: 3, moved: 0, assigned: 0, shifts: [] });
  });

  it('sends a stop when its freeze timer rings, and nothing when it is planned no more', async () => {
    const [a] = await jobs(1);
    await publish([stop(a!, 0)]);
    const id = await activeOf(a!);
    await applied(city, { type: 'timer.freeze', assignmentId: id }, systemActor, 'all');
    expect(await getAssignment(city.tools.db, id)).to.include({ state: 'dispatched' });
    await city.tools.db('timer').where({ kind: 'freeze' }).update({ done_at: city.clock.now() });
    await says(city, one, { type: 'field.accept', assignmentId: id });
    await applied(city, { type: 'timer.freeze', assignmentId: id }, systemActor, 'all');
    expect(await getAssignment(city.tools.db, id)).to.include({ state: 'accepted' });
  });

  it('makes nothing of a slot whose assignment is gone', async () => {
    const [a] = await jobs(1);
    await publish([stop(a!, 0)]);
    const id = await activeOf(a!);
    const seen = await saw();
    await says(city, one, { type: 'field.decline', assignmentId: id, reason: 'too_far' });
    expect(because(await publish([stop(a!, 0, { assignmentId: id })], { saw: seen }))).to.deep.equal({ [a!]: 'not_movable' });
    expect((await getShift(city.tools.db, one.shiftId)).planningVersion).to.equal(seen.shifts[one.shiftId]);
  });

  it('publishes 900 stops in one transaction', async function () {
    this.timeout(60_000);
    const shifts = [one, two];
    while (shifts.length < 45) shifts.push(await aCrewShift(city));
    const rows = Array.from({ length: 900 }, () => aNewCase(city));
    const ids = await inChange(city.tools, systemActor, async (change) => {
      const received = await receiveCases(change, rows);
      const made: JobId[] = [];
      for (const { id } of received) {
        const answer = await apply(change, 'all', { type: 'case.make_job', caseIds: [id], job: aNewJob(), cause: 'policy' });
        made.push(JobId.parse((answer.body as { jobs: { id: string }[] }).jobs[0]!.id));
      }
      return made;
    });
    const stops = ids.map((jobId, i) => stop(jobId, Math.floor(i / 45), { shiftId: shifts[i % 45]!.shiftId }));
    const seen = await saw();
    const planId = await aDraftPlan(city);
    const started = performance.now();
    const outcome = await publish(stops, { saw: seen, planId });
    const assignedMillis = performance.now() - started;
    expect(outcome).to.include({ assigned: 900 });
    const second = (
      await city.tools
        .db('assignment')
        .select<{ id: AssignmentId; job_id: JobId; shift_id: string; position: number }[]>('id', 'job_id', 'shift_id', 'position')
    ).map((a, i) => stop(a.job_id, a.position, { assignmentId: a.id, shiftId: shifts[(i * 7) % 45]!.shiftId }));
    const again = await saw();
    const planTwo = await aDraftPlan(city);
    const restarted = performance.now();
    const moved = await publish(second, { saw: again, planId: planTwo });
    console.log(
      `      900 assigned in ${assignedMillis.toFixed(0)} ms, ${moved.moved} moved in ${(performance.now() - restarted).toFixed(0)} ms`,
    );
    expect(moved.moved).to.be.greaterThan(500);
  });
});
