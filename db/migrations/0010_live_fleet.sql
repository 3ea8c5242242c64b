-- Where a vehicle is now, and when a device was last heard, follow from the fixes: not worth a write-ahead log at ten
-- thousand a second. After a crash of PostgreSQL both are empty and are made anew before the server says it is ready.
alter table vehicle_position set unlogged;

create unlogged table device_seen (
  device_id uuid primary key,
  last_seq bigint not null default 0,
  last_seen_at timestamptz not null
) with (fillfactor = 50);
insert into device_seen select id, last_seq, last_seen_at from device where last_seen_at is not null;
alter table device drop column last_seq, drop column last_seen_at;
