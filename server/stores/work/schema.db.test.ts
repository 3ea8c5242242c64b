import { expect } from 'chai';
import type { JobId } from '../jobs/contract.ts';
import { aCase, aCity, aCrewShift, aJob, applied, minutesLater, MORNING, type TestCity, type TestCrew } from './work.fixtures.ts';

/** What the schema refuses although somebody writes past the code. */
describe('the schema', () => {
  let city: TestCity;
  let crew: TestCrew;
  let jobId: JobId;
  beforeEach(async () => {
    city = await aCity();
    crew = await aCrewShift(city);
    ({ jobId } = await aJob(city, {
      slots: [
        { skills: [], plant: [] },
        { skills: [], plant: [] },
      ],
    }));
  });
  afterEach(() => city.drop());

  const id = (): string => city.tools.ids.next(MORNING);
  const assignment = (over: Record<string, unknown> = {}) =>
    city.tools.db('assignment').insert({
      id: id(),
      job_id: jobId,
      slot: 0,
      shift_id: crew.shiftId,
      position: 0,
      state: 'planned',
      created_at: MORNING,
      ...over,
    });
  const refused = async (doing: PromiseLike<unknown>): Promise<string> => {
    try {
      await doing;
    } catch (error) {
      const { code, constraint } = error as { code: string; constraint?: string };
      return constraint ?? code;
    }
    return 'nothing refused it';
  };

  it('a slot with two crews', async () => {
    const other = await aCrewShift(city);
    await assignment();
    expect(await refused(assignment({ shift_id: other.shiftId, state: 'working' }))).to.equal('assignment_active_slot');
    // Asked back: the slot is free.
    await assignment({ shift_id: other.shiftId, state: 'working', requested: 'recall', requested_at: MORNING });
  });

  it('a crew with two slots of one job', async () => {
    await assignment();
    expect(await refused(assignment({ slot: 1 }))).to.equal('assignment_active_shift');
  });

  const rows: readonly (readonly [string, Record<string, unknown>])[] = [
    ['an unknown state', { state: 'done' }],
    ['an end without a time', { state: 'recalled' }],
    ['a time of end without an end', { ended_at: MORNING }],
    ['a cancel without a cause', { state: 'cancelled', ended_at: MORNING }],
    ['a refusal without a reason', { state: 'cannot_complete', ended_at: MORNING }],
    ['a completion without a word on its visit', { state: 'completed', ended_at: MORNING }],
    ['a visit of what was not completed', { verification: 'pending' }],
    ['a promise with one end', { promised_from: MORNING }],
    ['a recall asked of a crew that was not told', { requested: 'recall', requested_at: MORNING }],
    ['a recall without its time', { state: 'working', requested: 'recall' }],
    ['a slot below zero', { slot: -1 }],
    ['no time left as zero', { seconds_left: 0 }],
  ];
  for (const [sentence, over] of rows) {
    it(sentence, async () => expect(await refused(assignment(over))).to.match(/^assignment_.*check/));
  }

  it('a job or case whose decided state is not its state', async () => {
    const { db } = city.tools;
    expect(await refused(db('job').where({ id: jobId }).update({ decided: 'on_hold' }))).to.match(/^job_check/);
    const caseId = await aCase(city);
    expect(await refused(db('cases').where({ id: caseId }).update({ decided: 'referred' }))).to.match(/^cases_check/);
    expect(await refused(db('cases').where({ id: caseId }).update({ decided: 'duplicate', state: 'duplicate' }))).to.match(
      /^cases_check/,
    );
  });

  it('a job with no slot, or five', async () => {
    for (const slots of ['[]', JSON.stringify(Array(5).fill({ skills: [], plant: [] }))]) {
      expect(await refused(city.tools.db('job').where({ id: jobId }).update({ slots }))).to.match(/^job_slots_check/);
    }
  });

  it('a case twice from one source, and twice in one job', async () => {
    const { db } = city.tools;
    const caseId = await aCase(city);
    const first = await db('cases').where({ id: caseId }).first<{ source_id: string }>('source_id');
    const copy = db.raw(
      `insert into cases (id, number, source, source_id, organisation_id, service_type, place_quality, reported_at, received_at, priority, state)
       values (?, 'x', 'test', ?, ?, 'pothole', 'none', ?, ?, 3, 'received')`,
      [id(), first.source_id, city.organisationId, MORNING, MORNING],
    );
    expect(await refused(copy)).to.equal('cases_source_source_id_key');
    await applied(city, { type: 'case.join', caseId, jobId, cause: 'dispatcher' });
    const again = db('case_job').insert({ id: id(), case_id: caseId, job_id: jobId, cause: 'dispatcher', joined_at: MORNING });
    expect(await refused(again)).to.equal('case_job_active');
  });

  it('a vehicle in two shifts, a crew on two shifts, a phone on two vehicles at once', async () => {
    const { db } = city.tools;
    const other = await aCrewShift(city);
    const during = db.raw('tstzrange(?, ?)', [MORNING, minutesLater(10)]);
    const member = db('shift_member').insert({
      id: id(),
      shift_id: other.shiftId,
      kind: 'vehicle',
      resource_id: crew.vehicleId,
      during,
    });
    expect(await refused(member)).to.match(/^shift_member_.*excl/);
    const shift = db.raw(
      `insert into crew_shift (id, crew_id, organisation_id, service_day, during, start_place)
       select ?, crew_id, organisation_id, service_day, during, start_place from crew_shift where id = ?`,
      [id(), crew.shiftId],
    );
    expect(await refused(shift)).to.match(/^crew_shift_.*excl/);
    const binding = db('device_binding').insert({ id: id(), device_id: crew.crew.deviceId, vehicle_id: other.vehicleId, during });
    expect(await refused(binding)).to.match(/^device_binding_.*excl/);
  });

  it('a case that left a job without a cause', async () => {
    expect(await refused(city.tools.db('case_job').where({ job_id: jobId }).update({ left_at: MORNING }))).to.match(
      /^case_job_check/,
    );
  });

  it('two open timers of a kind for one thing', async () => {
    const timer = () => city.tools.db('timer').insert({ id: id(), kind: 'freeze', due_at: MORNING, subject_id: jobId });
    await timer();
    expect(await refused(timer())).to.equal('timer_open');
  });
});
