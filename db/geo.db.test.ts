import { expect } from 'chai';
import fc from 'fast-check';
import { asLonLat, metresTo, pointOf, readPoint, withinMetres } from './geo.ts';
import { checkShape, shapeOf } from './shape.ts';
import { emptyDb, type FreshDb } from './testing.ts';

const gothenburg = { lon: 11.9746, lat: 57.7089 };

describe('geo', () => {
  let fresh: FreshDb;
  before(async function () {
    this.timeout(60_000);
    fresh = await emptyDb();
    await fresh.db.raw('create table spot (id int primary key, place geometry(Point, 4326), shape geometry(MultiPolygon, 4326))');
  });
  after(() => fresh.drop());

  it('writes points and reads them back to the last digit, by column and by bytes', async () => {
    const { db } = fresh;
    let id = 1_000;
    // A minus zero arrives as zero.
    const degree = (most: number) => fc.double({ min: -most, max: most, noNaN: true }).map((x) => x + 0);
    await fc.assert(
      fc.asyncProperty(degree(180), degree(90), async (lon, lat) => {
        await db('spot').insert({ id: ++id, place: pointOf(db, { lon, lat }) });
        const row: unknown = await db('spot')
          .where({ id })
          .first('place as bytes', asLonLat(db, 'place', 'at'));
        const { bytes, at } = row as { bytes: unknown; at: unknown };
        expect(readPoint(bytes)).to.deep.equal({ lon, lat });
        expect(at).to.deep.equal({ lon, lat });
      }),
      { numRuns: 50 },
    );
  });

  it('reads a missing place as null, and refuses what is not a point', async () => {
    const { db } = fresh;
    await db('spot').insert({ id: 1 });
    expect(
      await db('spot')
        .where({ id: 1 })
        .first('place', asLonLat(db, 'place', 'at')),
    ).to.deep.equal({ place: null, at: null });
    expect(readPoint(null)).to.equal(null);
    const line = await db.raw<{ rows: { line: unknown }[] }>(`select st_geomfromtext('LINESTRING(0 0, 1 1)', 4326) as line`);
    expect(() => readPoint(line.rows[0]?.line)).to.throw(TypeError);
    expect(() => readPoint('x')).to.throw(TypeError);
  });

  it('finds what lies within metres, on both sides of the border, by the index', async () => {
    const { db } = fresh;
    const north = (metres: number) => ({ lon: gothenburg.lon, lat: gothenburg.lat + metres / 111_367 });
    const east = (metres: number) => ({ lon: gothenburg.lon + metres / 59_600, lat: gothenburg.lat });
    const places = [gothenburg, north(49), north(51), east(49), east(51), north(5_000)];
    await db('spot').insert(places.map((at, i) => ({ id: 10 + i, place: pointOf(db, at) })));
    const found: number[] = await db('spot')
      .where(withinMetres(db, 'place', gothenburg, 50))
      .orderBy('id')
      .pluck('id');
    expect(found).to.deep.equal([10, 11, 13]);
    const far: unknown = await db('spot')
      .where({ id: 15 })
      .first(db.raw('? as metres', [metresTo(db, 'place', gothenburg)]));
    expect(far).to.have.property('metres').that.is.closeTo(5_000, 5);
    await db.raw('create index spot_place on spot using gist (place)');
    await db.transaction(async (tx) => {
      await tx.raw('set local enable_seqscan = off');
      const plan = await tx.raw<{ rows: object[] }>('explain ?', [tx('spot').where(withinMetres(tx, 'place', gothenburg, 50))]);
      expect(JSON.stringify(plan.rows)).to.contain('spot_place');
    });
  });

  it('takes a good shape and stores it', async () => {
    const { db } = fresh;
    const answer = await checkShape(db, { type: 'Polygon', coordinates: [circle(2_000)] });
    if (!answer.ok) throw new Error(answer.because);
    await db('spot').insert({ id: 3, shape: shapeOf(db, answer.shape) });
    const row: unknown = await db('spot').where({ id: 3 }).first(db.raw('st_npoints(shape) as n, st_srid(shape) as srid'));
    expect(row).to.deep.equal({ n: 2_001, srid: 4326 });
  });

  it('refuses shapes that cross themselves, quickly, and never repairs them', async () => {
    const { db } = fresh;
    for (const points of [5, 101, 401, 4_999]) {
      const answer = await checkShape(db, { type: 'Polygon', coordinates: [star(points)] });
      expect(answer.ok, String(points)).to.equal(false);
      if (!answer.ok) expect(answer.because).to.match(/Self-intersection/);
    }
  });
});

function circle(vertices: number): number[][] {
  const ring = Array.from({ length: vertices }, (_, i) => {
    const angle = (2 * Math.PI * i) / vertices;
    return [11.9 + 0.1 * Math.cos(angle), 57.7 + 0.05 * Math.sin(angle)];
  });
  return [...ring, ring[0] ?? []];
}

/** Every second point of an odd number of points on a circle: each edge crosses nearly all others. */
function star(points: number): number[][] {
  const step = (points - 1) / 2;
  const round = circle(points).slice(0, points);
  const ring = Array.from({ length: points }, (_, i) => round[(i * step) % points] ?? []);
  return [...ring, ring[0] ?? []];
}
