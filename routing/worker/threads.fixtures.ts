import { setTimeout as wait } from 'node:timers/promises';
import type { Worker } from 'node:worker_threads';

/** What became of a promise: its value or its reason. */
export const outcomeOf = (promise: Promise<unknown>): Promise<{ readonly value?: unknown; readonly reason?: unknown }> =>
  promise.then(
    (value) => ({ value }),
    (reason: unknown) => ({ reason }),
  );

/** Those that a busy machine takes this long to end still count as ended. */
const MILLIS_TO_END = 5_000;

interface ThreadWatch {
  /** The threads of this process that have been started since and that live. */
  living(): Worker[];
  /** How many live once those that end have ended: at most `expected`, unless one stays. */
  settle(expected: number): Promise<number>;
  stop(): void;
}

export function watchThreads(): ThreadWatch {
  const living = new Set<Worker>();
  const onWorker = (thread: Worker): void => {
    living.add(thread);
    thread.once('exit', () => living.delete(thread));
  };
  process.on('worker', onWorker);
  return {
    living: () => [...living],
    async settle(expected) {
      const until = performance.now() + MILLIS_TO_END;
      while (living.size > expected && performance.now() < until) await wait(20);
      return living.size;
    },
    stop: () => void process.off('worker', onWorker),
  };
}
