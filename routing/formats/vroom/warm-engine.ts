import type { Problem } from '../../problem.ts';
import { seconds } from '../../units.ts';
import type { Planner } from '../../worker/start-planner.ts';
import type { VroomTools } from './solve-vroom.ts';

const NOTHING: Problem = {
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

/**
 * The engine as `answerVroom` asks it. Its threads are started with the first problem, and before that problem's time
 * begins: half a second of search would be over before they are up.
 */
export function warmEngine(planner: Planner, options: { readonly searches?: number } = {}): VroomTools['solve'] {
  let warm: Promise<unknown> | null = null;
  return async (problem, limits) => {
    warm ??= planner.solveInWorker(NOTHING, { seed: 0, iterations: 0, millis: null, ...options });
    await warm;
    limits.signal?.throwIfAborted();
    return planner.solveInWorker(problem, { ...limits, ...options });
  };
}
