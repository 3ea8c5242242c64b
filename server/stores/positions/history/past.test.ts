import { expect } from 'chai';
import { SaxesParser } from 'saxes';
import type { TrackPoint } from '../track.ts';
import { geoJsonOf, gpxOf } from './export-track.ts';
import { compareLines } from './lines.ts';
import { stopsAndTrips } from './stops.ts';

const START = Date.parse('2026-01-27T09:00:00Z');
const METRE = 1 / 111_195;
/** Metres north and east of a place on the equator, so that they are easy to work out. */
const point = (seconds: number, north: number, east = 0, speedMps: number | null = null): TrackPoint => ({
  time: new Date(START + seconds * 1000),
  lon: 10 + east * METRE,
  lat: north * METRE,
  accuracyMetres: 5,
  speedMps,
  headingDegrees: null,
  flags: 0,
});
const drive = (from: number, seconds: number, north: number): TrackPoint[] =>
  Array.from({ length: seconds / 10 }, (_, k) => point(from + k * 10, north + k * 100, 0, 10));
const stand = (from: number, seconds: number, north: number): TrackPoint[] =>
  Array.from({ length: seconds / 10 }, (_, k) => point(from + k * 10, north + (k % 3) * 5, (k % 2) * 5, 0));
const RULES = { leastSeconds: 300, radiusMetres: 40, silentSeconds: 900 };

describe('stops and trips', () => {
  it('are told apart by standing long enough', () => {
    // 60 s at a signal are part of the way.
    const track = [
      ...drive(0, 300, 0),
      ...stand(300, 60, 3_000),
      ...drive(360, 240, 3_100),
      ...stand(600, 600, 5_500),
      ...drive(1_200, 100, 5_600),
    ];
    const parts = stopsAndTrips(track, RULES);
    expect(parts.map(({ kind }) => kind)).to.deep.equal(['trip', 'stop', 'trip']);
    const [out, stop, back] = parts;
    expect(out).to.include({ kind: 'trip' });
    expect(out!.until).to.deep.equal(stop!.from);
    expect((stop!.until.getTime() - stop!.from.getTime()) / 1000).to.equal(590);
    expect(back!.from).to.deep.equal(stop!.until);
    expect((out as { metres: number }).metres).to.be.within(5_400, 5_520);
    expect((stop as { lat: number }).lat / METRE).to.be.within(5_500, 5_510);
  });

  it('count silence as standing only where the vehicle is found again, and end a trip at it', () => {
    const parked = [...drive(0, 100, 0), ...stand(100, 60, 1_000), ...stand(4_000, 60, 1_000)];
    expect(stopsAndTrips(parked, RULES).map(({ kind }) => kind)).to.deep.equal(['trip', 'stop']);
    const lost = [...drive(0, 100, 0), ...drive(4_000, 100, 9_000)];
    expect(stopsAndTrips(lost, RULES).map(({ kind }) => kind)).to.deep.equal(['trip', 'trip']);
  });

  it('are none of nothing', () => {
    expect(stopsAndTrips([], RULES)).to.deep.equal([]);
    expect(stopsAndTrips([point(0, 0)], RULES)).to.deep.equal([]);
  });
});

describe('planned line against driven', () => {
  const line = [
    [
      { lon: 10, lat: 0 },
      { lon: 10, lat: 5_000 * METRE },
    ],
  ];
  it('says how far off and for which part of the time', () => {
    const track = [...drive(0, 200, 0), ...Array.from({ length: 10 }, (_, k) => point(200 + k * 10, 2_000, 100 + k * 10, 5))];
    const { shareOnLine, furthestMetres, furthestAt, off } = compareLines(track, line, 50);
    expect(shareOnLine).to.be.closeTo(190 / 290, 0.001);
    expect(furthestMetres).to.be.closeTo(190, 0.5);
    expect(furthestAt).to.deep.equal(new Date(START + 290_000));
    expect(off).to.have.length(1);
    expect(off[0]).to.deep.include({ from: new Date(START + 200_000), until: new Date(START + 290_000) });
  });
  it('says nothing without a track', () => {
    expect(compareLines([], line, 50)).to.deep.include({ points: 0, shareOnLine: null });
  });
});

describe('a track that leaves the house', () => {
  const track = {
    name: 'van <1> & "two"\u0007',
    points: [...drive(0, 30, 0), ...drive(4_000, 30, 900), point(9_000, 0)],
    attribution: 'Works & Co',
    madeAt: new Date(START),
  };
  it('is well-formed GPX with a stretch where there are fixes and none where there are not', () => {
    const seen: Record<string, number> = {};
    const parser = new SaxesParser({ xmlns: true });
    let name = '';
    parser.on('opentag', (tag) => {
      expect(tag.uri).to.equal('http://www.topografix.com/GPX/1/1');
      seen[tag.local] = (seen[tag.local] ?? 0) + 1;
    });
    parser.on('text', (text) => (name ||= text.trim()));
    parser.on('error', (error) => {
      throw error;
    });
    parser.write(gpxOf(track)).close();
    expect(seen).to.include({ trk: 1, trkseg: 3, trkpt: 7, copyright: 1 });
    expect(name).to.equal('van <1> & "two"');
  });
  it('is GeoJSON with a time a point', () => {
    const { features, attribution } = geoJsonOf(track);
    expect(attribution).to.equal('Works & Co');
    expect(features.map(({ geometry }) => geometry.type)).to.deep.equal(['LineString', 'LineString', 'Point']);
    expect((features[0]!.properties as { times: string[] }).times).to.have.length(3);
  });
});
