import { rmSync } from 'node:fs';
import { mkdtemp, readFile, writeFile } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import path from 'node:path';
import { findRouter, type RouterBinaries } from '../../platform/router-binaries.ts';
import type { CityConfig } from '../../stores/city/contract.ts';
import type { Dataset } from '../../stores/city/dataset.ts';
import { loadCity } from '../../stores/city/load.ts';
import { importCity } from './import-city.ts';

const ROOT = path.resolve(import.meta.dirname, '../../..');
/** The road network of all Gothenburg, in a development dependency. */
export const GOTHENBURG_ROADS = path.join(ROOT, 'node_modules/geojson-path-finder/test/large-network.json');
/** The middle of Gothenburg, about 2 km x 2 km: west, south, east, north. */
export const MIDDLE = [11.955, 57.695, 11.985, 57.71] as const;

/** For tests: a small real network, imported, with a real OSRM dataset. */
export interface SmallCity {
  readonly binaries: RouterBinaries;
  readonly config: CityConfig;
  readonly dataset: Dataset;
  readonly home: string;
  /** The GeoJSON it was made of. */
  readonly file: string;
}

let made: Promise<SmallCity> | undefined;

/** Imported once a process (about 3 s) into a temporary THUMA_HOME that goes with the process. Throws NoRouter. */
export function smallCity(): Promise<SmallCity> {
  made ??= make();
  return made;
}

/** A temporary folder that is removed when the process ends. */
export async function temporaryFolder(): Promise<string> {
  const folder = await mkdtemp(path.join(tmpdir(), 'thuma-city-'));
  process.once('exit', () => rmSync(folder, { recursive: true, force: true }));
  return folder;
}

/** OSRM's executables as everything else finds them; fetched once into the real THUMA_HOME. Throws NoRouter. */
export async function testBinaries(): Promise<RouterBinaries> {
  const home = path.resolve(process.env['THUMA_HOME'] ?? path.join(ROOT, '.thuma'));
  const router = await findRouter({ url: undefined, searchPath: process.env['PATH'], home });
  if (router.kind === 'url') throw new Error('Tests need executables, not an address.');
  return router.binaries;
}

async function make(): Promise<SmallCity> {
  const binaries = await testBinaries();
  const { config } = await loadCity(path.join(ROOT, 'cities/gothenburg'));
  const home = await temporaryFolder();
  const file = path.join(home, 'middle.geojson');
  await writeFile(file, await middleOfGothenburg());
  const { dataset } = await importCity({ city: config, file, home, binaries, say: () => undefined, now: () => new Date() });
  return { binaries, config, dataset, home, file };
}

/** All ways that touch the middle of the city, as GeoJSON text. */
export async function middleOfGothenburg(): Promise<string> {
  const [west, south, east, north] = MIDDLE;
  const all = JSON.parse(await readFile(GOTHENBURG_ROADS, 'utf8')) as {
    features: { geometry: { type: string; coordinates: unknown } }[];
  };
  const inside = (coordinates: unknown): boolean => {
    if (!Array.isArray(coordinates)) return false;
    const [lon, lat]: readonly unknown[] = coordinates;
    if (typeof lon === 'number' && typeof lat === 'number') return lon >= west && lon <= east && lat >= south && lat <= north;
    return coordinates.some(inside);
  };
  const features = all.features.filter(({ geometry }) => inside(geometry.coordinates));
  return JSON.stringify({ type: 'FeatureCollection', features });
}
