import { expect } from 'chai';
import fc from 'fast-check';
import { cityNow, hearCityTime, livenessOf, type CityClock } from './city-clock.ts';

describe('city clock', () => {
  it('goes on by itself when it is real, and stands still when it is simulated', () => {
    expect(cityNow({ kind: 'real', cityMs: 1_000, wallMs: 50 }, 250)).to.equal(1_200);
    expect(cityNow({ kind: 'simulated', cityMs: 1_000, wallMs: 50 }, 250)).to.equal(1_000);
  });

  it('never goes back in a simulated city, whatever order the news come in', () => {
    fc.assert(
      fc.property(fc.array(fc.integer({ min: 0, max: 1e9 }), { minLength: 1 }), (times) => {
        let clock: CityClock | null = null;
        let shown = -1;
        for (const time of times) {
          clock = hearCityTime(clock, 'simulated', time, 0);
          expect(clock.cityMs).to.be.at.least(shown);
          shown = clock.cityMs;
        }
        expect(shown).to.equal(Math.max(...times));
      }),
    );
  });

  it('a real clock follows the server also when that was set back', () => {
    const before = hearCityTime(null, 'real', 10_000, 0);
    expect(hearCityTime(before, 'real', 4_000, 100)).to.deep.equal({ kind: 'real', cityMs: 4_000, wallMs: 100 });
  });
});

describe('liveness', () => {
  it('is live to 5 s, slow to 15 s, then frozen', () => {
    expect(livenessOf(null, 0)).to.equal('connecting');
    expect([0, 5_000, 5_001, 15_000, 15_001].map((age) => livenessOf(100, 100 + age))).to.deep.equal([
      'live',
      'live',
      'slow',
      'slow',
      'frozen',
    ]);
  });
});
