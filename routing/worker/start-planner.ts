import { availableParallelism } from 'node:os';
import { Worker } from 'node:worker_threads';
import type { Pace, Plan } from '../plan.ts';
import type { Problem } from '../problem.ts';
import type { Solution } from '../search/solution.ts';
import { type Recombiner, startRecombiner } from '../recombination/start-recombiner.ts';
import { type Frame, type PackedRoutes, partitionOf } from '../search/collect.ts';
import { meeting, type Standing } from '../search/meeting.ts';
import { LEAST_MILLIS_TO_RECOMBINE, legsOf, recombinedAt } from '../search/team.ts';
import { InvalidProblem } from '../validate-problem.ts';
import type { PlanAnswer, PlanOrder, PlanRequest } from './messages.ts';

export interface PlannerOptions {
  readonly seed: number;
  /** Iterations of each search after which it stops: repeatable. null = no such limit. */
  readonly iterations: number | null;
  /** Milliseconds from the call to the plan. null = no such limit. One of the two, or `pace`, must be given. */
  readonly millis: number | null;
  /**
   * Searches side by side. Absent = 2 where iterations are the limit, so that a plan does not depend on the machine; as
   * many as there are cores where the clock is.
   */
  readonly searches?: number;
  /** At most so many stops may change against the plan in force, beyond what it can no longer keep. */
  readonly maxChanges?: number | null;
  /** A plan of the same problem to start from. */
  readonly startFrom?: Plan;
  /** Make the plan again that was made at this pace. */
  readonly pace?: Pace;
  readonly signal?: AbortSignal;
  /** Aborted: the plan is the best found so far. */
  readonly finishEarly?: AbortSignal;
  /** Told now and then of a lower cost, while it runs. */
  readonly onBetter?: (cost: number) => void;
}

/** The engine in threads of its own, one problem after another. */
export interface Planner {
  /**
   * Rejects with the signal's reason at once when aborted, InvalidProblem for a malformed problem, PlannerCrashed when
   * a thread dies or the engine has a fault; the next call gets fresh threads. A matrix in shared memory is not copied.
   */
  solveInWorker(problem: Problem, options: PlannerOptions): Promise<Plan>;
  /** Ends the threads; what still runs or waits is rejected with PlannerClosed. */
  close(): Promise<void>;
}

export class PlannerCrashed extends Error {
  override readonly name = 'PlannerCrashed';
}

export class PlannerClosed extends Error {
  override readonly name = 'PlannerClosed';
}

/** A stopped thread answers within a few iterations. One that has not after this long hangs and is ended. */
const MILLIS_TO_STOP = 500;

const SEARCHES_WHEN_REPEATABLE = 2;

/** Of the whole time, each time that routes are put together anew. */
const SHARE_TO_RECOMBINE = 0.12;

interface Task {
  readonly id: number;
  readonly request: PlanRequest;
  readonly onBetter: ((cost: number) => void) | undefined;
  readonly resolve: (plan: Plan) => void;
  readonly reject: (reason: unknown) => void;
  best: number;
  /** Of this leg, by search. */
  met: Map<number, Extract<PlanAnswer, { kind: 'met' }>>;
  frame: Frame | null;
  /** What the searches went on from at the last meeting; null before the start. */
  standing: Standing | null;
  /** A plan put together anew that waits for the next meeting, and those that were taken up. */
  recombined: Solution | null;
  readonly taken: NonNullable<Pace['recombined']>[number][];
  readonly stopRecombining: AbortController;
}

/** A planner that starts its threads with the first problem. Idle threads do not keep the process alive. */
export function startPlanner(): Planner {
  const waiting: Task[] = [];
  let running: Task | null = null;
  let threads: Worker[] = [];
  let killTimer: NodeJS.Timeout | undefined;
  let recombiner: Recombiner | null = null;
  let closed = false;
  let lastId = 0;

  function next(): void {
    if (running !== null) return;
    const task = waiting.shift();
    if (task === undefined) {
      for (const thread of threads) thread.unref();
      return;
    }
    running = task;
    try {
      while (threads.length < task.request.searches) threads.push(startThread());
      threads.forEach((thread, index) => {
        thread.ref();
        if (index < task.request.searches) post(index, { kind: 'plan', id: task.id, request: task.request, index });
      });
    } catch (cause) {
      done(() => task.reject(new PlannerCrashed('the problem could not be handed to a thread', { cause })));
    }
  }

  const post = (index: number, order: PlanOrder): void => threads[index]?.postMessage(order);

  const toAll = (task: Task, order: PlanOrder): void => {
    for (let index = 0; index < task.request.searches; index++) post(index, order);
  };

  /** The running task is over, one way or the other. */
  function done(end: (task: Task) => void): void {
    clearTimeout(killTimer);
    const task = running;
    running = null;
    if (task !== null) {
      // Whoever still searches for it gives up; those who have ended do not look any more.
      Atomics.store(task.request.flags, 0, 1);
      task.stopRecombining.abort();
      end(task);
    }
    next();
  }

  function startThread(): Worker {
    const thread = openThread();
    thread.on('message', (answer: PlanAnswer) => {
      if (threads.includes(thread)) hear(answer);
    });
    const died = (why: string, cause?: unknown): void => {
      if (!threads.includes(thread)) return;
      replaceThreads();
      done((task) => task.reject(new PlannerCrashed(why, { cause })));
    };
    thread.on('error', (error) => died('a planner thread died', error));
    thread.on('exit', (code) => died(`a planner thread ended with code ${code}`));
    return thread;
  }

  /** None of the threads is used again: they share a task, and one without its partners waits for ever. */
  function replaceThreads(): void {
    const old = threads;
    threads = [];
    for (const thread of old) void thread.terminate();
  }

  function hear(answer: PlanAnswer): void {
    const task = running;
    if (task === null || task.id !== answer.id) return;
    switch (answer.kind) {
      case 'started':
        task.frame = answer.frame;
        task.standing = { best: answer.start.solution, current: answer.start.divided ? answer.start.solution : null };
        for (let index = 1; index < task.request.searches; index++) {
          post(index, { kind: 'start', id: task.id, start: answer.start });
        }
        return;
      case 'better':
        if (answer.cost < task.best) task.onBetter?.((task.best = answer.cost));
        return;
      case 'met':
        return meet(task, answer);
      case 'plan':
        return done(() => task.resolve(answer.plan));
      case 'stopped':
        return done(() => task.reject(new PlannerClosed('stopped')));
      case 'invalid':
        return done(() => task.reject(new InvalidProblem(answer.path, answer.detail)));
      case 'failed':
        return done(() => task.reject(new PlannerCrashed(answer.message, { cause: answer.stack })));
      default:
        answer satisfies never;
    }
  }

  /** When all have come to the end of a leg, they go on from the best, or the plan is written. */
  function meet(task: Task, answer: Extract<PlanAnswer, { kind: 'met' }>): void {
    task.met.set(answer.index, answer);
    if (task.met.size < task.request.searches) return;
    const all = [...task.met.values()].sort((a, b) => a.index - b.index);
    task.met = new Map();
    const before = task.standing;
    if (before === null) throw new Error('a meeting before the start');
    const taken = recombinedAt(task.request.pace, answer.leg) ?? task.recombined;
    task.recombined = null;
    const standing = meeting(
      before,
      all.map(({ brought }) => brought),
      taken,
    );
    task.standing = standing;
    const { best } = standing;
    if (taken !== null && best === taken) {
      task.taken.push({ meeting: answer.leg, cost: taken.cost, sequences: taken.sequences });
    }
    if (best.cost < task.best) task.onBetter?.((task.best = best.cost));
    const leg = answer.leg + 1;
    if (leg >= legsOf(standing.current !== null).length || !all.every(({ going }) => going)) {
      task.stopRecombining.abort();
      post(0, { kind: 'report', id: task.id, best, pace: { steps: all.map(({ marks }) => marks), recombined: task.taken } });
      return;
    }
    toAll(task, { kind: 'go on', id: task.id, leg, standing });
    const pools = all.flatMap(({ routes }) => routes ?? []);
    if (task.frame !== null && pools.length > 0) void recombine(task, task.frame, pools, best);
  }

  /** Puts the routes of all searches together anew while they walk on; what comes of it is taken up at the next meeting. */
  async function recombine(task: Task, frame: Frame, pools: readonly PackedRoutes[], best: Solution): Promise<void> {
    const millis = (task.request.stop.millis ?? 0) * SHARE_TO_RECOMBINE;
    try {
      recombiner ??= startRecombiner();
      const problem = partitionOf(frame, pools, best);
      const found = await recombiner.recombine(problem, { millis, signal: task.stopRecombining.signal });
      if (found === null || running !== task) return;
      const sequences: number[][] = Array.from({ length: frame.shiftCount }, () => []);
      for (const { shift, jobs } of found.routes) sequences[shift] = [...jobs];
      task.recombined = { sequences, lockedStart: null, cost: best.cost - (problem.incumbentCost - found.cost) };
    } catch {
      // The plan does not need it: the searches go on without, and the next problem gets a fresh solver.
    }
  }

  function abort(task: Task): void {
    Atomics.store(task.request.flags, 0, 1);
    const place = waiting.indexOf(task);
    if (place !== -1) waiting.splice(place, 1);
    if (task !== running) return;
    killTimer = setTimeout(() => {
      replaceThreads();
      done(() => undefined);
    }, MILLIS_TO_STOP);
  }

  return {
    solveInWorker(problem, options) {
      const { seed, iterations, millis, pace = null, signal, finishEarly } = options;
      if (iterations === null && millis === null && pace === null) {
        throw new TypeError('a plan needs a limit: iterations, millis or both');
      }
      const byClock = iterations === null;
      const searches = pace?.steps.length ?? options.searches ?? (byClock ? availableParallelism() : SEARCHES_WHEN_REPEATABLE);
      return new Promise<Plan>((resolve, reject) => {
        if (closed) return reject(new PlannerClosed('the planner is closed'));
        if (signal?.aborted) return reject(signal.reason);
        const flags = new Int32Array(new SharedArrayBuffer(8));
        const onFinish = (): void => void Atomics.store(flags, 1, 1);
        if (finishEarly?.aborted) onFinish();
        const onAbort = (): void => {
          abort(task);
          reject(signal?.reason);
        };
        const settled =
          <T>(settle: (value: T) => void) =>
          (value: T): void => {
            signal?.removeEventListener('abort', onAbort);
            finishEarly?.removeEventListener('abort', onFinish);
            settle(value);
          };
        const request: PlanRequest = {
          problem,
          seed,
          searches: Math.max(1, searches),
          stop: { iterations, millis },
          maxChanges: options.maxChanges ?? null,
          startFrom: options.startFrom ?? null,
          pace,
          recombine:
            byClock && pace === null && (options.maxChanges ?? null) === null && (millis ?? 0) >= LEAST_MILLIS_TO_RECOMBINE,
          askedAt: performance.timeOrigin + performance.now(),
          flags,
        };
        const task: Task = {
          id: ++lastId,
          request,
          onBetter: options.onBetter,
          resolve: settled(resolve),
          reject: settled(reject),
          best: Infinity,
          met: new Map(),
          frame: null,
          standing: null,
          recombined: null,
          taken: [],
          stopRecombining: new AbortController(),
        };
        signal?.addEventListener('abort', onAbort, { once: true });
        finishEarly?.addEventListener('abort', onFinish, { once: true });
        waiting.push(task);
        next();
      });
    },
    async close() {
      closed = true;
      clearTimeout(killTimer);
      const old = threads;
      threads = [];
      const tasks = running === null ? waiting : [running, ...waiting];
      running = null;
      for (const task of tasks.splice(0)) task.reject(new PlannerClosed('the planner is closed'));
      waiting.length = 0;
      await Promise.all([recombiner?.close(), ...old.map((thread) => thread.terminate())]);
    },
  };
}

/** The thread runs planner-thread beside this file: TypeScript during development, JavaScript once built. */
function openThread(): Worker {
  const file = import.meta.url.endsWith('.ts') ? './through-tsx.mjs' : './planner-thread.js';
  return new Worker(new URL(file, import.meta.url), { execArgv: [] });
}
