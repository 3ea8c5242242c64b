import { expect } from 'chai';
import { pacing, type PacingOptions } from './pacing.ts';

/** A wall clock that only sleeping and working move. */
function wallOf() {
  let wallMs = 0;
  return {
    wall: () => wallMs,
    sleep: (millis: number) => {
      wallMs += Math.max(1, millis);
      return Promise.resolve();
    },
    works: (millis: number) => void (wallMs += millis),
  };
}

describe('pacing', () => {
  const at = (over: Partial<PacingOptions> & Pick<PacingOptions, 'speed' | 'wall' | 'sleep'>) => pacing(over);

  it('lets so much wall time pass, and takes off what the work in between took', async () => {
    const { wall, sleep, works } = wallOf();
    const wait = at({ speed: () => 10, wall, sleep });
    let nowMs = 0;
    for (let atMs = 10_000; atMs <= 100_000; atMs += 10_000) {
      await wait(nowMs, atMs);
      nowMs = atMs;
      works(300);
    }
    // 100 simulated seconds at ten a second, with three of work among them.
    expect(wall()).to.be.within(10_000, 10_310);
  });

  it('does not sprint after work that took too long: the day is late then', async () => {
    const { wall, sleep, works } = wallOf();
    const wait = at({ speed: () => 10, wall, sleep });
    await wait(0, 1_000);
    works(60_000);
    const before = wall();
    await wait(1_000, 31_000);
    expect(wall() - before).to.be.within(1_990, 2_010);
  });

  it('stands still while paused, and follows another speed within 100 ms', async () => {
    const { wall, sleep } = wallOf();
    const wait = at({ speed: () => (wall() < 5_000 ? 0 : 60), wall, sleep });
    await wait(0, 60_000);
    expect(wall()).to.be.within(6_000, 6_110);
  });

  it('lets the clock of the city pass meanwhile, in order and never beyond what comes', async () => {
    const { wall, sleep } = wallOf();
    const passed: number[] = [];
    const pass = (nowMs: number) => {
      passed.push(nowMs);
      return Promise.resolve();
    };
    const shown = await at({ speed: () => 1, wall, sleep, moment: { everyMs: 500, pass } })(0, 10_000);
    expect(passed.length).to.be.within(15, 20);
    expect(passed).to.deep.equal([...passed].sort((a, b) => a - b));
    expect(passed.at(-1)).to.be.below(10_000);
    expect(shown).to.equal(passed.at(-1));
  });

  it('does not wait at all, and asks for no moment, as fast as it can', async () => {
    const { wall, sleep } = wallOf();
    const pass = () => Promise.reject(new Error('nothing passes'));
    expect(await at({ speed: () => null, wall, sleep, moment: { everyMs: 1, pass } })(5, 1e9)).to.equal(5);
    expect(wall()).to.equal(0);
  });
});
