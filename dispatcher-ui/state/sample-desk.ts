import type { DispatcherShift } from '../../server/stores/crews/contract.ts';
import type { DeskAssignment, DeskJob } from './desk-job.ts';
import type { VehicleSpot } from './vehicle-spot.ts';

/** An id that is the same everywhere for the same number. */
export const sampleId = (n: number): string => `00000000-0000-7000-8000-${String(n).padStart(12, '0')}`;

/** A waiting job of 30 minutes, due at noon of 2 March 2026. */
export const aJob = (n: number, over: Partial<DeskJob> = {}): DeskJob => ({
  id: sampleId(n) as DeskJob['id'],
  number: 1000 + n,
  organisationId: sampleId(900_001),
  jobType: 'pothole-repair',
  title: 'Pothole repair',
  place: { lon: 11.97, lat: 57.7 },
  roadPoint: { lon: 11.97, lat: 57.7 },
  placeText: 'Storgatan near Vasagatan',
  areaIds: [],
  serviceSeconds: 1800,
  slots: [{ skills: ['asphalt'], plant: [] }],
  windows: [],
  dueAt: '2026-03-02T12:00:00.000Z',
  releaseAt: '2026-03-02T06:00:00.000Z',
  priority: 3,
  emergency: false,
  proof: [],
  followUpOf: null,
  followUpReason: null,
  state: 'ready',
  decided: null,
  decidedReason: null,
  createdAt: '2026-03-02T06:00:00.000Z',
  endedAt: null,
  version: 1,
  planningVersion: 1,
  caseCount: 1,
  assignments: [],
  ...over,
});

export const anAssignment = (n: number, over: Partial<DeskAssignment> = {}): DeskAssignment => ({
  id: sampleId(500_000 + n) as DeskAssignment['id'],
  slot: 0,
  shiftId: sampleId(800_001) as DeskAssignment['shiftId'],
  position: n,
  planId: null,
  state: 'planned',
  requested: null,
  reason: null,
  plannedStart: '2026-03-02T09:00:00.000Z',
  plannedEnd: '2026-03-02T09:30:00.000Z',
  lockCrew: false,
  promisedFrom: null,
  promisedUntil: null,
  onSiteAt: null,
  endedAt: null,
  verification: null,
  version: 1,
  ...over,
});

/** On duty from 06:00 to 14:00 UTC with one vehicle. */
export const aShift = (n: number, over: Partial<DispatcherShift> = {}): DispatcherShift => ({
  id: sampleId(800_000 + n) as DispatcherShift['id'],
  crewId: sampleId(810_000 + n) as DispatcherShift['crewId'],
  organisationId: sampleId(900_001),
  serviceDay: '2026-03-02',
  from: '2026-03-02T06:00:00.000Z',
  until: '2026-03-02T14:00:00.000Z',
  startPlace: { lon: 11.97, lat: 57.7 },
  endPlace: null,
  skills: ['asphalt'],
  plant: [],
  breaks: [],
  overtimeAllowedSeconds: 0,
  state: 'on_duty',
  startedAt: '2026-03-02T06:00:00.000Z',
  endedAt: null,
  orderVersion: 1,
  orderAcknowledged: 1,
  version: 1,
  planningVersion: 1,
  crewNumber: n,
  crewCode: `crew-${n}`,
  crewName: `Crew ${n}`,
  members: [
    {
      id: sampleId(820_000 + n),
      shiftId: sampleId(800_000 + n) as DispatcherShift['id'],
      kind: 'vehicle',
      resourceId: sampleId(830_000 + n),
      from: '2026-03-02T06:00:00.000Z',
      until: '2026-03-02T14:00:00.000Z',
      code: `van-${n}`,
    },
  ],
  ...over,
});

/** At eight in the morning UTC, half a second before it was received. */
export const aSpot = (n: number, over: Partial<VehicleSpot> = {}): VehicleSpot => ({
  vehicleId: sampleId(830_000 + n),
  shiftId: sampleId(800_000 + n),
  lon: 11.97,
  lat: 57.7,
  fixAtMs: Date.parse('2026-03-02T08:00:00.000Z'),
  receivedAtMs: Date.parse('2026-03-02T08:00:00.500Z'),
  accuracyMetres: 6,
  speedMps: 9,
  headingDegrees: 90,
  source: 'crew_phone',
  cutOff: false,
  ...over,
});

export const byId = <T extends { readonly id: string }>(...rows: T[]): ReadonlyMap<string, T> =>
  new Map(rows.map((row) => [row.id, row]));
