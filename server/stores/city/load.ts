import { createHash } from 'node:crypto';
import { readFile } from 'node:fs/promises';
import path from 'node:path';
import { z } from 'zod';
import {
  AreaConfig,
  CatalogueFile,
  CityConfig,
  CityFile,
  Demand,
  FleetFile,
  Policy,
  type AreaGrid,
  type Bounds,
} from './contract.ts';
import { crossCheck, type Contradiction } from './cross-checks.ts';

/** A city as it was loaded, and the name of exactly this configuration. */
export interface LoadedCity {
  readonly config: CityConfig;
  /** sha256 (hex) of the configuration with its keys in order: equal content, equal hash, on any machine. */
  readonly hash: string;
}

/** The folder does not describe a city; every fault is listed with its file, its place and a sentence. */
export class BadCity extends Error {
  override readonly name = 'BadCity';
  readonly faults: readonly Contradiction[];

  constructor(folder: string, faults: readonly Contradiction[]) {
    const lines = faults.map(({ file, path: at, says }) => `  ${file}${at ? ` ${at}` : ''}: ${says}`);
    super(`${folder} does not describe a city:\n${lines.join('\n')}`);
    this.faults = faults;
  }
}

const AreasGeojson = z.object({
  type: z.literal('FeatureCollection'),
  features: z.array(
    z.object({
      type: z.literal('Feature'),
      properties: AreaConfig.omit({ polygons: true }),
      geometry: z.discriminatedUnion('type', [
        z.object({ type: z.literal('Polygon'), coordinates: z.unknown() }),
        z.object({ type: z.literal('MultiPolygon'), coordinates: z.unknown() }),
      ]),
    }),
  ),
});

/** Reads and checks `cities/NAME`. Throws BadCity that names every fault at once. */
export async function loadCity(folder: string): Promise<LoadedCity> {
  const faults: Contradiction[] = [];
  const read = async <S extends z.ZodType>(file: string, schema: S, optional = false): Promise<z.infer<S> | null> => {
    let text: string;
    try {
      text = await readFile(path.join(folder, file), 'utf8');
    } catch (error) {
      const absent = error instanceof Error && 'code' in error && error.code === 'ENOENT';
      if (!absent || !optional) {
        faults.push({ file, path: '', says: absent ? 'the file is missing' : `cannot be read (${String(error)})` });
      }
      return null;
    }
    let content: unknown;
    try {
      content = JSON.parse(text);
    } catch (error) {
      faults.push({ file, path: '', says: `is not JSON (${error instanceof Error ? error.message : String(error)})` });
      return null;
    }
    const parsed = schema.safeParse(content);
    if (parsed.success) return parsed.data;
    for (const issue of parsed.error.issues) faults.push({ file, path: place(issue.path), says: issue.message });
    return null;
  };

  const [city, catalogue, fleet, policy, demand, areas] = await Promise.all([
    read('city.json', CityFile),
    read('catalogue.json', CatalogueFile),
    read('fleet.json', FleetFile),
    read('policy.json', Policy),
    read('demand.json', Demand, true),
    read('areas.geojson', AreasGeojson, true),
  ]);
  if (!city || !catalogue || !fleet || !policy || faults.length > 0) throw new BadCity(folder, faults);

  const { areas: named, grid, ...rest } = city;
  const parsed = CityConfig.safeParse({
    name: path.basename(path.resolve(folder)),
    ...rest,
    areas: [
      ...named.map((area) => ({ ...area, polygons: null })),
      ...(grid ? gridAreas(grid, city.bounds) : []),
      ...(areas?.features ?? []).map(({ properties, geometry }) => ({
        ...properties,
        polygons: geometry.type === 'Polygon' ? [geometry.coordinates] : geometry.coordinates,
      })),
    ],
    ...catalogue,
    ...fleet,
    policy,
    demand,
  });
  if (!parsed.success) {
    // All files are well by themselves, so what is left is the folder's name or a boundary.
    throw new BadCity(
      folder,
      parsed.error.issues.map((issue) => ({
        file: issue.path[0] === 'name' ? 'the folder' : 'areas.geojson',
        path: place(issue.path),
        says: issue.message,
      })),
    );
  }
  const contradictions = crossCheck(parsed.data);
  if (contradictions.length > 0) throw new BadCity(folder, contradictions);
  return { config: parsed.data, hash: hashOf(parsed.data) };
}

/** sha256 of a value as JSON with sorted keys. */
export function hashOf(value: unknown): string {
  return createHash('sha256').update(canonical(value)).digest('hex');
}

function canonical(value: unknown): string {
  if (Array.isArray(value)) return `[${value.map(canonical).join()}]`;
  if (typeof value === 'object' && value !== null) {
    const fields = Object.entries(value).filter(([, field]) => field !== undefined);
    fields.sort(([a], [b]) => (a < b ? -1 : 1));
    return `{${fields.map(([name, field]) => `${JSON.stringify(name)}:${canonical(field)}`).join()}}`;
  }
  return JSON.stringify(value);
}

function gridAreas(grid: z.infer<typeof AreaGrid>, [west, south, east, north]: Bounds): AreaConfig[] {
  const width = (east - west) / grid.columns;
  const height = (north - south) / grid.rows;
  return Array.from({ length: grid.rows * grid.columns }, (_, i) => {
    const row = Math.floor(i / grid.columns);
    const column = i % grid.columns;
    const code = `${String.fromCharCode(65 + row)}${column + 1}`;
    const [left, right] = [round(west + column * width), round(west + (column + 1) * width)];
    const [top, bottom] = [round(north - row * height), round(north - (row + 1) * height)];
    const ring: [number, number][] = [
      [left, bottom],
      [right, bottom],
      [right, top],
      [left, top],
      [left, bottom],
    ];
    return { kind: grid.kind, code, name: `${grid.kind[0]!.toUpperCase()}${grid.kind.slice(1)} ${code}`, polygons: [[ring]] };
  });
}

/** Neighbouring cells must share their edge exactly. */
const round = (degrees: number): number => Math.round(degrees * 1e7) / 1e7;

const place = (parts: readonly PropertyKey[]): string =>
  parts.map((part, i) => (typeof part === 'number' ? `[${part}]` : `${i === 0 ? '' : '.'}${String(part)}`)).join('');
