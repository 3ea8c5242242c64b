import { setTimeout as pause } from 'node:timers/promises';
import type { DbConnection } from '../knex.ts';
import { DatabaseUnavailable } from './database-unavailable.ts';
import { requirePostgis } from './requirements.ts';

/** How many connections one process opens to a server that it may share with others. */
const MAX_CONNECTIONS = 10;

/** A database that has crashed makes itself anew from its log before it answers: as a machine does that starts after a power cut. */
const RECOVERY_MILLIS = 120_000;
const LOOK_MILLIS = 250;

/**
 * A database that someone else runs, named by DATABASE_URL. One that says it is starting up is waited for.
 * @throws DatabaseUnavailable when it does not answer, is older than PostgreSQL 15 or cannot have PostGIS 3.
 */
export async function checkExternal(databaseUrl: string): Promise<DbConnection> {
  if (!/^postgres(ql)?:\/\//.test(databaseUrl) || !URL.canParse(databaseUrl)) {
    throw new DatabaseUnavailable(
      'unreachable',
      'DATABASE_URL is not a PostgreSQL URL. It looks like postgresql://user:password@host:5432/database.',
    );
  }
  const connection = { url: databaseUrl, maxConnections: MAX_CONNECTIONS };
  const until = performance.now() + RECOVERY_MILLIS;
  for (;;) {
    try {
      await requirePostgis(connection);
      return connection;
    } catch (error) {
      if (!isStartingUp(error) || performance.now() > until) throw error;
      await pause(LOOK_MILLIS);
    }
  }
}

const isStartingUp = (error: unknown): boolean =>
  error instanceof Error && error.cause instanceof Error && Reflect.get(error.cause, 'code') === '57P03';
