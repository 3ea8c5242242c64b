-- What the verifier said against a certificate, how its bound was found, and the cheaper plan that came up on the way.
alter table plan_certificate
  -- codes, in the order in which they were found; empty: nothing, or an older version that did not keep them
  add column refusals text[] not null default '{}',
  -- how often every route was priced, and how many routes the programme came to hold; null: an older version did not keep it
  add column passes integer check (passes >= 0),
  add column routes integer check (routes >= 0),
  -- a plan of the same problem that costs less, checked, as the planning stage writes one; null: none was found
  add column better jsonb,
  -- the draft that was made of it
  add column better_plan_id uuid references plan;

create index plan_request_plan on plan_request (plan_id) where plan_id is not null;
