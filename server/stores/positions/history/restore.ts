import type { Db } from '../../../../db/knex.ts';
import { decodeSegment } from './segment-codec.ts';

/** Segments of a vehicle that are looked at: the newest may hold nothing trustworthy. */
const SEGMENTS_EACH = 3;

/**
 * Makes anew the markers of vehicles whose fixes are all compacted, where they are missing. When the server had a fix is
 * not kept in a segment: it counts as received when it was made.
 * @returns how many were made.
 */
export async function restoreFromSegments(db: Db): Promise<number> {
  const { rows } = await db.raw<{ rows: { vehicle_id: string; device_id: string; source: string; body: Buffer }[] }>(
    `select v.id as vehicle_id, s.device_id, s.source, s.body from vehicle v cross join lateral (
       select * from track_segment where vehicle_id = v.id and line is not null order by from_time desc limit ?) as s
     where not exists (select from vehicle_position here where here.vehicle_id = v.id)
     order by v.id, s.from_time desc`,
    [SEGMENTS_EACH],
  );
  const markers = new Map<string, object>();
  for (const { vehicle_id, device_id, source, body } of rows) {
    if (markers.has(vehicle_id)) continue;
    const columns = decodeSegment(body);
    const at = columns.flags.lastIndexOf(0);
    if (at < 0) continue;
    const time = new Date(columns.correctedTimes[at]!);
    markers.set(vehicle_id, {
      vehicle_id,
      device_id,
      device_seq: columns.seqs[at]!,
      fix_time: time,
      received_at: time,
      lon: columns.lons[at]!,
      lat: columns.lats[at]!,
      accuracy_metres: orNull(columns.accuraciesMetres[at]!),
      speed_mps: orNull(columns.speedsMps[at]!),
      heading_degrees: orNull(columns.headingsDegrees[at]!),
      source,
    });
  }
  if (markers.size > 0)
    await db('vehicle_position')
      .insert([...markers.values()])
      .onConflict('vehicle_id')
      .ignore();
  return markers.size;
}

const orNull = (value: number): number | null => (Number.isNaN(value) ? null : value);
