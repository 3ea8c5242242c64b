import { spawnSync, type ChildProcess } from 'node:child_process';
import { existsSync, readFileSync, statSync } from 'node:fs';
import { setTimeout as sleep } from 'node:timers/promises';

/** How often a process that is not our child is looked at. */
const WATCH_MILLIS = 250;

/** User and group a child process runs as; undefined is "as we do". */
export interface RunAs {
  readonly uid: number;
  readonly gid: number;
}

/** True while a process of this id exists (a stranger's too). */
export function isAlive(pid: number): boolean {
  try {
    process.kill(pid, 0);
    return true;
  } catch (error) {
    return error instanceof Error && 'code' in error && error.code === 'EPERM';
  }
}

/** Command line of a process, '' when it is gone or hidden. Ids are used again: check before believing one. */
export function commandOf(pid: number): string {
  if (existsSync('/proc/self/cmdline')) return readProc(pid, 'cmdline').replaceAll('\0', ' ').trim();
  return spawnSync('ps', ['-o', 'command=', '-p', String(pid)], { encoding: 'utf8' }).stdout?.trim() ?? '';
}

/**
 * A name for one process that no later process gets, also when its id is used again: id and start time.
 * Undefined when it is gone.
 */
export function identityOf(pid: number): string | undefined {
  if (existsSync('/proc/self/stat')) {
    // The 22nd field, counted after the name in parentheses (which may hold spaces), is the start time in ticks.
    const started = readProc(pid, 'stat').split(') ').at(-1)?.split(' ')[19];
    return started ? `${pid} ${started}` : undefined;
  }
  const said = spawnSync('ps', ['-o', 'lstart=', '-p', String(pid)], { encoding: 'utf8' }).stdout?.trim();
  return said ? `${pid} ${said}` : undefined;
}

/** Sends a signal; false when the process is gone already. */
export function signal(pid: number, name: NodeJS.Signals): boolean {
  try {
    return process.kill(pid, name);
  } catch (error) {
    if (error instanceof Error && 'code' in error && error.code === 'ESRCH') return false;
    throw error;
  }
}

/** Waits until the process is gone; false when it still lives after `millis`. */
export async function waitForEnd(pid: number, millis: number): Promise<boolean> {
  const until = performance.now() + millis;
  while (isAlive(pid)) {
    if (performance.now() > until) return false;
    await sleep(20);
  }
  return true;
}

/**
 * PostgreSQL refuses to run as root. As root we run it as the owner of the cluster's folder when that is an ordinary
 * user (who made it earlier), else as the system's user `postgres`; as anyone else, as we are.
 * 'no-user' when we are root and there is no such user.
 */
export function whoRunsPostgres(folder: string): RunAs | undefined | 'no-user' {
  if (process.getuid?.() !== 0) return undefined;
  const found = existsSync(folder) ? statSync(folder) : undefined;
  if (found && found.uid !== 0) return { uid: found.uid, gid: found.gid };
  const users = existsSync('/etc/passwd') ? readFileSync('/etc/passwd', 'utf8').split('\n') : [];
  for (const user of users) {
    const [name, , uid, gid] = user.split(':');
    if ((name === 'postgres' || name === '_postgres') && uid && gid) return { uid: Number(uid), gid: Number(gid) };
  }
  return 'no-user';
}

/** Waits until a process has ended or nobody wants to know; told at once for our own child, else by looking often. */
export async function untilEnded(pid: number, child: ChildProcess | undefined, stop: AbortSignal): Promise<void> {
  const alive = (): boolean => (child ? child.exitCode === null && child.signalCode === null : isAlive(pid));
  const waking = new AbortController();
  const wake = (): void => waking.abort();
  child?.once('exit', wake);
  stop.addEventListener('abort', wake, { once: true });
  // Neither the timer nor the child keeps our own process alive.
  while (!stop.aborted && alive()) {
    await sleep(WATCH_MILLIS, undefined, { ref: false, signal: waking.signal }).catch(() => undefined);
  }
  child?.off('exit', wake);
  stop.removeEventListener('abort', wake);
}

function readProc(pid: number, file: string): string {
  try {
    return readFileSync(`/proc/${pid}/${file}`, 'utf8');
  } catch {
    return ''; // it ended in between, or is hidden from us
  }
}
