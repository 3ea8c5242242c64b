import { existsSync } from 'node:fs';
import path from 'node:path';
import type { DbConnection } from '../knex.ts';
import { findPostgresBinaries, howToInstallPostgis } from './binaries.ts';
import { startCluster } from './cluster.ts';
import { DatabaseUnavailable } from './database-unavailable.ts';
import { startEmbedded } from './embedded.ts';
import { checkExternal } from './external.ts';
import { inStep, type OnProgress } from './progress.ts';
import { describeUrl } from './requirements.ts';
import type { SupervisorEvent } from './supervisor.ts';

export interface ResolveOptions {
  /** THUMA_HOME: private databases lie in its folders `pg` and `pglite`. */
  readonly home: string;
  /** DATABASE_URL: wins over everything else. */
  readonly databaseUrl?: string | undefined;
  /** Insist on one private kind (default: what THUMA_DATABASE says); else a cluster when the machine can, else embedded. */
  readonly prefer?: 'cluster' | 'embedded' | undefined;
  /** For PATH and THUMA_DATABASE. */
  readonly env: NodeJS.ProcessEnv;
  readonly onProgress?: OnProgress;
  /** Deaths and restarts of a private database. */
  readonly onEvent?: (event: SupervisorEvent) => void;
}

export interface ResolvedDatabase {
  readonly kind: 'external' | 'cluster' | 'embedded';
  readonly connection: DbConnection;
  /** A sentence for people: which database this is, and why not a better one. Never holds a password. */
  readonly describe: string;
  /** Folder of the PostgreSQL programs (pg_dump and so on); undefined when the machine has none that fits. */
  readonly bin: string | undefined;
  /** Of the private database's process; undefined for an external one and while it is down. */
  pid(): number | undefined;
  /** Stops what was started here; an external database is left alone. */
  stop(): Promise<void>;
}

/**
 * Finds or starts the database: DATABASE_URL, else a private cluster from the machine's own PostgreSQL + PostGIS,
 * else the embedded one. The same code runs on all three.
 * @throws DatabaseUnavailable with a sentence; what the user named (URL, kind) is never replaced silently.
 */
export async function resolveDatabase(options: ResolveOptions): Promise<ResolvedDatabase> {
  if (options.databaseUrl) return resolveExternal(options.databaseUrl, options);
  const prefer = options.prefer ?? readPreference(options.env['THUMA_DATABASE']);
  if (prefer === 'embedded') return resolveEmbedded(options, 'as asked');
  const binaries = findPostgresBinaries(options.env);
  if (binaries.length === 0) {
    const sentence = `no PostgreSQL 15 or newer with PostGIS is installed (${howToInstallPostgis(process.platform)})`;
    if (prefer === 'cluster') {
      throw new DatabaseUnavailable('no-binaries', `A private cluster was asked for, but ${sentence}.`);
    }
    return resolveEmbedded(options, `because ${sentence}`);
  }
  const folder = path.join(options.home, 'pg');
  const existed = existsSync(folder);
  try {
    const cluster = await startCluster({ ...options, folder, binaries, durable: true });
    return {
      kind: 'cluster',
      connection: cluster.connection,
      describe: `Private PostgreSQL ${cluster.postgresMajor} with PostGIS in ${cluster.folders.root}.`,
      bin: binaries.find((installed) => installed.major === cluster.postgresMajor)?.bin,
      pid: () => cluster.pid(),
      stop: () => cluster.stop(),
    };
  } catch (error) {
    // A cluster that holds data must not be passed over for an empty database; one that cannot be made may.
    const cannotBeMade = error instanceof DatabaseUnavailable && error.code === 'no-permission';
    if (prefer === 'cluster' || existed || !cannotBeMade) throw error;
    return resolveEmbedded(options, `because a private cluster was not possible: ${error.message}`);
  }
}

function readPreference(value: string | undefined): 'cluster' | 'embedded' | undefined {
  if (value === undefined || value === '') return undefined;
  if (value === 'cluster' || value === 'embedded') return value;
  throw new DatabaseUnavailable('failed-to-start', `THUMA_DATABASE is "${value}"; it may be "cluster" or "embedded".`);
}

async function resolveExternal(databaseUrl: string, options: ResolveOptions): Promise<ResolvedDatabase> {
  const connection = await inStep(options.onProgress, 'Checking the database', () => checkExternal(databaseUrl));
  return {
    kind: 'external',
    connection,
    describe: `PostgreSQL at ${describeUrl(databaseUrl)} (DATABASE_URL).`,
    bin: findPostgresBinaries(options.env)[0]?.bin,
    pid: () => undefined,
    stop: () => Promise.resolve(),
  };
}

async function resolveEmbedded(options: ResolveOptions, why: string): Promise<ResolvedDatabase> {
  const embedded = await startEmbedded({ ...options, folder: path.join(options.home, 'pglite') });
  return {
    kind: 'embedded',
    connection: embedded.connection,
    describe: `Embedded PostgreSQL with PostGIS in ${path.join(options.home, 'pglite')}, ${why.replace(/\.$/, '')}.`,
    bin: undefined,
    pid: () => embedded.pid(),
    stop: () => embedded.stop(),
  };
}
