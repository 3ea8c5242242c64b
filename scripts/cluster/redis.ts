import { setTimeout as sleep } from 'node:timers/promises';
import { Usage } from '../failure.ts';
import { findProgram, freePort, startProgram, type WatchedProgram } from './programs.ts';

export interface RunningRedis {
  readonly url: string;
  /** null: it is not ours (REDIS_URL). */
  readonly program: WatchedProgram | null;
  stop(): Promise<void>;
}

/**
 * REDIS_URL, or a Redis of its own from the machine's program, in memory only.
 * @throws Usage when there is neither.
 */
export async function startRedis(url: string | undefined): Promise<RunningRedis> {
  if (url) return { url, program: null, stop: () => Promise.resolve() };
  const file = findProgram('redis-server');
  if (file === undefined) {
    throw new Usage('No redis-server on this machine. Install it (Debian: apt-get install redis-server), or set REDIS_URL.');
  }
  const port = await freePort();
  const program = startProgram(file, ['--port', String(port), '--bind', '127.0.0.1', '--save', '', '--appendonly', 'no']);
  for (let tries = 0; !program.said().includes('Ready to accept connections'); tries++) {
    if (program.ended() || tries > 400) {
      await program.stop();
      throw new Usage(`redis-server did not start: ${program.said().trim().split('\n').at(-1)}`);
    }
    await sleep(25);
  }
  return { url: `redis://127.0.0.1:${port}`, program, stop: () => program.stop() };
}
