import type { Db } from '../../../db/knex.ts';
import { FIX_FLAGS } from '../positions/contract.ts';

/** Degrees, WGS 84. */
export interface WatchedPoint {
  readonly lon: number;
  readonly lat: number;
}

/** A stop of a shift, as far as its vehicle is held against it. */
export interface WatchedStop {
  readonly assignmentId: string;
  readonly jobId: string;
  /** The crew is on its way there. */
  readonly travelling: boolean;
  readonly travellingAt: Date | null;
  /** Done or given up then: standing there until then was work. */
  readonly endedAt: Date | null;
  /** The place of the work and the point on the road it is reached from. */
  readonly points: readonly [WatchedPoint, WatchedPoint];
}

export interface WatchedShift {
  readonly shiftId: string;
  readonly organisationId: string;
  /** null: not on duty. */
  readonly onDutySince: Date | null;
  readonly startPlace: WatchedPoint;
  readonly endPlace: WatchedPoint | null;
  readonly breaks: readonly { readonly from: Date; readonly until: Date }[];
  readonly stops: readonly WatchedStop[];
}

interface Row {
  shiftId: string;
  organisationId: string;
  state: string;
  startedAt: Date | null;
  from: Date;
  startPlace: WatchedPoint;
  endPlace: WatchedPoint | null;
  breaks: { takenAt?: string; lengthSeconds: number }[];
  stops: {
    assignmentId: string;
    jobId: string;
    travelling: boolean;
    travellingAt: string | null;
    endedAt: string | null;
    points: [WatchedPoint, WatchedPoint];
  }[];
}

/** Stops that ended longer ago no longer explain why a vehicle stands somewhere. */
const ENDED_HOURS = 3;

/** These shifts with the stops that are open, and those that ended in the last hours, by id. */
export async function listWatchedShifts(db: Db, shiftIds: readonly string[], now: Date): Promise<WatchedShift[]> {
  if (shiftIds.length === 0) return [];
  const { rows } = await db.raw<{ rows: Row[] }>(
    `select s.id as "shiftId", s.organisation_id as "organisationId", s.state, s.started_at as "startedAt", lower(s.during) as "from",
       json_build_object('lon', st_x(s.start_place), 'lat', st_y(s.start_place)) as "startPlace",
       case when s.end_place is not null then json_build_object('lon', st_x(s.end_place), 'lat', st_y(s.end_place)) end as "endPlace",
       s.breaks, coalesce(o.stops, '[]') as stops
     from crew_shift s
     left join lateral (
       select json_agg(json_build_object('assignmentId', a.id, 'jobId', a.job_id, 'travelling', a.state = 'travelling' and
           a.requested is null, 'travellingAt', a.travelling_at, 'endedAt', a.ended_at,
         'points', json_build_array(json_build_object('lon', st_x(j.place), 'lat', st_y(j.place)),
           json_build_object('lon', st_x(j.road_point), 'lat', st_y(j.road_point)))) order by a.id) as stops
       from assignment a join job j on j.id = a.job_id
       where a.shift_id = s.id and (
         a.state in ('planned', 'dispatched', 'accepted', 'travelling', 'on_site', 'working', 'paused')
         or (a.state in ('completed', 'cannot_complete') and a.ended_at > ?::timestamptz - make_interval(hours => ?::int)))
     ) o on true
     where s.id = any(?::uuid[]) order by s.id`,
    [now.toISOString(), ENDED_HOURS, shiftIds as string[]],
  );
  return rows.map((row) => ({
    shiftId: row.shiftId,
    organisationId: row.organisationId,
    onDutySince: row.state === 'on_duty' ? (row.startedAt ?? row.from) : null,
    startPlace: row.startPlace,
    endPlace: row.endPlace,
    breaks: row.breaks.flatMap(({ takenAt, lengthSeconds }) =>
      takenAt === undefined ? [] : [{ from: new Date(takenAt), until: new Date(Date.parse(takenAt) + lengthSeconds * 1000) }],
    ),
    stops: row.stops.map((stop) => ({
      ...stop,
      travellingAt: stop.travellingAt === null ? null : new Date(stop.travellingAt),
      endedAt: stop.endedAt === null ? null : new Date(stop.endedAt),
    })),
  }));
}

/** A vehicle that is out, and with which shift. */
export interface VehicleOnDuty {
  readonly vehicleId: string;
  readonly shiftId: string;
  readonly onDutySince: Date;
}

/** Vehicles whose crews are on duty at that time. */
export async function listVehiclesOnDuty(db: Db, now: Date): Promise<VehicleOnDuty[]> {
  const { rows } = await db.raw<{ rows: { vehicleId: string; shiftId: string; onDutySince: Date }[] }>(
    `select m.resource_id as "vehicleId", m.shift_id as "shiftId", greatest(coalesce(s.started_at, lower(s.during)), lower(m.during))
       as "onDutySince"
     from shift_member m join crew_shift s on s.id = m.shift_id
     where m.kind = 'vehicle' and s.state = 'on_duty' and m.during @> ?::timestamptz
     order by m.resource_id`,
    [now.toISOString()],
  );
  return rows;
}

/** One look at where a vehicle was. */
export interface SeenFix extends WatchedPoint {
  readonly vehicleId: string;
  /** Corrected time. */
  readonly time: Date;
  readonly speedMps: number | null;
}

/** Fixes of these vehicles that nothing was wrong with, in the order of time; late ones included. */
export async function listFixesSince(db: Db, vehicleIds: readonly string[], since: Date): Promise<SeenFix[]> {
  if (vehicleIds.length === 0) return [];
  const { rows } = await db.raw<{ rows: SeenFix[] }>(
    `select vehicle_id as "vehicleId", corrected_time as time, lon, lat, speed_mps as "speedMps"
     from fix where vehicle_id = any(?::uuid[]) and corrected_time >= ?::timestamptz and flags = any(?::int[])
     order by corrected_time, vehicle_id`,
    // One that stands still is as good as any.
    [vehicleIds as string[], since.toISOString(), [0, FIX_FLAGS.standing_still] as unknown as string[]],
  );
  return rows;
}
