import { parentPort } from 'node:worker_threads';
import { afterIterations, afterMillis, any, type Stop } from '../search/stop.ts';
import { solve } from '../solve.ts';
import { InvalidProblem } from '../validate-problem.ts';
import type { PlanAnswer, PlanRequest } from './messages.ts';

/** The thread's side: one problem at a time, as they come. Started by start-planner.ts only. */
const port = parentPort;
if (port === null) throw new Error('planner-thread.ts runs in a worker thread; start it with startPlanner()');

const answer = (message: PlanAnswer): void => port.postMessage(message);

const MILLIS_BETWEEN_NEWS = 100;

port.on('message', (request: PlanRequest) => answer(plan(request)));

function plan(request: PlanRequest): PlanAnswer {
  const { id, stopFlag } = request;
  let told = { cost: Infinity, at: -Infinity };
  const abort = new AbortController();
  // The thread hears no message while it plans: the flag in shared memory is how it is told to stop.
  const flag: Stop = (cost) => {
    if (cost < told.cost && performance.now() - told.at >= MILLIS_BETWEEN_NEWS) {
      told = { cost, at: performance.now() };
      answer({ kind: 'better', id, cost });
    }
    if (Atomics.load(stopFlag, 0) !== 0) abort.abort();
    return abort.signal.aborted;
  };
  const limits: Stop[] = [flag];
  if (request.iterations !== null) limits.push(afterIterations(request.iterations));
  if (request.millis !== null) limits.push(afterMillis(request.millis));
  try {
    const made = solve(request.problem, {
      seed: request.seed,
      stop: any(...limits),
      signal: abort.signal,
    });
    return { kind: 'plan', id, plan: made };
  } catch (error) {
    if (abort.signal.aborted) return { kind: 'stopped', id };
    if (error instanceof InvalidProblem) return { kind: 'invalid', id, path: error.path, detail: error.detail };
    const { message, stack } = error instanceof Error ? error : { message: String(error), stack: undefined };
    return { kind: 'failed', id, message, stack: stack ?? '' };
  }
}
