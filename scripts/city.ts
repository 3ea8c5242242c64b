import { existsSync, readdirSync } from 'node:fs';
import path from 'node:path';
import { createInterface } from 'node:readline/promises';
import { parseArgs } from 'node:util';
import { makeHome } from '../server/platform/home.ts';
import { NoRouter, findRouter } from '../server/platform/router-binaries.ts';
import { importCity } from '../server/stages/city/import-city.ts';
import { writeCity, type NewCity } from '../server/stages/city/new-city.ts';
import { openOsm } from '../server/stages/city/open-osm.ts';
import { readFeatures } from '../server/stages/city/features.ts';
import type { CityConfig } from '../server/stores/city/contract.ts';
import { loadCity } from '../server/stores/city/load.ts';
import { tellFailure, Usage } from './failure.ts';

const ROOT = path.resolve(import.meta.dirname, '..');
const CITIES = path.join(ROOT, 'cities');
const HELP = `npm run city -- import NAME [--osm FILE] [--without-router]
    makes the roads, base map and street index of cities/NAME
npm run city -- new NAME [--title T] [--zone Z] [--language L] [--osm FILE] [--bounds W,S,E,N] [--depot LON,LAT ...]
    writes cities/NAME; asks for what is not given
npm run city -- check NAME
    reads cities/NAME and names every fault in it`;

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
    options: {
      osm: { type: 'string' },
      'without-router': { type: 'boolean' },
      title: { type: 'string' },
      zone: { type: 'string' },
      language: { type: 'string' },
      bounds: { type: 'string' },
      depot: { type: 'string', multiple: true },
      help: { type: 'boolean' },
    },
  });
  const [command, name, ...rest] = positionals;
  if (values.help || command === undefined) return console.log(HELP);
  if (name === undefined || rest.length > 0) throw new Usage(HELP);
  switch (command) {
    case 'import':
      return bringIn(name, values.osm, values['without-router'] ?? false);
    case 'new':
      return create(name, values);
    case 'check': {
      const { config, hash } = await loadCity(folderOf(name));
      return console.log(
        `${config.title}: ${config.crews.length} crews, ${config.requestTypes.length} request types, configuration ${hash.slice(0, 16)}`,
      );
    }
    default:
      throw new Usage(`There is no command "${command}".\n${HELP}`);
  }
}

async function bringIn(name: string, osm: string | undefined, withoutRouter: boolean): Promise<void> {
  const { config } = await loadCity(folderOf(name));
  const home = path.resolve(process.env['THUMA_HOME'] || path.join(ROOT, '.thuma'));
  makeHome(home);
  const file = osm === undefined ? roadsOf(config) : path.resolve(osm);
  const router = withoutRouter
    ? null
    : await findRouter({ url: undefined, searchPath: process.env['PATH'], home, say: console.log }).catch((error: unknown) => {
        if (!(error instanceof NoRouter)) throw error;
        throw new NoRouter(`${error.message} To import all the same and travel on estimates, add --without-router.`, {
          cause: error,
        });
      });
  const { dataset } = await importCity({
    city: config,
    file,
    home,
    binaries: router?.kind === 'binaries' ? router.binaries : null,
    say: console.log,
    now: () => new Date(),
  });
  console.log(`${config.title}: roads ${dataset.manifest.version} in ${dataset.folder} (${dataset.manifest.attribution})`);
}

function folderOf(name: string): string {
  const folder = path.join(CITIES, name);
  if (existsSync(folder) && path.dirname(folder) === CITIES) return folder;
  const known = readdirSync(CITIES).filter((entry) => existsSync(path.join(CITIES, entry, 'city.json')));
  throw new Usage(`There is no city "${name}" (there are: ${known.join(', ')}). Begin one with: npm run city -- new ${name}`);
}

function roadsOf(config: CityConfig): string {
  const found = config.roads.files.map((file) => path.resolve(ROOT, file)).find((file) => existsSync(file));
  if (found) return found;
  const looked = config.roads.files.join(', ') || 'nothing is named in city.json';
  throw new Usage(
    `No road file of ${config.title} is here (looked for: ${looked}). ${config.roads.about}\nThen: npm run city -- import ${config.name} --osm FILE`,
  );
}

type Flags = { title?: string; zone?: string; language?: string; osm?: string; bounds?: string; depot?: string[] };

async function create(name: string, flags: Flags): Promise<void> {
  const terminal = process.stdin.isTTY ? createInterface({ input: process.stdin, output: process.stdout }) : null;
  const ask = async (flag: string, given: string | undefined, question: string, otherwise?: string): Promise<string> => {
    if (given !== undefined) return given;
    const answer = terminal && (await terminal.question(`${question}${otherwise ? ` [${otherwise}]` : ''}: `)).trim();
    const taken = answer || otherwise;
    if (!taken) throw new Usage(`Please give --${flag} (${question}).`);
    return taken;
  };
  try {
    const osm = await ask('osm', flags.osm, 'OpenStreetMap file (.osm.pbf, .osm or GeoJSON)');
    const file = path.resolve(osm);
    // The file knows where the city is, and a wrong file is found now and not after ten questions.
    const around = (await readFeatures(await openOsm(file))).bounds.map((degrees) => degrees.toFixed(4)).join(',');
    const bounds = numbers(await ask('bounds', flags.bounds, 'Bounds: west,south,east,north', around), 4, 'bounds');
    const [west, south, east, north] = bounds as [number, number, number, number];
    const middle = `${((west + east) / 2).toFixed(5)},${((south + north) / 2).toFixed(5)}`;
    const depots = flags.depot ?? [await ask('depot', undefined, 'Depot: longitude,latitude', middle)];
    const city: NewCity = {
      name,
      title: await ask('title', flags.title, 'Name of the city', name),
      zone: await ask('zone', flags.zone, 'Time zone', Intl.DateTimeFormat().resolvedOptions().timeZone),
      language: await ask('language', flags.language, 'Language', 'en'),
      bounds: [west, south, east, north],
      roads: path.relative(ROOT, file),
      depots: depots.map((depot) => {
        const [lon = 0, lat = 0] = numbers(depot, 2, 'depot');
        return { lon, lat };
      }),
    };
    const folder = await writeCity(CITIES, 'gothenburg', city);
    console.log(`Wrote ${path.relative(ROOT, folder)}. Read its README.md, then: npm run city -- import ${name}`);
  } finally {
    terminal?.close();
  }
}

function numbers(text: string, count: number, what: string): number[] {
  const parts = text.split(',').map((part) => (part.trim() === '' ? NaN : Number(part)));
  if (parts.length !== count || !parts.every(Number.isFinite))
    throw new Usage(`"${text}" should be ${count} numbers with commas between (${what}).`);
  return parts;
}
