import { Worker } from 'node:worker_threads';
import { Problem } from '../../../platform/problem.ts';
import type { PlanQuestion, Why } from '../../explaining/contract.ts';
import type { AskAnswer, AskOrder, StoredPlan } from './messages.ts';

/** Answers questions about plans that are kept, in a thread of its own, one after another. */
export interface PlanAsker {
  /**
   * @throws Problem 404 `no-such-plan`, `not-in-plan`, 409 `plan-damaged`; AskerCrashed when the thread dies (the next question
   * gets a fresh one); the signal's reason when it aborts.
   */
  ask(planId: string, question: PlanQuestion, signal: AbortSignal): Promise<Why>;
  /** Ends the thread; questions that wait are rejected with AskerCrashed. */
  close(): Promise<void>;
}

export class AskerCrashed extends Error {
  override readonly name = 'AskerCrashed';
}

interface Asked {
  readonly order: AskOrder;
  readonly resolve: (why: Why) => void;
  readonly reject: (reason: unknown) => void;
}

/** The thread starts with the first question. An idle one does not keep the process alive. */
export function startAsker(load: (planId: string) => Promise<StoredPlan>): PlanAsker {
  const open = new Map<number, Asked>();
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
        return asked.resolve(answer.why);
      case 'refused':
        return asked.reject(new Problem(answer.status, answer.code, answer.sentence));
      case 'failed':
        return asked.reject(new AskerCrashed(answer.message, { cause: answer.stack }));
      default:
        return answer satisfies never;
    }
  }

  /** Megabytes, so only when the thread does not know the plan. */
  async function tellPlan({ order, reject }: Asked): Promise<void> {
    try {
      const stored = await load(order.planId);
      if (open.has(order.id)) post({ ...order, stored });
    } catch (error) {
      open.delete(order.id);
      reject(error);
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
          resolve(why) {
            end();
            resolve(why);
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
