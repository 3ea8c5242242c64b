import type { Log } from './log.ts';

/** One thing to end, in its place of the list. */
export interface Closing {
  readonly name: string;
  readonly close: () => Promise<unknown> | unknown;
}

/**
 * Ends things in this order. One that fails is logged and does not stop the next; when all of it takes longer than
 * `withinMillis` the rest is given up.
 * @returns true when everything ended in time and without error.
 */
export async function closeInOrder(steps: readonly Closing[], log: Log, withinMillis = 10_000): Promise<boolean> {
  let well = true;
  let doing = '';
  const all = (async () => {
    for (const { name, close } of steps) {
      doing = name;
      try {
        await close();
      } catch (error) {
        well = false;
        log.error({ err: error, step: name }, 'closing: one step failed');
      }
    }
    return true;
  })();
  let timer: NodeJS.Timeout | undefined;
  const late = new Promise<boolean>((resolve) => {
    timer = setTimeout(() => resolve(false), withinMillis);
  });
  const inTime = await Promise.race([all, late]);
  clearTimeout(timer);
  if (!inTime) log.error({ step: doing, withinMillis }, 'closing took too long and was given up');
  return inTime && well;
}

/**
 * Ends the process in order at SIGTERM, SIGINT or SIGHUP (a second Ctrl-C ends it at once), and with code 1 after
 * anything nobody caught: a process in an unknown state does no more work.
 */
export function endInOrder(process: NodeJS.Process, log: Log, close: () => Promise<boolean>): void {
  let ending = false;
  const end = (why: string, code: number) => {
    if (ending) return process.exit(code === 0 ? 130 : code);
    ending = true;
    log.info({ why }, 'closing');
    void close().then(
      (well) => process.exit(well ? code : 1),
      () => process.exit(1),
    );
  };
  for (const name of ['SIGTERM', 'SIGINT', 'SIGHUP'] as const) process.on(name, () => end(name, 0));
  process.on('uncaughtException', (error) => {
    log.fatal({ err: error }, 'nobody caught this; the server ends');
    end('uncaughtException', 1);
  });
  process.on('unhandledRejection', (reason) => {
    log.fatal({ err: reason }, 'nobody waited for this; the server ends');
    end('unhandledRejection', 1);
  });
}
