import { cp, mkdtemp, readFile, rm, writeFile } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import path from 'node:path';
import { expect } from 'chai';
import { plantOf, shiftTimes } from './fleet.ts';
import { BadCity, hashOf, loadCity, type LoadedCity } from './load.ts';

const CITIES = path.resolve(import.meta.dirname, '../../../cities');

describe('loadCity', () => {
  let folder: string;
  beforeEach(async () => {
    folder = await mkdtemp(path.join(tmpdir(), 'thuma-load-'));
    await cp(path.join(CITIES, 'gothenburg'), path.join(folder, 'town'), { recursive: true });
  });
  afterEach(() => rm(folder, { recursive: true, force: true }));

  const edit = async (file: string, change: (text: string) => string) => {
    const full = path.join(folder, 'town', file);
    await writeFile(full, change(await readFile(full, 'utf8')));
  };
  const load = (): Promise<LoadedCity> => loadCity(path.join(folder, 'town'));
  const faults = async (): Promise<string[]> => {
    const error: unknown = await load().catch((reason: unknown) => reason);
    expect(error).to.be.instanceOf(BadCity);
    return (error as BadCity).faults.map(({ file, path: at, says }) => `${file} ${at}: ${says}`);
  };

  for (const name of ['gothenburg', 'dc']) {
    it(`reads ${name}`, async () => {
      const { config, hash } = await loadCity(path.join(CITIES, name));
      expect(config.name).to.equal(name);
      expect(hash).to.match(/^[0-9a-f]{64}$/);
      expect(config.areas.length).to.be.greaterThan(0);
    });
  }

  it('gives equal content an equal hash, whatever the order of its keys', async () => {
    expect(hashOf({ a: 1, b: [{ c: 2, d: null }] })).to.equal(hashOf({ b: [{ d: null, c: 2 }], a: 1 }));
    expect(hashOf([1, 2])).to.not.equal(hashOf([2, 1]));
    const before = (await load()).hash;
    await edit('city.json', (text) =>
      JSON.stringify(Object.fromEntries(Object.entries(JSON.parse(text) as object).toReversed())),
    );
    expect((await load()).hash).to.equal(before);
    await edit('policy.json', (text) => text.replace('"freezeHorizonMinutes": 30', '"freezeHorizonMinutes": 31'));
    expect((await load()).hash).to.not.equal(before);
  });

  it('covers the bounds with the grid, edge to edge', async () => {
    const { config } = await load();
    const rings = config.areas.map(({ polygons }) => polygons?.[0]?.[0] ?? []);
    expect(config.areas.map(({ code }) => code).slice(0, 5)).to.deep.equal(['A1', 'A2', 'A3', 'A4', 'B1']);
    const lons = rings.flatMap((ring) => ring.map(([lon]) => lon));
    expect([Math.min(...lons), Math.max(...lons)]).to.deep.equal([config.bounds[0], config.bounds[2]]);
    expect(rings[0]?.[1]).to.deep.equal(rings[1]?.[0]);
  });

  it('names every fault of every file at once, with its place', async () => {
    await edit('city.json', (text) =>
      text.replace('Europe/Stockholm', 'Europe/Gothenburg').replace('11.85, 57.645, 12.1, 57.765', '57.645, 11.85, 57.765, 191'),
    );
    await edit('fleet.json', (text) => text.replace('"07:00"', '"7am"'));
    await edit('policy.json', () => '{ "clusters": ');
    const said = await faults();
    expect(said.some((line) => line.startsWith('city.json zone: must be an IANA time zone'))).to.equal(true);
    expect(said.some((line) => line.startsWith('city.json bounds'))).to.equal(true);
    expect(said.some((line) => line.startsWith('fleet.json shifts[0].from: must be a time like'))).to.equal(true);
    expect(said.some((line) => line.startsWith('policy.json : is not JSON'))).to.equal(true);
  });

  it('finds what contradicts itself across files', async () => {
    await edit('fleet.json', (text) =>
      text
        .replace('"depot": "ringon"', '"depot": "rignon"')
        .replace('"lon": 11.93472, "lat": 57.66239', '"lon": 57.66239, "lat": 11.93472'),
    );
    await edit('catalogue.json', (text) =>
      text.replace('"jobType": "pothole-repair"', '"jobType": "pothole-repare"').replace('["trees"]', '["rocketry"]'),
    );
    const said = (await faults()).join('\n');
    expect(said).to.contain('there is no depot "rignon" (known: hogsbo, ringon, gamlestaden)');
    expect(said).to.contain('fleet.json depots[0].place: 57.66239, 11.93472 lies outside the bounds');
    expect(said).to.contain('there is no jobType "pothole-repare"');
    expect(said).to.contain('no crew in fleet.json has the skill "rocketry"');
  });

  it('refuses unknown fields: a typing mistake would otherwise be a setting without effect', async () => {
    await edit('policy.json', (text) => text.replace('"freezeHorizonMinutes"', '"freezeHorizonMinuts"'));
    expect((await faults()).join()).to.contain('freezeHorizonMinuts');
  });

  it('says which files are missing', async () => {
    await rm(path.join(folder, 'town'), { recursive: true });
    expect(await faults()).to.include('catalogue.json : the file is missing');
  });
});

describe('shiftTimes', () => {
  let city: LoadedCity['config'];
  before(async () => {
    city = (await loadCity(path.join(CITIES, 'gothenburg'))).config;
  });
  const crew = (code: string) => city.crews.find((one) => one.code === code) ?? expect.fail(code);

  it('turns local times into absolute ones, summer and winter', () => {
    expect(shiftTimes(city, crew('crew-1'), '2026-01-27')).to.deep.equal({
      from: new Date('2026-01-27T06:00:00Z'),
      until: new Date('2026-01-27T14:30:00Z'),
      overtimeSeconds: 3_600,
      breaks: [
        { code: 'lunch', earliest: new Date('2026-01-27T10:00:00Z'), latest: new Date('2026-01-27T11:30:00Z'), seconds: 1_800 },
      ],
    });
    expect(shiftTimes(city, crew('crew-1'), '2026-07-27')?.from).to.deep.equal(new Date('2026-07-27T05:00:00Z'));
  });

  it('ends a night shift on the next day, also when the clocks change in between', () => {
    const night = { ...city, shifts: city.shifts.map((shift) => ({ ...shift, from: '22:00', until: '06:00', breaks: [] })) };
    const times = shiftTimes(night, crew('crew-1'), '2026-03-28');
    expect(times).to.deep.include({ from: new Date('2026-03-28T21:00:00Z'), until: new Date('2026-03-29T04:00:00Z') });
  });

  it('has none on a day the shift does not run, and refuses what is not a date', () => {
    const weekdays = { ...city, shifts: city.shifts.map((shift) => ({ ...shift, weekdays: [1, 2, 3, 4, 5] })) };
    expect(shiftTimes(weekdays, crew('crew-1'), '2026-01-25')).to.equal(null);
    expect(() => shiftTimes(city, crew('crew-1'), 'tomorrow')).to.throw(RangeError);
  });

  it('knows the plant a crew brings', () => {
    const digging = city.crews.find(({ plant }) => plant.includes('digger-1')) ?? expect.fail('digger-1');
    expect(plantOf(city, digging)).to.deep.equal(['digger', 'jetter']);
  });
});
