import { expect } from 'chai';
import type { AssignmentId } from '../assignments/contract.ts';
import { getAssignment } from '../assignments/store.ts';
import { getCase } from '../cases/store.ts';
import { getJob } from '../jobs/store.ts';
import type { Command, PublishOutcome } from './contract.ts';
import {
  aCase,
  aCity,
  aCrewShift,
  aDraftPlan,
  aJob,
  applied,
  minutesLater,
  says,
  type TestCity,
  type TestCrew,
} from './work.fixtures.ts';

describe('apply', () => {
  let city: TestCity;
  beforeEach(async () => {
    city = await aCity();
  });
  afterEach(() => city.drop());

  const assigned = async (crew: TestCrew, jobId: Awaited<ReturnType<typeof aJob>>['jobId']): Promise<AssignmentId> => {
    const { version } = await getJob(city.tools.db, jobId);
    const answer = await applied(city, {
      type: 'assignment.assign',
      jobId,
      version,
      slot: 0,
      shiftId: crew.shiftId,
      lockCrew: true,
    });
    return answer.assignments[0]!.id;
  };

  it('takes a case through its whole life', async () => {
    const crew = await aCrewShift(city);
    const { jobId, caseIds } = await aJob(city);
    expect((await getCase(city.tools.db, caseIds[0]!)).state).to.equal('triaged');
    const assignmentId = await assigned(crew, jobId);
    expect((await getCase(city.tools.db, caseIds[0]!)).state).to.equal('scheduled');
    for (const type of ['field.accept', 'field.travel', 'field.arrive', 'field.start'] as const) {
      city.clock.set(minutesLater(5, city.clock.now()));
      const answer = await says(city, crew, { type, assignmentId });
      expect(answer.status, JSON.stringify(answer.body)).to.equal(200);
    }
    expect((await getCase(city.tools.db, caseIds[0]!)).state).to.equal('in_progress');
    city.clock.set(minutesLater(30, city.clock.now()));
    const done = await says(city, crew, { type: 'field.complete', assignmentId, fixesThrough: 7, words: 'filled' });
    expect(done.status, JSON.stringify(done.body)).to.equal(200);
    const after = await getAssignment(city.tools.db, assignmentId);
    expect(after).to.include({
      state: 'completed',
      workedSeconds: 1800,
      verification: 'pending',
      fixesThrough: 7,
      notePresent: true,
    });
    expect(await getJob(city.tools.db, jobId)).to.include({ state: 'completed' });
    expect(await getCase(city.tools.db, caseIds[0]!)).to.include({ state: 'resolved' });
    await applied(city, { type: 'visit.settle', assignmentId, verification: 'unverified', visitSeconds: null });
    expect(await getCase(city.tools.db, caseIds[0]!)).to.include({ state: 'resolved_unverified' });
    await applied(city, { type: 'visit.settle', assignmentId, verification: 'verified', visitSeconds: 1700 });
    expect(await getCase(city.tools.db, caseIds[0]!)).to.include({ state: 'resolved' });
  });

  it('publishes, freezes, moves and leaves alone', async () => {
    const [one, two] = [await aCrewShift(city), await aCrewShift(city)];
    const jobs = [];
    for (let i = 0; i < 4; i++) jobs.push((await aJob(city)).jobId);
    const planId = await aDraftPlan(city);
    const saw = { jobs: Object.fromEntries(jobs.map((id) => [id, 1])), shifts: { [one.shiftId]: 1, [two.shiftId]: 1 } };
    const at = (m: number): string => minutesLater(m).toISOString();
    const stops = jobs.map((jobId, position) => ({
      jobId,
      slot: 0,
      assignmentId: null,
      shiftId: one.shiftId,
      position,
      plannedArrival: at(10 + position * 60),
      plannedStart: at(10 + position * 60),
      plannedEnd: at(40 + position * 60),
    }));
    await applied(city, { type: 'job.change', jobId: jobs[3]!, version: 1 + 0, change: { priority: 1 } });
    const command: Command = { type: 'plan.publish', planId, stops, leftOut: [], saw, freezeSeconds: 1800 };
    const outcome = (await applied(city, command)) as unknown as PublishOutcome;
    expect(outcome).to.deep.equal({
      planId,
      assigned: 3,
      moved: 0,
      unassigned: 0,
      unchanged: 0,
      dispatched: 1,
      leftAlone: [{ jobId: jobs[3], slot: 0, because: 'job_changed' }],
      shifts: [{ shiftId: one.shiftId, orderVersion: 2 }],
    });
    expect(await city.tools.db('timer').where({ kind: 'freeze' }).count('* as n')).to.deep.equal([{ n: 2 }]);
    expect(await aCase(city)).to.be.a('string');
  });
});
