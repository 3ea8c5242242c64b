import { spawn, type ChildProcess } from 'node:child_process';
import { createWriteStream } from 'node:fs';
import path from 'node:path';
import { setTimeout as sleep } from 'node:timers/promises';

export interface ServerProcess {
  readonly base: string;
  readonly pid: number;
  readonly logFile: string;
  /** SIGTERM, and SIGKILL when that was not enough. */
  stop(): Promise<void>;
  /** Called when the process ends without having been stopped. */
  onDeath(heard: (code: number | null) => void): void;
}

/** The server could not be started; the message is its own last words. */
export class ServerFailed extends Error {
  override readonly name = 'ServerFailed';
}

const root = path.join(import.meta.dirname, '../..');
const READY = /^ready (http:\/\/\S+)$/m;
const PATIENCE_MS = 120_000;
const STOP_MS = 15_000;
/**
 * The shell becomes the server (same pid) and leaves a watcher behind that reads our pipe: the end of the pipe (we are
 * gone, even by SIGKILL) makes it stop the server. Nothing outlives whoever started it.
 */
export const UNDER_WATCH =
  'exec 3<&0; ( if ! read -r _ <&3; then kill -TERM $$; fi ) >/dev/null 2>&1 & exec "$@" </dev/null 3<&-';

/**
 * Starts `server/main.ts` as a process of its own and waits until it says it is ready. Its log goes to `logFile`;
 * a terminal's Ctrl-C does not reach it, so that whoever started it can stop it in good order.
 * @throws ServerFailed with what the server said.
 */
export async function startServerProcess(env: Readonly<Record<string, string>>, logFile: string): Promise<ServerProcess> {
  const command = [process.execPath, '--import', 'tsx', 'server/main.ts'];
  const child: ChildProcess = spawn('/bin/sh', ['-c', UNDER_WATCH, 'thuma', ...command], {
    cwd: root,
    env: { ...process.env, ...env },
    stdio: ['pipe', 'pipe', 'pipe'],
    detached: true,
  });
  // Writing to a watcher that is gone is not an error for us.
  child.stdin!.on('error', () => undefined);
  const log = createWriteStream(logFile, { flags: 'w' });
  // A full disk ends the log, not the day.
  log.on('error', () => undefined);
  let said = '';
  let ended: { code: number | null } | null = null;
  let stopping = false;
  const listeners: ((code: number | null) => void)[] = [];
  for (const stream of [child.stdout!, child.stderr!]) {
    stream.on('data', (chunk: Buffer) => {
      log.write(chunk);
      if (said.length < 64_000) said += chunk.toString();
    });
  }
  child.on('exit', (code) => {
    ended = { code };
    // Sends the watcher home: there is nothing left to watch.
    child.stdin!.end('\n');
    log.end();
    if (!stopping) for (const heard of listeners) heard(code);
  });

  const started = performance.now();
  let base: string | undefined;
  while (base === undefined) {
    base = READY.exec(said)?.[1];
    const gone = ended as { code: number | null } | null;
    if (gone !== null)
      throw new ServerFailed(said.trim().split('\n').slice(-12).join('\n') || `the server ended with code ${gone.code}`);
    if (performance.now() - started > PATIENCE_MS) {
      child.kill('SIGKILL');
      throw new ServerFailed(`the server was not ready after ${PATIENCE_MS / 1000} s; its log is ${logFile}`);
    }
    if (base === undefined) await sleep(50);
  }

  return {
    base,
    pid: child.pid!,
    logFile,
    async stop() {
      if (ended !== null) return;
      stopping = true;
      const gone = new Promise<void>((resolve) => child.once('exit', () => resolve()));
      child.kill('SIGTERM');
      const late = setTimeout(() => child.kill('SIGKILL'), STOP_MS);
      await gone;
      clearTimeout(late);
    },
    onDeath: (heard) => void listeners.push(heard),
  };
}
