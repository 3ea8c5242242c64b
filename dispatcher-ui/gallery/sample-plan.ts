import type {
  PlanLeftOut,
  PlanOrigin,
  PlanProgress,
  PlanRequest,
  PlanShiftView,
  PlanStopView,
  PlanView,
} from '../../server/stores/plans/contract.ts';
import type { PublishOutcome, Question } from '../../server/stores/work/contract.ts';
import { aShift, sampleId } from '../state/sample-desk.ts';
import { minutesFromNow, NOW } from './sample-city.ts';

const planId = (n: number): PlanView['id'] => sampleId(200_000 + n) as PlanView['id'];

const aStop = (n: number, over: Partial<PlanStopView> = {}): PlanStopView => ({
  jobId: sampleId(n),
  jobNumber: 1_000 + n,
  title: 'Pothole repair',
  slot: 0,
  shiftId: aShift(((n - 1) % 3) + 1).id,
  position: n,
  arrival: minutesFromNow(n * 15),
  start: minutesFromNow(n * 15),
  end: minutesFromNow(n * 15 + 30),
  lateSeconds: 0,
  travelSeconds: 380,
  change: 'new',
  stale: null,
  ...over,
});

const left = (n: number, code: string, params: Record<string, unknown> = {}, takenOff = false): PlanLeftOut => ({
  jobId: sampleId(n),
  jobNumber: 1_000 + n,
  title: 'Streetlight repair',
  slot: 0,
  priority: 3,
  ageSeconds: n * 700,
  reason: { code, params },
  takenOff,
});

const aCost = (): PlanView['cost'] => ({
  total: 18_420,
  unserved: 4_000,
  late: 1_200,
  waiting: 2_400,
  travel: 8_500,
  duty: 800,
  overtime: 520,
  use: 400,
  change: 600,
  promise: 0,
  overqualification: 0,
  area: 0,
  balance: 0,
});

/** A draft with every kind of difference. */
export const aPlan = (over: Partial<PlanView> = {}): PlanView => ({
  id: planId(1),
  state: 'draft',
  serviceDay: '2026-03-02',
  madeAt: NOW,
  publishedAt: null,
  seed: 1,
  iterations: 300,
  engine: 'thuma 0.1.0',
  roadsVersion: 'sample',
  roadsSource: 'osrm',
  estimatedPairs: 0,
  cost: aCost(),
  costNow: {
    ...aCost(),
    total: 41_020,
    unserved: 23_600,
    late: 6_900,
    waiting: 2_400,
    travel: 6_200,
    duty: 1_000,
    overtime: 520,
    change: 0,
  },
  changes: 4,
  forcedChanges: 1,
  maxChanges: 6,
  bound: null,
  lp: [
    {
      status: 'optimal',
      method: 'simplex',
      objective: 17_800,
      shifts: 18,
      jobs: 42,
      arcs: 310,
      allArcs: 756,
      pricingRounds: 3,
      certified: true,
    },
  ],
  zones: [],
  summary: {
    jobs: 9,
    assigned: 6,
    added: 3,
    moved: 2,
    takenOff: 1,
    leftOut: 3,
    lateBefore: 4,
    lateAfter: 1,
    lateSecondsBefore: 5_400,
    lateSecondsAfter: 900,
    travelSeconds: 11_700,
    metres: 128_000,
  },
  shifts: [],
  stops: [
    aStop(1),
    aStop(2, { lateSeconds: 900 }),
    aStop(3, { stale: 'job_changed' }),
    aStop(4, { change: 'other_crew' }),
    aStop(5, { change: 'other_time' }),
    aStop(6, { change: 'same' }),
  ],
  leftOut: [
    left(7, 'not_today', { cheapestShift: 1, extraCost: 40 }, true),
    left(8, 'no_crew_with_skills', { missing: ['electric'] }),
    left(9, 'longer_than_any_shift', { neededSeconds: 9_000, mostSeconds: 5_400 }),
    left(10, 'beyond_plan_size', { most: 800 }),
  ],
  ...over,
});

export const aShiftOfPlan = (n: number, over: Partial<PlanShiftView> = {}): PlanShiftView => ({
  shiftId: aShift(n).id,
  crewName: `Crew ${n}`,
  startSource: 'depot',
  startFrom: 'planned',
  startAgeSeconds: null,
  stops: 5,
  travelSeconds: 4_800,
  metres: 41_000,
  workSeconds: 12_600,
  idleSeconds: 300,
  overtimeSeconds: 0,
  endsAt: minutesFromNow(310),
  breaks: [],
  breaksSkipped: [],
  ...over,
});

export const anOrigin = (over: Partial<PlanOrigin> = {}): PlanOrigin => ({
  planId: planId(1),
  number: 3,
  ofDay: 7,
  requestedAt: NOW,
  requestedBy: 'Thandi Nkosi',
  reason: 'dispatcher',
  publishedBy: 'Thandi Nkosi',
  cheaperThan: null,
  jobs: 42,
  shifts: 18,
  problemHash: 'q3kN0mTq5bQn0m3r6u1o6bq1vJt2y5eKXo2b7pJmQ0c',
  configHash: 'b94d27b9934d3e08a52e52d7da7dabfac484efe3',
  configLoadedAt: minutesFromNow(-600),
  ...over,
});

/** A search by the clock, most of its time over. */
export const aProgress = (over: Partial<PlanProgress> = {}): PlanProgress => ({
  phase: 'solving',
  share: 0.62,
  bestCost: 18_420,
  bestCostByTerm: aCost(),
  elapsedSeconds: 3.1,
  budgetSeconds: 5,
  curve: [
    { seconds: 0.1, cost: 31_900 },
    { seconds: 0.4, cost: 24_100 },
    { seconds: 0.9, cost: 20_650 },
    { seconds: 1.8, cost: 18_900 },
    { seconds: 2.7, cost: 18_420 },
  ],
  finishing: false,
  ...over,
});

const NOTHING_YET: Partial<PlanProgress> = {
  share: null,
  bestCost: null,
  bestCostByTerm: null,
  elapsedSeconds: null,
  budgetSeconds: null,
  curve: [],
};
/** Before anything is known but the phase. */
export const aPhase = (phase: PlanProgress['phase'], over: Partial<PlanProgress> = {}): PlanProgress =>
  aProgress({ ...NOTHING_YET, phase, ...over });

export const aRequest = (over: Partial<PlanRequest> = {}): PlanRequest => ({
  id: sampleId(210_001) as PlanRequest['id'],
  state: 'running',
  serviceDay: '2026-03-02',
  requestedAt: NOW,
  reason: 'dispatcher',
  planId: null,
  failure: null,
  maxChanges: 6,
  progress: aProgress(),
  ...over,
});

export const anOutcome: PublishOutcome = {
  planId: planId(1),
  assigned: 3,
  moved: 2,
  unassigned: 1,
  unchanged: 1,
  dispatched: 2,
  leftAlone: [
    { jobId: sampleId(3) as PublishOutcome['leftAlone'][number]['jobId'], slot: 0, because: 'job_changed' },
    { jobId: sampleId(4) as PublishOutcome['leftAlone'][number]['jobId'], slot: 0, because: 'not_movable' },
  ],
  shifts: [],
};

export const aQuestion = (n: number, kind: Question['kind']): Question => ({
  id: sampleId(220_000 + n),
  kind,
  jobId: sampleId(n),
  assignmentId: null,
  shiftId: aShift(1).id,
  caseId: null,
  askedAt: minutesFromNow(-n * 9),
  body: {},
  answeredAt: null,
  answer: null,
});
