import { seconds } from '../../../routing/units.ts';
import type { AssignmentId } from '../../stores/assignments/contract.ts';
import type { ShiftId } from '../../stores/crews/contract.ts';
import type { JobId } from '../../stores/jobs/contract.ts';
import type { Snapshot, SnapshotAssignment, SnapshotJob, SnapshotShift } from '../../stores/plans/snapshot.ts';
import type { PlanningPolicy } from './planning-policy.ts';

/** Builders for tests: a whole valid value, with what the test is about laid over it. */

/** A clock time of 27 January 2026, UTC. */
export const clock = (text: string): Date => new Date(`2026-01-27T${text}:00.000Z`);

export const aPolicy = (over: Partial<PlanningPolicy> = {}): PlanningPolicy => ({
  configVersionId: '00000000-0000-7000-8000-00000000c0f1',
  zone: 'UTC',
  weights: {
    travelPerSecond: 1,
    overtimePerSecond: 3,
    changeOfCrew: 300,
    moveOfStartPerSecond: 0,
    startTolerance: seconds(900),
    brokenPromise: 7_200,
    useOfShift: 0,
  },
  latePerSecond: [8, 4, 2, 1],
  waiting: [40_000, 20_000, 10_000, 5_000],
  waitingPerHour: [4_000, 2_000, 1_000, 500],
  emergencyFactor: 10,
  positionFreshSeconds: 120,
  leastServiceSeconds: 300,
  mostJobs: 1_000,
  freezeSeconds: 1_800,
  replanSeconds: null,
  budgetMillis: 500,
  zonesFromJobs: null,
  maxChanges: null,
  iterations: 200,
  ...over,
});

export const aShift = (over: Partial<SnapshotShift> = {}): SnapshotShift => ({
  id: 'shift-1' as ShiftId,
  crewName: 'Crew 1',
  organisationId: 'organisation',
  from: clock('07:00'),
  until: clock('15:00'),
  startPlace: { lon: -77.03, lat: 38.9 },
  endPlace: { lon: -77.03, lat: 38.9 },
  skills: ['snow'],
  plant: ['plough'],
  breaks: [],
  overtimeAllowedSeconds: 1_800,
  state: 'scheduled',
  planningVersion: 1,
  position: null,
  lastStop: null,
  projected: null,
  ...over,
});

export const aJob = (over: Partial<SnapshotJob> = {}): SnapshotJob => ({
  id: 'job-1' as JobId,
  number: 1001,
  title: 'Clear snow',
  organisationId: 'organisation',
  place: { lon: -77.02, lat: 38.91 },
  serviceSeconds: 1_800,
  slots: [{ skills: ['snow'], plant: [] }],
  windows: [],
  dueAt: clock('12:00'),
  releaseAt: clock('06:00'),
  priority: 2,
  emergency: false,
  state: 'ready',
  planningVersion: 1,
  waitingSince: clock('06:00'),
  declined: [],
  endedSlots: [],
  waitsFor: [],
  ...over,
});

export const anAssignment = (over: Partial<SnapshotAssignment> = {}): SnapshotAssignment => ({
  id: 'assignment-1' as AssignmentId,
  jobId: 'job-1' as JobId,
  slot: 0,
  shiftId: 'shift-1' as ShiftId,
  position: 0,
  state: 'planned',
  plannedStart: clock('09:00'),
  lockCrew: false,
  lockTime: false,
  lockOrder: false,
  promised: null,
  travellingAt: null,
  workingSince: null,
  workedSeconds: null,
  ...over,
});

export const aSnapshot = (over: Partial<Snapshot> = {}): Snapshot => ({
  serviceDay: '2026-01-27',
  at: clock('08:00'),
  shifts: [aShift()],
  jobs: [aJob()],
  assignments: [],
  ...over,
});
