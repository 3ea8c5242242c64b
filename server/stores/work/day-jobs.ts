import type { Db } from '../../../db/knex.ts';
import type { Reach } from '../../platform/reach.ts';
import type { JobState } from '../jobs/contract.ts';

/** The service day and the moment it is looked at; `from` to `until` is the local day in the city's zone. */
export interface LookedAtDay {
  readonly serviceDay: string;
  readonly from: Date;
  readonly until: Date;
  readonly now: Date;
}

/** A job of the day: open now, or ended since the day began. Seconds are whole. */
export interface DayJob {
  readonly id: string;
  readonly number: number;
  readonly title: string;
  readonly jobType: string;
  readonly priority: number;
  readonly emergency: boolean;
  readonly state: JobState;
  readonly placeText: string | null;
  readonly dueAt: Date | null;
  /** Of the oldest report it answers; without reports, when it was made. */
  readonly reportedAt: Date;
  /** When work on it began; null: it has not. */
  readonly begunAt: Date | null;
  /** When the first crew was there. */
  readonly reachedAt: Date | null;
  readonly endedAt: Date | null;
  /** Begun, or still not begun, so much after it was due; null: in time, or no due time. */
  readonly lateSeconds: number | null;
  /** Of a completed job: every crew's visit confirmed, one of them not, or one still being confirmed. */
  readonly verification: 'verified' | 'pending' | 'unverified' | null;
  /** Why it could not be done. */
  readonly reason: string | null;
  /** Who has it or did it. */
  readonly crews: readonly { readonly shiftId: string; readonly name: string; readonly number: number }[];
}

/** Which of the day's jobs a figure is made of. */
export type DayJobsOf =
  | { readonly of: 'done'; readonly verification?: 'verified' | 'pending' | 'unverified'; readonly hour?: number }
  | { readonly of: 'not_done' | 'late' | 'overdue' | 'under_way' | 'aside' }
  | { readonly of: 'emergencies'; readonly reached?: boolean }
  | { readonly of: 'waiting'; readonly withCrew?: boolean; readonly areaKind?: string; readonly areaId?: string | null }
  | { readonly of: 'crew'; readonly shiftId: string };

/**
 * The one definition of the day's jobs that figures and lists are both made of, as `seen`. Open jobs are found by
 * state, ended ones by `ended_at`: both have an index, so that years of finished work cost nothing.
 */
function seenJobs(day: LookedAtDay, reach: Reach): { readonly sql: string; readonly bindings: Record<string, unknown> } {
  return {
    sql: `with day as materialized (
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
    )`,
    bindings: {
      from: day.from,
      until: day.until,
      now: day.now,
      organisation: reach.organisationId,
      areas: [...reach.areaIds],
    },
  };
}

/** What each figure counts, as a condition on `seen`: figures and lists share it. */
const COUNTED = {
  done: `state = 'completed'`,
  not_done: `state = 'cannot_complete'`,
  late: `late_seconds is not null and begun_at is not null`,
  overdue: `late_seconds is not null and begun_at is null and state <> 'completed'`,
  waiting: `state in ('ready', 'planned', 'dispatched')`,
  under_way: `state = 'under_way'`,
  aside: `state in ('draft', 'on_hold')`,
  emergencies: `emergency and (reached_at is not null or state in ('ready', 'planned', 'dispatched', 'under_way'))`,
} as const;

export interface LateFigure {
  readonly jobs: number;
  readonly medianSeconds: number | null;
  readonly p90Seconds: number | null;
}

export interface DayFigures {
  readonly done: {
    readonly jobs: number;
    readonly verified: number;
    readonly pending: number;
    readonly unverified: number;
    readonly notDone: number;
  };
  /** `begun`: jobs with a due time that have been begun, late or not. */
  readonly late: LateFigure & { readonly begun: number };
  readonly overdue: LateFigure;
  readonly waiting: {
    readonly jobs: number;
    readonly withCrew: number;
    readonly oldestSeconds: number | null;
    readonly underWay: number;
    readonly aside: number;
  };
  readonly emergencies: {
    readonly jobs: number;
    readonly reached: number;
    readonly medianSeconds: number | null;
    readonly p90Seconds: number | null;
    readonly longestOpenSeconds: number | null;
  };
}

const late = (which: 'late' | 'overdue'): string => `jsonb_build_object(
  'jobs', count(*) filter (where ${COUNTED[which]}),
  'medianSeconds', round(percentile_cont(0.5) within group (order by late_seconds) filter (where ${COUNTED[which]})),
  'p90Seconds', round(percentile_cont(0.9) within group (order by late_seconds) filter (where ${COUNTED[which]})))`;

const WAITED = `floor(extract(epoch from :now::timestamptz - reported_at))::integer`;
const TO_SITE = `extract(epoch from reached_at - reported_at)`;

/** The day in figures, within the reach: one statement over the day's jobs. */
export async function readDayFigures(db: Db, day: LookedAtDay, reach: Reach): Promise<DayFigures> {
  const seen = seenJobs(day, reach);
  const { rows } = await db.raw<{ rows: DayFigures[] }>(
    `${seen.sql}
     select jsonb_build_object('jobs', count(*) filter (where ${COUNTED.done}),
         'verified', count(*) filter (where verification = 'verified'), 'pending', count(*) filter (where verification = 'pending'),
         'unverified', count(*) filter (where verification = 'unverified'), 'notDone', count(*) filter (where ${COUNTED.not_done})) as done,
       ${late('late')} || jsonb_build_object('begun', count(*) filter (where due_at is not null and begun_at is not null
         and state in ('under_way', 'completed'))) as late,
       ${late('overdue')} as overdue,
       jsonb_build_object('jobs', count(*) filter (where ${COUNTED.waiting}),
         'withCrew', count(*) filter (where state in ('planned', 'dispatched')),
         'oldestSeconds', max(${WAITED}) filter (where ${COUNTED.waiting}),
         'underWay', count(*) filter (where ${COUNTED.under_way}), 'aside', count(*) filter (where ${COUNTED.aside})) as waiting,
       jsonb_build_object('jobs', count(*) filter (where ${COUNTED.emergencies}),
         'reached', count(*) filter (where ${COUNTED.emergencies} and reached_at is not null),
         'medianSeconds', round(percentile_cont(0.5) within group (order by ${TO_SITE}) filter (where ${COUNTED.emergencies} and reached_at is not null)),
         'p90Seconds', round(percentile_cont(0.9) within group (order by ${TO_SITE}) filter (where ${COUNTED.emergencies} and reached_at is not null)),
         'longestOpenSeconds', max(${WAITED}) filter (where ${COUNTED.emergencies} and reached_at is null)) as emergencies
     from seen`,
    seen.bindings as never,
  );
  return rows[0]!;
}

export interface AreaWaiting {
  readonly kind: string;
  /** null: in no area of this kind. */
  readonly areaId: string | null;
  readonly name: string | null;
  readonly jobs: number;
  readonly withCrew: number;
  readonly oldestSeconds: number;
}

/** What waits, by the areas of each kind; jobs in no area of a kind have a row of their own, so that each kind adds up. */
export async function listWaitingByArea(db: Db, day: LookedAtDay, reach: Reach): Promise<AreaWaiting[]> {
  const seen = seenJobs(day, reach);
  const { rows } = await db.raw<{ rows: AreaWaiting[] }>(
    `${seen.sql}, kinds as (select distinct kind from area)
     select kinds.kind, ar.id as "areaId", ar.name, count(*)::integer as jobs,
       count(*) filter (where seen.state in ('planned', 'dispatched'))::integer as "withCrew",
       max(${WAITED}) as "oldestSeconds"
     from seen cross join kinds left join area ar on ar.kind = kinds.kind and ar.id = any(seen.area_ids)
     where ${COUNTED.waiting}
     group by kinds.kind, ar.id, ar.name, ar.code
     order by kinds.kind, ar.id is null, jobs desc, ar.code`,
    seen.bindings as never,
  );
  return rows;
}

export interface HourOfDay {
  /** Whole hours since the local day began. */
  readonly hour: number;
  readonly reports: number;
  readonly done: number;
}

/** Reports in and jobs done by the hour, hours without either left out. */
export async function listHours(db: Db, day: LookedAtDay, reach: Reach): Promise<HourOfDay[]> {
  const seen = seenJobs(day, reach);
  const { rows } = await db.raw<{ rows: HourOfDay[] }>(
    `${seen.sql}, counted as (
       select ${hourOf('reported_at')} as hour, 1 as report, 0 as done from cases c where ${reportsOfDay}
       union all
       select ${hourOf('ended_at')}, 0, 1 from seen where ${COUNTED.done})
     select hour, sum(report)::integer as reports, sum(done)::integer as done from counted group by hour order by hour`,
    seen.bindings as never,
  );
  return rows;
}

const hourOf = (column: string): string => `floor(extract(epoch from ${column} - :from::timestamptz) / 3600)::integer`;
const reportsOfDay = `c.reported_at >= :from and c.reported_at < :until
  and (:organisation::uuid is null or c.organisation_id = :organisation::uuid)
  and (cardinality(:areas::uuid[]) = 0 or c.area_ids && :areas::uuid[])`;

/** The jobs behind one figure, what presses most first; `total` counts also those beyond the limit. */
export async function listDayJobs(
  db: Db,
  day: LookedAtDay,
  reach: Reach,
  which: DayJobsOf,
  limit: number,
): Promise<{ readonly total: number; readonly jobs: readonly DayJob[] }> {
  const seen = seenJobs(day, reach);
  const { where, order, bindings } = behind(which);
  const { rows } = await db.raw<{ rows: (DayJob & { readonly total: number })[] }>(
    `${seen.sql}
     select id, number, title, job_type as "jobType", priority, emergency, state, place_text as "placeText", due_at as "dueAt",
       reported_at as "reportedAt", begun_at as "begunAt", reached_at as "reachedAt", ended_at as "endedAt",
       late_seconds as "lateSeconds", verification, reason,
       coalesce((select jsonb_agg(distinct jsonb_build_object('shiftId', s.id, 'name', c.name, 'number', c.number))
         from assignment a join crew_shift s on s.id = a.shift_id join crew c on c.id = s.crew_id
         where a.job_id = seen.id and (${HELD} or ${FINISHED})), '[]') as crews,
       count(*) over ()::integer as total
     from seen where ${where} order by ${order}, number limit :limit`,
    { ...seen.bindings, ...bindings, limit } as never,
  );
  return { total: rows[0]?.total ?? 0, jobs: rows.map(({ total: _, ...job }) => job) };
}

/** An assignment that holds its slot, and one that was carried out. */
const HELD = `a.requested is null and a.state in ('planned', 'dispatched', 'accepted', 'travelling', 'on_site', 'working', 'paused')`;
const FINISHED = `a.state in ('completed', 'cannot_complete')`;

function behind(which: DayJobsOf): { where: string; order: string; bindings: Record<string, unknown> } {
  switch (which.of) {
    case 'done': {
      const { verification = null, hour = null } = which;
      return {
        where: `${COUNTED.done} and (:verification::text is null or verification = :verification) and (:hour::integer is null or ${hourOf('ended_at')} = :hour)`,
        order: 'ended_at desc',
        bindings: { verification, hour },
      };
    }
    case 'not_done':
      return { where: COUNTED.not_done, order: 'ended_at desc', bindings: {} };
    case 'late':
    case 'overdue':
      return { where: COUNTED[which.of], order: 'late_seconds desc', bindings: {} };
    case 'under_way':
    case 'aside':
      return { where: COUNTED[which.of], order: 'priority, reported_at', bindings: {} };
    case 'emergencies':
      return {
        where: `${COUNTED.emergencies} and (:reached::boolean is null or (reached_at is not null) = :reached)`,
        order: 'reached_at is not null, reported_at desc',
        bindings: { reached: which.reached ?? null },
      };
    case 'waiting': {
      const { withCrew = null, areaKind = null, areaId = null } = which;
      return {
        where: `${COUNTED.waiting} and (:with_crew::boolean is null or (state <> 'ready') = :with_crew) and (:kind::text is null
          or (:area::uuid is not null and :area::uuid = any(area_ids))
          or (:area::uuid is null and not exists (select 1 from area ar where ar.kind = :kind and ar.id = any(area_ids))))`,
        order: 'reported_at',
        bindings: { with_crew: withCrew, kind: areaKind, area: areaId },
      };
    }
    case 'crew':
      return {
        where: `exists (select 1 from assignment a where a.job_id = seen.id and a.shift_id = :shift and (${HELD} or ${FINISHED}))`,
        order: `(select min(a.position) from assignment a where a.job_id = seen.id and a.shift_id = :shift)`,
        bindings: { shift: which.shiftId },
      };
    default:
      return which satisfies never;
  }
}

/** A report of the day with what became of it; nothing a reporter wrote. */
export interface DayReport {
  readonly id: string;
  readonly number: string;
  readonly serviceType: string;
  readonly placeText: string | null;
  readonly reportedAt: Date;
  readonly state: string;
  /** The job that answers it. */
  readonly jobNumber: number | null;
}

/** The reports of the day, or of one of its hours, newest first. */
export async function listDayReports(
  db: Db,
  day: LookedAtDay,
  reach: Reach,
  hour: number | null,
  limit: number,
): Promise<{ readonly total: number; readonly reports: readonly DayReport[] }> {
  const { bindings } = seenJobs(day, reach);
  const { rows } = await db.raw<{ rows: (DayReport & { readonly total: number })[] }>(
    `select c.id, c.number, c.service_type as "serviceType", c.place_text as "placeText", c.reported_at as "reportedAt", c.state,
       (select max(j.number) from case_job cj join job j on j.id = cj.job_id where cj.case_id = c.id and cj.left_at is null) as "jobNumber",
       count(*) over ()::integer as total
     from cases c where ${reportsOfDay} and (:hour::integer is null or ${hourOf('c.reported_at')} = :hour)
     order by c.reported_at desc, c.number desc limit :limit`,
    {
      from: bindings['from'],
      until: bindings['until'],
      organisation: bindings['organisation'],
      areas: bindings['areas'],
      hour,
      limit,
    } as never,
  );
  return { total: rows[0]?.total ?? 0, reports: rows.map(({ total: _, ...report }) => report) };
}
