import { createHash } from 'node:crypto';
import { createReadStream } from 'node:fs';
import { mkdir, mkdtemp, readdir, rename, rm, stat, writeFile } from 'node:fs/promises';
import path from 'node:path';
import { pipeline } from 'node:stream/promises';
import type { RouterBinaries } from '../../platform/router-binaries.ts';
import type { CityConfig } from '../../stores/city/contract.ts';
import {
  MANIFEST_FILE,
  hasDataset,
  openDataset,
  readPointer,
  roadsFolder,
  writePointer,
  type Dataset,
  type Manifest,
} from '../../stores/city/dataset.ts';
import { STREETS_FILE, metresBetween, streetsOf } from '../../stores/city/streets.ts';
import { decodeStreets } from '../../stores/city/street-file.ts';
import { BASE_MAP_MAX_ZOOM, writeBaseMap } from './base-map.ts';
import { readFeatures } from './features.ts';
import { ROUTER_FILE, contract, extract, placeSource, tryRouter } from './make-router.ts';
import { makeStreets } from './make-streets.ts';
import { openOsm } from './open-osm.ts';
import { BadOsmFile } from './osm.ts';

/** Rises when the same source must be made anew because what is made of it has changed. */
const MAKING = 3;
const BASE_MAP_FILE = 'city.pmtiles';

export interface ImportOptions {
  readonly city: CityConfig;
  /** OSM PBF, OSM XML or GeoJSON with OSM tags. */
  readonly file: string;
  /** THUMA_HOME. */
  readonly home: string;
  /** Null: without OSRM; travel is then estimated, and a later import with it makes a new version. */
  readonly binaries: RouterBinaries | null;
  /** One line of progress, with its seconds. */
  readonly say: (line: string) => void;
  readonly now: () => Date;
}

export interface Imported {
  readonly dataset: Dataset;
  /** False: the same source had been imported before and nothing had to be made. */
  readonly made: boolean;
}

/**
 * Makes a city's roads from an OpenStreetMap file: OSRM dataset, base map, street index, attribution. Everything
 * is made beside the dataset in force and put in force at the end, so that a failure (BadOsmFile,
 * RouterNotMade, a full disk) leaves the old one as it was and nothing half-written behind.
 */
export async function importCity(options: ImportOptions): Promise<Imported> {
  const { city, file, home, binaries, say } = options;
  const source = await openOsm(file);
  const sha256 = await hashFile(file);
  const version = createHash('sha256')
    .update(JSON.stringify([MAKING, sha256, binaries?.release ?? null]))
    .digest('hex')
    .slice(0, 16);
  const folder = roadsFolder(home, city.name);
  const final = path.join(folder, version);
  if (await hasDataset(home, city.name, version)) {
    const dataset = await openDataset(final);
    await writePointer(home, city.name, version);
    say(`Roads ${version} of ${path.basename(file)} are imported already`);
    return { dataset, made: false };
  }

  await mkdir(folder, { recursive: true });
  await clearAbandoned(folder);
  const staging = await mkdtemp(path.join(folder, `.making-${process.pid}-`));
  try {
    const manifest = await make({ ...options, source, sha256, version, staging });
    await writeFile(path.join(staging, MANIFEST_FILE), `${JSON.stringify(manifest, null, 2)}\n`);
    // Left by somebody who deleted the manifest, or by another import of the same file that ended a moment ago.
    if (!(await hasDataset(home, city.name, version))) {
      await rm(final, { recursive: true, force: true });
      await rename(staging, final);
    }
    const before = await readPointer(home, city.name);
    await writePointer(home, city.name, version);
    await prune(folder, [version, before]);
  } catch (error) {
    if (error instanceof Error && 'code' in error && error.code === 'ENOSPC') {
      throw new Error(
        `The disk is full: the import of ${city.name} needs space in ${home}. What was there before is untouched.`,
        { cause: error },
      );
    }
    throw error;
  } finally {
    await rm(staging, { recursive: true, force: true });
  }
  return { dataset: await openDataset(final), made: true };
}

type Making = ImportOptions & { source: Awaited<ReturnType<typeof openOsm>>; sha256: string; version: string; staging: string };

async function make({ city, file, binaries, say, now, source, sha256, version, staging }: Making): Promise<Manifest> {
  const step = stepper(say);
  const features = await step(
    'Reading roads',
    () => readFeatures(source),
    (f) => `${f.roads.length.toLocaleString('en')} ways`,
  );
  requireOverlap(city, features.bounds, file);
  const streets = await step(
    'Street index',
    async () => {
      const made = makeStreets(features, file);
      await writeFile(path.join(staging, STREETS_FILE), made.content);
      return made;
    },
    (s) =>
      `${s.segments.toLocaleString('en')} segments, ${s.names.toLocaleString('en')} names, ${s.crossings.toLocaleString('en')} crossings`,
  );
  const baseMap = await step(
    'Base map',
    () => writeBaseMap(path.join(staging, BASE_MAP_FILE), features, { title: city.title, attribution: city.roads.attribution }),
    (m) => `${m.tiles.toLocaleString('en')} tiles, ${(m.bytes / 2 ** 20).toFixed(1)} MB, layers ${m.layers.join(', ')}`,
  );

  let estimate: Manifest['estimate'] = null;
  if (binaries) {
    const input = await step('Preparing for OSRM', () => placeSource(source, staging));
    await step('OSRM extract', () => extract(binaries, input));
    await step('OSRM contract', () => contract(binaries, staging));
    await rm(input);
    const trial = await step(
      'Trying the roads',
      () => tryRouter(binaries, staging, streetsOf(decodeStreets(streets.content)), metresBetween),
      (t) =>
        `${Math.round(t.joined * 100)} % of random pairs joined, ${t.estimate.factor} x straight line at ${t.estimate.metresPerSecond} m/s`,
    );
    estimate = trial.estimate;
  }
  return {
    format: 1,
    version,
    city: city.name,
    madeAt: now().toISOString(),
    source: { file: path.basename(file), format: source.format, sha256, bytes: (await stat(file)).size },
    attribution: city.roads.attribution,
    licence: city.roads.licence,
    bounds: [...features.bounds],
    ways: features.roads.length,
    router: binaries && { release: binaries.release, profile: 'car', algorithm: 'ch', file: ROUTER_FILE },
    estimate,
    baseMap: {
      file: BASE_MAP_FILE,
      tiles: baseMap.tiles,
      bytes: baseMap.bytes,
      minZoom: 0,
      maxZoom: BASE_MAP_MAX_ZOOM,
      layers: [...baseMap.layers],
    },
    streets: { file: STREETS_FILE, segments: streets.segments, names: streets.names, crossings: streets.crossings },
  };
}

/** Says each step when it has ended, with what came out and how long it took (wall time). */
function stepper(say: (line: string) => void) {
  return async <T>(title: string, work: () => Promise<T>, outcome: (result: T) => string = () => ''): Promise<T> => {
    const started = performance.now();
    const result = await work();
    const told = outcome(result);
    say(`${title}${told && `: ${told}`} (${((performance.now() - started) / 1000).toFixed(1)} s)`);
    return result;
  };
}

/** A file of another place is a mistake that would otherwise show only when no case lies on any road. */
function requireOverlap(
  city: CityConfig,
  [west, south, east, north]: readonly [number, number, number, number],
  file: string,
): void {
  const [w, s, e, n] = city.bounds;
  if (west <= e && east >= w && south <= n && north >= s) return;
  const box = (values: readonly number[]) => values.map((value) => value.toFixed(3)).join(', ');
  throw new BadOsmFile(
    file,
    `its roads lie within ${box([west, south, east, north])}, but ${city.name} within ${box(city.bounds)} (west, south, east, north). Is it the right file, or are the bounds in city.json wrong?`,
  );
}

async function hashFile(file: string): Promise<string> {
  const hash = createHash('sha256');
  await pipeline(createReadStream(file), hash);
  return hash.digest('hex');
}

/** What imports left that were killed; those of living processes are theirs. */
async function clearAbandoned(folder: string): Promise<void> {
  for (const name of await readdir(folder)) {
    const pid = /^\.making-(\d+)-/.exec(name)?.[1];
    if (pid !== undefined && !alive(Number(pid))) await rm(path.join(folder, name), { recursive: true, force: true });
  }
}

function alive(pid: number): boolean {
  try {
    process.kill(pid, 0);
    return true;
  } catch (error) {
    return error instanceof Error && 'code' in error && error.code === 'EPERM';
  }
}

/** The version in force and the one before it stay: a server that has not swapped yet still serves that. */
async function prune(folder: string, keep: readonly (string | null)[]): Promise<void> {
  for (const name of await readdir(folder)) {
    if (/^[0-9a-f]{16}$/.test(name) && !keep.includes(name)) await rm(path.join(folder, name), { recursive: true, force: true });
  }
}
