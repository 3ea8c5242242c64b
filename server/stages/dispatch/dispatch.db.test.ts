import { expect } from 'chai';
import type { ProblemBody } from '../../platform/contract.ts';
import type { Assignment } from '../../stores/assignments/contract.ts';
import type { WorkAnswer } from '../../stores/work/contract.ts';
import type { JobCandidates } from '../planning/contract.ts';
import { aNewJob, inTown, openTown, type Town } from '../planning/town.db.test.ts';
import type { LastAction, Undone } from './contract.ts';

describe('the desk', () => {
  let town: Town;
  beforeEach(async () => {
    town = await openTown({ crews: 3 });
  });
  afterEach(() => town.close());

  const kinds = { case: '/api/cases/commands', job: '/api/jobs/commands', assignment: '/api/assignments/commands' };
  /** Sends a command to where its kind belongs. */
  const say = <T = WorkAnswer>(command: { type: string; [field: string]: unknown }) =>
    town.ask<T>('POST', kinds[command.type.split('.')[0] as keyof typeof kinds], { envelope: town.envelope(), command });
  const undo = <T = Undone>(actionId?: string) =>
    town.ask<T>('POST', '/api/undo', { envelope: town.envelope(), ...(actionId ? { actionId } : {}) });
  const last = async () => (await town.ask<LastAction>('GET', '/api/undo')).body;
  const active = async (jobId: string): Promise<Record<string, unknown> | undefined> =>
    town.tools
      .db('assignment')
      .where({ job_id: jobId, state: 'planned' })
      .first<Record<string, unknown> | undefined>(
        'id',
        'shift_id',
        'position',
        'planned_start',
        'lock_crew',
        'lock_time',
        'lock_order',
        'version',
      );
  const shiftId = (index: number): string => town.shifts[index]?.id ?? '';
  const aJob = async () => {
    const [job] = await town.report(inTown(1));
    if (job === undefined) throw new Error('no job');
    return job;
  };
  const assign = async (jobId: string, version: number, shift = 0, more: object = {}): Promise<Assignment> => {
    const { status, body } = await say({ type: 'assignment.assign', jobId, version, slot: 0, shiftId: shiftId(shift), ...more });
    expect(status).to.equal(200);
    const [made] = body.assignments;
    if (made === undefined) throw new Error('nothing was assigned');
    return made;
  };

  it('answers a repeated command the same, and a stale one with what is true now', async () => {
    const job = await aJob();
    const body = {
      envelope: town.envelope(),
      command: { type: 'assignment.assign', jobId: job.id, version: job.version, slot: 0, shiftId: shiftId(0) },
    };
    const first = await town.ask<WorkAnswer>('POST', kinds.assignment, body);
    const again = await town.ask<WorkAnswer>('POST', kinds.assignment, body);
    expect(again).to.deep.equal({ ...first, repeated: true });
    const stale = await say<ProblemBody>({ type: 'job.hold', jobId: job.id, version: job.version, reason: 'later' });
    expect([stale.status, stale.body.type]).to.deep.equal([409, '/problems/stale-version']);
    expect(stale.body.present).to.include({ id: job.id, version: job.version + 1 });
    const wrongPlace = await town.ask<ProblemBody>('POST', kinds.job, { ...body, envelope: town.envelope() });
    expect(wrongPlace.status).to.equal(400);
  });

  it('makes no job that the city cannot have, and does not speak for the policy', async () => {
    const job = await aJob();
    const [{ case_id: caseId } = { case_id: '' }] = await town.tools.db('case_job').select<{ case_id: string }[]>('case_id');
    const place = { lon: -77.03, lat: 38.91 };
    const make = (over: object, cause = 'dispatcher') =>
      say<ProblemBody>({ type: 'case.make_job', caseIds: [caseId], cause, job: { ...aNewJob(place), ...over } });
    const before = await town.tools.db('job');
    for (const [refused, path] of [
      [await make({ jobType: 'moon-dust' }), 'command.job.jobType'],
      [await make({ place: { lon: 0, lat: 0 }, roadPoint: { lon: 0, lat: 0 } }), 'command.job.roadPoint'],
      [await make({ roadPoint: { lon: -77.03, lat: 38.95 } }), 'command.job.roadPoint'],
      [await make({}, 'policy'), 'command.cause'],
    ] as const) {
      expect([refused.status, refused.body.type], path).to.deep.equal([400, '/problems/invalid-input']);
      expect(refused.body.errors?.[0]?.path).to.equal(path);
    }
    expect(await town.tools.db('job')).to.deep.equal(before);
    expect(job.id).to.equal(before[0]?.id);
    expect((await make({})).status).to.equal(200);
  });

  it("has nothing to take back at first, and takes back nobody else's", async () => {
    expect(await last()).to.deep.equal({ actionId: null, kind: null, at: null, blocked: null });
    const refused = await undo<ProblemBody>();
    expect([refused.status, refused.body.type]).to.deep.equal([409, '/problems/nothing-to-undo']);
  });

  it('takes back an assignment', async () => {
    const job = await aJob();
    await assign(job.id, job.version);
    expect(await last()).to.include({ kind: 'assignment.assign', blocked: null });
    const body = { envelope: town.envelope() };
    const undone = await town.ask<Undone>('POST', '/api/undo', body);
    expect([undone.status, undone.body.kind]).to.deep.equal([200, 'assignment.assign']);
    expect(await active(job.id)).to.equal(undefined);
    expect(await town.ask('POST', '/api/undo', body)).to.deep.equal({ ...undone, repeated: true });
    expect((await last()).actionId).to.equal(null);
  });

  it('takes back a move: crew, place in the order, time and locks are as they were', async () => {
    const jobs = await town.report(inTown(3));
    for (const job of jobs) await assign(job.id, job.version, 0, { plannedStart: '2026-01-27T15:00:00.000Z', lockCrew: false });
    const first = jobs[0]?.id ?? '';
    const was = await active(first);
    const order = async (): Promise<string[]> =>
      town.tools
        .db('assignment')
        .where({ shift_id: shiftId(0), state: 'planned' })
        .orderBy('position')
        .pluck('job_id');
    const orderBefore = await order();
    await say({ type: 'assignment.move', assignmentId: was?.['id'], version: was?.['version'], shiftId: shiftId(1) });
    expect(await active(first)).to.include({ shift_id: shiftId(1), lock_crew: true, planned_start: null });
    const undone = await undo();
    expect(undone.status).to.equal(200);
    const { version: _, position: __, ...now } = (await active(first)) ?? {};
    const { version: ___, position: ____, ...before } = was ?? {};
    expect(now).to.deep.equal(before);
    expect(await order()).to.deep.equal(orderBefore);
  });

  it('takes back an unassignment, a lock, a change, a hold and a triage', async () => {
    const job = await aJob();
    const a = await assign(job.id, job.version, 0, { plannedStart: '2026-01-27T15:00:00.000Z' });
    await say({ type: 'assignment.lock', assignmentId: a.id, version: a.version, order: true });
    await undo();
    expect(await active(job.id)).to.include({ lock_order: false, lock_time: true });

    const now = await active(job.id);
    await say({ type: 'assignment.unassign', assignmentId: a.id, version: now?.['version'] });
    expect(await active(job.id)).to.equal(undefined);
    await undo();
    expect(await active(job.id)).to.include({ shift_id: shiftId(0), lock_crew: true, lock_time: true });

    const versionOf = async (): Promise<number> =>
      (await town.tools.db('job').where({ id: job.id }).first<{ version: number }>('version')).version;
    await say({ type: 'job.change', jobId: job.id, version: await versionOf(), change: { priority: 1, title: 'At once' } });
    await undo();
    expect(await town.tools.db('job').where({ id: job.id }).first('priority', 'title')).to.deep.equal({
      priority: 2,
      title: 'Clear snow',
    });

    await say({ type: 'job.hold', jobId: job.id, version: await versionOf(), reason: 'no salt' });
    expect(await active(job.id)).to.equal(undefined);
    await undo();
    expect(await town.tools.db('job').where({ id: job.id }).first('state', 'decided')).to.deep.equal({
      state: 'planned',
      decided: null,
    });
    expect(await active(job.id)).to.include({ shift_id: shiftId(0), lock_time: true });

    const kase = await town.tools.db('cases').first<{ id: string; priority: number }>('id', 'priority');
    await say({ type: 'case.triage', caseId: kase.id, priority: 4 });
    await undo();
    expect(await town.tools.db('cases').where({ id: kase.id }).first('priority')).to.deep.equal({ priority: kase.priority });
  });

  it('takes back one thing after another, though each changed what the one before it left', async () => {
    const job = await aJob();
    const made = await assign(job.id, job.version);
    await say({ type: 'assignment.lock', assignmentId: made.id, version: made.version, time: true });
    const locked = await active(job.id);
    await say({ type: 'assignment.move', assignmentId: made.id, version: locked?.['version'], shiftId: shiftId(1) });
    const changed = await town.tools.db('job').where({ id: job.id }).first<{ version: number }>('version');
    await say({ type: 'job.change', jobId: job.id, version: changed.version, change: { priority: 1 } });
    for (const kind of ['job.change', 'assignment.move', 'assignment.lock', 'assignment.assign']) {
      expect((await last()).blocked).to.equal(null);
      const undone = await undo();
      expect([undone.status, undone.body.kind]).to.deep.equal([200, kind]);
    }
    expect(await active(job.id)).to.equal(undefined);
  });

  it('takes nothing back over what was done since and still stands', async () => {
    const job = await aJob();
    const made = await assign(job.id, job.version);
    const first = await town.tools.db('job').where({ id: job.id }).first<{ version: number }>('version');
    await say({ type: 'job.change', jobId: job.id, version: first.version, change: { priority: 1 } });
    // Another person changes it too, and then one's own later word is taken back.
    await town.tools.db('job').where({ id: job.id }).increment('planning_version', 1).increment('version', 1);
    await town.tools.db.raw(
      `insert into event (seq, type, at, received_at, actor_role, job_id, body)
       select max(seq) + 1, 'job.changed', now(), now(), 'system', ?, '{}' from event`,
      [job.id],
    );
    await town.tools.db('event_counter').update({ last_seq: town.tools.db('event').max('seq') });
    await say({ type: 'assignment.lock', assignmentId: made.id, version: (await active(job.id))?.['version'], order: true });
    expect((await undo()).status).to.equal(200);
    const refused = await undo<ProblemBody>();
    expect([refused.status, refused.body.type]).to.deep.equal([409, '/problems/undo-blocked']);
  });

  it('takes back split and join of cases', async () => {
    const [one, two] = await town.report(inTown(2));
    const cases = await town.tools
      .db('case_job')
      .whereNull('left_at')
      .select<{ case_id: string; job_id: string }[]>('case_id', 'job_id');
    const caseOf = (id: string | undefined): string => cases.find((link) => link.job_id === id)?.case_id ?? '';
    const linksOf = async (caseId: string): Promise<string[]> =>
      town.tools.db('case_job').where({ case_id: caseId }).whereNull('left_at').pluck('job_id');
    await say({ type: 'case.join', caseId: caseOf(two?.id), jobId: one?.id, cause: 'dispatcher' });
    expect(await linksOf(caseOf(two?.id))).to.have.members([one?.id, two?.id]);
    await undo();
    expect(await linksOf(caseOf(two?.id))).to.deep.equal([two?.id]);

    await say({ type: 'case.join', caseId: caseOf(two?.id), jobId: one?.id, cause: 'dispatcher' });
    await say({ type: 'case.split', caseId: caseOf(two?.id), jobId: one?.id, ownJob: false });
    await undo();
    expect(await linksOf(caseOf(two?.id))).to.have.members([one?.id, two?.id]);
  });

  it('overwrites nothing that was done since, and says why it cannot take back', async () => {
    const job = await aJob();
    const a = await assign(job.id, job.version);
    const other = { ...(await town.tools.db('action').first<{ actor_account: string }>('actor_account')) };
    // The plan, or somebody else, touches it afterwards.
    await town.tools.db('assignment').where({ id: a.id }).increment('version', 1);
    expect((await last()).blocked).to.match(/changed since/);
    const refused = await undo<ProblemBody>();
    expect([refused.status, refused.body.type]).to.deep.equal([409, '/problems/undo-blocked']);
    expect(other.actor_account).to.be.a('string');
    await town.tools.db('assignment').where({ id: a.id }).decrement('version', 1);

    await say({ type: 'assignment.dispatch', assignmentId: a.id, version: a.version });
    const told = await undo<ProblemBody>();
    expect(told.body.detail).to.equal('The crew has been told of this; recall the work, or give it again.');
    const wrong = await undo<ProblemBody>('00000000-0000-7000-8000-000000000000');
    expect(wrong.body.detail).to.match(/something else since/);
  });

  it('lists who could take a job, nearest in cost first, and the rule that forbids the others', async () => {
    const job = await aJob();
    const [special] = await town.report(inTown(1), { slots: [{ skills: ['diving'], plant: [] }] });
    const { status, body } = await town.ask<JobCandidates>('GET', `/api/jobs/${job.id}/candidates`);
    expect(status).to.equal(200);
    expect(body.candidates).to.have.length(3);
    const costs = body.candidates.flatMap((c) => (c.fit === null ? [] : [c.fit.extraCost]));
    expect(costs).to.deep.equal([...costs].sort((a, b) => a - b));
    expect(
      body.candidates.every((c) => c.travelSource === 'estimate' && c.startSource === 'depot' && (c.travelSeconds ?? 0) > 0),
    ).to.equal(true);
    const none = (await town.ask<JobCandidates>('GET', `/api/jobs/${special?.id ?? ''}/candidates`)).body.candidates;
    expect(none.map((c) => [c.fit, c.blocked])).to.deep.equal(
      Array(3).fill([null, { code: 'no_crew_with_skills', params: { missing: ['diving'] } }]),
    );
  });

  it("counts a crew's present work when it says who could take a job", async () => {
    const jobs = await town.report(inTown(6), { serviceSeconds: 3 * 3_600, dueAt: null });
    for (const job of jobs.slice(0, 2)) await assign(job.id, job.version, 0);
    const target = jobs[5]?.id ?? '';
    const full = (await town.ask<JobCandidates>('GET', `/api/jobs/${target}/candidates`)).body.candidates;
    expect(full.find((c) => c.shiftId === shiftId(0))?.blocked).to.deep.equal({ code: 'no_room', params: {} });
    expect(full.filter((c) => c.fit !== null)).to.have.length(2);
    const own = (await town.ask<JobCandidates>('GET', `/api/jobs/${jobs[0]?.id ?? ''}/candidates`)).body.candidates;
    expect(own.find((c) => c.shiftId === shiftId(0))).to.deep.include({ current: true, blocked: null });
  });
});
