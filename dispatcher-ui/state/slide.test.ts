import { expect } from 'chai';
import fc from 'fast-check';
import type { HeldSpot } from './positions.ts';
import { aSpot } from './sample-desk.ts';
import { between, metresBetween, reckon, reckonSeconds, slideMillis } from './slide.ts';

const at = aSpot(1).fixAtMs;
const held = (over: Partial<HeldSpot> = {}): HeldSpot => ({
  ...aSpot(1),
  before: { lon: 11.97, lat: 57.6999, fixAtMs: at - 1_000 },
  ...over,
});

describe('a vehicle between two fixes', () => {
  it('slides for as long as lay between them, a second at most', () => {
    const from = { lon: 11.97, lat: 57.6999 };
    expect(slideMillis(from, held())).to.equal(1_000);
    expect(slideMillis(from, held({ before: { ...from, fixAtMs: at - 400 } }))).to.equal(400);
    expect(slideMillis(from, held({ before: { ...from, fixAtMs: at - 9_000 } }))).to.equal(1_000);
  });

  it('jumps where nobody knows the way: first seen, silent for long, far away, cut off, or not moved', () => {
    const from = { lon: 11.97, lat: 57.6999 };
    expect(slideMillis(null, held())).to.equal(0);
    expect(slideMillis(from, held({ before: null }))).to.equal(0);
    expect(slideMillis(from, held({ before: { ...from, fixAtMs: at - 16_000 } }))).to.equal(0);
    expect(slideMillis({ lon: 11.97, lat: 57.69 }, held())).to.equal(0);
    expect(slideMillis(from, held({ cutOff: true }))).to.equal(0);
    expect(slideMillis(held(), held())).to.equal(0);
  });

  it('is never shown outside the line between them', () => {
    fc.assert(
      fc.property(fc.double({ min: 0, max: 1, noNaN: true }), (share) => {
        const [from, to] = [
          { lon: 11.97, lat: 57.7 },
          { lon: 11.98, lat: 57.71 },
        ];
        const place = between(from, to, share);
        expect(place.lon).to.be.within(from.lon, to.lon);
        expect(place.lat).to.be.within(from.lat, to.lat);
      }),
    );
  });
});

describe('dead reckoning', () => {
  it('goes on along heading and speed: 9 m/s to the east for 5 s is 45 m east', () => {
    const ahead = reckon(aSpot(1), at + 5_000, 30)!;
    expect(ahead.lat).to.be.closeTo(57.7, 1e-9);
    expect(ahead.lon).to.be.greaterThan(11.97);
    expect(metresBetween(aSpot(1), ahead)).to.be.closeTo(45, 0.1);
  });

  it('ends with the policy’s seconds, and says nothing where nothing is known', () => {
    expect(reckon(aSpot(1), at + 30_001, 30)).to.equal(null);
    expect(reckon(aSpot(1), at - 1, 30)).to.equal(null);
    expect(reckon(aSpot(1, { cutOff: true }), at + 5_000, 30)).to.equal(null);
    expect(reckon(aSpot(1, { headingDegrees: null }), at + 5_000, 30)).to.equal(null);
    expect(reckon(aSpot(1, { speedMps: null }), at + 5_000, 30)).to.equal(null);
    expect(reckon(aSpot(1, { speedMps: 0.5 }), at + 5_000, 30)).to.equal(null);
    expect([reckonSeconds(300), reckonSeconds(60)]).to.deep.equal([30, 6]);
  });
});
