import { expect } from 'chai';
import fc from 'fast-check';
import { cityNow, hearCityTime, livenessOf, runningPace, type CityClock } from './city-clock.ts';

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

  it('runs at its pace between the news, and waits when there are none', () => {
    const clock = hearCityTime(null, 'simulated', 0, 0, 10);
    expect([0, 100, 1_000, 4_500].map((wall) => cityNow(clock, wall))).to.deep.equal([0, 1_000, 10_000, 45_000]);
    expect(cityNow(clock, 600_000)).to.equal(45_000);
  });

  it('keeps its pace over news that say nothing of it, and stops at once when it is paused', () => {
    let clock = hearCityTime(null, 'simulated', 0, 0, 10);
    clock = hearCityTime(clock, 'simulated', 10_000, 1_000);
    expect(cityNow(clock, 1_500)).to.equal(15_000);
    clock = hearCityTime(clock, 'simulated', 15_000, 1_500, 0);
    expect(cityNow(clock, 60_000)).to.equal(15_000);
    clock = hearCityTime(clock, 'simulated', 15_000, 60_000, 60);
    expect(cityNow(clock, 61_000)).to.equal(75_000);
  });

  it('comes back to a city that is slower than wished without going back, and jumps to one that is far ahead', () => {
    let clock = hearCityTime(null, 'simulated', 0, 0, 60);
    let shown = 0;
    // The machine manages 35 of the 60; news come four times a second.
    for (let wall = 250; wall <= 30_000; wall += 250) {
      clock = hearCityTime(clock, 'simulated', 35 * wall, wall);
      expect(cityNow(clock, wall)).to.be.at.least(shown);
      shown = cityNow(clock, wall);
    }
    // Ahead by less than a second of what is wished.
    expect(shown - 35 * 30_000).to.be.within(0, 60_000);
    clock = hearCityTime(clock, 'simulated', 10_000_000, 30_000);
    expect(cityNow(clock, 30_000)).to.equal(10_000_000);
  });

  it('never goes back and never runs far ahead, whatever comes in whatever order', () => {
    const news = fc.record({
      city: fc.integer({ min: 0, max: 1e7 }),
      after: fc.integer({ min: 0, max: 10_000 }),
      pace: fc.constantFrom(undefined, 0, 1, 10, 60),
    });
    fc.assert(
      fc.property(fc.array(news, { minLength: 1 }), (all) => {
        let clock: CityClock | null = null;
        let wall = 0;
        let shown = -1;
        let newest = 0;
        for (const { city, after, pace } of all) {
          wall += after;
          clock = hearCityTime(clock, 'simulated', city, wall, pace);
          newest = Math.max(newest, city);
          for (const later of [0, 200, 60_000]) {
            const now = cityNow(clock, wall + later);
            expect(now).to.be.at.least(shown);
            expect(now).to.be.at.most(Math.max(shown, newest + 60 * 4_500));
            shown = now;
          }
          wall += 60_000;
        }
      }),
    );
  });

  it('may run by itself only while somebody plays the city', () => {
    const pace = { wished: 10, deskHeld: false };
    expect(runningPace(undefined)).to.equal(0);
    expect(runningPace({ ...pace, driver: 'playing' })).to.equal(10);
    for (const driver of ['hurrying', 'ended', 'failed', 'away'] as const) expect(runningPace({ ...pace, driver })).to.equal(0);
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
