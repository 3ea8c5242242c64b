import { randomUUID } from 'node:crypto';
import { expect } from 'chai';
import { freshDb, type FreshDb } from '../../../db/testing.ts';
import { decodePolyline, encodePolyline } from '../../../routing/directions/polyline.ts';
import { matchTrack } from '../../../routing/roads/osrm-match.ts';
import { osrm } from '../../../routing/roads/osrm.ts';
import { RoadsUnavailable } from '../../../routing/roads/errors.ts';
import { greatCircleMetres, type LonLat } from '../../../routing/units.ts';
import { simulatedClock } from '../../platform/clock.ts';
import { randomIds } from '../../platform/ids.ts';
import { startRouter, type RouterProcess } from '../../platform/router-process.ts';
import { quiet } from '../../platform/test-server.ts';
import { metresOff } from '../../stores/positions/history/lines.ts';
import { listSnapped } from '../../stores/positions/history/snapped.ts';
import { ensureFixPartitions } from '../../stores/positions/partitions.ts';
import { FixRows } from '../../stores/positions/fix-rows.ts';
import { writePositions } from '../../stores/positions/store.ts';
import { trackOf } from '../../stores/positions/track.ts';
import { MIDDLE, smallCity } from '../city/testing.ts';
import { compactFixes } from '../retention/keep-positions.ts';
import { snapTracks, type SnapDeps } from './snap-tracks.ts';

const DAY = new Date('2026-01-27T00:00:00Z');
const NOON = DAY.getTime() + 12 * 3_600_000;
const NOW = new Date('2026-01-31T00:00:00Z');

describe('tracks on real roads', function () {
  this.timeout(120_000);
  let fresh: FreshDb;
  let router: RouterProcess;
  let version: string;
  let way: LonLat[];

  before(async () => {
    const { binaries, dataset } = await smallCity();
    version = dataset.manifest.version;
    router = await startRouter({
      routed: binaries.routed,
      dataset: { file: dataset.routerFile ?? '', version },
      say: () => undefined,
    });
    fresh = await freshDb();
    const [west, south, east, north] = MIDDLE;
    const roads = osrm({ url: () => router.url(), version: () => version, timeoutSeconds: 5 });
    const at = (x: number, y: number): LonLat => ({ lon: west + (east - west) * x, lat: south + (north - south) * y });
    const { legs } = await roads.path([at(0.2, 0.2), at(0.8, 0.7), at(0.3, 0.8)]);
    way = legs.flatMap(({ line }) => [...line]);
  });
  after(async () => {
    await router.stop();
    await fresh.drop();
  });

  /** Eight metres a second along the way, each fix some metres beside it. */
  function driven(): LonLat[] {
    const places: LonLat[] = [];
    let left = 0;
    for (const [i, to] of way.slice(1).entries()) {
      const from = way[i]!;
      const metres = greatCircleMetres(from, to);
      for (; left < metres; left += 8) {
        const part = metres === 0 ? 0 : left / metres;
        const n = places.length;
        places.push({
          lon: from.lon + (to.lon - from.lon) * part + Math.sin(n / 3) * 6e-5,
          lat: from.lat + (to.lat - from.lat) * part + Math.cos(n / 5) * 3e-5,
        });
      }
      left -= metres;
    }
    return places;
  }

  it('lie on the way that was driven, beside the fixes as they were measured; without a router they wait', async () => {
    const { db } = fresh;
    const [organisationId, vehicleId, deviceId] = [randomUUID(), randomUUID(), randomUUID()];
    await db('organisation').insert({ id: organisationId, code: 'works', name: 'Works' });
    await db('vehicle').insert({ id: vehicleId, code: 'van', organisation_id: organisationId, kind: 'van' });
    await ensureFixPartitions(db, DAY);
    const places = driven();
    expect(places.length).to.be.greaterThan(150);
    const fixes = places.map((place, n) => {
      const time = new Date(NOON + n * 1000);
      return {
        ...place,
        deviceId,
        vehicleId,
        deviceSeq: n + 1,
        fixTime: time,
        correctedTime: time,
        receivedAt: time,
        accuracyMetres: 6,
        speedMps: 8,
        headingDegrees: null,
        source: 'tracker',
        flags: 0,
      };
    });
    await writePositions(db, FixRows.of(fixes), [], []);
    const clock = simulatedClock(NOW);
    const tools = { db, clock, ids: randomIds, readers: [], committed: () => undefined };
    await compactFixes({ tools, log: quiet, days: () => ({ fixes: 2, tracks: 30, vehicleDays: null }) });

    const { signal } = new AbortController();
    const deps: Omit<SnapDeps, 'match'> = { db, clock, log: quiet };
    const away = await snapTracks({ ...deps, match: () => Promise.resolve(null) }, signal);
    expect(away).to.equal(0);
    const nobody = { url: () => null, version: () => version, timeoutSeconds: 1 };
    const unanswered = await matchTrack(nobody, [
      { ...places[0]!, at: 0, accuracyMetres: 5 },
      { ...places[9]!, at: 9_000, accuracyMetres: 5 },
    ]).catch((error: unknown) => error);
    expect(unanswered).to.be.instanceOf(RoadsUnavailable);

    const options = { url: () => router.url(), version: () => version, timeoutSeconds: 10 };
    const match: SnapDeps['match'] = async (points, until) => {
      const { lines, matched } = await matchTrack(options, points, until);
      return { roadVersion: version, matchedPoints: matched, lines: lines.map((line) => encodePolyline(line, 6)) };
    };
    const done = await snapTracks({ ...deps, match }, signal);
    expect(done).to.be.greaterThan(0);
    expect(await snapTracks({ ...deps, match }, signal)).to.equal(0);

    const end = new Date(NOON + 3_600_000);
    const parts = await listSnapped(db, vehicleId, DAY, end);
    expect(parts).to.have.length(done);
    const lines = parts.flatMap((part) => part.lines.map((line) => decodePolyline(line, 6)));
    const corners = lines.flat();
    const off = [...metresOff(corners, [way])].sort((a, b) => a - b);
    expect(off[Math.floor(off.length * 0.95)], 'of what was matched, metres off the way').to.be.lessThan(3);
    const missing = [...metresOff(way, lines)].sort((a, b) => a - b);
    expect(missing[Math.floor(missing.length * 0.95)], 'of the way, metres off what was matched').to.be.lessThan(3);
    // What was measured is there as it was.
    const track = await trackOf(db, { vehicleId }, DAY, end);
    expect(track).to.have.length(places.length);
    expect(Math.max(...metresOff(track, [way]))).to.be.greaterThan(3);
  });
});
