import * as loaded from '@googlemaps/polyline-codec';
import type { Db } from '../../../../db/knex.ts';
import { NO_EVIDENCE } from '../store.ts';
import { DrivingFigures } from './figures.ts';
import { encodeSegment, segmentColumns, type SegmentColumns } from './segment-codec.ts';

/** CommonJS that calls itself an ES module: Node gives it as the default export, other loaders as it is. */
const polyline = loaded.default ?? loaded;

/** Points of one segment: a question decodes few that it does not want, a row's own bytes are shared by many. */
export const MOST_POINTS = 512;
/** Longer than this no segment lasts (an hour, and what rounding adds). */
export const LONGEST_SEGMENT_MILLIS = 61 * 60_000;
/** How far `line` may lie from the points it stands for. */
export const LINE_TOLERANCE_METRES = 10;
const LINE_TOLERANCE_DEGREES = LINE_TOLERANCE_METRES / 111_195;
const DAY_MILLIS = 86_400_000;

/** Fixes of one device, one vehicle and one hour, each column as PostgreSQL writes an array. */
export interface FixGroup {
  readonly device_id: string;
  readonly vehicle_id: string | null;
  readonly source: string;
  readonly n: number;
  readonly fix_times: string;
  readonly corrected_times: string;
  readonly seqs: string;
  readonly lons: string;
  readonly lats: string;
  readonly speeds: string;
  readonly headings: string;
  readonly accuracies: string;
  readonly flags: string;
}

/** A row of `track_segment` to be written. */
export interface NewSegment {
  readonly deviceId: string;
  readonly vehicleId: string | null;
  readonly source: string;
  readonly fromMillis: number;
  readonly untilMillis: number;
  readonly points: number;
  readonly lastSeq: number;
  /** Encoded polyline, six decimals; null without two trustworthy points. */
  readonly line: string | null;
  readonly body: Buffer;
}

/**
 * Groups what `rows` (a select of columns of `fix`) gives, in whole numbers: milliseconds, millionths of a degree, tenths
 * of a metre a second. One row an hour of a device: a row of text a fix would cost ten times as much to read.
 * @param rows SQL of ours, never of a caller's input.
 */
export const groupsSql = (rows: string): string => `
  select device_id, vehicle_id, source, count(*)::int as n,
    array_agg(fix_millis)::text as fix_times, array_agg(millis)::text as corrected_times, array_agg(device_seq)::text as seqs,
    array_agg(x)::text as lons, array_agg(y)::text as lats, array_agg(speed)::text as speeds,
    array_agg(heading)::text as headings, array_agg(accuracy)::text as accuracies, array_agg(flags)::text as flags
  from (
    select device_id, vehicle_id, source, device_seq, flags, (date_part('epoch', fix_time) * 1000)::int8 as fix_millis,
      (date_part('epoch', corrected_time) * 1000)::int8 as millis, floor(date_part('epoch', corrected_time) / 3600)::int8 as hour,
      round(lon * 1000000)::int4 as x, round(lat * 1000000)::int4 as y, round(speed_mps * 10)::int4 as speed,
      round(heading_degrees)::int4 as heading, round(accuracy_metres)::int4 as accuracy
    from (${rows}) as r
    order by device_id, vehicle_id, source, hour, corrected_time, device_seq
  ) as ordered
  group by device_id, vehicle_id, source, hour
  order by device_id, vehicle_id, source, hour`;

/** The columns of a group, in the order of (rounded) corrected time. */
export function columnsOf(group: FixGroup): SegmentColumns {
  const columns = segmentColumns(group.n);
  readNumbers(group.fix_times, 1, columns.fixTimes);
  readNumbers(group.corrected_times, 1, columns.correctedTimes);
  readNumbers(group.seqs, 1, columns.seqs);
  readNumbers(group.lons, 1_000_000, columns.lons);
  readNumbers(group.lats, 1_000_000, columns.lats);
  readNumbers(group.speeds, 10, columns.speedsMps);
  readNumbers(group.headings, 1, columns.headingsDegrees);
  readNumbers(group.accuracies, 1, columns.accuraciesMetres);
  readNumbers(group.flags, 1, columns.flags);
  const { correctedTimes, fixTimes } = columns;
  let inOrder = true;
  for (let i = 0; i < group.n; i++) {
    correctedTimes[i] = fixTimes[i]! + Math.round((correctedTimes[i]! - fixTimes[i]!) / 100) * 100;
    inOrder &&= i === 0 || correctedTimes[i - 1]! <= correctedTimes[i]!;
  }
  if (inOrder) return columns;
  const order = [...correctedTimes.keys()].sort(
    (a, b) => correctedTimes[a]! - correctedTimes[b]! || columns.seqs[a]! - columns.seqs[b]!,
  );
  return pick(columns, order);
}

/** `{1,NULL,3}` into numbers; NULL becomes NaN. Read by hand: the driver's way is ten times slower. */
function readNumbers(text: string, scale: number, into: Float64Array | Int32Array): void {
  let at = 1;
  for (let i = 0; i < into.length; i++) {
    if (text.charCodeAt(at) === UPPER_N) {
      into[i] = NaN;
      at += 5;
      continue;
    }
    const negative = text.charCodeAt(at) === MINUS;
    if (negative) at++;
    let value = 0;
    for (let code = text.charCodeAt(at); code >= ZERO && code <= NINE; code = text.charCodeAt(++at))
      value = value * 10 + code - ZERO;
    into[i] = (negative ? -value : value) / scale;
    at++;
  }
  if (at !== text.length) throw new RangeError('the columns of a group are not of one length');
}
const [UPPER_N, MINUS, ZERO, NINE] = [78, 45, 48, 57];

/** The rows of some places of the columns. */
export function pick(columns: SegmentColumns, order: readonly number[]): SegmentColumns {
  const picked = segmentColumns(order.length);
  for (const name of Object.keys(picked) as (keyof SegmentColumns)[])
    order.forEach((from, i) => (picked[name][i] = columns[name][from]!));
  return picked;
}

const slice = (columns: SegmentColumns, from: number, until: number): SegmentColumns => ({
  fixTimes: columns.fixTimes.subarray(from, until),
  correctedTimes: columns.correctedTimes.subarray(from, until),
  seqs: columns.seqs.subarray(from, until),
  lons: columns.lons.subarray(from, until),
  lats: columns.lats.subarray(from, until),
  speedsMps: columns.speedsMps.subarray(from, until),
  headingsDegrees: columns.headingsDegrees.subarray(from, until),
  accuraciesMetres: columns.accuraciesMetres.subarray(from, until),
  flags: columns.flags.subarray(from, until),
});

/** Segments of one group, each written out whole before the next: between two of them other work has its turn. */
export async function* segmentsOf(group: FixGroup, columns: SegmentColumns): AsyncGenerator<NewSegment> {
  const n = columns.fixTimes.length;
  // Of even length: 513 points are not one segment and one point.
  const pieces = Math.ceil(n / MOST_POINTS);
  for (let piece = 0; piece < pieces; piece++) {
    const own = slice(columns, Math.floor((n * piece) / pieces), Math.floor((n * (piece + 1)) / pieces));
    const { correctedTimes, seqs } = own;
    yield {
      deviceId: group.device_id,
      vehicleId: group.vehicle_id,
      source: group.source,
      fromMillis: correctedTimes[0]!,
      untilMillis: correctedTimes.at(-1)!,
      points: correctedTimes.length,
      lastSeq: seqs.reduce((most, seq) => Math.max(most, seq), 0),
      line: lineOf(own),
      body: await encodeSegment(own),
    };
  }
}

function lineOf({ lons, lats, flags }: SegmentColumns): string | null {
  const places: [number, number][] = [];
  for (let i = 0; i < flags.length; i++) if ((flags[i]! & NO_EVIDENCE) === 0) places.push([lats[i]!, lons[i]!]);
  if (places.length === 0) return null;
  // One point is a line without length.
  if (places.length === 1) places.push(places[0]!);
  return polyline.encode(places, 6);
}

/** Writes segments in one statement. @param table `track_segment`, or one that will become a part of it. */
export async function insertSegments(tx: Db, table: string, segments: readonly NewSegment[]): Promise<void> {
  if (segments.length === 0) return;
  const list = (values: readonly (string | number | null)[]): string => `{${values.map((value) => value ?? 'NULL').join()}}`;
  const hex = (text: string | null): string | null => (text === null ? null : Buffer.from(text, 'latin1').toString('hex'));
  await tx.raw(
    `insert into ?? (device_id, from_time, vehicle_id, source, until_time, points, last_seq, line, body)
     select s.device_id, to_timestamp(s.from_millis / 1000.0), s.vehicle_id, s.source, to_timestamp(s.until_millis / 1000.0), s.points,
       s.last_seq, st_simplify(st_setsrid(st_linefromencodedpolyline(convert_from(decode(s.line, 'hex'), 'LATIN1'), 6), 4326), ?, true),
       decode(s.body, 'hex')
     from unnest(?::uuid[], ?::int8[], ?::uuid[], ?::text[], ?::int8[], ?::int[], ?::int8[], ?::text[], ?::text[])
       as s(device_id, from_millis, vehicle_id, source, until_millis, points, last_seq, line, body)`,
    [
      table,
      LINE_TOLERANCE_DEGREES,
      list(segments.map((s) => s.deviceId)),
      list(segments.map((s) => s.fromMillis)),
      list(segments.map((s) => s.vehicleId)),
      list(segments.map((s) => s.source)),
      list(segments.map((s) => s.untilMillis)),
      list(segments.map((s) => s.points)),
      list(segments.map((s) => s.lastSeq)),
      list(segments.map((s) => hex(s.line))),
      list(segments.map((s) => s.body.toString('hex'))),
    ],
  );
}

/** Figures of one device's day in one vehicle, gathered while its hours are compacted. */
export class DayFigures {
  private readonly figures = new Map<string, DrivingFigures>();

  private readonly dayMillis: number;

  constructor(dayMillis: number) {
    this.dayMillis = dayMillis;
  }

  add(group: FixGroup, columns: SegmentColumns): void {
    if (group.vehicle_id === null) return;
    const key = `${group.vehicle_id} ${group.device_id}`;
    const own = this.figures.get(key) ?? new DrivingFigures();
    for (let i = 0; i < columns.flags.length; i++) {
      const at = columns.correctedTimes[i]!;
      if (at < this.dayMillis || at >= this.dayMillis + DAY_MILLIS || (columns.flags[i]! & NO_EVIDENCE) !== 0) continue;
      own.add({ at, lon: columns.lons[i]!, lat: columns.lats[i]!, speedMps: columns.speedsMps[i]! });
    }
    if (own.points > 0) this.figures.set(key, own);
  }

  /** Writes them over what was found before. */
  async write(db: Db): Promise<void> {
    const rows = [...this.figures].map(([key, figures]) => {
      const [vehicleId, deviceId] = key.split(' ');
      return {
        vehicle_id: vehicleId!,
        device_id: deviceId!,
        day: new Date(this.dayMillis).toISOString().slice(0, 10),
        fixes: figures.points,
        driven_metres: Math.round(figures.metres),
        moving_seconds: Math.round(figures.movingMillis / 1000),
        first_at: new Date(figures.firstAt),
        last_at: new Date(figures.lastAt),
      };
    });
    if (rows.length > 0) await db('vehicle_day').insert(rows).onConflict(['vehicle_id', 'day', 'device_id']).merge();
    this.figures.clear();
  }
}
