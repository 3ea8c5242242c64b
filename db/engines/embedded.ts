import { fork, type ChildProcess } from 'node:child_process';
import { closeSync, existsSync, openSync, readFileSync, rmSync, statSync, writeFileSync } from 'node:fs';
import { createRequire } from 'node:module';
import path from 'node:path';
import { setTimeout as sleep } from 'node:timers/promises';
import { pathToFileURL } from 'node:url';
import { Client } from 'pg';
import { socketUrl, type DbConnection } from '../knex.ts';
import { makeClusterFolders, removeStraySocketFolder, type ClusterFolders } from './cluster-folders.ts';
import { unavailableBecause } from './database-unavailable.ts';
import { identityOf, signal, untilEnded, waitForEnd } from './processes.ts';
import type { OnProgress, ProgressStep } from './progress.ts';
import type { SupervisorEvent } from './supervisor.ts';

/** What the child process says. */
export type FromEmbedded =
  | { readonly kind: 'progress'; readonly step: ProgressStep }
  | { readonly kind: 'ready' }
  | { readonly kind: 'failed'; readonly because: string };

export interface EmbeddedOptions {
  /** Folder of the database; made when it is not there. */
  readonly folder: string;
  readonly onProgress?: OnProgress;
  readonly onEvent?: (event: SupervisorEvent) => void;
}

export interface Embedded {
  readonly connection: DbConnection;
  /** Of the child process; undefined while it is down. */
  pid(): number | undefined;
  stop(): Promise<void>;
}

const PORT = 5432;
const LONGEST_START_MILLIS = 180_000;
const LONGEST_PAUSE_MILLIS = 5_000;

/**
 * The embedded database: one backend. Transactions of all clients run one after another; a query outside a
 * transaction waits until the open one has ended, so code that holds a transaction and asks by another connection
 * waits for itself (the pool has one connection here, which turns that into an error after its acquire timeout).
 * LISTEN/NOTIFY delivers nothing and there is no ST_AsMVT. First start about 20 s, later ones 7 s, 1 GB of memory.
 * @throws DatabaseUnavailable
 */
export async function startEmbedded(options: EmbeddedOptions): Promise<Embedded> {
  const folders = makeClusterFolders(options.folder, undefined);
  const connection = connectionTo(folders);
  const stopping = new AbortController();
  let current: Held | undefined = await hold(folders, options.onProgress);

  const watching = (async () => {
    while (!stopping.signal.aborted && current) {
      await untilEnded(current.pid, current.child, stopping.signal);
      if (stopping.signal.aborted) return;
      options.onEvent?.({ kind: 'died', pid: current.pid });
      current = undefined;
      current = await restart(folders, stopping.signal, options.onEvent);
    }
  })();

  return {
    connection,
    pid: () => current?.pid,
    async stop() {
      stopping.abort();
      await watching;
      const child = current?.child;
      current = undefined;
      if (!child?.pid) return;
      signal(child.pid, 'SIGTERM');
      if (!(await waitForEnd(child.pid, 15_000))) signal(child.pid, 'SIGKILL');
      rmSync(folders.owner, { force: true });
      removeStraySocketFolder(folders);
    },
  };
}

/** A database process that answers: our child, or another living process' child on the same folder. */
interface Held {
  readonly pid: number;
  readonly child: ChildProcess | undefined;
}

function connectionTo(folders: ClusterFolders): DbConnection {
  const url = socketUrl({ folder: folders.socket, port: PORT, user: 'postgres', database: 'postgres' });
  return { url, maxConnections: 1 };
}

async function restart(
  folders: ClusterFolders,
  stop: AbortSignal,
  onEvent: EmbeddedOptions['onEvent'],
): Promise<Held | undefined> {
  const began = performance.now();
  for (let pause = 250; !stop.aborted; pause = Math.min(pause * 2, LONGEST_PAUSE_MILLIS)) {
    try {
      const held = await hold(folders, undefined);
      onEvent?.({ kind: 'restarted', pid: held.pid, seconds: (performance.now() - began) / 1000 });
      return held;
    } catch (error) {
      onEvent?.({ kind: 'restart-failed', error: error as Error, nextTryMillis: pause });
      await sleep(pause, undefined, { ref: false, signal: stop }).catch(() => undefined);
    }
  }
  return undefined;
}

async function hold(folders: ClusterFolders, onProgress: OnProgress | undefined): Promise<Held> {
  const until = performance.now() + LONGEST_START_MILLIS;
  while (performance.now() < until) {
    const other = livingOwner(folders.owner);
    if (other === undefined) {
      const child = startChild(folders);
      // PGlite takes no lock of its own: two processes on one folder would destroy it.
      if (child) return started(child, folders, onProgress);
    } else if (await answers(connectionTo(folders))) {
      return { pid: other, child: undefined };
    }
    await sleep(100);
  }
  throw unavailableBecause(folders.root, new Error(`no answer within ${LONGEST_START_MILLIS / 1000} s`));
}

/** Starts the child and enters it as the folder's owner; undefined when another process was first. */
function startChild(folders: ClusterFolders): ChildProcess | undefined {
  const claim = `${folders.owner}.claim`;
  try {
    closeSync(openSync(claim, 'wx'));
  } catch {
    return claimAgainWhenAbandoned(claim);
  }
  try {
    if (livingOwner(folders.owner) !== undefined) return undefined;
    const log = openSync(folders.log, 'a', 0o600);
    const program = path.join(import.meta.dirname, `embedded-process${path.extname(import.meta.filename)}`);
    const child = fork(program, [folders.data, path.join(folders.socket, `.s.PGSQL.${PORT}`)], {
      cwd: folders.root,
      detached: true, // a Ctrl-C in the terminal is ours to handle: the child ends when we ask, or when we are gone
      stdio: ['ignore', log, log, 'ipc'],
      execArgv: program.endsWith('.ts')
        ? ['--import', pathToFileURL(createRequire(import.meta.filename).resolve('tsx')).href]
        : [],
    });
    closeSync(log);
    child.on('error', () => undefined); // seen by its missing pid
    if (child.pid !== undefined) writeFileSync(folders.owner, identityOf(child.pid) ?? String(child.pid));
    return child;
  } finally {
    rmSync(claim, { force: true });
  }
}

/** A claim lives for milliseconds; one that is still there after 10 s was left by a process that was killed. */
function claimAgainWhenAbandoned(claim: string): undefined {
  const made = statSync(claim, { throwIfNoEntry: false })?.mtimeMs;
  if (made !== undefined && Date.now() - made > 10_000) rmSync(claim, { force: true });
}

function started(child: ChildProcess, folders: ClusterFolders, onProgress: OnProgress | undefined): Promise<Held> {
  const { pid } = child;
  if (pid === undefined) return Promise.reject(unavailableBecause(folders.root, new Error('its process did not start')));
  return new Promise((resolve, reject) => {
    let because = '';
    const onExit = (): void => {
      const said = because || (existsSync(folders.log) ? readFileSync(folders.log, 'utf8').slice(-2_000) : '');
      reject(unavailableBecause(folders.root, new Error(said)));
    };
    child.once('exit', onExit);
    child.on('message', (message: FromEmbedded) => {
      if (message.kind === 'progress') onProgress?.(message.step);
      if (message.kind === 'failed') because = message.because;
      if (message.kind !== 'ready') return;
      child.off('exit', onExit);
      child.unref();
      child.channel?.unref();
      resolve({ pid, child });
    });
  });
}

function livingOwner(file: string): number | undefined {
  if (!existsSync(file)) return undefined;
  const owner = readFileSync(file, 'utf8');
  const pid = Number(owner.split(' ')[0]);
  return Number.isInteger(pid) && pid > 0 && identityOf(pid) === owner ? pid : undefined;
}

async function answers(connection: DbConnection): Promise<boolean> {
  const client = new Client({ connectionString: connection.url, connectionTimeoutMillis: 5_000 });
  client.on('error', () => undefined);
  try {
    await client.connect();
    return true;
  } catch {
    return false;
  } finally {
    await client.end().catch(() => undefined);
  }
}
