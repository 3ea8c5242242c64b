import path from 'node:path';
import { createLog } from '../../server/platform/log.ts';
import { openRoads, type CityRoads } from '../../server/roads.ts';
import { loadCity } from '../../server/stores/city/load.ts';
import { openStreets } from '../../server/stores/city/streets.ts';
import { ensureRoads } from '../simulator/city-roads.ts';
import type { BenchCase } from './bench-case.ts';
import { dataAt } from './data.ts';
import type { Problem } from '../../routing/problem.ts';
import { dispatchCases, dispatchDays, openReferences, type References } from './dispatch-cases.ts';
import type { DispatchSize } from './dispatch-problem.ts';
import { type BenchOptions, ROOT } from './options.ts';

/** Washington as benches use it: its days of work, and the roads they are on. */
export interface DispatchBench {
  readonly cases: readonly BenchCase[];
  /** A day of any size; the same seed gives the same. */
  readonly dayOf: (size: DispatchSize, seed?: number) => Promise<Problem>;
  readonly references: References;
  readonly roadVersion: string;
  /** Stops the router, if one was wanted. */
  stop(): Promise<void>;
}

/** @throws NoData without the shared requests. */
export async function openDispatchBench(
  { shared, home }: Pick<BenchOptions, 'shared' | 'home'>,
  say: (line: string) => void,
): Promise<DispatchBench> {
  const requests = dataAt(path.join(shared, 'data/dc/service-requests.csv'), 'the real requests of Washington');
  const city = await loadCity(path.join(ROOT, 'cities/dc'));
  const dataset = await ensureRoads(city.config, { root: ROOT, home, say });
  const roadVersion = dataset.manifest.version;
  const cache = path.join(home, 'bench');
  const references = await openReferences(cache);
  let roads: CityRoads | null = null;
  const cityOf = {
    streets: await openStreets(dataset.folder),
    depots: city.config.depots.map(({ place }) => place),
    roadVersion,
    async network() {
      roads ??= await openRoads({
        home,
        city: 'dc',
        osrmUrl: process.env['OSRM_URL'] || null,
        searchPath: process.env['PATH'],
        log: createLog({ level: 'silent' }),
        onChange: () => undefined,
      });
      return roads.network;
    },
  };
  return {
    cases: dispatchCases(cityOf, requests, cache, references, say),
    dayOf: dispatchDays(cityOf, requests, cache, say),
    references,
    roadVersion,
    async stop() {
      await roads?.stop();
    },
  };
}
