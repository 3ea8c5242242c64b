import { randomBytes } from 'node:crypto';
import { chmodSync, mkdtempSync, readdirSync, readFileSync, rmSync } from 'node:fs';
import os from 'node:os';
import path from 'node:path';
import { findPostgresBinaries, howToInstallPostgis } from './engines/binaries.ts';
import { startCluster, type Cluster } from './engines/cluster.ts';
import { isAlive, signal, waitForEnd } from './engines/processes.ts';
import { openDb, withDatabase, type Db, type DbConnection } from './knex.ts';
import { migrate, migrationsFolder } from './migrate.ts';
import { requirePostgis } from './engines/requirements.ts';

export interface FreshDb {
  readonly db: Db;
  readonly connection: DbConnection;
  /** Ends the pool and drops the database. */
  drop(): Promise<void>;
}

const FOLDER_PREFIX = 'thuma-test-';
const TEMPLATE = 'template_migrated';

/**
 * A database of this test's own, migrated and empty, cloned from a template in about 0.1 s. The cluster behind it is
 * private to this process, made at the first call (about 2 s) and removed when the tests have ended; nothing in it
 * is flushed to disk. Importing this file makes the whole mocha run skip, loudly, on a machine without PostGIS
 * (with THUMA_REQUIRE_POSTGIS=1 it fails instead): so keep such tests in `*.db.test.ts`, which run apart.
 */
export async function freshDb(): Promise<FreshDb> {
  const { server } = await (shared ??= startShared());
  const name = `test_${randomBytes(6).toString('hex')}`;
  await server.raw('create database ?? template ??', [name, TEMPLATE]);
  return opened(server, withDatabase(await sharedConnection(), name), name);
}

/** The same without any table: for tests of migrations. PostGIS is there. */
export async function emptyDb(): Promise<FreshDb> {
  const { server } = await (shared ??= startShared());
  const name = `test_${randomBytes(6).toString('hex')}`;
  await server.raw('create database ??', [name]);
  const connection = withDatabase(await sharedConnection(), name);
  await requirePostgis(connection);
  return opened(server, connection, name);
}

/** Stops the shared cluster and removes its folder; the root hook below does it after the last test. */
export async function stopTestCluster(): Promise<void> {
  const stopping = shared;
  shared = undefined;
  if (!stopping) return;
  const { cluster, server, folder } = await stopping;
  await server.destroy();
  await cluster.stop();
  rmSync(folder, { recursive: true, force: true });
}

interface Shared {
  readonly cluster: Cluster;
  /** A pool on the cluster's own database, to create and drop others. */
  readonly server: Db;
  readonly folder: string;
}

let shared: Promise<Shared> | undefined;

async function sharedConnection(): Promise<DbConnection> {
  return (await (shared ??= startShared())).cluster.connection;
}

function opened(server: Db, connection: DbConnection, name: string): FreshDb {
  const db = openDb(connection, { applicationName: name });
  return {
    db,
    connection,
    async drop() {
      await db.destroy();
      await server.raw('drop database if exists ?? with (force)', [name]);
    },
  };
}

async function startShared(): Promise<Shared> {
  await sweepStale();
  const folder = mkdtempSync(path.join(os.tmpdir(), `${FOLDER_PREFIX}${process.pid}-`));
  chmodSync(folder, 0o711); // the user postgres passes through it when we are root; the cluster inside stays private
  const cluster = await startCluster({
    folder: path.join(folder, 'pg'),
    binaries: findPostgresBinaries(process.env),
    durable: false,
  });
  const server = openDb(cluster.connection, { applicationName: 'thuma-test' });
  try {
    await server.raw('create database ??', [TEMPLATE]);
    const template = withDatabase(cluster.connection, TEMPLATE);
    await requirePostgis(template);
    const db = openDb(template, { applicationName: 'thuma-test-template' });
    try {
      await migrate(db, migrationsFolder);
    } finally {
      await db.destroy(); // a database with a session cannot be a template
    }
    return { cluster, server, folder };
  } catch (error) {
    await server.destroy();
    await cluster.stop();
    rmSync(folder, { recursive: true, force: true });
    throw error;
  }
}

/** Ends and removes the clusters of test runs that were killed. */
async function sweepStale(): Promise<void> {
  for (const name of readdirSync(os.tmpdir())) {
    const maker = Number(new RegExp(`^${FOLDER_PREFIX}(\\d+)-`).exec(name)?.[1]);
    if (!Number.isInteger(maker) || isAlive(maker)) continue;
    const folder = path.join(os.tmpdir(), name);
    const postmaster = readPostmasterPid(path.join(folder, 'pg/data/postmaster.pid'), folder);
    if (postmaster !== undefined && signal(postmaster, 'SIGQUIT')) await waitForEnd(postmaster, 5_000);
    rmSync(folder, { recursive: true, force: true });
  }
}

/** The file names process and folder: only a server of that very folder is ended. */
function readPostmasterPid(file: string, folder: string): number | undefined {
  try {
    const [pid, data] = readFileSync(file, 'utf8').split('\n');
    return data?.startsWith(`${folder}/`) && pid && isAlive(Number(pid)) ? Number(pid) : undefined;
  } catch {
    return undefined;
  }
}

/** Root hooks, registered by importing this file inside mocha. */
if (typeof before === 'function' && typeof after === 'function') {
  before('PostgreSQL with PostGIS on this machine', function () {
    if (findPostgresBinaries(process.env).length > 0) return;
    const install = howToInstallPostgis(process.platform);
    const sentence = `No PostgreSQL 15 or newer with PostGIS on this machine. Install it: ${install}`;
    if (process.env['THUMA_REQUIRE_POSTGIS'] === '1') throw new Error(sentence);
    console.warn(`\n*** SKIPPED: every test that needs PostGIS. ${sentence}\n`);
    this.skip();
  });
  after('stop the test cluster', async function () {
    this.timeout(60_000);
    await stopTestCluster();
  });
}
