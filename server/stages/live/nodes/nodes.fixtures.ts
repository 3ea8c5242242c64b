import { spawn, type ChildProcess } from 'node:child_process';
import { once } from 'node:events';
import { mkdtempSync, rmSync } from 'node:fs';
import os from 'node:os';
import path from 'node:path';
import { setTimeout as sleep } from 'node:timers/promises';
import { freePort } from '../../../../scripts/cluster/programs.ts';

export interface TestRedis {
  readonly url: string;
  /** By SIGKILL. */
  kill(): Promise<void>;
  start(): Promise<void>;
  /** Holds it still (SIGSTOP), as a network that is cut does: connections stay open and nothing comes. */
  cut(): void;
  mend(): void;
  stop(): Promise<void>;
}

/** A Redis of its own, from the machine's program, that keeps nothing. */
export async function testRedis(program: string): Promise<TestRedis> {
  const folder = mkdtempSync(path.join(os.tmpdir(), 'thuma-test-redis-'));
  const port = await freePort();
  let child: ChildProcess | undefined;
  const start = async (): Promise<void> => {
    const options = ['--port', String(port), '--bind', '127.0.0.1', '--save', '', '--appendonly', 'no', '--dir', folder];
    child = spawn(program, options, { stdio: ['ignore', 'pipe', 'ignore'] });
    let said = '';
    child.stdout!.on('data', (data: Buffer) => (said += data.toString()));
    for (let tries = 0; !said.includes('Ready to accept connections'); tries++) {
      if (tries > 200 || child.exitCode !== null) throw new Error(`redis-server did not start: ${said}`);
      await sleep(25);
    }
  };
  const kill = async (): Promise<void> => {
    const one = child;
    child = undefined;
    if (one === undefined || one.exitCode !== null) return;
    const gone = once(one, 'exit');
    one.kill('SIGKILL');
    await gone;
  };
  await start();
  return {
    url: `redis://127.0.0.1:${port}`,
    start,
    kill,
    cut: () => void child?.kill('SIGSTOP'),
    mend: () => void child?.kill('SIGCONT'),
    async stop() {
      await kill();
      rmSync(folder, { recursive: true, force: true });
    },
  };
}
