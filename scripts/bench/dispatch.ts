import path from 'node:path';
import type { BenchCase } from './bench-case.ts';
import { createLog } from '../../server/platform/log.ts';
import { openRoads, type CityRoads } from '../../server/roads.ts';
import { loadCity } from '../../server/stores/city/load.ts';
import { openStreets } from '../../server/stores/city/streets.ts';
import { ensureRoads } from '../simulator/city-roads.ts';
import { benchCommand, toTheEnd } from './bench.ts';
import { chosen, dataAt } from './data.ts';
import { dispatchCases, openReferences, type References } from './dispatch-cases.ts';
import { type BenchOptions, readOptions, ROOT } from './options.ts';
import { peerPython, vroom } from './peers.ts';
import { warmEngine } from './solve.ts';

const ABOUT = `npm run bench:dispatch [-- --only 50x400] [--seconds S] [--peers] [--json]
A dispatcher's day over real reports and roads of Washington: 20x100, 50x400, 100x1000, 300x3000 shifts x jobs, priced by
our objective. The gap is to the best plan of a long run, once there has been one:
  --reference S       first make a plan of S seconds for each case and keep its cost in THUMA_HOME`;

let roads: CityRoads | null = null;

await toTheEnd(async () => {
  try {
    await benchCommand(readOptions(process.argv.slice(2), ABOUT), async (options, say) => {
      const requests = dataAt(path.join(options.shared, 'data/dc/service-requests.csv'), 'the real requests of Washington');
      const city = await loadCity(path.join(ROOT, 'cities/dc'));
      const dataset = await ensureRoads(city.config, { root: ROOT, home: options.home, say });
      const roadVersion = dataset.manifest.version;
      const cache = path.join(options.home, 'bench');
      const references = await openReferences(cache);
      const cityOf = {
        streets: await openStreets(dataset.folder),
        depots: city.config.depots.map(({ place }) => place),
        roadVersion,
        async network() {
          roads ??= await openRoads({
            home: options.home,
            city: 'dc',
            osrmUrl: process.env['OSRM_URL'] || null,
            searchPath: process.env['PATH'],
            log: createLog({ level: 'silent' }),
            onChange: () => undefined,
          });
          return roads.network;
        },
      };
      const cases = chosen(dispatchCases(cityOf, requests, cache, references, say), options);
      if (options.reference !== null) await makeReferences(cases, options, options.reference, references, roadVersion, say);
      const python = options.peers ? await peerPython(options.home, say) : null;
      return {
        name: 'dispatch',
        cases,
        peers: python === null ? [] : [vroom(python, ['due-hard', 'due-until-severe', 'due-at-price'])],
        remarks: [
          'costs are our objective, also of the peers: their sequences driven through our schedule',
          `roads ${roadVersion}`,
        ],
      };
    });
  } finally {
    await roads?.stop();
  }
});

/** A long plan for each case, of which the cost is kept for gaps. */
async function makeReferences(
  cases: readonly BenchCase[],
  { searches }: BenchOptions,
  seconds: number,
  references: References,
  roadVersion: string,
  say: (line: string) => void,
): Promise<void> {
  const engine = await warmEngine(searches);
  try {
    for (const one of cases) {
      const { problem } = await one.load();
      // Another seed than the runs have: none of them is measured against itself.
      const { plan } = await engine.run(problem, { seed: 1_000_003, seconds, iterations: null, searches });
      await references.keep(one.name, roadVersion, plan.cost.total);
      say(`${one.name}: ${plan.cost.total} after ${seconds} s, kept as the reference`);
    }
  } finally {
    await engine.close();
  }
}
