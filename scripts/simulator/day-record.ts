import type { Db } from '../../db/knex.ts';
import type { CityConfig } from '../../server/stores/city/contract.ts';
import { RecordedDay, type JobOutcome, type RecordedCrew, type RecordedJob } from '../../server/stores/recorded-days/contract.ts';
import { recordedDayName } from '../../server/stores/recorded-days/files.ts';
import type { DayReport } from './day-report.ts';
import type { LeftOutReasons } from './desk.ts';

export interface RecordInput {
  readonly city: CityConfig;
  readonly report: DayReport;
  readonly startMs: number;
  readonly endMs: number;
  readonly crews: readonly RecordedCrew[];
  readonly leftOut: LeftOutReasons;
}

/** What a job's state at the end of the day means to somebody who looks back at it. */
export function outcomeOf(state: string): JobOutcome {
  switch (state) {
    case 'completed':
      return 'done';
    case 'cannot_complete':
      return 'cannot';
    case 'planned':
    case 'dispatched':
    case 'under_way':
      return 'with_crew';
    case 'ready':
      return 'not_today';
    case 'cancelled':
      return 'cancelled';
    default:
      return 'aside';
  }
}

interface JobRow {
  id: string;
  number: number;
  title: string;
  priority: 1 | 2 | 3 | 4;
  emergency: boolean;
  lon: number;
  lat: number;
  place_text: string | null;
  state: string;
  reports: number;
  reported_at: Date;
  due_at: Date | null;
  begun_at: Date | null;
  ended_at: Date | null;
  verification: RecordedJob['verification'];
  reason: string | null;
  crew_number: number | null;
}

/** A job of the database as the recorded day keeps it. */
export function recordedJob(row: JobRow, leftOut: LeftOutReasons): RecordedJob {
  const outcome = outcomeOf(row.state);
  const begunLate = outcome === 'done' && row.due_at !== null && row.begun_at !== null && row.begun_at > row.due_at;
  const byPlan = leftOut.get(row.id);
  return {
    number: row.number,
    title: row.title,
    priority: row.priority,
    emergency: row.emergency,
    place: { lon: Number(row.lon.toFixed(6)), lat: Number(row.lat.toFixed(6)) },
    placeText: row.place_text,
    reports: row.reports,
    reportedAt: row.reported_at.toISOString(),
    dueAt: row.due_at?.toISOString() ?? null,
    begunAt: row.begun_at?.toISOString() ?? null,
    endedAt: row.ended_at?.toISOString() ?? null,
    outcome,
    verification: outcome === 'done' ? row.verification : null,
    lateMinutes: begunLate ? Math.max(1, Math.round((row.begun_at!.getTime() - row.due_at!.getTime()) / 60_000)) : null,
    reason:
      outcome === 'cannot'
        ? { code: row.reason ?? 'other', params: {} }
        : outcome === 'not_today' && byPlan !== undefined
          ? { code: byPlan.code, params: { ...byPlan.params } }
          : null,
    crewNumber: row.crew_number,
  };
}

/** The day with everything a page needs to show it again, read from the database before that is taken down. */
export async function recordDay(db: Db, input: RecordInput): Promise<RecordedDay> {
  const { city, report, startMs, endMs } = input;
  const { rows: jobs } = await db.raw<{ rows: JobRow[] }>(
    `select j.id, j.number, j.title, j.priority, j.emergency, st_x(j.road_point) as lon, st_y(j.road_point) as lat, j.place_text, j.state,
       j.due_at, j.ended_at, coalesce(asked.reports, 0)::integer as reports, coalesce(asked.reported_at, j.created_at) as reported_at,
       work.begun_at, work.verification, work.reason, work.crew_number
     from job j
     left join lateral (select count(*) as reports, min(c.reported_at) as reported_at
       from case_job cj join cases c on c.id = cj.case_id where cj.job_id = j.id and cj.left_at is null) asked on true
     left join lateral (select min(coalesce(a.working_at, a.on_site_at, a.ended_at)) filter (where a.state = 'completed') as begun_at,
         max(a.reason) filter (where a.state = 'cannot_complete') as reason,
         case when bool_or(a.verification = 'pending') then 'pending' when bool_or(a.verification = 'unverified') then 'unverified'
           when bool_or(a.verification = 'verified') then 'verified' end as verification,
         (array_agg(w.number order by a.ended_at is null, a.ended_at desc))[1] as crew_number
       from assignment a join crew_shift s on s.id = a.shift_id join crew w on w.id = s.crew_id
       where a.job_id = j.id and a.requested is null and a.state not in ('declined', 'recalled', 'cancelled')) work on true
     order by j.number`,
  );
  const { rows: hours } = await db.raw<{ rows: { hour: number; reports: number; made: number; done: number; late: number }[] }>(
    `with counted as (
       select reported_at as at, 1 as report, 0 as made, 0 as done, 0 as late from cases
       union all select created_at, 0, 1, 0, 0 from job
       union all select ended_at, 0, 0, 1, 0 from job where state = 'completed'
       union all select begun, 0, 0, 0, 1 from (select min(coalesce(a.working_at, a.on_site_at, a.ended_at)) as begun, j.due_at
         from job j join assignment a on a.job_id = j.id and a.state = 'completed' where j.state = 'completed' group by j.id) b where begun > due_at)
     select floor(extract(epoch from at - ?::timestamptz) / 3600)::integer as hour, sum(report)::integer as reports, sum(made)::integer as made,
       sum(done)::integer as done, sum(late)::integer as late
     from counted where at >= ?::timestamptz and at < ?::timestamptz group by 1`,
    [startMs, startMs, endMs].map((ms) => new Date(ms).toISOString()),
  );
  const byHour = new Map(hours.map((row) => [row.hour, row]));
  return RecordedDay.parse({
    format: 1,
    name: recordedDayName(report.city, report.date, report.seed),
    city: city.name,
    cityTitle: city.title,
    zone: city.zone,
    date: report.date,
    seed: report.seed,
    from: new Date(startMs).toISOString(),
    until: new Date(endMs).toISOString(),
    bounds: city.bounds,
    depots: city.depots.map(({ name, place }) => ({ name, place })),
    figures: report,
    hours: Array.from({ length: Math.ceil((endMs - startMs) / 3_600_000) }, (_, hour) => {
      const row = byHour.get(hour);
      return {
        from: new Date(startMs + hour * 3_600_000).toISOString(),
        reports: row?.reports ?? 0,
        jobsMade: row?.made ?? 0,
        jobsDone: row?.done ?? 0,
        begunLate: row?.late ?? 0,
      };
    }),
    jobs: jobs.map((row) => recordedJob(row, input.leftOut)),
    crews: input.crews,
  });
}
