import { float4Array, float8Array, int4Array, int8Array, timestamptzArray, uuidArray } from '../../../db/binary-arrays.ts';
import type { Db } from '../../../db/knex.ts';
import type { FixRows } from './fix-rows.ts';
import { FIX_FLAGS, type VehiclePosition } from './contract.ts';

/** Where a vehicle is shown. `time` is corrected time: it only ever rises. */
export interface Marker {
  readonly vehicleId: string;
  readonly deviceId: string;
  readonly deviceSeq: number;
  readonly time: Date;
  readonly receivedAt: Date;
  readonly lon: number;
  readonly lat: number;
  readonly accuracyMetres: number | null;
  readonly speedMps: number | null;
  readonly headingDegrees: number | null;
  readonly source: string;
}

/** A fix with one of these says nothing about where the vehicle was. Late (`out_of_order`) or doubled ones still do. */
export const NO_EVIDENCE =
  FIX_FLAGS.ahead_of_clock |
  FIX_FLAGS.long_ago |
  FIX_FLAGS.not_valid |
  FIX_FLAGS.zero_zero |
  FIX_FLAGS.impossible_jump |
  FIX_FLAGS.poor_accuracy;

/** Texts without quotes or commas in them, as an array. */
const textArray = (values: readonly (string | null)[]): string => `{${values.map((value) => value ?? 'NULL').join()}}`;

/** What a write of fixes found. */
export interface WrittenFixes {
  readonly stored: number;
  /** Keys of those that are new; null = all are. */
  readonly newKeys: ReadonlySet<string> | null;
}

/** When a device was heard of, and the highest sequence number that it had sent by then. */
export interface DeviceSign {
  readonly deviceId: string;
  readonly seq: number;
  readonly at: Date;
}

const NOTE_SIGNS = `insert into device_seen as here (device_id, last_seq, last_seen_at)
  select * from unnest(?::uuid[], ?::bigint[], ?::timestamptz[])
  on conflict (device_id) do update set last_seq = greatest(here.last_seq, excluded.last_seq),
    last_seen_at = greatest(here.last_seen_at, excluded.last_seen_at)`;

/** `Float64Array.from` makes an object of each. */
function figuresOf<T>(rows: readonly T[], figure: (row: T) => number): Float64Array {
  const figures = new Float64Array(rows.length);
  for (let i = 0; i < rows.length; i++) figures[i] = figure(rows[i]!);
  return figures;
}

const signColumns = (signs: readonly DeviceSign[]): Buffer[] => {
  // Always in the same order: two writers that lock the same rows never wait for each other.
  const ordered = [...signs].sort((a, b) => (a.deviceId < b.deviceId ? -1 : 1));
  return [
    uuidArray(ordered.map((s) => s.deviceId)),
    int8Array(figuresOf(ordered, (s) => s.seq)),
    timestamptzArray(figuresOf(ordered, (s) => s.at.getTime())),
  ];
};

/**
 * Writes what has come from many devices, in one statement, so in one transaction and one journey to the database: under a full
 * load each further journey waits for thousands of messages that came before its answer.
 * Fixes (no key twice) that are there already stay as they are. Markers (one a vehicle) go forward in corrected time only: one
 * that is not newer than what is there changes nothing, whoever wrote it. Signs of devices never go back either.
 */
export async function writePositions(
  tx: Db,
  fixes: FixRows,
  markers: readonly Marker[],
  signs: readonly DeviceSign[],
): Promise<WrittenFixes> {
  const moved = [...markers].sort((a, b) => (a.vehicleId < b.vehicleId ? -1 : 1));
  // Which are new is told only where some are not: reading thousands of keys back costs more than writing the rows.
  const answer = await tx.raw<{ rows: { stored: number; keys: string[] | null }[] }>(
    `with added as (
       insert into fix (device_id, fix_time, device_seq, vehicle_id, lon, lat, accuracy_metres, speed_mps, heading_degrees, source,
         corrected_time, received_at, flags)
       select * from unnest(?::uuid[], ?::timestamptz[], ?::bigint[], ?::uuid[], ?::float8[], ?::float8[], ?::real[], ?::real[], ?::real[],
         ?::text[], ?::timestamptz[], ?::timestamptz[], ?::int[])
       on conflict do nothing
       returning device_id, fix_time, device_seq),
     moved as (
       insert into vehicle_position as here (vehicle_id, device_id, device_seq, fix_time, received_at, lon, lat, accuracy_metres,
         speed_mps, heading_degrees, source)
       select * from unnest(?::uuid[], ?::uuid[], ?::bigint[], ?::timestamptz[], ?::timestamptz[], ?::float8[], ?::float8[], ?::real[],
         ?::real[], ?::real[], ?::text[])
       on conflict (vehicle_id) do update set device_id = excluded.device_id, device_seq = excluded.device_seq,
         fix_time = excluded.fix_time, received_at = excluded.received_at, lon = excluded.lon, lat = excluded.lat,
         accuracy_metres = excluded.accuracy_metres, speed_mps = excluded.speed_mps, heading_degrees = excluded.heading_degrees,
         source = excluded.source
       where excluded.fix_time > here.fix_time),
     noted as (${NOTE_SIGNS})
     select count(*)::int as stored, case when count(*) < ?::int then
       array_agg(device_id || '/' || (extract(epoch from fix_time) * 1000)::bigint || '/' || device_seq) end as keys from added`,
    [
      uuidArray(fixes.deviceIds),
      timestamptzArray(fixes.column('fixMillis')),
      int8Array(fixes.column('deviceSeq')),
      uuidArray(fixes.vehicleIds),
      float8Array(fixes.column('lon')),
      float8Array(fixes.column('lat')),
      float4Array(fixes.column('accuracyMetres')),
      float4Array(fixes.column('speedMps')),
      float4Array(fixes.column('headingDegrees')),
      textArray(fixes.sources),
      timestamptzArray(fixes.column('correctedMillis')),
      timestamptzArray(fixes.column('receivedMillis')),
      int4Array(fixes.column('flags')),
      uuidArray(moved.map((m) => m.vehicleId)),
      uuidArray(moved.map((m) => m.deviceId)),
      int8Array(figuresOf(moved, (m) => m.deviceSeq)),
      timestamptzArray(figuresOf(moved, (m) => m.time.getTime())),
      timestamptzArray(figuresOf(moved, (m) => m.receivedAt.getTime())),
      float8Array(figuresOf(moved, (m) => m.lon)),
      float8Array(figuresOf(moved, (m) => m.lat)),
      float4Array(figuresOf(moved, (m) => m.accuracyMetres ?? NaN)),
      float4Array(figuresOf(moved, (m) => m.speedMps ?? NaN)),
      float4Array(figuresOf(moved, (m) => m.headingDegrees ?? NaN)),
      textArray(moved.map((m) => m.source)),
      ...signColumns(signs),
      fixes.size,
    ],
  );
  const { stored, keys } = answer.rows[0]!;
  return { stored, newKeys: stored === fixes.size ? null : new Set(keys ?? []) };
}

interface MarkerRow {
  vehicle_id: string;
  device_id: string;
  device_seq: number;
  fix_time: Date;
  received_at: Date;
  lon: number;
  lat: number;
  accuracy_metres: number | null;
  speed_mps: number | null;
  heading_degrees: number | null;
  source: string;
}

const markerOf = (row: MarkerRow): Marker => ({
  vehicleId: row.vehicle_id,
  deviceId: row.device_id,
  deviceSeq: row.device_seq,
  time: row.fix_time,
  receivedAt: row.received_at,
  lon: row.lon,
  lat: row.lat,
  accuracyMetres: row.accuracy_metres,
  speedMps: row.speed_mps,
  headingDegrees: row.heading_degrees,
  source: row.source,
});

/** All markers of vehicles that have been heard of since then. */
export async function readMarkers(db: Db, since: Date): Promise<{ readonly organisationId: string; readonly marker: Marker }[]> {
  const rows = await db('vehicle_position as p')
    .join('vehicle as v', 'v.id', 'p.vehicle_id')
    .where('p.fix_time', '>=', since)
    .select<(MarkerRow & { organisation_id: string })[]>('p.*', 'v.organisation_id');
  return rows.map((row) => ({ organisationId: row.organisation_id, marker: markerOf(row) }));
}

/** Whether there is any marker: a crash of PostgreSQL leaves none. */
export async function hasMarkers(db: Db): Promise<boolean> {
  return (await db('vehicle_position').first('vehicle_id')) !== undefined;
}

/**
 * Makes anew, from the fixes, the markers and the last sign of each device that are missing: both tables are unlogged, and
 * a crash of PostgreSQL empties them. What is there is left as it is, so it may run beside writes. A vehicle that stands still
 * is where its last ordinary fix was, at the time of its newest.
 */
export async function restoreMarkers(db: Db): Promise<{ markers: number; devices: number }> {
  const markers = await db.raw<{ rowCount: number }>(
    `insert into vehicle_position (vehicle_id, device_id, device_seq, fix_time, received_at, lon, lat, accuracy_metres, speed_mps,
       heading_degrees, source)
     select v.id, f.device_id, f.device_seq, f.corrected_time, f.received_at, place.lon, place.lat, f.accuracy_metres, f.speed_mps,
       f.heading_degrees, f.source
     from vehicle v cross join lateral (
       select lon, lat from fix_kept where vehicle_id = v.id and flags = 0 order by corrected_time desc limit 1) as place
     cross join lateral (
       select * from fix_kept where vehicle_id = v.id and flags = any(?::int[]) order by corrected_time desc limit 1) as f
     where not exists (select from vehicle_position here where here.vehicle_id = v.id)
     on conflict do nothing`,
    [[0, FIX_FLAGS.standing_still] as unknown as string[]],
  );
  const devices = await db.raw<{ rowCount: number }>(
    `insert into device_seen (device_id, last_seq, last_seen_at)
     select d.id, greatest(f.device_seq, s.last_seq, 0), greatest(f.received_at, s.until_time, a.received_at)
     from device d
     left join lateral (select device_seq, received_at from fix_kept where device_id = d.id order by fix_time desc, device_seq desc limit 1)
       as f on true
     left join lateral (select last_seq, until_time from track_segment where device_id = d.id order by from_time desc limit 1) as s on true
     left join lateral (select received_at from action where actor_device = d.id order by device_seq desc limit 1) as a on true
     where (f.received_at is not null or s.until_time is not null or a.received_at is not null)
       and not exists (select from device_seen here where here.device_id = d.id)
     on conflict do nothing`,
  );
  return { markers: markers.rowCount, devices: devices.rowCount };
}

/** Remembers the highest sequence number a device has sent and when we last heard from it; neither goes back. */
export async function noteDevices(tx: Db, signs: readonly DeviceSign[]): Promise<void> {
  if (signs.length > 0) await tx.raw(NOTE_SIGNS, signColumns(signs));
}

/** The shift the vehicle `p` is in, its allowed overtime and the two hours before it included. */
const SHIFT_OF_VEHICLE = `select m.shift_id from shift_member m join crew_shift s on s.id = m.shift_id
  where m.kind = 'vehicle' and m.resource_id = p.vehicle_id
    and tstzrange(lower(m.during) - interval '2 hours', upper(m.during) + make_interval(secs => s.overtime_allowed_seconds))
      @> ?::timestamptz
  order by m.during @> ?::timestamptz desc, lower(m.during) desc limit 1`;

interface PositionRow extends MarkerRow {
  shift_id: string | null;
  organisation_id: string;
}

/** A position and the organisation whose desks may see it. */
export interface OwnedPosition {
  readonly organisationId: string;
  readonly position: VehiclePosition;
}

/**
 * Where the vehicles are, with the age by the city clock and the shift each is in now.
 * @param only vehicles of one organisation, or some vehicles; left out = all.
 */
export async function listPositions(
  db: Db,
  now: Date,
  only: { readonly organisationId?: string | null; readonly vehicleIds?: readonly string[] } = {},
): Promise<OwnedPosition[]> {
  const query = db('vehicle_position as p')
    .join('vehicle as v', 'v.id', 'p.vehicle_id')
    .joinRaw(`left join lateral (${SHIFT_OF_VEHICLE}) as m on true`, [now.toISOString(), now.toISOString()])
    .orderBy('p.vehicle_id')
    .select<PositionRow[]>('p.*', 'm.shift_id', 'v.organisation_id');
  if (only.organisationId) void query.where('v.organisation_id', only.organisationId);
  if (only.vehicleIds) void query.whereIn('p.vehicle_id', only.vehicleIds);
  const rows = await query;
  return rows.map((row) => ({
    organisationId: row.organisation_id,
    position: positionOf(markerOf(row), row.shift_id, now),
  }));
}

/** A vehicle's marker has moved. */
export interface VehicleMove {
  /** Whose desks may see it. */
  readonly organisationId: string;
  /** The shift the vehicle is in; null = none. */
  readonly shiftId: string | null;
  readonly marker: Marker;
}

/** A marker as it is shown, with its age in seconds at `now`. */
export function positionOf(marker: Marker, shiftId: string | null, now: Date): VehiclePosition {
  return {
    vehicleId: marker.vehicleId,
    shiftId,
    lon: marker.lon,
    lat: marker.lat,
    fixTime: marker.time.toISOString(),
    receivedAt: marker.receivedAt.toISOString(),
    ageSeconds: Math.max(0, (now.getTime() - marker.time.getTime()) / 1000),
    accuracyMetres: marker.accuracyMetres,
    speedMps: marker.speedMps,
    headingDegrees: marker.headingDegrees,
    source: marker.source,
  };
}

/** Which shift each of these vehicles is in at that time; a vehicle in none is left out. */
export async function listShiftsOfVehicles(db: Db, vehicleIds: readonly string[], at: Date): Promise<Map<string, string>> {
  if (vehicleIds.length === 0) return new Map();
  const now = at.toISOString();
  const answer = await db.raw<{ rows: { id: string; shift_id: string }[] }>(
    `select p.vehicle_id as id, m.shift_id from unnest(?::uuid[]) as p(vehicle_id) cross join lateral (${SHIFT_OF_VEHICLE}) as m`,
    [textArray(vehicleIds), now, now],
  );
  return new Map(answer.rows.map((row) => [row.id, row.shift_id]));
}

/** A shift's vehicle, and during which part of it. */
export interface ShiftVehicle {
  readonly vehicleId: string;
  readonly from: Date;
  readonly until: Date;
}

/** The vehicles of a shift, each with its part of the day. */
export async function listVehiclesOfShift(db: Db, shiftId: string): Promise<ShiftVehicle[]> {
  const rows = await db('shift_member')
    .where({ shift_id: shiftId, kind: 'vehicle' })
    .orderByRaw('lower(during), resource_id')
    .select<{ resource_id: string; from: Date; until: Date }[]>(
      'resource_id',
      db.raw('lower(during) as "from"'),
      db.raw('upper(during) as until'),
    );
  return rows.map((row) => ({ vehicleId: row.resource_id, from: row.from, until: row.until }));
}

/** The newest position of a vehicle that is in this shift at that time; undefined when none has been heard of. */
export async function findPositionOfShift(db: Db, shiftId: string, now: Date): Promise<VehiclePosition | undefined> {
  const vehicles = await listVehiclesOfShift(db, shiftId);
  const shifts = await listShiftsOfVehicles(
    db,
    vehicles.map((v) => v.vehicleId),
    now,
  );
  const present = [...shifts].filter(([, shift]) => shift === shiftId).map(([vehicleId]) => vehicleId);
  const row = await db<MarkerRow>('vehicle_position').whereIn('vehicle_id', present).orderBy('fix_time', 'desc').first();
  return row && positionOf(markerOf(row), shiftId, now);
}

/** The highest position sequence number of each device bound at that time to a vehicle of the shift. */
export async function listDevicesOfShift(db: Db, shiftId: string, at: Date): Promise<{ deviceId: string; lastSeq: number }[]> {
  const rows = await db('device as d')
    .join('device_binding as b', 'b.device_id', 'd.id')
    .join('shift_member as m', 'm.resource_id', 'b.vehicle_id')
    .where('m.shift_id', shiftId)
    .whereRaw('b.during @> ?::timestamptz', [at.toISOString()])
    .leftJoin('device_seen as seen', 'seen.device_id', 'd.id')
    .distinct<{ id: string; last_seq: number }[]>('d.id', db.raw('coalesce(seen.last_seq, 0) as last_seq'))
    .orderBy('d.id');
  return rows.map((row) => ({ deviceId: row.id, lastSeq: row.last_seq }));
}

/** The highest position sequence number the device has sent; 0 when it is unknown or has sent none. */
export async function getLastFixSeq(db: Db, deviceId: string): Promise<number> {
  const row = await db('device_seen').where({ device_id: deviceId }).first<{ last_seq: number } | undefined>('last_seq');
  return row?.last_seq ?? 0;
}
