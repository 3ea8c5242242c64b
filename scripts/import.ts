import { existsSync, readdirSync } from 'node:fs';
import path from 'node:path';
import { parseArgs } from 'node:util';
import { DateTime } from 'luxon';
import { resolveDatabase } from '../db/engines/resolve-database.ts';
import { openDb } from '../db/knex.ts';
import { migrate } from '../db/migrate.ts';
import { systemActor } from '../server/platform/actor.ts';
import { inChange, type ChangeTools } from '../server/platform/change.ts';
import { realClock } from '../server/platform/clock.ts';
import { readConfig, type Config } from '../server/platform/config.ts';
import { makeHome } from '../server/platform/home.ts';
import { randomIds } from '../server/platform/ids.ts';
import { loadMapping, SOURCE_NAMES } from '../server/stages/intake/import/sources/sources.ts';
import { runImport, type ImportOptions, type ImportSummary } from '../server/stages/intake/import/run-import.ts';
import { sayProgress, saySummary } from '../server/stages/intake/import/say.ts';
import { currentDataset } from '../server/stores/city/dataset.ts';
import { loadCity, type LoadedCity } from '../server/stores/city/load.ts';
import { installCity } from '../server/stores/city/store.ts';
import { openStreets, type Streets } from '../server/stores/city/streets.ts';
import { tellFailure, Usage } from './failure.ts';

const CITIES = path.resolve(import.meta.dirname, '../cities');
const HELP = `npm run import -- requests FILE --source ${SOURCE_NAMES.join('|')}|MAPPING.json [options]
    takes a CSV file of requests in; again, it updates and never doubles
  --city NAME      a folder of cities/ (left out: THUMA_CITY, or the city named like the source)
  --from, --to     only requests reported from / before this time (2026-01-27 or 2026-01-27T12:00, the city's time)
  --no-triage      leave the cases for a dispatcher: make no jobs of them
  --dry-run        check every row and write nothing
  --json           the summary as JSON`;

try {
  await main(process.argv.slice(2));
} catch (error) {
  tellFailure(error);
  process.exitCode = 1;
}

async function main(argv: string[]): Promise<void> {
  const { values, positionals } = parseArgs({
    args: argv,
    allowPositionals: true,
    allowNegative: true,
    options: {
      source: { type: 'string' },
      city: { type: 'string' },
      from: { type: 'string' },
      to: { type: 'string' },
      triage: { type: 'boolean', default: true },
      'dry-run': { type: 'boolean', default: false },
      json: { type: 'boolean', default: false },
      help: { type: 'boolean', default: false },
    },
  });
  const [what, file, ...rest] = positionals;
  if (values.help) return console.log(HELP);
  if (what !== 'requests' || file === undefined || rest.length > 0 || values.source === undefined) throw new Usage(HELP);

  const config = readConfig(process.env);
  makeHome(config.home);
  const mapping = await loadMapping(values.source);
  const city = await loadCity(cityFolder(values.city, values.source, config));
  const from = instantOf(values.from, '--from', city);
  const to = instantOf(values.to, '--to', city);
  const stop = new AbortController();
  process.once('SIGINT', () => {
    console.error('\nStopping after this batch; press Ctrl-C again to stop at once.');
    stop.abort();
  });
  const options: ImportOptions = {
    file: path.resolve(file),
    mapping,
    city: city.config,
    folder: path.join(config.home, 'imports'),
    now: new Date(),
    triage: values.triage,
    signal: stop.signal,
    ...(from === undefined ? {} : { from }),
    ...(to === undefined ? {} : { to }),
    ...(values.json ? {} : { onProgress: (progress) => sayProgress(process.stderr, progress) }),
  };
  const summary = values['dry-run'] ? await runImport(null, options) : await intoDatabase(config, city, options);
  const peakRssMb = Math.round(process.resourceUsage().maxRSS / 1024);
  console.log(values.json ? JSON.stringify({ ...summary, peakRssMb }) : saySummary(summary, values['dry-run']));
  if (summary.stopped) process.exitCode = 130;
  else if (summary.refused === summary.rows) process.exitCode = 1;
}

async function intoDatabase(config: Config, city: LoadedCity, options: ImportOptions): Promise<ImportSummary> {
  const streets = await streetsOf(config, city);
  const database = await resolveDatabase({ home: config.home, databaseUrl: config.databaseUrl ?? undefined, env: process.env });
  const db = openDb(database.connection, { applicationName: 'thuma-import' });
  try {
    await migrate(db);
    // No readers: nobody holds a link to these cases yet, and their own source tells its reporters. A server that runs
    // beside this reads the events by their seq.
    const tools: ChangeTools = { db, clock: realClock, ids: randomIds, readers: [], committed: () => undefined };
    await inChange(tools, systemActor, (change) => installCity(change, city));
    return await runImport({ tools, streets }, options);
  } finally {
    await db.destroy();
    await database.stop();
  }
}

async function streetsOf(config: Config, city: LoadedCity): Promise<Streets> {
  const { name, title } = city.config;
  const dataset = await currentDataset(config.home, name);
  if (dataset) return openStreets(dataset.folder);
  throw new Usage(
    `The roads of ${title} are not here yet, so no place can be found on them. First: npm run city -- import ${name}`,
  );
}

function cityFolder(named: string | undefined, source: string, config: Config): string {
  const known = readdirSync(CITIES).filter((entry) => existsSync(path.join(CITIES, entry, 'city.json')));
  const name = named ?? (process.env['THUMA_CITY'] === undefined && known.includes(source) ? source : config.city);
  if (known.includes(name)) return path.join(CITIES, name);
  throw new Usage(`There is no city "${name}" (there are: ${known.join(', ')}).`);
}

/** A date or a time without an offset is the city's. */
function instantOf(text: string | undefined, option: string, city: LoadedCity): Date | undefined {
  if (text === undefined) return undefined;
  const at = DateTime.fromISO(text, { zone: city.config.zone });
  if (at.isValid) return at.toJSDate();
  throw new Usage(`${option} ${text} is not a date or time like 2026-01-27 or 2026-01-27T12:00.`);
}
