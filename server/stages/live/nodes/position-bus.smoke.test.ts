import { randomUUID } from 'node:crypto';
import { setTimeout as sleep } from 'node:timers/promises';
import { expect } from 'chai';
import { findProgram } from '../../../../scripts/cluster/programs.ts';
import { quiet } from '../../../platform/test-server.ts';
import type { VehicleMove } from '../../../stores/positions/store.ts';
import { testRedis, type TestRedis } from './nodes.fixtures.ts';
import { openPositionBus, type PositionBus } from './position-bus.ts';

interface Node {
  readonly bus: PositionBus;
  readonly lons: Map<string, number>;
  readonly cutOff: Set<string>;
  committed: number;
}

describe('servers that tell each other by Redis', function () {
  this.timeout(30_000);
  let redis: TestRedis;
  let nodes: Node[] = [];

  before(async function () {
    const program = findProgram('redis-server');
    if (program === undefined) {
      if (process.env['CI'] === 'true') throw new Error('CI needs redis-server');
      console.warn('\n*** SKIPPED: servers by Redis; install redis-server.\n');
      this.skip();
    }
    redis = await testRedis(program);
  });
  after(() => redis?.stop());
  afterEach(async () => {
    redis.mend();
    await Promise.all(nodes.map(({ bus }) => bus.stop()));
    nodes = [];
  });

  async function aNode(city: string): Promise<Node> {
    const [lons, cutOff] = [new Map<string, number>(), new Set<string>()];
    const node: Node = {
      lons,
      cutOff,
      committed: 0,
      bus: openPositionBus({
        url: redis.url,
        city,
        nodeId: randomUUID(),
        log: quiet,
        wallMillis: () => performance.now(),
        onMoves(moves) {
          for (const { marker } of moves) {
            lons.set(marker.vehicleId, marker.lon);
            cutOff.delete(marker.vehicleId);
          }
        },
        onCutOff: (ids) => ids.forEach((id) => cutOff.add(id)),
        onCommitted: () => node.committed++,
      }),
    };
    nodes.push(node);
    await node.bus.start();
    return node;
  }
  let clock = Date.now();
  const move = (vehicleId: string, lon: number): VehicleMove => ({
    organisationId: randomUUID(),
    shiftId: null,
    marker: {
      vehicleId,
      deviceId: randomUUID(),
      deviceSeq: 1,
      time: new Date((clock += 10)),
      receivedAt: new Date(clock),
      lon,
      lat: 1,
      accuracyMetres: null,
      speedMps: null,
      headingDegrees: null,
      source: 'tracker',
    },
  });
  async function until(what: string, isSo: () => boolean, millis = 8_000): Promise<number> {
    const from = performance.now();
    while (!isSo()) {
      if (performance.now() - from > millis) throw new Error(`still not so: ${what}`);
      await sleep(20);
    }
    return performance.now() - from;
  }
  const ids = (count: number): string[] => Array.from({ length: count }, () => randomUUID());

  it('see each other’s vehicles and commits; one that comes later is told all; another city hears nothing', async () => {
    const [van, truck] = ids(2);
    const [one, two, elsewhere] = [await aNode('a'), await aNode('a'), await aNode('b')];
    one.bus.moved([move(van!, 1)]);
    two.bus.moved([move(truck!, 2)]);
    await until('both see both', () => two.lons.get(van!) === 1 && one.lons.get(truck!) === 2);
    one.bus.committed();
    await until('told of the commit', () => two.committed === 1);
    const three = await aNode('a');
    await until('the third has all', () => three.lons.size === 2);
    expect(elsewhere.lons.size).to.equal(0);
    await until('it knows both', () => one.bus.others() === 2);
  });

  it('Redis killed: remote vehicles are cut off, and 5 s after it is back everybody has what happened meanwhile', async () => {
    const [van, truck] = ids(2);
    const [one, two] = [await aNode('c'), await aNode('c')];
    one.bus.moved([move(van!, 1), move(truck!, 1)]);
    await until('it is seen', () => two.lons.size === 2);
    await redis.kill();
    await until('they are cut off', () => two.cutOff.size === 2, 5_000);
    expect(two.bus.connected()).to.equal(false);
    one.bus.moved([move(van!, 5)]);
    await sleep(300);
    await redis.start();
    await until('it has healed', () => two.lons.get(van!) === 5 && two.cutOff.size === 0, 5_000);
    expect([one.bus.connected(), two.bus.connected()]).to.deep.equal([true, true]);
  });

  it('a cut in the network that closes no connection: the same', async () => {
    const [van] = ids(1);
    const [one, two] = [await aNode('d'), await aNode('d')];
    one.bus.moved([move(van!, 1)]);
    await until('it is seen', () => two.lons.size === 1);
    redis.cut();
    await until('it is cut off', () => two.cutOff.size === 1, 5_000);
    one.bus.moved([move(van!, 9)]);
    await sleep(1_500);
    redis.mend();
    await until('it has healed', () => two.lons.get(van!) === 9 && two.cutOff.size === 0, 5_000);
  });

  it('a server that ends says so; one that is killed is missed', async () => {
    const [van, truck] = ids(2);
    const [one, two] = [await aNode('e'), await aNode('e')];
    two.bus.moved([move(van!, 1)]);
    await until('it is seen', () => one.lons.size === 1);
    await two.bus.stop();
    await until('cut off at once', () => one.cutOff.has(van!), 1_500);
    const three = await aNode('e');
    three.bus.moved([move(van!, 3), move(truck!, 3)]);
    await until('another hears it now', () => one.lons.get(van!) === 3 && one.cutOff.size === 0);
  });
});
