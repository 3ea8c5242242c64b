import { randomUUID } from 'node:crypto';
import { expect } from 'chai';
import { AssignmentId } from '../../stores/assignments/contract.ts';
import type { SentFix } from '../../stores/positions/contract.ts';
import type { FieldFact } from '../../stores/work/contract.ts';
import { randomIds } from '../../platform/ids.ts';
import { CLIENT_PLACE, JOB_PLACE, later, startField, type FieldStack, type MadeJob } from './field-stack.db.test.ts';

const at = (deviceSeq: number, seconds: number, place = JOB_PLACE): SentFix => ({
  deviceSeq,
  fixTime: later(seconds).toISOString(),
  ...place,
  accuracyMetres: 5,
});

describe('what happens in the field', () => {
  let field: FieldStack;
  let job: MadeJob;
  const say = (type: string, more: object = {}): FieldFact =>
    ({ type, assignmentId: AssignmentId.parse(job.assignmentId), ...more }) as FieldFact;
  const complete = (fixesThrough: number | null): FieldFact => say('field.complete', { fixesThrough });
  const verification = async () => (await field.assignment(job.assignmentId)).verification;
  const caseState = async () => {
    const followed = await field.get(`/api/follow/${job.followTokens[0]!}`, field.desk());
    return [followed.body['state'], followed.body['beingConfirmed']];
  };
  /** Ten minutes of work at the job, a fix a minute, from five minutes after the start. */
  const visit = (firstSeq: number): SentFix[] => Array.from({ length: 11 }, (_, i) => at(firstSeq + i, 300 + i * 60));

  beforeEach(async () => {
    field = await startField();
    job = await field.makeJob();
  });
  afterEach(() => field.close());

  it('is taken by the crew whose work it is, and the state follows', async () => {
    field.clock.set(later(60));
    const answer = await field.fact(say('field.travel'), later(30));
    expect(answer.status).to.equal(200);
    expect(await field.assignment(job.assignmentId)).to.include({ state: 'travelling', travellingAt: later(30).toISOString() });
    expect(await caseState()).to.deep.equal(['in_progress', false]);
  });

  it('twice is one effect and the same answer; the same id for something else is refused', async () => {
    field.clock.set(later(60));
    const actionId = randomUUID();
    const [one, two] = await Promise.all([
      field.fact(say('field.accept'), later(30), { actionId }),
      field.fact(say('field.accept'), later(30), { actionId }),
    ]);
    expect(one.body).to.deep.equal(two.body);
    expect([one.repeated, two.repeated].sort()).to.deep.equal([false, true]);
    const other = await field.fact(say('field.travel'), later(31), { actionId });
    expect([other.status, other.body['type']]).to.deep.equal([422, '/problems/action-reused']);
  });

  it('verified: the track shows the visit before the completion comes', async () => {
    field.clock.set(later(900));
    await field.fixes(...visit(1));
    await field.fact(complete(11), later(900));
    expect(await verification()).to.equal('verified');
    expect((await field.assignment(job.assignmentId)).visitSeconds).to.equal(600);
    expect(await caseState()).to.deep.equal(['resolved', false]);
  });

  it('pending while fixes are missing, verified when they come', async () => {
    field.clock.set(later(900));
    await field.fixes(at(1, 300));
    await field.fact(complete(11), later(900));
    expect(await verification()).to.equal('pending');
    expect(await caseState()).to.deep.equal(['resolved', true]);
    field.clock.set(later(1200));
    await field.fixes(...visit(1));
    expect(await verification()).to.equal('verified');
    expect(await caseState()).to.deep.equal(['resolved', false]);
  });

  it('unverified: every fix is here and none shows a visit; upgraded when late fixes of another device do', async () => {
    field.clock.set(later(900));
    await field.fixes(at(1, 300, CLIENT_PLACE), at(2, 880, CLIENT_PLACE));
    await field.fact(complete(2), later(900));
    expect(await verification()).to.equal('unverified');
    expect(await caseState()).to.deep.equal(['resolved_unverified', false]);

    const tracker = randomUUID();
    await field.fresh.db('device').insert({ id: tracker, kind: 'tracker', label: 'tracker', enrolled_at: later(-86_400) });
    await field.fresh.db('device_binding').insert({
      id: randomUUID(),
      device_id: tracker,
      vehicle_id: field.fleet.vehicleId,
      during: field.fresh.db.raw('tstzrange(?, null)', [later(-86_400).toISOString()]),
    });
    field.clock.set(later(4000));
    const sent = await field.post('/api/positions', { fixes: visit(1) }, { ...field.fleet.actor, deviceId: tracker });
    expect(sent.body).to.include({ stored: 11 });
    expect(await verification()).to.equal('verified');
    expect(await caseState()).to.deep.equal(['resolved', false]);
  });

  it('settled by the timer when the fixes never come', async () => {
    field.clock.set(later(900));
    await field.fact(complete(11), later(900));
    await field.timers.runDue(later(900 + 3 * 3600));
    expect(await verification()).to.equal('unverified');
  });

  it('by radio: no device, no fixes; believed when the track shows it', async () => {
    field.clock.set(later(1000));
    await field.fixes(...visit(1));
    const answer = await field.fact(complete(null), later(1000), { actor: field.desk() });
    expect(answer.status).to.equal(200);
    expect(await verification()).to.equal('verified');
  });

  it('a phone that was offline sends its day at once, doubled and out of order: one effect each, in its own order', async () => {
    field.clock.set(later(1800));
    const told: [string, number, object?][] = [
      ['field.accept', 60],
      ['field.travel', 90],
      ['field.arrive', 300],
      ['field.start', 330],
      ['field.complete', 900, { fixesThrough: 11 }],
    ];
    const reports = told.map(([type, seconds, more], i) => ({
      envelope: {
        actionId: randomIds.next(later(seconds)),
        deviceSeq: i + 1,
        deviceTime: later(seconds).toISOString(),
        sentAt: later(1800).toISOString(),
      },
      command: say(type, more),
    }));
    const wild = [4, 2, 0, 3, 1, 2, 4, 0].map((i) => reports[i]!);
    await field.fixes(...visit(1));
    const answer = await field.post('/api/field/batch', { reports: wild }, field.fleet.actor);
    const answers = answer.body['answers'] as { status: number; repeated: boolean }[];
    expect(answers.map((a) => a.status)).to.deep.equal(wild.map(() => 200));
    expect(answers.filter((a) => a.repeated)).to.have.length(3);
    expect(await field.assignment(job.assignmentId)).to.include({
      state: 'completed',
      acceptedAt: later(60).toISOString(),
      travellingAt: later(90).toISOString(),
      onSiteAt: later(300).toISOString(),
      workingAt: later(330).toISOString(),
      endedAt: later(900).toISOString(),
      workedSeconds: 570,
      verification: 'verified',
    });
  });

  it('completed after a recall stands, and the dispatcher is asked', async () => {
    field.clock.set(later(100));
    await field.fact(say('field.travel'), later(60));
    const now = await field.assignment(job.assignmentId);
    field.clock.set(later(200));
    await field.system({
      type: 'assignment.recall',
      assignmentId: AssignmentId.parse(job.assignmentId),
      version: now.version,
      reason: 'an emergency elsewhere',
    });
    field.clock.set(later(900));
    const answer = await field.fact(complete(null), later(800));
    expect(answer.status).to.equal(200);
    expect((answer.body['questions'] as { kind: string }[]).map((q) => q.kind)).to.deep.equal(['done_after_recall']);
    expect((await field.assignment(job.assignmentId)).state).to.equal('completed');
  });

  it('cannot complete: the reason makes its follow-up, and the case goes with it', async () => {
    field.clock.set(later(900));
    await field.fact(say('field.travel'), later(60));
    const answer = await field.fact(say('field.cannot_complete', { reason: 'needs_plant', missing: ['excavator'] }), later(800));
    const followUp = (answer.body['jobs'] as { id: string; state: string; followUpOf: string | null }[]).find(
      (j) => j.followUpOf,
    );
    expect(followUp).to.include({ state: 'ready', followUpOf: job.jobId });
    expect(await caseState()).to.deep.equal(['triaged', false]);
  });

  it('refuses a fact about another crew’s work, and garbage, in words', async () => {
    const stranger = { ...field.fleet.actor, deviceId: randomUUID() };
    expect((await field.fact(say('field.travel'), later(0), { actor: stranger })).body['type']).to.equal(
      '/problems/not-your-shift',
    );
    const unknown = await field.fact({ ...say('field.travel'), assignmentId: AssignmentId.parse(randomUUID()) }, later(0));
    expect([unknown.status, unknown.body['type']]).to.deep.equal([404, '/problems/no-such-assignment']);
    for (const body of [{}, { envelope: {} }, { envelope: { actionId: 'x' }, command: { type: 'field.fly' } }, []]) {
      const answer = await field.post('/api/field', body, field.fleet.actor);
      expect([answer.status, answer.body['type']]).to.deep.equal([400, '/problems/invalid-input']);
    }
  });

  it('arrivals are stamped by the fence only where the policy says so', async () => {
    await field.fact(say('field.travel'), later(0));
    field.clock.set(later(300));
    await field.fixes({ ...at(1, 295), speedMps: 0 });
    expect((await field.assignment(job.assignmentId)).state).to.equal('travelling');
    await field.close();

    field = await startField({ stampsArrival: true });
    job = await field.makeJob();
    await field.fact(say('field.travel'), later(0));
    field.clock.set(later(300));
    await field.fixes({ ...at(1, 290), speedMps: 14 });
    expect((await field.assignment(job.assignmentId)).state).to.equal('travelling');
    await field.fixes({ ...at(2, 295), speedMps: 0.4 });
    expect(await field.assignment(job.assignmentId)).to.include({ state: 'on_site', onSiteAt: later(295).toISOString() });
  });
});
