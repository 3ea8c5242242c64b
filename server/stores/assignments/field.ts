import type { Db } from '../../../db/knex.ts';

/** New fixes of a vehicle, between two corrected times. */
export interface NewTrack {
  readonly vehicleId: string;
  readonly from: Date;
  readonly until: Date;
}

/**
 * Completed assignments whose verification new fixes may settle, oldest first: all pending ones of the shifts these
 * vehicles are in, and unverified ones whose time of work the fixes fall into (`slackSeconds` round it).
 */
export async function listUnsettled(db: Db, tracks: readonly NewTrack[], slackSeconds: number): Promise<string[]> {
  if (tracks.length === 0) return [];
  const { rows } = await db.raw<{ rows: { id: string }[] }>(
    `select distinct a.id, a.ended_at
     from jsonb_to_recordset(?::jsonb) as t("vehicleId" uuid, "from" timestamptz, until timestamptz)
     join shift_member m on m.kind = 'vehicle' and m.resource_id = t."vehicleId"
     join assignment a on a.shift_id = m.shift_id and a.state = 'completed'
     where a.verification = 'pending' or (a.verification = 'unverified'
       and a.ended_at + make_interval(secs => ?) >= t."from"
       and coalesce(a.travelling_at, a.on_site_at, a.working_at, a.accepted_at, a.dispatched_at, a.created_at)
         - make_interval(secs => ?) <= t.until)
     order by a.ended_at, a.id`,
    [JSON.stringify(tracks), slackSeconds, slackSeconds],
  );
  return rows.map((row) => row.id);
}
