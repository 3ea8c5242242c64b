import { createStore } from 'zustand/vanilla';
import type { SeenTracker } from '../../server/stores/accounts/contract.ts';
import type { PlanProof } from '../../server/stages/planning/proving/contract.ts';
import type { Desk } from '../state/desk.ts';
import type { Reads } from '../state/desk-reads.ts';
import { EMPTY_DESK, type DeskState } from '../state/desk-state.ts';
import { openPositions } from '../state/positions.ts';
import type { VehicleSpot } from '../state/vehicle-spot.ts';
import { aCurve, aProof, aRefined, aWhy } from './sample-why.ts';
import { theMovements } from './sample-movements.ts';
import {
  aCase,
  aDay,
  aStatus,
  NOW,
  theAreas,
  theCandidates,
  theCity,
  theDevices,
  theHistory,
  theSeenTrackers,
  theSession,
  theVehicles,
} from './sample-city.ts';

/** How what a part reads for itself goes: it comes, it is still on its way, it cannot be had. */
export type Reading = 'there' | 'coming' | 'failed';

export interface GalleryDesk {
  readonly state?: Partial<DeskState>;
  readonly positions?: readonly VehicleSpot[];
  readonly reading?: Reading;
  /** Trackers that were not let in; left out: two. */
  readonly seen?: readonly SeenTracker[];
  /** What is proven of every plan; left out: a bound. */
  readonly proof?: PlanProof;
}

/** A city at ten in the morning with nothing in it yet. */
export const CALM: DeskState = {
  ...EMPTY_DESK,
  phase: 'ready',
  session: theSession,
  city: theCity,
  areas: theAreas,
  clock: { kind: 'simulated', cityMs: Date.parse(NOW), wallMs: 0 },
  serviceDay: '2026-03-02',
  status: aStatus(),
  connected: true,
  heardAtMs: Date.now(),
};

/** A desk that stands still: what is shown comes from samples, and nothing is asked of a server. */
export function galleryDesk({
  state = {},
  positions: given = [],
  reading = 'there',
  proof = aProof(),
  seen = theSeenTrackers,
}: GalleryDesk): Desk {
  const store = createStore<DeskState>(() => ({ ...CALM, ...state }));
  // Not with the next painted frame: a specimen is complete when it is shown.
  const frames: (() => void)[] = [];
  const positions = openPositions((frame) => frames.push(frame));
  positions.take({ full: true, spots: given });
  for (const frame of frames) frame();
  const nothing = (): Promise<void> => Promise.resolve();
  return {
    store,
    positions,
    reads: sampleReads(reading, proof, seen),
    look: () => undefined,
    start: () => undefined,
    select: (selection) => store.setState({ selection }),
    keepToArea: (areaId) => store.setState({ areaId }),
    // A specimen of a notice stays.
    tell: () => undefined,
    signedOut: () => undefined,
    readJobs: nothing,
    readPlans: nothing,
    readQuestions: nothing,
    stop: () => undefined,
  };
}

function sampleReads(reading: Reading, proof: PlanProof, seen: readonly SeenTracker[]): Reads {
  const answer = <T>(value: T): Promise<T> => {
    if (reading === 'coming') return new Promise(() => undefined);
    return reading === 'failed' ? Promise.reject(new Error('a sample of a failure')) : Promise.resolve(value);
  };
  const never = (): Promise<never> => new Promise(() => undefined);
  return {
    session: never,
    city: never,
    areas: never,
    status: never,
    jobs: never,
    jobsById: never,
    shifts: never,
    day: () => answer(aDay('osrm')),
    movements: () => answer(theMovements),
    questions: never,
    plans: never,
    plan: never,
    planOrigin: never,
    planRequest: never,
    casesOf: () => answer([aCase(1), aCase(2, { state: 'in_progress', address: 'Storgatan 14' })]),
    privateCase: (caseId) =>
      answer({
        caseId: caseId as ReturnType<typeof aCase>['id'],
        words: 'A deep hole right behind the bus stop. A bicycle fell.',
        contact: { name: 'A sample', email: null, phone: '031-000 00' },
      }),
    history: () => answer(theHistory),
    candidates: () => answer(theCandidates),
    why: (_planId, jobId) => answer(aWhy(jobId)),
    refined: (_planId, jobId, slot, shiftId) => answer(aRefined(jobId, slot, shiftId)),
    curve: () => answer(aCurve),
    proof: () => answer(proof),
    devices: () => answer(theDevices),
    seenTrackers: () => answer([...seen]),
    vehicles: () => answer(theVehicles),
    track: never,
    replay: never,
  };
}
