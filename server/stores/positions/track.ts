import type { Db } from '../../../db/knex.ts';
import { LONGEST_SEGMENT_MILLIS } from './history/segments.ts';
import { decodeSegment } from './history/segment-codec.ts';
import { listVehiclesOfShift, NO_EVIDENCE } from './store.ts';

/** One point of a track, in the order of corrected time. */
export interface TrackPoint {
  readonly time: Date;
  readonly lon: number;
  readonly lat: number;
  readonly accuracyMetres: number | null;
  readonly speedMps: number | null;
  readonly headingDegrees: number | null;
  /** Bits of FIX_FLAGS. */
  readonly flags: number;
}

interface KeyedPoint extends TrackPoint {
  readonly deviceId: string;
  readonly seq: number;
  readonly fixMillis: number;
}

/** Columns of one device's fixes, as PostgreSQL writes arrays. */
interface FixColumns {
  device_id: string;
  seqs: string;
  fix_times: string;
  times: string;
  lons: string;
  lats: string;
  accuracies: string;
  speeds: string;
  headings: string;
  flags: string;
}

/** Whose track: of a vehicle it is that of all devices that were bound to it. */
export type Tracked = { readonly vehicleId: string } | { readonly deviceId: string };

export interface TrackOptions {
  /** What is no evidence of a place too. */
  readonly everything?: boolean;
  /** The oldest so many; 200,000 when left out: two days of a fix a second. */
  readonly limit?: number;
}

const MOST_POINTS = 200_000;

/**
 * The track between two corrected times, both included, oldest first: from fixes as they came and from those that are
 * compacted, without a seam (rounded as segment-codec.ts says).
 */
export async function trackOf(db: Db, who: Tracked, from: Date, until: Date, options: TrackOptions = {}): Promise<TrackPoint[]> {
  const limit = options.limit ?? MOST_POINTS;
  // In this order: what is compacted between the two questions is then in both answers, not in neither.
  const raw = await readFixes(db, who, from, until, options.everything === true, limit);
  const compacted = await readCompacted(db, who, from, until, options.everything === true);
  if (compacted.length === 0) return raw;
  const keys = new Set(raw.map(keyOf));
  const points = keys.size === 0 ? compacted : [...raw, ...compacted.filter((point) => !keys.has(keyOf(point)))];
  points.sort(byTime);
  return points.length > limit ? points.slice(0, limit) : points;
}

const keyOf = (point: KeyedPoint): string => `${point.deviceId}/${point.fixMillis}/${point.seq}`;

function byTime(a: KeyedPoint, b: KeyedPoint): number {
  const millis = a.time.getTime() - b.time.getTime();
  if (millis !== 0) return millis;
  if (a.deviceId !== b.deviceId) return a.deviceId < b.deviceId ? -1 : 1;
  return a.seq - b.seq;
}

async function readFixes(
  db: Db,
  who: Tracked,
  from: Date,
  until: Date,
  everything: boolean,
  limit: number,
): Promise<KeyedPoint[]> {
  const [column, id] = 'vehicleId' in who ? ['vehicle_id', who.vehicleId] : ['device_id', who.deviceId];
  // A row a device, not a row a fix: a day of a fix a second is read three times as fast.
  const { rows } = await db.raw<{ rows: FixColumns[] }>(
    `select device_id, array_agg(device_seq)::text as seqs, array_agg((date_part('epoch', fix_time) * 1000)::int8)::text as fix_times,
       array_agg((date_part('epoch', corrected_time) * 1000)::int8)::text as times, array_agg(lon)::text as lons,
       array_agg(lat)::text as lats, array_agg(accuracy_metres)::text as accuracies, array_agg(speed_mps)::text as speeds,
       array_agg(heading_degrees)::text as headings, array_agg(flags)::text as flags
     from (select * from fix_kept where ?? = ? and corrected_time between ?::timestamptz and ?::timestamptz and flags & ?::int = 0
       order by corrected_time, device_id, device_seq limit ?) as f
     group by device_id`,
    [column, id, from, until, everything ? 0 : NO_EVIDENCE, limit],
  );
  const points = rows.flatMap(pointsOf);
  return rows.length > 1 ? points.sort(byTime) : points;
}

function pointsOf(row: FixColumns): KeyedPoint[] {
  const [fixMillis, times, lons, lats] = [row.fix_times, row.times, row.lons, row.lats].map(numbersOf);
  const [accuracies, speeds, headings, flags] = [row.accuracies, row.speeds, row.headings, row.flags].map(numbersOf);
  return numbersOf(row.seqs).map((seq, i) => ({
    deviceId: row.device_id,
    seq,
    fixMillis: fixMillis![i]!,
    time: new Date(times![i]!),
    lon: lons![i]!,
    lat: lats![i]!,
    accuracyMetres: orNull(accuracies![i]!),
    speedMps: orNull(speeds![i]!),
    headingDegrees: orNull(headings![i]!),
    flags: flags![i]!,
  }));
}

/** `{1.5,NULL}`: NULL becomes NaN. */
const numbersOf = (text: string): number[] => text.slice(1, -1).split(',').map(Number);

async function readCompacted(db: Db, who: Tracked, from: Date, until: Date, everything: boolean): Promise<KeyedPoint[]> {
  const segments = await db('track_segment')
    .where('vehicleId' in who ? { vehicle_id: who.vehicleId } : { device_id: who.deviceId })
    // Nothing is longer: so the partitions of other days are not even looked at.
    .whereBetween('from_time', [new Date(from.getTime() - LONGEST_SEGMENT_MILLIS), until])
    .where('until_time', '>=', from)
    .orderBy('from_time')
    .select<{ device_id: string; body: Buffer }[]>('device_id', 'body');
  const [first, last] = [from.getTime(), until.getTime()];
  const points: KeyedPoint[] = [];
  for (const { device_id: deviceId, body } of segments) {
    const columns = decodeSegment(body);
    for (let i = 0; i < columns.flags.length; i++) {
      const at = columns.correctedTimes[i]!;
      const flags = columns.flags[i]!;
      if (at < first || at > last || (!everything && (flags & NO_EVIDENCE) !== 0)) continue;
      points.push({
        deviceId,
        seq: columns.seqs[i]!,
        fixMillis: columns.fixTimes[i]!,
        time: new Date(at),
        lon: columns.lons[i]!,
        lat: columns.lats[i]!,
        accuracyMetres: orNull(columns.accuraciesMetres[i]!),
        speedMps: orNull(columns.speedsMps[i]!),
        headingDegrees: orNull(columns.headingsDegrees[i]!),
        flags,
      });
    }
  }
  return points;
}

const orNull = (value: number): number | null => (Number.isNaN(value) ? null : value);

/** The track of a shift: of each of its vehicles during its part of it, cut to the period asked for. */
export async function trackOfShift(db: Db, shiftId: string, from: Date, until: Date): Promise<TrackPoint[]> {
  const points: TrackPoint[] = [];
  for (const { vehicleId, from: first, until: last } of await listVehiclesOfShift(db, shiftId)) {
    // The crew may be out a little before its shift and past its end: only another shift's time is not its own.
    const begin = new Date(Math.max(from.getTime(), first.getTime() - BESIDE_SHIFT_MILLIS));
    const end = new Date(Math.min(until.getTime(), last.getTime() + BESIDE_SHIFT_MILLIS));
    if (begin < end) points.push(...(await trackOf(db, { vehicleId }, begin, end)));
  }
  return points.sort((a, b) => a.time.getTime() - b.time.getTime());
}

const BESIDE_SHIFT_MILLIS = 2 * 3_600_000;
