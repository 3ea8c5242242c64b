import type { BreakStop, CrewDay, CrewStop, Way } from '../../server/stages/crew-day/contract.ts';

const id = (n: number): string => `00000000-0000-7000-8000-${String(n).padStart(12, '0')}`;

/** Assignment `n` of a day. */
export const assignmentId = (n: number): CrewStop['assignmentId'] => id(n) as CrewStop['assignmentId'];
export const SHIFT = id(900_001) as CrewDay['shiftId'];

/** Encoded: two legs of about 1.1 km each, first east, then north. */
export const aWay = (over: Partial<Way> = {}): Way => ({
  line: { points: '_yyoIoiihA?_pR_pR?', precision: 5 },
  seconds: 300,
  metres: 1_700,
  source: 'osrm',
  directions: { locale: 'en', instead: null, steps: [] },
  ...over,
});

/** A job sent to the crew and not accepted yet. */
export const aStop = (n: number, over: Partial<CrewStop> = {}): CrewStop => ({
  kind: 'job',
  assignmentId: assignmentId(n),
  version: 3,
  state: 'dispatched',
  requested: null,
  jobId: id(500_000 + n) as CrewStop['jobId'],
  jobNumber: 2000 + n,
  jobType: 'main-repair',
  title: 'Burst main repair',
  place: { lon: 11.97, lat: 57.7 },
  roadPoint: { lon: 11.97, lat: 57.7 },
  placeText: 'Storgatan near Vasagatan',
  priority: 1,
  emergency: true,
  serviceSeconds: 2_700,
  slot: 0,
  slots: 1,
  skills: ['water'],
  plant: ['digger'],
  proof: ['photo'],
  windows: [],
  dueAt: '2026-03-02T08:00:00.000Z',
  promisedFrom: null,
  promisedUntil: null,
  plannedArrival: null,
  plannedStart: null,
  plannedEnd: null,
  eta: null,
  arrivalSuggested: false,
  endedAt: null,
  verification: null,
  way: aWay(),
  ...over,
});

export const aBreak = (over: Partial<BreakStop> = {}): BreakStop => ({
  kind: 'break',
  breakId: 'lunch',
  earliest: '2026-03-02T10:00:00.000Z',
  latest: '2026-03-02T11:30:00.000Z',
  lengthSeconds: 1_800,
  takenAt: null,
  etaStart: '2026-03-02T10:10:00.000Z',
  ...over,
});

/** On duty at 07:30 in Gothenburg, with order 4 seen. */
export const aDay = (stops: CrewDay['stops'], over: Partial<CrewDay> = {}): CrewDay => ({
  shiftId: SHIFT,
  crewId: id(800_001),
  serviceDay: '2026-03-02',
  from: '2026-03-02T06:00:00.000Z',
  until: '2026-03-02T14:30:00.000Z',
  state: 'on_duty',
  orderVersion: 4,
  acknowledgedVersion: 4,
  changes: { since: 4, added: [], moved: [], removed: [] },
  now: '2026-03-02T06:30:00.000Z',
  roads: { source: 'osrm', version: 'test' },
  position: null,
  stops,
  ...over,
});
