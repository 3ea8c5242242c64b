import { expect } from 'chai';
import type { Actor } from '../../platform/actor.ts';
import type { Problem } from '../../platform/problem.ts';
import { getCase } from '../cases/store.ts';
import { getShift } from '../crews/store.ts';
import { getJob } from '../jobs/store.ts';
import { aCase, aCrewShift, aJob, aNewJob, applied } from './work.fixtures.ts';
import { aWorkingCity } from './working-city.fixtures.ts';

describe('cases', () => {
  const { city, assign, dispatched, get, said, refused } = aWorkingCity();

  it('are all answered by one job, and a split restores what was', async () => {
    const own = aNewJob({ title: 'Own', serviceSeconds: 1200 });
    const [a, b] = [
      await aCase(city()),
      await aCase(city(), { place: { lon: -77.04, lat: 38.91 }, roadPoint: { lon: -77.041, lat: 38.911 } }),
    ];
    const { jobId } = await aJob(city(), {}, [a]);
    await applied(city(), { type: 'case.join', caseId: b, jobId, ownJob: own, cause: 'policy' });
    const answer = await applied(city(), { type: 'case.split', caseId: b, jobId, ownJob: true });
    const made = await getJob(city().tools.db, answer.jobs.find((j) => j.id !== jobId)!.id);
    expect(made).to.deep.include({ title: 'Own', serviceSeconds: 1200, place: { lon: -77.04, lat: 38.91 }, state: 'ready' });
    expect(await getCase(city().tools.db, b)).to.include({ state: 'triaged' });
    const only = await refused(applied(city(), { type: 'case.split', caseId: a, jobId, ownJob: true }));
    expect(only).to.include({ status: 409, type: 'only-case' });
    await said('complete', await dispatched(jobId));
    expect(await getCase(city().tools.db, a)).to.include({ state: 'resolved' });
    expect(await getCase(city().tools.db, b)).to.include({ state: 'triaged' });
  });

  it('without a place on a road wait for triage after a split', async () => {
    const [a, b] = [
      await aCase(city()),
      await aCase(city(), { place: null, roadPoint: null, roadMetres: null, placeQuality: 'none' }),
    ];
    const { jobId } = await aJob(city(), {}, [a, b]);
    const answer = await applied(city(), { type: 'case.split', caseId: b, jobId, ownJob: true });
    expect(answer.jobs.map((j) => j.id)).to.deep.equal([jobId]);
    expect(await getCase(city().tools.db, b)).to.include({ state: 'triaged' });
  });

  it('merge into another’s job: the job left behind is cancelled, and a split brings it back', async () => {
    const [a, b] = [await aJob(city()), await aJob(city(), { title: 'Second' })];
    await applied(city(), { type: 'case.join', caseId: b.caseIds[0]!, jobId: a.jobId, leave: b.jobId, cause: 'dispatcher' });
    expect(await getJob(city().tools.db, b.jobId)).to.include({ state: 'cancelled' });
    const answer = await applied(city(), { type: 'case.split', caseId: b.caseIds[0]!, jobId: a.jobId, ownJob: true });
    expect(await getJob(city().tools.db, answer.jobs.find((j) => j.id !== a.jobId)!.id)).to.include({
      title: 'Second',
      state: 'ready',
    });
  });

  it('closed by a decision take their own unstarted job with them; released, they wait for triage of work', async () => {
    const { jobId, caseIds } = await aJob(city());
    const id = await assign(jobId);
    const c = await getCase(city().tools.db, caseIds[0]!);
    await applied(city(), { type: 'case.no_action', caseId: c.id, version: c.version, reason: 'private ground' });
    expect(await get(id)).to.include({ state: 'cancelled', reason: 'job_cancelled' });
    expect(await getJob(city().tools.db, jobId)).to.include({ state: 'cancelled' });
    const closed = await getCase(city().tools.db, c.id);
    expect(closed).to.include({ state: 'no_action', decided: 'no_action' });
    await applied(city(), { type: 'case.release', caseId: c.id, version: closed.version });
    expect(await getCase(city().tools.db, c.id)).to.include({ state: 'triaged', closedAt: null });
  });

  it('reopen until they are triaged again; what has ended answers them no more', async () => {
    const { jobId, caseIds } = await aJob(city());
    await said('complete', await dispatched(jobId));
    const caseId = caseIds[0]!;
    const version = async (): Promise<number> => (await getCase(city().tools.db, caseId)).version;
    await applied(city(), { type: 'case.reopen', caseId, version: await version(), reason: 'still there' });
    expect(await getCase(city().tools.db, caseId)).to.include({ state: 'reopened', closedAt: null });
    await applied(city(), { type: 'case.triage', caseId, version: await version() });
    expect(await getCase(city().tools.db, caseId)).to.include({ state: 'triaged' });
  });

  it('are duplicates of one that is not a duplicate', async () => {
    const [a, b, c] = [await aCase(city()), await aCase(city()), await aCase(city())];
    await applied(city(), { type: 'case.duplicate', caseId: b, version: 1, of: a });
    expect(await getCase(city().tools.db, b)).to.include({ state: 'duplicate', duplicateOf: a });
    expect(await refused(applied(city(), { type: 'case.duplicate', caseId: c, version: 1, of: b }))).to.include({
      type: 'duplicate-of-duplicate',
    });
    expect(await refused(applied(city(), { type: 'case.duplicate', caseId: c, version: 1, of: c }))).to.include({ status: 409 });
  });
});

describe('versions and scope', () => {
  const { city, crew, assign, dispatched, said, refused } = aWorkingCity();

  it('answers a stale version with the present state', async () => {
    const { jobId } = await aJob(city());
    await applied(city(), { type: 'job.change', jobId, version: 1, change: { title: 'New' } });
    const stale = await refused(applied(city(), { type: 'job.change', jobId, version: 1, change: { title: 'Other' } }));
    expect(stale).to.include({ status: 409, type: 'stale-version' });
    expect(stale.present).to.deep.include({ version: 2, title: 'New', planningVersion: 1 });
  });

  it('raises the planning version for inputs of planning only', async () => {
    const { jobId } = await aJob(city());
    const planning = async (): Promise<number> => (await getJob(city().tools.db, jobId)).planningVersion;
    await applied(city(), { type: 'job.change', jobId, version: 1, change: { title: 'New' } });
    expect(await planning()).to.equal(1);
    await applied(city(), { type: 'job.change', jobId, version: 2, change: { priority: 1 } });
    expect(await planning()).to.equal(2);
    const id = await dispatched(jobId);
    const before = await planning();
    const shiftBefore = (await getShift(city().tools.db, crew().shiftId)).planningVersion;
    for (const step of ['accept', 'travel', 'arrive', 'start', 'complete'] as const) await said(step, id);
    expect(await planning()).to.equal(before);
    expect((await getShift(city().tools.db, crew().shiftId)).planningVersion).to.equal(shiftBefore);
  });

  it('refuses what lies outside organisation or area', async () => {
    const { jobId } = await aJob(city());
    const change = { type: 'job.change', jobId, version: 1, change: { priority: 1 } } as const;
    const otherDesk: Actor = { ...city().dispatcher, organisationId: city().tools.ids.next(city().clock.now()) };
    expect(await refused(applied(city(), change, otherDesk, 'organisation'))).to.include({ status: 403, type: 'out-of-scope' });
    const otherArea: Actor = { ...city().dispatcher, areaIds: [city().tools.ids.next(city().clock.now())] };
    expect(await refused(applied(city(), change, otherArea, 'area'))).to.include({ status: 403 });
    await applied(city(), change, otherArea, 'organisation');
  });

  it('refuses a slot that is taken, done, or not there, a job that is not ready, a shift that has ended', async () => {
    const other = await aCrewShift(city());
    const { jobId } = await aJob(city());
    await assign(jobId);
    const tryIt = async (slot: number, to = other, id = jobId): Promise<Problem> => {
      const { version } = await getJob(city().tools.db, id);
      return refused(
        applied(city(), { type: 'assignment.assign', jobId: id, version, slot, shiftId: to.shiftId, lockCrew: true }),
      );
    };
    expect(await tryIt(0)).to.include({ status: 409, type: 'slot-taken' });
    expect(await tryIt(1)).to.include({ status: 409, type: 'no-such-slot' });
    const draft = await aJob(city(), { draft: true });
    expect(await tryIt(0, other, draft.jobId)).to.include({ type: 'job-not-ready' });
    await city().tools.db('crew_shift').where({ id: other.shiftId }).update({ state: 'ended', ended_at: city().clock.now() });
    expect(await tryIt(0, other, (await aJob(city())).jobId)).to.include({ type: 'shift-ended' });
  });
});

describe('the order of stops', () => {
  const { city, crew, assign, dispatched, get } = aWorkingCity();

  it('puts a stop before another, and says so with a new order version', async () => {
    const ids = [];
    for (let i = 0; i < 3; i++) ids.push(await assign((await aJob(city())).jobId));
    const before = (await getShift(city().tools.db, crew().shiftId)).orderVersion;
    const last = ids[2]!;
    await applied(city(), {
      type: 'assignment.move',
      assignmentId: last,
      version: 1,
      shiftId: crew().shiftId,
      before: ids[0]!,
      lockCrew: false,
    });
    const order = await city()
      .tools.db('assignment')
      .where({ shift_id: crew().shiftId })
      .orderBy('position')
      .select<{ id: string }[]>('id');
    expect(order.map((o) => o.id)).to.deep.equal([last, ids[0], ids[1]]);
    expect((await getShift(city().tools.db, crew().shiftId)).orderVersion).to.equal(before + 1);
    expect((await get(ids[0]!)).version).to.equal(1);
  });

  it('moves work a crew was told of by taking it back and planning it anew', async () => {
    const other = await aCrewShift(city());
    const { jobId } = await aJob(city());
    const id = await dispatched(jobId);
    await applied(city(), {
      type: 'assignment.move',
      assignmentId: id,
      version: (await get(id)).version,
      shiftId: other.shiftId,
      lockCrew: true,
    });
    expect(await get(id)).to.include({ state: 'recalled' });
    expect(await getJob(city().tools.db, jobId)).to.include({ state: 'planned' });
  });
});
