import type { LonLat } from '../../../routing/units.ts';
import type { Db } from '../../../db/knex.ts';

/** New fixes of a vehicle, between two corrected times (milliseconds since 1970). */
export interface NewTrack {
  readonly vehicleId: string;
  readonly fromMillis: number;
  readonly untilMillis: number;
}

/**
 * Completed assignments whose verification new fixes may settle, oldest first: all pending ones of the shifts these
 * vehicles are in, and unverified ones whose time of work the fixes fall into (`slackSeconds` round it).
 */
export async function listUnsettled(db: Db, tracks: readonly NewTrack[], slackSeconds: number): Promise<string[]> {
  if (tracks.length === 0) return [];
  const earliest = tracks.reduce((least, { fromMillis }) => Math.min(least, fromMillis), Infinity);
  // The few that are not settled are asked for and held against the thousands of tracks here, not the other way round.
  const { rows } = await db.raw<{ rows: { id: string; vehicle_id: string; pending: boolean; from: Date; until: Date }[] }>(
    `select a.id, m.resource_id as vehicle_id, a.verification = 'pending' as pending,
       coalesce(a.travelling_at, a.on_site_at, a.working_at, a.accepted_at, a.dispatched_at, a.created_at)
         - make_interval(secs => ?) as "from",
       a.ended_at + make_interval(secs => ?) as until
     from assignment a join shift_member m on m.shift_id = a.shift_id and m.kind = 'vehicle'
     where a.state = 'completed' and (a.verification = 'pending'
       or (a.verification = 'unverified' and a.ended_at >= ?::timestamptz))
     order by a.ended_at, a.id`,
    [slackSeconds, slackSeconds, new Date(earliest - slackSeconds * 1000).toISOString()],
  );
  if (rows.length === 0) return [];
  const tracksOf = new Map<string, NewTrack[]>();
  for (const track of tracks) tracksOf.set(track.vehicleId, [...(tracksOf.get(track.vehicleId) ?? []), track]);
  const found = rows.filter(({ vehicle_id, pending, from, until }) =>
    tracksOf
      .get(vehicle_id)
      ?.some((track) => pending || (track.fromMillis <= until.getTime() && track.untilMillis >= from.getTime())),
  );
  return [...new Set(found.map(({ id }) => id))];
}

/** The stop a crew is to come to next. */
export interface NextStop {
  readonly assignmentId: string;
  readonly shiftId: string;
  readonly jobId: string;
  readonly jobNumber: number;
  readonly organisationId: string;
  readonly roadPoint: LonLat;
}

/** What the crews of these shifts are driving to, else the first stop that they have been sent. Shifts without one are left out. */
export async function listNextStops(db: Db, shiftIds: readonly string[]): Promise<NextStop[]> {
  if (shiftIds.length === 0) return [];
  const { rows } = await db.raw<{ rows: NextStop[] }>(
    `select distinct on (a.shift_id) a.id as "assignmentId", a.shift_id as "shiftId", a.job_id as "jobId", j.number as "jobNumber",
       j.organisation_id as "organisationId", json_build_object('lon', st_x(j.road_point), 'lat', st_y(j.road_point)) as "roadPoint"
     from assignment a join job j on j.id = a.job_id
     where a.shift_id = any(?::uuid[]) and a.state in ('dispatched', 'accepted', 'travelling') and a.requested is null
     order by a.shift_id, (a.state = 'travelling') desc, a.position, a.id`,
    [shiftIds as string[]],
  );
  return rows;
}
