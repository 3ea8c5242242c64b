import type { Db } from '../../../db/knex.ts';
import { DrivingFigures, NOISE_METRES, STANDING_MPS } from './history/figures.ts';
import { LONGEST_SEGMENT_MILLIS } from './history/segments.ts';
import { NO_EVIDENCE } from './store.ts';
import { trackOf } from './track.ts';

/** What the fixes of a shift's vehicles say it has driven. */
export interface DrivenShift {
  readonly shiftId: string;
  readonly metres: number;
  readonly fixes: number;
  readonly lastFixAt: Date;
}

/**
 * Kilometres of the shifts of a service day as their vehicles' fixes tell them: straight from fix to fix, so a stretch
 * without signal counts by its straight line. Shifts without a trustworthy fix are left out.
 */
export async function listDriven(db: Db, serviceDay: string): Promise<DrivenShift[]> {
  const parts = await listParts(db, serviceDay);
  if (parts.length === 0) return [];
  const first = Math.min(...parts.map(({ from }) => from.getTime()));
  const last = Math.max(...parts.map(({ until }) => until.getTime()));
  const compacted = await db('track_segment')
    .whereBetween('from_time', [new Date(first - LONGEST_SEGMENT_MILLIS), new Date(last)])
    .first<{ id: string } | undefined>('id');
  return compacted === undefined ? fromFixes(db, serviceDay) : fromTracks(db, parts);
}

interface ShiftPart {
  readonly shiftId: string;
  readonly vehicleId: string;
  readonly from: Date;
  readonly until: Date;
}

/** The vehicles of the day's shifts, each with its part of the day and the overtime that is allowed. */
async function listParts(db: Db, serviceDay: string): Promise<ShiftPart[]> {
  const { rows } = await db.raw<{ rows: ShiftPart[] }>(
    `select m.shift_id as "shiftId", m.resource_id as "vehicleId", lower(m.during) as "from",
       upper(m.during) + make_interval(secs => s.overtime_allowed_seconds) as until
     from crew_shift s join shift_member m on m.shift_id = s.id and m.kind = 'vehicle' where s.service_day = ?`,
    [serviceDay],
  );
  return rows;
}

/** Of a day that is compacted, or in part: what came late for it is a fix still. */
async function fromTracks(db: Db, parts: readonly ShiftPart[]): Promise<DrivenShift[]> {
  const driven = new Map<string, DrivenShift>();
  for (const { shiftId, vehicleId, from, until } of parts) {
    const figures = new DrivingFigures();
    for (const { time, lon, lat, speedMps } of await trackOf(db, { vehicleId }, from, new Date(until.getTime() - 1))) {
      figures.add({ at: time.getTime(), lon, lat, speedMps: speedMps ?? NaN });
    }
    if (figures.points === 0) continue;
    const known = driven.get(shiftId);
    driven.set(shiftId, {
      shiftId,
      metres: Math.round(figures.metres) + (known?.metres ?? 0),
      fixes: figures.points + (known?.fixes ?? 0),
      lastFixAt: new Date(Math.max(figures.lastAt, known?.lastFixAt.getTime() ?? 0)),
    });
  }
  return [...driven.values()];
}

async function fromFixes(db: Db, serviceDay: string): Promise<DrivenShift[]> {
  const { rows } = await db.raw<{ rows: DrivenShift[] }>(
    `with track as (
       select m.shift_id, f.corrected_time, f.lon, f.lat, f.speed_mps,
         lag(f.lon) over w as lon_before, lag(f.lat) over w as lat_before, lag(f.speed_mps) over w as speed_before
       from crew_shift s
       join shift_member m on m.shift_id = s.id and m.kind = 'vehicle'
       join fix_kept f on f.vehicle_id = m.resource_id and f.corrected_time >= lower(m.during)
         and f.corrected_time < upper(m.during) + make_interval(secs => s.overtime_allowed_seconds)
       where s.service_day = :day and f.flags & :no_evidence = 0
       window w as (partition by m.shift_id, f.vehicle_id order by f.corrected_time, f.device_id, f.device_seq)
     ), steps as (
       select *, 12742000 * asin(least(1, sqrt(sin(radians(lat - lat_before) / 2) ^ 2
         + cos(radians(lat_before)) * cos(radians(lat)) * sin(radians(lon - lon_before) / 2) ^ 2))) as metres
       from track)
     select shift_id as "shiftId", count(*)::integer as fixes, max(corrected_time) as "lastFixAt",
       coalesce(round(sum(metres) filter (where lat_before is not null and (metres >= :noise
         or greatest(coalesce(speed_mps, 0), coalesce(speed_before, 0)) >= :standing))), 0)::integer as metres
     from steps group by shift_id`,
    { day: serviceDay, no_evidence: NO_EVIDENCE, noise: NOISE_METRES, standing: STANDING_MPS },
  );
  return rows;
}
