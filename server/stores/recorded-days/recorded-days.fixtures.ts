import { RecordedDay } from './contract.ts';

const spread = { median: 0.2, p95: 0.4, most: 0.5 };

/** For tests: the smallest recorded day there can be. */
export const aRecordedDay = (over: Partial<RecordedDay> = {}): RecordedDay =>
  RecordedDay.parse({
    format: 1,
    name: 'gothenburg-2026-03-02-seed1',
    city: 'gothenburg',
    cityTitle: 'Gothenburg',
    zone: 'Europe/Stockholm',
    date: '2026-03-02',
    seed: 1,
    from: '2026-03-01T23:00:00.000Z',
    until: '2026-03-02T23:00:00.000Z',
    bounds: [11.85, 57.645, 12.1, 57.765],
    depots: [],
    figures: {
      requests: { inDay: 2, invented: 2, sent: 2, refused: {} },
      cases: { reported: 2, onRoad: 2, byPlaceQuality: {}, byState: {} },
      clusters: { jobsFromReports: 1, reportsJoined: 1, largest: 2 },
      jobs: { made: 1, followUps: 0, byState: {} },
      done: { jobs: 1, cases: 2, byVerification: { verified: 1 } },
      late: { jobs: 0, onTime: 1, medianMinutes: null, p90Minutes: null, totalMinutes: 0 },
      cannotComplete: {},
      notToday: 0,
      waitingByArea: [],
      questions: {},
      events: 10,
      crews: {
        count: 1,
        kilometres: 4,
        drivingMinutes: 10,
        workingMinutes: 30,
        idleMinutes: 20,
        facts: 4,
        factsSentTwice: 0,
        factsRefused: {},
        silences: 0,
      },
      plans: [],
      desk: { movedByHand: 0, refusedByHand: 0, failedPlans: 0 },
      fixes: { sent: 10, acknowledged: 10, stored: 10, lost: 0, leftOnPhones: 0 },
      invariants: { seq_gapless: true },
      timings: {
        machine: 'test',
        wallSeconds: 1,
        planSeconds: spread,
        publishSeconds: spread,
        assignmentToDeviceMs: { ...spread, missed: 0 },
        faults: [],
      },
    },
    hours: [],
    jobs: [],
    crews: [],
    ...over,
  });
