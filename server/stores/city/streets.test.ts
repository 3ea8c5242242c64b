import { expect } from 'chai';
import * as fc from 'fast-check';
import { greatCircleMetres, type LonLat } from '../../../routing/units.ts';
import { FIXED, NAMELESS, decodeStreets, encodeStreets } from './street-file.ts';
import { streetsOf, type Streets } from './streets.ts';

interface Street {
  from: LonLat;
  to: LonLat;
  name: number;
  ordinary?: boolean;
}

function build(names: string[], streets: Street[], crossings: { at: LonLat; a: number; b: number }[] = []): Streets {
  const fixed = (p: LonLat) => [Math.round(p.lon * FIXED), Math.round(p.lat * FIXED)];
  const content = encodeStreets(names, {
    segments: Int32Array.from(streets.flatMap(({ from, to }) => [...fixed(from), ...fixed(to)])),
    segmentNames: Uint32Array.from(streets.map(({ name }) => name)),
    segmentOrdinary: Uint8Array.from(streets.map(({ ordinary }) => (ordinary === false ? 0 : 1))),
    crossings: Int32Array.from(crossings.flatMap(({ at }) => fixed(at))),
    crossingNames: Uint32Array.from(crossings.flatMap(({ a, b }) => [a, b])),
  });
  return streetsOf(decodeStreets(content));
}
const at = (lon: number, lat: number): LonLat => ({ lon, lat });

describe('streets', () => {
  // Main runs west-east, Fifth crosses it at 11.972, an alley without a name lies 30 m north.
  const town = build(
    ['Main Street', '5th Street'],
    [
      { from: at(11.97, 57.7), to: at(11.98, 57.7), name: 0 },
      { from: at(11.972, 57.695), to: at(11.972, 57.705), name: 1 },
      { from: at(11.975, 57.7003), to: at(11.977, 57.7003), name: NAMELESS, ordinary: false },
    ],
    [{ at: at(11.972, 57.7), a: 0, b: 1 }],
  );

  it('finds the nearest point on a road, its distance and name', () => {
    const found = town.nearest(at(11.9745, 57.7001));
    expect(found?.street).to.equal('Main Street');
    expect(found?.metres).to.be.closeTo(11.1, 0.1);
    expect(found?.point.lat).to.be.closeTo(57.7, 1e-6);
    expect(town.nearest(at(11.976, 57.70032))?.street).to.equal(null);
  });

  it('has no nearest road where there is none for 20 km, and says what is not a place', () => {
    expect(town.nearest(at(12.9, 57.7))).to.equal(null);
    expect(town.nearest(at(12.1, 57.7))?.metres).to.be.closeTo(7_130, 20);
    expect(() => town.nearest(at(57.7, 119))).to.throw(RangeError);
    expect(() => town.nearest(at(NaN, 0))).to.throw(RangeError);
  });

  it('says places as a person would', () => {
    expect(town.describe(at(11.9721, 57.70001))).to.equal('Main Street and 5th Street');
    expect(town.describe(at(11.976, 57.70001))).to.equal('Main Street near 5th Street');
    expect(town.describe(at(11.976, 57.70032)), 'the alley is told by the street beside it').to.equal(
      'Main Street near 5th Street',
    );
    expect(town.describe(at(11.9799, 57.7))).to.equal('Main Street');
    expect(town.describe(at(11.99, 57.71))).to.equal('57.71000, 11.99000');
  });

  it('draws points from ordinary streets only, by their length', () => {
    let n = 0;
    const chance = () => (++n * 0.618034) % 1;
    for (let i = 0; i < 200; i++) expect(town.nearest(town.randomPoint(chance))?.street).to.not.equal(null);
  });

  it('finds what looking at every street finds', () => {
    const place = fc.record({
      lon: fc.double({ min: 11.9, max: 12, noNaN: true }),
      lat: fc.double({ min: 57.65, max: 57.75, noNaN: true }),
    });
    const street = fc.tuple(
      place,
      fc.double({ min: -0.01, max: 0.01, noNaN: true }),
      fc.double({ min: -0.01, max: 0.01, noNaN: true }),
    );
    fc.assert(
      fc.property(fc.array(street, { minLength: 1, maxLength: 60 }), place, (drawn, point) => {
        const streets = drawn.map(([from, dx, dy], i) => ({ from, to: at(from.lon + dx, from.lat + dy), name: i }));
        const found = build(
          drawn.map((_, i) => `${i}`),
          streets,
        ).nearest(point);
        // A thousand points along each street: coarse, but it cannot share a mistake with the index.
        const best = Math.min(
          ...streets.flatMap(({ from, to }) =>
            Array.from({ length: 1_001 }, (_, i) =>
              greatCircleMetres(
                point,
                at(from.lon + ((to.lon - from.lon) * i) / 1000, from.lat + ((to.lat - from.lat) * i) / 1000),
              ),
            ),
          ),
        );
        expect(found?.metres).to.be.at.most(best + 0.01 * best + 0.1);
        expect(found?.metres).to.be.at.least(best - 2 - 0.01 * best);
        expect(greatCircleMetres(point, found?.point ?? at(0, 0))).to.be.closeTo(found?.metres ?? NaN, 0.1 + 0.005 * best);
      }),
      { numRuns: 40 },
    );
  });

  it('refuses a file that is not one, or only half of one', () => {
    expect(() => decodeStreets(Buffer.from('hello'))).to.throw('not a street index');
    const whole = encodeStreets(['A'], {
      segments: Int32Array.from([1, 2, 3, 4]),
      segmentNames: Uint32Array.from([0]),
      segmentOrdinary: Uint8Array.from([1]),
      crossings: new Int32Array(),
      crossingNames: new Uint32Array(),
    });
    expect(() => decodeStreets(whole.subarray(0, whole.length - 40))).to.throw('not complete');
  });
});
