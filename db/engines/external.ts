import type { DbConnection } from '../knex.ts';
import { DatabaseUnavailable } from './database-unavailable.ts';
import { requirePostgis } from './requirements.ts';

/** How many connections one process opens to a server that it may share with others. */
const MAX_CONNECTIONS = 10;

/**
 * A database that someone else runs, named by DATABASE_URL.
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
  await requirePostgis(connection);
  return connection;
}
