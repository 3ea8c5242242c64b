import { spawn, type ChildProcess } from 'node:child_process';
import { once } from 'node:events';
import { createServer } from 'node:net';
import { setTimeout as sleep } from 'node:timers/promises';

/** A contracted OSRM dataset: the path up to and including `.osrm`, and the version of the roads in it. */
export interface RouterDataset {
  readonly file: string;
  readonly version: string;
}

export interface RouterProcessOptions {
  /** The osrm-routed executable. */
  readonly routed: string;
  readonly dataset: RouterDataset;
  /** One line about starts, ends and restarts. */
  readonly say?: (line: string) => void;
}

export type RouterProcessState = 'starting' | 'running' | 'restarting' | 'stopped';

/** Our own osrm-routed, looked after. */
export interface RouterProcess {
  /** Where it answers now; null while it does not run. */
  url(): string | null;
  state(): RouterProcessState;
  /** Of osrm-routed itself; null while it does not run. */
  pid(): number | null;
  /** The roads being served. */
  version(): string;
  /** Starts the new dataset beside the old one and changes over when it answers; on failure the old one stays. */
  swap(dataset: RouterDataset): Promise<void>;
  stop(): Promise<void>;
}

/** osrm-routed does not start or does not answer; the message holds the end of what it said. */
export class RouterFailed extends Error {
  override readonly name = 'RouterFailed';
}

const START_MILLIS = 60_000;
const CHECK_EVERY_MILLIS = 2_000;
/** A router that holds its port but has not answered for this long is killed. Long tables keep it busy for seconds. */
const HUNG_MILLIS = 15_000;
const BACKOFF_MILLIS = [100, 500, 1_000, 2_000, 5_000];
/** A run this long was a good start: the next restart is quick again. */
const GOOD_RUN_MILLIS = 30_000;
/** What was asked of the old dataset when it was swapped may still be answered. */
const DRAIN_MILLIS = 5_000;

/**
 * The shell becomes osrm-routed (same pid) and leaves a watcher behind that reads our pipe: a line ends the
 * watcher, the end of the pipe (we died, even by SIGKILL) makes it kill the router. Nothing outlives its server.
 */
const UNDER_WATCH = 'exec 3<&0; ( if ! read -r _ <&3; then kill -9 $$; fi ) >/dev/null 2>&1 & exec "$@" </dev/null 3<&-';

/**
 * Starts osrm-routed on a free loopback port and keeps it running: health checks, restarts with backoff.
 * Resolves when it answers; throws RouterFailed when it does not come up.
 */
export async function startRouter(options: RouterProcessOptions): Promise<RouterProcess> {
  const say = options.say ?? (() => undefined);
  let dataset = options.dataset;
  let state: RouterProcessState = 'starting';
  let current: Running | null = await launch(options.routed, dataset);
  let failures = 0;
  let swaps = Promise.resolve();
  /** Children that were swapped out and may still be answering. */
  const draining = new Set<Running>();
  const ending = new AbortController();
  state = 'running';
  say(`osrm-routed answers at ${current.url} (pid ${current.pid})`);

  /** Waits for the end of one child; brings up the next one unless that end was ours. */
  const lookAfter = async (child: Running): Promise<void> => {
    const started = Date.now();
    void checkHealth(child, say);
    await child.ended;
    if (current !== child) return;
    current = null;
    if (Date.now() - started > GOOD_RUN_MILLIS) failures = 0;
    while (!ending.signal.aborted && current === null) {
      state = 'restarting';
      const pause = BACKOFF_MILLIS[Math.min(failures, BACKOFF_MILLIS.length - 1)] ?? 0;
      failures++;
      say(`osrm-routed ended (${child.why()}); starting it again in ${pause} ms`);
      await sleep(pause, undefined, { signal: ending.signal }).catch(() => undefined);
      if (ending.signal.aborted || current !== null) return;
      try {
        const next = await launch(options.routed, dataset, ending.signal);
        if (ending.signal.aborted || current !== null) return await end(next);
        current = next;
        state = 'running';
        say(`osrm-routed answers again at ${next.url} (pid ${next.pid})`);
        void lookAfter(next);
      } catch (error) {
        say(error instanceof Error ? error.message : String(error));
      }
    }
  };
  void lookAfter(current);

  const drain = async (before: Running): Promise<void> => {
    draining.add(before);
    await sleep(DRAIN_MILLIS, undefined, { signal: ending.signal }).catch(() => undefined);
    await end(before);
    draining.delete(before);
  };

  const swap = async (next: RouterDataset): Promise<void> => {
    if (ending.signal.aborted) throw new RouterFailed('The router has been stopped.');
    if (next.version === dataset.version && next.file === dataset.file) return;
    const child = await launch(options.routed, next, ending.signal);
    if (ending.signal.aborted) return end(child);
    const before = current;
    dataset = next;
    current = child;
    state = 'running';
    failures = 0;
    say(`osrm-routed serves roads ${next.version} at ${child.url} (pid ${child.pid})`);
    void lookAfter(child);
    if (before) void drain(before);
  };

  return {
    url: () => current?.url ?? null,
    state: () => state,
    pid: () => current?.pid ?? null,
    version: () => dataset.version,
    swap(next) {
      const turn = swaps.then(() => swap(next));
      swaps = turn.catch(() => undefined);
      return turn;
    },
    async stop() {
      ending.abort();
      const last = current;
      current = null;
      state = 'stopped';
      await Promise.all([...(last ? [last] : []), ...draining].map(end));
      await swaps;
    },
  };
}

interface Running {
  readonly url: string;
  readonly pid: number;
  readonly child: ChildProcess;
  readonly ended: Promise<void>;
  why(): string;
}

async function launch(routed: string, dataset: RouterDataset, signal?: AbortSignal): Promise<Running> {
  const port = await freePort();
  const command = [routed, '--algorithm', 'ch', '--ip', '127.0.0.1', '--port', String(port), '--max-table-size', '10000'];
  // Its own process group: Ctrl-C in a terminal is for us, and we stop the router in order.
  const child = spawn('/bin/sh', ['-c', UNDER_WATCH, 'osrm-routed', ...command, '--verbosity', 'WARNING', dataset.file], {
    stdio: ['pipe', 'pipe', 'pipe'],
    detached: true,
  });
  let said = '';
  const hear = (chunk: Buffer) => {
    said = (said + chunk.toString()).slice(-2_000);
  };
  child.stdout.on('data', hear);
  child.stderr.on('data', hear);
  // Writing to a watcher that is gone is not an error for us.
  child.stdin.on('error', () => undefined);
  let why = '';
  const ended = new Promise<void>((resolve) => {
    child.once('error', (error) => {
      why = error.message;
      resolve();
    });
    child.once('exit', (code, killed) => {
      why = killed ? `by ${killed}` : `code ${code}`;
      // Sends the watcher home: there is nothing left to watch.
      child.stdin.end('\n');
      resolve();
    });
  });
  const running: Running = { url: `http://127.0.0.1:${port}`, pid: child.pid ?? 0, child, ended, why: () => why };
  const deadline = Date.now() + START_MILLIS;
  while (!(await answers(running.url, 2_000))) {
    if (signal?.aborted || Date.now() > deadline) {
      await end(running);
      throw new RouterFailed(`osrm-routed did not answer within ${START_MILLIS / 1000} s. ${said.trim()}`);
    }
    if (child.exitCode !== null || child.signalCode !== null || child.pid === undefined) {
      throw new RouterFailed(`osrm-routed did not start (${why}). ${said.trim()}`);
    }
    await sleep(50);
  }
  return running;
}

/** Any JSON is a sign of life: an empty question is answered with an error that OSRM wrote itself. */
async function answers(url: string, millis: number): Promise<boolean> {
  try {
    const reply = await fetch(url, { signal: AbortSignal.timeout(millis) });
    return (await reply.text()).includes('"code"');
  } catch {
    return false;
  }
}

async function checkHealth(running: Running, say: (line: string) => void): Promise<void> {
  let over = false;
  void running.ended.then(() => {
    over = true;
  });
  let well = Date.now();
  for (;;) {
    await sleep(CHECK_EVERY_MILLIS, undefined, { ref: false });
    if (over) return;
    if (await answers(running.url, HUNG_MILLIS)) well = Date.now();
    else if (Date.now() - well > HUNG_MILLIS) {
      say(`osrm-routed (pid ${running.pid}) has not answered for ${HUNG_MILLIS / 1000} s and is killed`);
      running.child.kill('SIGKILL');
      return;
    }
  }
}

async function end(running: Running): Promise<void> {
  const { child } = running;
  if (child.exitCode !== null || child.signalCode !== null || child.pid === undefined) return;
  child.kill('SIGTERM');
  const patience = setTimeout(() => child.kill('SIGKILL'), 3_000);
  await running.ended;
  clearTimeout(patience);
}

async function freePort(): Promise<number> {
  const probe = createServer().listen(0, '127.0.0.1');
  await once(probe, 'listening');
  const address = probe.address();
  probe.close();
  await once(probe, 'close');
  if (address === null || typeof address === 'string') throw new RouterFailed('No free port on 127.0.0.1.');
  return address.port;
}
