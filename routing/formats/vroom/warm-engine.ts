import { EMPTY_PROBLEM } from '../../worker/empty-problem.ts';
import type { Planner } from '../../worker/start-planner.ts';
import type { VroomTools } from './solve-vroom.ts';

/**
 * The engine as `answerVroom` asks it. Its threads are started with the first problem, and before that problem's time
 * begins: half a second of search would be over before they are up.
 */
export function warmEngine(planner: Planner, options: { readonly searches?: number } = {}): VroomTools['solve'] {
  let warm: Promise<unknown> | null = null;
  return async (problem, limits) => {
    warm ??= planner.solveInWorker(EMPTY_PROBLEM, { seed: 0, iterations: 0, millis: null, ...options });
    await warm;
    limits.signal?.throwIfAborted();
    return planner.solveInWorker(problem, { ...limits, ...options });
  };
}
