-- One city per database. Facts carry their times as arguments: nothing here reads the wall clock.
-- `case` is a reserved word in SQL, so that table alone is named in the plural.
create extension if not exists postgis;
create extension if not exists btree_gist;

create schema private;

-- ---------------------------------------------------------------- configuration, organisations, areas

create table config_version (
  id uuid primary key,
  hash text not null unique,
  content jsonb not null,
  loaded_at timestamptz not null
);

create table organisation (
  id uuid primary key,
  code text not null unique,
  name text not null
);

create table area (
  id uuid primary key,
  kind text not null,
  code text not null,
  name text not null,
  -- null: the city names the area but has no boundary for it
  shape geometry(MultiPolygon, 4326),
  unique (kind, code)
);
create index area_shape on area using gist (shape);

create table depot (
  id uuid primary key,
  code text not null unique,
  name text not null,
  organisation_id uuid not null references organisation,
  place geometry(Point, 4326) not null
);

-- ---------------------------------------------------------------- accounts, sessions, devices

create table account (
  id uuid primary key,
  role text not null check (role in ('crew', 'dispatcher', 'supervisor', 'integrator', 'admin')),
  display_name text not null,
  organisation_id uuid references organisation,
  -- ids of areas; empty = all areas of the organisation
  area_ids uuid[] not null default '{}',
  login text unique,
  password_hash text,
  api_key_hash text unique,
  active boolean not null default true,
  -- rises when rights change: open sessions and sockets then answer to the new rights at once
  version integer not null default 1,
  created_at timestamptz not null
);

create table sign_in_link (
  token_hash text primary key,
  account_id uuid not null references account,
  expires_at timestamptz not null,
  used_at timestamptz
);

create table session (
  token_hash text primary key,
  id uuid not null unique,
  account_id uuid not null references account,
  created_at timestamptz not null,
  expires_at timestamptz not null,
  revoked_at timestamptz
);
create index session_account on session (account_id);

create table vehicle (
  id uuid primary key,
  code text not null unique,
  organisation_id uuid not null references organisation,
  kind text not null,
  depot_id uuid references depot,
  skills text[] not null default '{}',
  plant text[] not null default '{}',
  active boolean not null default true
);

-- Who or what can be in a shift besides vehicles: a person or a plant item.
create table person (
  id uuid primary key,
  code text not null unique,
  organisation_id uuid not null references organisation,
  account_id uuid references account,
  skills text[] not null default '{}',
  active boolean not null default true
);

create table plant_item (
  id uuid primary key,
  code text not null unique,
  organisation_id uuid not null references organisation,
  kind text not null,
  active boolean not null default true
);

create table enrolment_code (
  code_hash text primary key,
  vehicle_id uuid references vehicle,
  label text not null,
  issued_by uuid references account,
  expires_at timestamptz not null,
  used_at timestamptz
);

-- Each enrolment is a new row: a device id is never a credential.
create table device (
  id uuid primary key,
  kind text not null check (kind in ('crew_phone', 'tracker')),
  label text not null,
  token_hash text unique,
  enrolled_at timestamptz not null,
  revoked_at timestamptz,
  -- last position sequence received without a gap is not promised; this is the highest seen
  last_seq bigint not null default 0,
  last_seen_at timestamptz
);

create table device_binding (
  id uuid primary key,
  device_id uuid not null references device,
  vehicle_id uuid not null references vehicle,
  during tstzrange not null check (not isempty(during)),
  exclude using gist (device_id with =, during with &&)
);
create index device_binding_vehicle on device_binding (vehicle_id);

-- ---------------------------------------------------------------- crews and their days

create sequence crew_number as integer start 1;
create table crew (
  id uuid primary key,
  number integer not null unique,
  code text not null unique,
  name text not null,
  organisation_id uuid not null references organisation,
  depot_id uuid references depot,
  active boolean not null default true,
  version integer not null default 1
);

create table crew_shift (
  id uuid primary key,
  crew_id uuid not null references crew,
  organisation_id uuid not null references organisation,
  service_day date not null,
  during tstzrange not null check (not isempty(during) and not lower_inf(during) and not upper_inf(during)),
  start_place geometry(Point, 4326) not null,
  end_place geometry(Point, 4326),
  skills text[] not null default '{}',
  plant text[] not null default '{}',
  -- [{id, earliest, latest, length_seconds, taken_at?}]
  breaks jsonb not null default '[]',
  overtime_allowed_seconds integer not null default 0 check (overtime_allowed_seconds >= 0),
  state text not null default 'scheduled' check (state in ('scheduled', 'on_duty', 'ended')),
  started_at timestamptz,
  ended_at timestamptz,
  -- the version of the order of its stops, and the one the crew has acknowledged
  order_version integer not null default 1,
  order_acknowledged integer not null default 0,
  version integer not null default 1,
  planning_version integer not null default 1,
  exclude using gist (crew_id with =, during with &&),
  check ((state = 'ended') = (ended_at is not null))
);
create index crew_shift_day on crew_shift (service_day);
create index crew_shift_during on crew_shift using gist (during);

-- A person, a vehicle or a plant item is in one shift at a time; a swap at noon is two rows.
create table shift_member (
  id uuid primary key,
  shift_id uuid not null references crew_shift,
  kind text not null check (kind in ('person', 'vehicle', 'plant')),
  resource_id uuid not null,
  during tstzrange not null check (not isempty(during)),
  exclude using gist (resource_id with =, during with &&)
);
create index shift_member_shift on shift_member (shift_id);

-- ---------------------------------------------------------------- cases and jobs

create table private.contact (
  id uuid primary key,
  name text,
  email text,
  phone text,
  created_at timestamptz not null,
  erased_at timestamptz
);

create sequence case_number as integer start 1;
create table cases (
  id uuid primary key,
  -- said on the radio: 26-01234
  number text not null unique,
  source text not null,
  source_id text not null,
  organisation_id uuid not null references organisation,
  service_type text not null,
  -- as reported, never corrected
  place geometry(Point, 4326),
  address text,
  -- null: outside the city or too far from a road to have one
  road_point geometry(Point, 4326),
  road_metres real,
  place_quality text not null check (place_quality in ('on_road', 'far_from_road', 'outside_city', 'none')),
  -- "Main Street near 5th Street", from the street index
  place_text text,
  area_ids uuid[] not null default '{}',
  reported_at timestamptz not null,
  received_at timestamptz not null,
  due_at timestamptz,
  priority smallint not null check (priority between 1 and 4),
  state text not null check (state in ('received', 'triaged', 'scheduled', 'in_progress', 'on_hold', 'resolved', 'resolved_unverified',
    'duplicate', 'referred', 'no_action', 'cancelled', 'reopened')),
  decided text check (decided in ('duplicate', 'referred', 'no_action', 'cancelled', 'on_hold')),
  decided_reason text,
  duplicate_of uuid references cases,
  reopened_at timestamptz,
  triaged_at timestamptz,
  closed_at timestamptz,
  -- what the source itself says (its own status words and times), for comparison only
  source_status text,
  source_closed_at timestamptz,
  source_updated_at timestamptz,
  contact_id uuid references private.contact,
  follow_token_hash text unique,
  version integer not null default 1,
  unique (source, source_id),
  check (decided is null or state = decided),
  check ((decided = 'duplicate') = (duplicate_of is not null) or decided is distinct from 'duplicate'),
  check ((place_quality = 'on_road') <= (road_point is not null))
);
create index cases_state on cases (state);
create index cases_reported on cases (reported_at);
create index cases_type_time on cases (service_type, reported_at);
create index cases_road_point on cases using gist (road_point);
create index cases_contact on cases (contact_id) where contact_id is not null;

create table private.case_words (
  case_id uuid primary key references cases,
  words text not null
);

create table private.read_log (
  id uuid primary key,
  at timestamptz not null,
  account_id uuid,
  what text not null,
  row_id uuid not null,
  why text not null
);

create sequence job_number as integer start 1001;
create table job (
  id uuid primary key,
  number integer not null unique,
  organisation_id uuid not null references organisation,
  job_type text not null,
  title text not null,
  place geometry(Point, 4326) not null,
  road_point geometry(Point, 4326) not null,
  place_text text,
  area_ids uuid[] not null default '{}',
  service_seconds integer not null check (service_seconds > 0),
  -- [{skills: [], plant: []}]: one slot = one crew
  slots jsonb not null check (jsonb_typeof(slots) = 'array' and jsonb_array_length(slots) between 1 and 4),
  -- [{from, until}], empty = any time
  windows jsonb not null default '[]',
  due_at timestamptz,
  release_at timestamptz not null,
  priority smallint not null check (priority between 1 and 4),
  emergency boolean not null default false,
  proof text[] not null default '{}',
  follow_up_of uuid references job,
  follow_up_reason text,
  state text not null check (state in ('draft', 'ready', 'planned', 'dispatched', 'under_way', 'on_hold', 'completed', 'cannot_complete', 'cancelled')),
  decided text check (decided in ('draft', 'on_hold', 'cancelled')),
  decided_reason text,
  created_at timestamptz not null,
  ended_at timestamptz,
  version integer not null default 1,
  planning_version integer not null default 1,
  check (decided is null or state = decided)
);
create index job_state on job (state);
create index job_place on job using gist (road_point);
create index job_open_type on job (job_type, created_at) where state not in ('completed', 'cannot_complete', 'cancelled');

-- n to m, with history, so that splitting restores what was.
create table case_job (
  id uuid primary key,
  case_id uuid not null references cases,
  job_id uuid not null references job,
  cause text not null check (cause in ('policy', 'dispatcher', 'split', 'follow_up')),
  joined_at timestamptz not null,
  left_at timestamptz,
  left_cause text check (left_cause in ('split', 'joined_other', 'follow_up', 'reopened', 'job_cancelled')),
  -- the job the catalogue gives this case by itself; null when it cannot have one (no place on a road)
  own_job jsonb,
  check ((left_at is null) = (left_cause is null))
);
create unique index case_job_active on case_job (case_id, job_id) where left_at is null;
create index case_job_job on case_job (job_id);

-- Traffic control before cutting: `later` starts between least and most seconds after the end of `earlier`.
create table job_order (
  earlier_job_id uuid not null references job,
  later_job_id uuid not null references job,
  least_lag_seconds integer not null default 0,
  most_lag_seconds integer,
  primary key (earlier_job_id, later_job_id),
  check (earlier_job_id <> later_job_id),
  check (most_lag_seconds is null or most_lag_seconds >= least_lag_seconds)
);

-- ---------------------------------------------------------------- plans

create table plan (
  id uuid primary key,
  service_day date not null,
  state text not null check (state in ('draft', 'published', 'superseded', 'discarded')),
  requested_by uuid,
  requested_at timestamptz not null,
  made_at timestamptz not null,
  published_at timestamptz,
  discarded_at timestamptz,
  seed bigint not null,
  iterations integer not null,
  engine text not null,
  config_version_id uuid not null references config_version,
  roads_version text not null,
  roads_source text not null check (roads_source in ('osrm', 'estimate')),
  -- the whole problem, gzipped JSON: a past plan can be rebuilt from what it saw
  problem bytea not null,
  problem_hash text not null,
  -- {job: {id: planning_version}, shift: {id: planning_version}}
  saw jsonb not null,
  result jsonb not null,
  cost jsonb not null,
  bound bigint,
  lp jsonb not null,
  check ((state = 'published') <= (published_at is not null))
);
create index plan_day on plan (service_day, made_at);

-- A request for a plan and what became of it; the plan itself appears when it is made.
create table plan_request (
  id uuid primary key,
  state text not null check (state in ('waiting', 'running', 'made', 'failed', 'cancelled')),
  service_day date not null,
  requested_by uuid,
  requested_at timestamptz not null,
  reason text not null,
  options jsonb not null default '{}',
  plan_id uuid references plan,
  failure text,
  ended_at timestamptz
);

-- ---------------------------------------------------------------- assignments

create table assignment (
  id uuid primary key,
  job_id uuid not null references job,
  slot smallint not null check (slot >= 0),
  shift_id uuid not null references crew_shift,
  position integer not null,
  state text not null check (state in ('planned', 'dispatched', 'accepted', 'travelling', 'on_site', 'working', 'paused',
    'completed', 'cannot_complete', 'declined', 'recalled', 'cancelled')),
  planned_arrival timestamptz,
  planned_start timestamptz,
  planned_end timestamptz,
  lock_crew boolean not null default false,
  lock_time boolean not null default false,
  lock_order boolean not null default false,
  promised_from timestamptz,
  promised_until timestamptz,
  promised_to uuid references private.contact,
  plan_id uuid references plan,
  -- decline and cannot-complete reasons; cancel causes
  reason text,
  note_present boolean not null default false,
  -- what was missing, and what is left of the work: the follow-up job is made from them when the whole job has ended
  missing text[] not null default '{}',
  seconds_left integer check (seconds_left > 0),
  -- what the dispatcher told the crew with a recall or a cancel; shown to the crew, never in an event
  office_words text,
  -- asked of a crew that is on its way and not yet answered; the slot is free at once
  requested text check (requested in ('recall', 'cancel')),
  requested_at timestamptz,
  dispatched_at timestamptz,
  accepted_at timestamptz,
  travelling_at timestamptz,
  on_site_at timestamptz,
  working_at timestamptz,
  ended_at timestamptz,
  -- the present stretch of work; null while paused
  working_since timestamptz,
  worked_seconds integer,
  -- the newest field fact taken: an older one of the same device (by its count) or of another actor (by corrected
  -- time) still gives its time, but does not turn back a pause
  fact_device uuid,
  fact_seq bigint,
  fact_at timestamptz,
  fixes_through bigint,
  verification text check (verification in ('pending', 'verified', 'unverified')),
  verification_settled_at timestamptz,
  visit_seconds integer,
  created_at timestamptz not null,
  version integer not null default 1,
  check ((promised_from is null) = (promised_until is null)),
  check ((requested is null) = (requested_at is null)),
  check (requested is null or state in ('dispatched', 'accepted', 'travelling', 'on_site', 'working', 'paused')),
  check ((state in ('completed', 'cannot_complete', 'declined', 'recalled', 'cancelled')) = (ended_at is not null)),
  check ((state in ('cannot_complete', 'declined', 'cancelled')) <= (reason is not null)),
  check ((state = 'completed') = (verification is not null))
);
-- Nobody is in two places, no slot has two crews: here, whatever the code forgot.
create unique index assignment_active_slot on assignment (job_id, slot)
  where state in ('planned', 'dispatched', 'accepted', 'travelling', 'on_site', 'working', 'paused') and requested is null;
create unique index assignment_active_shift on assignment (job_id, shift_id)
  where state in ('planned', 'dispatched', 'accepted', 'travelling', 'on_site', 'working', 'paused') and requested is null;
create index assignment_shift on assignment (shift_id, position);
create index assignment_job on assignment (job_id);
create index assignment_pending on assignment (shift_id) where verification = 'pending';

-- The crew's own words on a completion or a refusal, and what it photographed, apart from operations.
create table private.field_note (
  assignment_id uuid primary key references assignment,
  words text not null
);

-- A contradiction between what happened and what was decided: both sides kept, a person answers.
create table question (
  id uuid primary key,
  kind text not null,
  job_id uuid references job,
  assignment_id uuid references assignment,
  shift_id uuid references crew_shift,
  case_id uuid references cases,
  asked_at timestamptz not null,
  body jsonb not null,
  answered_at timestamptz,
  answered_by uuid,
  answer text,
  check ((answered_at is null) = (answer is null))
);
create index question_open on question (asked_at) where answered_at is null;

-- ---------------------------------------------------------------- positions

create table fix (
  device_id uuid not null,
  fix_time timestamptz not null,
  device_seq bigint not null,
  vehicle_id uuid,
  lon double precision not null,
  lat double precision not null,
  accuracy_metres real,
  speed_mps real,
  heading_degrees real,
  source text not null,
  -- device time corrected by the request's own clock, and when we had it
  corrected_time timestamptz not null,
  received_at timestamptz not null,
  -- bit set of hygiene findings: kept, flagged, never dropped
  flags integer not null default 0,
  primary key (device_id, fix_time, device_seq)
) partition by range (fix_time);
create table fix_default partition of fix default;
create index fix_vehicle_time on fix (vehicle_id, corrected_time);

-- Where we say each vehicle is: the newest trustworthy fix, never moved back in time.
create table vehicle_position (
  vehicle_id uuid primary key,
  device_id uuid not null,
  device_seq bigint not null,
  fix_time timestamptz not null,
  received_at timestamptz not null,
  lon double precision not null,
  lat double precision not null,
  accuracy_metres real,
  speed_mps real,
  heading_degrees real,
  source text not null
) with (fillfactor = 50);

-- ---------------------------------------------------------------- actions, events, timers

-- What a client did: written in the same transaction as its effect, refusals too.
create table action (
  id uuid primary key,
  actor_device uuid,
  actor_account uuid,
  actor_role text not null,
  kind text not null,
  fingerprint text not null,
  device_seq bigint,
  device_time timestamptz,
  corrected_time timestamptz,
  received_at timestamptz not null,
  status smallint not null,
  answer jsonb not null,
  -- a dispatcher's: how it is taken back, or why it cannot be; and the action that did
  inverse jsonb,
  -- in the order in which they were noted: two of one instant have one too
  undo_number bigint,
  undone_by uuid
);
create sequence undo_number as bigint start 1;
create index action_undoable on action (actor_account, undo_number) where inverse is not null and undone_by is null;
create index action_device on action (actor_device, device_seq) where actor_device is not null;
create index action_received on action (received_at);

create table event_counter (
  only_row boolean primary key default true check (only_row),
  last_seq bigint not null
);
insert into event_counter (last_seq) values (0);

-- What became true. No foreign keys, no triggers; ids, states and codes only.
create table event (
  seq bigint primary key,
  type text not null,
  at timestamptz not null,
  received_at timestamptz not null,
  actor_device uuid,
  actor_account uuid,
  actor_role text not null,
  action_id uuid,
  case_id uuid,
  job_id uuid,
  assignment_id uuid,
  shift_id uuid,
  plan_id uuid,
  organisation_id uuid,
  config_version_id uuid,
  body jsonb not null
);
create index event_case on event (case_id, seq) where case_id is not null;
create index event_job on event (job_id, seq) where job_id is not null;
create index event_shift on event (shift_id, seq) where shift_id is not null;
create index event_assignment on event (assignment_id, seq) where assignment_id is not null;

-- One row a reader and event; `key` orders: a reader takes only its lowest open seq per key.
create table delivery (
  reader text not null,
  seq bigint not null,
  key uuid not null,
  attempts integer not null default 0,
  not_before timestamptz,
  last_error text,
  primary key (reader, seq)
);
create index delivery_key on delivery (reader, key, seq);

-- Takes the next block of the gapless counter and writes the events with their deliveries.
-- Must be the last statement before commit: it holds the counter's row until then.
create function record_events(events jsonb) returns bigint language plpgsql as $$
declare
  first_seq bigint;
  amount integer := jsonb_array_length(events);
begin
  if amount = 0 then
    return null;
  end if;
  update event_counter set last_seq = last_seq + amount returning last_seq - amount + 1 into first_seq;
  insert into event (seq, type, at, received_at, actor_device, actor_account, actor_role, action_id, case_id, job_id, assignment_id,
    shift_id, plan_id, organisation_id, config_version_id, body)
  select first_seq + e.ordinality - 1, e.value ->> 'type', (e.value ->> 'at')::timestamptz, (e.value ->> 'receivedAt')::timestamptz,
    (e.value ->> 'actorDevice')::uuid, (e.value ->> 'actorAccount')::uuid, e.value ->> 'actorRole', (e.value ->> 'actionId')::uuid,
    (e.value ->> 'caseId')::uuid, (e.value ->> 'jobId')::uuid, (e.value ->> 'assignmentId')::uuid, (e.value ->> 'shiftId')::uuid,
    (e.value ->> 'planId')::uuid, (e.value ->> 'organisationId')::uuid, (e.value ->> 'configVersionId')::uuid, e.value -> 'body'
  from jsonb_array_elements(events) with ordinality e;
  insert into delivery (reader, seq, key)
  select reader.value ->> 'reader', first_seq + e.ordinality - 1, (reader.value ->> 'key')::uuid
  from jsonb_array_elements(events) with ordinality e, jsonb_array_elements(e.value -> 'readers') reader;
  return first_seq;
end
$$;

-- Due on the city clock; one loop reads it.
create table timer (
  id uuid primary key,
  kind text not null,
  due_at timestamptz not null,
  subject_id uuid not null,
  body jsonb not null default '{}',
  done_at timestamptz,
  attempts integer not null default 0,
  last_error text
);
create unique index timer_open on timer (kind, subject_id) where done_at is null;
create index timer_due on timer (due_at) where done_at is null;

-- What we told whom: the message key and its figures; the address stays in private.contact.
create table notification (
  id uuid primary key,
  case_id uuid not null references cases,
  event_seq bigint not null,
  channel text not null check (channel in ('page', 'mail', 'text', 'webhook')),
  message text not null,
  params jsonb not null default '{}',
  made_at timestamptz not null,
  state text not null check (state in ('shown', 'waiting', 'sent', 'failed')),
  unique (case_id, event_seq, channel)
);

create table import_run (
  id uuid primary key,
  source text not null,
  file_name text not null,
  started_at timestamptz not null,
  ended_at timestamptz,
  rows_read integer not null default 0,
  rows_new integer not null default 0,
  rows_updated integer not null default 0,
  rows_unchanged integer not null default 0,
  rows_refused integer not null default 0
);
