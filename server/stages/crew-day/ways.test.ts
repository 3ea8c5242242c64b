import { expect } from 'chai';
import { decodeLine, POLYLINE_PRECISION } from '../../../routing/directions/polyline.ts';
import { estimate, UNLEARNED } from '../../../routing/roads/estimate.ts';
import type { RoadNetwork, RoadSource } from '../../../routing/roads/road-network.ts';
import { rememberedWays } from './ways.ts';

const A = { lon: -77.03, lat: 38.9 };
const B = { lon: -77.04, lat: 38.91 };
const C = { lon: -77.05, lat: 38.9 };

/** Straight lines that say they come from `source`, and how often they were asked for. */
function counted(source: () => RoadSource) {
  const straight = estimate({ ...UNLEARNED, version: 'v1' });
  const asked: number[] = [];
  const roads: RoadNetwork = {
    version: 'v1',
    table: (...all) => straight.table(...all),
    async path(points, signal) {
      asked.push(points.length);
      return { ...(await straight.path(points, signal)), source: source() };
    },
  };
  return { asked, roads };
}

describe('ways', () => {
  it('are asked for once, each run of unknown ones together', async () => {
    const { asked, roads } = counted(() => 'osrm');
    const ways = rememberedWays({ roads, locale: 'en', most: 10 });
    expect(await ways.through([A, B, C])).to.have.length(2);
    expect(await ways.through([A, B, C])).to.have.length(2);
    expect(await ways.through([C, A, B])).to.have.length(2);
    expect(asked).to.deep.equal([3, 2]);
  });
  it('from a moving vehicle are the same within its cell', async () => {
    const { asked, roads } = counted(() => 'osrm');
    const ways = rememberedWays({ roads, locale: 'en', most: 10 });
    await ways.through([{ ...A, moving: true }, B]);
    await ways.through([{ lon: A.lon + 0.0002, lat: A.lat, moving: true }, B]);
    expect(asked).to.have.length(1);
    await ways.through([{ lon: A.lon + 0.002, lat: A.lat, moving: true }, B]);
    expect(asked).to.have.length(2);
  });
  it('that are estimates are said to be, and not kept: roads come back', async () => {
    let source: RoadSource = 'estimate';
    const { roads } = counted(() => source);
    const ways = rememberedWays({ roads, locale: 'en', most: 10 });
    const [first] = await ways.through([A, B]);
    expect(first?.source).to.equal('estimate');
    expect(first?.directions.steps[0]?.text).to.match(/straight line, no router/);
    expect(first?.line.precision).to.equal(POLYLINE_PRECISION);
    expect(decodeLine({ points: first?.line.points ?? '', precision: POLYLINE_PRECISION })).to.deep.equal([A, B]);
    source = 'osrm';
    expect((await ways.through([A, B]))[0]?.source).to.equal('osrm');
  });
  it('forget the least used first', async () => {
    const { asked, roads } = counted(() => 'osrm');
    const ways = rememberedWays({ roads, locale: 'en', most: 2 });
    await ways.through([A, B]);
    await ways.through([B, C]);
    await ways.through([A, B]);
    await ways.through([C, A]);
    await ways.through([A, B]);
    expect(asked).to.have.length(3);
    await ways.through([B, C]);
    expect(asked).to.have.length(4);
  });
});
