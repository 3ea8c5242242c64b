-- Made by "npm run schema" from db/migrations: do not edit. PostgreSQL 15.

-- PostgreSQL database dump

-- Name: private; Type: SCHEMA; Schema: -; Owner: -

CREATE SCHEMA private;

-- Name: btree_gist; Type: EXTENSION; Schema: -; Owner: -

CREATE EXTENSION IF NOT EXISTS btree_gist WITH SCHEMA public;

-- Name: EXTENSION btree_gist; Type: COMMENT; Schema: -; Owner: -

COMMENT ON EXTENSION btree_gist IS 'support for indexing common datatypes in GiST';

-- Name: postgis; Type: EXTENSION; Schema: -; Owner: -

CREATE EXTENSION IF NOT EXISTS postgis WITH SCHEMA public;

-- Name: EXTENSION postgis; Type: COMMENT; Schema: -; Owner: -

COMMENT ON EXTENSION postgis IS 'PostGIS geometry and geography spatial types and functions';

-- Name: record_events(jsonb); Type: FUNCTION; Schema: public; Owner: -

CREATE FUNCTION public.record_events(events jsonb) RETURNS bigint
    LANGUAGE plpgsql
    AS $$
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

-- Name: case_words; Type: TABLE; Schema: private; Owner: -

CREATE TABLE private.case_words (
    case_id uuid NOT NULL,
    words text NOT NULL
);

-- Name: contact; Type: TABLE; Schema: private; Owner: -

CREATE TABLE private.contact (
    id uuid NOT NULL,
    name text,
    email text,
    phone text,
    created_at timestamp with time zone NOT NULL,
    erased_at timestamp with time zone
);

-- Name: field_note; Type: TABLE; Schema: private; Owner: -

CREATE TABLE private.field_note (
    assignment_id uuid NOT NULL,
    words text NOT NULL
);

-- Name: read_log; Type: TABLE; Schema: private; Owner: -

CREATE TABLE private.read_log (
    id uuid NOT NULL,
    at timestamp with time zone NOT NULL,
    account_id uuid,
    what text NOT NULL,
    row_id uuid NOT NULL,
    why text NOT NULL
);

-- Name: account; Type: TABLE; Schema: public; Owner: -

CREATE TABLE public.account (
    id uuid NOT NULL,
    role text NOT NULL,
    display_name text NOT NULL,
    organisation_id uuid,
    area_ids uuid[] DEFAULT '{}'::uuid[] NOT NULL,
    login text,
    password_hash text,
    api_key_hash text,
    active boolean DEFAULT true NOT NULL,
    version integer DEFAULT 1 NOT NULL,
    created_at timestamp with time zone NOT NULL,
    CONSTRAINT account_role_check CHECK ((role = ANY (ARRAY['crew'::text, 'dispatcher'::text, 'supervisor'::text, 'integrator'::text, 'admin'::text])))
);

-- Name: action; Type: TABLE; Schema: public; Owner: -

CREATE TABLE public.action (
    id uuid NOT NULL,
    actor_device uuid,
    actor_account uuid,
    actor_role text NOT NULL,
    kind text NOT NULL,
    fingerprint text NOT NULL,
    device_seq bigint,
    device_time timestamp with time zone,
    corrected_time timestamp with time zone,
    received_at timestamp with time zone NOT NULL,
    status smallint NOT NULL,
    answer jsonb NOT NULL,
    inverse jsonb,
    undo_number bigint,
    undone_by uuid
);

-- Name: area; Type: TABLE; Schema: public; Owner: -

CREATE TABLE public.area (
    id uuid NOT NULL,
    kind text NOT NULL,
    code text NOT NULL,
    name text NOT NULL,
    shape public.geometry(MultiPolygon,4326)
);

-- Name: assignment; Type: TABLE; Schema: public; Owner: -

CREATE TABLE public.assignment (
    id uuid NOT NULL,
    job_id uuid NOT NULL,
    slot smallint NOT NULL,
    shift_id uuid NOT NULL,
    "position" integer NOT NULL,
    state text NOT NULL,
    planned_arrival timestamp with time zone,
    planned_start timestamp with time zone,
    planned_end timestamp with time zone,
    lock_crew boolean DEFAULT false NOT NULL,
    lock_time boolean DEFAULT false NOT NULL,
    lock_order boolean DEFAULT false NOT NULL,
    promised_from timestamp with time zone,
    promised_until timestamp with time zone,
    promised_to uuid,
    plan_id uuid,
    reason text,
    note_present boolean DEFAULT false NOT NULL,
    missing text[] DEFAULT '{}'::text[] NOT NULL,
    seconds_left integer,
    office_words text,
    requested text,
    requested_at timestamp with time zone,
    dispatched_at timestamp with time zone,
    accepted_at timestamp with time zone,
    travelling_at timestamp with time zone,
    on_site_at timestamp with time zone,
    working_at timestamp with time zone,
    ended_at timestamp with time zone,
    working_since timestamp with time zone,
    worked_seconds integer,
    fact_device uuid,
    fact_seq bigint,
    fact_at timestamp with time zone,
    fixes_through bigint,
    verification text,
    verification_settled_at timestamp with time zone,
    visit_seconds integer,
    created_at timestamp with time zone NOT NULL,
    version integer DEFAULT 1 NOT NULL,
    CONSTRAINT assignment_check CHECK (((promised_from IS NULL) = (promised_until IS NULL))),
    CONSTRAINT assignment_check1 CHECK (((requested IS NULL) = (requested_at IS NULL))),
    CONSTRAINT assignment_check2 CHECK (((requested IS NULL) OR (state = ANY (ARRAY['dispatched'::text, 'accepted'::text, 'travelling'::text, 'on_site'::text, 'working'::text, 'paused'::text])))),
    CONSTRAINT assignment_check3 CHECK (((state = ANY (ARRAY['completed'::text, 'cannot_complete'::text, 'declined'::text, 'recalled'::text, 'cancelled'::text])) = (ended_at IS NOT NULL))),
    CONSTRAINT assignment_check4 CHECK (((state = ANY (ARRAY['cannot_complete'::text, 'declined'::text, 'cancelled'::text])) <= (reason IS NOT NULL))),
    CONSTRAINT assignment_check5 CHECK (((state = 'completed'::text) = (verification IS NOT NULL))),
    CONSTRAINT assignment_requested_check CHECK ((requested = ANY (ARRAY['recall'::text, 'cancel'::text]))),
    CONSTRAINT assignment_seconds_left_check CHECK ((seconds_left > 0)),
    CONSTRAINT assignment_slot_check CHECK ((slot >= 0)),
    CONSTRAINT assignment_state_check CHECK ((state = ANY (ARRAY['planned'::text, 'dispatched'::text, 'accepted'::text, 'travelling'::text, 'on_site'::text, 'working'::text, 'paused'::text, 'completed'::text, 'cannot_complete'::text, 'declined'::text, 'recalled'::text, 'cancelled'::text]))),
    CONSTRAINT assignment_verification_check CHECK ((verification = ANY (ARRAY['pending'::text, 'verified'::text, 'unverified'::text])))
);

-- Name: case_job; Type: TABLE; Schema: public; Owner: -

CREATE TABLE public.case_job (
    id uuid NOT NULL,
    case_id uuid NOT NULL,
    job_id uuid NOT NULL,
    cause text NOT NULL,
    joined_at timestamp with time zone NOT NULL,
    left_at timestamp with time zone,
    left_cause text,
    own_job jsonb,
    CONSTRAINT case_job_cause_check CHECK ((cause = ANY (ARRAY['policy'::text, 'dispatcher'::text, 'split'::text, 'follow_up'::text]))),
    CONSTRAINT case_job_check CHECK (((left_at IS NULL) = (left_cause IS NULL))),
    CONSTRAINT case_job_left_cause_check CHECK ((left_cause = ANY (ARRAY['split'::text, 'joined_other'::text, 'follow_up'::text, 'reopened'::text, 'job_cancelled'::text])))
);

-- Name: case_number; Type: SEQUENCE; Schema: public; Owner: -

CREATE SEQUENCE public.case_number
    AS integer
    START WITH 1
    INCREMENT BY 1
    NO MINVALUE
    NO MAXVALUE
    CACHE 1;

-- Name: cases; Type: TABLE; Schema: public; Owner: -

CREATE TABLE public.cases (
    id uuid NOT NULL,
    number text NOT NULL,
    source text NOT NULL,
    source_id text NOT NULL,
    organisation_id uuid NOT NULL,
    service_type text NOT NULL,
    place public.geometry(Point,4326),
    address text,
    road_point public.geometry(Point,4326),
    road_metres real,
    place_quality text NOT NULL,
    place_text text,
    area_ids uuid[] DEFAULT '{}'::uuid[] NOT NULL,
    reported_at timestamp with time zone NOT NULL,
    received_at timestamp with time zone NOT NULL,
    due_at timestamp with time zone,
    priority smallint NOT NULL,
    state text NOT NULL,
    decided text,
    decided_reason text,
    duplicate_of uuid,
    reopened_at timestamp with time zone,
    triaged_at timestamp with time zone,
    closed_at timestamp with time zone,
    source_status text,
    source_closed_at timestamp with time zone,
    source_updated_at timestamp with time zone,
    contact_id uuid,
    follow_token_hash text,
    version integer DEFAULT 1 NOT NULL,
    CONSTRAINT cases_check CHECK (((decided IS NULL) OR (state = decided))),
    CONSTRAINT cases_check1 CHECK ((((decided = 'duplicate'::text) = (duplicate_of IS NOT NULL)) OR (decided IS DISTINCT FROM 'duplicate'::text))),
    CONSTRAINT cases_check2 CHECK (((place_quality = 'on_road'::text) <= (road_point IS NOT NULL))),
    CONSTRAINT cases_decided_check CHECK ((decided = ANY (ARRAY['duplicate'::text, 'referred'::text, 'no_action'::text, 'cancelled'::text, 'on_hold'::text]))),
    CONSTRAINT cases_place_quality_check CHECK ((place_quality = ANY (ARRAY['on_road'::text, 'far_from_road'::text, 'outside_city'::text, 'none'::text]))),
    CONSTRAINT cases_priority_check CHECK (((priority >= 1) AND (priority <= 4))),
    CONSTRAINT cases_state_check CHECK ((state = ANY (ARRAY['received'::text, 'triaged'::text, 'scheduled'::text, 'in_progress'::text, 'on_hold'::text, 'resolved'::text, 'resolved_unverified'::text, 'duplicate'::text, 'referred'::text, 'no_action'::text, 'cancelled'::text, 'reopened'::text])))
);

-- Name: config_version; Type: TABLE; Schema: public; Owner: -

CREATE TABLE public.config_version (
    id uuid NOT NULL,
    hash text NOT NULL,
    content jsonb NOT NULL,
    loaded_at timestamp with time zone NOT NULL
);

-- Name: crew; Type: TABLE; Schema: public; Owner: -

CREATE TABLE public.crew (
    id uuid NOT NULL,
    number integer NOT NULL,
    code text NOT NULL,
    name text NOT NULL,
    organisation_id uuid NOT NULL,
    depot_id uuid,
    active boolean DEFAULT true NOT NULL,
    version integer DEFAULT 1 NOT NULL
);

-- Name: crew_number; Type: SEQUENCE; Schema: public; Owner: -

CREATE SEQUENCE public.crew_number
    AS integer
    START WITH 1
    INCREMENT BY 1
    NO MINVALUE
    NO MAXVALUE
    CACHE 1;

-- Name: crew_shift; Type: TABLE; Schema: public; Owner: -

CREATE TABLE public.crew_shift (
    id uuid NOT NULL,
    crew_id uuid NOT NULL,
    organisation_id uuid NOT NULL,
    service_day date NOT NULL,
    during tstzrange NOT NULL,
    start_place public.geometry(Point,4326) NOT NULL,
    end_place public.geometry(Point,4326),
    skills text[] DEFAULT '{}'::text[] NOT NULL,
    plant text[] DEFAULT '{}'::text[] NOT NULL,
    breaks jsonb DEFAULT '[]'::jsonb NOT NULL,
    overtime_allowed_seconds integer DEFAULT 0 NOT NULL,
    state text DEFAULT 'scheduled'::text NOT NULL,
    started_at timestamp with time zone,
    ended_at timestamp with time zone,
    order_version integer DEFAULT 1 NOT NULL,
    order_acknowledged integer DEFAULT 0 NOT NULL,
    version integer DEFAULT 1 NOT NULL,
    planning_version integer DEFAULT 1 NOT NULL,
    CONSTRAINT crew_shift_check CHECK (((state = 'ended'::text) = (ended_at IS NOT NULL))),
    CONSTRAINT crew_shift_during_check CHECK (((NOT isempty(during)) AND (NOT lower_inf(during)) AND (NOT upper_inf(during)))),
    CONSTRAINT crew_shift_overtime_allowed_seconds_check CHECK ((overtime_allowed_seconds >= 0)),
    CONSTRAINT crew_shift_state_check CHECK ((state = ANY (ARRAY['scheduled'::text, 'on_duty'::text, 'ended'::text])))
);

-- Name: delivery; Type: TABLE; Schema: public; Owner: -

CREATE TABLE public.delivery (
    reader text NOT NULL,
    seq bigint NOT NULL,
    key uuid NOT NULL,
    attempts integer DEFAULT 0 NOT NULL,
    not_before timestamp with time zone,
    last_error text
);

-- Name: depot; Type: TABLE; Schema: public; Owner: -

CREATE TABLE public.depot (
    id uuid NOT NULL,
    code text NOT NULL,
    name text NOT NULL,
    organisation_id uuid NOT NULL,
    place public.geometry(Point,4326) NOT NULL
);

-- Name: device; Type: TABLE; Schema: public; Owner: -

CREATE TABLE public.device (
    id uuid NOT NULL,
    kind text NOT NULL,
    label text NOT NULL,
    token_hash text,
    enrolled_at timestamp with time zone NOT NULL,
    revoked_at timestamp with time zone,
    CONSTRAINT device_kind_check CHECK ((kind = ANY (ARRAY['crew_phone'::text, 'tracker'::text])))
);

-- Name: device_binding; Type: TABLE; Schema: public; Owner: -

CREATE TABLE public.device_binding (
    id uuid NOT NULL,
    device_id uuid NOT NULL,
    vehicle_id uuid NOT NULL,
    during tstzrange NOT NULL,
    CONSTRAINT device_binding_during_check CHECK ((NOT isempty(during)))
);

-- Name: device_seen; Type: TABLE; Schema: public; Owner: -

CREATE UNLOGGED TABLE public.device_seen (
    device_id uuid NOT NULL,
    last_seq bigint DEFAULT 0 NOT NULL,
    last_seen_at timestamp with time zone NOT NULL
)
WITH (fillfactor='50');

-- Name: enrolment_code; Type: TABLE; Schema: public; Owner: -

CREATE TABLE public.enrolment_code (
    code_hash text NOT NULL,
    vehicle_id uuid,
    label text NOT NULL,
    issued_by uuid,
    expires_at timestamp with time zone NOT NULL,
    used_at timestamp with time zone
);

-- Name: event; Type: TABLE; Schema: public; Owner: -

CREATE TABLE public.event (
    seq bigint NOT NULL,
    type text NOT NULL,
    at timestamp with time zone NOT NULL,
    received_at timestamp with time zone NOT NULL,
    actor_device uuid,
    actor_account uuid,
    actor_role text NOT NULL,
    action_id uuid,
    case_id uuid,
    job_id uuid,
    assignment_id uuid,
    shift_id uuid,
    plan_id uuid,
    organisation_id uuid,
    config_version_id uuid,
    body jsonb NOT NULL
);

-- Name: event_counter; Type: TABLE; Schema: public; Owner: -

CREATE TABLE public.event_counter (
    only_row boolean DEFAULT true NOT NULL,
    last_seq bigint NOT NULL,
    CONSTRAINT event_counter_only_row_check CHECK (only_row)
);

-- Name: fix; Type: TABLE; Schema: public; Owner: -

CREATE TABLE public.fix (
    device_id uuid NOT NULL,
    fix_time timestamp with time zone NOT NULL,
    device_seq bigint NOT NULL,
    vehicle_id uuid,
    lon double precision NOT NULL,
    lat double precision NOT NULL,
    accuracy_metres real,
    speed_mps real,
    heading_degrees real,
    source text NOT NULL,
    corrected_time timestamp with time zone NOT NULL,
    received_at timestamp with time zone NOT NULL,
    flags integer DEFAULT 0 NOT NULL
)
PARTITION BY RANGE (fix_time);

-- Name: fix_compacting; Type: TABLE; Schema: public; Owner: -

CREATE TABLE public.fix_compacting (
    device_id uuid NOT NULL,
    fix_time timestamp with time zone NOT NULL,
    device_seq bigint NOT NULL,
    vehicle_id uuid,
    lon double precision NOT NULL,
    lat double precision NOT NULL,
    accuracy_metres real,
    speed_mps real,
    heading_degrees real,
    source text NOT NULL,
    corrected_time timestamp with time zone NOT NULL,
    received_at timestamp with time zone NOT NULL,
    flags integer DEFAULT 0 NOT NULL
);

-- Name: fix_default; Type: TABLE; Schema: public; Owner: -

CREATE TABLE public.fix_default (
    device_id uuid NOT NULL,
    fix_time timestamp with time zone NOT NULL,
    device_seq bigint NOT NULL,
    vehicle_id uuid,
    lon double precision NOT NULL,
    lat double precision NOT NULL,
    accuracy_metres real,
    speed_mps real,
    heading_degrees real,
    source text NOT NULL,
    corrected_time timestamp with time zone NOT NULL,
    received_at timestamp with time zone NOT NULL,
    flags integer DEFAULT 0 NOT NULL
);

-- Name: fix_kept; Type: VIEW; Schema: public; Owner: -

CREATE VIEW public.fix_kept AS
 SELECT fix.device_id,
    fix.fix_time,
    fix.device_seq,
    fix.vehicle_id,
    fix.lon,
    fix.lat,
    fix.accuracy_metres,
    fix.speed_mps,
    fix.heading_degrees,
    fix.source,
    fix.corrected_time,
    fix.received_at,
    fix.flags
   FROM public.fix
UNION ALL
 SELECT fix_compacting.device_id,
    fix_compacting.fix_time,
    fix_compacting.device_seq,
    fix_compacting.vehicle_id,
    fix_compacting.lon,
    fix_compacting.lat,
    fix_compacting.accuracy_metres,
    fix_compacting.speed_mps,
    fix_compacting.heading_degrees,
    fix_compacting.source,
    fix_compacting.corrected_time,
    fix_compacting.received_at,
    fix_compacting.flags
   FROM public.fix_compacting;

-- Name: import_run; Type: TABLE; Schema: public; Owner: -

CREATE TABLE public.import_run (
    id uuid NOT NULL,
    source text NOT NULL,
    file_name text NOT NULL,
    started_at timestamp with time zone NOT NULL,
    ended_at timestamp with time zone,
    rows_read integer DEFAULT 0 NOT NULL,
    rows_new integer DEFAULT 0 NOT NULL,
    rows_updated integer DEFAULT 0 NOT NULL,
    rows_unchanged integer DEFAULT 0 NOT NULL,
    rows_refused integer DEFAULT 0 NOT NULL
);

-- Name: job; Type: TABLE; Schema: public; Owner: -

CREATE TABLE public.job (
    id uuid NOT NULL,
    number integer NOT NULL,
    organisation_id uuid NOT NULL,
    job_type text NOT NULL,
    title text NOT NULL,
    place public.geometry(Point,4326) NOT NULL,
    road_point public.geometry(Point,4326) NOT NULL,
    place_text text,
    area_ids uuid[] DEFAULT '{}'::uuid[] NOT NULL,
    service_seconds integer NOT NULL,
    slots jsonb NOT NULL,
    windows jsonb DEFAULT '[]'::jsonb NOT NULL,
    due_at timestamp with time zone,
    release_at timestamp with time zone NOT NULL,
    priority smallint NOT NULL,
    emergency boolean DEFAULT false NOT NULL,
    proof text[] DEFAULT '{}'::text[] NOT NULL,
    follow_up_of uuid,
    follow_up_reason text,
    state text NOT NULL,
    decided text,
    decided_reason text,
    created_at timestamp with time zone NOT NULL,
    ended_at timestamp with time zone,
    version integer DEFAULT 1 NOT NULL,
    planning_version integer DEFAULT 1 NOT NULL,
    CONSTRAINT job_check CHECK (((decided IS NULL) OR (state = decided))),
    CONSTRAINT job_decided_check CHECK ((decided = ANY (ARRAY['draft'::text, 'on_hold'::text, 'cancelled'::text]))),
    CONSTRAINT job_priority_check CHECK (((priority >= 1) AND (priority <= 4))),
    CONSTRAINT job_service_seconds_check CHECK ((service_seconds > 0)),
    CONSTRAINT job_slots_check CHECK (((jsonb_typeof(slots) = 'array'::text) AND ((jsonb_array_length(slots) >= 1) AND (jsonb_array_length(slots) <= 4)))),
    CONSTRAINT job_state_check CHECK ((state = ANY (ARRAY['draft'::text, 'ready'::text, 'planned'::text, 'dispatched'::text, 'under_way'::text, 'on_hold'::text, 'completed'::text, 'cannot_complete'::text, 'cancelled'::text])))
);

-- Name: job_number; Type: SEQUENCE; Schema: public; Owner: -

CREATE SEQUENCE public.job_number
    AS integer
    START WITH 1001
    INCREMENT BY 1
    NO MINVALUE
    NO MAXVALUE
    CACHE 1;

-- Name: job_order; Type: TABLE; Schema: public; Owner: -

CREATE TABLE public.job_order (
    earlier_job_id uuid NOT NULL,
    later_job_id uuid NOT NULL,
    least_lag_seconds integer DEFAULT 0 NOT NULL,
    most_lag_seconds integer,
    CONSTRAINT job_order_check CHECK ((earlier_job_id <> later_job_id)),
    CONSTRAINT job_order_check1 CHECK (((most_lag_seconds IS NULL) OR (most_lag_seconds >= least_lag_seconds)))
);

-- Name: movement; Type: TABLE; Schema: public; Owner: -

CREATE TABLE public.movement (
    shift_id uuid NOT NULL,
    vehicle_id uuid NOT NULL,
    kind text NOT NULL,
    subject text NOT NULL,
    since timestamp with time zone NOT NULL,
    until timestamp with time zone,
    facts jsonb NOT NULL,
    CONSTRAINT movement_check CHECK ((until >= since)),
    CONSTRAINT movement_kind_check CHECK ((kind = ANY (ARRAY['fence'::text, 'long_stop'::text, 'off_way'::text, 'silent'::text, 'speeding'::text, 'panic'::text])))
)
WITH (fillfactor='70');

-- Name: notification; Type: TABLE; Schema: public; Owner: -

CREATE TABLE public.notification (
    id uuid NOT NULL,
    case_id uuid NOT NULL,
    event_seq bigint NOT NULL,
    channel text NOT NULL,
    message text NOT NULL,
    params jsonb DEFAULT '{}'::jsonb NOT NULL,
    made_at timestamp with time zone NOT NULL,
    state text NOT NULL,
    CONSTRAINT notification_channel_check CHECK ((channel = ANY (ARRAY['page'::text, 'mail'::text, 'text'::text, 'webhook'::text]))),
    CONSTRAINT notification_state_check CHECK ((state = ANY (ARRAY['shown'::text, 'waiting'::text, 'sent'::text, 'failed'::text])))
);

-- Name: organisation; Type: TABLE; Schema: public; Owner: -

CREATE TABLE public.organisation (
    id uuid NOT NULL,
    code text NOT NULL,
    name text NOT NULL
);

-- Name: override; Type: TABLE; Schema: public; Owner: -

CREATE TABLE public.override (
    action_id uuid NOT NULL,
    at timestamp with time zone NOT NULL,
    kind text NOT NULL,
    against text NOT NULL,
    plan_id uuid,
    job_id uuid NOT NULL,
    slot smallint NOT NULL,
    assignment_id uuid NOT NULL,
    from_shift_id uuid,
    to_shift_id uuid,
    start_at timestamp with time zone,
    reason text,
    price bigint,
    CONSTRAINT override_against_check CHECK ((against = ANY (ARRAY['plan'::text, 'left_out'::text, 'by_hand'::text, 'nothing'::text]))),
    CONSTRAINT override_check CHECK ((((against = 'nothing'::text) = (plan_id IS NULL)) OR (against = 'by_hand'::text))),
    CONSTRAINT override_check1 CHECK (((from_shift_id IS NOT NULL) OR (to_shift_id IS NOT NULL))),
    CONSTRAINT override_kind_check CHECK ((kind = ANY (ARRAY['give'::text, 'move'::text, 'reorder'::text, 'take_off'::text, 'lock'::text])))
);

-- Name: person; Type: TABLE; Schema: public; Owner: -

CREATE TABLE public.person (
    id uuid NOT NULL,
    code text NOT NULL,
    organisation_id uuid NOT NULL,
    account_id uuid,
    skills text[] DEFAULT '{}'::text[] NOT NULL,
    active boolean DEFAULT true NOT NULL
);

-- Name: plan; Type: TABLE; Schema: public; Owner: -

CREATE TABLE public.plan (
    id uuid NOT NULL,
    service_day date NOT NULL,
    state text NOT NULL,
    requested_by uuid,
    requested_at timestamp with time zone NOT NULL,
    made_at timestamp with time zone NOT NULL,
    published_at timestamp with time zone,
    discarded_at timestamp with time zone,
    seed bigint NOT NULL,
    iterations integer NOT NULL,
    engine text NOT NULL,
    config_version_id uuid NOT NULL,
    roads_version text NOT NULL,
    roads_source text NOT NULL,
    problem bytea NOT NULL,
    problem_hash text NOT NULL,
    saw jsonb NOT NULL,
    result jsonb NOT NULL,
    cost jsonb NOT NULL,
    bound bigint,
    lp jsonb NOT NULL,
    CONSTRAINT plan_check CHECK (((state = 'published'::text) <= (published_at IS NOT NULL))),
    CONSTRAINT plan_roads_source_check CHECK ((roads_source = ANY (ARRAY['osrm'::text, 'estimate'::text]))),
    CONSTRAINT plan_state_check CHECK ((state = ANY (ARRAY['draft'::text, 'published'::text, 'superseded'::text, 'discarded'::text])))
);

-- Name: plan_certificate; Type: TABLE; Schema: public; Owner: -

CREATE TABLE public.plan_certificate (
    plan_id uuid NOT NULL,
    certificate jsonb NOT NULL,
    bound bigint NOT NULL,
    kind text NOT NULL,
    verified boolean NOT NULL,
    seconds real NOT NULL,
    made_at timestamp with time zone NOT NULL,
    refusals text[] DEFAULT '{}'::text[] NOT NULL,
    passes integer,
    routes integer,
    better jsonb,
    better_plan_id uuid,
    CONSTRAINT plan_certificate_kind_check CHECK ((kind = ANY (ARRAY['routes'::text, 'arrivals'::text]))),
    CONSTRAINT plan_certificate_passes_check CHECK ((passes >= 0)),
    CONSTRAINT plan_certificate_routes_check CHECK ((routes >= 0)),
    CONSTRAINT plan_certificate_seconds_check CHECK ((seconds >= (0)::double precision))
);

-- Name: plan_part; Type: TABLE; Schema: public; Owner: -

CREATE TABLE public.plan_part (
    request_id uuid NOT NULL,
    part smallint NOT NULL,
    fence bigint NOT NULL,
    state text DEFAULT 'waiting'::text NOT NULL,
    taking integer DEFAULT 0 NOT NULL,
    leased_by text,
    lease_until timestamp with time zone,
    limits jsonb NOT NULL,
    problem bytea NOT NULL,
    problem_hash text NOT NULL,
    answer jsonb,
    failure text,
    CONSTRAINT plan_part_state_check CHECK ((state = ANY (ARRAY['waiting'::text, 'running'::text, 'made'::text, 'failed'::text])))
);

-- Name: plan_request; Type: TABLE; Schema: public; Owner: -

CREATE TABLE public.plan_request (
    id uuid NOT NULL,
    state text NOT NULL,
    service_day date NOT NULL,
    requested_by uuid,
    requested_at timestamp with time zone NOT NULL,
    reason text NOT NULL,
    options jsonb DEFAULT '{}'::jsonb NOT NULL,
    plan_id uuid,
    failure text,
    ended_at timestamp with time zone,
    runs_in text DEFAULT 'server'::text NOT NULL,
    requested_role text DEFAULT 'system'::text NOT NULL,
    leased_by text,
    lease_until timestamp with time zone,
    fence bigint DEFAULT 0 NOT NULL,
    lapses smallint DEFAULT 0 NOT NULL,
    finish_early boolean DEFAULT false NOT NULL,
    progress jsonb,
    CONSTRAINT plan_request_runs_in_check CHECK ((runs_in = ANY (ARRAY['queue'::text, 'server'::text]))),
    CONSTRAINT plan_request_state_check CHECK ((state = ANY (ARRAY['waiting'::text, 'running'::text, 'made'::text, 'failed'::text, 'cancelled'::text])))
);

-- Name: plant_item; Type: TABLE; Schema: public; Owner: -

CREATE TABLE public.plant_item (
    id uuid NOT NULL,
    code text NOT NULL,
    organisation_id uuid NOT NULL,
    kind text NOT NULL,
    active boolean DEFAULT true NOT NULL
);

-- Name: question; Type: TABLE; Schema: public; Owner: -

CREATE TABLE public.question (
    id uuid NOT NULL,
    kind text NOT NULL,
    job_id uuid,
    assignment_id uuid,
    shift_id uuid,
    case_id uuid,
    asked_at timestamp with time zone NOT NULL,
    body jsonb NOT NULL,
    answered_at timestamp with time zone,
    answered_by uuid,
    answer text,
    CONSTRAINT question_check CHECK (((answered_at IS NULL) = (answer IS NULL)))
);

-- Name: session; Type: TABLE; Schema: public; Owner: -

CREATE TABLE public.session (
    token_hash text NOT NULL,
    id uuid NOT NULL,
    account_id uuid NOT NULL,
    created_at timestamp with time zone NOT NULL,
    expires_at timestamp with time zone NOT NULL,
    revoked_at timestamp with time zone
);

-- Name: shift_member; Type: TABLE; Schema: public; Owner: -

CREATE TABLE public.shift_member (
    id uuid NOT NULL,
    shift_id uuid NOT NULL,
    kind text NOT NULL,
    resource_id uuid NOT NULL,
    during tstzrange NOT NULL,
    CONSTRAINT shift_member_during_check CHECK ((NOT isempty(during))),
    CONSTRAINT shift_member_kind_check CHECK ((kind = ANY (ARRAY['person'::text, 'vehicle'::text, 'plant'::text])))
);

-- Name: sign_in_link; Type: TABLE; Schema: public; Owner: -

CREATE TABLE public.sign_in_link (
    token_hash text NOT NULL,
    account_id uuid NOT NULL,
    expires_at timestamp with time zone NOT NULL,
    used_at timestamp with time zone
);

-- Name: timer; Type: TABLE; Schema: public; Owner: -

CREATE TABLE public.timer (
    id uuid NOT NULL,
    kind text NOT NULL,
    due_at timestamp with time zone NOT NULL,
    subject_id uuid NOT NULL,
    body jsonb DEFAULT '{}'::jsonb NOT NULL,
    done_at timestamp with time zone,
    attempts integer DEFAULT 0 NOT NULL,
    last_error text
);

-- Name: track_segment; Type: TABLE; Schema: public; Owner: -

CREATE TABLE public.track_segment (
    device_id uuid NOT NULL,
    from_time timestamp with time zone NOT NULL,
    id uuid DEFAULT gen_random_uuid() NOT NULL,
    vehicle_id uuid,
    source text NOT NULL,
    until_time timestamp with time zone NOT NULL,
    points integer NOT NULL,
    last_seq bigint NOT NULL,
    line public.geometry(LineString,4326),
    body bytea NOT NULL,
    CONSTRAINT track_segment_check CHECK (((until_time >= from_time) AND (until_time < (from_time + '01:01:00'::interval)))),
    CONSTRAINT track_segment_points_check CHECK ((points > 0))
)
PARTITION BY RANGE (from_time);
ALTER TABLE ONLY public.track_segment ALTER COLUMN body SET STORAGE EXTERNAL;

-- Name: track_segment_default; Type: TABLE; Schema: public; Owner: -

CREATE TABLE public.track_segment_default (
    device_id uuid NOT NULL,
    from_time timestamp with time zone NOT NULL,
    id uuid DEFAULT gen_random_uuid() NOT NULL,
    vehicle_id uuid,
    source text NOT NULL,
    until_time timestamp with time zone NOT NULL,
    points integer NOT NULL,
    last_seq bigint NOT NULL,
    line public.geometry(LineString,4326),
    body bytea NOT NULL,
    CONSTRAINT track_segment_check CHECK (((until_time >= from_time) AND (until_time < (from_time + '01:01:00'::interval)))),
    CONSTRAINT track_segment_points_check CHECK ((points > 0))
);
ALTER TABLE ONLY public.track_segment_default ALTER COLUMN body SET STORAGE EXTERNAL;

-- Name: track_snapped; Type: TABLE; Schema: public; Owner: -

CREATE TABLE public.track_snapped (
    segment_id uuid NOT NULL,
    vehicle_id uuid,
    from_time timestamp with time zone NOT NULL,
    until_time timestamp with time zone NOT NULL,
    road_version text NOT NULL,
    matched_points integer NOT NULL,
    lines text[] NOT NULL,
    made_at timestamp with time zone NOT NULL
);

-- Name: tracker; Type: TABLE; Schema: public; Owner: -

CREATE TABLE public.tracker (
    device_id uuid NOT NULL,
    protocol text NOT NULL,
    tracker_id text NOT NULL,
    secret_hash text,
    ended_at timestamp with time zone,
    CONSTRAINT tracker_protocol_check CHECK ((protocol = ANY (ARRAY['osmand'::text, 'owntracks'::text, 'traccar'::text])))
);

-- Name: tracker_seen; Type: TABLE; Schema: public; Owner: -

CREATE UNLOGGED TABLE public.tracker_seen (
    protocol text NOT NULL,
    tracker_id text NOT NULL,
    reason text NOT NULL,
    organisation_id uuid,
    first_seen_at timestamp with time zone NOT NULL,
    last_seen_at timestamp with time zone NOT NULL,
    seen_count bigint NOT NULL,
    lon double precision,
    lat double precision,
    CONSTRAINT tracker_seen_protocol_check CHECK ((protocol = ANY (ARRAY['osmand'::text, 'owntracks'::text, 'traccar'::text]))),
    CONSTRAINT tracker_seen_reason_check CHECK ((reason = ANY (ARRAY['unknown'::text, 'wrong_key'::text])))
);

-- Name: undo_number; Type: SEQUENCE; Schema: public; Owner: -

CREATE SEQUENCE public.undo_number
    START WITH 1
    INCREMENT BY 1
    NO MINVALUE
    NO MAXVALUE
    CACHE 1;

-- Name: vehicle; Type: TABLE; Schema: public; Owner: -

CREATE TABLE public.vehicle (
    id uuid NOT NULL,
    code text NOT NULL,
    organisation_id uuid NOT NULL,
    kind text NOT NULL,
    depot_id uuid,
    skills text[] DEFAULT '{}'::text[] NOT NULL,
    plant text[] DEFAULT '{}'::text[] NOT NULL,
    active boolean DEFAULT true NOT NULL
);

-- Name: vehicle_day; Type: TABLE; Schema: public; Owner: -

CREATE TABLE public.vehicle_day (
    vehicle_id uuid NOT NULL,
    day date NOT NULL,
    device_id uuid NOT NULL,
    fixes integer NOT NULL,
    driven_metres integer NOT NULL,
    moving_seconds integer NOT NULL,
    first_at timestamp with time zone NOT NULL,
    last_at timestamp with time zone NOT NULL
);

-- Name: vehicle_position; Type: TABLE; Schema: public; Owner: -

CREATE UNLOGGED TABLE public.vehicle_position (
    vehicle_id uuid NOT NULL,
    device_id uuid NOT NULL,
    device_seq bigint NOT NULL,
    fix_time timestamp with time zone NOT NULL,
    received_at timestamp with time zone NOT NULL,
    lon double precision NOT NULL,
    lat double precision NOT NULL,
    accuracy_metres real,
    speed_mps real,
    heading_degrees real,
    source text NOT NULL
)
WITH (fillfactor='50');

-- Name: fix_default; Type: TABLE ATTACH; Schema: public; Owner: -

ALTER TABLE ONLY public.fix ATTACH PARTITION public.fix_default DEFAULT;

-- Name: track_segment_default; Type: TABLE ATTACH; Schema: public; Owner: -

ALTER TABLE ONLY public.track_segment ATTACH PARTITION public.track_segment_default DEFAULT;

-- Name: case_words case_words_pkey; Type: CONSTRAINT; Schema: private; Owner: -

ALTER TABLE ONLY private.case_words
    ADD CONSTRAINT case_words_pkey PRIMARY KEY (case_id);

-- Name: contact contact_pkey; Type: CONSTRAINT; Schema: private; Owner: -

ALTER TABLE ONLY private.contact
    ADD CONSTRAINT contact_pkey PRIMARY KEY (id);

-- Name: field_note field_note_pkey; Type: CONSTRAINT; Schema: private; Owner: -

ALTER TABLE ONLY private.field_note
    ADD CONSTRAINT field_note_pkey PRIMARY KEY (assignment_id);

-- Name: read_log read_log_pkey; Type: CONSTRAINT; Schema: private; Owner: -

ALTER TABLE ONLY private.read_log
    ADD CONSTRAINT read_log_pkey PRIMARY KEY (id);

-- Name: account account_api_key_hash_key; Type: CONSTRAINT; Schema: public; Owner: -

ALTER TABLE ONLY public.account
    ADD CONSTRAINT account_api_key_hash_key UNIQUE (api_key_hash);

-- Name: account account_login_key; Type: CONSTRAINT; Schema: public; Owner: -

ALTER TABLE ONLY public.account
    ADD CONSTRAINT account_login_key UNIQUE (login);

-- Name: account account_pkey; Type: CONSTRAINT; Schema: public; Owner: -

ALTER TABLE ONLY public.account
    ADD CONSTRAINT account_pkey PRIMARY KEY (id);

-- Name: action action_pkey; Type: CONSTRAINT; Schema: public; Owner: -

ALTER TABLE ONLY public.action
    ADD CONSTRAINT action_pkey PRIMARY KEY (id);

-- Name: area area_kind_code_key; Type: CONSTRAINT; Schema: public; Owner: -

ALTER TABLE ONLY public.area
    ADD CONSTRAINT area_kind_code_key UNIQUE (kind, code);

-- Name: area area_pkey; Type: CONSTRAINT; Schema: public; Owner: -

ALTER TABLE ONLY public.area
    ADD CONSTRAINT area_pkey PRIMARY KEY (id);

-- Name: assignment assignment_pkey; Type: CONSTRAINT; Schema: public; Owner: -

ALTER TABLE ONLY public.assignment
    ADD CONSTRAINT assignment_pkey PRIMARY KEY (id);

-- Name: case_job case_job_pkey; Type: CONSTRAINT; Schema: public; Owner: -

ALTER TABLE ONLY public.case_job
    ADD CONSTRAINT case_job_pkey PRIMARY KEY (id);

-- Name: cases cases_follow_token_hash_key; Type: CONSTRAINT; Schema: public; Owner: -

ALTER TABLE ONLY public.cases
    ADD CONSTRAINT cases_follow_token_hash_key UNIQUE (follow_token_hash);

-- Name: cases cases_number_key; Type: CONSTRAINT; Schema: public; Owner: -

ALTER TABLE ONLY public.cases
    ADD CONSTRAINT cases_number_key UNIQUE (number);

-- Name: cases cases_pkey; Type: CONSTRAINT; Schema: public; Owner: -

ALTER TABLE ONLY public.cases
    ADD CONSTRAINT cases_pkey PRIMARY KEY (id);

-- Name: cases cases_source_source_id_key; Type: CONSTRAINT; Schema: public; Owner: -

ALTER TABLE ONLY public.cases
    ADD CONSTRAINT cases_source_source_id_key UNIQUE (source, source_id);

-- Name: config_version config_version_hash_key; Type: CONSTRAINT; Schema: public; Owner: -

ALTER TABLE ONLY public.config_version
    ADD CONSTRAINT config_version_hash_key UNIQUE (hash);

-- Name: config_version config_version_pkey; Type: CONSTRAINT; Schema: public; Owner: -

ALTER TABLE ONLY public.config_version
    ADD CONSTRAINT config_version_pkey PRIMARY KEY (id);

-- Name: crew crew_code_key; Type: CONSTRAINT; Schema: public; Owner: -

ALTER TABLE ONLY public.crew
    ADD CONSTRAINT crew_code_key UNIQUE (code);

-- Name: crew crew_number_key; Type: CONSTRAINT; Schema: public; Owner: -

ALTER TABLE ONLY public.crew
    ADD CONSTRAINT crew_number_key UNIQUE (number);

-- Name: crew crew_pkey; Type: CONSTRAINT; Schema: public; Owner: -

ALTER TABLE ONLY public.crew
    ADD CONSTRAINT crew_pkey PRIMARY KEY (id);

-- Name: crew_shift crew_shift_crew_id_during_excl; Type: CONSTRAINT; Schema: public; Owner: -

ALTER TABLE ONLY public.crew_shift
    ADD CONSTRAINT crew_shift_crew_id_during_excl EXCLUDE USING gist (crew_id WITH =, during WITH &&);

-- Name: crew_shift crew_shift_pkey; Type: CONSTRAINT; Schema: public; Owner: -

ALTER TABLE ONLY public.crew_shift
    ADD CONSTRAINT crew_shift_pkey PRIMARY KEY (id);

-- Name: delivery delivery_pkey; Type: CONSTRAINT; Schema: public; Owner: -

ALTER TABLE ONLY public.delivery
    ADD CONSTRAINT delivery_pkey PRIMARY KEY (reader, seq);

-- Name: depot depot_code_key; Type: CONSTRAINT; Schema: public; Owner: -

ALTER TABLE ONLY public.depot
    ADD CONSTRAINT depot_code_key UNIQUE (code);

-- Name: depot depot_pkey; Type: CONSTRAINT; Schema: public; Owner: -

ALTER TABLE ONLY public.depot
    ADD CONSTRAINT depot_pkey PRIMARY KEY (id);

-- Name: device_binding device_binding_device_id_during_excl; Type: CONSTRAINT; Schema: public; Owner: -

ALTER TABLE ONLY public.device_binding
    ADD CONSTRAINT device_binding_device_id_during_excl EXCLUDE USING gist (device_id WITH =, during WITH &&);

-- Name: device_binding device_binding_pkey; Type: CONSTRAINT; Schema: public; Owner: -

ALTER TABLE ONLY public.device_binding
    ADD CONSTRAINT device_binding_pkey PRIMARY KEY (id);

-- Name: device device_pkey; Type: CONSTRAINT; Schema: public; Owner: -

ALTER TABLE ONLY public.device
    ADD CONSTRAINT device_pkey PRIMARY KEY (id);

-- Name: device_seen device_seen_pkey; Type: CONSTRAINT; Schema: public; Owner: -

ALTER TABLE ONLY public.device_seen
    ADD CONSTRAINT device_seen_pkey PRIMARY KEY (device_id);

-- Name: device device_token_hash_key; Type: CONSTRAINT; Schema: public; Owner: -

ALTER TABLE ONLY public.device
    ADD CONSTRAINT device_token_hash_key UNIQUE (token_hash);

-- Name: enrolment_code enrolment_code_pkey; Type: CONSTRAINT; Schema: public; Owner: -

ALTER TABLE ONLY public.enrolment_code
    ADD CONSTRAINT enrolment_code_pkey PRIMARY KEY (code_hash);

-- Name: event_counter event_counter_pkey; Type: CONSTRAINT; Schema: public; Owner: -

ALTER TABLE ONLY public.event_counter
    ADD CONSTRAINT event_counter_pkey PRIMARY KEY (only_row);

-- Name: event event_pkey; Type: CONSTRAINT; Schema: public; Owner: -

ALTER TABLE ONLY public.event
    ADD CONSTRAINT event_pkey PRIMARY KEY (seq);

-- Name: fix fix_pkey; Type: CONSTRAINT; Schema: public; Owner: -

ALTER TABLE ONLY public.fix
    ADD CONSTRAINT fix_pkey PRIMARY KEY (device_id, fix_time, device_seq);

-- Name: fix_default fix_default_pkey; Type: CONSTRAINT; Schema: public; Owner: -

ALTER TABLE ONLY public.fix_default
    ADD CONSTRAINT fix_default_pkey PRIMARY KEY (device_id, fix_time, device_seq);

-- Name: import_run import_run_pkey; Type: CONSTRAINT; Schema: public; Owner: -

ALTER TABLE ONLY public.import_run
    ADD CONSTRAINT import_run_pkey PRIMARY KEY (id);

-- Name: job job_number_key; Type: CONSTRAINT; Schema: public; Owner: -

ALTER TABLE ONLY public.job
    ADD CONSTRAINT job_number_key UNIQUE (number);

-- Name: job_order job_order_pkey; Type: CONSTRAINT; Schema: public; Owner: -

ALTER TABLE ONLY public.job_order
    ADD CONSTRAINT job_order_pkey PRIMARY KEY (earlier_job_id, later_job_id);

-- Name: job job_pkey; Type: CONSTRAINT; Schema: public; Owner: -

ALTER TABLE ONLY public.job
    ADD CONSTRAINT job_pkey PRIMARY KEY (id);

-- Name: movement movement_pkey; Type: CONSTRAINT; Schema: public; Owner: -

ALTER TABLE ONLY public.movement
    ADD CONSTRAINT movement_pkey PRIMARY KEY (shift_id, vehicle_id, kind, subject);

-- Name: notification notification_case_id_event_seq_channel_key; Type: CONSTRAINT; Schema: public; Owner: -

ALTER TABLE ONLY public.notification
    ADD CONSTRAINT notification_case_id_event_seq_channel_key UNIQUE (case_id, event_seq, channel);

-- Name: notification notification_pkey; Type: CONSTRAINT; Schema: public; Owner: -

ALTER TABLE ONLY public.notification
    ADD CONSTRAINT notification_pkey PRIMARY KEY (id);

-- Name: organisation organisation_code_key; Type: CONSTRAINT; Schema: public; Owner: -

ALTER TABLE ONLY public.organisation
    ADD CONSTRAINT organisation_code_key UNIQUE (code);

-- Name: organisation organisation_pkey; Type: CONSTRAINT; Schema: public; Owner: -

ALTER TABLE ONLY public.organisation
    ADD CONSTRAINT organisation_pkey PRIMARY KEY (id);

-- Name: override override_pkey; Type: CONSTRAINT; Schema: public; Owner: -

ALTER TABLE ONLY public.override
    ADD CONSTRAINT override_pkey PRIMARY KEY (action_id);

-- Name: person person_code_key; Type: CONSTRAINT; Schema: public; Owner: -

ALTER TABLE ONLY public.person
    ADD CONSTRAINT person_code_key UNIQUE (code);

-- Name: person person_pkey; Type: CONSTRAINT; Schema: public; Owner: -

ALTER TABLE ONLY public.person
    ADD CONSTRAINT person_pkey PRIMARY KEY (id);

-- Name: plan_certificate plan_certificate_pkey; Type: CONSTRAINT; Schema: public; Owner: -

ALTER TABLE ONLY public.plan_certificate
    ADD CONSTRAINT plan_certificate_pkey PRIMARY KEY (plan_id);

-- Name: plan_part plan_part_pkey; Type: CONSTRAINT; Schema: public; Owner: -

ALTER TABLE ONLY public.plan_part
    ADD CONSTRAINT plan_part_pkey PRIMARY KEY (request_id, part);

-- Name: plan plan_pkey; Type: CONSTRAINT; Schema: public; Owner: -

ALTER TABLE ONLY public.plan
    ADD CONSTRAINT plan_pkey PRIMARY KEY (id);

-- Name: plan_request plan_request_pkey; Type: CONSTRAINT; Schema: public; Owner: -

ALTER TABLE ONLY public.plan_request
    ADD CONSTRAINT plan_request_pkey PRIMARY KEY (id);

-- Name: plant_item plant_item_code_key; Type: CONSTRAINT; Schema: public; Owner: -

ALTER TABLE ONLY public.plant_item
    ADD CONSTRAINT plant_item_code_key UNIQUE (code);

-- Name: plant_item plant_item_pkey; Type: CONSTRAINT; Schema: public; Owner: -

ALTER TABLE ONLY public.plant_item
    ADD CONSTRAINT plant_item_pkey PRIMARY KEY (id);

-- Name: question question_pkey; Type: CONSTRAINT; Schema: public; Owner: -

ALTER TABLE ONLY public.question
    ADD CONSTRAINT question_pkey PRIMARY KEY (id);

-- Name: session session_id_key; Type: CONSTRAINT; Schema: public; Owner: -

ALTER TABLE ONLY public.session
    ADD CONSTRAINT session_id_key UNIQUE (id);

-- Name: session session_pkey; Type: CONSTRAINT; Schema: public; Owner: -

ALTER TABLE ONLY public.session
    ADD CONSTRAINT session_pkey PRIMARY KEY (token_hash);

-- Name: shift_member shift_member_pkey; Type: CONSTRAINT; Schema: public; Owner: -

ALTER TABLE ONLY public.shift_member
    ADD CONSTRAINT shift_member_pkey PRIMARY KEY (id);

-- Name: shift_member shift_member_resource_id_during_excl; Type: CONSTRAINT; Schema: public; Owner: -

ALTER TABLE ONLY public.shift_member
    ADD CONSTRAINT shift_member_resource_id_during_excl EXCLUDE USING gist (resource_id WITH =, during WITH &&);

-- Name: sign_in_link sign_in_link_pkey; Type: CONSTRAINT; Schema: public; Owner: -

ALTER TABLE ONLY public.sign_in_link
    ADD CONSTRAINT sign_in_link_pkey PRIMARY KEY (token_hash);

-- Name: timer timer_pkey; Type: CONSTRAINT; Schema: public; Owner: -

ALTER TABLE ONLY public.timer
    ADD CONSTRAINT timer_pkey PRIMARY KEY (id);

-- Name: track_segment track_segment_pkey; Type: CONSTRAINT; Schema: public; Owner: -

ALTER TABLE ONLY public.track_segment
    ADD CONSTRAINT track_segment_pkey PRIMARY KEY (device_id, from_time, id);

-- Name: track_segment_default track_segment_default_pkey; Type: CONSTRAINT; Schema: public; Owner: -

ALTER TABLE ONLY public.track_segment_default
    ADD CONSTRAINT track_segment_default_pkey PRIMARY KEY (device_id, from_time, id);

-- Name: track_snapped track_snapped_pkey; Type: CONSTRAINT; Schema: public; Owner: -

ALTER TABLE ONLY public.track_snapped
    ADD CONSTRAINT track_snapped_pkey PRIMARY KEY (segment_id);

-- Name: tracker tracker_pkey; Type: CONSTRAINT; Schema: public; Owner: -

ALTER TABLE ONLY public.tracker
    ADD CONSTRAINT tracker_pkey PRIMARY KEY (device_id);

-- Name: tracker_seen tracker_seen_pkey; Type: CONSTRAINT; Schema: public; Owner: -

ALTER TABLE ONLY public.tracker_seen
    ADD CONSTRAINT tracker_seen_pkey PRIMARY KEY (protocol, tracker_id);

-- Name: vehicle vehicle_code_key; Type: CONSTRAINT; Schema: public; Owner: -

ALTER TABLE ONLY public.vehicle
    ADD CONSTRAINT vehicle_code_key UNIQUE (code);

-- Name: vehicle_day vehicle_day_pkey; Type: CONSTRAINT; Schema: public; Owner: -

ALTER TABLE ONLY public.vehicle_day
    ADD CONSTRAINT vehicle_day_pkey PRIMARY KEY (vehicle_id, day, device_id);

-- Name: vehicle vehicle_pkey; Type: CONSTRAINT; Schema: public; Owner: -

ALTER TABLE ONLY public.vehicle
    ADD CONSTRAINT vehicle_pkey PRIMARY KEY (id);

-- Name: vehicle_position vehicle_position_pkey; Type: CONSTRAINT; Schema: public; Owner: -

ALTER TABLE ONLY public.vehicle_position
    ADD CONSTRAINT vehicle_position_pkey PRIMARY KEY (vehicle_id);

-- Name: action_device; Type: INDEX; Schema: public; Owner: -

CREATE INDEX action_device ON public.action USING btree (actor_device, device_seq) WHERE (actor_device IS NOT NULL);

-- Name: action_received; Type: INDEX; Schema: public; Owner: -

CREATE INDEX action_received ON public.action USING btree (received_at);

-- Name: action_undoable; Type: INDEX; Schema: public; Owner: -

CREATE INDEX action_undoable ON public.action USING btree (actor_account, undo_number) WHERE ((inverse IS NOT NULL) AND (undone_by IS NULL));

-- Name: area_shape; Type: INDEX; Schema: public; Owner: -

CREATE INDEX area_shape ON public.area USING gist (shape);

-- Name: assignment_active_shift; Type: INDEX; Schema: public; Owner: -

CREATE UNIQUE INDEX assignment_active_shift ON public.assignment USING btree (job_id, shift_id) WHERE ((state = ANY (ARRAY['planned'::text, 'dispatched'::text, 'accepted'::text, 'travelling'::text, 'on_site'::text, 'working'::text, 'paused'::text])) AND (requested IS NULL));

-- Name: assignment_active_slot; Type: INDEX; Schema: public; Owner: -

CREATE UNIQUE INDEX assignment_active_slot ON public.assignment USING btree (job_id, slot) WHERE ((state = ANY (ARRAY['planned'::text, 'dispatched'::text, 'accepted'::text, 'travelling'::text, 'on_site'::text, 'working'::text, 'paused'::text])) AND (requested IS NULL));

-- Name: assignment_job; Type: INDEX; Schema: public; Owner: -

CREATE INDEX assignment_job ON public.assignment USING btree (job_id);

-- Name: assignment_pending; Type: INDEX; Schema: public; Owner: -

CREATE INDEX assignment_pending ON public.assignment USING btree (shift_id) WHERE (verification = 'pending'::text);

-- Name: assignment_shift; Type: INDEX; Schema: public; Owner: -

CREATE INDEX assignment_shift ON public.assignment USING btree (shift_id, "position");

-- Name: assignment_unverified; Type: INDEX; Schema: public; Owner: -

CREATE INDEX assignment_unverified ON public.assignment USING btree (ended_at) WHERE (verification = 'unverified'::text);

-- Name: case_job_active; Type: INDEX; Schema: public; Owner: -

CREATE UNIQUE INDEX case_job_active ON public.case_job USING btree (case_id, job_id) WHERE (left_at IS NULL);

-- Name: case_job_job; Type: INDEX; Schema: public; Owner: -

CREATE INDEX case_job_job ON public.case_job USING btree (job_id);

-- Name: cases_contact; Type: INDEX; Schema: public; Owner: -

CREATE INDEX cases_contact ON public.cases USING btree (contact_id) WHERE (contact_id IS NOT NULL);

-- Name: cases_reported; Type: INDEX; Schema: public; Owner: -

CREATE INDEX cases_reported ON public.cases USING btree (reported_at);

-- Name: cases_road_point; Type: INDEX; Schema: public; Owner: -

CREATE INDEX cases_road_point ON public.cases USING gist (road_point);

-- Name: cases_state; Type: INDEX; Schema: public; Owner: -

CREATE INDEX cases_state ON public.cases USING btree (state);

-- Name: cases_type_time; Type: INDEX; Schema: public; Owner: -

CREATE INDEX cases_type_time ON public.cases USING btree (service_type, reported_at);

-- Name: crew_shift_day; Type: INDEX; Schema: public; Owner: -

CREATE INDEX crew_shift_day ON public.crew_shift USING btree (service_day);

-- Name: crew_shift_during; Type: INDEX; Schema: public; Owner: -

CREATE INDEX crew_shift_during ON public.crew_shift USING gist (during);

-- Name: delivery_key; Type: INDEX; Schema: public; Owner: -

CREATE INDEX delivery_key ON public.delivery USING btree (reader, key, seq);

-- Name: device_binding_vehicle; Type: INDEX; Schema: public; Owner: -

CREATE INDEX device_binding_vehicle ON public.device_binding USING btree (vehicle_id);

-- Name: event_assignment; Type: INDEX; Schema: public; Owner: -

CREATE INDEX event_assignment ON public.event USING btree (assignment_id, seq) WHERE (assignment_id IS NOT NULL);

-- Name: event_case; Type: INDEX; Schema: public; Owner: -

CREATE INDEX event_case ON public.event USING btree (case_id, seq) WHERE (case_id IS NOT NULL);

-- Name: event_job; Type: INDEX; Schema: public; Owner: -

CREATE INDEX event_job ON public.event USING btree (job_id, seq) WHERE (job_id IS NOT NULL);

-- Name: event_shift; Type: INDEX; Schema: public; Owner: -

CREATE INDEX event_shift ON public.event USING btree (shift_id, seq) WHERE (shift_id IS NOT NULL);

-- Name: fix_corrected_time; Type: INDEX; Schema: public; Owner: -

CREATE INDEX fix_corrected_time ON ONLY public.fix USING brin (corrected_time) WITH (pages_per_range='32', autosummarize='on');

-- Name: fix_default_corrected_time_idx; Type: INDEX; Schema: public; Owner: -

CREATE INDEX fix_default_corrected_time_idx ON public.fix_default USING brin (corrected_time) WITH (pages_per_range='32', autosummarize='on');

-- Name: fix_vehicle_time; Type: INDEX; Schema: public; Owner: -

CREATE INDEX fix_vehicle_time ON ONLY public.fix USING btree (vehicle_id, corrected_time);

-- Name: fix_default_vehicle_id_corrected_time_idx; Type: INDEX; Schema: public; Owner: -

CREATE INDEX fix_default_vehicle_id_corrected_time_idx ON public.fix_default USING btree (vehicle_id, corrected_time);

-- Name: job_ended; Type: INDEX; Schema: public; Owner: -

CREATE INDEX job_ended ON public.job USING btree (ended_at) WHERE (ended_at IS NOT NULL);

-- Name: job_open_type; Type: INDEX; Schema: public; Owner: -

CREATE INDEX job_open_type ON public.job USING btree (job_type, created_at) WHERE (state <> ALL (ARRAY['completed'::text, 'cannot_complete'::text, 'cancelled'::text]));

-- Name: job_place; Type: INDEX; Schema: public; Owner: -

CREATE INDEX job_place ON public.job USING gist (road_point);

-- Name: job_state; Type: INDEX; Schema: public; Owner: -

CREATE INDEX job_state ON public.job USING btree (state);

-- Name: override_at; Type: INDEX; Schema: public; Owner: -

CREATE INDEX override_at ON public.override USING btree (at);

-- Name: override_job; Type: INDEX; Schema: public; Owner: -

CREATE INDEX override_job ON public.override USING btree (job_id, at);

-- Name: plan_day; Type: INDEX; Schema: public; Owner: -

CREATE INDEX plan_day ON public.plan USING btree (service_day, made_at);

-- Name: plan_request_plan; Type: INDEX; Schema: public; Owner: -

CREATE INDEX plan_request_plan ON public.plan_request USING btree (plan_id) WHERE (plan_id IS NOT NULL);

-- Name: plan_request_running; Type: INDEX; Schema: public; Owner: -

CREATE UNIQUE INDEX plan_request_running ON public.plan_request USING btree (service_day) WHERE (state = 'running'::text);

-- Name: plan_request_waiting; Type: INDEX; Schema: public; Owner: -

CREATE UNIQUE INDEX plan_request_waiting ON public.plan_request USING btree (service_day) WHERE (state = 'waiting'::text);

-- Name: question_open; Type: INDEX; Schema: public; Owner: -

CREATE INDEX question_open ON public.question USING btree (asked_at) WHERE (answered_at IS NULL);

-- Name: session_account; Type: INDEX; Schema: public; Owner: -

CREATE INDEX session_account ON public.session USING btree (account_id);

-- Name: shift_member_shift; Type: INDEX; Schema: public; Owner: -

CREATE INDEX shift_member_shift ON public.shift_member USING btree (shift_id);

-- Name: timer_due; Type: INDEX; Schema: public; Owner: -

CREATE INDEX timer_due ON public.timer USING btree (due_at) WHERE (done_at IS NULL);

-- Name: timer_open; Type: INDEX; Schema: public; Owner: -

CREATE UNIQUE INDEX timer_open ON public.timer USING btree (kind, subject_id) WHERE (done_at IS NULL);

-- Name: track_segment_where; Type: INDEX; Schema: public; Owner: -

CREATE INDEX track_segment_where ON ONLY public.track_segment USING gist (tstzrange(from_time, until_time, '[]'::text), line);

-- Name: track_segment_default_tstzrange_line_idx; Type: INDEX; Schema: public; Owner: -

CREATE INDEX track_segment_default_tstzrange_line_idx ON public.track_segment_default USING gist (tstzrange(from_time, until_time, '[]'::text), line);

-- Name: track_segment_vehicle; Type: INDEX; Schema: public; Owner: -

CREATE INDEX track_segment_vehicle ON ONLY public.track_segment USING btree (vehicle_id, from_time);

-- Name: track_segment_default_vehicle_id_from_time_idx; Type: INDEX; Schema: public; Owner: -

CREATE INDEX track_segment_default_vehicle_id_from_time_idx ON public.track_segment_default USING btree (vehicle_id, from_time);

-- Name: track_snapped_time; Type: INDEX; Schema: public; Owner: -

CREATE INDEX track_snapped_time ON public.track_snapped USING btree (from_time);

-- Name: track_snapped_vehicle; Type: INDEX; Schema: public; Owner: -

CREATE INDEX track_snapped_vehicle ON public.track_snapped USING btree (vehicle_id, from_time);

-- Name: tracker_in_force; Type: INDEX; Schema: public; Owner: -

CREATE UNIQUE INDEX tracker_in_force ON public.tracker USING btree (protocol, tracker_id) WHERE (ended_at IS NULL);

-- Name: fix_default_corrected_time_idx; Type: INDEX ATTACH; Schema: public; Owner: -

ALTER INDEX public.fix_corrected_time ATTACH PARTITION public.fix_default_corrected_time_idx;

-- Name: fix_default_pkey; Type: INDEX ATTACH; Schema: public; Owner: -

ALTER INDEX public.fix_pkey ATTACH PARTITION public.fix_default_pkey;

-- Name: fix_default_vehicle_id_corrected_time_idx; Type: INDEX ATTACH; Schema: public; Owner: -

ALTER INDEX public.fix_vehicle_time ATTACH PARTITION public.fix_default_vehicle_id_corrected_time_idx;

-- Name: track_segment_default_pkey; Type: INDEX ATTACH; Schema: public; Owner: -

ALTER INDEX public.track_segment_pkey ATTACH PARTITION public.track_segment_default_pkey;

-- Name: track_segment_default_tstzrange_line_idx; Type: INDEX ATTACH; Schema: public; Owner: -

ALTER INDEX public.track_segment_where ATTACH PARTITION public.track_segment_default_tstzrange_line_idx;

-- Name: track_segment_default_vehicle_id_from_time_idx; Type: INDEX ATTACH; Schema: public; Owner: -

ALTER INDEX public.track_segment_vehicle ATTACH PARTITION public.track_segment_default_vehicle_id_from_time_idx;

-- Name: case_words case_words_case_id_fkey; Type: FK CONSTRAINT; Schema: private; Owner: -

ALTER TABLE ONLY private.case_words
    ADD CONSTRAINT case_words_case_id_fkey FOREIGN KEY (case_id) REFERENCES public.cases(id);

-- Name: field_note field_note_assignment_id_fkey; Type: FK CONSTRAINT; Schema: private; Owner: -

ALTER TABLE ONLY private.field_note
    ADD CONSTRAINT field_note_assignment_id_fkey FOREIGN KEY (assignment_id) REFERENCES public.assignment(id);

-- Name: account account_organisation_id_fkey; Type: FK CONSTRAINT; Schema: public; Owner: -

ALTER TABLE ONLY public.account
    ADD CONSTRAINT account_organisation_id_fkey FOREIGN KEY (organisation_id) REFERENCES public.organisation(id);

-- Name: assignment assignment_job_id_fkey; Type: FK CONSTRAINT; Schema: public; Owner: -

ALTER TABLE ONLY public.assignment
    ADD CONSTRAINT assignment_job_id_fkey FOREIGN KEY (job_id) REFERENCES public.job(id);

-- Name: assignment assignment_plan_id_fkey; Type: FK CONSTRAINT; Schema: public; Owner: -

ALTER TABLE ONLY public.assignment
    ADD CONSTRAINT assignment_plan_id_fkey FOREIGN KEY (plan_id) REFERENCES public.plan(id);

-- Name: assignment assignment_promised_to_fkey; Type: FK CONSTRAINT; Schema: public; Owner: -

ALTER TABLE ONLY public.assignment
    ADD CONSTRAINT assignment_promised_to_fkey FOREIGN KEY (promised_to) REFERENCES private.contact(id);

-- Name: assignment assignment_shift_id_fkey; Type: FK CONSTRAINT; Schema: public; Owner: -

ALTER TABLE ONLY public.assignment
    ADD CONSTRAINT assignment_shift_id_fkey FOREIGN KEY (shift_id) REFERENCES public.crew_shift(id);

-- Name: case_job case_job_case_id_fkey; Type: FK CONSTRAINT; Schema: public; Owner: -

ALTER TABLE ONLY public.case_job
    ADD CONSTRAINT case_job_case_id_fkey FOREIGN KEY (case_id) REFERENCES public.cases(id);

-- Name: case_job case_job_job_id_fkey; Type: FK CONSTRAINT; Schema: public; Owner: -

ALTER TABLE ONLY public.case_job
    ADD CONSTRAINT case_job_job_id_fkey FOREIGN KEY (job_id) REFERENCES public.job(id);

-- Name: cases cases_contact_id_fkey; Type: FK CONSTRAINT; Schema: public; Owner: -

ALTER TABLE ONLY public.cases
    ADD CONSTRAINT cases_contact_id_fkey FOREIGN KEY (contact_id) REFERENCES private.contact(id);

-- Name: cases cases_duplicate_of_fkey; Type: FK CONSTRAINT; Schema: public; Owner: -

ALTER TABLE ONLY public.cases
    ADD CONSTRAINT cases_duplicate_of_fkey FOREIGN KEY (duplicate_of) REFERENCES public.cases(id);

-- Name: cases cases_organisation_id_fkey; Type: FK CONSTRAINT; Schema: public; Owner: -

ALTER TABLE ONLY public.cases
    ADD CONSTRAINT cases_organisation_id_fkey FOREIGN KEY (organisation_id) REFERENCES public.organisation(id);

-- Name: crew crew_depot_id_fkey; Type: FK CONSTRAINT; Schema: public; Owner: -

ALTER TABLE ONLY public.crew
    ADD CONSTRAINT crew_depot_id_fkey FOREIGN KEY (depot_id) REFERENCES public.depot(id);

-- Name: crew crew_organisation_id_fkey; Type: FK CONSTRAINT; Schema: public; Owner: -

ALTER TABLE ONLY public.crew
    ADD CONSTRAINT crew_organisation_id_fkey FOREIGN KEY (organisation_id) REFERENCES public.organisation(id);

-- Name: crew_shift crew_shift_crew_id_fkey; Type: FK CONSTRAINT; Schema: public; Owner: -

ALTER TABLE ONLY public.crew_shift
    ADD CONSTRAINT crew_shift_crew_id_fkey FOREIGN KEY (crew_id) REFERENCES public.crew(id);

-- Name: crew_shift crew_shift_organisation_id_fkey; Type: FK CONSTRAINT; Schema: public; Owner: -

ALTER TABLE ONLY public.crew_shift
    ADD CONSTRAINT crew_shift_organisation_id_fkey FOREIGN KEY (organisation_id) REFERENCES public.organisation(id);

-- Name: depot depot_organisation_id_fkey; Type: FK CONSTRAINT; Schema: public; Owner: -

ALTER TABLE ONLY public.depot
    ADD CONSTRAINT depot_organisation_id_fkey FOREIGN KEY (organisation_id) REFERENCES public.organisation(id);

-- Name: device_binding device_binding_device_id_fkey; Type: FK CONSTRAINT; Schema: public; Owner: -

ALTER TABLE ONLY public.device_binding
    ADD CONSTRAINT device_binding_device_id_fkey FOREIGN KEY (device_id) REFERENCES public.device(id);

-- Name: device_binding device_binding_vehicle_id_fkey; Type: FK CONSTRAINT; Schema: public; Owner: -

ALTER TABLE ONLY public.device_binding
    ADD CONSTRAINT device_binding_vehicle_id_fkey FOREIGN KEY (vehicle_id) REFERENCES public.vehicle(id);

-- Name: enrolment_code enrolment_code_issued_by_fkey; Type: FK CONSTRAINT; Schema: public; Owner: -

ALTER TABLE ONLY public.enrolment_code
    ADD CONSTRAINT enrolment_code_issued_by_fkey FOREIGN KEY (issued_by) REFERENCES public.account(id);

-- Name: enrolment_code enrolment_code_vehicle_id_fkey; Type: FK CONSTRAINT; Schema: public; Owner: -

ALTER TABLE ONLY public.enrolment_code
    ADD CONSTRAINT enrolment_code_vehicle_id_fkey FOREIGN KEY (vehicle_id) REFERENCES public.vehicle(id);

-- Name: job job_follow_up_of_fkey; Type: FK CONSTRAINT; Schema: public; Owner: -

ALTER TABLE ONLY public.job
    ADD CONSTRAINT job_follow_up_of_fkey FOREIGN KEY (follow_up_of) REFERENCES public.job(id);

-- Name: job_order job_order_earlier_job_id_fkey; Type: FK CONSTRAINT; Schema: public; Owner: -

ALTER TABLE ONLY public.job_order
    ADD CONSTRAINT job_order_earlier_job_id_fkey FOREIGN KEY (earlier_job_id) REFERENCES public.job(id);

-- Name: job_order job_order_later_job_id_fkey; Type: FK CONSTRAINT; Schema: public; Owner: -

ALTER TABLE ONLY public.job_order
    ADD CONSTRAINT job_order_later_job_id_fkey FOREIGN KEY (later_job_id) REFERENCES public.job(id);

-- Name: job job_organisation_id_fkey; Type: FK CONSTRAINT; Schema: public; Owner: -

ALTER TABLE ONLY public.job
    ADD CONSTRAINT job_organisation_id_fkey FOREIGN KEY (organisation_id) REFERENCES public.organisation(id);

-- Name: movement movement_shift_id_fkey; Type: FK CONSTRAINT; Schema: public; Owner: -

ALTER TABLE ONLY public.movement
    ADD CONSTRAINT movement_shift_id_fkey FOREIGN KEY (shift_id) REFERENCES public.crew_shift(id) ON DELETE CASCADE;

-- Name: movement movement_vehicle_id_fkey; Type: FK CONSTRAINT; Schema: public; Owner: -

ALTER TABLE ONLY public.movement
    ADD CONSTRAINT movement_vehicle_id_fkey FOREIGN KEY (vehicle_id) REFERENCES public.vehicle(id) ON DELETE CASCADE;

-- Name: notification notification_case_id_fkey; Type: FK CONSTRAINT; Schema: public; Owner: -

ALTER TABLE ONLY public.notification
    ADD CONSTRAINT notification_case_id_fkey FOREIGN KEY (case_id) REFERENCES public.cases(id);

-- Name: override override_action_id_fkey; Type: FK CONSTRAINT; Schema: public; Owner: -

ALTER TABLE ONLY public.override
    ADD CONSTRAINT override_action_id_fkey FOREIGN KEY (action_id) REFERENCES public.action(id);

-- Name: override override_assignment_id_fkey; Type: FK CONSTRAINT; Schema: public; Owner: -

ALTER TABLE ONLY public.override
    ADD CONSTRAINT override_assignment_id_fkey FOREIGN KEY (assignment_id) REFERENCES public.assignment(id);

-- Name: override override_from_shift_id_fkey; Type: FK CONSTRAINT; Schema: public; Owner: -

ALTER TABLE ONLY public.override
    ADD CONSTRAINT override_from_shift_id_fkey FOREIGN KEY (from_shift_id) REFERENCES public.crew_shift(id);

-- Name: override override_job_id_fkey; Type: FK CONSTRAINT; Schema: public; Owner: -

ALTER TABLE ONLY public.override
    ADD CONSTRAINT override_job_id_fkey FOREIGN KEY (job_id) REFERENCES public.job(id);

-- Name: override override_plan_id_fkey; Type: FK CONSTRAINT; Schema: public; Owner: -

ALTER TABLE ONLY public.override
    ADD CONSTRAINT override_plan_id_fkey FOREIGN KEY (plan_id) REFERENCES public.plan(id);

-- Name: override override_to_shift_id_fkey; Type: FK CONSTRAINT; Schema: public; Owner: -

ALTER TABLE ONLY public.override
    ADD CONSTRAINT override_to_shift_id_fkey FOREIGN KEY (to_shift_id) REFERENCES public.crew_shift(id);

-- Name: person person_account_id_fkey; Type: FK CONSTRAINT; Schema: public; Owner: -

ALTER TABLE ONLY public.person
    ADD CONSTRAINT person_account_id_fkey FOREIGN KEY (account_id) REFERENCES public.account(id);

-- Name: person person_organisation_id_fkey; Type: FK CONSTRAINT; Schema: public; Owner: -

ALTER TABLE ONLY public.person
    ADD CONSTRAINT person_organisation_id_fkey FOREIGN KEY (organisation_id) REFERENCES public.organisation(id);

-- Name: plan_certificate plan_certificate_better_plan_id_fkey; Type: FK CONSTRAINT; Schema: public; Owner: -

ALTER TABLE ONLY public.plan_certificate
    ADD CONSTRAINT plan_certificate_better_plan_id_fkey FOREIGN KEY (better_plan_id) REFERENCES public.plan(id);

-- Name: plan_certificate plan_certificate_plan_id_fkey; Type: FK CONSTRAINT; Schema: public; Owner: -

ALTER TABLE ONLY public.plan_certificate
    ADD CONSTRAINT plan_certificate_plan_id_fkey FOREIGN KEY (plan_id) REFERENCES public.plan(id);

-- Name: plan plan_config_version_id_fkey; Type: FK CONSTRAINT; Schema: public; Owner: -

ALTER TABLE ONLY public.plan
    ADD CONSTRAINT plan_config_version_id_fkey FOREIGN KEY (config_version_id) REFERENCES public.config_version(id);

-- Name: plan_part plan_part_request_id_fkey; Type: FK CONSTRAINT; Schema: public; Owner: -

ALTER TABLE ONLY public.plan_part
    ADD CONSTRAINT plan_part_request_id_fkey FOREIGN KEY (request_id) REFERENCES public.plan_request(id);

-- Name: plan_request plan_request_plan_id_fkey; Type: FK CONSTRAINT; Schema: public; Owner: -

ALTER TABLE ONLY public.plan_request
    ADD CONSTRAINT plan_request_plan_id_fkey FOREIGN KEY (plan_id) REFERENCES public.plan(id);

-- Name: plant_item plant_item_organisation_id_fkey; Type: FK CONSTRAINT; Schema: public; Owner: -

ALTER TABLE ONLY public.plant_item
    ADD CONSTRAINT plant_item_organisation_id_fkey FOREIGN KEY (organisation_id) REFERENCES public.organisation(id);

-- Name: question question_assignment_id_fkey; Type: FK CONSTRAINT; Schema: public; Owner: -

ALTER TABLE ONLY public.question
    ADD CONSTRAINT question_assignment_id_fkey FOREIGN KEY (assignment_id) REFERENCES public.assignment(id);

-- Name: question question_case_id_fkey; Type: FK CONSTRAINT; Schema: public; Owner: -

ALTER TABLE ONLY public.question
    ADD CONSTRAINT question_case_id_fkey FOREIGN KEY (case_id) REFERENCES public.cases(id);

-- Name: question question_job_id_fkey; Type: FK CONSTRAINT; Schema: public; Owner: -

ALTER TABLE ONLY public.question
    ADD CONSTRAINT question_job_id_fkey FOREIGN KEY (job_id) REFERENCES public.job(id);

-- Name: question question_shift_id_fkey; Type: FK CONSTRAINT; Schema: public; Owner: -

ALTER TABLE ONLY public.question
    ADD CONSTRAINT question_shift_id_fkey FOREIGN KEY (shift_id) REFERENCES public.crew_shift(id);

-- Name: session session_account_id_fkey; Type: FK CONSTRAINT; Schema: public; Owner: -

ALTER TABLE ONLY public.session
    ADD CONSTRAINT session_account_id_fkey FOREIGN KEY (account_id) REFERENCES public.account(id);

-- Name: shift_member shift_member_shift_id_fkey; Type: FK CONSTRAINT; Schema: public; Owner: -

ALTER TABLE ONLY public.shift_member
    ADD CONSTRAINT shift_member_shift_id_fkey FOREIGN KEY (shift_id) REFERENCES public.crew_shift(id);

-- Name: sign_in_link sign_in_link_account_id_fkey; Type: FK CONSTRAINT; Schema: public; Owner: -

ALTER TABLE ONLY public.sign_in_link
    ADD CONSTRAINT sign_in_link_account_id_fkey FOREIGN KEY (account_id) REFERENCES public.account(id);

-- Name: tracker tracker_device_id_fkey; Type: FK CONSTRAINT; Schema: public; Owner: -

ALTER TABLE ONLY public.tracker
    ADD CONSTRAINT tracker_device_id_fkey FOREIGN KEY (device_id) REFERENCES public.device(id);

-- Name: vehicle vehicle_depot_id_fkey; Type: FK CONSTRAINT; Schema: public; Owner: -

ALTER TABLE ONLY public.vehicle
    ADD CONSTRAINT vehicle_depot_id_fkey FOREIGN KEY (depot_id) REFERENCES public.depot(id);

-- Name: vehicle vehicle_organisation_id_fkey; Type: FK CONSTRAINT; Schema: public; Owner: -

ALTER TABLE ONLY public.vehicle
    ADD CONSTRAINT vehicle_organisation_id_fkey FOREIGN KEY (organisation_id) REFERENCES public.organisation(id);

-- PostgreSQL database dump complete
