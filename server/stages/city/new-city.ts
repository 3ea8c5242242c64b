import { mkdir, mkdtemp, readFile, rename, rm, stat, writeFile } from 'node:fs/promises';
import path from 'node:path';
import { CatalogueFile, Code, FleetFile, type Bounds, type CityPoint } from '../../stores/city/contract.ts';
import { BadCity, loadCity } from '../../stores/city/load.ts';

/** What has to be known to begin with a city; the rest is a start that people edit. */
export interface NewCity {
  /** The folder's name. */
  readonly name: string;
  readonly title: string;
  readonly zone: string;
  readonly language: string;
  readonly bounds: Bounds;
  /** Path of the OpenStreetMap file, from the repository's root. */
  readonly roads: string;
  readonly depots: readonly CityPoint[];
}

/** The folder is there already, or cannot be written. */
export class CityExists extends Error {
  override readonly name = 'CityExists';
}

/**
 * Writes `cities/NAME` with a catalogue, a policy and a fleet copied from `template` as a start, the crews spread
 * over the given depots. Checked before it appears; nothing is written when it does not describe a city (BadCity).
 */
export async function writeCity(cities: string, template: string, city: NewCity): Promise<string> {
  const folder = path.join(cities, city.name);
  const named = Code.safeParse(city.name);
  if (!named.success)
    throw new BadCity(folder, [{ file: 'the folder', path: 'name', says: named.error.issues[0]?.message ?? '' }]);
  const there = await stat(folder).catch(() => null);
  if (there) throw new CityExists(`${folder} exists already. Choose another name, or edit what is there.`);

  const fleet = FleetFile.parse(JSON.parse(await readFile(path.join(cities, template, 'fleet.json'), 'utf8')));
  const catalogue = CatalogueFile.parse(JSON.parse(await readFile(path.join(cities, template, 'catalogue.json'), 'utf8')));
  const policy: unknown = JSON.parse(await readFile(path.join(cities, template, 'policy.json'), 'utf8'));
  const owner = fleet.organisations[0]?.code ?? '';
  const depots = city.depots.map((place, i) => ({ code: `depot-${i + 1}`, name: `Depot ${i + 1}`, organisation: owner, place }));
  // Each of the template's depots becomes one of the new ones, so that crews, vehicles and plant stay together.
  const moved = new Map(fleet.depots.map(({ code }, i) => [code, depots[i % depots.length]?.code ?? code]));
  const move = <T extends { depot: string }>(items: readonly T[]): T[] =>
    items.map((item) => ({ ...item, depot: moved.get(item.depot) ?? item.depot }));

  const files: Record<string, unknown> = {
    'city.json': {
      title: city.title,
      zone: city.zone,
      language: city.language,
      bounds: city.bounds,
      roads: {
        files: [city.roads],
        attribution: '© OpenStreetMap contributors',
        licence: 'Open Database License (ODbL) 1.0',
        about: 'Any OpenStreetMap extract that covers the bounds; cities/dc/README.md says where to get one.',
      },
      areas: [],
      grid: { kind: 'district', rows: 3, columns: 3 },
    },
    'catalogue.json': catalogue,
    'fleet.json': { ...fleet, depots, vehicles: move(fleet.vehicles), plant: move(fleet.plant), crews: move(fleet.crews) },
    'policy.json': policy,
  };
  await mkdir(cities, { recursive: true });
  const staging = await mkdtemp(path.join(cities, '.new-'));
  const draft = path.join(staging, city.name);
  try {
    await mkdir(draft);
    for (const [name, content] of Object.entries(files))
      await writeFile(path.join(draft, name), `${JSON.stringify(content, null, 2)}\n`);
    await writeFile(path.join(draft, 'README.md'), readme(city, template));
    await loadCity(draft);
    await rename(draft, folder);
  } catch (error) {
    // The folder where it was checked is gone by the time somebody reads this.
    throw error instanceof BadCity ? new BadCity(folder, error.faults) : error;
  } finally {
    await rm(staging, { recursive: true, force: true });
  }
  return folder;
}

const readme = (city: NewCity, template: string): string => `# ${city.title}

- \`city.json\`: name, time zone, language, bounds (west, south, east, north), where the roads come from, areas.
- \`catalogue.json\`: what is reported, and what work that means.
- \`fleet.json\`: organisations, depots, vehicles, plant, shifts, crews. The order of the crews counts.
- \`policy.json\`: how work is grouped, planned, priced and kept.
- \`areas.geojson\` (if you have boundaries): polygons with the properties \`kind\`, \`code\`, \`name\`.

The catalogue, fleet and policy were copied from \`${template}\` as a start: make them yours.
Then: \`npm run city -- check ${city.name}\` and \`npm run city -- import ${city.name}\`.
`;
