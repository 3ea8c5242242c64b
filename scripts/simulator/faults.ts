import { execFile } from 'node:child_process';
import { setTimeout as sleep } from 'node:timers/promises';
import { promisify } from 'node:util';
import type { Status } from '../../server/platform/contract.ts';

const run = promisify(execFile);

export interface Fault {
  readonly what: 'router' | 'database';
  readonly atMs: number;
}

export interface FaultRecord {
  readonly what: string;
  readonly at: string;
  readonly killedPid: number;
  /** Wall seconds from the kill until /api/status said so, and until everything was well again. null = not seen. */
  readonly shownAfterSeconds: number | null;
  readonly healedAfterSeconds: number | null;
}

/** The osrm-routed that belongs to this server, by the process table. */
export async function routerPid(serverPid: number): Promise<number | null> {
  const { stdout } = await run('ps', ['-A', '-o', 'pid=,ppid=,comm=']);
  for (const line of stdout.split('\n')) {
    const [pid, parent, ...name] = line.trim().split(/\s+/);
    if (Number(parent) === serverPid && name.join(' ').includes('osrm-routed')) return Number(pid);
  }
  return null;
}

/**
 * Kills the router or the database of a running city (kill -9) and watches what screens are told meanwhile. The day
 * goes on while this watches: nothing waits for it but the end of the run.
 */
export async function strike(
  fault: Fault,
  target: { base: string; serverPid: number; databasePid: () => number | undefined },
): Promise<FaultRecord> {
  const pid = fault.what === 'router' ? await routerPid(target.serverPid) : (target.databasePid() ?? null);
  if (pid === null) throw new Error(`there is no ${fault.what} of our own to kill`);
  const killedAt = performance.now();
  process.kill(pid, 'SIGKILL');
  const since = (): number => Number(((performance.now() - killedAt) / 1000).toFixed(2));
  let shown: number | null = null;
  let healed: number | null = null;
  while (since() < 60 && healed === null) {
    const status = await fetch(`${target.base}/api/status`, { signal: AbortSignal.timeout(3000) })
      .then(async (response) => (await response.json()) as Status)
      .catch(() => null);
    const well = status?.dependencies.every((d) => d.name !== fault.what || d.state === 'ok') ?? false;
    if (!well && shown === null) shown = since();
    // A restart quicker than anyone can look was never shown, and had nothing to show.
    if (well && (shown !== null || since() > 6)) healed = shown === null ? 0 : since();
    await sleep(100);
  }
  return {
    what: fault.what,
    at: new Date(fault.atMs).toISOString(),
    killedPid: pid,
    shownAfterSeconds: shown,
    healedAfterSeconds: healed,
  };
}
