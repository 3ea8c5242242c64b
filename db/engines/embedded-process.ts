/**
 * The child process that holds the embedded database: PGlite (PostgreSQL in WebAssembly) with PostGIS behind a
 * Unix socket. Started by embedded.ts with the data folder and the socket path as arguments; speaks to its parent by IPC
 * and ends, cleanly, when the parent asks or is gone. Its long pauses are why it is a process of its own.
 */
import { rmSync } from 'node:fs';
import { PGlite } from '@electric-sql/pglite';
import { btree_gist } from '@electric-sql/pglite/contrib/btree_gist';
import { postgis } from '@electric-sql/pglite-postgis';
import type { FromEmbedded } from './embedded.ts';
import { serveWire } from './embedded-wire.ts';
import { inStep } from './progress.ts';

async function serve(data: string, socket: string): Promise<void> {
  const db = await inStep(tellProgress, 'Opening the embedded PostgreSQL', () =>
    PGlite.create({ dataDir: data, extensions: { postgis, btree_gist } }),
  );
  await inStep(tellProgress, 'Loading PostGIS into it', async () => {
    await db.exec('create extension if not exists postgis; create extension if not exists btree_gist');
  });
  rmSync(socket, { force: true }); // left by a process that was killed; the parent made sure that it is dead
  const server = await serveWire(db, {
    socket,
    onBroken(error) {
      console.error(error);
      process.exit(1); // the parent starts another on the same data
    },
  });

  let ending = false;
  const end = async (): Promise<void> => {
    if (ending) return;
    ending = true;
    await server.close();
    await db.close();
    process.exit(0);
  };
  for (const name of ['SIGTERM', 'SIGINT'] as const) process.on(name, () => void end());
  process.on('disconnect', () => void end());
  if (!process.connected) await end();
  tell({ kind: 'ready' });
}

function tell(message: FromEmbedded): void {
  if (process.connected) process.send?.(message);
}

function tellProgress(step: Extract<FromEmbedded, { kind: 'progress' }>['step']): void {
  tell({ kind: 'progress', step });
}

const [data, socket] = process.argv.slice(2);
if (!data || !socket) throw new Error('embedded-process.ts needs a data folder and a socket path');
serve(data, socket).catch((error: unknown) => {
  tell({ kind: 'failed', because: error instanceof Error ? error.message : String(error) });
  process.exitCode = 1;
  process.disconnect?.();
});
