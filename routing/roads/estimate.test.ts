import { expect } from 'chai';
import { greatCircleMetres } from '../units.ts';
import { estimate } from './estimate.ts';

const A = { lon: 11.97, lat: 57.7 };
const B = { lon: 11.99, lat: 57.71 };

describe('estimate', () => {
  const roads = estimate({ factor: 1.5, metresPerSecond: 10, version: 'e' });

  it('is the great circle times the factor, at one speed, and labelled', async () => {
    const table = await roads.table([A], [A, B]);
    const metres = Math.round(greatCircleMetres(A, B) * 1.5);
    expect([...table.metres]).to.deep.equal([0, metres]);
    expect([...table.seconds]).to.deep.equal([0, Math.round((greatCircleMetres(A, B) * 1.5) / 10)]);
    expect(table.source).to.equal('estimate');
  });

  it('gives a leg between each two points, towards a wind', async () => {
    const path = await roads.path([A, B, A]);
    expect(path.legs.map(({ steps }) => steps.map(({ name }) => name))).to.deep.equal([
      ['towards the north-east'],
      ['towards the south-west'],
    ]);
    expect(path.legs[0]?.line).to.deep.equal([A, B]);
    expect(path.source).to.equal('estimate');
  });

  it('knows all eight winds', async () => {
    const winds = [];
    for (let i = 0; i < 8; i++) {
      const turn = (i * Math.PI) / 4;
      const to = { lon: Math.sin(turn) / 100, lat: Math.cos(turn) / 100 };
      winds.push((await roads.path([{ lon: 0, lat: 0 }, to])).legs[0]?.steps[0]?.name.replace('towards the ', ''));
    }
    expect(winds).to.deep.equal(['north', 'north-east', 'east', 'south-east', 'south', 'south-west', 'west', 'north-west']);
  });

  it('refuses a factor below 1 and a path of one point', async () => {
    expect(() => estimate({ factor: 0.9, metresPerSecond: 10, version: 'e' })).to.throw(RangeError);
    expect(() => estimate({ factor: 1.2, metresPerSecond: 0, version: 'e' })).to.throw(RangeError);
    expect(await roads.path([A]).catch((error: unknown) => error)).to.be.instanceOf(RangeError);
  });
});
