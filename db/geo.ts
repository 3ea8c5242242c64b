import type { Knex } from 'knex';
import knexPostgis from 'knex-postgis';
import type { LonLat } from '../routing/units.ts';
import type { Db } from './knex.ts';

/** Every geometry column is WGS 84, longitude first. */
export const SRID = 4326;

/**
 * knex-postgis for this handle, for what the helpers below do not say. It is bound to the pool or transaction it is
 * given, and its pieces are knex raws: they go into `select`, `where` and `insert`.
 */
export function st(db: Db): knexPostgis.KnexPostgis {
  const known = bound.get(db);
  if (known) return known;
  const made = knexPostgis(db);
  bound.set(db, made);
  return made;
}

const bound = new WeakMap<Db, knexPostgis.KnexPostgis>();

/** A geometry(Point, 4326) value to insert or compare with. */
export function pointOf(db: Db, at: LonLat): Knex.Raw {
  return st(db).setSRID(st(db).makePoint(at.lon, at.lat), SRID);
}

/** A column to select that arrives as LonLat, or null where the place is null: `tx('job').select('id', asLonLat(tx, 'place', 'place'))`. */
export function asLonLat(db: Db, column: string, alias: string): Knex.Raw {
  return db.raw(`case when ?? is null then null else json_build_object('lon', ?, 'lat', ?) end as ??`, [
    column,
    st(db).x(column),
    st(db).y(column),
    alias,
  ]);
}

/**
 * The point in a geometry column as `select *` or `returning *` gives it: hexadecimal EWKB, either byte order.
 * @throws TypeError for anything but a point or null.
 */
export function readPoint(column: unknown): LonLat | null {
  if (column === null) return null;
  if (typeof column !== 'string' || !/^[0-9a-f]+$/i.test(column)) throw new TypeError('not a geometry column');
  const bytes = new DataView(Uint8Array.from(Buffer.from(column, 'hex')).buffer);
  const little = bytes.getUint8(0) === 1;
  const type = bytes.getUint32(1, little);
  const start = type & HAS_SRID ? 9 : 5;
  if ((type & 0xff) !== POINT || bytes.byteLength !== start + 16) throw new TypeError('not a point');
  return { lon: bytes.getFloat64(start, little), lat: bytes.getFloat64(start + 8, little) };
}

const POINT = 1;
const HAS_SRID = 0x2000_0000;

/**
 * A condition: the column's geometry lies within so many metres (on the spheroid) of the point. The box around it
 * is what lets a GiST index on the geometry column answer; the exact distance is asked only inside that box.
 * Not for places within a few kilometres of a pole or the antimeridian, where such a box would have to be split.
 */
export function withinMetres(db: Db, column: string, at: LonLat, metres: number): Knex.Raw {
  const latMargin = metres / SHORTEST_DEGREE_METRES;
  const lonMargin = latMargin / Math.cos((Math.min(89.9, Math.abs(at.lat) + latMargin) * Math.PI) / 180);
  const g = st(db);
  const box = g.makeEnvelope(at.lon - lonMargin, at.lat - latMargin, at.lon + lonMargin, at.lat + latMargin, SRID);
  return db.raw('(? and ?)', [
    g.boundingBoxIntersects(column, box),
    g.dwithin(g.geography(column), g.geography(pointOf(db, at)), metres),
  ]);
}

/** A degree of latitude is 110,574 m at the equator, its shortest; a little less keeps the box on the safe side. */
const SHORTEST_DEGREE_METRES = 110_000;

/** Metres (on the spheroid) between the column's geometry and the point, to select or order by. */
export function metresTo(db: Db, column: string, at: LonLat): Knex.Raw {
  return st(db).distance(st(db).geography(column), st(db).geography(pointOf(db, at)));
}
