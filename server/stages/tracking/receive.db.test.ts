import { randomUUID } from 'node:crypto';
import { expect } from 'chai';
import { freshDb, type FreshDb } from '../../../db/testing.ts';
import { simulatedClock, type SimulatedClock } from '../../platform/clock.ts';
import { createLog } from '../../platform/log.ts';
import { deviceBindings } from '../../stores/positions/bindings.ts';
import { FIX_FLAGS, type FixBatch, type SentFix } from '../../stores/positions/contract.ts';
import { ensureFixPartitions } from '../../stores/positions/partitions.ts';
import { findPositionOfShift, listPositions } from '../../stores/positions/store.ts';
import { trackOf, trackOfShift } from '../../stores/positions/track.ts';
import { aFleet, type TestFleet } from '../../stores/positions/testing.ts';
import { ORDINARY_LIMITS } from './pipeline.ts';
import { vehicleShifts } from '../../stores/positions/vehicle-shifts.ts';
import { tracking, type Tracking } from './receive.ts';
import type { StoredPositions } from './follow-up.ts';

const START = new Date('2026-01-27T12:00:00Z');
const at = (seconds: number): Date => new Date(START.getTime() + seconds * 1000);
const hours = (n: number): Date => at(n * 3600);

const fix = (deviceSeq: number, seconds: number, over: Partial<SentFix> = {}): SentFix => ({
  deviceSeq,
  fixTime: at(seconds).toISOString(),
  lon: -77.03 + deviceSeq * 0.0001,
  lat: 38.9,
  accuracyMetres: 5,
  ...over,
});
const batch = (...fixes: SentFix[]): FixBatch => ({ fixes });

describe('receiving positions', () => {
  let fresh: FreshDb;
  let fleet: TestFleet;
  let clock: SimulatedClock;
  let positions: Tracking;
  let stored: StoredPositions[];
  const counts: Record<string, number> = {};

  const open = (tickMillis: number): Tracking =>
    tracking({
      db: fresh.db,
      clock,
      bindings: deviceBindings(60_000, () => performance.now()),
      shifts: vehicleShifts(60_000, () => performance.now()),
      limits: ORDINARY_LIMITS,
      onMoved: () => undefined,
      onRestored: () => undefined,
      log: createLog({ level: 'silent' }),
      tickMillis,
      count: (what, n) => (counts[what] = (counts[what] ?? 0) + n),
      onStored: (now) => Promise.resolve(void stored.push(now)),
    });
  const marker = async () => (await listPositions(fresh.db, clock.now()))[0]?.position;

  beforeEach(async () => {
    fresh = await freshDb();
    fleet = await aFleet(fresh.db, { from: hours(-4), until: hours(4) });
    clock = simulatedClock(START);
    stored = [];
    positions = open(0);
  });
  afterEach(async () => {
    await positions.stop();
    await fresh.drop();
  });

  it('stores a batch, moves the marker, and answers up to where the device may forget', async () => {
    expect(await positions.receive(fleet.actor, batch(fix(1, -20), fix(2, -10)))).to.deep.equal({
      through: 2,
      stored: 2,
      known: 0,
    });
    expect(await marker()).to.deep.include({
      vehicleId: fleet.vehicleId,
      shiftId: fleet.shiftId,
      ageSeconds: 10,
      source: 'crew_phone',
    });
    expect(stored[0]?.moved.map((m) => m.organisationId)).to.deep.equal([fleet.organisationId]);
    const device: unknown = await fresh.db('device_seen').where({ device_id: fleet.deviceId }).first('last_seq', 'last_seen_at');
    expect(device).to.deep.equal({ last_seq: 2, last_seen_at: START });
  });

  it('takes the same batch twice, also at once, as one', async () => {
    const same = batch(fix(1, -20), fix(2, -10), fix(2, -10));
    const receipts = await Promise.all([positions.receive(fleet.actor, same), positions.receive(fleet.actor, same)]);
    expect(receipts.map((r) => r.stored + r.known)).to.deep.equal([3, 3]);
    expect(receipts.reduce((sum, r) => sum + r.stored, 0)).to.equal(2);
    expect(await positions.receive(fleet.actor, same)).to.deep.equal({ through: 2, stored: 0, known: 3 });
    expect(await fresh.db('fix').count('* as n').first()).to.deep.equal({ n: 2 });
  });

  it('never moves the marker back for a late fix, which the track keeps', async () => {
    await positions.receive(fleet.actor, batch(fix(5, -10)));
    const before = await marker();
    await positions.receive(fleet.actor, batch(fix(3, -40), fix(4, -20)));
    expect(await marker()).to.deep.equal(before);
    const track = await trackOf(fresh.db, { vehicleId: fleet.vehicleId }, at(-60), START);
    expect(track.map((p) => [p.time, p.flags])).to.deep.equal([
      [at(-40), FIX_FLAGS.out_of_order],
      [at(-20), FIX_FLAGS.out_of_order],
      [at(-10), 0],
    ]);
  });

  it('is not frozen by a stamp a day ahead, and keeps the fix with its flag', async () => {
    await positions.receive(fleet.actor, batch(fix(1, 86_400)));
    expect(await marker()).to.equal(undefined);
    await positions.receive(fleet.actor, batch(fix(2, -5)));
    expect((await marker())?.fixTime).to.equal(at(-5).toISOString());
    const all = await trackOf(fresh.db, { deviceId: fleet.deviceId }, hours(-48), hours(48), { everything: true });
    expect(all.map((p) => p.flags)).to.deep.equal([0, FIX_FLAGS.ahead_of_clock]);
  });

  it('puts a wrong clock right by the clock of the request', async () => {
    const sentAt = hours(24).toISOString();
    await positions.receive(fleet.actor, { sentAt, fixes: [fix(1, 86_400 - 30)] });
    expect(await marker()).to.deep.include({ fixTime: at(-30).toISOString(), ageSeconds: 30 });
  });

  it('forgets the last wrong jump across batches: the second that agrees with it wins', async () => {
    await positions.receive(fleet.actor, batch(fix(1, -60)));
    await positions.receive(fleet.actor, batch(fix(2, -50, { lat: 41 })));
    expect((await marker())?.lat).to.equal(38.9);
    await positions.receive(fleet.actor, batch(fix(3, -40, { lat: 41 })));
    expect((await marker())?.lat).to.equal(41);
    expect(counts['impossible_jump']).to.equal(1);
  });

  it('writes what comes within a tick together and answers everybody', async () => {
    await positions.stop();
    const other = await aFleet(fresh.db, { from: hours(-4), until: hours(4), number: 2 });
    positions = open(20);
    const receipts = await Promise.all([
      positions.receive(fleet.actor, batch(fix(1, -20))),
      positions.receive(other.actor, batch(fix(1, -15), fix(2, -5))),
    ]);
    expect(receipts.map((r) => r.stored)).to.deep.equal([1, 2]);
    await positions.stop();
    expect(stored).to.have.length(1);
    expect((await listPositions(fresh.db, START)).map((p) => p.position.vehicleId)).to.have.members([
      fleet.vehicleId,
      other.vehicleId,
    ]);
    expect(await listPositions(fresh.db, START, { organisationId: other.organisationId })).to.have.length(1);
  });

  it('keeps the fixes of a device bound to nothing, without a marker', async () => {
    const deviceId = randomUUID();
    await fresh.db('device').insert({ id: deviceId, kind: 'tracker', label: 'spare', enrolled_at: START });
    const receipt = await positions.receive({ ...fleet.actor, deviceId }, batch(fix(1, -5)));
    expect(receipt.stored).to.equal(1);
    expect(await marker()).to.equal(undefined);
  });

  it('shows a parked vehicle where it stopped and as fresh as its newest fix, also after the database has crashed', async () => {
    const parked = { speedMps: 0, lat: 38.90003 };
    await positions.receive(
      fleet.actor,
      batch(fix(1, -60), fix(2, -40, { ...parked, lon: -77.0299 }), fix(3, -5, { ...parked, lon: -77.02995 })),
    );
    const shown = { fixTime: at(-5).toISOString(), lon: -77.0299, lat: 38.9, ageSeconds: 5 };
    expect(await marker()).to.deep.include(shown);
    const kept: unknown = await fresh.db('fix').orderBy('device_seq').select('device_seq', 'lon', 'flags');
    expect(kept).to.deep.equal([
      { device_seq: 1, lon: -77.0299, flags: 0 },
      { device_seq: 2, lon: -77.0299, flags: FIX_FLAGS.standing_still },
      { device_seq: 3, lon: -77.02995, flags: FIX_FLAGS.standing_still },
    ]);
    // What an unlogged table holds after PostgreSQL has been killed.
    await fresh.db('vehicle_position').delete();
    await open(0).restore();
    expect(await marker()).to.deep.include(shown);
  });

  it('puts a clock that is a year behind right by the clock of the request', async () => {
    const behind = (seconds: number) => new Date(at(seconds).getTime() - 365 * 86_400_000).toISOString();
    await positions.receive(fleet.actor, { sentAt: behind(0), fixes: [fix(1, 0, { fixTime: behind(-30) })] });
    expect(await marker()).to.deep.include({ fixTime: at(-30).toISOString() });
    expect(await fresh.db('fix').first('flags')).to.deep.equal({ flags: 0 });
  });

  it('refuses whoever is no device', async () => {
    const refused = await positions.receive({ ...fleet.actor, deviceId: null }, batch(fix(1, 0))).catch((e: unknown) => e);
    expect(refused).to.include({ status: 403, type: 'no-device' });
  });

  it('knows the shift of a vehicle in overtime and its track to the end', async () => {
    clock.set(at(4 * 3600 + 600));
    await positions.receive(fleet.actor, batch(fix(1, 4 * 3600 + 590)));
    expect((await findPositionOfShift(fresh.db, fleet.shiftId, clock.now()))?.ageSeconds).to.equal(10);
    expect(await trackOfShift(fresh.db, fleet.shiftId, hours(-4), hours(5))).to.have.length(1);
  });

  it('makes the partitions of today and tomorrow, and moves what came before them', async () => {
    const early = new Date('2026-03-01T08:00:00Z');
    await fresh.db('fix').insert({
      device_id: fleet.deviceId,
      fix_time: early,
      device_seq: 1,
      lon: 1,
      lat: 1,
      source: 'tracker',
      corrected_time: early,
      received_at: early,
    });
    expect(await ensureFixPartitions(fresh.db, early)).to.deep.equal(['fix_20260301', 'fix_20260302']);
    expect(await ensureFixPartitions(fresh.db, early)).to.deep.equal([]);
    expect(await fresh.db('fix_20260301').count('* as n').first()).to.deep.equal({ n: 1 });
    expect(await fresh.db('fix').count('* as n').first()).to.deep.equal({ n: 1 });
  });
});
