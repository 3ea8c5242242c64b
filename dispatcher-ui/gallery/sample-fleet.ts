import type { CrewLoad, DayPlan, FleetToday } from '../../server/stages/reporting/contract.ts';
import { sampleId } from '../state/sample-desk.ts';
import { minutesFromNow, NOW } from './sample-city.ts';

const aLoad = (n: number, over: Partial<CrewLoad> = {}): CrewLoad => ({
  shiftId: sampleId(800_000 + n),
  crewNumber: n,
  crewName: `Crew ${n}`,
  state: 'on_duty',
  from: '2026-03-02T06:00:00.000Z',
  until: '2026-03-02T14:00:00.000Z',
  availableSeconds: 27_000,
  workedSeconds: 3_600 + n * 900,
  drivenSeconds: 1_500 + n * 200,
  workAheadSeconds: 14_000 - n * 1_500,
  driveAheadSeconds: 4_000 - n * 500,
  stopsWithoutDriving: 0,
  done: n,
  notDone: 0,
  open: 6 - n,
  metres: 18_000 + n * 2_300,
  metresFrom: 'fixes',
  ...over,
});

const aDayPlan = (n: number, over: Partial<DayPlan> = {}): DayPlan => ({
  id: sampleId(200_000 + n),
  state: 'published',
  madeAt: minutesFromNow(-n * 35),
  publishedAt: minutesFromNow(-n * 35 + 2),
  cost: 18_420 + n * 310,
  roadsSource: 'osrm',
  certified: true,
  changes: { assigned: 4 + n, moved: n, unassigned: 0, unchanged: 30, dispatched: 3, leftAlone: 0 },
  ...over,
});

const anHour = (hour: number, reports: number, done: number): FleetToday['hours'][number] => ({
  hour,
  from: `2026-03-02T${String(hour - 1).padStart(2, '0')}:00:00.000Z`,
  reports,
  done,
});

const anArea = (n: number, name: string | null, jobs: number): FleetToday['waiting']['areas'][number] => ({
  kind: 'district',
  areaId: name === null ? null : sampleId(700_000 + n),
  name,
  jobs,
  withCrew: Math.floor(jobs / 2),
  oldestSeconds: 3_600 * (n + 1),
});

/** A day at ten in the morning: every figure has something behind it. */
export const aToday = (over: Partial<FleetToday> = {}): FleetToday => ({
  serviceDay: '2026-03-02',
  from: '2026-03-01T23:00:00.000Z',
  at: NOW,
  seq: 4_711,
  done: { jobs: 41, verified: 33, pending: 5, unverified: 3, notDone: 4 },
  late: { jobs: 6, medianSeconds: 900, p90Seconds: 3_300, begun: 38 },
  overdue: { jobs: 4, medianSeconds: 1_200, p90Seconds: 4_100 },
  waiting: {
    jobs: 57,
    withCrew: 31,
    oldestSeconds: 61_000,
    underWay: 9,
    aside: 2,
    areas: [anArea(1, 'District A1', 24), anArea(2, 'District A2', 18), anArea(3, 'District B', 11), anArea(4, null, 4)],
  },
  emergencies: { jobs: 3, reached: 2, medianSeconds: 1_320, p90Seconds: 1_980, longestOpenSeconds: 2_400 },
  kilometres: {
    drivenMetres: 244_400,
    drivenCrews: 4,
    plannedMetres: 21_300,
    plannedCrews: 1,
    unknownCrews: 1,
    through: minutesFromNow(-1),
  },
  crews: [
    aLoad(1),
    aLoad(2),
    aLoad(3, { workAheadSeconds: 21_000, stopsWithoutDriving: 2 }),
    aLoad(4, { notDone: 1 }),
    aLoad(5, { metresFrom: 'plan' }),
    aLoad(6, { state: 'scheduled', workedSeconds: 0, drivenSeconds: 0, metres: null, metresFrom: 'unknown', done: 0 }),
  ],
  plans: [
    aDayPlan(0, { state: 'draft', publishedAt: null, changes: null }),
    aDayPlan(1),
    aDayPlan(2, { state: 'superseded', roadsSource: 'estimate', certified: false }),
    aDayPlan(3, { state: 'discarded', publishedAt: null, changes: null }),
  ],
  hours: [anHour(7, 12, 2), anHour(8, 31, 9), anHour(9, 22, 17), anHour(10, 4, 13)],
  ...over,
});

/** Before anything has happened. */
export const anEmptyToday: FleetToday = aToday({
  done: { jobs: 0, verified: 0, pending: 0, unverified: 0, notDone: 0 },
  late: { jobs: 0, medianSeconds: null, p90Seconds: null, begun: 0 },
  overdue: { jobs: 0, medianSeconds: null, p90Seconds: null },
  waiting: { jobs: 0, withCrew: 0, oldestSeconds: null, underWay: 0, aside: 0, areas: [] },
  emergencies: { jobs: 0, reached: 0, medianSeconds: null, p90Seconds: null, longestOpenSeconds: null },
  kilometres: { drivenMetres: 0, drivenCrews: 0, plannedMetres: 0, plannedCrews: 0, unknownCrews: 0, through: null },
  crews: [],
  plans: [],
  hours: [],
});
