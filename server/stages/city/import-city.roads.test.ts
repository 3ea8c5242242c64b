import { readFile, readdir, rm, writeFile } from 'node:fs/promises';
import path from 'node:path';
import { expect } from 'chai';
import { currentDataset, readPointer, roadsFolder } from '../../stores/city/dataset.ts';
import { openStreets } from '../../stores/city/streets.ts';
import { importCity, type ImportOptions } from './import-city.ts';
import { RouterNotMade } from './make-router.ts';
import { BadOsmFile } from './osm.ts';
import { smallCity, temporaryFolder, type SmallCity } from './testing.ts';

describe('importCity', function () {
  this.timeout(120_000);
  let small: SmallCity;
  let home: string;
  const lines: string[] = [];
  const options = (over: Partial<ImportOptions> = {}): ImportOptions => {
    lines.length = 0;
    return {
      city: small.config,
      file: small.file,
      home,
      binaries: small.binaries,
      say: (line) => lines.push(line),
      now: () => new Date(),
      ...over,
    };
  };
  const versions = async () => (await readdir(roadsFolder(home, 'gothenburg'))).filter((name) => name !== 'current').toSorted();

  before(async () => {
    small = await smallCity();
    home = await temporaryFolder();
  });

  it('makes router, base map, streets and manifest, and says each step with its seconds', async () => {
    const { dataset, made } = await importCity(options());
    expect(made).to.equal(true);
    expect(dataset.manifest.router).to.deep.equal({
      release: small.binaries.release,
      profile: 'car',
      algorithm: 'ch',
      file: 'roads.osrm',
    });
    expect(dataset.manifest.attribution).to.contain('OpenStreetMap');
    expect(dataset.manifest.estimate?.factor).to.be.within(1, 3);
    expect(dataset.manifest.estimate?.metresPerSecond).to.be.within(3, 30);
    expect(dataset.manifest.baseMap.tiles).to.be.greaterThan(20);
    expect(lines.filter((line) => /\(\d+\.\d s\)$/.test(line)).length).to.be.at.least(7);
    expect((await openStreets(dataset.folder)).describe({ lon: 11.97, lat: 57.7 })).to.match(/[a-zåäö]/);
    expect(await currentDataset(home, 'gothenburg')).to.deep.equal(dataset);
    expect(await versions()).to.deep.equal([dataset.manifest.version]);
  });

  it('has nothing to do the second time', async () => {
    const { dataset, made } = await importCity(options());
    expect(made).to.equal(false);
    expect(dataset.manifest.version).to.equal(await readPointer(home, 'gothenburg'));
  });

  it('leaves the old dataset in force and nothing behind when the new one fails', async () => {
    const before = await versions();
    const broken = path.join(home, 'broken.osm');
    await writeFile(broken, '<osm version="0.6"><node id="1" lon="11.9" lat="57.7"/>');
    const bad = await importCity(options({ file: broken })).catch((error: unknown) => error);
    expect(bad).to.be.instanceOf(BadOsmFile);

    const other = path.join(home, 'other.geojson');
    await writeFile(other, (await readFile(small.file, 'utf8')).replace('}', ' }'));
    const unmade = await importCity(options({ file: other, binaries: { ...small.binaries, contract: '/bin/false' } })).catch(
      (error: unknown) => error,
    );
    expect(unmade).to.be.instanceOf(RouterNotMade);
    expect(await versions()).to.deep.equal(before);
    expect((await currentDataset(home, 'gothenburg'))?.manifest.version).to.equal(before[0]);
  });

  it('refuses roads of another place', async () => {
    const elsewhere = await importCity(
      options({ city: { ...small.config, bounds: [-77.1, 38.8, -76.9, 39] }, file: await touched(small, home) }),
    ).catch((error: unknown) => String(error));
    expect(elsewhere).to.contain('Is it the right file');
  });

  it('works without OSRM as another version, and keeps the one before', async () => {
    const first = await readPointer(home, 'gothenburg');
    const { dataset } = await importCity(options({ binaries: null }));
    expect(dataset.routerFile).to.equal(null);
    expect(dataset.manifest.estimate).to.equal(null);
    expect(await versions()).to.deep.equal([first, dataset.manifest.version].toSorted());
  });

  it('clears what a killed import left behind', async () => {
    const folder = roadsFolder(home, 'gothenburg');
    const left = path.join(folder, '.making-999999999-abc');
    await writeFile(left, '');
    await rm(path.join(folder, (await readPointer(home, 'gothenburg')) ?? '', 'manifest.json'));
    await importCity(options({ binaries: null }));
    expect((await readdir(folder)).filter((name) => name.startsWith('.'))).to.deep.equal([]);
  });
});

/** The same roads in a file of another hash. */
async function touched(small: SmallCity, home: string): Promise<string> {
  const file = path.join(home, 'touched.geojson');
  await writeFile(file, `${await readFile(small.file, 'utf8')}\n`);
  return file;
}
