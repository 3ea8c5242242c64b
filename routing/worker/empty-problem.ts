import type { Problem } from '../problem.ts';
import { seconds } from '../units.ts';

/** No crew and no job: solving it starts the threads and loads the engine, so that the first real plan does not wait for that. */
export const EMPTY_PROBLEM: Problem = {
  epochUnixSeconds: 0,
  now: seconds(0),
  shifts: [],
  jobs: [],
  travel: { size: 0, seconds: new Int32Array(0), metres: new Int32Array(0), source: 'estimate' },
  weights: {
    travelPerSecond: 0,
    overtimePerSecond: 0,
    changeOfCrew: 0,
    moveOfStartPerSecond: 0,
    startTolerance: seconds(0),
    brokenPromise: 0,
    useOfShift: 0,
  },
};
