-- What vehicles were seen to do, beginning to end: the newest of each kind and subject, so that nothing is said twice, also after a
-- crash or by two servers. The event log has all of them; these rows say which are going on.
create table movement (
  shift_id uuid not null references crew_shift on delete cascade,
  vehicle_id uuid not null references vehicle on delete cascade,
  kind text not null check (kind in ('fence', 'long_stop', 'off_way', 'silent', 'speeding', 'panic')),
  -- an assignment, a depot's code, or '' where there can be only one
  subject text not null,
  -- city time of the fix with which it began; until null: it goes on
  since timestamptz not null,
  until timestamptz,
  -- ids, codes and figures, and the place to about 11 m
  facts jsonb not null,
  primary key (shift_id, vehicle_id, kind, subject),
  check (until >= since)
) with (fillfactor = 70);
