import { readFileSync, rmSync, writeFileSync } from 'node:fs';
import { setTimeout as sleep } from 'node:timers/promises';
import { ensurePostmaster, type Postmaster, type PostmasterOptions } from './postmaster.ts';
import { identityOf, signal, untilEnded, waitForEnd } from './processes.ts';

export type SupervisorEvent =
  | { readonly kind: 'died'; readonly pid: number }
  | { readonly kind: 'restarted'; readonly pid: number; readonly seconds: number }
  | { readonly kind: 'restart-failed'; readonly error: Error; readonly nextTryMillis: number };

export interface Supervisor {
  /** Of the server that runs now; undefined while it is down. */
  pid(): number | undefined;
  /** Stops supervising, and the server too unless another living process owns it. Safe to call twice. */
  stop(): Promise<void>;
}

const LONGEST_PAUSE_MILLIS = 5_000;

/**
 * Starts (or finds) the cluster's server and keeps it running: when it dies it is started again, at once and then
 * with pauses that double up to 5 s, for as long as nobody calls stop. Owner of a server is the process that
 * started it; a server whose owner is gone is adopted, so that a killed parent's server is stopped by the next one.
 * @throws DatabaseUnavailable when the first start fails.
 */
export async function supervise(options: PostmasterOptions, onEvent?: (event: SupervisorEvent) => void): Promise<Supervisor> {
  const { owner } = options.folders;
  const stopping = new AbortController();
  let current: Postmaster | undefined = await ensurePostmaster(options);
  let owned = takeOwnership(owner, current.child !== undefined);

  const whenWeExit = (): void => {
    if (owned && current) signal(current.pid, 'SIGINT');
  };
  process.on('exit', whenWeExit);

  const watching = (async () => {
    while (!stopping.signal.aborted && current) {
      await untilEnded(current.pid, current.child, stopping.signal);
      if (stopping.signal.aborted) return;
      onEvent?.({ kind: 'died', pid: current.pid });
      current = undefined;
      current = await restart();
      // Whoever started the server now running owns it; an earlier claim of ours ended with the old server.
      if (current) owned = takeOwnership(owner, current.child !== undefined);
    }
  })();

  async function restart(): Promise<Postmaster | undefined> {
    const began = performance.now();
    for (let pause = 250; !stopping.signal.aborted; pause = Math.min(pause * 2, LONGEST_PAUSE_MILLIS)) {
      try {
        const next = await ensurePostmaster(options);
        onEvent?.({ kind: 'restarted', pid: next.pid, seconds: (performance.now() - began) / 1000 });
        return next;
      } catch (error) {
        onEvent?.({ kind: 'restart-failed', error: error as Error, nextTryMillis: pause });
        await sleep(pause, undefined, { ref: false, signal: stopping.signal }).catch(() => undefined);
      }
    }
    return undefined;
  }

  return {
    pid: () => current?.pid,
    async stop() {
      process.off('exit', whenWeExit);
      stopping.abort();
      await watching;
      if (!owned || !current) return;
      const { pid } = current;
      current = undefined;
      await stopServer(pid);
      rmSync(owner, { force: true });
    },
  };
}

/** Fast shutdown (sessions are ended, nothing is lost), and harder when that takes too long. */
async function stopServer(pid: number): Promise<void> {
  for (const [name, millis] of [
    ['SIGINT', 15_000],
    ['SIGQUIT', 5_000],
    ['SIGKILL', 5_000],
  ] as const) {
    if (!signal(pid, name) || (await waitForEnd(pid, millis))) return;
  }
}

/** True when we are now the one to stop the server: we started it, or its owner is gone. */
function takeOwnership(file: string, started: boolean): boolean {
  const we = identityOf(process.pid) ?? String(process.pid);
  if (!started) {
    const owner = readOwner(file);
    if (owner === we) return true;
    if (owner !== '' && identityOf(Number(owner.split(' ')[0])) === owner) return false;
  }
  writeFileSync(file, we);
  return true;
}

function readOwner(file: string): string {
  try {
    return readFileSync(file, 'utf8');
  } catch {
    return '';
  }
}
