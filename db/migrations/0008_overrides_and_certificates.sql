-- What dispatchers decided against the plan. An action keeps only a fingerprint of its command, and an event says what
-- became true: neither says what the plan had, what the change cost then, or why it was made. One row an action holds that
-- and no more; who did it, whether it was taken back and how it ended is read where it is kept.
create table override (
  action_id uuid primary key references action,
  -- city time
  at timestamptz not null,
  kind text not null check (kind in ('give', 'move', 'reorder', 'take_off', 'lock')),
  -- plan: the plan had it so. left_out: the plan in force left the job out. by_hand: a person had it so. nothing: no plan knew it.
  against text not null check (against in ('plan', 'left_out', 'by_hand', 'nothing')),
  plan_id uuid references plan,
  job_id uuid not null references job,
  slot smallint not null,
  assignment_id uuid not null references assignment,
  from_shift_id uuid references crew_shift,
  to_shift_id uuid references crew_shift,
  -- when it was to begin, as far as was known
  start_at timestamptz,
  -- in the dispatcher's words; null: not asked
  reason text,
  -- what the crew that was chosen cost more than the one the plan had, or than the cheapest, in the plan's currency; null: not known
  price bigint,
  check ((against = 'nothing') = (plan_id is null) or against = 'by_hand'),
  check (from_shift_id is not null or to_shift_id is not null)
);
create index override_at on override (at);
create index override_job on override (job_id, at);

-- What proves how far a plan can be from the best one; written once it is proven, after the plan.
create table plan_certificate (
  plan_id uuid primary key references plan,
  certificate jsonb not null,
  bound bigint not null,
  kind text not null check (kind in ('routes', 'arrivals')),
  -- worked out again by separate code, from the problem as it is stored
  verified boolean not null,
  seconds real not null check (seconds >= 0),
  made_at timestamptz not null
);
