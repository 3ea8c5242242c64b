-- Asked twice a second while positions come in: which completions wait for a track, or may be confirmed by a late one.
create index assignment_unverified on assignment (ended_at) where verification = 'unverified';
