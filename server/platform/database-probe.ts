import type { Db } from '../../db/knex.ts';
import { readLastSeq } from './clock-http.ts';
import type { Probe } from './health.ts';

/** Whether statements run in the embedded database: it is WebAssembly, one transaction after another. */
async function isEmbedded(db: Db): Promise<boolean> {
  const { rows } = await db.raw<{ rows: { version: string }[] }>('select version() as version');
  return /emscripten/i.test(rows[0]?.version ?? '');
}

/** Looks after the database and tells the newest event it holds. The embedded one is well, and less than a city needs. */
export function databaseProbe(db: Db, heard: (lastSeq: number) => void): Probe {
  let embedded: boolean | null = null;
  return {
    name: 'database',
    async look() {
      heard(await readLastSeq(db));
      embedded ??= await isEmbedded(db);
      return embedded
        ? { state: 'degraded', detail: 'It is the embedded one: for a first look, one transaction after another.' }
        : { state: 'ok' };
    },
  };
}
