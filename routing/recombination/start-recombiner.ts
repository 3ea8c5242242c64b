import { Worker } from 'node:worker_threads';
import { answerOf } from './answer.ts';
import type { RecombineAnswer, RecombineRequest } from './messages.ts';
import { packPartition, type PartitionProblem, type Recombined } from './partition.ts';
import type { RecombineLimits } from './recombine.ts';

export interface RecombineOptions extends RecombineLimits {
  readonly signal?: AbortSignal;
}

/** Set partitioning over a pool of routes by HiGHS, in a thread of its own, one problem after another. */
export interface Recombiner {
  /**
   * A plan cheaper than the one at hand, or null when none was found in time. Rejects with the signal's reason at once
   * when aborted, BadPartition for a malformed problem, RecombinerCrashed when the thread dies; the next call gets a
   * fresh thread. Whoever asks while another problem runs waits, and its time runs.
   */
  recombine(problem: PartitionProblem, options: RecombineOptions): Promise<Recombined | null>;
  /** Ends the thread; what still runs or waits is rejected with RecombinerClosed. */
  close(): Promise<void>;
}

export class RecombinerCrashed extends Error {
  override readonly name = 'RecombinerCrashed';
}

export class RecombinerClosed extends Error {
  override readonly name = 'RecombinerClosed';
}

/** HiGHS looks at its clock between steps, of which some take long: after so much more the answer is what is there. */
const MILLIS_OVER = 20;
/** A thread that has not come back so long after its end hangs in such a step and is ended; a fresh one takes 0.3 s. */
const MILLIS_TO_STOP = 1_000;

interface Task {
  readonly request: RecombineRequest;
  readonly problem: PartitionProblem;
  /** The best choice so far. */
  best: Int32Array | null;
  settled: boolean;
  readonly resolve: (answer: Recombined | null) => void;
  readonly reject: (reason: unknown) => void;
}

/** Starts the thread at once, so that it is warm when it is needed. The idle thread does not keep the process alive. */
export function startRecombiner(): Recombiner {
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
    thread.on('message', (answer: RecombineAnswer) => {
      if (thread === worker) hear(answer);
    });
    const died = (why: string, cause?: unknown): void => {
      if (thread !== worker) return;
      worker = null;
      free((task) => task.reject(new RecombinerCrashed(why, { cause })));
    };
    thread.on('error', (error) => died('the recombiner thread died', error));
    thread.on('exit', (code) => died(`the recombiner thread ended with code ${code}`));
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

  function hear(answer: RecombineAnswer): void {
    const task = running;
    if (task?.request.id !== answer.id) return;
    switch (answer.kind) {
      case 'better':
        task.best = answer.routes;
        return;
      case 'done':
        free(() => settle(task, answer.routes ?? task.best, answer.proven));
        return;
      case 'failed':
        free(() => task.reject(new RecombinerCrashed(answer.message, { cause: answer.stack })));
        return;
      default:
        answer satisfies never;
    }
  }

  function settle(task: Task, routes: Int32Array | null, proven: boolean): void {
    if (task.settled) return;
    try {
      const answer = routes === null ? null : answerOf(task.problem, routes, proven);
      task.resolve(answer !== null && answer.cost < task.problem.incumbentCost ? answer : null);
    } catch (cause) {
      task.reject(new RecombinerCrashed('the choice is no plan', { cause }));
    }
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
    recombine(problem, { signal, ...limits }) {
      return new Promise((resolve, reject) => {
        if (closed) return reject(new RecombinerClosed('the recombiner is closed'));
        if (signal?.aborted) return reject(signal.reason);
        const askedAt = performance.timeOrigin + performance.now();
        const stopFlag = new Int32Array(new SharedArrayBuffer(4));
        const packed = packPartition(problem);
        const request: RecombineRequest = {
          id: ++lastId,
          packed,
          limits,
          askedAt: performance.timeOrigin + performance.now(),
          stopFlag,
        };
        const end = (): void => {
          task.settled = true;
          clearTimeout(timer);
          signal?.removeEventListener('abort', onAbort);
        };
        const task: Task = {
          request,
          problem,
          best: null,
          settled: false,
          resolve(answer) {
            end();
            resolve(answer);
          },
          reject(reason) {
            end();
            reject(reason);
          },
        };
        const onAbort = (): void => {
          task.reject(signal?.reason);
          stop(task);
        };
        const over = askedAt + limits.millis + MILLIS_OVER - performance.timeOrigin - performance.now();
        const timer = setTimeout(() => {
          settle(task, task.best, false);
          stop(task);
        }, over);
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
      for (const task of tasks.splice(0)) task.reject(new RecombinerClosed('the recombiner is closed'));
      waiting.length = 0;
      await thread?.terminate();
    },
  };
}

/** The thread runs recombiner-thread beside this file: TypeScript during development, JavaScript once built. */
function openThread(): Worker {
  const file = import.meta.url.endsWith('.ts') ? './through-tsx.mjs' : './recombiner-thread.js';
  return new Worker(new URL(file, import.meta.url), { execArgv: [] });
}
