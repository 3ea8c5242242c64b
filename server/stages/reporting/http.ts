import type { Db } from '../../../db/knex.ts';
import type { CityClock } from '../../platform/clock.ts';
import { route, type Route } from '../../platform/http-route.ts';
import { Problem } from '../../platform/problem.ts';
import { reachOf } from '../../platform/reach.ts';
import { listDriven, type DrivenShift } from '../../stores/positions/driven.ts';
import { listDayJobs, listDayReports, type DayJobsOf } from '../../stores/work/day-jobs.ts';
import { FleetToday, JobsBehind, JobsBehindPage, ReportsBehind, ReportsBehindPage } from './contract.ts';
import { lookedAtDay, readFleetToday, remembered, type ReadDriven } from './today.ts';

export interface ReportingDeps {
  readonly db: Db;
  readonly clock: CityClock;
  readonly zone: () => string;
  readonly wallMillis: () => number;
  /** The newest event that is committed. */
  readonly lastSeq: () => number | null;
}

/** A day of 280,000 fixes takes 2 s to walk over: read once a minute for everybody. */
const DRIVEN_KEPT_MILLIS = 60_000;
/** Many desks hear of one event at once: those who may see the same share a reading. */
const FIGURES_KEPT_MILLIS = 2_000;

/** The day in figures, and what each figure is made of. */
export function reportingRoutes({ db, clock, zone, wallMillis, lastSeq }: ReportingDeps): Route[] {
  const rememberDriven = remembered<readonly DrivenShift[]>(DRIVEN_KEPT_MILLIS, wallMillis);
  const rememberFigures = remembered<FleetToday>(FIGURES_KEPT_MILLIS, wallMillis);
  const readDriven: ReadDriven = (serviceDay) => rememberDriven(serviceDay, () => listDriven(db, serviceDay));
  const today = () => lookedAtDay(zone(), clock.now());
  return [
    route({
      method: 'get',
      path: '/api/fleet/today',
      action: 'report.read',
      summary: 'The service day in figures: done, late, waiting, emergencies, crews, kilometres, plans',
      answer: FleetToday,
      handle({ actor, scope }) {
        const reach = reachOf(actor, scope);
        return rememberFigures(JSON.stringify(reach), () => readFleetToday(db, today(), reach, readDriven, lastSeq()));
      },
    }),
    route({
      method: 'get',
      path: '/api/fleet/today/jobs',
      action: 'report.read',
      summary: 'The jobs behind one figure of the day, what presses most first',
      query: JobsBehind,
      answer: JobsBehindPage,
      async handle({ actor, scope, query }) {
        const day = today();
        const { total, jobs } = await listDayJobs(db, day, reachOf(actor, scope), whichJobs(query), query.limit);
        return {
          total,
          at: day.now.toISOString(),
          jobs: jobs.map((job) => ({
            ...job,
            crews: [...job.crews],
            dueAt: job.dueAt?.toISOString() ?? null,
            reportedAt: job.reportedAt.toISOString(),
            begunAt: job.begunAt?.toISOString() ?? null,
            reachedAt: job.reachedAt?.toISOString() ?? null,
            endedAt: job.endedAt?.toISOString() ?? null,
          })),
        };
      },
    }),
    route({
      method: 'get',
      path: '/api/fleet/today/reports',
      action: 'report.read',
      summary: 'The reports of the day, or of one of its hours, newest first',
      query: ReportsBehind,
      answer: ReportsBehindPage,
      async handle({ actor, scope, query }) {
        const day = today();
        const { total, reports } = await listDayReports(db, day, reachOf(actor, scope), query.hour ?? null, query.limit);
        return {
          total,
          at: day.now.toISOString(),
          reports: reports.map((report) => ({
            ...report,
            state: report.state as ReportsBehindPage['reports'][number]['state'],
            reportedAt: report.reportedAt.toISOString(),
          })),
        };
      },
    }),
  ];
}

/** @throws Problem 422 `which-crew` when a crew's jobs are asked for without its shift. */
function whichJobs(query: JobsBehind): DayJobsOf {
  switch (query.of) {
    case 'done':
      return {
        of: 'done',
        ...(query.verification === undefined ? {} : { verification: query.verification }),
        ...(query.hour === undefined ? {} : { hour: query.hour }),
      };
    case 'waiting':
      return {
        of: 'waiting',
        ...(query.withCrew === undefined ? {} : { withCrew: query.withCrew }),
        ...(query.areaKind === undefined ? {} : { areaKind: query.areaKind, areaId: query.areaId ?? null }),
      };
    case 'emergencies':
      return { of: 'emergencies', ...(query.reached === undefined ? {} : { reached: query.reached }) };
    case 'crew':
      if (query.shiftId === undefined) throw new Problem(422, 'which-crew', 'Name the shift whose jobs you want: shiftId=...');
      return { of: 'crew', shiftId: query.shiftId };
    case 'not_done':
    case 'late':
    case 'overdue':
    case 'under_way':
    case 'aside':
      return { of: query.of };
    default:
      return query.of satisfies never;
  }
}
