import { expect } from 'chai';
import { systemActor } from '../../platform/actor.ts';
import type { AssignmentId } from '../assignments/contract.ts';
import { getCase } from '../cases/store.ts';
import { getShift } from '../crews/store.ts';
import { getJob } from '../jobs/store.ts';
import { act } from './act.ts';
import { brokenInvariants } from './invariants.fixtures.ts';
import { aCase, aCrewShift, aJob, anEnvelope, applied, minutesLater, says } from './work.fixtures.ts';
import { aWorkingCity } from './working-city.fixtures.ts';

describe('taking work back', () => {
  const { city, crew, assign, dispatched, get, said, openQuestions, later } = aWorkingCity();

  it('recalls at once before the way; the job is ready again', async () => {
    const { jobId } = await aJob(city());
    const id = await dispatched(jobId);
    await applied(city(), { type: 'assignment.recall', assignmentId: id, version: (await get(id)).version, reason: 'elsewhere' });
    expect(await get(id)).to.include({ state: 'recalled', requested: null, officeWords: 'elsewhere', reason: 'dispatcher' });
    expect(await getJob(city().tools.db, jobId)).to.include({ state: 'ready' });
  });

  it('asks a crew on its way; the slot is free at once; an acknowledgement ends it', async () => {
    const { jobId } = await aJob(city());
    const other = await aCrewShift(city());
    const id = await dispatched(jobId);
    await said('travel', id);
    await applied(city(), { type: 'assignment.recall', assignmentId: id, version: (await get(id)).version, reason: 'elsewhere' });
    expect(await get(id)).to.include({ state: 'travelling', requested: 'recall' });
    expect(await getJob(city().tools.db, jobId)).to.include({ state: 'ready' });
    await assign(jobId, other);
    const answer = await says(city(), crew(), { type: 'field.acknowledge_recall', assignmentId: id });
    expect(answer.status).to.equal(200);
    expect(await get(id)).to.include({ state: 'recalled', requested: null });
    expect(await getJob(city().tools.db, jobId)).to.include({ state: 'planned' });
  });

  it('or the time is up', async () => {
    const { jobId } = await aJob(city());
    const id = await dispatched(jobId);
    await said('start', id);
    await applied(city(), { type: 'assignment.cancel', assignmentId: id, version: (await get(id)).version, reason: 'no' });
    const timer = await city().tools.db('timer').where({ kind: 'recall_timeout', subject_id: id }).first<{ due_at: Date }>();
    expect(timer.due_at).to.deep.equal(minutesLater(10, city().clock.now()));
    await applied(city(), { type: 'timer.recall_timeout', assignmentId: id }, systemActor, 'all');
    await city().tools.db('timer').where({ kind: 'recall_timeout', subject_id: id }).update({ done_at: city().clock.now() });
    expect(await get(id)).to.include({ state: 'cancelled', reason: 'dispatcher' });
  });

  it('lets work done after a recall stand, frees the next crew from it, and asks', async () => {
    const { jobId, caseIds } = await aJob(city());
    const other = await aCrewShift(city());
    const id = await dispatched(jobId);
    await applied(city(), { type: 'assignment.recall', assignmentId: id, version: (await get(id)).version, reason: 'x' });
    const next = await assign(jobId, other);
    later(30);
    const answer = await said('complete', id);
    expect(answer.questions.map((q) => q.kind)).to.deep.equal(['done_after_recall']);
    expect(await get(id)).to.include({ state: 'completed' });
    expect(await get(next)).to.include({ state: 'cancelled', reason: 'replanned' });
    expect(await getJob(city().tools.db, jobId)).to.include({ state: 'completed' });
    expect(await getCase(city().tools.db, caseIds[0]!)).to.include({ state: 'resolved' });
    expect((await getShift(city().tools.db, other.shiftId)).orderVersion).to.equal(3);
  });

  it('asks nothing when the work was done before it was recalled and is only told late', async () => {
    const { jobId } = await aJob(city());
    const id = await dispatched(jobId);
    later(60);
    await applied(city(), { type: 'assignment.recall', assignmentId: id, version: (await get(id)).version, reason: 'x' });
    later(60);
    const answer = await said('complete', id, { deviceTime: minutesLater(30).toISOString() });
    expect(answer.questions).to.deep.equal([]);
    expect((await get(id)).endedAt).to.equal(minutesLater(30).toISOString());
    expect(await openQuestions()).to.deep.equal([]);
  });

  it('asks when two crews have done the same slot', async () => {
    const { jobId } = await aJob(city());
    const other = await aCrewShift(city());
    const id = await dispatched(jobId);
    await applied(city(), { type: 'assignment.recall', assignmentId: id, version: (await get(id)).version, reason: 'x' });
    const next = await dispatched(jobId, other);
    await said('complete', next, {}, other);
    later(5);
    await said('complete', id);
    expect((await openQuestions()).sort()).to.deep.equal(['done_after_recall', 'done_by_two']);
  });

  it('gives a crew an assignment of its own for work that had been moved away from it', async () => {
    const { jobId, caseIds } = await aJob(city());
    const other = await aCrewShift(city());
    const id = await assign(jobId);
    later(5);
    await applied(city(), {
      type: 'assignment.move',
      assignmentId: id,
      version: (await get(id)).version,
      shiftId: other.shiftId,
      lockCrew: true,
    });
    later(30);
    await said('start', id);
    later(10);
    const answer = await said('complete', id);
    const own = answer.assignments.find((a) => a.shiftId === crew().shiftId)!;
    expect(own).to.include({ state: 'completed', workedSeconds: 600 });
    expect(await get(id)).to.include({ state: 'cancelled', reason: 'replanned', shiftId: other.shiftId });
    expect(await getCase(city().tools.db, caseIds[0]!)).to.include({ state: 'resolved' });
    expect((await openQuestions()).sort()).to.deep.equal(['crew_on_other_job', 'done_after_cancel']);
  });
});

describe('what the field says', () => {
  const { city, crew, dispatched, get, said, cannot, refused, later } = aWorkingCity();

  it('takes facts of one device in its own order', async () => {
    const { jobId } = await aJob(city());
    const id = await dispatched(jobId);
    await said('start', id, { deviceSeq: 1 });
    later(10);
    await said('resume', id, { deviceSeq: 3 });
    await said('pause', id, { deviceSeq: 2 });
    expect(await get(id)).to.include({ state: 'working', factSeq: 3 });
  });

  it('fills in the time of a step it had jumped over', async () => {
    const { jobId } = await aJob(city());
    const id = await dispatched(jobId);
    later(30);
    await said('complete', id, { deviceSeq: 9 });
    await said('arrive', id, { deviceSeq: 8, deviceTime: minutesLater(12).toISOString() });
    expect(await get(id)).to.include({ state: 'completed', onSiteAt: minutesLater(12).toISOString(), travellingAt: null });
  });

  it('corrects the time by the device’s clock', async () => {
    const { jobId } = await aJob(city());
    const id = await dispatched(jobId);
    later(60);
    // The phone is five minutes ahead and said it ten minutes ago.
    await said('travel', id, {
      deviceTime: minutesLater(-5, city().clock.now()).toISOString(),
      sentAt: minutesLater(5, city().clock.now()).toISOString(),
    });
    expect((await get(id)).travellingAt).to.equal(minutesLater(-10, city().clock.now()).toISOString());
  });

  it('counts worked time without the pauses', async () => {
    const { jobId } = await aJob(city());
    const id = await dispatched(jobId);
    await said('start', id);
    later(20);
    await said('pause', id);
    later(30);
    await said('resume', id);
    later(10);
    await said('complete', id);
    expect((await get(id)).workedSeconds).to.equal(30 * 60);
  });

  it('asks when the same work ends twice and differently', async () => {
    const { jobId } = await aJob(city());
    const id = await dispatched(jobId);
    await said('complete', id);
    const answer = await cannot(id, 'no_access');
    expect(answer.questions.map((q) => q.kind)).to.deep.equal(['ended_twice']);
    expect(await get(id)).to.include({ state: 'completed' });
  });

  it('asks when a crew goes to one job while at work on another', async () => {
    const [a, b] = [await dispatched((await aJob(city())).jobId), await dispatched((await aJob(city())).jobId)];
    await said('start', a);
    expect((await said('travel', b)).questions.map((q) => q.kind)).to.deep.equal(['crew_on_other_job']);
  });

  it('refuses another crew’s device, an unknown assignment, and a decline after accepting', async () => {
    const other = await aCrewShift(city());
    const id = await dispatched((await aJob(city())).jobId);
    const foreign = await says(city(), other, { type: 'field.accept', assignmentId: id });
    expect(foreign).to.deep.include({ status: 403, repeated: false });
    const unknown = await says(city(), crew(), {
      type: 'field.accept',
      assignmentId: city().tools.ids.next(city().clock.now()) as AssignmentId,
    });
    expect(unknown.status).to.equal(404);
    await said('accept', id);
    const declined = await says(city(), crew(), { type: 'field.decline', assignmentId: id, reason: 'too_far' });
    expect(declined.body).to.deep.include({ type: '/problems/illegal-transition', status: 409 });
    const command = await act(city().tools, crew().crew, 'own', anEnvelope(city()), {
      type: 'job.cancel',
      jobId: (await aJob(city())).jobId,
      version: 1,
      reason: 'x',
    });
    expect(command.status).to.equal(403);
  });

  it('takes a dispatcher’s word by radio', async () => {
    const id = await dispatched((await aJob(city())).jobId);
    await applied(city(), { type: 'field.arrive', assignmentId: id });
    expect(await get(id)).to.include({ state: 'on_site' });
    const event = await city()
      .tools.db('event')
      .where({ assignment_id: id })
      .orderBy('seq', 'desc')
      .first<{ body: object }>('body');
    expect(event.body).to.deep.include({ byRadio: true, implied: ['accepted', 'travelling'] });
  });

  it('answers twice the same, refuses the same id for something else, and writes nothing for a refusal', async () => {
    const id = await dispatched((await aJob(city())).jobId);
    const envelope = anEnvelope(city());
    const once = await act(city().tools, crew().crew, 'own', envelope, { type: 'field.accept', assignmentId: id });
    const twice = await act(city().tools, crew().crew, 'own', envelope, { type: 'field.accept', assignmentId: id });
    expect(twice).to.deep.include({ status: 200, repeated: true });
    expect(JSON.parse(JSON.stringify(once.body))).to.deep.equal(twice.body);
    const other = await refused(act(city().tools, crew().crew, 'own', envelope, { type: 'field.travel', assignmentId: id }));
    expect(other).to.include({ status: 422, type: 'action-reused' });
  });
});

describe('what could not be completed', () => {
  const { city, crew, dispatched, get, said, cannot } = aWorkingCity();

  it('becomes a follow-up with what was missing, and the cases go with it', async () => {
    const { jobId, caseIds } = await aJob(city());
    const id = await dispatched(jobId);
    await said('arrive', id);
    const answer = await cannot(id, 'needs_plant', { missing: ['pump'] });
    const follow = answer.jobs.find((j) => j.followUpOf === jobId)!;
    const job = await getJob(city().tools.db, follow.id);
    expect(job).to.deep.include({
      state: 'ready',
      followUpReason: 'needs_plant',
      slots: [{ skills: ['asphalt'], plant: ['pump'] }],
    });
    expect(await getJob(city().tools.db, jobId)).to.include({ state: 'cannot_complete' });
    expect(await getCase(city().tools.db, caseIds[0]!)).to.include({ state: 'triaged' });
    await said('complete', await dispatched(follow.id));
    expect(await getCase(city().tools.db, caseIds[0]!)).to.include({ state: 'resolved' });
  });

  it('closes every case when nothing was there', async () => {
    const caseIds = [await aCase(city()), await aCase(city())];
    const { jobId } = await aJob(city(), {}, caseIds);
    const answer = await cannot(await dispatched(jobId), 'not_found');
    expect(answer.jobs.map((j) => j.id)).to.deep.equal([jobId]);
    for (const id of caseIds) expect(await getCase(city().tools.db, id)).to.include({ state: 'no_action' });
  });

  it('waits for the other crew of a job with two slots before it is over', async () => {
    const other = await aCrewShift(city());
    const { jobId } = await aJob(city(), {
      slots: [
        { skills: [], plant: [] },
        { skills: ['traffic'], plant: [] },
      ],
    });
    const [a, b] = [await dispatched(jobId), await dispatched(jobId, other, 1)];
    await cannot(a, 'out_of_time', { secondsLeft: 600 });
    expect(await getJob(city().tools.db, jobId)).to.include({ state: 'dispatched' });
    const answer = await said('complete', b, {}, other);
    const follow = answer.jobs.find((j) => j.followUpOf === jobId)!;
    expect(await getJob(city().tools.db, follow.id)).to.deep.include({ slots: [{ skills: [], plant: [] }], serviceSeconds: 600 });
  });

  it('keeps the order between jobs', async () => {
    const [first, second] = [await aJob(city()), await aJob(city())];
    await city().tools.db('job_order').insert({ earlier_job_id: first.jobId, later_job_id: second.jobId, least_lag_seconds: 60 });
    const answer = await cannot(await dispatched(first.jobId), 'no_access');
    const follow = answer.jobs.find((j) => j.followUpOf === first.jobId)!;
    const orders = await city()
      .tools.db('job_order')
      .where({ earlier_job_id: follow.id })
      .select('later_job_id', 'least_lag_seconds');
    expect(orders).to.deep.equal([{ later_job_id: second.jobId, least_lag_seconds: 60 }]);
  });

  it('keeps a crew’s own words out of answers and events', async () => {
    const { jobId } = await aJob(city());
    const id = await dispatched(jobId);
    await says(city(), crew(), { type: 'field.decline', assignmentId: id, reason: 'Mrs Secretname shouts' });
    expect(await get(id)).to.include({ state: 'declined', reason: 'other', notePresent: true });
    expect(await brokenInvariants(city().tools.db, ['secretname'])).to.deep.equal([]);
  });
});
