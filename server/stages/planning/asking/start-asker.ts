import { Worker } from 'node:worker_threads';
import type { NewEvent } from '../../../platform/events.ts';
import type { Log } from '../../../platform/log.ts';
import { Problem } from '../../../platform/problem.ts';
import type { Curve, PlanAsker, Refined, Why } from '../../explaining/contract.ts';
import type { AskAnswer, AskOrder, PlanQuestion, Price, PriceQuestion, Said, StoredPlan } from './messages.ts';

/** A `PlanAsker` with threads of its own. A question whose thread dies rejects with AskerCrashed; the next one gets a fresh thread. */
export interface AskerInThreads extends PlanAsker {
  /** What giving a slot of a job to a crew would cost by that plan; null: it cannot have it. @throws Problem as `why`. */
  price(planId: string, question: PriceQuestion, signal: AbortSignal): Promise<number | null>;
  /** Something was committed: a plan that was made or published is made ready in its thread, so that the first question is as quick as the next. Returns at once. */
  changed(events: readonly NewEvent[]): void;
  /** Ends the threads; questions that wait are rejected with AskerCrashed. */
  close(): Promise<void>;
}

export class AskerCrashed extends Error {
  override readonly name = 'AskerCrashed';
}

interface Asked {
  readonly order: AskOrder;
  readonly resolve: (said: Said) => void;
  readonly reject: (reason: unknown) => void;
}

export interface AskerOptions {
  readonly log: Log;
  /** So long nothing must have happened with plans before one is made ready, wall time: a day that is played fast is not held up. */
  readonly quietMillis?: number;
}

const QUIET_MILLIS = 1_000;

/** What takes seconds has a thread of its own, so that nobody waits for it who asks a quick question. */
export function startAsker(
  load: (planId: string) => Promise<StoredPlan>,
  { log, quietMillis = QUIET_MILLIS }: AskerOptions,
): AskerInThreads {
  const quick = startThreadOfQuestions(load);
  const slow = startThreadOfQuestions(load);
  const closing = new AbortController();
  let timer: NodeJS.Timeout | undefined;

  async function makeReady(planId: string): Promise<void> {
    try {
      await quick.ask(planId, { kind: 'ready' }, closing.signal);
    } catch (error) {
      // Gone meanwhile, or made by another version: whoever asks about it is told.
      if (!closing.signal.aborted && !(error instanceof Problem))
        log.warn({ err: error, planId }, 'a plan could not be made ready');
    }
  }

  return {
    why: (planId, question, signal) => quick.ask(planId, { kind: 'why', ...question }, signal) as Promise<Why>,
    refine: (planId, question, signal) => slow.ask(planId, { kind: 'refine', ...question }, signal) as Promise<Refined>,
    curve: (planId, signal) => slow.ask(planId, { kind: 'curve' }, signal) as Promise<Curve>,
    async price(planId, question, signal) {
      const said = (await slow.ask(planId, { kind: 'price', ...question }, signal)) as Price;
      return said.price;
    },
    changed(events) {
      const planId = events.findLast(({ type }) => type === 'plan.drafted' || type === 'plan.published')?.planId ?? null;
      if (planId === null || closing.signal.aborted) return;
      clearTimeout(timer);
      timer = setTimeout(() => void makeReady(planId), quietMillis);
      timer.unref();
    },
    async close() {
      clearTimeout(timer);
      closing.abort();
      await Promise.all([quick.close(), slow.close()]);
    },
  };
}

interface ThreadOfQuestions {
  ask(planId: string, question: PlanQuestion, signal: AbortSignal): Promise<Said>;
  close(): Promise<void>;
}

/** One question after another. The thread starts with the first. An idle one does not keep the process alive. */
function startThreadOfQuestions(load: (planId: string) => Promise<StoredPlan>): ThreadOfQuestions {
  const open = new Map<number, Asked>();
  /** Plans that are being read for the thread. */
  const telling = new Map<string, Promise<void>>();
  let thread: Worker | null = null;
  let closed = false;
  let lastId = 0;

  function post(order: AskOrder): void {
    thread ??= startThread();
    thread.ref();
    thread.postMessage(order);
  }

  function startThread(): Worker {
    const file = import.meta.url.endsWith('.ts') ? './through-tsx.mjs' : './asking-thread.js';
    const started = new Worker(new URL(file, import.meta.url), { execArgv: [] });
    const died = (why: string, cause?: unknown): void => {
      if (started !== thread) return;
      thread = null;
      for (const { reject } of takeAll()) reject(new AskerCrashed(why, { cause }));
    };
    started.on('message', hear);
    started.on('error', (error) => died('the thread that answers about plans died', error));
    started.on('exit', (code) => died(`the thread that answers about plans ended with code ${code}`));
    return started;
  }

  function takeAll(): Asked[] {
    const all = [...open.values()];
    open.clear();
    return all;
  }

  function hear(answer: AskAnswer): void {
    const asked = open.get(answer.id);
    if (asked === undefined) return;
    if (answer.kind === 'unknown_plan') return void tellPlan(asked);
    open.delete(answer.id);
    if (open.size === 0) thread?.unref();
    switch (answer.kind) {
      case 'answered':
        return asked.resolve(answer.said);
      case 'refused':
        return asked.reject(new Problem(answer.status, answer.code, answer.sentence));
      case 'failed':
        return asked.reject(new AskerCrashed(answer.message, { cause: answer.stack }));
      default:
        return answer satisfies never;
    }
  }

  /** Megabytes, so only when the thread does not know the plan, and once for all who ask at the same time. */
  async function tellPlan({ order, reject }: Asked): Promise<void> {
    const { id, planId } = order;
    const begun = telling.get(planId);
    if (begun !== undefined) {
      await begun;
      if (open.has(id)) post(order);
      return;
    }
    let done = (): void => undefined;
    telling.set(planId, new Promise((resolve) => (done = resolve)));
    try {
      const stored = await load(planId);
      if (open.has(id)) post({ ...order, stored });
    } catch (error) {
      open.delete(id);
      reject(error);
    } finally {
      telling.delete(planId);
      done();
    }
  }

  return {
    ask(planId, question, signal) {
      return new Promise((resolve, reject) => {
        if (closed) return reject(new AskerCrashed('nobody is asked any more'));
        if (signal.aborted) return reject(signal.reason);
        const order = { id: ++lastId, planId, question };
        const giveUp = (): void => {
          open.delete(order.id);
          reject(signal.reason);
        };
        const end = (): void => signal.removeEventListener('abort', giveUp);
        signal.addEventListener('abort', giveUp, { once: true });
        open.set(order.id, {
          order,
          resolve(said) {
            end();
            resolve(said);
          },
          reject(reason) {
            end();
            reject(reason);
          },
        });
        post(order);
      });
    },
    async close() {
      closed = true;
      const last = thread;
      thread = null;
      for (const { reject } of takeAll()) reject(new AskerCrashed('nobody is asked any more'));
      await last?.terminate();
    },
  };
}
