import { expect } from 'chai';
import { random } from './random.ts';

describe('random', () => {
  it('repeats with its seed and differs with another', () => {
    const draw = (seed: number): number[] => {
      const chance = random(seed);
      return Array.from({ length: 20 }, () => chance.below(1_000));
    };
    expect(draw(5)).to.deep.equal(draw(5));
    const seeds = [0, 1, 2, 3, -1, 2 ** 40, 2 ** 40 + 1];
    expect(new Set(seeds.map((seed) => draw(seed).join())).size).to.equal(seeds.length);
  });

  it('spreads evenly and stays below its bound', () => {
    const chance = random(1);
    const counts = new Array<number>(10).fill(0);
    for (let i = 0; i < 10_000; i++) counts[chance.below(10)]!++;
    for (const count of counts) expect(count).to.be.within(850, 1_150);
    expect(chance.below(0)).to.equal(0);
  });
});
