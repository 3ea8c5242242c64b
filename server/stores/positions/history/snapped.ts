import type { Db } from '../../../../db/knex.ts';
import { NO_EVIDENCE } from '../store.ts';
import { decodeSegment } from './segment-codec.ts';

/** A segment that has not been matched to the roads. */
export interface Unsnapped {
  readonly segmentId: string;
  readonly vehicleId: string;
  readonly from: Date;
  readonly until: Date;
  /** Trustworthy points, oldest first. */
  readonly points: readonly {
    readonly lon: number;
    readonly lat: number;
    readonly at: number;
    readonly accuracyMetres: number;
  }[];
}

/** What a segment was matched to. */
export interface Snapped {
  readonly roadVersion: string;
  readonly matchedPoints: number;
  /** Encoded polylines of six decimals. */
  readonly lines: readonly string[];
}

/** The oldest segments of vehicles that were not matched yet. */
export async function listUnsnapped(db: Db, most: number): Promise<Unsnapped[]> {
  const { rows } = await db.raw<{ rows: { id: string; vehicle_id: string; from_time: Date; until_time: Date; body: Buffer }[] }>(
    `select id, vehicle_id, from_time, until_time, body from track_segment s
     where vehicle_id is not null and not exists (select from track_snapped where segment_id = s.id)
     order by from_time limit ?`,
    [most],
  );
  return rows.map(({ id, vehicle_id, from_time, until_time, body }) => {
    const { lons, lats, correctedTimes, accuraciesMetres, flags } = decodeSegment(body);
    const points = [...flags.keys()]
      .filter((i) => (flags[i]! & NO_EVIDENCE) === 0)
      .map((i) => ({ lon: lons[i]!, lat: lats[i]!, at: correctedTimes[i]!, accuracyMetres: accuraciesMetres[i]! }));
    return { segmentId: id, vehicleId: vehicle_id, from: from_time, until: until_time, points };
  });
}

/** Keeps what a segment was matched to, beside the segment. A segment that has gone meanwhile is not an error. */
export async function keepSnapped(db: Db, segment: Unsnapped, snapped: Snapped, madeAt: Date): Promise<void> {
  await db('track_snapped')
    .insert({
      segment_id: segment.segmentId,
      vehicle_id: segment.vehicleId,
      from_time: segment.from,
      until_time: segment.until,
      road_version: snapped.roadVersion,
      matched_points: snapped.matchedPoints,
      lines: [...snapped.lines],
      made_at: madeAt,
    })
    .onConflict('segment_id')
    .ignore();
}

/** What the segments of a vehicle that touch the period were matched to, oldest first. */
export async function listSnapped(db: Db, vehicleId: string, from: Date, until: Date) {
  const { rows } = await db.raw<{
    rows: { from: Date; until: Date; roadVersion: string; lines: string[]; matchedPoints: number; points: number }[];
  }>(
    `select k.from_time as "from", k.until_time as until, k.road_version as "roadVersion", k.lines, k.matched_points as "matchedPoints", s.points
     from track_snapped k join track_segment s on s.id = k.segment_id and s.from_time = k.from_time
     where k.vehicle_id = ? and k.from_time <= ?::timestamptz and k.from_time >= ?::timestamptz - interval '61 minutes'
       and k.until_time >= ?::timestamptz
     order by k.from_time`,
    [vehicleId, until, from, from],
  );
  return rows;
}
