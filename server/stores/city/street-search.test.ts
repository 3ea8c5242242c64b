import { expect } from 'chai';
import * as fc from 'fast-check';
import { FIXED, encodeStreets, decodeStreets } from './street-file.ts';
import { streetSearch } from './street-search.ts';

const NAMES = [
  'Kungsgatan',
  'Lilla Kungsgatan',
  'Östra Hamngatan',
  '14th Street Northwest',
  'U Street Northwest',
  'Church and Main',
];
/** From, to: name. Kungsgatan is there twice, 5 km apart; the shorter piece lies in the north. */
const SEGMENTS: [number, number, number, number, number][] = [
  [11.9, 57.7, 11.91, 57.7, 0],
  [11.91, 57.7, 11.92, 57.7, 0],
  [11.9, 57.75, 11.905, 57.75, 0],
  [11.93, 57.7, 11.93, 57.71, 1],
  [11.91, 57.69, 11.91, 57.71, 2],
  [11.95, 57.7, 11.95, 57.72, 3],
  [11.94, 57.71, 11.96, 57.71, 4],
  [11.97, 57.7, 11.98, 57.7, 5],
];
const fixed = (degrees: number) => Math.round(degrees * FIXED);
const search = streetSearch(
  decodeStreets(
    encodeStreets(NAMES, {
      segments: Int32Array.from(SEGMENTS.flatMap((segment) => segment.slice(0, 4).map(fixed))),
      segmentNames: Uint32Array.from(SEGMENTS.map((segment) => segment[4])),
      segmentOrdinary: new Uint8Array(SEGMENTS.length).fill(1),
      crossings: Int32Array.from([11.91, 57.7, 11.95, 57.71].map(fixed)),
      crossingNames: Uint32Array.from([0, 2, 3, 4]),
    }),
  ),
);
const said = (typed: string): string[] =>
  search(typed, 16).map(({ street, crossing }) => (crossing === null ? street : `${street} x ${crossing}`));

describe('street search', () => {
  it('finds by the beginning, by any word, without accents and capitals', () => {
    expect(said('kungs')).to.deep.equal(['Kungsgatan', 'Kungsgatan', 'Lilla Kungsgatan']);
    expect(said('OSTRA hamn')).to.include('Östra Hamngatan');
    expect(said('östra')).to.include('Östra Hamngatan');
    expect(said('hamngatan')).to.include('Östra Hamngatan');
    expect(said('gsgat')).to.deep.equal(['Kungsgatan', 'Kungsgatan', 'Lilla Kungsgatan']);
  });

  it('gives each part of the city that has such a street, the longer one first', () => {
    const [south, north] = search('Kungsgatan', 16);
    expect(south?.place.lat).to.be.closeTo(57.7, 1e-6);
    expect(north?.place.lat).to.be.closeTo(57.75, 1e-6);
  });

  it('finds crossings, however they are written', () => {
    for (const typed of ['kungsgatan & ostra', 'Östra Hamngatan och Kungsgatan', 'kungsg / östra', 'kungsgatan near ostra']) {
      const [first] = search(typed, 16);
      expect([first?.street, first?.crossing].sort(), typed).to.deep.equal(['Kungsgatan', 'Östra Hamngatan']);
      expect(first?.place).to.deep.equal({ lon: 11.91, lat: 57.7 });
    }
    expect(said('kungsgatan & ')).to.deep.equal(['Kungsgatan x Östra Hamngatan']);
    expect(said('kungsgatan & nowhere')).to.deep.equal(['Kungsgatan', 'Lilla Kungsgatan']);
    expect(said('Kungsgatan')).to.include('Kungsgatan x Östra Hamngatan');
  });

  it('reads house numbers and what names are cut to', () => {
    expect(said('Kungsgatan 12B')[0]).to.equal('Kungsgatan');
    expect(said('1600 u st nw')[0]).to.equal('U Street Northwest');
    expect(said('14th st nw & u')).to.deep.equal(['14th Street Northwest x U Street Northwest']);
  });

  it('knows a name with "and" in it', () => {
    expect(said('church and main')).to.deep.equal(['Church and Main']);
  });

  it('answers anything with streets there are, at most so many', () => {
    fc.assert(
      fc.property(
        fc.oneof(fc.string({ maxLength: 60 }), fc.string({ unit: 'grapheme', maxLength: 20 })),
        fc.integer({ min: 1, max: 8 }),
        (typed, most) => {
          const found = search(typed, most);
          expect(found.length).to.be.at.most(most);
          for (const { street, place } of found) {
            expect(NAMES).to.include(street);
            expect(place.lon).to.be.within(11.9, 11.98);
          }
        },
      ),
    );
  });
});
