import { spawnSync } from 'node:child_process';
import { createHash } from 'node:crypto';
import { chownSync, existsSync, lstatSync, mkdirSync, realpathSync, rmdirSync, rmSync } from 'node:fs';
import os from 'node:os';
import path from 'node:path';
import { DatabaseUnavailable, unavailableBecause } from './database-unavailable.ts';
import type { RunAs } from './processes.ts';

export interface ClusterFolders {
  /** Ours: holds all below but a socket folder that had to be elsewhere. */
  readonly root: string;
  /** PGDATA */
  readonly data: string;
  /** Folder of the Unix socket: mode 700, so that "trust" trusts its owner only. */
  readonly socket: string;
  readonly log: string;
  /** Which process stops this cluster. */
  readonly owner: string;
}

/** A socket path longer than this is cut off or refused: 107 bytes on Linux, 103 on macOS; PostgreSQL adds the file name. */
const LONGEST_SOCKET_FOLDER = 103 - '/.s.PGSQL.5432'.length;

/**
 * Makes the folders of a cluster at `wanted`. When PostgreSQL has to run as another user (we are root) and that user
 * cannot reach `wanted`, they are made in /var/lib/thuma instead (the same place each time for the same `wanted`).
 * @throws DatabaseUnavailable 'no-permission' or 'disk-full'.
 */
export function makeClusterFolders(wanted: string, runAs: RunAs | undefined): ClusterFolders {
  try {
    const root = makeReachable(wanted, runAs);
    const socket = makeSocketFolder(root, runAs);
    return { root, data: path.join(root, 'data'), socket, log: path.join(root, 'log'), owner: path.join(root, 'owner') };
  } catch (cause) {
    throw unavailableBecause(wanted, cause);
  }
}

/** Removes a socket folder that is not inside the cluster's own folder. */
export function removeStraySocketFolder(folders: ClusterFolders): void {
  if (!folders.socket.startsWith(folders.root)) rmSync(folders.socket, { recursive: true, force: true });
}

/** Removes the files of a stopped cluster that `makeClusterFolders` was given `wanted` for, wherever it put them. */
export function removeCluster(wanted: string): void {
  if (!existsSync(wanted)) return;
  for (const folder of [elsewhereFor(realpathSync(wanted)), wanted]) rmSync(folder, { recursive: true, force: true });
}

const elsewhereFor = (real: string): string =>
  path.join('/var/lib/thuma', `${path.basename(path.dirname(real))}-${shortHash(real)}`);

function makeReachable(wanted: string, runAs: RunAs | undefined): string {
  makePrivate(wanted, runAs);
  const real = realpathSync(wanted);
  if (!runAs || canWrite(real, runAs)) return real;
  const elsewhere = elsewhereFor(real);
  mkdirSync(path.dirname(elsewhere), { recursive: true, mode: 0o755 });
  makePrivate(elsewhere, runAs);
  if (canWrite(elsewhere, runAs)) return elsewhere;
  for (const empty of [real, elsewhere]) rmdirSync(empty); // so that the next start sees no cluster where none is
  throw new DatabaseUnavailable(
    'no-permission',
    `The user "postgres" can reach neither ${real} nor ${elsewhere}. Start Thuma as an ordinary user, or set THUMA_HOME to a folder that everyone may enter.`,
  );
}

function makeSocketFolder(root: string, runAs: RunAs | undefined): string {
  const inside = path.join(root, 'run');
  if (Buffer.byteLength(inside) <= LONGEST_SOCKET_FOLDER) return makePrivate(inside, runAs);
  const short = path.join(existsSync('/tmp') ? '/tmp' : os.tmpdir(), `thuma-${shortHash(root)}`);
  makePrivate(short, runAs);
  const found = lstatSync(short);
  const owner = runAs?.uid ?? process.getuid?.() ?? found.uid;
  if (!found.isDirectory() || found.uid !== owner || (found.mode & 0o077) !== 0) {
    throw new DatabaseUnavailable(
      'no-permission',
      `The path ${root} is too long for a database socket and ${short} belongs to someone else. Set THUMA_HOME to a shorter path.`,
    );
  }
  return short;
}

function makePrivate(folder: string, runAs: RunAs | undefined): string {
  if (!existsSync(folder)) {
    mkdirSync(path.dirname(folder), { recursive: true });
    mkdirSync(folder, { mode: 0o700 });
    if (runAs) chownSync(folder, runAs.uid, runAs.gid);
  }
  return folder;
}

function canWrite(folder: string, runAs: RunAs): boolean {
  const script = 'cd "$0" && test -w . && test -x .';
  return spawnSync('/bin/sh', ['-c', script, folder], { uid: runAs.uid, gid: runAs.gid, cwd: '/' }).status === 0;
}

function shortHash(text: string): string {
  return createHash('sha256').update(text).digest('hex').slice(0, 10);
}
