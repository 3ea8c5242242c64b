import { readdir, readFile } from 'node:fs/promises';
import path from 'node:path';
import type { Knex } from 'knex';
import type { Db } from './knex.ts';

/** Where the product's own migrations lie. */
export const migrationsFolder = path.join(import.meta.dirname, 'migrations');

/** Any number, the same in every process: PostgreSQL's advisory lock for "this database is being migrated". */
const MIGRATION_LOCK = 7_483_926_150;
const TABLE = 'schema_migration';

/**
 * Brings the database to the newest version: every SQL file of the folder that has not run yet, by name, all in
 * one transaction under one lock (two servers that start together run each file once; a failure leaves nothing).
 * Returns the names of those that ran now.
 * @throws MigrationFailed naming file, line and column; MigrationsDiffer when the database has run files that
 * are not here (it belongs to a newer version of the program).
 */
export async function migrate(db: Db, folder: string = migrationsFolder): Promise<string[]> {
  return db.transaction(async (tx) => {
    await tx.raw('select pg_advisory_xact_lock(?)', [MIGRATION_LOCK]);
    await refuseUnknownMigrations(tx, folder);
    const [, ran] = (await tx.migrate.latest({
      migrationSource: sqlMigrations(folder),
      tableName: TABLE,
    })) as [number, string[]];
    return ran;
  });
}

/**
 * Migrations are plain SQL, forward only. The recorded name has no extension, so that running from .ts and from
 * compiled .js agree about what has been applied.
 */
export function sqlMigrations(folder: string): Knex.MigrationSource<string> {
  return {
    getMigrations: () => listMigrationFiles(folder),
    getMigrationName: (file) => file.replace(/\.sql$/, ''),
    async getMigration(file) {
      const sql = await readFile(path.join(folder, file), 'utf8');
      return {
        up: (tx) => run(tx, path.join(folder, file), sql),
        down: () => Promise.reject(new Error(`${file} is forward only`)),
      };
    },
  };
}

async function listMigrationFiles(folder: string): Promise<string[]> {
  return (await readdir(folder)).filter((file) => file.endsWith('.sql')).sort();
}

async function run(tx: Knex, file: string, sql: string): Promise<void> {
  // Past knex, by the transaction's own connection: knex would read each `?` (in a comment, a JSON operator, a text)
  // as a binding, and drop the backslashes before it.
  const connection = (await tx.client.acquireConnection()) as { query(sql: string): Promise<unknown> };
  try {
    await connection.query(sql);
  } catch (cause) {
    throw new MigrationFailed(file, sql, cause);
  } finally {
    await tx.client.releaseConnection(connection);
  }
}

async function refuseUnknownMigrations(tx: Knex, folder: string): Promise<void> {
  if (!(await tx.schema.hasTable(TABLE))) return;
  const here = new Set((await listMigrationFiles(folder)).map((file) => file.replace(/\.sql$/, '')));
  const ran: string[] = await tx(TABLE).orderBy('id').pluck('name');
  const unknown = ran.filter((name) => !here.has(name));
  if (unknown.length > 0) throw new MigrationsDiffer(unknown);
}

/** One SQL file failed; nothing of this run was kept. */
export class MigrationFailed extends Error {
  override readonly name = 'MigrationFailed';
  readonly file: string;
  /** 1-based place in the file, when PostgreSQL named one (it does for syntax and unknown names). */
  readonly line: number | undefined;
  readonly column: number | undefined;

  constructor(file: string, sql: string, cause: unknown) {
    const said = describeCause(cause);
    const at = said.position === undefined ? undefined : placeOf(sql, said.position);
    const where = at ? `${file}:${at.line}:${at.column}` : file;
    const more = [said.detail, said.hint].filter(Boolean).map((text) => ` ${text}`);
    super(`Migration failed at ${where}: ${said.message}.${more.join('')}`, { cause });
    this.file = file;
    this.line = at?.line;
    this.column = at?.column;
  }
}

/** The database was migrated by files that this version of the program does not have. */
export class MigrationsDiffer extends Error {
  override readonly name = 'MigrationsDiffer';
  readonly unknown: readonly string[];

  constructor(unknown: readonly string[]) {
    super(
      `The database has run migrations that this version does not have (${unknown.join(', ')}). ` +
        'Start the newer version it belongs to, or another database.',
    );
    this.unknown = unknown;
  }
}

interface SaidByPostgres {
  message: string;
  position: number | undefined;
  detail: string | undefined;
  hint: string | undefined;
}

function describeCause(cause: unknown): SaidByPostgres {
  const field = (name: string): string | undefined => {
    const value: unknown = cause instanceof Error ? Reflect.get(cause, name) : undefined;
    return typeof value === 'string' && value !== '' ? value : undefined;
  };
  const position = Number(field('position'));
  return {
    message: field('message') ?? String(cause),
    position: Number.isInteger(position) && position > 0 ? position : undefined,
    detail: field('detail'),
    hint: field('hint'),
  };
}

/** PostgreSQL counts characters from 1; a character beyond the basic plane is one to it and two to JavaScript. */
function placeOf(sql: string, position: number): { line: number; column: number } {
  const before = [...sql].slice(0, position - 1).join('');
  const lines = before.split('\n');
  return { line: lines.length, column: (lines.at(-1)?.length ?? 0) + 1 };
}
