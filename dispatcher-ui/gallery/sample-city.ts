import type { AreaView, CityView } from '../../server/stages/city/contract.ts';
import type { DependencyStatus, Status } from '../../server/platform/contract.ts';
import type { BindableVehicle, Device, EnrolmentCode, SeenTracker, SessionView } from '../../server/stores/accounts/contract.ts';
import type { CrewDay, CrewStop, Way } from '../../server/stages/crew-day/contract.ts';
import type { JobCandidates } from '../../server/stages/planning/contract.ts';
import type { DispatcherCase, HistoryEntry } from '../../server/stores/cases/contract.ts';
import { aShift, sampleId } from '../state/sample-desk.ts';

/** What the gallery shows happens at this moment: 10:00 in the city. */
export const NOW = '2026-03-02T09:00:00.000Z';
export const minutesFromNow = (minutes: number): string => new Date(Date.parse(NOW) + minutes * 60_000).toISOString();

export const theCity: CityView = {
  name: 'sample',
  title: 'Sampletown',
  zone: 'Europe/Stockholm',
  language: 'en',
  bounds: [11.85, 57.645, 12.1, 57.765],
  attribution: '© OpenStreetMap contributors',
  depots: [{ code: 'north', name: 'North depot', place: { lon: 11.97, lat: 57.72 } }],
  requestTypes: { pothole: { label: 'Pothole', hint: null, picture: 'hole', emergency: false, isWork: true } },
  emergencyPhone: null,
  contactsKeptDays: 90,
  jobTypes: { 'pothole-repair': { label: 'Pothole repair', minutes: 30, emergency: false } },
  plant: ['digger'],
  drivingMinuteCost: 600,
  positionFreshSeconds: 300,
  invented: true,
  clock: { kind: 'simulated', now: NOW },
};

export const theAreas: readonly AreaView[] = [
  {
    id: sampleId(700_001),
    kind: 'district',
    code: 'A1',
    name: 'District A1',
    polygons: [
      [
        [
          [11.85, 57.7],
          [11.97, 57.7],
          [11.97, 57.76],
          [11.85, 57.7],
        ],
      ],
    ],
  },
  { id: sampleId(700_002), kind: 'ward', code: '2', name: 'Ward 2', polygons: null },
];

export const theSession: SessionView = {
  signedIn: true,
  role: 'dispatcher',
  accountId: sampleId(600_001),
  displayName: 'Astrid Lind',
  deviceId: null,
  organisationId: null,
  areaIds: [],
  expiresAt: null,
  may: Object.fromEntries(
    [
      'live.watch',
      'assignment.change',
      'case.read_private',
      'plan.request',
      'plan.publish',
      'question.answer',
      'device.manage',
      'clock.pace',
    ].map((action) => [action, 'all']),
  ),
  changeHeaders: {},
};

/** The server, with these things not well; `closing` while it is being restarted. */
export function aStatus(ill: readonly Pick<DependencyStatus, 'name' | 'state' | 'detail'>[] = [], closing = false): Status {
  return {
    ready: true,
    closing,
    dependencies: ill.map((one) => ({ ...one, since: new Date(Date.now() - 42_000).toISOString() })),
    degraded: ill.map(({ name }) => name),
    clock: { kind: 'simulated', now: NOW },
    lastSeq: 4_711,
    at: NOW,
  };
}

export const aCase = (n: number, over: Partial<DispatcherCase> = {}): DispatcherCase => ({
  id: sampleId(400_000 + n) as DispatcherCase['id'],
  number: `26-0${1_200 + n}`,
  source: 'web',
  sourceId: `${n}`,
  organisationId: sampleId(900_001),
  serviceType: 'pothole',
  place: { lon: 11.97, lat: 57.7 },
  address: null,
  roadPoint: { lon: 11.97, lat: 57.7 },
  roadMetres: 4,
  placeQuality: 'on_road',
  placeText: 'Storgatan near Vasagatan',
  areaIds: [],
  reportedAt: minutesFromNow(-90 - n * 7),
  receivedAt: minutesFromNow(-90 - n * 7),
  dueAt: null,
  priority: 3,
  state: 'triaged',
  decided: null,
  decidedReason: null,
  duplicateOf: null,
  reopenedAt: null,
  triagedAt: minutesFromNow(-89),
  closedAt: null,
  version: 1,
  hasContact: true,
  jobIds: [],
  ...over,
});

const anEntry = (seq: number, type: string, role: string, over: Partial<HistoryEntry> = {}): HistoryEntry => ({
  seq,
  type,
  at: minutesFromNow(-100 + seq * 6),
  receivedAt: minutesFromNow(-100 + seq * 6),
  by: { role, accountId: null, deviceId: null },
  caseId: null,
  jobId: null,
  assignmentId: null,
  shiftId: aShift(1).id,
  body: {},
  ...over,
});

export const theHistory: HistoryEntry[] = [
  anEntry(1, 'job.created', 'system'),
  anEntry(2, 'case.joined', 'system'),
  anEntry(3, 'case.joined', 'system'),
  anEntry(4, 'assignment.planned', 'system'),
  anEntry(5, 'assignment.moved', 'dispatcher'),
  anEntry(6, 'assignment.state_changed', 'crew', { body: { to: 'accepted' } }),
  anEntry(7, 'assignment.state_changed', 'crew', { body: { to: 'travelling' } }),
  anEntry(8, 'job.state_changed', 'system', { body: { to: 'under_way' } }),
];

type Candidate = JobCandidates['candidates'][number];
const aCandidate = (n: number, over: Partial<Candidate> = {}): Candidate => ({
  shiftId: aShift(n).id,
  crewName: `Crew ${n}`,
  current: false,
  travelSeconds: n * 240,
  travelMetres: n * 1_900,
  travelSource: 'osrm',
  startSource: 'live_position',
  startAgeSeconds: 8,
  freeAt: minutesFromNow(n * 10),
  fit: {
    position: 0,
    start: minutesFromNow(n * 12),
    lateSeconds: n > 2 ? n * 200 : 0,
    othersLateSeconds: n === 2 ? 420 : 0,
    extraTravelSeconds: n * 90,
    extraCost: n * 100,
  },
  blocked: null,
  ...over,
});

export const theCandidates: JobCandidates = {
  jobId: sampleId(1) as JobCandidates['jobId'],
  slot: 0,
  serviceDay: '2026-03-02',
  at: NOW,
  roadsVersion: 'sample',
  candidates: [
    aCandidate(1),
    aCandidate(2),
    aCandidate(3, { travelSource: 'estimate', startSource: 'depot', startAgeSeconds: null }),
    aCandidate(4, { fit: null, blocked: { code: 'no_crew_with_skills', params: { missing: ['asphalt'] } } }),
    aCandidate(5, { fit: null, blocked: { code: 'no_room', params: {} } }),
  ],
};

export const theDevices: Device[] = [
  { ...aDevice(1), label: 'Crew 1, phone', lastSeenAt: minutesFromNow(-1) },
  { ...aDevice(2), kind: 'tracker', label: 'Tracker 771', tracker: { protocol: 'osmand', trackerId: '771' }, lastSeenAt: null },
];

function aDevice(n: number): Device {
  return {
    id: sampleId(300_000 + n),
    kind: 'crew_phone',
    label: 'Phone',
    vehicleId: sampleId(830_001),
    vehicleCode: 'van-1',
    tracker: null,
    enrolledAt: minutesFromNow(-300),
    revokedAt: null,
    lastSeenAt: null,
  };
}

export const theVehicles: BindableVehicle[] = ['van-1', 'van-2', 'truck-7'].map((code, n) => ({
  id: sampleId(830_001 + n),
  code,
  kind: 'van',
}));

/** Trackers that were not let in. */
export const theSeenTrackers: SeenTracker[] = [
  {
    protocol: 'owntracks',
    trackerId: 'jane/phone',
    reason: 'unknown',
    firstSeenAt: minutesFromNow(-90),
    lastSeenAt: minutesFromNow(-1),
    seenCount: 412,
    about: { lon: 11.97, lat: 57.7 },
  },
  {
    protocol: 'osmand',
    trackerId: '473920',
    reason: 'wrong_key',
    firstSeenAt: minutesFromNow(-300),
    lastSeenAt: minutesFromNow(-55),
    seenCount: 1,
    about: null,
  },
];

/** Wall time: codes do not live by the city's clock. */
export const aCode = (minutes: number): EnrolmentCode => ({
  code: 'GP2JD-C697N',
  vehicleId: sampleId(830_001),
  expiresAt: new Date(Date.now() + minutes * 60_000).toISOString(),
});

const aWay = (source: Way['source'], seconds: number): Way => ({
  line: { points: '_p~iF~ps|U_ulLnnqC', precision: 5 },
  seconds,
  metres: seconds * 11,
  source,
  directions: { locale: 'en', instead: null, steps: [] },
});

const aStop = (n: number, over: Partial<CrewStop> = {}): CrewStop => ({
  kind: 'job',
  assignmentId: sampleId(500_000 + n) as CrewStop['assignmentId'],
  version: 1,
  state: 'planned',
  requested: null,
  jobId: sampleId(n) as CrewStop['jobId'],
  jobNumber: 1_000 + n,
  jobType: 'pothole-repair',
  title: 'Pothole repair',
  place: { lon: 11.97, lat: 57.7 },
  roadPoint: { lon: 11.97, lat: 57.7 },
  placeText: 'Storgatan near Vasagatan',
  priority: ((n - 1) % 4) + 1,
  emergency: false,
  serviceSeconds: 1_800,
  slot: 0,
  slots: 1,
  skills: [],
  plant: [],
  proof: [],
  windows: [],
  dueAt: minutesFromNow(n * 30),
  promisedFrom: null,
  promisedUntil: null,
  plannedArrival: null,
  plannedStart: null,
  plannedEnd: null,
  eta: {
    arrival: minutesFromNow(n * 20),
    end: minutesFromNow(n * 20 + 30),
    range: { from: minutesFromNow(n * 16), until: minutesFromNow(n * 27), percent: 90 },
    source: 'osrm',
    ageSeconds: 12,
  },
  arrivalSuggested: false,
  endedAt: null,
  verification: null,
  way: aWay('osrm', 420),
  ...over,
});

const done = (n: number, verification: CrewStop['verification']): CrewStop =>
  aStop(n, { state: 'completed', endedAt: minutesFromNow(-60 + n), eta: null, way: null, verification });

/** Crew 1's day with a stop in every state; with estimates when the router is away. */
export function aDay(source: Way['source'], stops: 'full' | 'none' = 'full'): CrewDay {
  const full: CrewDay['stops'] = [
    done(1, 'verified'),
    done(2, 'unverified'),
    aStop(3, {
      state: 'working',
      way: null,
      eta: { arrival: NOW, end: minutesFromNow(22), range: null, source, ageSeconds: null },
    }),
    {
      kind: 'break',
      breakId: 'noon',
      earliest: minutesFromNow(90),
      latest: minutesFromNow(150),
      lengthSeconds: 1_800,
      takenAt: null,
      etaStart: minutesFromNow(110),
    },
    aStop(4, { state: 'dispatched', way: aWay(source, 540), dueAt: minutesFromNow(10) }),
    aStop(5, { way: aWay(source, 300), requested: 'recall' }),
    {
      kind: 'depot',
      place: { lon: 11.97, lat: 57.72 },
      eta: { arrival: minutesFromNow(240), end: minutesFromNow(240), range: null, source, ageSeconds: 12 },
      way: aWay(source, 700),
    },
  ];
  return {
    shiftId: aShift(1).id,
    crewId: aShift(1).crewId,
    serviceDay: '2026-03-02',
    from: aShift(1).from,
    until: aShift(1).until,
    state: 'on_duty',
    orderVersion: 3,
    acknowledgedVersion: 2,
    changes: { since: 2, added: [], moved: [], removed: [] },
    now: NOW,
    roads: { source, version: 'sample' },
    position: { lon: 11.97, lat: 57.7, fixTime: NOW, ageSeconds: 12, fresh: true, source: 'crew_phone' },
    stops: stops === 'full' ? full : [],
  };
}
