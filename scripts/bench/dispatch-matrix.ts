import { createHash } from 'node:crypto';
import { existsSync } from 'node:fs';
import { mkdir, readFile, rename, writeFile } from 'node:fs/promises';
import path from 'node:path';
import { setTimeout as sleep } from 'node:timers/promises';
import type { TravelMatrix } from '../../routing/problem.ts';
import type { RoadNetwork, RoadTable } from '../../routing/roads/road-network.ts';
import type { LonLat } from '../../routing/units.ts';
import { Usage } from '../failure.ts';

/** Rows asked for at once. */
const ROWS = 50;
/** A router on a busy machine misses its probes and is passed over for a while: it is asked again, so often and so much later. */
const ATTEMPTS = 20;
const PAUSE_MILLIS = 2_000;

/**
 * Travel between all places by the city's router, in shared memory; kept in `folder`, so that it is asked for once a road
 * version. `roads` is called only when it is not there. @throws Usage when the router does not answer: estimates are no roads.
 */
export async function keptMatrix(
  places: readonly LonLat[],
  version: string,
  folder: string,
  roads: () => Promise<RoadNetwork>,
  say: (line: string) => void,
): Promise<TravelMatrix> {
  const size = places.length;
  const hash = createHash('sha256').update(version);
  for (const { lon, lat } of places) hash.update(`;${lon.toFixed(6)},${lat.toFixed(6)}`);
  const file = path.join(folder, `matrix-${hash.digest('hex').slice(0, 24)}.bin`);
  const bytes = 4 * size * size;
  const matrix = {
    size,
    seconds: new Int32Array(new SharedArrayBuffer(bytes)),
    metres: new Int32Array(new SharedArrayBuffer(bytes)),
    source: 'osrm' as const,
  };
  if (existsSync(file)) {
    const kept = await readFile(file);
    if (kept.length === 2 * bytes) {
      new Uint8Array(matrix.seconds.buffer).set(kept.subarray(0, bytes));
      new Uint8Array(matrix.metres.buffer).set(kept.subarray(bytes));
      return matrix;
    }
  }
  say(`asking the router for ${size} x ${size} travel times, once`);
  const network = await roads();
  for (let row = 0; row < size; row += ROWS) {
    const table = await askUntilRoads(network, places.slice(row, row + ROWS), places);
    matrix.seconds.set(table.seconds, row * size);
    matrix.metres.set(table.metres, row * size);
  }
  await mkdir(folder, { recursive: true });
  // Written beside and renamed: a run that is stopped leaves no half.
  const part = `${file}.${process.pid}`;
  await writeFile(part, Buffer.concat([Buffer.from(matrix.seconds.buffer), Buffer.from(matrix.metres.buffer)]));
  await rename(part, file);
  return matrix;
}

async function askUntilRoads(network: RoadNetwork, from: readonly LonLat[], to: readonly LonLat[]): Promise<RoadTable> {
  for (let attempt = 0; attempt < ATTEMPTS; attempt++) {
    if (attempt > 0) await sleep(PAUSE_MILLIS);
    const table = await network.table(from, to);
    if (table.source === 'osrm') return table;
  }
  throw new Usage('The router does not answer: these would be estimates, not a measurement on roads.');
}
