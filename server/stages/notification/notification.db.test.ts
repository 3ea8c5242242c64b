import { expect } from 'chai';
import { AssignmentId } from '../../stores/assignments/contract.ts';
import { CaseId, PublicCase } from '../../stores/cases/contract.ts';
import { anonymousActor } from '../../platform/actor.ts';
import { JOB_PLACE, later, startField, type FieldStack, type MadeJob } from '../completion/field-stack.db.test.ts';

describe('telling reporters', () => {
  let field: FieldStack;
  beforeEach(async () => {
    field = await startField();
  });
  afterEach(() => field.close());

  const complete = async (job: MadeJob, fixesThrough: number | null) => {
    field.clock.set(later(900));
    await field.fact({ type: 'field.complete', assignmentId: AssignmentId.parse(job.assignmentId), fixesThrough }, later(900));
  };
  const visit = () => {
    field.clock.set(later(900));
    return field.fixes(
      ...[1, 2, 3, 4].map((n) => ({ deviceSeq: n, fixTime: later(500 + n * 60).toISOString(), ...JOB_PLACE, accuracyMetres: 5 })),
    );
  };
  const follow = async (token: string) => PublicCase.parse((await field.get(`/api/follow/${token}`, anonymousActor)).body);
  const rows = (): Promise<{ case_id: string; channel: string; message: string; state: string }[]> =>
    field.fresh.db('notification').orderBy(['event_seq', 'case_id', 'channel']).select('case_id', 'channel', 'message', 'state');

  it('tells every case of a finished job exactly once, however often it is delivered', async () => {
    const job = await field.makeJob({ cases: 5 });
    await visit();
    await complete(job, 4);
    await field.deliveries.drain();
    const told = await rows();
    const deliver = await field.fresh
      .db('event')
      .where({ type: 'case.state_changed' })
      .select<{ seq: number; case_id: string }[]>('seq', 'case_id');
    await field.fresh.db('delivery').insert(deliver.map((e) => ({ reader: 'notification', seq: e.seq, key: e.case_id })));
    await field.deliveries.drain();
    expect(await rows()).to.deep.equal(told);
    for (const id of job.caseIds) {
      const own = told.filter((row) => row.case_id === id).map((row) => row.message);
      expect(own.filter((m) => m === 'notice.resolved_confirmed')).to.have.length(1);
      expect(new Set(own).size).to.equal(own.length);
    }
  });

  it('says "being confirmed" on the page until the visit is, and then so', async () => {
    const job = await field.makeJob();
    await complete(job, 4);
    await field.deliveries.drain();
    const waiting = await follow(job.followTokens[0]!);
    expect([waiting.state, waiting.beingConfirmed]).to.deep.equal(['resolved', true]);
    expect(waiting.messages.at(-1)?.message).to.equal('notice.resolved_being_confirmed');
    await visit();
    await field.deliveries.drain();
    const sure = await follow(job.followTokens[0]!);
    expect([sure.state, sure.beingConfirmed]).to.deep.equal(['resolved', false]);
    expect(sure.messages.at(-1)?.message).to.equal('notice.resolved_confirmed');
  });

  it('says that nobody was seen there', async () => {
    const job = await field.makeJob();
    await complete(job, 4);
    await field.timers.runDue(later(900 + 3 * 3600));
    await field.deliveries.drain();
    const page = await follow(job.followTokens[0]!);
    expect(page.state).to.equal('resolved_unverified');
    expect(page.messages.at(-1)?.message).to.equal('notice.resolved_unverified');
  });

  it('says when somebody comes and that the crew is on its way, without a name', async () => {
    const job = await field.makeJob();
    await field.fresh
      .db('assignment')
      .where({ id: job.assignmentId })
      .update({ planned_arrival: later(3700), planned_start: later(3700), planned_end: later(5500) });
    const planned = await follow(job.followTokens[0]!);
    expect(planned).to.include({
      state: 'scheduled',
      crewOnTheWay: false,
      serviceLabel: 'Label of pothole',
      expectedFrom: later(1800).toISOString(),
      expectedUntil: later(9000).toISOString(),
    });
    await field.fact({ type: 'field.travel', assignmentId: AssignmentId.parse(job.assignmentId) }, later(0));
    const coming = await follow(job.followTokens[0]!);
    expect(coming.crewOnTheWay).to.equal(true);
    expect(JSON.stringify(coming)).not.to.match(/Crew|secret|Ada/);
  });

  it('leaves mail waiting where there is an address, and puts no personal data into what it says', async () => {
    const job = await field.makeJob({ contact: true });
    await visit();
    await complete(job, 4);
    await field.deliveries.drain();
    const mails = (await rows()).filter((row) => row.channel === 'mail');
    expect(mails.length).to.be.greaterThan(0);
    expect(mails.every((row) => row.state === 'waiting')).to.equal(true);
    expect((await rows()).some((row) => row.channel === 'text')).to.equal(false);
    const all = JSON.stringify(await field.fresh.db('notification').select('*'));
    expect(all).not.to.match(/Ada|example\.org|secret|Test Street/);
  });

  it('says where it is on the road, and how many others reported it, without saying who', async () => {
    const job = await field.makeJob({ contact: true, cases: 3 });
    const page = await follow(job.followTokens[0]!);
    expect(page.otherReports).to.equal(2);
    expect(page.placeQuality).to.equal('on_road');
    for (const degrees of [page.place!.lon, page.place!.lat]) expect(degrees).to.equal(Math.round(degrees * 1e4) / 1e4);
    expect(Date.parse(page.asOf)).to.be.at.least(Date.parse(page.reportedAt));
    expect(JSON.stringify(page)).not.to.match(/Ada|example\.org|secret/);
  });

  it('says of a duplicate how the report stands that it repeats', async () => {
    const original = await field.makeJob();
    const repeat = await field.makeJob();
    const id = CaseId.parse(repeat.caseIds[0]);
    const { version } = await field.fresh.db('cases').where({ id }).first<{ version: number }>('version');
    await field.system({ type: 'case.duplicate', caseId: id, version, of: CaseId.parse(original.caseIds[0]) });
    const page = await follow(repeat.followTokens[0]!);
    expect([page.state, page.originalState]).to.deep.equal(['duplicate', 'scheduled']);
  });

  it('tells of a decision of the office', async () => {
    const job = await field.makeJob();
    const id = CaseId.parse(job.caseIds[0]);
    const { version } = await field.fresh.db('cases').where({ id }).first<{ version: number }>('version');
    await field.system({ type: 'case.no_action', caseId: id, version, reason: 'not ours' });
    await field.deliveries.drain();
    const page = await follow(job.followTokens[0]!);
    expect([page.state, page.messages.at(-1)?.message]).to.deep.equal(['no_action', 'notice.no_action']);
    expect(page.expectedFrom).to.equal(null);
  });
});
