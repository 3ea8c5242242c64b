import { expect } from 'chai';
import { cpSync, mkdtempSync, readdirSync, rmSync } from 'node:fs';
import os from 'node:os';
import path from 'node:path';
import { loadCity } from '../../stores/city/load.ts';
import { writeCity, type NewCity } from './new-city.ts';

describe('a new city', () => {
  const cities = mkdtempSync(path.join(os.tmpdir(), 'thuma-cities-'));
  const town: NewCity = {
    name: 'grid-town',
    title: 'Grid Town',
    zone: 'Europe/Stockholm',
    language: 'en',
    bounds: [18.05, 59.32, 18.094, 59.342],
    roads: 'town.osm',
    depots: [{ lon: 18.06, lat: 59.33 }],
  };
  const refusal = (city: NewCity): Promise<unknown> =>
    writeCity(cities, 'gothenburg', city).then(
      () => null,
      (error: unknown) => error,
    );
  before(() =>
    cpSync(path.join(import.meta.dirname, '../../../cities/gothenburg'), path.join(cities, 'gothenburg'), { recursive: true }),
  );
  after(() => rmSync(cities, { recursive: true }));

  it('is written whole and can be read, once', async () => {
    const folder = await writeCity(cities, 'gothenburg', town);
    const { config } = await loadCity(folder);
    expect(config).to.include({ name: 'grid-town', title: 'Grid Town', zone: 'Europe/Stockholm' });
    expect(config.crews.length).to.be.greaterThan(0);
    expect(await refusal(town)).to.have.property('name', 'CityExists');
  });

  it('that contradicts itself is not written, and the sentence names the folder that was asked for', async () => {
    const error = await refusal({ ...town, name: 'elsewhere', depots: [{ lon: 59.33, lat: 18.06 }] });
    expect(error).to.have.property('name', 'BadCity');
    expect(error)
      .to.have.property('message')
      .that.matches(/cities-\w+\/elsewhere does not describe a city/);
    expect(error).to.have.property('message').that.contains('longitude comes first');
    expect(readdirSync(cities)).to.have.members(['gothenburg', 'grid-town']);
  });
});
