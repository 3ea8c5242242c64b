import { execFile } from 'node:child_process';
import { chmodSync, createWriteStream, existsSync, mkdtempSync, readFileSync, rmSync, writeFileSync } from 'node:fs';
import { once } from 'node:events';
import os from 'node:os';
import path from 'node:path';
import { parseArgs, promisify } from 'node:util';
import { parse } from 'csv-parse/sync';
import { findPostgresBinaries, howToInstallPostgis } from '../db/engines/binaries.ts';
import { startCluster, type Cluster } from '../db/engines/cluster.ts';
import { openDb, withDatabase } from '../db/knex.ts';
import { importCity } from '../server/stages/city/import-city.ts';
import { dc } from '../server/stages/intake/import/sources/dc.ts';
import { loadCity, type LoadedCity } from '../server/stores/city/load.ts';
import { openStreets } from '../server/stores/city/streets.ts';
import { tellFailure, Usage } from './failure.ts';
import { chanceOf, type Chance } from './simulator/chance.ts';

/**
 * Measures the import of requests on a real PostgreSQL: the true command in a process of its own, on a cluster of its
 * own, with files made from DC's real requests (other ids, places and times moved a little, by a seed); where those
 * are not at hand, from invented requests on Gothenburg's streets. One row in a thousand is bad on purpose.
 */
const ROOT = path.resolve(import.meta.dirname, '..');
const DC_REQUESTS = path.join(ROOT, '../shared/data/dc/service-requests.csv');
const DC_ROADS = path.join(ROOT, '../shared/data/dc/roads.osm.pbf');
const GOTHENBURG_ROADS = path.join(ROOT, 'node_modules/geojson-path-finder/test/large-network.json');
const BAD_EVERY = 1000;
const TARGET = { rows: 100_000, seconds: 60, peakRssMb: 300 };

const HELP = `npm run bench:import [-- --rows 100000] [--seed 1] [--no-triage] [--open] [--json]
  --rows N      rows of the largest file (a tenth and a half of it are measured too)
  --no-triage   cases only, no jobs
  --open        as if no request had been closed at its source
  --json        the figures as JSON on one line`;
const readOptions = () =>
  parseArgs({
    options: {
      help: { type: 'boolean' },
      json: { type: 'boolean', default: false },
      rows: { type: 'string', default: String(TARGET.rows) },
      seed: { type: 'string', default: '1' },
      triage: { type: 'boolean', default: true },
      // As if no request had been closed at its source: the most work there can be, a job or a cluster for each row on a road.
      open: { type: 'boolean', default: false },
    },
    allowNegative: true,
  }).values;
let values: ReturnType<typeof readOptions>;
try {
  values = readOptions();
} catch (error) {
  tellFailure(error);
  process.exit(1);
}
if (values.help) {
  console.log(HELP);
  process.exit(0);
}
const rows = Number(values.rows);
if (!Number.isInteger(rows) || rows < 1000) {
  console.error('--rows must be a whole number of at least 1000.');
  process.exit(1);
}

interface Source {
  readonly city: LoadedCity;
  readonly roads: string;
  readonly mapping: string;
  readonly header: readonly string[];
  row(number: number): readonly string[];
  /** The column that is spoilt in a bad row. */
  readonly lon: number;
}

interface Measured {
  readonly rows: number;
  readonly seconds: number;
  readonly rows_per_second: number;
  readonly peak_rss_mb: number;
  readonly refused: number;
  readonly jobs: number;
  readonly again_seconds: number;
}

const say = (line: string): void => void (values.json || console.log(line));
const folder = mkdtempSync(path.join(os.tmpdir(), 'thuma-bench-import-'));
// The user postgres passes through it when we are root; the database inside stays private.
chmodSync(folder, 0o711);
let cluster: Cluster | undefined;
try {
  const binaries = findPostgresBinaries(process.env);
  if (binaries.length === 0) {
    throw new Usage(`This measures PostgreSQL, and there is none with PostGIS here: ${howToInstallPostgis(process.platform)}`);
  }
  const chance = chanceOf(Number(values.seed), 'import');
  const source = existsSync(DC_REQUESTS) && existsSync(DC_ROADS) ? await realSource(chance) : await inventedSource(chance);
  await importCity({ city: source.city.config, file: source.roads, home: folder, binaries: null, say, now: () => new Date() });
  cluster = await startCluster({ folder: path.join(folder, 'pg'), binaries, durable: true });

  const growth: Measured[] = [];
  for (const share of [0.1, 0.5, 1]) growth.push(await measure(cluster, source, Math.round(rows * share)));
  const { again_seconds, ...whole } = growth.at(-1)!;
  const isTarget = rows === TARGET.rows;
  const result = {
    ...whole,
    again_seconds,
    source: path.basename(source.mapping),
    all_open: values.open,
    triage: values.triage,
    seed: Number(values.seed),
    growth: growth.map((one) => ({ rows: one.rows, seconds: one.seconds, peak_rss_mb: one.peak_rss_mb })),
    within_target: isTarget ? whole.seconds <= TARGET.seconds && whole.peak_rss_mb <= TARGET.peakRssMb : null,
    machine: {
      cpus: os.cpus().length,
      model: os.cpus()[0]?.model ?? 'unknown',
      memory_gb: Math.round(os.totalmem() / 2 ** 30),
      load_average: os.loadavg().map((load) => Math.round(load * 10) / 10),
      node: process.version,
      postgres: cluster.postgresMajor,
    },
  };
  console.log(values.json ? JSON.stringify(result) : JSON.stringify(result, null, 2));
  if (result.within_target === false) process.exitCode = 1;
} catch (error) {
  tellFailure(error);
  process.exitCode = 1;
} finally {
  await cluster?.stop();
  rmSync(folder, { recursive: true, force: true });
}

/** A fresh database, the file imported, counted, and imported again. @throws Error when what is in is not what was given. */
async function measure(on: Cluster, source: Source, count: number): Promise<Measured> {
  const database = `bench_${count}`;
  const server = openDb(on.connection, {});
  await server.raw('create database ??', [database]);
  await server.destroy();
  const connection = withDatabase(on.connection, database);
  const file = path.join(folder, `requests-${count}.csv`);
  const bad = await writeRequests(file, source, count);

  const first = await runCommand(file, source, connection.url);
  const again = await runCommand(file, source, connection.url);
  const db = openDb(connection, {});
  const cases = (await db('cases').count<{ count: number }[]>('*'))[0]!.count;
  const made = (await db('job').count<{ count: number }[]>('*'))[0]!.count;
  await db.destroy();
  const good = count - bad;
  const expected = { cases: good, new: good, refused: bad, againNew: 0, againUnchanged: good, jobs: first.jobs };
  const found = {
    cases,
    new: first.new,
    refused: first.refused,
    againNew: again.new,
    againUnchanged: again.unchanged,
    jobs: made,
  };
  if (JSON.stringify(expected) !== JSON.stringify(found)) {
    throw new Error(`the import of ${count} rows is wrong: expected ${JSON.stringify(expected)}, found ${JSON.stringify(found)}`);
  }
  rmSync(file);
  const { seconds, peakRssMb, refused, jobs } = first;
  say(`${count} rows: ${seconds.toFixed(1)} s, ${peakRssMb} MB, ${jobs} jobs; again in ${again.seconds.toFixed(1)} s`);
  return {
    rows: count,
    seconds,
    rows_per_second: Math.round(count / seconds),
    peak_rss_mb: peakRssMb,
    refused,
    jobs,
    again_seconds: again.seconds,
  };
}

interface CommandAnswer {
  readonly new: number;
  readonly unchanged: number;
  readonly refused: number;
  readonly jobs: number;
  readonly seconds: number;
  readonly peakRssMb: number;
}

async function runCommand(file: string, source: Source, databaseUrl: string): Promise<CommandAnswer> {
  const args = ['requests', file, '--source', source.mapping, '--city', source.city.config.name, '--json'];
  const { stdout } = await promisify(execFile)(
    process.execPath,
    ['--import', 'tsx', path.join(ROOT, 'scripts/import.ts'), ...args, ...(values.triage ? [] : ['--no-triage'])],
    { cwd: ROOT, env: { ...process.env, DATABASE_URL: databaseUrl, THUMA_HOME: folder }, maxBuffer: 16 * 2 ** 20 },
  );
  return JSON.parse(stdout) as CommandAnswer;
}

/** @returns how many of the rows are bad. */
async function writeRequests(file: string, source: Source, count: number): Promise<number> {
  const out = createWriteStream(file);
  const line = (cells: readonly string[]): string => `${cells.map((cell) => `"${cell.replaceAll('"', '""')}"`).join(',')}\n`;
  out.write(line(source.header));
  let bad = 0;
  for (let i = 0; i < count; i++) {
    const isBad = i % BAD_EVERY === BAD_EVERY - 1;
    if (isBad) bad++;
    const cells = source.row(i);
    const text = line(isBad ? cells.map((cell, column) => (column === source.lon ? 'NaN' : cell)) : cells);
    if (!out.write(text)) await once(out, 'drain');
  }
  out.end();
  await once(out, 'finish');
  return bad;
}

async function realSource(chance: Chance): Promise<Source> {
  const [header, ...real] = parse(readFileSync(DC_REQUESTS), { bom: true });
  const column = (name: string): number => header!.indexOf(name);
  const [id, lon, lat, opened] = ['service_request_id', 'lon', 'lat', 'opened_utc'].map(column) as [
    number,
    number,
    number,
    number,
  ];
  return {
    city: await loadCity(path.join(ROOT, 'cities/dc')),
    roads: DC_ROADS,
    mapping: values.open ? allOpen() : 'dc',
    header: header!,
    lon,
    row(number) {
      const cells = [...real[number % real.length]!];
      cells[id] = `bench-${number}`;
      // Some 30 m and three hours to either side: other reports of the same winter.
      cells[lon] = (Number(cells[lon]) + (chance.next() - 0.5) * 0.0007).toFixed(8);
      cells[lat] = (Number(cells[lat]) + (chance.next() - 0.5) * 0.0005).toFixed(8);
      cells[opened] = new Date(Date.parse(cells[opened]!) + (chance.next() - 0.5) * 6 * 3_600_000).toISOString();
      return cells;
    },
  };
}

/** DC's mapping without its status words, as a file: what the source has closed counts as open. */
function allOpen(): string {
  const file = path.join(folder, 'dc-open.json');
  writeFileSync(file, JSON.stringify({ ...dc, statuses: {} }));
  return file;
}

async function inventedSource(chance: Chance): Promise<Source> {
  const city = await loadCity(path.join(ROOT, 'cities/gothenburg'));
  const home = mkdtempSync(path.join(folder, 'streets-'));
  const { dataset } = await importCity({
    city: city.config,
    file: GOTHENBURG_ROADS,
    home,
    binaries: null,
    say,
    now: () => new Date(),
  });
  const streets = await openStreets(dataset.folder);
  const types = city.config.requestTypes.map(({ code }) => code);
  const start = Date.parse('2026-01-01T00:00:00Z');
  return {
    city,
    roads: GOTHENBURG_ROADS,
    mapping: 'generic',
    header: ['service_request_id', 'requested_datetime', 'service_code', 'long', 'lat', 'address', 'status'],
    lon: 3,
    row(number) {
      const place = streets.randomPoint(() => chance.next());
      const reported = new Date(start + number * 60_000).toISOString();
      const type = chance.pick(types);
      return [`bench-${number}`, reported, type, place.lon.toFixed(7), place.lat.toFixed(7), 'Invented street 1', 'open'];
    },
  };
}
