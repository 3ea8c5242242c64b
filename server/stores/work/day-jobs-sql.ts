import type { Reach } from '../../platform/reach.ts';

/** The service day and the moment it is looked at; `from` to `until` is the local day in the city's zone. */
export interface LookedAtDay {
  readonly serviceDay: string;
  readonly from: Date;
  readonly until: Date;
  readonly now: Date;
}

/** What SEEN and REPORTS_OF_DAY are bound to. */
export const dayBindings = (day: LookedAtDay, reach: Reach) => ({
  from: day.from,
  until: day.until,
  now: day.now,
  organisation: reach.organisationId,
  areas: [...reach.areaIds],
});

/**
 * The one definition of the day's jobs that figures and lists are both made of, as `seen`. Open jobs are found by
 * state, ended ones by `ended_at`: both have an index, so that years of finished work cost nothing.
 */
export const SEEN = `with day as materialized (
      select j.* from job j
      where (j.state in ('draft', 'ready', 'planned', 'dispatched', 'under_way', 'on_hold')
          or (j.ended_at >= :from and j.ended_at < :until and j.state in ('completed', 'cannot_complete')))
        and (:organisation::uuid is null or j.organisation_id = :organisation::uuid)
        and (cardinality(:areas::uuid[]) = 0 or j.area_ids && :areas::uuid[])
    ), work as (
      select a.job_id,
        min(coalesce(a.working_at, a.on_site_at, case when a.state = 'completed' then a.ended_at end))
          filter (where a.state in ('on_site', 'working', 'paused', 'completed')) as begun_at,
        min(coalesce(a.on_site_at, a.working_at, case when a.state = 'completed' then a.ended_at end)) as reached_at,
        bool_or(a.state = 'completed' and a.verification = 'pending') as pending,
        bool_or(a.state = 'completed' and a.verification = 'unverified') as unverified,
        max(a.reason) filter (where a.state = 'cannot_complete') as reason
      from day join assignment a on a.job_id = day.id group by a.job_id
    ), asked as (
      select cj.job_id, min(c.reported_at) as reported_at
      from day join case_job cj on cj.job_id = day.id and cj.left_at is null join cases c on c.id = cj.case_id group by cj.job_id
    ), seen as (
      select day.id, day.number, day.title, day.job_type, day.priority, day.emergency, day.state, day.place_text, day.area_ids,
        day.due_at, day.ended_at, coalesce(asked.reported_at, day.created_at) as reported_at, work.begun_at, work.reached_at,
        case when day.state = 'cannot_complete' then work.reason end as reason,
        case when day.state = 'completed' then
          case when work.pending then 'pending' when work.unverified then 'unverified' else 'verified' end end as verification,
        case when day.state in ('ready', 'planned', 'dispatched', 'under_way', 'completed')
            and coalesce(work.begun_at, :now) > day.due_at
          then floor(extract(epoch from coalesce(work.begun_at, :now) - day.due_at))::integer end as late_seconds
      from day left join work on work.job_id = day.id left join asked on asked.job_id = day.id
    )`;

/** What each figure counts, as conditions on `seen`: figures and lists share them. */
export const DONE = `state = 'completed'`;
export const NOT_DONE = `state = 'cannot_complete'`;
export const LATE = `(late_seconds is not null and begun_at is not null)`;
export const OVERDUE = `(late_seconds is not null and begun_at is null and state <> 'completed')`;
export const WAITING = `state in ('ready', 'planned', 'dispatched')`;
export const WITH_CREW = `state in ('planned', 'dispatched')`;
export const UNDER_WAY = `state = 'under_way'`;
export const ASIDE = `state in ('draft', 'on_hold')`;
export const EMERGENCIES = `(emergency and (reached_at is not null or state in ('ready', 'planned', 'dispatched', 'under_way')))`;

export const WAITED_SECONDS = `floor(extract(epoch from :now::timestamptz - reported_at))::integer`;
export const TO_SITE_SECONDS = `extract(epoch from reached_at - reported_at)`;
export const HOUR_OF_END = `floor(extract(epoch from ended_at - :from::timestamptz) / 3600)::integer`;
export const HOUR_OF_REPORT = `floor(extract(epoch from c.reported_at - :from::timestamptz) / 3600)::integer`;

/** Reports `c` of the day, within the reach. */
export const REPORTS_OF_DAY = `c.reported_at >= :from and c.reported_at < :until
  and (:organisation::uuid is null or c.organisation_id = :organisation::uuid)
  and (cardinality(:areas::uuid[]) = 0 or c.area_ids && :areas::uuid[])`;

/** An assignment `a` that holds its slot or was carried out. */
export const HAS_OR_HAD = `(a.state in ('completed', 'cannot_complete') or (a.requested is null
  and a.state in ('planned', 'dispatched', 'accepted', 'travelling', 'on_site', 'working', 'paused')))`;
