import { mkdir, readFile, rename, stat, writeFile } from 'node:fs/promises';
import path from 'node:path';
import { z } from 'zod';
import { Bounds } from './contract.ts';

/** What one import made. Lies as `manifest.json` in the dataset's folder and is written last. */
export const Manifest = z.strictObject({
  format: z.literal(1),
  /** Hash of the source and of what made it: equal version, equal roads, on any machine. */
  version: z.string().regex(/^[0-9a-f]{16}$/),
  city: z.string(),
  madeAt: z.iso.datetime(),
  source: z.strictObject({ file: z.string(), format: z.enum(['pbf', 'xml', 'geojson']), sha256: z.string(), bytes: z.int() }),
  attribution: z.string(),
  licence: z.string(),
  /** Around all roads. */
  bounds: Bounds,
  ways: z.int(),
  /** Null: made without OSRM, so travel is estimated. */
  router: z
    .strictObject({ release: z.string(), profile: z.literal('car'), algorithm: z.literal('ch'), file: z.string() })
    .nullable(),
  /** Learned from this city's own roads: how much longer they are than the straight line, and how fast. */
  estimate: z.strictObject({ factor: z.number().min(1), metresPerSecond: z.number().positive() }).nullable(),
  baseMap: z.strictObject({
    file: z.string(),
    tiles: z.int(),
    bytes: z.int(),
    minZoom: z.int(),
    maxZoom: z.int(),
    layers: z.array(z.string()),
  }),
  streets: z.strictObject({ file: z.string(), segments: z.int(), names: z.int(), crossings: z.int() }),
});
export type Manifest = z.infer<typeof Manifest>;

/** One imported version of a city's roads. */
export interface Dataset {
  readonly folder: string;
  readonly manifest: Manifest;
  /** For osrm-routed; null when the dataset was made without OSRM. */
  readonly routerFile: string | null;
  readonly baseMapFile: string;
}

/** A dataset folder is not what its import left; the message says what to do. */
export class BadDataset extends Error {
  override readonly name = 'BadDataset';
}

export const MANIFEST_FILE = 'manifest.json';
const POINTER = 'current';

/** Where all versions of a city's roads lie. */
export const roadsFolder = (home: string, city: string): string => path.join(home, 'cities', city, 'roads');

/** The dataset in force; null when the city was never imported. Throws BadDataset when what is there cannot be used. */
export async function currentDataset(home: string, city: string): Promise<Dataset | null> {
  const version = await readPointer(home, city);
  return version === null ? null : openDataset(path.join(roadsFolder(home, city), version));
}

/** One dataset by its folder. Throws BadDataset. */
export async function openDataset(folder: string): Promise<Dataset> {
  let content: unknown;
  try {
    content = JSON.parse(await readFile(path.join(folder, MANIFEST_FILE), 'utf8'));
  } catch (cause) {
    throw new BadDataset(`${folder} holds no complete dataset. Import the city again: npm run city -- import NAME`, { cause });
  }
  const manifest = Manifest.safeParse(content);
  if (!manifest.success) {
    throw new BadDataset(`${folder} was made by another version of Thuma. Import the city again: npm run city -- import NAME`, {
      cause: manifest.error,
    });
  }
  const { router, baseMap } = manifest.data;
  return {
    folder,
    manifest: manifest.data,
    routerFile: router && path.join(folder, router.file),
    baseMapFile: path.join(folder, baseMap.file),
  };
}

/** The version in force; null when there is none. */
export async function readPointer(home: string, city: string): Promise<string | null> {
  try {
    const version = (await readFile(path.join(roadsFolder(home, city), POINTER), 'utf8')).trim();
    return /^[0-9a-f]{16}$/.test(version) ? version : null;
  } catch (error) {
    if (error instanceof Error && 'code' in error && error.code === 'ENOENT') return null;
    throw error;
  }
}

/** Puts a version in force: readers see the old one or the new one, never half of either. */
export async function writePointer(home: string, city: string, version: string): Promise<void> {
  const folder = roadsFolder(home, city);
  await mkdir(folder, { recursive: true });
  const draft = path.join(folder, `.${POINTER}-${process.pid}`);
  await writeFile(draft, `${version}\n`);
  await rename(draft, path.join(folder, POINTER));
}

/** Whether a version lies there complete. */
export async function hasDataset(home: string, city: string, version: string): Promise<boolean> {
  return stat(path.join(roadsFolder(home, city), version, MANIFEST_FILE)).then(
    () => true,
    () => false,
  );
}
