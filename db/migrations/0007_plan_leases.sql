-- Plans are made by any number of planner processes. Whoever makes one holds its lease and renews it; each taking raises
-- its fence, and what is written under an older one is refused. The lease runs on the database's clock: it is about
-- processes, not about the city, and that is the only clock they share.
alter table plan_request
  -- queue: any planner process; server: the city's server alone, because its clock or its database is nobody else's
  add column runs_in text not null default 'server' check (runs_in in ('queue', 'server')),
  add column requested_role text not null default 'system',
  add column leased_by text,
  add column lease_until timestamptz,
  add column fence bigint not null default 0,
  -- takings after a lease that ran out: its planner died or stood still
  add column lapses smallint not null default 0,
  -- somebody wants the best plan found so far
  add column finish_early boolean not null default false,
  add column progress jsonb;

-- Nobody holds a lease yet: what was being made will not be.
update plan_request set state = 'failed', ended_at = requested_at,
  failure = 'The server was updated while this plan was being made; ask again.'
where state = 'running';
update plan_request older set state = 'cancelled', ended_at = older.requested_at
where older.state = 'waiting' and exists (
  select from plan_request newer
  where newer.state = 'waiting' and newer.service_day = older.service_day
    and (newer.requested_at, newer.id) > (older.requested_at, older.id)
);

-- Of one day one plan is being made and one waits, whoever asks and however many make them.
create unique index plan_request_waiting on plan_request (service_day) where state = 'waiting';
create unique index plan_request_running on plan_request (service_day) where state = 'running';

-- The zones of a large city, while their request is being made: each is solved by whoever takes it, under a lease of its
-- own. Wanted only as long as the request has the fence it had when it was cut.
create table plan_part (
  request_id uuid not null references plan_request,
  part smallint not null,
  fence bigint not null,
  state text not null default 'waiting' check (state in ('waiting', 'running', 'made', 'failed')),
  taking integer not null default 0,
  leased_by text,
  lease_until timestamptz,
  -- seed and limits
  limits jsonb not null,
  problem bytea not null,
  problem_hash text not null,
  answer jsonb,
  failure text,
  primary key (request_id, part)
);
