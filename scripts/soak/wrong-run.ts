import { spawn, type ChildProcess } from 'node:child_process';
import path from 'node:path';
import { setTimeout as sleep } from 'node:timers/promises';
import { openDb, type DbConnection } from '../../db/knex.ts';
import { makeFleet } from '../bench/live/fleet-database.ts';
import { freePort } from '../cluster/programs.ts';
import { aFixWriter, checkFixes, sendFixes, type FixFindings } from './fix-history.ts';

/** `early` acknowledges before it has committed. `keyless` stores without a key: what comes twice is there twice. */
export type WrongDesign = 'early' | 'keyless';

const KILLS = 2;
const BETWEEN_MILLIS = 600;

/**
 * The same devices and the same checker with a server that is wrong by design; what the checker found. `keyless` takes the key of
 * `fix` away for good: nothing else is done with that database afterwards.
 */
export async function wrongRun(design: WrongDesign, connection: DbConnection, devices: number): Promise<FixFindings> {
  const db = openDb(connection, { applicationName: 'soak-wrong' });
  let server: ChildProcess | undefined;
  const port = await freePort();
  try {
    if (design === 'keyless') await db.raw('alter table fix drop constraint fix_pkey');
    const fleet = await makeFleet(db, devices, 1, 'crew_phone');
    const writers = fleet.deviceIds.map((id, n) => aFixWriter(id, fleet.deviceTokens[n]!));
    let over = false;
    server = await startWrong(design, connection.url, port);
    const sending = Promise.all(writers.map((writer) => sendFixes(`http://127.0.0.1:${port}`, writer, () => over)));
    for (let n = 0; n < KILLS; n++) {
      await sleep(BETWEEN_MILLIS);
      await end(server);
      server = await startWrong(design, connection.url, port);
    }
    await sleep(BETWEEN_MILLIS);
    over = true;
    await sending;
    await sleep(200);
    return await checkFixes(db, writers);
  } finally {
    if (server !== undefined) await end(server);
    await db.destroy();
  }
}

async function startWrong(design: WrongDesign, url: string, port: number): Promise<ChildProcess> {
  const file = path.join(import.meta.dirname, 'wrong-positions.fixtures.ts');
  const child = spawn(process.execPath, ['--import', 'tsx', file, design, url, String(port)], {
    stdio: ['ignore', 'pipe', 'ignore'],
  });
  await new Promise<void>((resolve, reject) => {
    child.stdout!.once('data', () => resolve());
    child.once('exit', (code) => reject(new Error(`the wrong server ended with ${code}`)));
  });
  return child;
}

async function end(child: ChildProcess): Promise<void> {
  if (child.exitCode !== null || child.signalCode !== null) return;
  const gone = new Promise((resolve) => child.once('exit', resolve));
  child.kill('SIGKILL');
  await gone;
}
