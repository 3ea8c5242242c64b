import { expect } from 'chai';
import type { ClockPace, DriveClock } from './contract.ts';
import { paceKeeper } from './pace.ts';
import { Problem } from './problem.ts';

const never = new AbortController().signal;
const at = (over: Partial<DriveClock> = {}): DriveClock => ({
  driver: 'playing',
  pace: 10,
  deskHeld: false,
  waitSeconds: 0,
  ...over,
});
const refusal = (work: () => unknown): string => {
  try {
    work();
  } catch (error) {
    if (error instanceof Problem) return `${error.status} ${error.type}`;
  }
  return 'let in';
};

describe('pace', () => {
  let told: (ClockPace | null)[];
  const keeper = (over: { simulated?: boolean; awayAfterMillis?: number } = {}) => {
    const made = paceKeeper({ simulated: true, onChange: () => told.push(made.present()), ...over });
    return made;
  };
  beforeEach(() => {
    told = [];
  });

  it('is nothing in a city that nobody plays, and a real one has none', () => {
    expect(keeper().present()).to.equal(null);
    expect(refusal(() => keeper().wish(60))).to.equal('409 clock-not-driven');
    expect(refusal(() => keeper({ simulated: false }).wish(60))).to.equal('409 clock-is-real');
  });

  it('begins with the driver’s own, and what people wish stays over what the driver says', async () => {
    const pace = keeper();
    expect(await pace.drive(at({ driver: 'hurrying' }), never)).to.deep.equal({ wished: 10 });
    expect(pace.wish(60)).to.deep.equal({ wished: 60, driver: 'hurrying', deskHeld: false });
    expect(await pace.drive(at(), never)).to.deep.equal({ wished: 60 });
    expect(told).to.deep.equal([
      { wished: 10, driver: 'hurrying', deskHeld: false },
      { wished: 60, driver: 'hurrying', deskHeld: false },
      { wished: 60, driver: 'playing', deskHeld: false },
    ]);
  });

  it('answers a driver that waits as soon as there is another wish, also a pause', async () => {
    const pace = keeper();
    const answer = pace.drive(at({ waitSeconds: 25 }), never);
    await Promise.resolve();
    pace.wish(0);
    expect(await answer).to.deep.equal({ wished: 0 });
    // The same wish again is no news.
    told = [];
    pace.wish(0);
    expect(told).to.deep.equal([]);
  });

  it('answers a driver that waits when it hangs up, and when the server closes', async () => {
    const pace = keeper();
    const caller = new AbortController();
    const hungUp = pace.drive(at({ waitSeconds: 25 }), caller.signal);
    caller.abort();
    expect(await hungUp).to.deep.equal({ wished: 10 });
    const closed = pace.drive(at({ waitSeconds: 25 }), never);
    pace.stop();
    expect(await closed).to.deep.equal({ wished: 10 });
  });

  it('says that the driver is away when it is not heard, and takes no wish then', async () => {
    const pace = keeper({ awayAfterMillis: 1 });
    const away = new Promise<void>((resolve) => {
      const look = setInterval(() => {
        if (pace.present()?.driver !== 'away') return;
        clearInterval(look);
        resolve();
      }, 1);
    });
    await pace.drive(at(), never);
    await away;
    expect(refusal(() => pace.wish(1))).to.equal('409 clock-not-driven');
    await pace.drive(at({ driver: 'ended' }), never);
    expect(pace.present()?.driver).to.equal('ended');
    expect(refusal(() => pace.wish(1))).to.equal('409 clock-not-driven');
  });
});
