/**
 * npm run schema: dumps what the migrations make of an empty database to db/schema.sql, as PostgreSQL 15 says it, so
 * that a change of the schema is read in one place in a review.
 *
 *   npm run schema              writes the file
 *   npm run schema -- --check   fails when the file is stale; without PostgreSQL 15 + PostGIS on the machine it
 *                               says so and passes, unless CI=true
 */
import { execFile } from 'node:child_process';
import { readFile, writeFile } from 'node:fs/promises';
import path from 'node:path';
import { parseArgs, promisify } from 'node:util';
import { findPostgresBinaries, howToInstallPostgis } from '../db/engines/binaries.ts';
import { freshDb, stopTestCluster } from '../db/testing.ts';
import { tellFailure } from './failure.ts';

const SCHEMA_FILE = path.join(import.meta.dirname, '../db/schema.sql');
const DIALECT = 15;
const HEADER = `-- Made by "npm run schema" from db/migrations: do not edit. PostgreSQL ${DIALECT}.\n\n`;

const HELP = `npm run schema              writes what the migrations make to db/schema.sql
npm run schema -- --check   fails when that file is stale`;

async function main(args: string[]): Promise<number> {
  const { values } = parseArgs({ args, options: { check: { type: 'boolean', default: false }, help: { type: 'boolean' } } });
  if (values.help) {
    console.log(HELP);
    return 0;
  }
  const { check } = values;
  const binaries = findPostgresBinaries(process.env)[0];
  if (binaries?.major !== DIALECT) {
    const found = binaries ? `this machine's is ${binaries.major}` : 'this machine has none';
    console.log(`*** SKIPPED: the schema is dumped by PostgreSQL ${DIALECT} with PostGIS; ${found}.`);
    console.log(`    Install it: ${howToInstallPostgis(process.platform)}`);
    return check && process.env['CI'] !== 'true' ? 0 : 1;
  }
  const schema = await dump(path.join(binaries.bin, 'pg_dump'));
  if (!check) {
    await writeFile(SCHEMA_FILE, schema);
    console.log(`wrote db/schema.sql (${schema.split('\n').length} lines)`);
    return 0;
  }
  const written = await readFile(SCHEMA_FILE, 'utf8').catch(() => '');
  if (written === schema) return 0;
  console.error(`db/schema.sql is stale: ${firstDifference(written, schema)}\nRun "npm run schema" and commit the file.`);
  return 1;
}

async function dump(pgDump: string): Promise<string> {
  const fresh = await freshDb();
  try {
    const args = ['--schema-only', '--no-owner', '--no-privileges', '--exclude-table=schema_migration*', fresh.connection.url];
    const { stdout } = await promisify(execFile)(pgDump, args, { maxBuffer: 64 * 2 ** 20 });
    return HEADER + normalise(stdout);
  } finally {
    await fresh.drop();
    await stopTestCluster();
  }
}

/** Leaves out what differs between minor versions and runs: version lines, session settings, \restrict keys. */
function normalise(sql: string): string {
  const kept = sql
    .split('\n')
    .filter((line) => !/^(-- Dumped (from|by)|SET |\\(un)?restrict |SELECT pg_catalog\.set_config)/.test(line));
  return `${kept
    .join('\n')
    .replaceAll(/^--\n-- (.*)\n--$/gm, '-- $1')
    .replaceAll(/\n{3,}/g, '\n\n')
    .trim()}\n`;
}

function firstDifference(written: string, fresh: string): string {
  if (written === '') return 'it is missing';
  const [old, now] = [written.split('\n'), fresh.split('\n')];
  const line = now.findIndex((text, i) => text !== old[i]);
  const at = line < 0 ? now.length : line;
  return `line ${at + 1} says "${old[at] ?? ''}", the migrations make "${now[at] ?? ''}".`;
}

try {
  process.exitCode = await main(process.argv.slice(2));
} catch (error) {
  tellFailure(error);
  process.exitCode = 1;
}
