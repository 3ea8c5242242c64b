import { Client } from 'pg';
import type { DbConnection } from '../knex.ts';
import { DatabaseUnavailable } from './database-unavailable.ts';

const OLDEST_POSTGRES = 150_000;
const OLDEST_POSTGIS = 3;
const EXTENSIONS = ['postgis', 'btree_gist'] as const;

export interface DatabaseFacts {
  /** As `server_version_num` has it: 150018 is 15.18. */
  readonly postgresVersion: number;
  /** '3.3.2' */
  readonly postgisVersion: string;
}

/**
 * Checks that the database is PostgreSQL >= 15 with PostGIS >= 3 and btree_gist, creating the extensions when they
 * are not there yet (harmless when two do it at once).
 * @throws DatabaseUnavailable with a sentence for every way this can fail.
 */
export async function requirePostgis(connection: DbConnection): Promise<DatabaseFacts> {
  const client = new Client({ connectionString: connection.url, connectionTimeoutMillis: 10_000, application_name: 'thuma' });
  client.on('error', () => undefined); // a connection that breaks also rejects the query that is waiting
  try {
    await client.connect();
  } catch (cause) {
    throw cannotConnect(connection, cause);
  }
  try {
    const postgresVersion = await postgresVersionOf(client);
    for (const name of EXTENSIONS) await ensureExtension(client, name);
    return { postgresVersion, postgisVersion: await postgisVersionOf(client) };
  } finally {
    await client.end();
  }
}

async function postgresVersionOf(client: Client): Promise<number> {
  const { rows } = await client.query<{ version: number }>(`select current_setting('server_version_num')::int as version`);
  const version = rows[0]?.version ?? 0;
  if (version < OLDEST_POSTGRES) {
    const major = Math.floor(version / 10_000);
    throw new DatabaseUnavailable('too-old', `The database is PostgreSQL ${major}; Thuma needs 15 or newer.`);
  }
  return version;
}

async function ensureExtension(client: Client, name: (typeof EXTENSIONS)[number]): Promise<void> {
  const sql = { postgis: 'create extension if not exists postgis', btree_gist: 'create extension if not exists btree_gist' };
  try {
    await client.query(sql[name]);
  } catch (cause) {
    const code: unknown = cause instanceof Error ? Reflect.get(cause, 'code') : undefined;
    if (code === '23505' || code === '42710') return; // another process created it in the same moment
    if (code === '53100' || isOutOfSpace(cause)) throw outOfSpace(cause);
    throw new DatabaseUnavailable('no-postgis', whyNoExtension(name, code), { cause });
  }
}

function isOutOfSpace(cause: unknown): boolean {
  return cause instanceof Error && /No space left on device/i.test(cause.message);
}

function outOfSpace(cause: unknown): DatabaseUnavailable {
  const sentence = 'The disk of the database is full. Free about 500 MB, or set THUMA_HOME to a folder on another disk.';
  return new DatabaseUnavailable('disk-full', sentence, { cause });
}

function whyNoExtension(name: string, code: unknown): string {
  if (code === '42501') {
    return (
      `The database has no extension ${name} and this user may not create it. ` +
      `Let an administrator run "CREATE EXTENSION ${name}" in this database once.`
    );
  }
  const packages = name === 'postgis' ? 'PostGIS 3 (Debian: postgresql-15-postgis-3)' : 'the PostgreSQL contrib modules';
  return `The database server has no extension ${name}. Install ${packages} on the machine that runs the database.`;
}

async function postgisVersionOf(client: Client): Promise<string> {
  const { rows } = await client.query<{ version: string }>(
    `select extversion as version from pg_extension where extname = 'postgis'`,
  );
  const version = rows[0]?.version ?? '0';
  if (Number(version.split('.')[0]) < OLDEST_POSTGIS) {
    throw new DatabaseUnavailable('too-old', `The database has PostGIS ${version}; Thuma needs PostGIS 3 or newer.`);
  }
  return version;
}

function cannotConnect(connection: DbConnection, cause: unknown): DatabaseUnavailable {
  const where = describeUrl(connection.url);
  const code: unknown = cause instanceof Error ? Reflect.get(cause, 'code') : undefined;
  const said = cause instanceof Error ? cause.message || String(code) : String(cause);
  if (code === '28P01' || code === '28000') {
    return new DatabaseUnavailable('refused-login', `The database at ${where} refused the login: ${said}.`, { cause });
  }
  if (code === '3D000') {
    return new DatabaseUnavailable('unreachable', `The server at ${where} has no such database: ${said}. Create it first.`, {
      cause,
    });
  }
  return new DatabaseUnavailable('unreachable', `No database answers at ${where} (${said}). Is it running?`, { cause });
}

/** Host, port and database of a URL for people; never the password. */
export function describeUrl(url: string): string {
  try {
    const { hostname, port, pathname, searchParams } = new URL(url);
    const folder = searchParams.get('host');
    return `${folder ?? (hostname || 'localhost')}:${port || '5432'}${pathname}`;
  } catch {
    return 'the given URL';
  }
}
