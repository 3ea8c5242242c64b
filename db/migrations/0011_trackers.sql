-- Trackers that speak protocols of other makers. The id of a protocol is no credential: the secret is, of which the hash is
-- kept. Each enrolment is a new device, so a new row; an ended one keeps its id and no secret.
create table tracker (
  device_id uuid primary key references device,
  protocol text not null check (protocol in ('osmand', 'owntracks', 'traccar')),
  tracker_id text not null,
  -- null: ended, or vouched for by a program with a key of its own (traccar)
  secret_hash text,
  ended_at timestamptz
);
create unique index tracker_in_force on tracker (protocol, tracker_id) where ended_at is null;

-- Who has knocked and was not let in: a dispatcher may adopt it. Bounded by whoever writes it; worth no write-ahead log.
create unlogged table tracker_seen (
  protocol text not null check (protocol in ('osmand', 'owntracks', 'traccar')),
  tracker_id text not null,
  reason text not null check (reason in ('unknown', 'wrong_key')),
  -- whose key brought it (traccar); null = nobody's, every desk may adopt it
  organisation_id uuid,
  first_seen_at timestamptz not null,
  last_seen_at timestamptz not null,
  seen_count bigint not null,
  -- rounded to about a kilometre: enough to tell ours from a stranger's
  lon double precision,
  lat double precision,
  primary key (protocol, tracker_id)
);
