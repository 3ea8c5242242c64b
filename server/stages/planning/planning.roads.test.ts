import { expect } from 'chai';
import '../../../db/testing.ts';
import { estimate } from '../../../routing/roads/estimate.ts';
import { ladder } from '../../../routing/roads/ladder.ts';
import { osrm } from '../../../routing/roads/osrm.ts';
import type { LonLat } from '../../../routing/units.ts';
import { startRouter, type RouterProcess } from '../../platform/router-process.ts';
import type { PublishOutcome } from '../../stores/work/contract.ts';
import { MIDDLE, smallCity } from '../city/testing.ts';
import type { JobCandidates } from './contract.ts';
import { rebuildPlan } from './rebuild-plan.ts';
import { openTown, type Town } from './town.db.test.ts';

/** Places inside the imported middle of Gothenburg. */
const places = (count: number): LonLat[] => {
  const [west, south, east, north] = MIDDLE;
  return Array.from({ length: count }, (_, i) => ({
    lon: west + ((east - west) * (1 + (i % 5))) / 7,
    lat: south + ((north - south) * (1 + Math.floor(i / 5))) / 7,
  }));
};

describe('planning on real roads', function () {
  this.timeout(120_000);
  let router: RouterProcess;
  let town: Town;
  let stopLadder: () => void;

  before(async () => {
    const { binaries, dataset } = await smallCity();
    if (dataset.routerFile === null) throw new Error('the city was imported without a router');
    const version = dataset.manifest.version;
    router = await startRouter({ routed: binaries.routed, dataset: { file: dataset.routerFile, version }, say: () => undefined });
    const adapter = osrm({ url: () => router.url(), version: () => version, timeoutSeconds: 5 });
    const roads = ladder({
      osrm: adapter,
      estimate: estimate({ factor: 1.4, metresPerSecond: 10, version }),
      probe: () => adapter.probe(places(1)[0] ?? { lon: 0, lat: 0 }, 1),
      probeEveryMillis: 200,
      wallClock: () => new Date(),
    });
    stopLadder = () => roads.stop();
    town = await openTown({ crews: 4, roads });
    // Crews of another city, standing in this one: only the places of the depots differ.
    const [depot] = places(1);
    await town.tools.db('crew_shift').update({
      start_place: town.tools.db.raw('st_setsrid(st_makepoint(?, ?), 4326)', [depot?.lon ?? 0, depot?.lat ?? 0]),
      end_place: null,
    });
  });
  after(async () => {
    await town?.close();
    stopLadder?.();
    await router?.stop();
  });

  it("plans on the router's times; without the router on estimates, and says so; the old plan rebuilds all the same", async () => {
    await town.report(places(12));
    const onRoads = await town.plan({ seed: 3, iterations: 200 });
    expect(onRoads).to.include({ roadsSource: 'osrm', estimatedPairs: 0, roadsVersion: router.version() });
    expect(onRoads.summary.assigned).to.equal(12);
    const outcome = await town.ask<PublishOutcome>('POST', `/api/plans/${onRoads.id}/publish`, { envelope: town.envelope() });
    expect(outcome.body.assigned).to.equal(12);

    const [job] = await town.report([{ lon: 11.9702, lat: 57.7031 }]);
    const near = await town.ask<JobCandidates>('GET', `/api/jobs/${job?.id ?? ''}/candidates`);
    expect(near.body.candidates.map((c) => c.travelSource)).to.deep.equal(Array(4).fill('osrm'));

    await router.stop();
    await town.report([{ lon: 11.9634, lat: 57.7052 }]);
    const estimated = await town.plan({ seed: 3, iterations: 200 });
    expect(estimated.roadsSource).to.equal('estimate');
    // What the router said before it went away is still true.
    expect(estimated.estimatedPairs)
      .to.be.greaterThan(0)
      .and.lessThan(16 * 16);
    expect(estimated.summary.jobs).to.equal(14);
    expect(await rebuildPlan(town.tools.db, town.engine, onRoads.id)).to.include({ same: true });
    expect(await rebuildPlan(town.tools.db, town.engine, estimated.id)).to.include({ same: true });
  });
});
