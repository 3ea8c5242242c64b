import { encode } from '@googlemaps/polyline-codec';
import { expect } from 'chai';
import { aWay } from './sample-day.ts';
import { isOffTheWay, nextTurn } from './way-progress.ts';

/** About 590 m east, then 1,112 m north. */
const way = aWay({
  line: {
    points: encode(
      [
        [57.7, 11.97],
        [57.7, 11.98],
        [57.71, 11.98],
      ],
      5,
    ),
    precision: 5,
  },
  metres: 1_706,
  directions: {
    locale: 'en',
    instead: null,
    steps: [
      { text: 'Head east on Storgatan', turn: 'depart', metres: 594, seconds: 60 },
      { text: 'Turn left onto Vasagatan', turn: 'left', metres: 1_112, seconds: 120 },
      { text: 'You have arrived', turn: 'arrive', metres: 0, seconds: 0 },
    ],
  },
});

describe('progress on a way', () => {
  it('says the next turn and how far it is', () => {
    const next = nextTurn(way, { lon: 11.975, lat: 57.7 });
    expect(next).to.deep.include({ text: 'Turn left onto Vasagatan', turn: 'left', index: 1 });
    expect(next?.metres).to.be.closeTo(297, 5);
  });

  it('goes on to the turn after it, and to the arrival', () => {
    expect(nextTurn(way, { lon: 11.9801, lat: 57.705 })).to.deep.include({ turn: 'arrive', index: 2 });
    expect(nextTurn(way, { lon: 11.98, lat: 57.71 })?.metres).to.be.closeTo(0, 2);
  });

  it('says how to begin, without a distance, when it is not known where on the way the phone is', () => {
    const start = { text: 'Head east on Storgatan', turn: 'depart', metres: null, index: 0 };
    expect(nextTurn(way, null)).to.deep.equal(start);
    expect(nextTurn(way, { lon: 11.99, lat: 57.72 })).to.deep.equal(start);
  });

  it('knows when the vehicle has left the way', () => {
    expect(isOffTheWay(way, { lon: 11.975, lat: 57.7005 })).to.equal(false);
    expect(isOffTheWay(way, { lon: 11.975, lat: 57.702 })).to.equal(true);
  });

  it('has nothing to say of a way without directions', () => {
    expect(nextTurn(aWay(), null)).to.equal(null);
  });
});
