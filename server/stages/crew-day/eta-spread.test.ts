import { expect } from 'chai';
import fc from 'fast-check';
import { AddedSpread, learnSpread, quantile, spreadOf, type TravelResidual } from './eta-spread.ts';

/** The same numbers in every run, between 0 and 1. */
function chance(seed: number): () => number {
  let state = seed;
  return () => {
    state = (Math.imul(state, 1664525) + 1013904223) >>> 0;
    return state / 2 ** 32;
  };
}

/** Travels that take `factor` of what was said, give or take a part that grows with them and one that does not. */
function travels(count: number, seed: number, factor = 1): TravelResidual[] {
  const next = chance(seed);
  return Array.from({ length: count }, () => {
    const predictedSeconds = 60 + next() * 3000;
    const middle = predictedSeconds * factor;
    return { predictedSeconds, actualSeconds: Math.max(1, middle + (next() - 0.4) * 0.5 * middle + (next() - 0.4) * 120) };
  });
}

const held = (spread: ReturnType<typeof learnSpread>, of: readonly TravelResidual[]): number =>
  of.filter(({ predictedSeconds, actualSeconds }) => {
    const seconds = predictedSeconds * spread.travelFactor;
    const { early, late } = spreadOf(spread, seconds);
    return actualSeconds >= seconds - early && actualSeconds <= seconds + late;
  }).length / of.length;

describe('the spread of times of arrival', () => {
  it('learned from some travels holds nine in ten of others', () => {
    for (const seed of [1, 2, 3, 4, 5]) {
      const spread = learnSpread(travels(1500, seed));
      expect(held(spread, travels(3000, seed + 100))).to.be.within(0.87, 0.93);
    }
  });
  it('finds what a source says too fast', () => {
    expect(learnSpread(travels(1500, 7, 1.5)).travelFactor).to.be.closeTo(1.58, 0.08);
  });
  it('has tails of the same weight on both sides', () => {
    const spread = learnSpread(travels(2000, 9));
    const others = travels(4000, 90);
    const late = others.filter(({ predictedSeconds, actualSeconds }) => {
      const seconds = predictedSeconds * spread.travelFactor;
      return actualSeconds > seconds + spreadOf(spread, seconds).late;
    }).length;
    expect(late / others.length).to.be.within(0.03, 0.07);
  });
  it('is wider for a longer way, and never lets a crew arrive before it leaves', () => {
    const spread = learnSpread(travels(1000, 11));
    fc.assert(
      fc.property(fc.integer({ min: 0, max: 7200 }), fc.integer({ min: 0, max: 7200 }), (a, b) => {
        const [short, long] = [Math.min(a, b), Math.max(a, b)].map((seconds) => spreadOf(spread, seconds));
        expect(short!.late <= long!.late && short!.early <= long!.early).to.equal(true);
        expect(short!.early <= Math.min(a, b)).to.equal(true);
      }),
    );
  });
  it('is learned from no handful', () => {
    expect(() => learnSpread(travels(39, 1))).to.throw(RangeError);
  });
  it('of several ways one after the other is less than their sum and more than the widest', () => {
    const sum = new AddedSpread();
    sum.add({ early: 30, late: 60 });
    sum.add({ early: 40, late: 80 });
    expect([sum.early, sum.late]).to.deep.equal([50, 100]);
  });
  it('quantile: the value below which that share lies', () => {
    expect([0, 0.5, 0.95, 1].map((share) => quantile([4, 1, 3, 2], share))).to.deep.equal([1, 2, 4, 4]);
  });
});
