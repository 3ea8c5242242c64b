import { expect } from 'chai';
import { freshDb, type FreshDb } from '../../../../db/testing.ts';
import { estimate, UNLEARNED } from '../../../../routing/roads/estimate.ts';
import { simulatedClock } from '../../../platform/clock.ts';
import { anonymousActor } from '../../../platform/actor.ts';
import { startTestServer, tokenFor, type TestServer } from '../../../platform/test-server.ts';
import { FIX_FLAGS } from '../contract.ts';
import { ensureFixPartitions } from '../partitions.ts';
import { FixRows } from '../fix-rows.ts';
import { writePositions } from '../store.ts';
import { aFleet, type TestFleet } from '../testing.ts';
import { historyRoutes } from './http.ts';

const NINE = Date.parse('2026-01-27T09:00:00Z');
const at = (seconds: number): string => new Date(NINE + seconds * 1000).toISOString();

/** Of any of the answers, what the tests look at. */
type Told = readonly { readonly vehicleId: string }[] & {
  readonly parts: readonly { readonly kind: string; readonly metres: number }[];
  readonly vehicles: readonly { readonly code: string }[];
  readonly frames: readonly { readonly time: string; readonly moved: number[] }[];
  readonly next: string | null;
  readonly furthestMetres: number;
  readonly features: readonly unknown[];
};

describe('asking for the past', () => {
  let fresh: FreshDb;
  let server: TestServer;
  let fleet: TestFleet;
  let other: TestFleet;

  before(async () => {
    fresh = await freshDb();
    const { db } = fresh;
    const shift = { from: new Date(NINE - 3_600_000), until: new Date(NINE + 4 * 3_600_000) };
    fleet = await aFleet(db, shift);
    other = await aFleet(db, { ...shift, number: 2 });
    await ensureFixPartitions(db, new Date(NINE));
    // Both drive north for five minutes, the first then stands for ten.
    const fixes = [fleet, other].flatMap(({ vehicleId, deviceId }, n) =>
      Array.from({ length: n === 0 ? 90 : 30 }, (_, k) => {
        const time = new Date(NINE + k * 10_000);
        return {
          deviceId,
          vehicleId,
          deviceSeq: k + 1,
          fixTime: time,
          correctedTime: time,
          receivedAt: time,
          lon: -77.03 + n * 0.01,
          lat: 38.9 + Math.min(k, 30) * 0.001,
          accuracyMetres: 5,
          speedMps: k < 30 ? 11 : 0,
          headingDegrees: null,
          source: 'crew_phone',
          flags: k === 40 ? FIX_FLAGS.impossible_jump : 0,
        };
      }),
    );
    await writePositions(db, FixRows.of(fixes), [], []);
    const roads = estimate({ ...UNLEARNED, version: 'none' });
    server = await startTestServer({
      // A dispatcher is the first organisation's, an admin of none.
      identify: ({ token }) => {
        const role = token === tokenFor('admin') ? 'admin' : token === tokenFor('crew') ? 'crew' : 'dispatcher';
        return Promise.resolve({ ...anonymousActor, role, organisationId: role === 'admin' ? null : fleet.organisationId });
      },
      routes: historyRoutes({
        db,
        clock: simulatedClock(new Date(NINE + 86_400_000)),
        fenceMetres: () => 60,
        async path(places, signal) {
          const { legs, source } = await roads.path(places, signal);
          return { lines: legs.map(({ line }) => line), source };
        },
        attribution: () => 'roads of somebody',
        cityName: () => 'a city',
      }),
    });
  });
  after(async () => {
    await server.close();
    await fresh.drop();
  });

  const get = async (path: string, role: 'admin' | 'dispatcher' | 'crew' = 'dispatcher') => {
    const reply = await fetch(`${server.url}${path}`, { headers: { Authorization: `Bearer ${tokenFor(role)}` } });
    const text = await reply.text();
    return {
      status: reply.status,
      type: reply.headers.get('content-type') ?? '',
      text,
      body: (text.startsWith('<') ? null : JSON.parse(text)) as Told,
    };
  };
  const period = (from: number, until: number): string => `from=${at(from)}&until=${at(until)}`;

  it('tells stops and trips', async () => {
    const { body } = await get(`/api/vehicles/${fleet.vehicleId}/stops?${period(0, 3_600)}`);
    expect(body.parts.map(({ kind }: { kind: string }) => kind)).to.deep.equal(['trip', 'stop']);
    expect(body.parts[1]).to.deep.include({ from: at(300), until: at(890), job: null });
    expect(body.parts[0]!.metres).to.be.closeTo(30 * 111.195, 5);
  });

  it('tells who was near, to each desk its own', async () => {
    const near = `/api/fleet/near?lon=-77.025&lat=38.91&metres=600&${period(0, 3_600)}`;
    expect((await get(near)).body.map((one: { vehicleId: string }) => one.vehicleId)).to.deep.equal([fleet.vehicleId]);
    expect((await get(near, 'admin')).body).to.have.length(2);
    expect((await get(near, 'crew')).status).to.equal(403);
    expect((await get(near.replace('metres=600', 'metres=5000'))).status).to.equal(400);
  });

  it('replays the fleet, page after page, and nothing from later', async () => {
    let next: string | null = at(-20);
    const frames: { time: string; moved: number[] }[] = [];
    const codes = new Set<string>();
    for (let pages = 0; next !== null && pages < 10; pages++) {
      const { body }: { body: Told } = await get(`/api/fleet/replay?from=${next}&until=${at(895)}&step=15`, 'admin');
      frames.push(...body.frames);
      for (const { code } of body.vehicles) codes.add(code);
      next = body.next;
    }
    expect([...codes].sort()).to.deep.equal(['van-1', 'van-2']);
    expect(frames).to.have.length(62);
    expect(frames[0]!.moved).to.deep.equal([]);
    // At 09:00:10 the newest fix of both was made that very moment.
    expect(frames[2]!.moved).to.deep.equal([0, -77_030_000, 38_901_000, -1, 0, 1, -77_020_000, 38_901_000, -1, 0]);
    // Five seconds after a fix it is five seconds old.
    expect(frames[3]!.moved[4]).to.equal(5);
    // Flagged fixes move nothing: at 400 s the newest is of 390 s.
    const moment = frames.find(({ time }) => time === at(400))!;
    expect(moment.moved).to.deep.equal([0, -77_030_000, 38_930_000, -1, 10]);
  });

  it('compares the driven with the planned line', async () => {
    const { body } = await get(`/api/shifts/${fleet.shiftId}/line-comparison?withinMetres=100`);
    expect(body).to.include({ source: 'estimate', points: 89 });
    expect(body.furthestMetres).to.be.closeTo(30 * 111.195, 10);
    expect((await get(`/api/shifts/${other.shiftId}/line-comparison`)).status).to.equal(404);
  });

  it('hands out GPX and GeoJSON', async () => {
    const gpx = await get(`/api/vehicles/${fleet.vehicleId}/track.gpx?${period(0, 3_600)}`);
    expect(gpx.type).to.match(/^application\/gpx\+xml/);
    expect(gpx.text.match(/<trkpt /g)).to.have.length(89);
    const geo = await get(`/api/vehicles/${fleet.vehicleId}/track.geojson?${period(0, 3_600)}`);
    expect(geo.type).to.match(/^application\/geo\+json/);
    expect(geo.body.features).to.have.length(1);
    expect((await get(`/api/vehicles/${other.vehicleId}/track.gpx?${period(0, 3_600)}`)).status).to.equal(404);
    expect((await get(`/api/vehicles/${fleet.vehicleId}/track.gpx?${period(0, 200_000)}`)).status).to.equal(422);
  });
});
