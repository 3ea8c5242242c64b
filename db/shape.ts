import type { MultiPolygon, Position } from 'geojson';
import type { Knex } from 'knex';
import { SRID, st } from './geo.ts';
import type { Db } from './knex.ts';

/** What became of an untrusted shape: `path` says where it is wrong, `because` is a sentence for the sender. */
export type ShapeAnswer =
  { readonly ok: true; readonly shape: MultiPolygon } | { readonly ok: false; readonly path: string; readonly because: string };

const MOST_BYTES = 512 * 1024;
const MOST_VERTICES = 5_000;
const MOST_RINGS = 100;

/**
 * Reads an untrusted area: GeoJSON text or value, a Polygon, a MultiPolygon or a Feature of one. The checks run from
 * cheap to dear so that no input costs much: bytes, type, rings and vertices, degrees, and at last PostgreSQL's
 * ST_IsValid (about 10 ms for 5,000 vertices). What is invalid is refused, never repaired: ST_MakeValid on a
 * 100-vertex star runs for minutes past statement_timeout and pg_terminate_backend.
 */
export async function checkShape(db: Db, input: unknown): Promise<ShapeAnswer> {
  const read = readShape(input);
  if (!read.ok) return read;
  const sql = 'with given as (select ? as shape) select st_isvalid(shape) as valid, st_isvalidreason(shape) as reason from given';
  const answer = await db.raw<{ rows: { valid: boolean; reason: string }[] }>(sql, [shapeOf(db, read.shape)]);
  const row = answer.rows[0];
  if (row?.valid) return read;
  return refuse(
    '',
    `The area's outline is not valid: ${row?.reason ?? 'unknown reason'}. Redraw it so that it does not cross itself.`,
  );
}

/** A geometry(MultiPolygon, 4326) value to insert: only for shapes that `checkShape` let pass. */
export function shapeOf(db: Db, shape: MultiPolygon): Knex.Raw {
  return st(db).setSRID(st(db).geomFromGeoJSON(shape), SRID);
}

/** The checks that need no database. Exported for tests; callers want `checkShape`. */
export function readShape(input: unknown): ShapeAnswer {
  let value = input;
  if (typeof input === 'string') {
    const bytes = Buffer.byteLength(input);
    if (bytes > MOST_BYTES) return refuse('', `The area has ${bytes} bytes; at most ${MOST_BYTES} are taken.`);
    try {
      value = JSON.parse(input);
    } catch (error) {
      return refuse('', `The area is not JSON: ${error instanceof Error ? error.message : 'it cannot be read'}.`);
    }
  }
  const isFeature = fieldOf(value, 'type') === 'Feature';
  const geometry = isFeature ? fieldOf(value, 'geometry') : value;
  const at = isFeature ? 'geometry.' : '';
  const type = fieldOf(geometry, 'type');
  const coordinates = fieldOf(geometry, 'coordinates');
  if (type !== 'Polygon' && type !== 'MultiPolygon') {
    return refuse(`${at}type`, 'An area must be a GeoJSON Polygon or MultiPolygon (or a Feature of one).');
  }
  return readPolygons(type === 'Polygon' ? [coordinates] : coordinates, `${at}coordinates`, type);
}

function readPolygons(polygons: unknown, path: string, type: 'Polygon' | 'MultiPolygon'): ShapeAnswer {
  if (!Array.isArray(polygons) || polygons.length === 0) return refuse(path, 'The area has no polygon.');
  const place = (polygon: number): string => (type === 'Polygon' ? path : `${path}[${polygon}]`);
  const read: Position[][][] = [];
  let rings = 0;
  let vertices = 0;
  for (const [p, polygon] of polygons.entries()) {
    if (!Array.isArray(polygon) || polygon.length === 0) return refuse(place(p), 'A polygon is a list of rings.');
    rings += polygon.length;
    if (rings > MOST_RINGS) return refuse(place(p), `The area has more than ${MOST_RINGS} rings.`);
    const readRings: Position[][] = [];
    for (const [r, ring] of polygon.entries()) {
      if (!Array.isArray(ring)) return refuse(`${place(p)}[${r}]`, 'A ring is a list of positions.');
      vertices += ring.length;
      if (vertices > MOST_VERTICES) return refuse(`${place(p)}[${r}]`, `The area has more than ${MOST_VERTICES} vertices.`);
      const answer = readRing(ring, `${place(p)}[${r}]`);
      if (!Array.isArray(answer)) return answer;
      readRings.push(answer);
    }
    read.push(readRings);
  }
  return { ok: true, shape: { type: 'MultiPolygon', coordinates: read } };
}

function readRing(ring: unknown[], path: string): Position[] | Extract<ShapeAnswer, { ok: false }> {
  const read: Position[] = [];
  for (const [i, position] of ring.entries()) {
    const [lon, lat, height]: unknown[] = Array.isArray(position) && position.length <= 3 ? position : [];
    if (!isWithin(lon, 180) || !isWithin(lat, 90) || (height !== undefined && typeof height !== 'number')) {
      return refuse(`${path}[${i}]`, 'A position is [longitude -180..180, latitude -90..90], in degrees.');
    }
    read.push([lon, lat]);
  }
  const [first, last] = [read[0], read.at(-1)];
  if (read.length < 4 || first?.[0] !== last?.[0] || first?.[1] !== last?.[1]) {
    return refuse(path, 'A ring needs at least four positions, the last the same as the first.');
  }
  return read;
}

function isWithin(value: unknown, most: number): value is number {
  return typeof value === 'number' && Math.abs(value) <= most; // false for NaN and the infinities
}

function fieldOf(value: unknown, name: string): unknown {
  return typeof value === 'object' && value !== null ? Reflect.get(value, name) : undefined;
}

function refuse(path: string, because: string): Extract<ShapeAnswer, { ok: false }> {
  return { ok: false, path, because };
}
