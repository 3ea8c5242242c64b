import { expect } from 'chai';
import fc from 'fast-check';
import { canBeSpared, scheduleMishaps, type Mishap } from './mishaps.ts';

const MINUTE_MS = 60_000;
const HOUR_MS = 60 * MINUTE_MS;
const FROM = Date.parse('2026-03-02T07:00:00Z');
const UNTIL = FROM + 12 * HOUR_MS;
const day = (seed: number, emergencies = true): Mishap[] => scheduleMishaps({ seed, fromMs: FROM, untilMs: UNTIL, emergencies });
const seeds = fc.integer({ min: 0, max: 2 ** 31 - 1 });

describe('mishaps', () => {
  it('are the same again for a seed, and others for another', () => {
    expect(day(1)).to.deep.equal(day(1));
    expect(day(1)).not.to.deep.equal(day(2));
  });

  it('whoever watches 50 minutes of the day, whenever, sees two; and the first comes at once', () => {
    fc.assert(
      fc.property(seeds, fc.boolean(), fc.integer({ min: 0, max: 11 * 60 }), (seed, emergencies, minute) => {
        const all = day(seed, emergencies);
        expect(all[0]!.atMs).to.be.below(FROM + 5 * MINUTE_MS);
        const begins = FROM + minute * MINUTE_MS;
        expect(all.filter(({ atMs }) => atMs >= begins && atMs < begins + 50 * MINUTE_MS).length).to.be.at.least(2);
        expect(all.map(({ atMs }) => atMs)).to.deep.equal([...all.map(({ atMs }) => atMs)].sort((a, b) => a - b));
        expect(all.at(-1)!.atMs).to.be.below(UNTIL);
      }),
    );
  });

  it('of every kind some within five hours, and never more than three crews lost, two hours apart', () => {
    fc.assert(
      fc.property(seeds, (seed) => {
        const all = day(seed);
        const early = all.filter(({ atMs }) => atMs < FROM + 5 * HOUR_MS).map(({ kind }) => kind);
        for (const kind of ['emergency', 'no_signal', 'cannot_do', 'crew_off'] as const) expect(early).to.include(kind);
        const off = all.filter(({ kind }) => kind === 'crew_off').map(({ atMs }) => atMs);
        expect(off.length).to.be.within(1, 3);
        for (const [i, atMs] of off.entries()) if (i > 0) expect(atMs - off[i - 1]!).to.be.at.least(2 * HOUR_MS);
      }),
    );
  });

  it('an emergency is reported by three to five people within ten minutes, and a day of real reports has none', () => {
    fc.assert(
      fc.property(seeds, (seed) => {
        for (const one of day(seed)) {
          if (one.kind !== 'emergency') continue;
          expect(one.reportsAtMs.length).to.be.within(3, 5);
          expect(one.reportsAtMs[0]).to.equal(one.atMs);
          expect(one.reportsAtMs.at(-1)! - one.atMs).to.be.below(10 * MINUTE_MS);
        }
        expect(day(seed, false).map(({ kind }) => kind)).not.to.include('emergency');
      }),
    );
  });
});

describe('a crew can be spared', () => {
  const crew = (skills: string[], plant: string[] = []) => ({ skills, plant });
  it('when two others have each skill and each plant it brings', () => {
    expect(canBeSpared(crew(['asphalt']), [crew(['asphalt', 'cleaning']), crew(['asphalt'])])).to.equal(true);
    expect(canBeSpared(crew(['asphalt', 'water']), [crew(['asphalt']), crew(['asphalt', 'water'])])).to.equal(false);
    expect(canBeSpared(crew(['water'], ['digger']), [crew(['water']), crew(['water'], ['digger'])])).to.equal(false);
  });
});
