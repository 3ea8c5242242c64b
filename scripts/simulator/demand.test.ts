import path from 'node:path';
import { expect } from 'chai';
import { DateTime } from 'luxon';
import { greatCircleMetres } from '../../routing/units.ts';
import { openOsm } from '../../server/stages/city/open-osm.ts';
import { readFeatures } from '../../server/stages/city/features.ts';
import { makeStreets } from '../../server/stages/city/make-streets.ts';
import { GOTHENBURG_ROADS } from '../../server/stages/city/testing.ts';
import type { CityConfig } from '../../server/stores/city/contract.ts';
import { loadCity } from '../../server/stores/city/load.ts';
import { decodeStreets } from '../../server/stores/city/street-file.ts';
import { streetsOf, type Streets } from '../../server/stores/city/streets.ts';
import { NoDemand, generateDemand } from './demand.ts';

describe('generateDemand', () => {
  let city: CityConfig;
  let streets: Streets;
  before(async () => {
    city = (await loadCity(path.resolve(import.meta.dirname, '../../cities/gothenburg'))).config;
    streets = streetsOf(
      decodeStreets(makeStreets(await readFeatures(await openOsm(GOTHENBURG_ROADS)), GOTHENBURG_ROADS).content),
    );
  });
  const day = (seed: number, date = '2026-03-02') => generateDemand(city, streets, { seed, date, perDay: 400 });

  it('is the same for the same seed, another for another', () => {
    expect(day(1)).to.deep.equal(day(1));
    expect(day(1).map(({ lon }) => lon)).to.not.deep.equal(day(2).map(({ lon }) => lon));
    expect(day(1)[0]?.lon).to.not.equal(day(1, '2026-03-03')[0]?.lon);
  });

  it('is labelled, in the city, beside real streets, on the day, in order, of known types', () => {
    const rows = day(3);
    const types = new Set(city.requestTypes.map(({ code }) => code));
    expect(rows.length).to.equal(400);
    expect(new Set(rows.map(({ sourceId }) => sourceId)).size).to.equal(400);
    for (const row of rows) {
      expect(row.source).to.equal('invented');
      expect(types.has(row.serviceType)).to.equal(true);
      expect(streets.nearest(row)?.metres).to.be.below(60);
      expect(row.address.length).to.be.greaterThan(2);
      expect(DateTime.fromISO(row.reportedAt, { zone: city.zone }).toISODate()).to.equal('2026-03-02');
    }
    expect(rows.map(({ reportedAt }) => reportedAt)).to.deep.equal(rows.map(({ reportedAt }) => reportedAt).toSorted());
  });

  it('repeats some reports: same type, nearby, later', () => {
    const rows = day(4);
    const byId = new Map(rows.map((row) => [row.sourceId, row]));
    const repeats = rows.filter(({ repeats }) => repeats !== null);
    expect(repeats.length).to.be.within(20, 80);
    for (const row of repeats) {
      const first = byId.get(row.repeats ?? '') ?? expect.fail('it repeats nothing');
      expect(first.repeats).to.equal(null);
      expect(row.serviceType).to.equal(first.serviceType);
      expect(row.reportedAt >= first.reportedAt).to.equal(true);
      expect(greatCircleMetres(row, first)).to.be.at.most((city.demand?.duplicateMetres ?? 0) + 1);
    }
  });

  it('follows the hours of the day, also on a day of 23 hours', () => {
    const hours = day(5, '2026-03-29').map(({ reportedAt }) => DateTime.fromISO(reportedAt, { zone: city.zone }).hour);
    const daytime = hours.filter((hour) => hour >= 7 && hour < 17).length;
    expect(daytime / hours.length).to.be.greaterThan(0.55);
    expect(hours).to.not.include(2);
  });

  it('refuses a city whose requests are real', () => {
    expect(() => generateDemand({ ...city, demand: null }, streets, { seed: 1, date: '2026-03-02' })).to.throw(NoDemand);
  });
});
