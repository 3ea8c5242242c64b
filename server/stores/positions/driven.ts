import type { Db } from '../../../db/knex.ts';
import { NO_EVIDENCE } from './store.ts';

/** What the fixes of a shift's vehicles say it has driven. */
export interface DrivenShift {
  readonly shiftId: string;
  readonly metres: number;
  readonly fixes: number;
  readonly lastFixAt: Date;
}

/** A step this short between two fixes of a vehicle that stands is the receiver's noise, not driving. */
const NOISE_METRES = 30;
const STANDING_MPS = 1;

/**
 * Kilometres of the shifts of a service day as their vehicles' fixes tell them: straight from fix to fix, so a stretch
 * without signal counts by its straight line. Shifts without a trustworthy fix are left out.
 */
export async function listDriven(db: Db, serviceDay: string): Promise<DrivenShift[]> {
  const { rows } = await db.raw<{ rows: DrivenShift[] }>(
    `with track as (
       select m.shift_id, f.corrected_time, f.lon, f.lat, f.speed_mps,
         lag(f.lon) over w as lon_before, lag(f.lat) over w as lat_before, lag(f.speed_mps) over w as speed_before
       from crew_shift s
       join shift_member m on m.shift_id = s.id and m.kind = 'vehicle'
       join fix f on f.vehicle_id = m.resource_id and f.corrected_time >= lower(m.during)
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
