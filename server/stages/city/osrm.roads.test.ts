import { expect } from 'chai';
import { startRouter, type RouterProcess } from '../../platform/router-process.ts';
import { smallCity } from './testing.ts';
import { openStreets, type Streets } from '../../stores/city/streets.ts';
import { directions } from '../../../routing/directions/directions.ts';
import { greatCircleMetres, type LonLat } from '../../../routing/units.ts';
import { cachedRoads } from '../../../routing/roads/cached.ts';
import { osrm } from '../../../routing/roads/osrm.ts';
import type { RoadNetwork } from '../../../routing/roads/road-network.ts';

describe('osrm, over a real router', function () {
  this.timeout(120_000);
  let router: RouterProcess;
  let roads: ReturnType<typeof osrm>;
  let streets: Streets;
  let points: LonLat[];

  before(async () => {
    const { binaries, dataset } = await smallCity();
    router = await startRouter({
      routed: binaries.routed,
      dataset: { file: dataset.routerFile ?? '', version: dataset.manifest.version },
    });
    roads = osrm({ url: () => router.url(), version: () => router.version(), timeoutSeconds: 20 });
    streets = await openStreets(dataset.folder);
    let n = 0;
    // Every 0.37th of the streets' length: the same points on every machine.
    points = Array.from({ length: 40 }, () => streets.randomPoint(() => (++n * 0.37) % 1));
  });
  after(() => router.stop());

  it('gives tables whose rows and columns are where they belong', async () => {
    const table = await roads.table(points, points.toReversed());
    expect(table.source).to.equal('osrm');
    for (const [i, j] of [
      [0, 5],
      [7, 31],
      [39, 2],
    ] as const) {
      const path = await roads.path([points[i], points[39 - j]] as LonLat[]);
      // /table and /route round their legs differently, by a second at most.
      expect(table.seconds[i * 40 + j]).to.be.closeTo(path.legs[0]?.seconds ?? NaN, 2);
      expect(table.metres[i * 40 + j]).to.be.closeTo(path.legs[0]?.metres ?? NaN, 5);
    }
  });

  it('is never shorter than the straight line between the road points', async () => {
    const table = await roads.table(points, points);
    const path = await roads.path(points);
    path.legs.forEach(({ line }, i) => {
      const straight = greatCircleMetres(line[0] as LonLat, line.at(-1) as LonLat);
      // OSRM measures on a slightly smaller earth, and rounds.
      expect(table.metres[i * 40 + i + 1]).to.be.at.least(Math.floor(straight * 0.995) - 2);
    });
  });

  it('gives a leg between each two stops, its line on the road from one to the other', async () => {
    const stops = points.slice(0, 4);
    const path = await roads.path(stops);
    expect(path.legs.length).to.equal(3);
    path.legs.forEach((leg, i) => {
      const [start, end] = [leg.line[0], leg.line.at(-1)] as [LonLat, LonLat];
      expect(greatCircleMetres(start, stops[i] as LonLat)).to.be.below(30);
      expect(greatCircleMetres(end, stops[i + 1] as LonLat)).to.be.below(30);
      let length = 0;
      leg.line.reduce((from, to) => {
        length += greatCircleMetres(from, to);
        return to;
      });
      expect(length).to.be.closeTo(leg.metres, 5 + leg.metres * 0.01);
      expect(leg.steps.reduce((sum, step) => sum + step.metres, 0)).to.be.closeTo(leg.metres, leg.steps.length);
    });
  });

  it('has directions in words for every step', async () => {
    const path = await roads.path(points.slice(0, 10));
    path.legs.forEach((leg, legIndex) => {
      const { steps } = directions(leg, { locale: 'en', legIndex, legCount: path.legs.length, destination: 'Stop' });
      expect(steps.length).to.be.at.least(2);
      expect(steps[0]?.text).to.match(/^Head /);
      expect(steps.at(-1)?.text).to.match(/Stop|arrived/);
    });
  });

  it('answers blocks as it answers one question', async () => {
    const many = Array.from({ length: 260 }, (_, i) => points[i % 40] as LonLat);
    const blocks = await roads.table(many, many);
    const single = await roads.table(points, points);
    for (let i = 0; i < 260; i += 13) {
      for (let j = 0; j < 260; j += 17) expect(blocks.seconds[i * 260 + j]).to.equal(single.seconds[(i % 40) * 40 + (j % 40)]);
    }
  });

  it('fills a cache piece by piece with what one table says', async () => {
    const counted: number[] = [];
    const counting: RoadNetwork = {
      version: roads.version,
      table: (from, to, signal) => {
        counted.push(from.length * to.length);
        return roads.table(from, to, signal);
      },
      path: roads.path,
    };
    const cached = cachedRoads(counting, { maxPoints: 100 });
    await cached.matrix(points.slice(0, 39));
    const matrix = await cached.matrix(points);
    const table = await roads.table(points, points);
    expect([...matrix.seconds]).to.deep.equal([...table.seconds]);
    expect([...matrix.metres]).to.deep.equal([...table.metres]);
    expect(counted.slice(1).reduce((sum, cells) => sum + cells, 0)).to.equal(78);
  });

  it('is probed well', async () => {
    await roads.probe(points[0] as LonLat, 5);
  });
});
