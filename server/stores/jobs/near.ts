import type { Db } from '../../../db/knex.ts';
import type { LonLat } from '../../../routing/units.ts';
import { JobState } from './contract.ts';

/** An open job with the reports it answers now. */
export interface OpenJob {
  readonly jobId: string;
  readonly jobType: string;
  readonly emergency: boolean;
  readonly state: JobState;
  readonly place: LonLat;
  readonly roadPoint: LonLat;
  readonly reports: readonly { readonly place: LonLat; readonly reportedAt: Date }[];
}

/** Open jobs of a type within a box around a place are wanted. */
export interface NearPlace {
  readonly jobType: string;
  readonly place: LonLat;
  /** From the place to the road point of the job, at most; more may come, less never. */
  readonly metres: number;
}

const SHORTEST_DEGREE_METRES = 110_000;

/** Jobs that are not over, near any of these places, with the places and times of the reports they answer; by number. */
export async function listOpenJobsNear(tx: Db, places: readonly NearPlace[]): Promise<OpenJob[]> {
  if (places.length === 0) return [];
  const boxes = places.map(({ jobType, place, metres }) => {
    const lat = metres / SHORTEST_DEGREE_METRES;
    const lon = lat / Math.cos((Math.min(89, Math.abs(place.lat) + lat) * Math.PI) / 180);
    return { t: jobType, w: place.lon - lon, s: place.lat - lat, e: place.lon + lon, n: place.lat + lat };
  });
  interface Row {
    id: string;
    job_type: string;
    emergency: boolean;
    state: string;
    place: LonLat;
    road_point: LonLat;
    reports: { lon: number; lat: number; at: number }[];
  }
  const { rows } = await tx.raw<{ rows: Row[] }>(
    // By place first, then by type: the place narrows to a handful, a type can have thousands of open jobs.
    `with box as (
       select t, st_makeenvelope(w, s, e, n, 4326) as area
       from jsonb_to_recordset(?::jsonb) as b(t text, w double precision, s double precision, e double precision, n double precision)),
     around as materialized (select box.t, j.id from box join job j on j.road_point && box.area),
     near as (
       select distinct j.id from around join job j on j.id = around.id and j.job_type = around.t
       where j.state not in ('completed', 'cannot_complete', 'cancelled'))
     select j.id, j.job_type, j.emergency, j.state, json_build_object('lon', st_x(j.place), 'lat', st_y(j.place)) as place,
       json_build_object('lon', st_x(j.road_point), 'lat', st_y(j.road_point)) as road_point,
       json_agg(json_build_object('lon', st_x(c.place), 'lat', st_y(c.place), 'at', extract(epoch from c.reported_at) * 1000)
         order by c.reported_at, c.id) as reports
     from near join job j on j.id = near.id
     join case_job l on l.job_id = j.id and l.left_at is null
     join cases c on c.id = l.case_id and c.place is not null
     group by j.id order by j.number`,
    [JSON.stringify(boxes)],
  );
  return rows.map((row) => ({
    jobId: row.id,
    jobType: row.job_type,
    emergency: row.emergency,
    state: JobState.parse(row.state),
    place: row.place,
    roadPoint: row.road_point,
    reports: row.reports.map(({ lon, lat, at }) => ({ place: { lon, lat }, reportedAt: new Date(at) })),
  }));
}

/**
 * Waits until nobody else makes jobs in these squares, and keeps them until the transaction ends. Names in one order
 * everywhere. `all`: the whole city at once, for a bulk import (a lock a square would fill the server's lock table).
 */
export async function lockSquares(tx: Db, names: readonly string[] | 'all'): Promise<void> {
  if (names === 'all') {
    await tx.raw(`select pg_advisory_xact_lock(hashtextextended('job squares', 0))`);
    return;
  }
  if (names.length === 0) return;
  await tx.raw(`select pg_advisory_xact_lock_shared(hashtextextended('job squares', 0))`);
  await tx.raw(
    `select pg_advisory_xact_lock(hashtextextended('job square ' || name, 0))
     from unnest(?::text[]) with ordinality as square(name, ordinal) order by ordinal`,
    [[...new Set(names)].sort()],
  );
}
