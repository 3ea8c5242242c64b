import type { Db } from '../../../db/knex.ts';
import type { SeenTracker, TrackerProtocol } from './contract.ts';
import type { DeviceScope } from './devices.ts';

/** Somebody knocked and was not let in. */
export interface Knock {
  readonly protocol: TrackerProtocol;
  readonly trackerId: string;
  readonly reason: SeenTracker['reason'];
  /** Whose key brought it; null = nobody's. */
  readonly organisationId: string | null;
  readonly firstAt: Date;
  readonly lastAt: Date;
  readonly count: number;
  readonly place: { readonly lon: number; readonly lat: number } | null;
}

/** So many are kept; of more, those that were heard of longest ago go. */
export const MOST_SEEN_TRACKERS = 500;
/** Nobody adopts what has been silent for so long. */
const KEPT_MILLIS = 30 * 86_400_000;

/** About a kilometre: a stranger's place is not ours to keep. */
const about = (degrees: number): number => Math.round(degrees * 100) / 100;

/** Adds knocks (each tracker once) to the list, and keeps it bounded. */
export async function noteKnocks(db: Db, knocks: readonly Knock[], now: Date): Promise<void> {
  if (knocks.length === 0) return;
  await db('tracker_seen')
    .insert(
      [...knocks]
        // Always in the same order: two processes that write the same rows never wait for each other.
        .sort((a, b) => (`${a.protocol} ${a.trackerId}` < `${b.protocol} ${b.trackerId}` ? -1 : 1))
        .map((knock) => ({
          protocol: knock.protocol,
          tracker_id: knock.trackerId,
          reason: knock.reason,
          organisation_id: knock.organisationId,
          first_seen_at: knock.firstAt,
          last_seen_at: knock.lastAt,
          seen_count: knock.count,
          lon: knock.place === null ? null : about(knock.place.lon),
          lat: knock.place === null ? null : about(knock.place.lat),
        })),
    )
    .onConflict(['protocol', 'tracker_id'])
    .merge({
      reason: db.raw('excluded.reason'),
      organisation_id: db.raw('excluded.organisation_id'),
      last_seen_at: db.raw('greatest(tracker_seen.last_seen_at, excluded.last_seen_at)'),
      seen_count: db.raw('tracker_seen.seen_count + excluded.seen_count'),
      lon: db.raw('coalesce(excluded.lon, tracker_seen.lon)'),
      lat: db.raw('coalesce(excluded.lat, tracker_seen.lat)'),
    });
  // Somebody may have adopted one between its knock and now: that is no stranger any more.
  await db.raw(
    `delete from tracker_seen where last_seen_at < ?::timestamptz or (protocol, tracker_id) in
       (select protocol, tracker_id from tracker_seen order by last_seen_at desc, protocol, tracker_id offset ?)
       or (reason = 'unknown' and exists (select from tracker t
         where t.protocol = tracker_seen.protocol and t.tracker_id = tracker_seen.tracker_id and t.ended_at is null))`,
    [new Date(now.getTime() - KEPT_MILLIS), MOST_SEEN_TRACKERS],
  );
}

/** Who has knocked, the last first: those that nobody's key brought, and those the organisation's own brought. */
export async function listSeenTrackers(db: Db, scope: DeviceScope): Promise<SeenTracker[]> {
  interface Row {
    protocol: TrackerProtocol;
    tracker_id: string;
    reason: SeenTracker['reason'];
    first_seen_at: Date;
    last_seen_at: Date;
    seen_count: string | number;
    lon: number | null;
    lat: number | null;
  }
  const rows = await within(db, scope)
    .orderBy([{ column: 'last_seen_at', order: 'desc' }, { column: 'protocol' }, { column: 'tracker_id' }])
    .limit(MOST_SEEN_TRACKERS)
    .select<Row[]>('*');
  return rows.map((row) => ({
    protocol: row.protocol,
    trackerId: row.tracker_id,
    reason: row.reason,
    firstSeenAt: row.first_seen_at.toISOString(),
    lastSeenAt: row.last_seen_at.toISOString(),
    seenCount: Number(row.seen_count),
    about: row.lon === null || row.lat === null ? null : { lon: row.lon, lat: row.lat },
  }));
}

/** Takes one off the list: it was adopted, or is not wanted. It comes back when it knocks again. */
export async function forgetSeenTracker(
  db: Db,
  { protocol, trackerId }: { readonly protocol: TrackerProtocol; readonly trackerId: string },
  scope: DeviceScope,
): Promise<void> {
  await within(db, scope).where({ protocol, tracker_id: trackerId }).delete();
}

function within(db: Db, { organisationId }: DeviceScope) {
  const all = db('tracker_seen');
  if (organisationId === null) return all;
  return all.where((own) => void own.whereNull('organisation_id').orWhere({ organisation_id: organisationId }));
}
