import path from 'node:path';
import { setTimeout as sleep } from 'node:timers/promises';
import { startServerProcess, type ServerProcess } from '../simulator/server-process.ts';
import { freePort } from './programs.ts';

export interface ServersSetting {
  readonly count: number;
  /** Where their logs go. */
  readonly folder: string;
  readonly env: Readonly<Record<string, string>>;
  readonly say: (line: string) => void;
}

export interface RunningServers {
  /** Address of each, for as long as the servers run. */
  readonly bases: readonly string[];
  /** Process of each as it runs now; a server that has died is started again at its address. */
  pids(): readonly number[];
  stop(): Promise<void>;
}

const AGAIN_MILLIS = 1_000;

/** Starts servers of one city side by side; resolves when all are ready. Rejects, with none left, when one cannot be started. */
export async function startServers({ count, folder, env, say }: ServersSetting): Promise<RunningServers> {
  const ports: number[] = [];
  while (ports.length < count) {
    const port = await freePort();
    if (!ports.includes(port)) ports.push(port);
  }
  const running: (ServerProcess | undefined)[] = [];
  let stopping = false;

  async function start(n: number): Promise<void> {
    const server = await startServerProcess({ ...env, PORT: String(ports[n]) }, path.join(folder, `server-${n + 1}.log`));
    running[n] = server;
    server.onDeath((code) => {
      running[n] = undefined;
      say(`server ${n + 1} has ended (${code ?? 'killed'})${stopping ? '' : ', and is started again'}`);
      void again(n);
    });
    if (stopping) await server.stop();
  }
  async function again(n: number): Promise<void> {
    await sleep(AGAIN_MILLIS);
    if (stopping || running[n] !== undefined) return;
    await start(n).catch((error: unknown) => {
      say(`server ${n + 1} could not be started: ${String(error)}`);
      return again(n);
    });
  }
  const stop = async (): Promise<void> => {
    stopping = true;
    await Promise.all(running.map(async (server) => server?.stop()));
  };

  const started = await Promise.allSettled(ports.map((_, n) => start(n)));
  const failed = started.find((one) => one.status === 'rejected');
  if (failed !== undefined) {
    await stop();
    throw failed.reason;
  }
  return {
    bases: ports.map((port) => `http://127.0.0.1:${port}`),
    pids: () => running.flatMap((server) => server?.pid ?? []),
    stop,
  };
}
