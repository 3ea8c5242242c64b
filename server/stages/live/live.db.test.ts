import { randomUUID } from 'node:crypto';
import { expect } from 'chai';
import { anonymousActor, systemActor } from '../../platform/actor.ts';
import { inChange } from '../../platform/change.ts';
import type { Ack } from '../../platform/contract.ts';
import { AssignmentId } from '../../stores/assignments/contract.ts';
import { ShiftId } from '../../stores/crews/contract.ts';
import type { EventPage, EventView } from '../../stores/events/contract.ts';
import { aFleet } from '../../stores/positions/testing.ts';
import {
  answered,
  CLIENT_PLACE,
  JOB_PLACE,
  later,
  startField,
  until,
  type Client,
  type FieldStack,
} from '../completion/field-stack.db.test.ts';
import type { CrewDay } from '../crew-day/contract.ts';
import { FrameReader } from '../../../dispatcher-ui/state/frame-reader.ts';
import type { VehicleSpot } from '../../../dispatcher-ui/state/vehicle-spot.ts';
import type { KeptNotice, RecallNotice, RefusedNotice } from './contract.ts';

/** A desk that keeps what it is told, as a screen does. */
function listen(client: Client) {
  const told = {
    pages: [] as EventPage[],
    events: [] as EventView[],
    frames: 0,
    positions: [] as VehicleSpot[],
    acknowledges: true,
  };
  const open: (() => void)[] = [];
  client.on('event', (page, done) => {
    told.pages.push(page);
    told.events.push(...page.events);
    if (told.acknowledges) done();
    else open.push(done);
  });
  const reader = new FrameReader();
  client.on('roster', (entries) => reader.takeRoster(entries));
  client.on('frame', (frame, done) => {
    const news = reader.read(frame);
    expect(news.adds).to.equal(true);
    told.frames++;
    told.positions.push(...news.spots);
    if (told.acknowledges) done();
    else open.push(done);
  });
  return Object.assign(told, {
    resume: () => {
      told.acknowledges = true;
      for (const done of open.splice(0)) done();
    },
    through: () => told.pages.at(-1)?.through ?? 0,
  });
}

const consecutive = (pages: readonly EventPage[]): boolean =>
  pages.every((page, i) => i === 0 || page.after === pages[i - 1]!.through);

describe('the live stream', () => {
  let field: FieldStack;
  beforeEach(async () => {
    field = await startField();
  });
  afterEach(() => field.close());

  const lastSeq = async (): Promise<number> =>
    (await field.fresh.db('event_counter').first<{ last_seq: number }>('last_seq')).last_seq;
  const happen = async (count: number, organisationId: string | null = field.fleet.organisationId): Promise<void> => {
    for (let i = 0; i < count; i++) {
      await inChange(field.tools, systemActor, (change) => {
        change.emit({ type: 'test.happened', organisationId, body: { n: i, words: 'x'.repeat(100), list: ['not flat'] } });
        return Promise.resolve();
      });
    }
  };
  const fix = (deviceSeq: number, seconds: number, place = JOB_PLACE) => ({
    deviceSeq,
    fixTime: later(seconds).toISOString(),
    ...place,
    accuracyMetres: 5,
  });

  it('two desks hear every event in order; one that was away catches up by seq without a gap', async () => {
    const [one, two] = [await field.connect(field.desk()), await field.connect(field.desk())];
    const [first, second] = [listen(one), listen(two)];
    await answered(one.timeout(5000).emitWithAck('hello', {}));
    const start = await answered(two.timeout(5000).emitWithAck('hello', {}));
    await happen(5);
    const left = start.lastSeq + 5;
    await until('both have five', () => first.events.length === 5 && second.events.length === 5);
    two.disconnect();
    await happen(430);
    await until('the other has all', () => first.events.length === 435);

    const back = await field.connect(field.desk());
    const again = listen(back);
    const snapshot = await answered(back.timeout(5000).emitWithAck('hello', { since: left }));
    expect(snapshot.since).to.equal(left);
    await happen(3);
    await until('it has caught up', () => again.through() === left + 433);
    expect(again.events.map((e) => e.seq)).to.deep.equal(Array.from({ length: 433 }, (_, i) => left + 1 + i));
    expect(again.pages[0]!.after).to.equal(left);
    expect(consecutive(again.pages) && consecutive(first.pages)).to.equal(true);
    expect(again.events[0]!.facts).to.deep.equal({ n: 0 });
  });

  it('pages the log for whoever asks, by socket and by HTTP, and says when there is more', async () => {
    await happen(7);
    const end = await lastSeq();
    const desk = field.desk();
    const client = await field.connect(desk);
    const page = await answered(client.timeout(5000).emitWithAck('since', { after: end - 7, limit: 4 }));
    expect([page.through, page.more, page.events.length]).to.deep.equal([end - 3, true, 4]);
    const rest = await field.get(`/api/events?after=${page.through}&limit=4`, desk);
    expect([rest.body['through'], rest.body['more']]).to.deep.equal([end, false]);
  });

  it('shows whoever was told of a commit what it was, at once', async () => {
    for (let i = 0; i < 60; i++) {
      await happen(1);
      const answer = await field.get(`/api/events?after=0&limit=1000`, field.desk());
      expect(answer.body['through']).to.equal(await lastSeq());
    }
  });

  it('shows a desk its own organisation and areas only, and says how far it has read all the same', async () => {
    const area = randomUUID();
    const job = await field.makeJob();
    await field.fresh
      .db('job')
      .where({ id: job.jobId })
      .update({ area_ids: [area] });
    await field.fresh
      .db('cases')
      .whereIn('id', job.caseIds)
      .update({ area_ids: [area] });
    await happen(3, randomUUID());
    const all = await lastSeq();
    const seen = async (over: object) => {
      const answer = await field.get('/api/events?after=0&limit=1000', field.desk(over));
      const page = answer.body as unknown as EventPage;
      expect(page.through).to.equal(all);
      return page.events;
    };
    const own = await seen({});
    expect(own.some((e) => e.jobId === job.jobId)).to.equal(true);
    expect(own.some((e) => e.type === 'test.happened')).to.equal(false);
    expect((await seen({ organisationId: randomUUID() })).filter((e) => e.jobId === job.jobId)).to.deep.equal([]);
    expect((await seen({ areaIds: [randomUUID()] })).filter((e) => e.jobId === job.jobId || e.caseId)).to.deep.equal([]);
    expect((await seen({ areaIds: [area] })).some((e) => e.jobId === job.jobId)).to.equal(true);
    expect(JSON.stringify(own)).not.to.match(/secret|Ada|example\.org/);
  });

  it('tells the newest position of each vehicle once a tick, and a late fix does not move the marker back', async () => {
    await field.fixes(fix(1, -60, CLIENT_PLACE));
    const client = await field.connect(field.desk());
    const told = listen(client);
    await answered(client.timeout(5000).emitWithAck('hello', {}));
    await until('where it is', () => told.positions.length === 1);
    expect(told.positions[0]).to.include({ fixAtMs: later(-60).getTime(), source: 'crew_phone', shiftId: field.fleet.shiftId });
    await field.fixes(fix(3, -10));
    await until('the marker moved', () => told.positions.at(-1)?.lon === JOB_PLACE.lon);
    const count = told.positions.length;
    await field.fixes(fix(2, -30, CLIENT_PLACE));
    await field.fixes(fix(4, 5));
    await until('the next fix', () => told.positions.length > count);
    const newer = told.positions.slice(count);
    expect(newer.map((p) => p.lon)).to.deep.equal(newer.map(() => JOB_PLACE.lon));
    const times = told.positions.map((p) => p.fixAtMs);
    expect(times).to.deep.equal([...times].sort((a, b) => a - b));
  });

  it('does not tell a desk of other organisations’ vehicles', async () => {
    const other = await aFleet(field.fresh.db, { from: later(-3600), until: later(3600), number: 2 });
    const client = await field.connect(field.desk({ organisationId: other.organisationId }));
    const told = listen(client);
    await answered(client.timeout(5000).emitWithAck('hello', {}));
    await field.fixes(fix(1, -5));
    await field.post('/api/positions', { fixes: [fix(1, -5)] }, other.actor);
    await until('its own came', () => told.positions.length > 0);
    expect(told.positions.map((p) => p.vehicleId)).to.deep.equal([other.vehicleId]);
  });

  it('a desk that stops answering gets three messages and then, when it is back, the newest and every event', async () => {
    const client = await field.connect(field.desk());
    const told = listen(client);
    const { lastSeq: start } = await answered(client.timeout(5000).emitWithAck('hello', {}));
    await until('it has the first', () => told.frames === 1);
    told.acknowledges = false;
    for (let i = 1; i <= 8; i++) {
      await happen(1);
      await field.fixes(fix(i, i));
      const sent = Math.min(i, 3);
      await until(`message ${sent}`, () => told.frames >= 1 + sent && told.pages.length === sent);
    }
    // Some ticks more, in which nothing may come.
    await new Promise((resolve) => setTimeout(resolve, 50));
    expect(told.frames).to.equal(4);
    expect(told.pages).to.have.length(3);
    told.resume();
    await until('it has caught up', () => told.through() === start + 8);
    await until('it has the newest', () => told.positions.at(-1)?.fixAtMs === later(8).getTime());
    expect(told.positions.length).to.be.lessThan(8);
    expect(told.events.map((e) => e.seq)).to.deep.equal(Array.from({ length: 8 }, (_, i) => start + 1 + i));
    expect(consecutive(told.pages)).to.equal(true);
  });

  it('pushes a crew what others say of its work (sent, by radio), and not what it says itself', async () => {
    const client = await field.connect(field.fleet.actor);
    const days: CrewDay[] = [];
    client.on('day', (day) => days.push(day));
    const job = await field.makeJob();
    const stateIn = (day: CrewDay | undefined): string | undefined =>
      day?.stops.flatMap((s) => (s.kind === 'job' && s.assignmentId === job.assignmentId ? [s.state] : []))[0];
    await until('the job is in it', () => stateIn(days.at(-1)) === 'dispatched');
    // Planned, ordered, sent: what that pushes may come in one piece or in several.
    for (let known = 0; known !== days.length; await new Promise((resolve) => setTimeout(resolve, 300))) known = days.length;
    const before = days.length;
    const assignmentId = AssignmentId.parse(job.assignmentId);
    await field.fact({ type: 'field.accept', assignmentId }, later(10));
    await field.fact({ type: 'field.travel', assignmentId }, later(20), { actor: field.desk() });
    await until('the desk’s word is in it', () => stateIn(days.at(-1)) === 'travelling');
    expect(days.slice(before).map(stateIn)).to.deep.equal(['travelling']);
  });

  it('pushes a crew its day when it connects and when the order changes, and recalls', async () => {
    const client = await field.connect(field.fleet.actor);
    const days: CrewDay[] = [];
    const recalls: RecallNotice[] = [];
    client.on('day', (day) => days.push(day));
    client.on('recall', (notice) => recalls.push(notice));
    await until('the first day', () => days.length === 1);
    const job = await field.makeJob();
    await until('the job is in it', () =>
      days.some((d) => d.stops.some((s) => s.kind === 'job' && s.assignmentId === job.assignmentId)),
    );
    const version = days.at(-1)!.orderVersion;
    const seen = await answered(
      client.timeout(5000).emitWithAck('ack_day', { shiftId: ShiftId.parse(field.fleet.shiftId), orderVersion: version }),
    );
    expect(seen.acknowledgedVersion).to.equal(version);
    const stored: unknown = await field.fresh.db('crew_shift').where({ id: field.fleet.shiftId }).first('order_acknowledged');
    expect(stored).to.deep.equal({ order_acknowledged: version });

    const now = await field.assignment(job.assignmentId);
    await field.system({ type: 'assignment.recall', assignmentId: now.id, version: now.version, reason: 'needed elsewhere' });
    await until('the recall', () => recalls.length === 1);
    expect(recalls[0]).to.include({ assignmentId: job.assignmentId, what: 'recall', toAcknowledge: false });
    await until('the stop is gone', () => days.at(-1)!.stops.every((s) => s.kind !== 'job'));
    expect(JSON.stringify(days)).not.to.match(/secret|Ada|needed elsewhere/);
  });

  it('takes fixes and facts from a crew with the same contract as HTTP', async () => {
    const job = await field.makeJob();
    const client = await field.connect(field.fleet.actor);
    const receipt = await answered(client.timeout(5000).emitWithAck('fixes', { fixes: [fix(1, -5), fix(2, -1)] }));
    expect(receipt).to.deep.equal({ through: 2, stored: 2, known: 0 });
    const report = {
      envelope: { actionId: randomUUID(), deviceSeq: 1 },
      command: { type: 'field.accept' as const, assignmentId: AssignmentId.parse(job.assignmentId) },
    };
    expect((await answered(client.timeout(5000).emitWithAck('fact', report))).repeated).to.equal(false);
    expect((await answered(client.timeout(5000).emitWithAck('fact', report))).repeated).to.equal(true);
    const refused = await client.timeout(5000).emitWithAck('fact', {
      envelope: { actionId: randomUUID() },
      command: { type: 'field.accept', assignmentId: AssignmentId.parse(randomUUID()) },
    });
    expect(refused.ok ? '' : refused.problem.type).to.equal('/problems/no-such-assignment');
  });

  it('tells a device that asks for no answers which of its fixes are stored, together, and at once what is refused', async () => {
    const client = await field.connect(field.fleet.actor);
    const kept: KeptNotice[] = [];
    const refused: RefusedNotice[] = [];
    client.on('kept', (notice) => kept.push(notice));
    client.on('refused', (notice) => refused.push(notice));
    const began = performance.now();
    for (const seq of [103, 101, 105]) client.emit('fixes', { fixes: [fix(seq, -1 - seq / 1000)] });
    client.emit('fixes', { fixes: [fix(102, -1.5), fix(102, -1.5)] });
    client.emit('fixes', { fixes: [] });
    await until('the empty batch is refused', () => refused.length === 1);
    expect(refused[0]).to.deep.include({ event: 'fixes' });
    expect(refused[0]!.problem.type).to.equal('/problems/invalid-input');
    await until('the others are kept', () => kept.length === 1);
    expect(kept[0]!.ranges).to.deep.equal([
      [101, 103],
      [105, 105],
    ]);
    expect(performance.now() - began).to.be.greaterThan(140);
    const { rows } = await field.fresh.db.raw<{ rows: unknown[] }>('select 1 from fix where device_seq between 101 and 105');
    expect(rows).to.have.length(4);
    const desk = await field.connect(field.desk());
    const told = new Promise<RefusedNotice>((resolve) => desk.on('refused', resolve));
    desk.emit('fixes', { fixes: [fix(1, -1)] });
    expect((await told).problem.type).to.equal('/problems/not-allowed');
  });

  it('tells desks when the server’s own state changes', async () => {
    const client = await field.connect(field.desk());
    const heard: string[] = [];
    client.on('status', (status) => heard.push(...status.degraded));
    await answered(client.timeout(5000).emitWithAck('hello', {}));
    await until('the desk is watching', async () => {
      field.live.statusChanged({ ...field.status, degraded: ['router'] });
      await new Promise((resolve) => setTimeout(resolve, 5));
      return heard.length > 0;
    });
    expect(heard[0]).to.equal('router');
  });

  it('loses nothing when every connection to the database is cut: what happened meanwhile is told afterwards', async () => {
    const client = await field.connect(field.desk());
    const told = listen(client);
    const { lastSeq: start } = await answered(client.timeout(5000).emitWithAck('hello', {}));
    const cut = () =>
      field.fresh.db.raw(
        'select pg_terminate_backend(pid) from pg_stat_activity where datname = current_database() and pid <> pg_backend_pid()',
      );
    await happen(2);
    await cut();
    // Another process writes: nobody wakes the feed.
    const quietly = { ...field.tools, committed: () => undefined };
    for (let i = 0; i < 3; i++) {
      await inChange(quietly, systemActor, (change) => {
        change.emit({ type: 'test.happened', organisationId: field.fleet.organisationId, body: { n: i } });
        return Promise.resolve();
      });
      await cut();
    }
    await until('it has all five', () => told.through() === start + 5);
    expect(told.events.map((e) => e.seq)).to.deep.equal([1, 2, 3, 4, 5].map((n) => start + n));
    expect(consecutive(told.pages)).to.equal(true);
  });

  it('answers garbage typed, and goes on', async () => {
    const desk = await field.connect(field.desk());
    const crew = await field.connect(field.fleet.actor);
    const raw = (client: Client) =>
      client as unknown as { timeout(ms: number): { emitWithAck(...args: unknown[]): Promise<Ack<unknown>> } };
    const garbage = [
      undefined,
      null,
      42,
      'x',
      [],
      {},
      { fixes: [{}] },
      { since: -1 },
      { since: 'one' },
      { after: {} },
      { extra: true },
    ];
    const types = new Set<string>();
    for (const name of ['hello', 'since', 'fixes', 'fact', 'ack_day', 'nothing']) {
      for (const payload of garbage) {
        for (const client of [desk, crew]) {
          const ack = await raw(client).timeout(5000).emitWithAck(name, payload);
          types.add(ack.ok ? 'ok' : ack.problem.type);
        }
      }
    }
    expect([...types].sort()).to.deep.equal(
      ['/problems/invalid-input', '/problems/no-such-event', '/problems/not-allowed', 'ok'].sort(),
    );
    await answered(desk.timeout(5000).emitWithAck('hello', {}));
  });

  it('lets nobody in who is not signed in, and no reporter', async () => {
    const reporter = { ...anonymousActor, role: 'reporter' as const };
    const refused = await field.connect(reporter).catch((error: Error & { data?: { type: string } }) => error.data?.type);
    expect(refused).to.equal('/problems/not-allowed');
  });
});
