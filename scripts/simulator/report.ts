import type { Db } from '../../db/knex.ts';

async function rows<T>(db: Db, sql: string, bindings: readonly unknown[] = []): Promise<T[]> {
  return (await db.raw<{ rows: T[] }>(sql, bindings as never)).rows;
}

const counted = (list: readonly { key: string; n: number }[]): Record<string, number> =>
  Object.fromEntries(list.map(({ key, n }) => [key, n]));

export interface DayFigures {
  readonly cases: {
    readonly reported: number;
    readonly onRoad: number;
    readonly byPlaceQuality: Record<string, number>;
    readonly byState: Record<string, number>;
  };
  readonly clusters: { readonly jobsFromReports: number; readonly reportsJoined: number; readonly largest: number };
  readonly jobs: { readonly made: number; readonly followUps: number; readonly byState: Record<string, number> };
  readonly done: { readonly jobs: number; readonly cases: number; readonly byVerification: Record<string, number> };
  readonly late: {
    readonly jobs: number;
    readonly onTime: number;
    readonly medianMinutes: number | null;
    readonly p90Minutes: number | null;
    readonly totalMinutes: number;
  };
  readonly cannotComplete: Record<string, number>;
  readonly notToday: number;
  /** From the first report of a job to its completion, in minutes; open jobs count until the end of the day. */
  readonly waitingByArea: readonly {
    readonly area: string;
    readonly jobs: number;
    readonly done: number;
    readonly medianMinutes: number;
    readonly p90Minutes: number;
  }[];
  readonly positions: { readonly stored: number; readonly flagged: Record<string, number> };
  readonly questions: Record<string, number>;
  readonly notifications: Record<string, number>;
  readonly events: number;
}

/** The day in figures, read from the database. `endMs`: the moment the day is looked at. */
export async function dayFigures(db: Db, endMs: number): Promise<DayFigures> {
  const end = new Date(endMs).toISOString();
  const one = async <T>(sql: string, bindings: readonly unknown[] = []): Promise<T> => (await rows<T>(db, sql, bindings))[0]!;
  const by = async (sql: string): Promise<Record<string, number>> => counted(await rows<{ key: string; n: number }>(db, sql));
  return {
    cases: {
      reported: (await one<{ n: number }>('select count(*)::int as n from cases')).n,
      onRoad: (await one<{ n: number }>(`select count(*)::int as n from cases where place_quality = 'on_road'`)).n,
      byPlaceQuality: await by('select place_quality as key, count(*)::int as n from cases group by 1 order by 1'),
      byState: await by('select state as key, count(*)::int as n from cases group by 1 order by 1'),
    },
    clusters: await one(
      `with joined as (select job_id, count(*)::int as reports from case_job where cause = 'policy' group by 1)
       select count(*)::int as "jobsFromReports", coalesce(sum(reports) - count(*), 0)::int as "reportsJoined", coalesce(max(reports), 0)::int as largest from joined`,
    ),
    jobs: {
      made: (await one<{ n: number }>('select count(*)::int as n from job')).n,
      followUps: (await one<{ n: number }>('select count(*)::int as n from job where follow_up_of is not null')).n,
      byState: await by('select state as key, count(*)::int as n from job group by 1 order by 1'),
    },
    done: {
      jobs: (await one<{ n: number }>(`select count(*)::int as n from job where state = 'completed'`)).n,
      cases: (await one<{ n: number }>(`select count(*)::int as n from cases where state in ('resolved', 'resolved_unverified')`))
        .n,
      byVerification: await by(
        `select verification as key, count(*)::int as n from assignment where state = 'completed' group by 1 order by 1`,
      ),
    },
    late: await one(
      `with done as (select extract(epoch from min(coalesce(a.working_at, a.on_site_at, a.ended_at)) - j.due_at) / 60 as minutes
         from job j join assignment a on a.job_id = j.id and a.state = 'completed' where j.state = 'completed' and j.due_at is not null group by j.id)
       select count(*) filter (where minutes > 0)::int as jobs, count(*) filter (where minutes <= 0)::int as "onTime",
         round(percentile_cont(0.5) within group (order by minutes) filter (where minutes > 0))::int as "medianMinutes",
         round(percentile_cont(0.9) within group (order by minutes) filter (where minutes > 0))::int as "p90Minutes",
         coalesce(round(sum(minutes) filter (where minutes > 0)), 0)::int as "totalMinutes" from done`,
    ),
    cannotComplete: await by(
      `select reason as key, count(*)::int as n from assignment where state = 'cannot_complete' group by 1 order by 1`,
    ),
    notToday: (
      await one<{ n: number }>(`select count(*)::int as n from job where state in ('ready', 'planned', 'draft', 'on_hold')`)
    ).n,
    waitingByArea: await rows(
      db,
      `with asked as (
         select j.id, j.area_ids, j.state, extract(epoch from coalesce(j.ended_at, ?::timestamptz) - min(c.reported_at)) / 60 as minutes
         from job j join case_job cj on cj.job_id = j.id join cases c on c.id = cj.case_id group by j.id)
       select ar.name as area, count(*)::int as jobs, count(*) filter (where asked.state = 'completed')::int as done,
         round(percentile_cont(0.5) within group (order by minutes))::int as "medianMinutes",
         round(percentile_cont(0.9) within group (order by minutes))::int as "p90Minutes"
       from asked join area ar on ar.id = any (asked.area_ids) group by 1 order by 1`,
      [end],
    ),
    positions: {
      stored: (await one<{ n: number }>('select count(*)::int as n from fix')).n,
      flagged: await by(`select flags::text as key, count(*)::int as n from fix where flags <> 0 group by 1 order by 1`),
    },
    questions: await by('select kind as key, count(*)::int as n from question group by 1 order by 1'),
    notifications: await by('select message as key, count(*)::int as n from notification group by 1 order by 1'),
    events: (await one<{ n: number }>('select count(*)::int as n from event')).n,
  };
}
