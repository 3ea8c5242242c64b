import { Worker } from 'node:worker_threads';
import type { Problem } from '../problem.ts';
import { validateProblem } from '../validate-problem.ts';
import type { Bounded, BoundOptions } from './bound.ts';
import type { BoundAnswer, BoundRequest } from './messages.ts';

export interface BoundInWorkerOptions extends Pick<BoundOptions, 'millis' | 'plan' | 'target' | 'seed' | 'searchShare'> {
  readonly signal?: AbortSignal;
}

/** Bounds with their certificates, in a thread of its own, one problem after another. */
export interface Bounder {
  /**
   * The bound as `boundOf` gives it, within `millis` and a moment. Rejects with the signal's reason at once when aborted,
   * with InvalidProblem, BounderCrashed when the thread dies (the next call gets a fresh one), BounderClosed. Whoever
   * asks while another problem runs waits, and its time runs.
   */
  boundInWorker(problem: Problem, options: BoundInWorkerOptions): Promise<Bounded>;
  /** Ends the thread; what still runs or waits is rejected with BounderClosed. */
  close(): Promise<void>;
}

export class BounderCrashed extends Error {
  override readonly name = 'BounderCrashed';
}

export class BounderClosed extends Error {
  override readonly name = 'BounderClosed';
}

/** A thread that was told to stop and has not come back so long after hangs in one long step, and is ended. */
const MILLIS_TO_STOP = 2_000;

interface Task {
  readonly request: BoundRequest;
  readonly resolve: (bounded: Bounded) => void;
  readonly reject: (reason: unknown) => void;
}

/** Starts the thread at once, so that it is warm when it is needed. The idle thread does not keep the process alive. */
export function startBounder(): Bounder {
  const waiting: Task[] = [];
  let running: Task | null = null;
  let worker: Worker | null = null;
  let killTimer: NodeJS.Timeout | undefined;
  let closed = false;
  let lastId = 0;
  startThread();

  function startThread(): void {
    const thread = openThread();
    thread.unref();
    worker = thread;
    thread.on('message', (answer: BoundAnswer) => {
      if (thread !== worker || running?.request.id !== answer.id) return;
      free((task) => (answer.kind === 'bounded' ? task.resolve(answer.bounded) : task.reject(answer.error)));
    });
    const died = (why: string, cause?: unknown): void => {
      if (thread !== worker) return;
      worker = null;
      free((task) => task.reject(new BounderCrashed(why, { cause })));
    };
    thread.on('error', (error) => died('the bounder thread died', error));
    thread.on('exit', (code) => died(`the bounder thread ended with code ${code}`));
  }

  function next(): void {
    if (running !== null || closed) return;
    const task = waiting.shift();
    if (task === undefined) {
      worker?.unref();
      return;
    }
    if (worker === null) startThread();
    running = task;
    worker?.ref();
    worker?.postMessage(task.request);
  }

  /** The thread is done with its task, or gone. */
  function free(end: (task: Task) => void): void {
    clearTimeout(killTimer);
    const task = running;
    running = null;
    if (task !== null) end(task);
    next();
  }

  /** Nobody waits for the task any more: the thread is told, and ended when it does not listen. */
  function stop(task: Task): void {
    Atomics.store(task.request.stopFlag, 0, 1);
    const place = waiting.indexOf(task);
    if (place !== -1) waiting.splice(place, 1);
    if (task !== running) return;
    worker?.unref();
    killTimer = setTimeout(() => {
      const hanging = worker;
      worker = null;
      void hanging?.terminate();
      if (!closed) startThread();
      free(() => undefined);
    }, MILLIS_TO_STOP).unref();
  }

  return {
    boundInWorker(problem, { signal, millis, plan, target, seed, searchShare }) {
      return new Promise((resolve, reject) => {
        if (closed) return reject(new BounderClosed('the bounder is closed'));
        if (signal?.aborted) return reject(signal.reason);
        // Here, and not only in the thread: an error that crosses from there loses its class.
        validateProblem(problem);
        const request: BoundRequest = {
          id: ++lastId,
          problem,
          plan: plan ?? null,
          millis,
          target: target ?? null,
          seed: seed ?? null,
          searchShare: searchShare ?? null,
          askedAt: performance.timeOrigin + performance.now(),
          stopFlag: new Int32Array(new SharedArrayBuffer(4)),
        };
        const onAbort = (): void => {
          task.reject(signal?.reason);
          stop(task);
        };
        const end = (): void => signal?.removeEventListener('abort', onAbort);
        const task: Task = {
          request,
          resolve(bounded) {
            end();
            resolve(bounded);
          },
          reject(reason) {
            end();
            reject(reason);
          },
        };
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
      const tasks = running === null ? [...waiting] : [running, ...waiting];
      running = null;
      waiting.length = 0;
      for (const task of tasks) task.reject(new BounderClosed('the bounder is closed'));
      await thread?.terminate();
    },
  };
}

/** The thread runs bounder-thread beside this file: TypeScript during development, JavaScript once built. */
function openThread(): Worker {
  const file = import.meta.url.endsWith('.ts') ? './through-tsx.mjs' : './bounder-thread.js';
  return new Worker(new URL(file, import.meta.url), { execArgv: [] });
}
