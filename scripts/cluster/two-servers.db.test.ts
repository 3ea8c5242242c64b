import { randomUUID } from 'node:crypto';
import { mkdtempSync, readFileSync, rmSync } from 'node:fs';
import os from 'node:os';
import path from 'node:path';
import { setTimeout as sleep } from 'node:timers/promises';
import { expect } from 'chai';
import { io, type Socket } from 'socket.io-client';
import { freshDb, type FreshDb } from '../../db/testing.ts';
import { systemActor } from '../../server/platform/actor.ts';
import { inChange, type ChangeTools } from '../../server/platform/change.ts';
import { realClock } from '../../server/platform/clock.ts';
import { randomIds } from '../../server/platform/ids.ts';
import { setTimer } from '../../server/platform/timers.ts';
import { hashToken, newToken } from '../../server/platform/tokens.ts';
import type { CrewDay } from '../../server/stages/crew-day/contract.ts';
import type { ClientToServer, ServerToClient } from '../../server/stages/live/contract.ts';
import { ENTRY_BITS, HEADER_BYTES } from '../../server/stages/live/frames/contract.ts';
import { testRedis, type TestRedis } from '../../server/stages/live/nodes/nodes.fixtures.ts';
import { openSession } from '../../server/stores/accounts/sessions.ts';
import { createAccount } from '../../server/stores/accounts/store.ts';
import { aFleet, type TestFleet } from '../../server/stores/positions/testing.ts';
import { actAsSystem } from '../../server/stores/work/act.ts';
import { WorkAnswer } from '../../server/stores/work/contract.ts';
import { aNewCase, aNewJob } from '../../server/stores/work/work.fixtures.ts';
import { receiveCases } from '../../server/stores/work/receive.ts';
import { findProgram } from './programs.ts';
import { startServerProcess, type ServerProcess } from '../simulator/server-process.ts';

type Client = Socket<ServerToClient, ClientToServer>;
type Ran = 'one' | 'other';

const HOUR_MILLIS = 3_600_000;
const PLACE = { lon: -77.03, lat: 38.9 };

/** Two servers of one city, each a process of its own, on one database and one Redis. */
describe('two servers of one city', function () {
  this.timeout(120_000);
  let fresh: FreshDb;
  let redis: TestRedis;
  let folder: string;
  let tools: ChangeTools;
  let fleet: TestFleet;
  let deviceToken: string;
  let accountId: string;
  const servers = new Map<Ran, ServerProcess>();
  const clients: Client[] = [];

  const start = async (which: Ran): Promise<void> => {
    const env = {
      PORT: '0',
      THUMA_HOME: path.join(folder, which),
      DATABASE_URL: fresh.connection.url,
      REDIS_URL: redis.url,
      OSRM_URL: 'http://127.0.0.1:9',
      RATE_LIMITS: 'off',
      LOG_LEVEL: 'warn',
    };
    servers.set(which, await startServerProcess(env, path.join(folder, `${which}.log`)));
  };
  const at = (which: Ran): string => servers.get(which)!.base;

  before(async function () {
    const program = findProgram('redis-server');
    if (program === undefined) {
      if (process.env['CI'] === 'true') throw new Error('CI needs redis-server');
      console.warn('\n*** SKIPPED: two servers of one city; install redis-server.\n');
      this.skip();
    }
    [fresh, redis] = await Promise.all([freshDb(), testRedis(program)]);
    folder = mkdtempSync(path.join(os.tmpdir(), 'thuma-two-servers-'));
    tools = { db: fresh.db, clock: realClock, ids: randomIds, readers: [], committed: () => undefined };
    // At once, on an empty database: both want to install the city and to make its shifts.
    await Promise.all([start('one'), start('other')]);
    const now = Date.now();
    fleet = await aFleet(fresh.db, { from: new Date(now - HOUR_MILLIS), until: new Date(now + 6 * HOUR_MILLIS), number: 900 });
    deviceToken = newToken();
    await fresh
      .db('device')
      .where({ id: fleet.deviceId })
      .update({ token_hash: hashToken(deviceToken) });
    accountId = await inChange(tools, systemActor, async (change) => {
      const account = { role: 'dispatcher' as const, displayName: 'Desk', organisationId: null, areaIds: [], login: null };
      return (await createAccount(change, account)).id;
    });
  });
  after(async () => {
    await Promise.all([...servers.values()].map((server) => server.stop()));
    await redis?.stop();
    await fresh?.drop();
    if (folder) rmSync(folder, { recursive: true, force: true });
  });
  afterEach(() => {
    for (const client of clients.splice(0)) client.disconnect();
  });

  const session = async () => openSession(fresh.db, { accountId, sessionId: randomUUID(), wallNow: new Date() });
  async function connect(which: Ran, how: { cookie?: string; token?: string }): Promise<Client> {
    const client: Client = io(at(which), {
      transports: ['websocket'],
      forceNew: true,
      reconnection: false,
      ...(how.cookie === undefined ? {} : { extraHeaders: { cookie: `thuma=${how.cookie}` } }),
      ...(how.token === undefined ? {} : { auth: { token: how.token } }),
    });
    clients.push(client);
    await new Promise<void>((resolve, reject) => client.once('connect', resolve).once('connect_error', reject));
    return client;
  }
  async function post(which: Ran, url: string, body: unknown, headers: Record<string, string>): Promise<unknown> {
    const response = await fetch(at(which) + url, {
      method: 'POST',
      headers: { 'content-type': 'application/json', 'thuma-request': '1', ...headers },
      body: JSON.stringify(body),
    });
    const answer: unknown = await response.json();
    expect(response.status, JSON.stringify(answer)).to.be.lessThan(300);
    return answer;
  }
  /** Milliseconds until it was so. */
  async function until(what: string, isSo: () => boolean | Promise<boolean>, millis = 10_000): Promise<number> {
    const from = performance.now();
    while (!(await isSo())) {
      if (performance.now() - from > millis) throw new Error(`after ${millis} ms still not so: ${what}`);
      await sleep(10);
    }
    return performance.now() - from;
  }
  async function makeJob(): Promise<WorkAnswer['jobs'][number]> {
    const { organisationId } = fleet;
    const [received] = await inChange(tools, systemActor, (change) => receiveCases(change, [aNewCase({ organisationId })]));
    const job = aNewJob({ slots: [{ skills: [], plant: [] }] });
    const made = await actAsSystem(tools, { type: 'case.make_job', caseIds: [received!.id], cause: 'policy', job });
    return WorkAnswer.parse(made.body).jobs[0]!;
  }
  async function assign(which: Ran, job: WorkAnswer['jobs'][number], shiftId: string): Promise<WorkAnswer> {
    const command = { type: 'assignment.assign', jobId: job.id, version: job.version, shiftId };
    const body = { envelope: { actionId: randomUUID() }, command };
    return WorkAnswer.parse(await post(which, '/api/assignments/commands', body, { cookie: `thuma=${(await session()).token}` }));
  }
  /** What a desk is told of one vehicle: the bits of its newest entry, and when. */
  function watch(desk: Client, vehicleId: string) {
    const told = { entries: 0, cutOff: false, lon: NaN };
    let index: number | undefined;
    desk.on('roster', (entries) => (index = entries.find((entry) => entry.vehicleId === vehicleId)?.index ?? index));
    desk.on('frame', (frame, done) => {
      const bytes = frame instanceof Uint8Array ? frame : new Uint8Array(frame);
      const view = new DataView(bytes.buffer, bytes.byteOffset, bytes.byteLength);
      for (let k = 0, from = HEADER_BYTES; k < view.getUint32(16, true); k++, from += view.getUint16(2, true)) {
        if (view.getUint32(from, true) !== index) continue;
        told.entries++;
        told.lon = view.getInt32(from + 4, true) / 1e7;
        told.cutOff = (view.getUint8(from + 23) & ENTRY_BITS.cut_off) !== 0;
      }
      done();
    });
    return told;
  }
  let seq = 0;
  const fix = (lon: number) => ({ deviceSeq: ++seq, fixTime: new Date().toISOString(), lon, lat: PLACE.lat, accuracyMetres: 5 });
  const drive = (which: Ran, lon: number): Promise<unknown> =>
    post(which, '/api/positions', { fixes: [fix(lon)] }, { authorization: `Bearer ${deviceToken}` });

  it('start at once and install one city: each crew once a day', async () => {
    const count = async () =>
      (
        await fresh.db.raw<{ rows: { shifts: number; different: number; versions: number; days: number }[] }>(
          `select count(*)::int as shifts, count(distinct (crew_id, service_day))::int as different,
             count(distinct service_day)::int as days, (select count(*)::int from config_version) as versions
           from crew_shift where crew_id not in (select id from crew where number >= 900)`,
        )
      ).rows[0]!;
    await until('the shifts are there', async () => (await count()).shifts > 0);
    await sleep(500);
    const rows = [await count()];
    for (const which of ['one', 'other'] as const) {
      expect(readFileSync(servers.get(which)!.logFile, 'utf8'), which).not.to.contain('could not be made');
    }
    expect(rows[0]!.different).to.equal(rows[0]!.shifts);
    expect(rows[0]!.versions).to.equal(1);
  });

  it('a commit at one reaches a desk and a crew at the other in a second, although the other remembers the day', async () => {
    const job = await makeJob();
    const days: CrewDay[] = [];
    const crew = await connect('other', { token: deviceToken });
    crew.on('day', (day) => days.push(day));
    // Its day is read there, and so remembered there.
    await until('the crew has its day', () => days.length > 0);
    const desk = await connect('other', { cookie: (await session()).token });
    const seen = new Set<string>();
    desk.on('event', (page, done) => {
      for (const { jobId } of page.events) if (jobId !== null) seen.add(jobId);
      done();
    });
    await desk.timeout(5_000).emitWithAck('hello', {});
    await assign('one', job, fleet.shiftId);
    const [told, day] = await Promise.all([
      until('the desk is told', () => seen.has(job.id)),
      until('the crew has the new stop', () => JSON.stringify(days.at(-1)).includes(job.id)),
    ]);
    console.log(`      desk told after ${told.toFixed(0)} ms, crew after ${day.toFixed(0)} ms`);
    expect(told).to.be.lessThan(1_000);
    expect(day).to.be.lessThan(1_000);
  });

  it('a timer that both see due is done once', async () => {
    const tomorrow = new Date(Date.now() + 20 * HOUR_MILLIS);
    const until_ = new Date(tomorrow.getTime() + 4 * HOUR_MILLIS);
    const later = await aFleet(fresh.db, {
      from: tomorrow,
      until: until_,
      number: 901,
      organisationId: fleet.organisationId,
    });
    const assignments: string[] = [];
    for (let n = 0; n < 8; n++) {
      const job = await makeJob();
      const answer = await assign('one', job, later.shiftId);
      assignments.push(answer.assignments.find(({ jobId }) => jobId === job.id)!.id);
    }
    await inChange(tools, systemActor, async (change) => {
      const dueAt = new Date(Date.now() + 300);
      for (const subjectId of assignments) await setTimer(change, { kind: 'freeze', subjectId, dueAt });
    });
    const open = () => fresh.db('timer').whereIn('subject_id', assignments).where({ kind: 'freeze' }).whereNull('done_at');
    await until('all are done', async () => (await open()).length === 0);
    await sleep(1_500);
    const rows = await fresh
      .db('event')
      .whereIn('assignment_id', assignments)
      .where({ type: 'assignment.state_changed' })
      .whereRaw("body->>'to' = 'dispatched'")
      .groupBy('assignment_id')
      .select<{ n: number }[]>(fresh.db.raw('count(*)::int as n'));
    expect(rows.map(({ n }) => n)).to.deep.equal(assignments.map(() => 1));
  });

  it('a session that one ends is out at the other within 5 s', async () => {
    const opened = await session();
    const desk = await connect('other', { cookie: opened.token });
    let because: string | null = null;
    desk.on('signed-out', (why) => (because = why.because));
    const response = await fetch(`${at('one')}/api/session`, {
      method: 'DELETE',
      headers: { cookie: `thuma=${opened.token}`, 'thuma-request': '1' },
    });
    expect(response.status).to.be.lessThan(300);
    expect(await until('it is out', () => because !== null && desk.disconnected, 5_000)).to.be.lessThan(5_000);
    expect(because).to.equal('revoked');
  });

  it('a device that one revokes is out at the other at once: the event tells it, not the look at all devices every 20 s', async () => {
    const { deviceId } = await aFleet(fresh.db, {
      from: new Date(),
      until: new Date(Date.now() + HOUR_MILLIS),
      number: 903,
      organisationId: fleet.organisationId,
    });
    const token = newToken();
    await fresh
      .db('device')
      .where({ id: deviceId })
      .update({ token_hash: hashToken(token) });
    const phone = await connect('other', { token });
    let because: string | null = null;
    phone.on('signed-out', (why) => (because = why.because));
    const response = await fetch(`${at('one')}/api/devices/${deviceId}`, {
      method: 'DELETE',
      headers: { cookie: `thuma=${(await session()).token}`, 'thuma-request': '1' },
    });
    expect(response.status).to.be.lessThan(300);
    await until('it is out', () => because !== null && phone.disconnected, 5_000);
    expect(because).to.equal('revoked');
  });

  it('what one hears a desk at the other sees; killed, its vehicles are cut off in 4 s, and heal when another hears them', async () => {
    const desk = await connect('other', { cookie: (await session()).token });
    const told = watch(desk, fleet.vehicleId);
    await desk.timeout(5_000).emitWithAck('hello', {});
    const moved = async (which: Ran, lon: number): Promise<number> => {
      const began = performance.now();
      await Promise.all([drive(which, lon), until('it is seen there', () => told.lon === lon && !told.cutOff)]);
      return performance.now() - began;
    };
    const seen = await moved('one', PLACE.lon);
    expect(seen).to.be.lessThan(1_000);
    process.kill(servers.get('one')!.pid, 'SIGKILL');
    const cut = await until('it is cut off', () => told.cutOff, 6_000);
    expect(cut).to.be.lessThan(4_500);
    expect(await moved('other', PLACE.lon + 0.001)).to.be.lessThan(1_000);
    await start('one');
    const healed = await moved('one', PLACE.lon + 0.002);
    expect(healed).to.be.lessThan(5_000);
    console.log(
      `      seen after ${seen.toFixed(0)} ms, cut off after ${cut.toFixed(0)} ms, healed after ${healed.toFixed(0)} ms`,
    );
  });
});
