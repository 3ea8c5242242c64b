-- The figures of a day ask for the jobs that ended in it: without this, for all that ever ended.
create index job_ended on job (ended_at) where ended_at is not null;
