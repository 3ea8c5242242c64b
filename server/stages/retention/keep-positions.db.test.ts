import { execFileSync } from 'node:child_process';
import { randomUUID } from 'node:crypto';
import { mkdtempSync, rmSync } from 'node:fs';
import os from 'node:os';
import path from 'node:path';
import { expect } from 'chai';
import { freshDb, type FreshDb } from '../../../db/testing.ts';
import { openDb, type Db } from '../../../db/knex.ts';
import type { ChangeTools } from '../../platform/change.ts';
import { simulatedClock } from '../../platform/clock.ts';
import { randomIds } from '../../platform/ids.ts';
import { quiet } from '../../platform/test-server.ts';
import { FIX_FLAGS } from '../../stores/positions/contract.ts';
import {
  CountsDiffer,
  detachDay,
  listCompactable,
  makeSegments,
  putSegmentsInForce,
} from '../../stores/positions/history/compaction.ts';
import { listDriven } from '../../stores/positions/driven.ts';
import { listNear } from '../../stores/positions/history/near.ts';
import { restoreFromSegments } from '../../stores/positions/history/restore.ts';
import { ensureFixPartitions } from '../../stores/positions/partitions.ts';
import { FixRows, type StoredFix } from '../../stores/positions/fix-rows.ts';
import { restoreMarkers, writePositions } from '../../stores/positions/store.ts';
import { aFleet, type TestFleet } from '../../stores/positions/testing.ts';
import { trackOf } from '../../stores/positions/track.ts';
import { compactFixes, dropWhatIsOver } from './keep-positions.ts';

const DAY = new Date('2026-01-27T00:00:00Z');
const HOUR_MILLIS = 3_600_000;
const DAY_MILLIS = 24 * HOUR_MILLIS;
const DAYS = { fixes: 2, tracks: 30, vehicleDays: 730 };
const on = (days: number, hours = 0, seconds = 0): Date =>
  new Date(DAY.getTime() + days * DAY_MILLIS + hours * HOUR_MILLIS + seconds * 1000);

describe('keeping positions', () => {
  let fresh: FreshDb;
  let db: Db;
  let fleet: TestFleet;

  beforeEach(async () => {
    fresh = await freshDb();
    db = fresh.db;
    fleet = await aFleet(db, { from: on(0, 8), until: on(0, 16) });
    await ensureFixPartitions(db, DAY);
  });
  afterEach(() => fresh.drop());

  const toolsAt = (now: Date): ChangeTools => ({
    db,
    clock: simulatedClock(now),
    ids: randomIds,
    readers: [],
    committed: () => undefined,
  });
  const compactAt = (now: Date) => compactFixes({ tools: toolsAt(now), log: quiet, days: () => DAYS });
  const events = (): Promise<{ type: string; body: Record<string, unknown> }[]> =>
    db('event').whereNot('type', 'like', 'city.%').orderBy('seq').select('type', 'body');
  const everything = (vehicleId = fleet.vehicleId) => trackOf(db, { vehicleId }, on(-400), on(400), { everything: true });
  const count = async (table: string): Promise<number> => (await db(table).count<{ n: number }>('* as n').first())!.n;

  const fix = (seq: number, time: Date, other: Partial<StoredFix> = {}): StoredFix => ({
    deviceId: fleet.deviceId,
    vehicleId: fleet.vehicleId,
    deviceSeq: seq,
    fixTime: time,
    correctedTime: time,
    receivedAt: time,
    lon: -77.03 + seq * 1e-4,
    lat: 38.9,
    accuracyMetres: 5,
    speedMps: 8.5,
    headingDegrees: 90,
    source: 'crew_phone',
    flags: 0,
    ...other,
  });
  const write = (fixes: readonly StoredFix[]) => writePositions(db, FixRows.of(fixes), [], []);
  const aDay = (seconds = 3_000, from = on(0, 9)): StoredFix[] =>
    Array.from({ length: seconds }, (_, k) => fix(k + 1, new Date(from.getTime() + k * 1000)));

  it('puts segments in the place of a day of fixes, and the same track is read', async () => {
    await write(aDay());
    const before = await everything();
    const driven = await listDriven(db, '2026-01-27');
    expect(await compactAt(on(2, 23))).to.include({ days: 0, fixes: 0 });
    expect(await compactAt(on(3, 1))).to.include({ days: 1, fixes: 3_000, late: 0 });
    expect(await count('fix')).to.equal(0);
    const after = await everything();
    expect(after.map((p) => p.time.getTime())).to.deep.equal(before.map((p) => p.time.getTime()));
    for (const [i, { lon, lat, ...rest }] of after.entries()) {
      expect(lon).to.be.closeTo(before[i]!.lon, 1e-6);
      expect(lat).to.be.closeTo(before[i]!.lat, 1e-6);
      expect(rest.speedMps).to.equal(8.5);
      expect(rest.headingDegrees).to.equal(90);
      expect(rest.accuracyMetres).to.equal(5);
    }
    const [then] = await listDriven(db, '2026-01-27');
    expect(then!.metres).to.be.closeTo(driven[0]!.metres, 30);
    expect({ ...then, metres: 0 }).to.deep.equal({ ...driven[0], metres: 0 });
    const [event] = await events();
    expect(event).to.deep.include({ type: 'fixes.compacted' });
    expect(event!.body).to.include({ day: '2026-01-27', fixes: 3_000 });
    const [day] = await db('vehicle_day');
    expect(day).to.include({ fixes: 3_000, moving_seconds: 2_999 });
    // 3,000 steps of 0.0001 degrees at 38.9 degrees north.
    expect(day.driven_metres).to.be.closeTo(2_999 * 8.654, 60);
  });

  it('keeps what is flagged, null and far away', async () => {
    const odd = [
      fix(1, on(0, 10), {
        lon: 0,
        lat: 0,
        flags: FIX_FLAGS.zero_zero,
        accuracyMetres: null,
        speedMps: null,
        headingDegrees: null,
      }),
      fix(2, on(0, 10, 1), { correctedTime: on(0, 10, -3_599), flags: FIX_FLAGS.out_of_order }),
      fix(3, on(0, 10, 2), { lon: 180, lat: -90, speedMps: 199.96, headingDegrees: 360, accuracyMetres: 100_000 }),
      fix(4, on(0, 23, 3_599.999), {}),
      fix(5, on(0, 0), { vehicleId: null }),
    ];
    await write(odd);
    const before = await trackOf(db, { deviceId: fleet.deviceId }, on(-400), on(400), { everything: true });
    await compactAt(on(4));
    const after = await trackOf(db, { deviceId: fleet.deviceId }, on(-400), on(400), { everything: true });
    expect(after.map(({ speedMps: _, ...p }) => p)).to.deep.equal(before.map(({ speedMps: _, ...p }) => p));
    expect(await trackOf(db, { vehicleId: fleet.vehicleId }, on(-1), on(1))).to.have.length(3);
  });

  it('takes late fixes of a compacted day at the next run, each once, also one that is sent again', async () => {
    await write(aDay(100));
    await compactAt(on(3, 1));
    await write([
      fix(50, on(0, 9, 49)),
      fix(101, on(0, 9, 100)),
      fix(102, on(-20, 9), { flags: FIX_FLAGS.long_ago, receivedAt: on(3, 2) }),
    ]);
    expect(await count('fix_default')).to.equal(3);
    // Read together, without the doubled one, before they are compacted too.
    expect(await everything()).to.have.length(102);
    expect(await compactAt(on(3, 3))).to.include({ days: 0, late: 3 });
    expect(await count('fix_default')).to.equal(0);
    expect(await everything()).to.have.length(102);
    expect(await compactAt(on(3, 4))).to.include({ days: 0, late: 0 });
  });

  it('keeps a fix from the future where it came, until it has been here for its days', async () => {
    await write([fix(1, on(300), { flags: FIX_FLAGS.ahead_of_clock, receivedAt: on(0, 9) })]);
    await compactAt(on(1));
    expect(await count('fix_default')).to.equal(1);
    await compactAt(on(3));
    expect(await count('fix_default')).to.equal(0);
    expect(await everything()).to.have.length(1);
  });

  it('reads every day once while it is compacted, wherever a run dies', async () => {
    await write(aDay(700));
    const read = async (): Promise<number> => (await everything()).length;
    const [found] = await listCompactable(db, on(2));
    const day = await db.transaction((tx) => detachDay(tx, found!));
    expect(await read()).to.equal(700);
    // A late one of that day does not get lost meanwhile.
    await write([fix(701, on(0, 12))]);
    expect(await read()).to.equal(701);
    await makeSegments(db, day);
    expect(await read()).to.equal(701);
    // Dies in the middle of the exchange.
    await db
      .transaction(async (tx) => {
        await putSegmentsInForce(tx, day, 700);
        throw new Error('killed');
      })
      .catch(() => undefined);
    expect(await read()).to.equal(701);
    expect(await count('track_segment')).to.equal(0);
    expect(await compactAt(on(3, 1))).to.include({ days: 1, fixes: 700, late: 1 });
    expect(await read()).to.equal(701);
  });

  it('goes on after its connection was killed at any of its steps', async () => {
    await write(aDay(2_000));
    let kills = 0;
    const victim = openDb(fresh.connection, { applicationName: 'victim', maxConnections: 1 });
    const victimTools: ChangeTools = { ...toolsAt(on(3, 1)), db: victim };
    try {
      // At its first statement, then at its second ...
      for (let at = 1; at < 200; at++) {
        let left = at;
        const kill = (): void => {
          if (--left === 0) {
            void db
              .raw("select pg_terminate_backend(pid) from pg_stat_activity where application_name = 'victim'")
              .then(() => undefined);
          }
        };
        victim.on('query', kill);
        const running = compactFixes({ tools: victimTools, log: quiet, days: () => DAYS }).then(
          () => true,
          () => false,
        );
        const done = await running;
        victim.off('query', kill);
        if (!done) kills++;
        expect(await everything(), `killed at statement ${at}`).to.have.length(2_000);
        if (done && left > 0) break;
      }
    } finally {
      await victim.destroy();
    }
    expect(kills).to.be.greaterThan(2);
    await compactAt(on(3, 1));
    expect(await everything()).to.have.length(2_000);
    expect(await count('fix_kept')).to.equal(0);
  });

  it('drops nothing when the counts do not agree', async () => {
    await write(aDay(600));
    const [found] = await listCompactable(db, on(2));
    const day = await db.transaction((tx) => detachDay(tx, found!));
    await makeSegments(db, day);
    await db.raw('delete from track_segment_making_20260127 where ctid = (select min(ctid) from track_segment_making_20260127)');
    const refused = await db.transaction((tx) => putSegmentsInForce(tx, day, 600)).catch((error: unknown) => error);
    expect(refused).to.be.instanceOf(CountsDiffer);
    expect(await everything()).to.have.length(600);
  });

  it('compacts a day again that has become one anew, beside what is there', async () => {
    await write(aDay(10));
    await compactAt(on(3, 1));
    await ensureFixPartitions(db, DAY);
    await write([fix(11, on(0, 15))]);
    expect(await compactAt(on(3, 1))).to.include({ days: 1, fixes: 1 });
    expect(await everything()).to.have.length(11);
  });

  it('tells two devices of a vehicle apart, and one device in two vehicles', async () => {
    const other = await aFleet(db, { from: on(0, 8), until: on(0, 16), number: 2 });
    await write([
      ...aDay(60),
      // The second device of the first vehicle, at the same seconds and with the same numbers.
      ...aDay(60).map((one) => ({ ...one, deviceId: other.deviceId })),
      // The first device, in the second vehicle.
      ...aDay(60, on(0, 9, 60)).map((one) => ({ ...one, vehicleId: other.vehicleId })),
    ]);
    await compactAt(on(3, 1));
    expect(await everything()).to.have.length(120);
    expect(await everything(other.vehicleId)).to.have.length(60);
    expect(await trackOf(db, { deviceId: fleet.deviceId }, on(-1), on(1))).to.have.length(120);
    expect(await db('vehicle_day')).to.have.length(3);
  });

  it('answers who was near from fixes and tracks alike', async () => {
    const other = await aFleet(db, { from: on(0, 8), until: on(0, 16), number: 2 });
    await write([
      ...aDay(300),
      fix(1, on(0, 9, 30), { deviceId: other.deviceId, vehicleId: other.vehicleId, lon: -77.027, lat: 38.9015 }),
      fix(2, on(0, 9, 40), { deviceId: other.deviceId, vehicleId: other.vehicleId, lon: 0, lat: 0, flags: FIX_FLAGS.zero_zero }),
    ]);
    const ask = () =>
      listNear(db, { lon: -77.027, lat: 38.9, metres: 200, from: on(0, 9), until: on(0, 10), organisationId: null });
    const before = await ask();
    expect(before.map(({ vehicleId }) => vehicleId)).to.deep.equal([fleet.vehicleId, other.vehicleId]);
    expect(before[0]!.nearestMetres).to.be.lessThan(1);
    expect(before[1]).to.deep.include({ fixes: 1, firstAt: on(0, 9, 30) });
    await compactAt(on(3, 1));
    const after = await ask();
    expect(after.map(({ nearestMetres: _, ...rest }) => rest)).to.deep.equal(before.map(({ nearestMetres: _, ...rest }) => rest));
    const none = { lon: -77.027, lat: 38.9, metres: 200, from: on(0, 10), until: on(0, 11), organisationId: null };
    expect(await listNear(db, none)).to.deep.equal([]);
    expect(await listNear(db, { ...none, from: on(0, 9), organisationId: randomUUID() })).to.deep.equal([]);
  });

  it('makes the markers anew from tracks when all fixes are compacted', async () => {
    await write(aDay(100));
    await compactAt(on(3, 1));
    expect(await restoreMarkers(db)).to.deep.equal({ markers: 0, devices: 1 });
    expect(await restoreFromSegments(db)).to.equal(1);
    const [marker] = await db('vehicle_position');
    expect(marker).to.deep.include({ device_seq: 100, fix_time: on(0, 9, 99) });
    expect((await db('device_seen'))[0]).to.include({ last_seq: 100 });
  });

  it('drops tracks and figures when their days are over, each drop with an event', async () => {
    await write([...aDay(10), fix(900, on(-500), { receivedAt: on(0, 9), flags: FIX_FLAGS.long_ago })]);
    await compactAt(on(3, 1));
    const drop = (now: Date) => dropWhatIsOver({ tools: toolsAt(now), log: quiet, days: () => DAYS });
    // What came 500 days late is over at once, the day is not: it ended 30 days before the 31st.
    expect((await drop(on(30, 23))).map(({ what, count }) => ({ what, count }))).to.deep.equal([{ what: 'tracks', count: 1 }]);
    expect((await drop(on(31))).map(({ what, count }) => ({ what, count }))).to.deep.equal([{ what: 'tracks', count: 10 }]);
    expect(await everything()).to.deep.equal([]);
    expect(await drop(on(730))).to.deep.equal([]);
    expect((await drop(on(731))).map(({ what }) => what)).to.deep.equal(['vehicle-days']);
    expect((await events()).map(({ type }) => type)).to.deep.equal([
      'fixes.compacted',
      'fixes.compacted',
      'tracks.dropped',
      'tracks.dropped',
      'vehicle-days.dropped',
    ]);
  });

  it('leaves the day as it is when the disk is full', async function () {
    const disk = mkdtempSync(path.join(os.tmpdir(), 'thuma-small-disk-'));
    try {
      execFileSync('mount', ['-t', 'tmpfs', '-o', 'size=400k', 'tmpfs', disk], { stdio: 'ignore' });
    } catch {
      rmSync(disk, { recursive: true });
      console.warn('      *** SKIPPED: a small disk can be mounted by root only');
      return this.skip();
    }
    try {
      execFileSync('chown', ['postgres', disk]);
      await db.raw(db.raw('create tablespace small location ?', [disk]).toQuery());
      for (let k = 0; k < 10; k++) {
        const some = Array.from({ length: 6_000 }, (_, n) => k * 6_000 + n);
        // Points that say something new each time, so that they do not become small.
        await write(
          some.map((n) => fix(n + 1, on(0, 1, n), { lon: -77 + Math.sin(n * n) / 10, lat: 38.9 + Math.cos(n * n) / 10 })),
        );
      }
      const url = new URL(fresh.connection.url);
      url.searchParams.set('options', '-c timezone=UTC -c default_tablespace=small');
      const small = openDb({ url: url.href, maxConnections: 2 }, { applicationName: 'small' });
      try {
        const tools = { ...toolsAt(on(3, 1)), db: small };
        const failed: unknown = await compactFixes({ tools, log: quiet, days: () => DAYS }).catch((error: unknown) => error);
        expect(failed).to.include({ code: '53100' });
      } finally {
        await small.destroy();
      }
      expect(await count('fix_kept')).to.equal(60_000);
      expect(await count('track_segment')).to.equal(0);
      // With room it goes on where it was.
      await db.raw('drop table track_segment_making_20260127');
      expect(await compactAt(on(3, 1))).to.include({ days: 1, fixes: 60_000 });
    } finally {
      await db.raw('drop table if exists track_segment_making_20260127');
      await db.raw('drop tablespace if exists small');
      execFileSync('umount', [disk]);
      rmSync(disk, { recursive: true });
    }
  });
});
