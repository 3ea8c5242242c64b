import { setTimeout as sleep } from 'node:timers/promises';
import { expect } from 'chai';
import { quiet } from './platform/test-server.ts';
import { openRoads, type CityRoads } from './roads.ts';
import { importCity } from './stages/city/import-city.ts';
import { smallCity, temporaryFolder, type SmallCity } from './stages/city/testing.ts';
import { writePointer } from './stores/city/dataset.ts';

describe('the roads of a running server', function () {
  this.timeout(120_000);
  let city: SmallCity;
  let roads: CityRoads | undefined;
  let changes = 0;
  const points = [
    { lon: 11.96, lat: 57.7 },
    { lon: 11.975, lat: 57.705 },
  ];
  const until = async (holds: () => boolean) => {
    while (!holds()) await sleep(10);
  };
  const open = async (over: { home?: string; osrmUrl?: string; searchPath?: string }) => {
    changes = 0;
    return (roads = await openRoads({
      home: city.home,
      city: city.config.name,
      osrmUrl: null,
      searchPath: path,
      log: quiet,
      onChange: () => changes++,
      ...over,
    }));
  };
  let path: string;

  before(async () => {
    city = await smallCity();
    path = city.binaries.routed.replace(/\/[^/]+$/, '');
  });
  afterEach(async () => {
    await roads?.stop();
    roads = undefined;
  });

  it('answers from the router, from estimates while it is gone, and from the router again', async () => {
    const { network, state, streets, baseMap, routerPid } = await open({});
    expect((await network.table(points, points)).source).to.equal('osrm');
    expect(state().source).to.equal('osrm');
    const pid = routerPid()!;
    process.kill(pid, 'SIGSTOP');
    await until(() => state().source === 'estimate');
    expect((await network.table(points, points)).source).to.equal('estimate');
    // Killed while it hangs: a new one takes its place, and the probes find it.
    process.kill(pid, 'SIGKILL');
    await until(() => state().source === 'osrm');
    expect(routerPid()).not.to.equal(pid);
    expect((await network.table(points, points)).source).to.equal('osrm');
    expect(streets()?.describe(points[0]!)).to.be.a('string');
    expect(baseMap()).to.match(/city\.pmtiles$/);
  });

  it('says that somebody else’s router does not answer, and works on estimates', async () => {
    const { network, state } = await open({ osrmUrl: 'http://127.0.0.1:9' });
    await until(() => state().source === 'estimate');
    expect(changes).to.equal(1);
    const table = await network.table(points, points);
    expect([table.source, table.seconds[0], table.seconds[1]! > 0]).to.deep.equal(['estimate', 0, true]);
    expect(network.version).to.equal(city.dataset.manifest.version);
  });

  it('serves a city that was never imported with estimates, and its roads as soon as an import has made them', async () => {
    const home = await temporaryFolder();
    const running = await open({ home });
    await until(() => running.state().source === 'estimate');
    expect([running.streets(), running.baseMap(), running.network.version]).to.deep.equal([null, null, 'none']);
    expect(running.state()).to.have.property('because').that.contains('npm run city');

    const { config, file, binaries } = city;
    await importCity({ city: config, file, home, binaries, say: () => undefined, now: () => new Date() });
    await running.refresh();
    await until(() => running.state().source === 'osrm');
    expect((await running.network.table(points, points)).source).to.equal('osrm');
    expect(running.streets()?.size).to.be.above(100);
  });

  it('keeps the roads it has when a new dataset cannot be used', async () => {
    const home = await temporaryFolder();
    const { config, file, binaries } = city;
    const { dataset } = await importCity({ city: config, file, home, binaries, say: () => undefined, now: () => new Date() });
    const running = await open({ home });
    await writePointer(home, config.name, '0123456789abcdef');
    const failure = await running.refresh().then(
      () => null,
      (error: Error) => error.message,
    );
    expect(failure).to.contain('npm run city -- import');
    expect(running.network.version).to.equal(dataset.manifest.version);
    expect((await running.network.table(points, points)).source).to.equal('osrm');
  });
});
