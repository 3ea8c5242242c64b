import { setTimeout as sleep } from 'node:timers/promises';
import { expect } from 'chai';
import { NoRoad, RoadsUnavailable } from './errors.ts';
import { UNLEARNED, estimate } from './estimate.ts';
import { ladder, type Ladder, type LadderState } from './ladder.ts';
import type { RoadNetwork } from './road-network.ts';

const A = { lon: 11.97, lat: 57.7 };
const B = { lon: 11.98, lat: 57.71 };
const guess = estimate({ ...UNLEARNED, version: 'guess' });

/** Estimates that claim to be the router, and fail when told: what is tested is who is asked, not what is answered. */
function router(): RoadNetwork & { fails: Error | null; hangs: boolean; asked: number } {
  const self = {
    version: 'roads-1',
    fails: null as Error | null,
    hangs: false,
    asked: 0,
    async table(from: Parameters<RoadNetwork['table']>[0], to: Parameters<RoadNetwork['table']>[1], signal?: AbortSignal) {
      self.asked++;
      if (self.hangs) await new Promise((_, reject) => signal?.addEventListener('abort', () => reject(signal.reason as Error)));
      if (self.fails) throw self.fails;
      return { ...(await guess.table(from, to)), source: 'osrm' as const };
    },
    async path(points: Parameters<RoadNetwork['path']>[0]) {
      self.asked++;
      if (self.fails) throw self.fails;
      return { ...(await guess.path(points)), source: 'osrm' as const };
    },
  };
  return self;
}

describe('ladder', () => {
  let roads: Ladder | undefined;
  const changes: LadderState[] = [];
  const build = (osrm: RoadNetwork & { fails: Error | null; hangs: boolean }) => {
    changes.length = 0;
    roads = ladder({
      osrm,
      estimate: guess,
      probe: () => (osrm.fails || osrm.hangs ? Promise.reject(osrm.fails ?? new RoadsUnavailable('hangs')) : Promise.resolve()),
      probeEveryMillis: 20,
      wallClock: () => new Date('2026-01-27T12:00:00Z'),
      onChange: (state) => changes.push(state),
    });
    return roads;
  };
  afterEach(() => roads?.stop());
  const until = async (holds: () => boolean) => {
    while (!holds()) await sleep(5);
  };

  it('answers from the router while it is well', async () => {
    const built = build(router());
    expect((await built.table([A], [B])).source).to.equal('osrm');
    expect((await built.path([A, B])).source).to.equal('osrm');
    expect(built.state()).to.deep.equal({ source: 'osrm' });
    expect(built.version).to.equal('roads-1');
  });

  it('answers with estimates from the first failure on, says since when and why, and heals by itself', async () => {
    const osrm = router();
    const built = build(osrm);
    osrm.fails = new RoadsUnavailable('it was killed');
    expect((await built.table([A], [B])).source).to.equal('estimate');
    await until(() => built.state().source === 'estimate');
    expect(built.state()).to.deep.equal({
      source: 'estimate',
      since: new Date('2026-01-27T12:00:00Z'),
      because: 'it was killed',
    });
    const asked = osrm.asked;
    expect((await built.path([A, B])).source).to.equal('estimate');
    expect(osrm.asked, 'a sick router is left alone').to.equal(asked);

    osrm.fails = null;
    await until(() => built.state().source === 'osrm');
    expect((await built.table([A], [B])).source).to.equal('osrm');
    expect(changes.map(({ source }) => source)).to.deep.equal(['estimate', 'osrm']);
  });

  it('does not hold what was asked of a router that hangs', async () => {
    const osrm = router();
    const built = build(osrm);
    osrm.hangs = true;
    expect((await built.table([A], [B])).source).to.equal('estimate');
  });

  it('estimates a way the router does not find, without calling the router sick', async () => {
    const osrm = router();
    const built = build(osrm);
    osrm.fails = new NoRoad('an island');
    for (let i = 0; i < 5; i++) {
      osrm.fails = new NoRoad('an island');
      const answer = built.path([A, B]);
      osrm.fails = null;
      expect((await answer).source).to.equal('estimate');
    }
    expect(built.state().source).to.equal('osrm');
  });

  it('throws on abort and on misuse: these are not outages', async () => {
    const osrm = router();
    const built = build(osrm);
    const gone = await built.table([A], [B], AbortSignal.abort(new Error('enough'))).catch((error: unknown) => String(error));
    expect(gone).to.equal('Error: enough');
    osrm.fails = new RangeError('a path needs two points');
    const misuse = built.path([A]).catch((error: unknown) => error);
    osrm.fails = null;
    expect(await misuse).to.be.instanceOf(RangeError);
    expect(built.state().source).to.equal('osrm');
  });
});
