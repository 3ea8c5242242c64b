import knex, { type Knex } from 'knex';
import { types } from 'pg';

/** A pool or a transaction: stores take either and never ask which. Inside a transaction only `tx` is used. */
export type Db = Knex;

/**
 * Where a database is, as plain data, so that it can be handed to a worker or a child process.
 * `url` is a libpq URL (a Unix socket folder stands in its `host` parameter); `maxConnections` is how many
 * connections one process should open at most (1 for the embedded engine, which has one backend).
 */
export interface DbConnection {
  readonly url: string;
  readonly maxConnections: number;
}

export interface OpenDbOptions {
  /** Shown in pg_stat_activity and in PostgreSQL's log. */
  readonly applicationName?: string;
  /** Milliseconds after which PostgreSQL cancels a statement; 0 (the default) never. */
  readonly statementTimeoutMillis?: number;
  /** Milliseconds a query waits for a free connection before it fails; 10,000 when not given. */
  readonly acquireTimeoutMillis?: number;
  /** Fewer connections than the target allows. */
  readonly maxConnections?: number;
  /** Told when an idle or busy connection breaks. The pool drops it and opens another at the next query. */
  readonly onConnectionError?: (error: Error) => void;
}

/**
 * Opens a pool. No connection is made before the first query, and none is kept when idle for 30 s, so a pool
 * outlives a restart of its database: queries fail while it is away and work when it is back.
 * Types: bigint and numeric come as numbers (a whole number beyond 2^53 is an error, never rounded), timestamptz
 * as Date, date as 'YYYY-MM-DD' (a service day has no zone).
 */
export function openDb(connection: DbConnection, options: OpenDbOptions): Db {
  const { url, maxConnections } = connection;
  const max = Math.min(maxConnections, options.maxConnections ?? maxConnections);
  return knex({
    client: 'pg',
    connection: {
      connectionString: url,
      application_name: options.applicationName ?? 'thuma',
      ...(options.statementTimeoutMillis ? { statement_timeout: options.statementTimeoutMillis } : {}),
      connectionTimeoutMillis: 5_000,
      keepAlive: true,
      options: '-c timezone=UTC',
      types: { getTypeParser },
    } as Knex.PgConnectionConfig,
    log: { warn: warnUnlessThrown },
    acquireConnectionTimeout: options.acquireTimeoutMillis ?? 10_000,
    pool: {
      min: 0,
      max,
      idleTimeoutMillis: 30_000,
      afterCreate(raw: RawConnection, done: (error: Error | null, raw: RawConnection) => void) {
        // knex marks a broken connection for disposal by itself; without our own listener nobody hears why.
        raw.on('error', (error) => options.onConnectionError?.(error));
        done(null, raw);
      },
    },
  });
}

/** The same server and user, another database. */
export function withDatabase(connection: DbConnection, database: string): DbConnection {
  const url = new URL(connection.url);
  url.pathname = `/${encodeURIComponent(database)}`;
  return { ...connection, url: url.href };
}

/** A libpq URL for a Unix socket folder; libpq, psql, pg_dump and node-postgres all read it. */
export function socketUrl(parts: { folder: string; port: number; user: string; database: string }): string {
  const { folder, port, user, database } = parts;
  return `postgresql://${user}@localhost:${port}/${database}?host=${encodeURIComponent(folder)}`;
}

/**
 * True when the error says that the database is away (refused, gone, starting up, shutting down), so that the
 * same work may be tried again later; false when it is about the statement itself.
 */
export function isConnectionLost(error: unknown): boolean {
  if (!(error instanceof Error)) return false;
  const code = 'code' in error && typeof error.code === 'string' ? error.code : '';
  if (LOST_CODES.has(code) || code.startsWith('08')) return true;
  if (error instanceof AggregateError) return error.errors.some(isConnectionLost);
  // knex puts the statement before the words: "select 1 - Connection terminated unexpectedly".
  return /(^| - )(Connection terminated|Connection ended|Client has encountered a connection error|timeout expired)[\w ]*$/.test(
    error.message,
  );
}

const LOST_CODES = new Set([
  'ECONNREFUSED',
  'ECONNRESET',
  'ENOENT', // the Unix socket is not there
  'EPIPE',
  'ETIMEDOUT',
  'EHOSTUNREACH',
  'ENETUNREACH',
  '57P01', // terminating connection due to administrator command
  '57P02', // terminating connection because of crash of another server process
  '57P03', // the database system is starting up, shutting down or in recovery
]);

interface RawConnection {
  on(event: 'error', listener: (error: Error) => void): unknown;
}

/** knex also prints what it throws: each failure to connect, each migration that failed. Once is enough. */
function warnUnlessThrown(message: string): void {
  if (!/^(Acquire connection error|Connection Error|migration (file|failed))/.test(message)) process.emitWarning(message);
}

/** A whole number that a double cannot hold is refused; a fraction (an average) becomes the nearest double. */
function asNumber(text: string): number {
  const value = Number(text);
  if (Number.isInteger(value) && !Number.isSafeInteger(value)) throw new RangeError(`${text} is too large for a number`);
  return value;
}

const textParsers = new Map<number, (text: string) => unknown>([
  [types.builtins.INT8, asNumber],
  [types.builtins.NUMERIC, asNumber],
  [types.builtins.DATE, (text) => text],
]);

/** Per connection, not node-postgres' global table, which any other package could change. */
function getTypeParser(oid: number, format?: 'text' | 'binary'): unknown {
  const own = format === 'binary' ? undefined : textParsers.get(oid);
  return own ?? types.getTypeParser(oid, format ?? 'text');
}
