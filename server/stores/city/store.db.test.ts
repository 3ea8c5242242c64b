import path from 'node:path';
import { expect } from 'chai';
import { freshDb, type FreshDb } from '../../../db/testing.ts';
import { systemActor } from '../../platform/actor.ts';
import { inChange, type ChangeTools } from '../../platform/change.ts';
import { simulatedClock } from '../../platform/clock.ts';
import { seededIds } from '../../platform/ids.ts';
import type { CityConfig } from './contract.ts';
import { hashOf, loadCity, type LoadedCity } from './load.ts';
import { areasAt, installCity, listAreaIds, listAreas } from './store.ts';

const CITIES = path.join(import.meta.dirname, '../../../cities');
const COUNTED = ['config_version', 'organisation', 'area', 'depot', 'vehicle', 'plant_item', 'crew', 'person', 'event'];

describe('installCity', () => {
  let fresh: FreshDb;
  let tools: ChangeTools;
  let dc: LoadedCity;

  beforeEach(async () => {
    fresh = await freshDb();
    tools = {
      db: fresh.db,
      clock: simulatedClock(new Date('2026-01-27T10:00:00Z')),
      ids: seededIds(1),
      readers: [],
      committed: () => undefined,
    };
    dc = await loadCity(path.join(CITIES, 'dc'));
  });
  afterEach(() => fresh.drop());

  const install = (city: LoadedCity) => inChange(tools, systemActor, (change) => installCity(change, city));
  const changed = (change: (config: CityConfig) => CityConfig): LoadedCity => {
    const config = change(structuredClone(dc.config));
    return { config, hash: hashOf(config) };
  };
  const counts = async (): Promise<Record<string, number>> => {
    const found: Record<string, number> = {};
    for (const table of COUNTED) found[table] = (await fresh.db(table).count<{ count: number }[]>('*'))[0]!.count;
    return found;
  };

  for (const name of ['dc', 'gothenburg']) {
    it(`writes all that the folder of ${name} names, and the second time nothing`, async () => {
      const city = await loadCity(path.join(CITIES, name));
      const first = await install(city);
      const { config } = city;
      const expected = {
        config_version: 1,
        organisation: config.organisations.length,
        area: config.areas.length,
        depot: config.depots.length,
        vehicle: config.vehicles.length,
        plant_item: config.plant.length,
        crew: config.crews.length,
        person: config.crews.reduce((sum, crew) => sum + crew.people, 0),
        event: 1,
      };
      expect(await counts()).to.deep.equal(expected);
      const again = await install(city);
      expect(await counts()).to.deep.equal(expected);
      expect(first.isNew).to.equal(true);
      expect(again).to.deep.equal({ configVersionId: first.configVersionId, isNew: false });
      expect(await fresh.db('crew').where('version', '<>', 1)).to.deep.equal([]);
    });
  }

  it('numbers the crews in the order of the folder', async () => {
    await install(dc);
    const crews = await fresh.db('crew').orderBy('number').pluck('code');
    expect(crews).to.deep.equal(dc.config.crews.map(({ code }) => code));
  });

  it('makes a new configuration version of a change, keeps ids, and makes inactive what is gone', async () => {
    const { configVersionId } = await install(dc);
    const [gone, kept] = dc.config.crews;
    const before = await fresh.db('crew').where({ code: kept!.code }).first<{ id: string; number: number; version: number }>();
    const fewer = changed((config) => ({
      ...config,
      crews: config.crews.slice(1).map((crew) => (crew.code === kept!.code ? { ...crew, name: 'Renamed' } : crew)),
    }));
    const second = await install(fewer);
    expect(second.isNew).to.equal(true);
    expect(second.configVersionId).not.to.equal(configVersionId);
    expect(await fresh.db('crew').where({ code: kept!.code }).first()).to.include({ ...before, name: 'Renamed', version: 2 });
    expect(await fresh.db('crew').where({ active: false }).pluck('code')).to.deep.equal([gone!.code]);
    expect((await fresh.db('person').where({ active: false })).length).to.equal(gone!.people);
    // And back again: the old version is found by its hash, the crew is active with its old number.
    expect((await install(dc)).configVersionId).to.equal(configVersionId);
    expect(await fresh.db('crew').where({ active: false })).to.deep.equal([]);
    expect(await fresh.db('crew').where({ code: gone!.code }).first()).to.include({ number: 1 });
  });

  it('gives new crews the next numbers', async () => {
    await install(dc);
    const more = changed((config) => ({ ...config, crews: [{ ...config.crews[0]!, code: 'extra' }, ...config.crews] }));
    await install(more);
    const extra = await fresh.db('crew').where({ code: 'extra' }).first<{ number: number }>();
    expect(extra.number).to.equal(dc.config.crews.length + 1);
  });

  it('finds the areas of points, all of them on an edge', async () => {
    const gothenburg = await loadCity(path.join(CITIES, 'gothenburg'));
    await install(gothenburg);
    const ids = await listAreaIds(fresh.db);
    const shaped = gothenburg.config.areas.filter(({ polygons }) => polygons !== null);
    expect(shaped.length).to.be.greaterThan(0);
    const corner = shaped[0]!.polygons![0]![0]![0]!;
    const inside = shaped[0]!
      .polygons![0]![0]!.slice(0, 4)
      .reduce((sum, [lon, lat]) => ({ lon: sum.lon + lon / 4, lat: sum.lat + lat / 4 }), {
        lon: 0,
        lat: 0,
      });
    const found = await areasAt(fresh.db, [inside, null, { lon: corner[0], lat: corner[1] }, { lon: 0, lat: 0 }]);
    const first = ids.get(`${shaped[0]!.kind}:${shaped[0]!.code}`);
    expect(found[0]).to.deep.equal([first]);
    expect(found[1]).to.deep.equal([]);
    expect(found[2]).to.include(first);
    expect(found[3]).to.deep.equal([]);
  });

  it('lists areas with the boundaries the folder gives them, and those known by name without', async () => {
    for (const name of ['gothenburg', 'dc']) {
      const city = await loadCity(path.join(CITIES, name));
      await install(city);
      const listed = new Map((await listAreas(fresh.db)).map((area) => [`${area.kind}:${area.code}`, area]));
      for (const { kind, code, polygons } of city.config.areas) {
        const found = listed.get(`${kind}:${code}`);
        expect(found?.polygons === null, `${kind} ${code}`).to.equal(polygons === null);
        // Kept to a decimetre.
        const [lon, lat] = found?.polygons?.[0]?.[0]?.[0] ?? [];
        if (polygons !== null)
          expect([lon, lat].map((n) => n?.toFixed(5))).to.deep.equal(polygons[0]![0]![0]!.map((n) => n.toFixed(5)));
      }
    }
  });

  it('refuses a boundary that crosses itself, and writes nothing then', async () => {
    const bowTie: [number, number][] = [
      [-77.05, 38.9],
      [-77.0, 38.95],
      [-77.0, 38.9],
      [-77.05, 38.95],
      [-77.05, 38.9],
    ];
    const broken = changed((config) => ({ ...config, areas: [{ kind: 'zone', code: 'a', name: 'A', polygons: [[bowTie]] }] }));
    const error: unknown = await install(broken).catch((thrown: unknown) => thrown);
    expect((error as Error).message)
      .to.contain('zone a')
      .and.to.contain('Self-intersection');
    expect((await counts())['area']).to.equal(0);
  });
});
