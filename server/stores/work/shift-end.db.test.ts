import { expect } from 'chai';
import { systemActor } from '../../platform/actor.ts';
import { getShift } from '../crews/store.ts';
import { getJob } from '../jobs/store.ts';
import type { WorkAnswer } from './contract.ts';
import { aJob, applied, minutesLater } from './work.fixtures.ts';
import { aWorkingCity } from './working-city.fixtures.ts';

describe('the end of a shift', () => {
  const { city, crew, assign, dispatched, get, said, cannot, openQuestions, later } = aWorkingCity();

  const end = async (): Promise<WorkAnswer> => {
    city().clock.set(minutesLater(7 * 60 + 30));
    return applied(city(), { type: 'timer.shift_end', shiftId: crew().shiftId }, systemActor, 'all');
  };
  const heard = (at: Date) =>
    city().tools.db('device_seen').insert({ device_id: crew().crew.deviceId, last_seen_at: at }).onConflict('device_id').merge();

  it('takes back what was not begun when the phone was heard of since; asks about what is under way', async () => {
    const [planned, accepted, working] = [await aJob(city()), await aJob(city()), await aJob(city())];
    const a = await assign(planned.jobId);
    const b = await dispatched(accepted.jobId);
    await said('accept', b);
    const c = await dispatched(working.jobId);
    await said('start', c);
    await heard(minutesLater(7 * 60 + 10));
    await end();
    for (const id of [a, b]) expect(await get(id)).to.include({ state: 'cancelled', reason: 'shift_ended' });
    expect(await get(c)).to.include({ state: 'working' });
    expect(await getJob(city().tools.db, planned.jobId)).to.include({ state: 'ready' });
    expect(await getShift(city().tools.db, crew().shiftId)).to.include({ state: 'ended' });
    expect(await openQuestions()).to.deep.equal(['after_shift']);
    // Out of time is a fact, after the shift too.
    const answer = await cannot(c, 'out_of_time', { secondsLeft: 1200 });
    const follow = answer.jobs.find((j) => j.followUpOf === working.jobId)!;
    expect(await getJob(city().tools.db, follow.id)).to.include({ serviceSeconds: 1200, state: 'ready' });
  });

  it('asks when the phone is silent, looks again, and answers itself when it is heard of', async () => {
    const { jobId } = await aJob(city());
    const id = await assign(jobId);
    await heard(minutesLater(60));
    await end();
    expect(await get(id)).to.include({ state: 'planned' });
    expect(await openQuestions()).to.deep.equal(['shift_end_unsynchronised']);
    const timer = await city().tools.db('timer').where({ kind: 'shift_end' }).whereNull('done_at').first<{ due_at: Date }>();
    expect(timer.due_at).to.deep.equal(minutesLater(7 * 60 + 45));
    await heard(minutesLater(7 * 60 + 40));
    await end();
    expect(await get(id)).to.include({ state: 'cancelled', reason: 'shift_ended' });
    expect(await openQuestions()).to.deep.equal([]);
  });

  it('does not call a phone silent that reports its work and sends no positions', async () => {
    const [left, done] = [await aJob(city()), await aJob(city())];
    const a = await assign(left.jobId);
    const b = await dispatched(done.jobId);
    city().clock.set(minutesLater(7 * 60 + 10));
    await said('complete', b);
    await end();
    expect(await get(a)).to.include({ state: 'cancelled', reason: 'shift_ended' });
  });

  it('lets work done after the shift stand, and asks', async () => {
    const { jobId } = await aJob(city());
    const id = await assign(jobId);
    await heard(minutesLater(7 * 60));
    await end();
    later(30);
    const answer = await said('complete', id);
    expect(answer.questions.map((q) => q.kind)).to.deep.equal(['after_shift']);
    expect(await getJob(city().tools.db, jobId)).to.include({ state: 'completed' });
  });
});
