import type { Db } from '../../../db/knex.ts';
import type { Reach } from '../../platform/reach.ts';
import type { JobState } from '../jobs/contract.ts';
import {
  ASIDE,
  dayBindings,
  DONE,
  EMERGENCIES,
  HAS_OR_HAD,
  HOUR_OF_END,
  HOUR_OF_REPORT,
  LATE,
  NOT_DONE,
  OVERDUE,
  REPORTS_OF_DAY,
  SEEN,
  TO_SITE_SECONDS,
  UNDER_WAY,
  WAITED_SECONDS,
  WAITING,
  WITH_CREW,
  type LookedAtDay,
} from './day-jobs-sql.ts';

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

/** The day in figures, within the reach: one statement over the day's jobs. */
export async function readDayFigures(db: Db, day: LookedAtDay, reach: Reach): Promise<DayFigures> {
  const { rows } = await db.raw<{ rows: DayFigures[] }>(
    `${SEEN}
     select jsonb_build_object('jobs', count(*) filter (where ${DONE}),
         'verified', count(*) filter (where verification = 'verified'), 'pending', count(*) filter (where verification = 'pending'),
         'unverified', count(*) filter (where verification = 'unverified'), 'notDone', count(*) filter (where ${NOT_DONE})) as done,
       jsonb_build_object('jobs', count(*) filter (where ${LATE}),
         'medianSeconds', round(percentile_cont(0.5) within group (order by late_seconds) filter (where ${LATE})),
         'p90Seconds', round(percentile_cont(0.9) within group (order by late_seconds) filter (where ${LATE})),
         'begun', count(*) filter (where due_at is not null and begun_at is not null and state in ('under_way', 'completed'))) as late,
       jsonb_build_object('jobs', count(*) filter (where ${OVERDUE}),
         'medianSeconds', round(percentile_cont(0.5) within group (order by late_seconds) filter (where ${OVERDUE})),
         'p90Seconds', round(percentile_cont(0.9) within group (order by late_seconds) filter (where ${OVERDUE}))) as overdue,
       jsonb_build_object('jobs', count(*) filter (where ${WAITING}), 'withCrew', count(*) filter (where ${WITH_CREW}),
         'oldestSeconds', max(${WAITED_SECONDS}) filter (where ${WAITING}),
         'underWay', count(*) filter (where ${UNDER_WAY}), 'aside', count(*) filter (where ${ASIDE})) as waiting,
       jsonb_build_object('jobs', count(*) filter (where ${EMERGENCIES}),
         'reached', count(*) filter (where ${EMERGENCIES} and reached_at is not null),
         'medianSeconds', round(percentile_cont(0.5) within group (order by ${TO_SITE_SECONDS}) filter (where ${EMERGENCIES} and reached_at is not null)),
         'p90Seconds', round(percentile_cont(0.9) within group (order by ${TO_SITE_SECONDS}) filter (where ${EMERGENCIES} and reached_at is not null)),
         'longestOpenSeconds', max(${WAITED_SECONDS}) filter (where ${EMERGENCIES} and reached_at is null)) as emergencies
     from seen`,
    dayBindings(day, reach) as never,
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
  const { rows } = await db.raw<{ rows: AreaWaiting[] }>(
    `${SEEN}, kinds as (select distinct kind from area)
     select kinds.kind, ar.id as "areaId", ar.name, count(*)::integer as jobs,
       count(*) filter (where ${WITH_CREW})::integer as "withCrew",
       max(${WAITED_SECONDS}) as "oldestSeconds"
     from seen cross join kinds left join area ar on ar.kind = kinds.kind and ar.id = any(seen.area_ids)
     where ${WAITING}
     group by kinds.kind, ar.id, ar.name, ar.code
     order by kinds.kind, ar.id is null, jobs desc, ar.code`,
    dayBindings(day, reach) as never,
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
  const { rows } = await db.raw<{ rows: HourOfDay[] }>(
    `${SEEN}, counted as (
       select ${HOUR_OF_REPORT} as hour, 1 as report, 0 as done from cases c where ${REPORTS_OF_DAY}
       union all
       select ${HOUR_OF_END}, 0, 1 from seen where ${DONE})
     select hour, sum(report)::integer as reports, sum(done)::integer as done from counted group by hour order by hour`,
    dayBindings(day, reach) as never,
  );
  return rows;
}

/** The jobs behind one figure, what presses most first; `total` counts also those beyond the limit. */
export async function listDayJobs(
  db: Db,
  day: LookedAtDay,
  reach: Reach,
  which: DayJobsOf,
  limit: number,
): Promise<{ readonly total: number; readonly jobs: readonly DayJob[] }> {
  const { rows } = await db.raw<{ rows: (DayJob & { readonly total: number })[] }>(
    `${SEEN}, behind as (
       select seen.*, case when :of = 'crew' then
         (select min(a.position) from assignment a where a.job_id = seen.id and a.shift_id = :shift::uuid and ${HAS_OR_HAD}) end as stop
       from seen)
     select id, number, title, job_type as "jobType", priority, emergency, state, place_text as "placeText", due_at as "dueAt",
       reported_at as "reportedAt", begun_at as "begunAt", reached_at as "reachedAt", ended_at as "endedAt",
       late_seconds as "lateSeconds", verification, reason,
       coalesce((select jsonb_agg(distinct jsonb_build_object('shiftId', s.id, 'name', c.name, 'number', c.number))
         from assignment a join crew_shift s on s.id = a.shift_id join crew c on c.id = s.crew_id
         where a.job_id = behind.id and ${HAS_OR_HAD}), '[]') as crews,
       count(*) over ()::integer as total
     from behind
     where case :of::text
       when 'done' then ${DONE} and (:verification::text is null or verification = :verification) and (:hour::integer is null or ${HOUR_OF_END} = :hour)
       when 'not_done' then ${NOT_DONE}
       when 'late' then ${LATE}
       when 'overdue' then ${OVERDUE}
       when 'under_way' then ${UNDER_WAY}
       when 'aside' then ${ASIDE}
       when 'emergencies' then ${EMERGENCIES} and (:reached::boolean is null or (reached_at is not null) = :reached)
       when 'waiting' then ${WAITING} and (:with_crew::boolean is null or ${WITH_CREW} = :with_crew) and (:kind::text is null
         or (:area::uuid is not null and :area::uuid = any(area_ids))
         or (:area::uuid is null and not exists (select 1 from area ar where ar.kind = :kind and ar.id = any(area_ids))))
       when 'crew' then stop is not null end
     order by case when :of = 'emergencies' then reached_at is not null end, stop,
       case when :of in ('under_way', 'aside') then priority end,
       case when :of in ('late', 'overdue') then late_seconds end desc nulls last,
       case when :of in ('done', 'not_done') then ended_at when :of = 'emergencies' then reported_at end desc nulls last,
       reported_at, number
     limit :limit`,
    { ...dayBindings(day, reach), ...bindingsOf(which), limit } as never,
  );
  return { total: rows[0]?.total ?? 0, jobs: rows.map(({ total: _, ...job }) => job) };
}

/** Everything a list can be narrowed by; null: it is not. */
function bindingsOf(which: DayJobsOf): Record<string, unknown> {
  return {
    of: which.of,
    verification: which.of === 'done' ? (which.verification ?? null) : null,
    hour: which.of === 'done' ? (which.hour ?? null) : null,
    reached: which.of === 'emergencies' ? (which.reached ?? null) : null,
    with_crew: which.of === 'waiting' ? (which.withCrew ?? null) : null,
    kind: which.of === 'waiting' ? (which.areaKind ?? null) : null,
    area: which.of === 'waiting' ? (which.areaId ?? null) : null,
    shift: which.of === 'crew' ? which.shiftId : null,
  };
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
  const { rows } = await db.raw<{ rows: (DayReport & { readonly total: number })[] }>(
    `select c.id, c.number, c.service_type as "serviceType", c.place_text as "placeText", c.reported_at as "reportedAt", c.state,
       (select max(j.number) from case_job cj join job j on j.id = cj.job_id where cj.case_id = c.id and cj.left_at is null) as "jobNumber",
       count(*) over ()::integer as total
     from cases c where ${REPORTS_OF_DAY} and (:hour::integer is null or ${HOUR_OF_REPORT} = :hour)
     order by c.reported_at desc, c.number desc limit :limit`,
    { ...dayBindings(day, reach), hour, limit } as never,
  );
  return { total: rows[0]?.total ?? 0, reports: rows.map(({ total: _, ...report }) => report) };
}
