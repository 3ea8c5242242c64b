import { existsSync, readFileSync } from 'node:fs';
import path from 'node:path';
import { gunzipSync } from 'node:zlib';
import { expect } from 'chai';
import fc from 'fast-check';
import {
  BadSegment,
  decodeColumns,
  decodeSegment,
  encodeColumns,
  encodeSegment,
  segmentColumns,
  type SegmentColumns,
} from './segment-codec.ts';

interface Point {
  readonly fixTime: number;
  readonly offset: number;
  readonly seq: number;
  readonly x: number;
  readonly y: number;
  readonly speed: number | null;
  readonly heading: number | null;
  readonly accuracy: number | null;
  readonly flags: number;
}

/** Points in the whole numbers that a segment keeps: tenths of a second, millionths of a degree, tenths of a metre a second. */
function columnsOf(points: readonly Point[]): SegmentColumns {
  const columns = segmentColumns(points.length);
  points.forEach((point, i) => {
    columns.fixTimes[i] = point.fixTime;
    columns.correctedTimes[i] = point.fixTime + point.offset * 100;
    columns.seqs[i] = point.seq;
    columns.lons[i] = point.x / 1e6;
    columns.lats[i] = point.y / 1e6;
    columns.speedsMps[i] = point.speed === null ? NaN : point.speed / 10;
    columns.headingsDegrees[i] = point.heading ?? NaN;
    columns.accuraciesMetres[i] = point.accuracy ?? NaN;
    columns.flags[i] = point.flags;
  });
  return columns;
}

const anyPoint: fc.Arbitrary<Point> = fc.record({
  fixTime: fc.integer({ min: 0, max: Date.parse('9999-12-31T23:59:59.999Z') }),
  offset: fc.integer({ min: -40_000_000_000, max: 40_000_000_000 }),
  seq: fc.integer({ min: 1, max: 2 ** 53 / 8 }),
  x: fc.integer({ min: -180_000_000, max: 180_000_000 }),
  y: fc.integer({ min: -90_000_000, max: 90_000_000 }),
  speed: fc.option(fc.integer({ min: 0, max: 2_000 })),
  heading: fc.option(fc.integer({ min: 0, max: 360 })),
  accuracy: fc.option(fc.integer({ min: 0, max: 100_000 })),
  flags: fc.integer({ min: 0, max: 2 ** 31 - 1 }),
});

const GOLDEN: readonly Point[] = [
  {
    fixTime: 1_769_504_400_000,
    offset: 3,
    seq: 41,
    x: 11_974_560,
    y: 57_708_870,
    speed: null,
    heading: null,
    accuracy: 5,
    flags: 0,
  },
  { fixTime: 1_769_504_401_000, offset: 3, seq: 42, x: 11_974_700, y: 57_708_870, speed: 83, heading: 90, accuracy: 5, flags: 0 },
  {
    fixTime: 1_769_504_402_000,
    offset: 2,
    seq: 43,
    x: 11_974_840,
    y: 57_708_869,
    speed: 84,
    heading: 91,
    accuracy: 6,
    flags: 32,
  },
];
/** Written down once: who changes the layout changes the version, and still reads this. */
const GOLDEN_COLUMNS =
  '0302' +
  '808af3eaff66d00f00' +
  '060001' +
  '520200' +
  'c0deb50b980200' +
  '8cc584370001' +
  '00a80102' +
  '00b60102' +
  '0c0002' +
  '000040';

describe('track segments', () => {
  it('are these bytes', async () => {
    expect(encodeColumns(columnsOf(GOLDEN)).toString('hex')).to.equal(GOLDEN_COLUMNS);
    expect(decodeColumns(Buffer.from(GOLDEN_COLUMNS, 'hex'))).to.deep.equal(columnsOf(GOLDEN));
    expect(decodeSegment(await encodeSegment(columnsOf(GOLDEN)))).to.deep.equal(columnsOf(GOLDEN));
  });

  it('give back any points in the numbers they keep', async () => {
    await fc.assert(
      fc.asyncProperty(fc.array(anyPoint, { minLength: 1, maxLength: 60 }), async (points) => {
        expect(decodeSegment(await encodeSegment(columnsOf(points)))).to.deep.equal(columnsOf(points));
      }),
      { numRuns: 300 },
    );
  });

  it('round by no more than they say', async () => {
    const real = { min: 0, noNaN: true };
    const anything = fc.record({
      lon: fc.double({ ...real, min: -180, max: 180 }),
      lat: fc.double({ ...real, min: -90, max: 90 }),
      speed: fc.double({ ...real, max: 200 }),
      heading: fc.double({ ...real, max: 360 }),
      accuracy: fc.double({ ...real, max: 100_000 }),
      offset: fc.integer({ min: -86_400_000, max: 86_400_000 }),
    });
    await fc.assert(
      fc.asyncProperty(fc.array(anything, { minLength: 1, maxLength: 40 }), async (points) => {
        const columns = segmentColumns(points.length);
        points.forEach((point, i) => {
          columns.fixTimes[i] = i * 1_013;
          columns.correctedTimes[i] = i * 1_013 + point.offset;
          columns.seqs[i] = i + 1;
          columns.lons[i] = point.lon;
          columns.lats[i] = point.lat;
          columns.speedsMps[i] = point.speed;
          columns.headingsDegrees[i] = point.heading;
          columns.accuraciesMetres[i] = point.accuracy;
        });
        const kept = decodeSegment(await encodeSegment(columns));
        points.forEach((point, i) => {
          expect(Math.abs(kept.lons[i]! - point.lon)).to.be.at.most(0.51e-6);
          expect(Math.abs(kept.lats[i]! - point.lat)).to.be.at.most(0.51e-6);
          expect(Math.abs(kept.speedsMps[i]! - point.speed)).to.be.at.most(0.0501);
          expect(Math.abs(kept.headingsDegrees[i]! - point.heading)).to.be.at.most(0.5);
          expect(Math.abs(kept.accuraciesMetres[i]! - point.accuracy)).to.be.at.most(0.5);
          expect(kept.fixTimes[i]).to.equal(columns.fixTimes[i]);
          expect(Math.abs(kept.correctedTimes[i]! - columns.correctedTimes[i]!)).to.be.at.most(50);
        });
      }),
      { numRuns: 100 },
    );
  });

  it('say so when they are damaged or of another version', async () => {
    const body = await encodeSegment(columnsOf(GOLDEN));
    expect(() => decodeSegment(Buffer.concat([Buffer.of(2), body.subarray(1)]))).to.throw(BadSegment, 'version 2');
    for (let end = 1; end < body.length; end++)
      expect(() => decodeSegment(body.subarray(0, end)), `cut at ${end}`).to.throw(BadSegment);
    fc.assert(
      fc.property(fc.uint8Array({ maxLength: 200 }), (bytes) => {
        try {
          decodeColumns(Buffer.from(bytes));
        } catch (error) {
          expect(error).to.be.instanceOf(BadSegment);
        }
      }),
    );
  });

  it('take no more than six bytes a point of real tracks, and eight where a truck tells a place every minute or so', async function () {
    const folder = path.resolve(import.meta.dirname, '../../../../../shared/data/gps');
    if (!existsSync(folder)) {
      console.warn(`*** SKIPPED: no real tracks at ${folder}`);
      return this.skip();
    }
    const size = async (tracks: ReadonlyMap<string, readonly Point[]>): Promise<number> => {
      let [bytes, points] = [0, 0];
      for (const track of tracks.values()) {
        for (let k = 0; k < track.length; k += 512) {
          const some = track.slice(k, k + 512);
          bytes += (await encodeSegment(columnsOf(some))).length;
          points += some.length;
        }
      }
      return bytes / points;
    };
    // Walkers and cyclists as they were recorded, without times: a second each.
    const berlin = new Map<string, Point[]>();
    for (const line of gunzipSync(readFileSync(path.join(folder, 'berlin-traces.csv.gz')))
      .toString()
      .trim()
      .split('\n')
      .slice(1)) {
      const [id, lat, lon] = line.split(',');
      const track = berlin.get(id!) ?? [];
      berlin.set(id!, track);
      track.push({ ...still(track.length), x: Math.round(Number(lon) * 1e6), y: Math.round(Number(lat) * 1e6) });
    }
    const jersey = new Map<string, Point[]>();
    for (const line of readFileSync(path.join(folder, 'jersey-city-garbage-trucks.csv'), 'utf8').trim().split('\n')) {
      const [lat, lon, truck, , time] = line.split('|');
      const track = jersey.get(truck!) ?? [];
      jersey.set(truck!, track);
      const fixTime = Date.parse(`${time}Z`);
      track.push({ ...still(track.length), fixTime, x: Math.round(Number(lon) * 1e6), y: Math.round(Number(lat) * 1e6) });
    }
    for (const track of jersey.values()) track.sort((a, b) => a.fixTime - b.fixTime);
    const sizes = { berlin: await size(berlin), jersey: await size(jersey) };
    console.log(`      bytes a point: ${sizes.berlin.toFixed(2)} in Berlin, ${sizes.jersey.toFixed(2)} of Jersey City's trucks`);
    expect(sizes.berlin).to.be.at.most(6);
    expect(sizes.jersey).to.be.at.most(8);
  });
});

const still = (n: number): Omit<Point, 'x' | 'y'> => ({
  fixTime: 1_769_504_400_000 + n * 1_000,
  offset: 0,
  seq: n + 1,
  speed: null,
  heading: null,
  accuracy: null,
  flags: 0,
});
