import type { RecordedDay, RecordedFigures, RecordedPlan } from '../../server/stores/recorded-days/contract.ts';
import { aRecordedCrew, aRecordedJob, aStretch, iso } from '../fleet/day/sample-day.ts';

const here: [number, number][] = [[57.7, 11.97]];
const on: [number, number][] = [
  [57.7, 11.97],
  [57.71, 11.99],
];
const aCrew = (n: number) =>
  aRecordedCrew({
    number: n,
    name: `Crew ${n}`,
    metres: 21_000 + n * 1_700,
    stretches: [
      aStretch('drive', '07:00', `07:${10 + n * 4}`, on),
      aStretch('work', `07:${10 + n * 4}`, `08:${10 + n * 6}`, here),
      aStretch('drive', `08:${10 + n * 6}`, '09:00', on),
      aStretch('work', '09:00', '10:30', here),
      aStretch('break', '10:30', '11:00', here),
      aStretch('idle', '11:00', '11:20', here),
      aStretch('drive', '11:20', '11:45', on),
      aStretch('work', '11:45', `13:${20 + n * 5}`, here),
    ],
    silences: n === 2 ? [{ from: iso('09:10'), until: iso('10:05') }] : [],
  });

const undone = { begunAt: null, endedAt: null, verification: null, lateMinutes: null, crewNumber: null } as const;
const jobs = [
  aRecordedJob({ number: 1 }),
  aRecordedJob({ number: 2, lateMinutes: null, begunAt: iso('09:00'), endedAt: iso('09:40') }),
  aRecordedJob({ ...undone, number: 3, outcome: 'cannot', priority: 1, reason: { code: 'no_access', params: {} } }),
  aRecordedJob({
    ...undone,
    number: 4,
    outcome: 'not_today',
    priority: 2,
    placeText: 'Storgatan near Vasagatan',
    reason: { code: 'no_crew_with_skills', params: { missing: ['electric'] } },
  }),
  aRecordedJob({ ...undone, number: 5, outcome: 'not_today', dueAt: null }),
  aRecordedJob({ ...undone, number: 6, outcome: 'with_crew' }),
  aRecordedJob({ ...undone, number: 7, outcome: 'aside', priority: 4 }),
];

const aPlan = (at: string, over: Partial<RecordedPlan> = {}): RecordedPlan => ({
  at: iso(at),
  reason: 'interval',
  cost: 18_420,
  roadsSource: 'osrm',
  lpStatus: ['optimal'],
  certified: true,
  jobs: 42,
  assigned: 36,
  leftOut: 6,
  published: { assigned: 9, moved: 2, unassigned: 1, dispatched: 4, leftAlone: 0 },
  ...over,
});

/** The figures of a day in which everything held. */
export const theFigures: RecordedFigures = {
  requests: { inDay: 64, invented: 0, sent: 64, refused: {} },
  cases: { reported: 64, onRoad: 62, byPlaceQuality: {}, byState: {} },
  clusters: { jobsFromReports: 51, reportsJoined: 11, largest: 3 },
  jobs: { made: 53, followUps: 2, byState: {} },
  done: { jobs: 41, cases: 49, byVerification: { verified: 38 } },
  late: { jobs: 6, onTime: 35, medianMinutes: 12, p90Minutes: 44, totalMinutes: 118 },
  cannotComplete: { no_access: 2 },
  notToday: 8,
  waitingByArea: [],
  questions: {},
  events: 1_204,
  crews: {
    count: 4,
    kilometres: 212.4,
    drivingMinutes: 410,
    workingMinutes: 1_120,
    idleMinutes: 80,
    facts: 240,
    factsSentTwice: 3,
    factsRefused: {},
    silences: 1,
  },
  plans: [
    aPlan('07:00', { reason: 'shift_start' }),
    aPlan('08:12', { reason: 'emergency' }),
    aPlan('09:00', { roadsSource: 'estimate', lpStatus: [], certified: false }),
    aPlan('10:00', { reason: 'dispatcher', lpStatus: ['time_limit'], certified: false }),
  ],
  desk: { movedByHand: 2, refusedByHand: 0, failedPlans: 0 },
  fixes: { sent: 9_800, acknowledged: 9_800, stored: 9_800, lost: 0, leftOnPhones: 0 },
  invariants: { nothing_acknowledged_missing: true, no_slot_with_two_crews: true, seq_gapless: true },
  timings: {
    machine: 'a sample of a machine',
    wallSeconds: 312,
    planSeconds: { median: 0.8, p95: 2.1, most: 3 },
    publishSeconds: { median: 0.1, p95: 0.2, most: 0.4 },
    assignmentToDeviceMs: { median: 60, p95: 140, most: 300, missed: 0 },
    faults: [
      { what: 'router', at: iso('09:00'), shownAfterSeconds: 1.2, healedAfterSeconds: 8.4 },
      { what: 'database', at: iso('10:20'), shownAfterSeconds: null, healedAfterSeconds: 0 },
    ],
  },
};

/** The same day with everything wrong that the page can say. */
export const theBrokenFigures: RecordedFigures = {
  ...theFigures,
  plans: theFigures.plans.map((plan) => ({ ...plan, certified: false })),
  fixes: { ...theFigures.fixes, stored: 9_700, lost: 100 },
  invariants: { ...theFigures.invariants, no_slot_with_two_crews: false },
  timings: { ...theFigures.timings, faults: [] },
};

/** Four crews' morning. */
export const theRecordedDay: RecordedDay = {
  format: 1,
  name: 'sample-2026-03-02-seed1',
  city: 'sample',
  cityTitle: 'Sampletown',
  zone: 'Europe/Stockholm',
  date: '2026-03-02',
  seed: 1,
  from: iso('06:00'),
  until: iso('15:00'),
  bounds: [11.85, 57.645, 12.1, 57.765],
  depots: [],
  figures: theFigures,
  hours: [],
  jobs,
  crews: [1, 2, 3, 4].map(aCrew),
};
