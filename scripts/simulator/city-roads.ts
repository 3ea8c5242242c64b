import { readdirSync, statSync } from 'node:fs';
import path from 'node:path';
import { makeHome } from '../../server/platform/home.ts';
import { findRouter, NoRouter, type RouterBinaries } from '../../server/platform/router-binaries.ts';
import { importCity } from '../../server/stages/city/import-city.ts';
import type { CityConfig } from '../../server/stores/city/contract.ts';
import { currentDataset, type Dataset } from '../../server/stores/city/dataset.ts';
import { Usage } from '../failure.ts';

/** No file with the city's roads is on this machine; the message says where to get one. */
export class NoRoads extends Error {
  override readonly name = 'NoRoads';
}

export const isFile = (name: string): boolean => statSync(name, { throwIfNoEntry: false })?.isFile() ?? false;

/** The folder of a city by its name. @throws Usage that names the cities there are. */
export function cityFolder(root: string, name: string): string {
  const cities = path.join(root, 'cities');
  const known = readdirSync(cities).filter((entry) => isFile(path.join(cities, entry, 'city.json')));
  if (known.includes(name)) return path.join(cities, name);
  throw new Usage(`There is no city "${name}" (there are: ${known.join(', ')}). Begin one with: npm run city -- new NAME`);
}

/**
 * The city's imported roads; imports them first when they never were. Without OSRM (no Python, no network) they are
 * made all the same and travel is estimated: the sentence that says why goes to `say`.
 * @throws NoRoads, BadOsmFile, BadConfig.
 */
export async function ensureRoads(
  city: CityConfig,
  options: { root: string; home: string; say: (line: string) => void },
): Promise<Dataset> {
  const { root, home, say } = options;
  makeHome(home);
  const present = await currentDataset(home, city.name);
  // Made without OSRM once: perhaps it can be had by now.
  if (present !== null && present.routerFile !== null) return present;
  let binaries: RouterBinaries | null = null;
  try {
    const router = await findRouter({ url: undefined, searchPath: process.env['PATH'], home, say });
    binaries = router.kind === 'binaries' ? router.binaries : null;
  } catch (error) {
    if (!(error instanceof NoRouter)) throw error;
    say(`${error.message} Until then travel times are estimates.`);
    if (present !== null) return present;
  }
  const file = city.roads.files.map((name) => path.resolve(root, name)).find(isFile);
  if (file === undefined) {
    throw new NoRoads(
      `The roads of ${city.name} are not on this machine. ${city.roads.about} Then: npm run city -- import ${city.name} --osm FILE`,
    );
  }
  return (await importCity({ city, file, home, binaries, say, now: () => new Date() })).dataset;
}
