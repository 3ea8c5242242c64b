import { existsSync } from 'node:fs';
import path from 'node:path';
import type { Db } from '../../../db/knex.ts';
import { systemActor } from '../../platform/actor.ts';
import { inChange, type ChangeTools } from '../../platform/change.ts';
import { simulatedClock, type SimulatedClock } from '../../platform/clock.ts';
import { seededIds } from '../../platform/ids.ts';
import { readFeatures, type LineFeature } from '../city/features.ts';
import { makeStreets } from '../city/make-streets.ts';
import { openOsm } from '../city/open-osm.ts';
import { loadCity, type LoadedCity } from '../../stores/city/load.ts';
import { installCity } from '../../stores/city/store.ts';
import { decodeStreets } from '../../stores/city/street-file.ts';
import { streetsOf, type Streets } from '../../stores/city/streets.ts';

const CITIES = path.join(import.meta.dirname, '../../../cities');
export const SHARED = path.join(import.meta.dirname, '../../../../shared/data');
export const DC_REQUESTS = path.join(SHARED, 'dc/service-requests.csv');
const DC_ROADS = path.join(SHARED, 'dc/roads.osm.pbf');

/** For tests: the corner of the made-up grid of streets; `metres` east and north of it. */
export const CORNER = { lon: -77.03, lat: 38.91 };
const DEGREE = 111_195;
export const at = (east: number, north: number) => ({
  lon: CORNER.lon + east / (DEGREE * Math.cos((CORNER.lat * Math.PI) / 180)),
  lat: CORNER.lat + north / DEGREE,
});

/** Eleven named streets each way, 200 m apart, from the corner. */
export function gridStreets(): Streets {
  const roads: LineFeature[] = [];
  for (let i = 0; i <= 10; i++) {
    const line = (point: (j: number) => { lon: number; lat: number }) =>
      Array.from({ length: 11 }, (_, j): [number, number] => [point(j).lon, point(j).lat]);
    const ref = (x: number, y: number) => x * 100 + y + 1;
    const numbers = Array.from({ length: 11 }, (_, j) => j);
    roads.push(
      {
        id: i,
        tags: { highway: 'residential', name: `Street ${i}` },
        refs: numbers.map((j) => ref(j, i)),
        line: line((j) => at(j * 200, i * 200)),
      },
      {
        id: 100 + i,
        tags: { highway: 'residential', name: `Avenue ${i}` },
        refs: numbers.map((j) => ref(i, j)),
        line: line((j) => at(i * 200, j * 200)),
      },
    );
  }
  const bounds = [CORNER.lon, CORNER.lat, at(2000, 2000).lon, at(2000, 2000).lat] as const;
  return streetsOf(decodeStreets(makeStreets({ roads, waterways: [], areas: [], places: [], bounds }, 'grid').content));
}

/** DC's real streets, or null where the shared data is absent. */
export async function dcStreets(): Promise<Streets | null> {
  if (!existsSync(DC_ROADS)) return null;
  const features = await readFeatures(await openOsm(DC_ROADS));
  return streetsOf(decodeStreets(makeStreets(features, DC_ROADS).content));
}

export const dcCity = (): Promise<LoadedCity> => loadCity(path.join(CITIES, 'dc'));

export interface Installed {
  readonly tools: ChangeTools;
  readonly clock: SimulatedClock;
  readonly city: LoadedCity;
}

/** DC's configuration in this database, the city clock standing at `now`. */
export async function installed(db: Db, now: Date): Promise<Installed> {
  const clock = simulatedClock(now);
  const tools: ChangeTools = { db, clock, ids: seededIds(1), readers: [], committed: () => undefined };
  const city = await dcCity();
  await inChange(tools, systemActor, (change) => installCity(change, city));
  return { tools, clock, city };
}
