import { Worker } from 'node:worker_threads';
import type { Plan } from '../plan.ts';
import type { Problem } from '../problem.ts';
import { InvalidProblem } from '../validate-problem.ts';
import type { PlanAnswer, PlanRequest } from './messages.ts';

export interface PlannerOptions {
  readonly seed: number;
  /** Steps after which it stops: repeatable. null = no such limit. */
  readonly iterations: number | null;
  /** Milliseconds after which it stops, from when it begins. null = no such limit. One of the two must be given. */
  readonly millis: number | null;
  readonly signal?: AbortSignal;
  /** Told now and then of a lower cost, while it runs. */
  readonly onBetter?: (cost: number) => void;
}

/** The engine in a thread of its own, one problem after another. */
export interface Planner {
  /**
   * Rejects with the signal's reason at once when aborted, InvalidProblem for a malformed problem, PlannerCrashed when
   * the thread dies or the engine has a fault; the next call gets a fresh thread. A matrix in shared memory is not copied.
   */
  solveInWorker(problem: Problem, options: PlannerOptions): Promise<Plan>;
  /** Ends the thread; what still runs or waits is rejected with PlannerClosed. */
  close(): Promise<void>;
}

export class PlannerCrashed extends Error {
  override readonly name = 'PlannerCrashed';
}

export class PlannerClosed extends Error {
  override readonly name = 'PlannerClosed';
}

/** A stopped thread answers within one step of the search. One that has not after this long hangs and is ended. */
const MILLIS_TO_STOP = 500;

interface Task {
  readonly request: PlanRequest;
  readonly onBetter: ((cost: number) => void) | undefined;
  readonly resolve: (plan: Plan) => void;
  readonly reject: (reason: unknown) => void;
}

/** A planner that starts its thread with the first problem. The idle thread does not keep the process alive. */
export function startPlanner(): Planner {
  const waiting: Task[] = [];
  let running: Task | null = null;
  let worker: Worker | null = null;
  let killTimer: NodeJS.Timeout | undefined;
  let closed = false;
  let lastId = 0;

  function next(): void {
    if (running !== null) return;
    const task = waiting.shift();
    if (task === undefined) {
      worker?.unref();
      return;
    }
    running = task;
    try {
      worker ??= startThread();
      worker.ref();
      worker.postMessage(task.request);
    } catch (cause) {
      done(() => task.reject(new PlannerCrashed('the problem could not be handed to a thread', { cause })));
    }
  }

  /** The running task is over, one way or the other. */
  function done(end: (task: Task) => void): void {
    clearTimeout(killTimer);
    const task = running;
    running = null;
    if (task !== null) end(task);
    next();
  }

  function startThread(): Worker {
    const thread = openThread();
    thread.on('message', (answer: PlanAnswer) => {
      if (thread === worker) hear(answer);
    });
    const died = (why: string, cause?: unknown): void => {
      if (thread !== worker) return;
      worker = null;
      done((task) => task.reject(new PlannerCrashed(why, { cause })));
    };
    thread.on('error', (error) => died('the planner thread died', error));
    thread.on('exit', (code) => died(`the planner thread ended with code ${code}`));
    return thread;
  }

  function hear(answer: PlanAnswer): void {
    if (running?.request.id !== answer.id) return;
    switch (answer.kind) {
      case 'better':
        running.onBetter?.(answer.cost);
        return;
      case 'plan':
        done((task) => task.resolve(answer.plan));
        return;
      case 'stopped':
        done((task) => task.reject(new PlannerClosed('stopped')));
        return;
      case 'invalid':
        done((task) => task.reject(new InvalidProblem(answer.path, answer.detail)));
        return;
      case 'failed':
        done((task) => task.reject(new PlannerCrashed(answer.message, { cause: answer.stack })));
        return;
      default:
        answer satisfies never;
    }
  }

  function abort(task: Task): void {
    Atomics.store(task.request.stopFlag, 0, 1);
    const place = waiting.indexOf(task);
    if (place !== -1) waiting.splice(place, 1);
    if (task !== running) return;
    killTimer = setTimeout(() => {
      const hanging = worker;
      worker = null;
      done(() => undefined);
      void hanging?.terminate();
    }, MILLIS_TO_STOP);
  }

  return {
    solveInWorker(problem, { seed, iterations, millis, signal, onBetter }) {
      if (iterations === null && millis === null) throw new TypeError('a plan needs a limit: iterations, millis or both');
      const id = ++lastId;
      const stopFlag = new Int32Array(new SharedArrayBuffer(4));
      return new Promise<Plan>((resolve, reject) => {
        if (closed) return reject(new PlannerClosed('the planner is closed'));
        if (signal?.aborted) return reject(signal.reason);
        const onAbort = (): void => {
          abort(task);
          reject(signal?.reason);
        };
        const settled =
          <T>(settle: (value: T) => void) =>
          (value: T): void => {
            signal?.removeEventListener('abort', onAbort);
            settle(value);
          };
        const request: PlanRequest = { id, problem, seed, iterations, millis, stopFlag };
        const task: Task = { request, onBetter, resolve: settled(resolve), reject: settled(reject) };
        signal?.addEventListener('abort', onAbort, { once: true });
        waiting.push(task);
        next();
      });
    },
    async close() {
      closed = true;
      clearTimeout(killTimer);
      const thread = worker;
      worker = null;
      const tasks = running === null ? waiting : [running, ...waiting];
      running = null;
      for (const task of tasks.splice(0)) task.reject(new PlannerClosed('the planner is closed'));
      waiting.length = 0;
      await thread?.terminate();
    },
  };
}

/** The thread runs planner-thread beside this file: TypeScript during development, JavaScript once built. */
function openThread(): Worker {
  const file = import.meta.url.endsWith('.ts') ? './through-tsx.mjs' : './planner-thread.js';
  return new Worker(new URL(file, import.meta.url), { execArgv: [] });
}
