// `npm run day -- --city dc --date 2026-01-27 --crews 40 --speed max --seed 1 [--json]`: plays a recorded local day
// against a real server, database and router, and says what it cost and whether everything held.
import { writeFileSync } from 'node:fs';
import path from 'node:path';
import { parseArgs } from 'node:util';
import { loadCity } from '../server/stores/city/load.ts';
import { openStreets } from '../server/stores/city/streets.ts';
import { keepRecordedDay, recordedDaysFolder } from '../server/stores/recorded-days/files.ts';
import { tellFailure, Usage } from './failure.ts';
import { cityFolder, ensureRoads, isFile } from './simulator/city-roads.ts';
import { sayReport } from './simulator/day-report.ts';
import type { Fault } from './simulator/faults.ts';
import { runDay } from './simulator/run-day.ts';
import { inventedRequests, recordedRequests, type DayRequests } from './simulator/requests.ts';

const root = path.join(import.meta.dirname, '..');
const USAGE = `npm run day -- --city dc --date 2026-01-27 [--crews 40] [--speed max|60] [--seed 1] [--json]
  --requests FILE   the real requests (dc: ../shared/data/dc/service-requests.csv); a city without any plays invented ones
  --every MINUTES   simulated minutes between plans (15)
  --iterations N    search iterations a plan (a count, so that a day repeats itself; 300)
  --per-day N       invented reports a day
  --kill WHAT@TIME  kill -9 of router or database at a local time, e.g. --kill router@12:00 --kill database@14:00
  --out FILE        also writes the report there`;

const readOptions = (args: string[]) =>
  parseArgs({
    args,
    options: {
      city: { type: 'string', default: 'dc' },
      date: { type: 'string', default: '2026-01-27' },
      crews: { type: 'string' },
      speed: { type: 'string', default: 'max' },
      seed: { type: 'string', default: '1' },
      every: { type: 'string', default: '15' },
      iterations: { type: 'string', default: '300' },
      requests: { type: 'string' },
      'per-day': { type: 'string' },
      kill: { type: 'string', multiple: true, default: [] },
      out: { type: 'string' },
      json: { type: 'boolean', default: false },
      help: { type: 'boolean', default: false },
    },
  }).values;

function whole(name: string, text: string | undefined): number | undefined {
  if (text === undefined) return undefined;
  const n = Number(text);
  if (!Number.isInteger(n) || n < 0) throw new Usage(`--${name} must be a whole number, not "${text}".`);
  return n;
}

function faultsOf(kills: readonly string[]): { what: Fault['what']; atMinute: number }[] {
  return kills.map((text) => {
    const match = /^(router|database)@([01]\d|2[0-3]):([0-5]\d)$/.exec(text);
    if (match === null) throw new Usage(`--kill must be like router@12:00 or database@14:00, not "${text}".`);
    return { what: match[1] as Fault['what'], atMinute: Number(match[2]) * 60 + Number(match[3]) };
  });
}

async function main(values: ReturnType<typeof readOptions>): Promise<number> {
  const say = (line: string): void => void (values.json || console.log(line));
  if (values.help) {
    console.log(USAGE);
    return 0;
  }
  const city = await loadCity(cityFolder(root, values.city));
  const home = path.resolve(process.env['THUMA_HOME'] || path.join(root, '.thuma'));
  const seed = whole('seed', values.seed)!;
  const crews = whole('crews', values.crews);
  const perDay = whole('per-day', values['per-day']);
  const speed = values.speed === 'max' ? null : (whole('speed', values.speed) ?? null);

  const dataset = await ensureRoads(city.config, { root, home, say });
  const file =
    values.requests ??
    (city.config.demand === null ? path.resolve(root, '../shared/data', values.city, 'service-requests.csv') : undefined);
  let requests: DayRequests;
  if (file === undefined) requests = inventedRequests(city.config, await openStreets(dataset.folder), values.date, seed, perDay);
  else if (isFile(file)) requests = await recordedRequests(city.config, values.date, file, values.city);
  else throw new Usage(`There is no file ${file}. Name the requests of the day with --requests FILE.`);
  if (requests.requests.length === 0)
    throw new Usage(`${requests.from} holds no request of ${values.date} (local day in ${city.config.zone}).`);

  say(`${requests.requests.length} reports of ${values.date} from ${requests.from}`);
  const { report, invariants, record } = await runDay({
    city,
    home,
    date: values.date,
    seed,
    requests,
    ...(crews === undefined ? {} : { crews }),
    planEveryMinutes: whole('every', values.every)!,
    iterations: whole('iterations', values.iterations)!,
    faults: faultsOf(values.kill),
    speed,
    keep: process.env['THUMA_KEEP'] !== undefined,
    say,
  });
  // Told apart from the report: what stands on standard output is the report alone.
  console.error(`kept ${await keepRecordedDay(recordedDaysFolder(home), record)}`);
  const text = JSON.stringify(report, null, 2);
  if (values.out !== undefined) writeFileSync(values.out, `${text}\n`);
  console.log(values.json ? text : sayReport(report));
  const broken = Object.entries(invariants).filter(([, finding]) => !finding.holds);
  for (const [name, finding] of broken) console.error(`broken: ${name} ${JSON.stringify(finding.examples)}`);
  return broken.length === 0 ? 0 : 1;
}

try {
  process.exitCode = await main(readOptions(process.argv.slice(2)));
} catch (error) {
  tellFailure(error);
  process.exitCode = 2;
}
