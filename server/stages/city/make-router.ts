import { execFile } from 'node:child_process';
import { symlink } from 'node:fs/promises';
import path from 'node:path';
import { promisify } from 'node:util';
import { z } from 'zod';
import type { RouterBinaries } from '../../platform/router-binaries.ts';
import { startRouter } from '../../platform/router-process.ts';
import type { Streets } from '../../stores/city/streets.ts';
import type { OsmSource } from './osm.ts';
import { writeXml } from './osm-xml.ts';

const run = promisify(execFile);

/** OSRM could not make a dataset of the file; the message holds its own last words. */
export class RouterNotMade extends Error {
  override readonly name = 'RouterNotMade';
}

export const ROUTER_FILE = 'roads.osrm';
const MOST_MILLIS = 6 * 3_600_000;

/** Puts the source where osrm-extract finds it, under the name its output shall have; returns that path. */
export async function placeSource(source: OsmSource, folder: string): Promise<string> {
  const target = path.join(folder, source.format === 'pbf' ? 'roads.osm.pbf' : 'roads.osm');
  if (source.format === 'geojson') await writeXml(target, source.elements());
  else await symlink(path.resolve(source.file), target);
  return target;
}

/** osrm-extract with the car profile, beside the input. Throws RouterNotMade. */
export async function extract(binaries: RouterBinaries, input: string): Promise<void> {
  await tool(binaries.extract, ['--profile', binaries.profile, input]);
}

/** osrm-contract: contraction hierarchies, whose tables are five times faster than the alternative's. Throws RouterNotMade. */
export async function contract(binaries: RouterBinaries, folder: string): Promise<void> {
  await tool(binaries.contract, [path.join(folder, ROUTER_FILE)]);
}

async function tool(command: string, options: readonly string[]): Promise<void> {
  try {
    await run(command, ['--verbosity', 'WARNING', ...options], { timeout: MOST_MILLIS, maxBuffer: 64 * 2 ** 20 });
  } catch (cause) {
    const said =
      cause instanceof Error && 'stderr' in cause && 'stdout' in cause
        ? `${String(cause.stdout)}${String(cause.stderr)}`
        : String(cause);
    throw new RouterNotMade(`${path.basename(command)} failed: ${said.trim().split('\n').slice(-3).join(' ').slice(-600)}`, {
      cause,
    });
  }
}

const Table = z.object({
  durations: z.array(z.array(z.number().nullable())),
  distances: z.array(z.array(z.number().nullable())),
});

const SAMPLE = 60;
/** Shorter trips are mostly the way out of a side street. */
const SHORTEST_METRES = 300;

export interface RouterTrial {
  /** Learned: road metres per metre of straight line, and the speed over them. */
  readonly estimate: { readonly factor: number; readonly metresPerSecond: number };
  /** Share of random pairs that a road joins. */
  readonly joined: number;
}

/** Starts the new dataset, asks it for a table over random street points and learns from the answer. Throws RouterNotMade or RouterFailed. */
export async function tryRouter(
  binaries: RouterBinaries,
  folder: string,
  streets: Streets,
  metresBetween: (a: Place, b: Place) => number,
): Promise<RouterTrial> {
  const chance = chanceOf(1);
  const points = Array.from({ length: SAMPLE }, () => streets.randomPoint(chance));
  const router = await startRouter({
    routed: binaries.routed,
    dataset: { file: path.join(folder, ROUTER_FILE), version: 'trial' },
  });
  try {
    const reply = await fetch(`${router.url() ?? ''}/table/v1/driving`, {
      method: 'POST',
      headers: { 'content-type': 'application/json' },
      body: JSON.stringify({ coordinates: points.map(({ lon, lat }) => [lon, lat]), annotations: ['duration', 'distance'] }),
      signal: AbortSignal.timeout(30_000),
    });
    const table = Table.parse(await reply.json());
    let [line, road, time, joined, pairs] = [0, 0, 0, 0, 0];
    points.forEach((from, i) => {
      points.forEach((to, j) => {
        const straight = metresBetween(from, to);
        if (i === j || straight < SHORTEST_METRES) return;
        pairs++;
        const length = table.distances[i]?.[j] ?? null;
        const seconds = table.durations[i]?.[j] ?? null;
        if (length === null || seconds === null) return;
        joined++;
        line += straight;
        road += length;
        time += seconds;
      });
    });
    if (joined === 0 || time === 0)
      throw new RouterNotMade('The new roads join no two of 60 random street points: the network is in pieces.');
    const rounded = (value: number) => Math.round(value * 1_000) / 1_000;
    return {
      estimate: { factor: Math.max(1, rounded(road / line)), metresPerSecond: rounded(road / time) },
      joined: joined / pairs,
    };
  } catch (cause) {
    if (cause instanceof RouterNotMade) throw cause;
    throw new RouterNotMade('The new roads were made but do not answer as they should.', { cause });
  } finally {
    await router.stop();
  }
}

interface Place {
  readonly lon: number;
  readonly lat: number;
}

/** A small seeded generator (mulberry32): the sample is the same wherever the import runs. */
function chanceOf(seed: number): () => number {
  let state = seed;
  return () => {
    state = (state + 0x6d2b79f5) | 0;
    let mixed = Math.imul(state ^ (state >>> 15), 1 | state);
    mixed = (mixed + Math.imul(mixed ^ (mixed >>> 7), 61 | mixed)) ^ mixed;
    return ((mixed ^ (mixed >>> 14)) >>> 0) / 2 ** 32;
  };
}
