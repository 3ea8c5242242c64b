import type { Db } from '../../../../db/knex.ts';
import type { LonLat } from '../../../../routing/units.ts';

/** A job of a shift, where it is and which assignment it is. */
export interface ShiftJob extends LonLat {
  readonly assignmentId: string;
  readonly jobId: string;
  readonly number: number;
}

/** Jobs of the shifts a vehicle was in between two times, taken back ones left out. */
export async function listJobsOfVehicle(db: Db, vehicleId: string, from: Date, until: Date): Promise<ShiftJob[]> {
  const { rows } = await db.raw<{ rows: ShiftJob[] }>(
    `select a.id as "assignmentId", j.id as "jobId", j.number, st_x(j.place) as lon, st_y(j.place) as lat
     from shift_member m join assignment a on a.shift_id = m.shift_id join job j on j.id = a.job_id
     where m.kind = 'vehicle' and m.resource_id = ? and m.during && tstzrange(?::timestamptz, ?::timestamptz, '[]')
       and a.state not in ('declined', 'recalled', 'cancelled')
     order by a.id`,
    [vehicleId, from, until],
  );
  return rows;
}

/** A shift's planned way: where it starts, its stops in their order, where it ends. */
export interface ShiftLine {
  readonly organisationId: string;
  readonly from: Date;
  readonly until: Date;
  readonly places: readonly LonLat[];
}

/** Undefined: there is no such shift. Its time has the overtime in it that is allowed. */
export async function findShiftLine(db: Db, shiftId: string): Promise<ShiftLine | undefined> {
  const { rows } = await db.raw<{
    rows: {
      organisation_id: string;
      from: Date;
      until: Date;
      x: number;
      y: number;
      end_x: number | null;
      end_y: number | null;
    }[];
  }>(
    `select organisation_id, lower(during) as "from", upper(during) + make_interval(secs => overtime_allowed_seconds) as until,
       st_x(start_place) as x, st_y(start_place) as y, st_x(end_place) as end_x, st_y(end_place) as end_y
     from crew_shift where id = ?`,
    [shiftId],
  );
  const shift = rows[0];
  if (shift === undefined) return undefined;
  const stops = await db.raw<{ rows: LonLat[] }>(
    `select st_x(j.road_point) as lon, st_y(j.road_point) as lat from assignment a join job j on j.id = a.job_id
     where a.shift_id = ? and a.state not in ('declined', 'recalled', 'cancelled') order by a.position, a.id`,
    [shiftId],
  );
  const start = { lon: shift.x, lat: shift.y };
  const end = shift.end_x === null || shift.end_y === null ? start : { lon: shift.end_x, lat: shift.end_y };
  return { organisationId: shift.organisation_id, from: shift.from, until: shift.until, places: [start, ...stops.rows, end] };
}
