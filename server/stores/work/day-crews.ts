import type { Db } from '../../../db/knex.ts';
import type { Reach } from '../../platform/reach.ts';
import type { ShiftState } from '../crews/contract.ts';
import type { LookedAtDay } from './day-jobs-sql.ts';

/** A crew's day so far and to come: seconds of work and driving against the time it has. */
export interface DayCrew {
  readonly shiftId: string;
  readonly crewNumber: number;
  readonly crewName: string;
  readonly state: ShiftState;
  readonly from: Date;
  readonly until: Date;
  /** Of the shift, breaks taken off. */
  readonly availableSeconds: number;
  readonly workedSeconds: number;
  /** From "on my way" to "on site", as the crew reported it. */
  readonly drivenSeconds: number;
  /** What the jobs still before it take. */
  readonly workAheadSeconds: number;
  readonly done: number;
  readonly notDone: number;
  readonly open: number;
  /** Stops it has not set out for: their driving is known to the plan in force only. */
  readonly notSetOut: readonly { readonly jobId: string; readonly slot: number }[];
}

/** The shifts of the service day within the organisation, by crew number, with what each has done and still holds. */
export async function listDayCrews(db: Db, day: LookedAtDay, reach: Reach): Promise<DayCrew[]> {
  const { rows } = await db.raw<{ rows: DayCrew[] }>(
    `with held as (
       select a.*, j.service_seconds,
         a.requested is null and a.state in ('planned', 'dispatched', 'accepted', 'travelling', 'on_site', 'working', 'paused') as is_open,
         coalesce(a.worked_seconds, 0) + case
           when a.working_since is not null and a.ended_at is null then extract(epoch from greatest(:now, a.working_since) - a.working_since)
           when a.worked_seconds is null and a.ended_at is not null and a.state in ('completed', 'cannot_complete')
             then extract(epoch from a.ended_at - coalesce(a.working_at, a.on_site_at, a.ended_at))
           else 0 end as worked,
         case when a.travelling_at is null then 0
           when a.on_site_at is not null then extract(epoch from greatest(a.on_site_at, a.travelling_at) - a.travelling_at)
           when a.state = 'travelling' then extract(epoch from greatest(:now, a.travelling_at) - a.travelling_at)
           else 0 end as driven
       from crew_shift s join assignment a on a.shift_id = s.id join job j on j.id = a.job_id
       where s.service_day = :day)
     select s.id as "shiftId", c.number as "crewNumber", c.name as "crewName", s.state, lower(s.during) as "from", upper(s.during) as until,
       (extract(epoch from upper(s.during) - lower(s.during))
         - coalesce((select sum((b ->> 'lengthSeconds')::integer) from jsonb_array_elements(s.breaks) b), 0))::integer as "availableSeconds",
       coalesce(round(sum(h.worked)), 0)::integer as "workedSeconds",
       coalesce(round(sum(h.driven)), 0)::integer as "drivenSeconds",
       coalesce(round(sum(greatest(h.service_seconds - h.worked, 0)) filter (where h.is_open)), 0)::integer as "workAheadSeconds",
       count(*) filter (where h.state = 'completed')::integer as done,
       count(*) filter (where h.state = 'cannot_complete')::integer as "notDone",
       count(*) filter (where h.is_open)::integer as open,
       coalesce(jsonb_agg(jsonb_build_object('jobId', h.job_id, 'slot', h.slot))
         filter (where h.is_open and h.state in ('planned', 'dispatched', 'accepted')), '[]') as "notSetOut"
     from crew_shift s join crew c on c.id = s.crew_id left join held h on h.shift_id = s.id
     where s.service_day = :day and (:organisation::uuid is null or s.organisation_id = :organisation::uuid)
     group by s.id, c.number, c.name order by c.number, lower(s.during)`,
    { day: day.serviceDay, now: day.now, organisation: reach.organisationId } as never,
  );
  return rows;
}
