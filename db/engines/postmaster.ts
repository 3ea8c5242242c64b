import { spawn, type ChildProcess } from 'node:child_process';
import { closeSync, existsSync, openSync, readFileSync, rmSync, statSync } from 'node:fs';
import path from 'node:path';
import { setTimeout as sleep } from 'node:timers/promises';
import { Client } from 'pg';
import { socketUrl } from '../knex.ts';
import type { ClusterFolders } from './cluster-folders.ts';
import { unavailableBecause } from './database-unavailable.ts';
import { commandOf, isAlive, type RunAs } from './processes.ts';

export const CLUSTER_USER = 'thuma';
export const CLUSTER_PORT = 5432;

export interface PostmasterOptions {
  readonly bin: string;
  readonly folders: ClusterFolders;
  readonly runAs: RunAs | undefined;
  /** PostgreSQL settings, given on its command line. */
  readonly settings: Readonly<Record<string, string | number>>;
}

export interface Postmaster {
  readonly pid: number;
  /** The process we started; undefined for one that was running already. */
  readonly child: ChildProcess | undefined;
}

/** PostgreSQL says so when a postmaster that was killed has left backends behind, or another one is just starting. */
const WORTH_ANOTHER_TRY =
  /pre-existing shared memory block|lock file ".*" already exists|is another (postmaster|postgres)|could not bind Unix/i;
const LONGEST_START_MILLIS = 120_000;

/**
 * Makes sure that a server runs on the cluster's folder and answers: the one that runs already, or a new child in
 * a session of its own (a Ctrl-C in the terminal does not reach it; a killed parent leaves it running).
 * @throws DatabaseUnavailable with what its log said last.
 */
export async function ensurePostmaster(options: PostmasterOptions): Promise<Postmaster> {
  const { folders } = options;
  const until = performance.now() + LONGEST_START_MILLIS;
  for (let attempt = 0; performance.now() < until; attempt++) {
    const running = runningPostmaster(folders.data);
    if (running !== undefined) {
      if (await answersWhileAlive(folders, () => isAlive(running), until)) return { pid: running, child: undefined };
      continue;
    }
    const logSizeBefore = existsSync(folders.log) ? statSync(folders.log).size : 0;
    const child = spawnPostgres(options);
    const alive = (): boolean => child.exitCode === null && child.signalCode === null;
    // Until our caller has it in hand, nobody else would stop it when we are ended by Ctrl-C.
    const stop = (): void => void child.kill('SIGINT');
    process.on('exit', stop);
    try {
      if (child.pid !== undefined && (await answersWhileAlive(folders, alive, until))) return { pid: child.pid, child };
    } finally {
      process.off('exit', stop);
    }
    const said = readFileSync(folders.log, 'utf8').slice(logSizeBefore);
    if (!WORTH_ANOTHER_TRY.test(said)) throw unavailableBecause(folders.root, new Error(said));
    await sleep(Math.min(50 * 2 ** attempt, 1_000));
  }
  throw unavailableBecause(folders.root, new Error(`no answer within ${LONGEST_START_MILLIS / 1000} s`));
}

/** Id of the server that runs on this data folder, if one does; a lock file left over by a stranger's id is removed. */
export function runningPostmaster(data: string): number | undefined {
  const lockFile = path.join(data, 'postmaster.pid');
  if (!existsSync(lockFile)) return undefined;
  const pid = Number(readFileSync(lockFile, 'utf8').split('\n')[0]);
  if (!Number.isInteger(pid) || pid <= 0 || !isAlive(pid)) return undefined; // PostgreSQL replaces such a file itself
  const command = commandOf(pid);
  if (command === '' || /postgres|postmaster/.test(command)) return pid;
  // The machine was restarted and the id now belongs to another program: PostgreSQL would refuse to start for ever.
  rmSync(lockFile, { force: true });
  return undefined;
}

function spawnPostgres({ bin, folders, runAs, settings }: PostmasterOptions): ChildProcess {
  const set = Object.entries({
    ...settings,
    listen_addresses: '',
    port: CLUSTER_PORT,
    unix_socket_directories: folders.socket,
    unix_socket_permissions: '0700',
  }).flatMap(([name, value]) => ['-c', `${name}=${value}`]);
  // A file, not a pipe: the server must be able to write its log when we are gone.
  const log = openSync(folders.log, existsSync(folders.log) && statSync(folders.log).size > 5_000_000 ? 'w' : 'a', 0o600);
  try {
    const child = spawn(path.join(bin, 'postgres'), ['-D', folders.data, ...set], {
      cwd: folders.root,
      detached: true,
      stdio: ['ignore', log, log],
      env: plainEnvironment(),
      ...runAs,
    });
    child.unref();
    child.on('error', () => undefined); // "did not start" is seen by its missing pid
    return child;
  } finally {
    closeSync(log);
  }
}

/** No PG* variable or odd locale of the user's may change what the server does. */
export function plainEnvironment(): NodeJS.ProcessEnv {
  return { PATH: process.env['PATH'] ?? '/usr/bin:/bin', LC_ALL: 'C', TZ: 'UTC' };
}

async function answersWhileAlive(folders: ClusterFolders, alive: () => boolean, until: number): Promise<boolean> {
  while (alive() && performance.now() < until) {
    if (await answers(folders.socket)) return true;
    await sleep(25);
  }
  return false;
}

async function answers(socketFolder: string): Promise<boolean> {
  const url = socketUrl({ folder: socketFolder, port: CLUSTER_PORT, user: CLUSTER_USER, database: 'postgres' });
  const client = new Client({ connectionString: url, connectionTimeoutMillis: 2_000 });
  client.on('error', () => undefined);
  try {
    await client.connect();
    await client.query('select 1');
    return true;
  } catch {
    return false; // not yet: starting up, recovering or shutting down
  } finally {
    await client.end().catch(() => undefined);
  }
}
