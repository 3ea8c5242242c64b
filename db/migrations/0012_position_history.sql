-- A day's fixes leave `fix` before they are compacted: nobody writes to them any more, so that they can be counted and
-- dropped without a lock that would hold up what comes in. Until then they are read with the others.
create table fix_compacting (like fix including defaults);
create view fix_kept as select * from fix union all select * from fix_compacting;

-- "Who was here between nine and ten": fixes arrive in the order of time, so a range of pages is a range of time.
create index fix_corrected_time on fix using brin (corrected_time) with (pages_per_range = 32, autosummarize = on);

-- Compacted fixes: of one device, one vehicle and one hour (UTC, corrected time) each, in that order.
-- server/stores/positions/history/segment-codec.ts says what `body` holds.
create table track_segment (
  device_id uuid not null,
  -- of the first and the last point
  from_time timestamptz not null,
  id uuid not null default gen_random_uuid(),
  vehicle_id uuid,
  source text not null,
  until_time timestamptz not null,
  points integer not null check (points > 0),
  last_seq bigint not null,
  -- trustworthy points, simplified by at most ten metres; null when there are none
  line geometry(LineString, 4326),
  body bytea not null,
  primary key (device_id, from_time, id),
  check (until_time >= from_time and until_time < from_time + interval '61 minutes')
) partition by range (from_time);
alter table track_segment alter column body set storage external;
create table track_segment_default partition of track_segment default;
create index track_segment_vehicle on track_segment (vehicle_id, from_time);
-- Time first: a question is about an hour of some months, and about a small part of the city.
create index track_segment_where on track_segment using gist (tstzrange(from_time, until_time, '[]'), line);

-- The way on the road that a segment's points were matched to; the segment itself stays as it was measured.
create table track_snapped (
  segment_id uuid primary key,
  vehicle_id uuid,
  from_time timestamptz not null,
  until_time timestamptz not null,
  road_version text not null,
  matched_points integer not null,
  -- encoded polylines of six decimals, one a stretch without a gap; empty when nothing could be matched
  lines text[] not null,
  made_at timestamptz not null
);
create index track_snapped_vehicle on track_snapped (vehicle_id, from_time);
create index track_snapped_time on track_snapped (from_time);

-- What is left of a vehicle's day when its track is gone, as each of its devices tells it.
create table vehicle_day (
  vehicle_id uuid not null,
  -- UTC
  day date not null,
  device_id uuid not null,
  fixes integer not null,
  driven_metres integer not null,
  moving_seconds integer not null,
  first_at timestamptz not null,
  last_at timestamptz not null,
  primary key (vehicle_id, day, device_id)
);
