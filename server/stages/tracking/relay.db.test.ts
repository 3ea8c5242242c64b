import { randomUUID } from 'node:crypto';
import { expect } from 'chai';
import { freshDb, type FreshDb } from '../../../db/testing.ts';
import { anonymousActor, type Actor } from '../../platform/actor.ts';
import { simulatedClock } from '../../platform/clock.ts';
import { quiet } from '../../platform/test-server.ts';
import { deviceBindings } from '../../stores/positions/bindings.ts';
import { aFleet, type TestFleet } from '../../stores/positions/testing.ts';
import { vehicleShifts } from '../../stores/positions/vehicle-shifts.ts';
import { wrongMarkers } from '../../../scripts/soak/fix-history.ts';
import { ORDINARY_LIMITS } from './pipeline.ts';
import { tracking, type Tracking } from './receive.ts';
import { relayOf, type Relay } from './relay.ts';

const START = new Date('2026-01-27T12:00:00Z');
const at = (seconds: number): Date => new Date(START.getTime() + seconds * 1000);

describe('positions that come through somebody else', () => {
  let fresh: FreshDb;
  let fleets: TestFleet[];
  let clock: ReturnType<typeof simulatedClock>;
  const opened: Tracking[] = [];

  const open = (tickMillis = 0): { positions: Tracking; relay: Relay } => {
    const bindings = deviceBindings(60_000, () => performance.now());
    const positions = tracking({
      db: fresh.db,
      clock,
      bindings,
      shifts: vehicleShifts(60_000, () => performance.now()),
      limits: ORDINARY_LIMITS,
      onMoved: () => undefined,
      onRestored: () => undefined,
      log: quiet,
      tickMillis,
      count: () => undefined,
      onStored: () => Promise.resolve(),
    });
    opened.push(positions);
    return { positions, relay: relayOf({ db: fresh.db, bindings, tracking: positions }) };
  };
  const fix = (deviceId: string, deviceSeq: number, seconds: number) => ({
    deviceId,
    deviceSeq,
    fixTime: at(seconds).toISOString(),
    lon: -77.03 + deviceSeq * 0.0001,
    lat: 38.9,
    accuracyMetres: 5,
  });
  const integrator = (organisationId: string | null): Actor => ({ ...anonymousActor, role: 'integrator', organisationId });

  beforeEach(async () => {
    fresh = await freshDb();
    clock = simulatedClock(START);
    fleets = [];
    for (const number of [1, 2, 3]) fleets.push(await aFleet(fresh.db, { from: at(-3600), until: at(3600), number }));
    // The third stays a crew's phone.
    await fresh.db('device').whereIn('id', [fleets[0]!.deviceId, fleets[1]!.deviceId]).update({ kind: 'tracker' });
  });
  afterEach(async () => {
    for (const positions of opened.splice(0)) await positions.stop();
    await fresh.drop();
  });

  it('stores what an integrator may speak for, and names the rest fix by fix', async () => {
    const [own, foreign, phone] = fleets.map(({ deviceId }) => deviceId);
    const { relay } = open();
    const fixes = [fix(own!, 1, -9), fix(foreign!, 1, -9), fix(own!, 2, -8), fix(phone!, 1, -9), fix(randomUUID(), 1, -9)];
    const receipt = await relay(integrator(fleets[0]!.organisationId), { fixes });
    const refused = [1, 3, 4].map((index) => ({ index, reason: 'no-such-device' }));
    expect(receipt).to.deep.equal({ stored: 2, known: 0, refused });
    expect(await fresh.db('fix').select('device_id', 'device_seq').orderBy('device_seq')).to.deep.equal([
      { device_id: own, device_seq: 1 },
      { device_id: own, device_seq: 2 },
    ]);
    expect(await relay(integrator(null), { fixes })).to.deep.equal({
      stored: 1,
      known: 2,
      refused: refused.slice(1),
    });
  });

  it('a fix that a server showed the others and died before it stored it: the next one stores it and moves the marker', async () => {
    const { actor, vehicleId, deviceId } = fleets[0]!;
    const { positions } = open();
    await positions.receive(actor, { fixes: [fix(deviceId, 1, -20)].map(({ deviceId: _, ...sent }) => sent) });
    const lost = [fix(deviceId, 2, -10), fix(deviceId, 3, -9)].map(({ deviceId: _, ...sent }) => sent);
    const shown = { ...lost[1]!, vehicleId, deviceId, time: at(-9), receivedAt: at(-9), source: 'tracker' };
    positions.heardElsewhere([{ ...shown, accuracyMetres: 5, speedMps: null, headingDegrees: null }]);
    expect(await positions.receive(actor, { fixes: lost })).to.deep.include({ stored: 2 });
    expect(await fresh.db('fix').whereNot({ flags: 0 })).to.deep.equal([]);
    expect(await wrongMarkers(fresh.db)).to.deep.equal([]);
  });

  it('markers that a crash of PostgreSQL took are there again as soon as somebody looks', async () => {
    const { actor, deviceId } = fleets[0]!;
    const { positions } = open();
    await positions.receive(actor, { fixes: [fix(deviceId, 1, -20)].map(({ deviceId: _, ...sent }) => sent) });
    await fresh.db('vehicle_position').delete();
    expect(await wrongMarkers(fresh.db)).to.have.length(1);
    await positions.keepRestored();
    expect(await wrongMarkers(fresh.db)).to.deep.equal([]);
  });

  it('the clock of the server jumps an hour ahead and back: the marker is neither frozen nor moved back', async () => {
    const { actor, deviceId, vehicleId } = fleets[0]!;
    const { positions } = open();
    const send = (seq: number, seconds: number) =>
      positions.receive(actor, { fixes: [fix(deviceId, seq, seconds)].map(({ deviceId: _, ...sent }) => sent) });
    const marker = async () =>
      (await fresh.db('vehicle_position').where({ vehicle_id: vehicleId }).first<{ device_seq: number }>()).device_seq;
    await send(1, -1);
    clock.set(at(3600));
    // The device's clock is right: for this server it is an hour old, and newer than the marker all the same.
    await send(2, 1);
    expect(await marker()).to.equal(2);
    clock = simulatedClock(at(10));
    const { positions: back } = open();
    await back.restore();
    await back.receive(actor, { fixes: [fix(deviceId, 3, 9)].map(({ deviceId: _, ...sent }) => sent) });
    expect(await marker()).to.equal(3);
    expect(await wrongMarkers(fresh.db)).to.deep.equal([]);
  });
});
