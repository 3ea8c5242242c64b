import { expect } from 'chai';
import { Clock } from './clock.ts';
import { afterIterations } from './stop.ts';

const busy = (millis: number): void => {
  const until = performance.now() + millis;
  while (performance.now() < until);
};

describe('the clock of a plan', () => {
  it('ends the assignment before the filling, and that before the time is over, counted from when it was asked', () => {
    const now = performance.now();
    const over = (passed: number): boolean[] => {
      const clock = new Clock({ iterations: null, millis: 1_000_000 }, now - passed);
      return [clock.assignmentIsOver(), clock.fillingIsOver()];
    };
    expect(over(0)).to.deep.equal([false, false]);
    expect(over(400_000)).to.deep.equal([true, false]);
    expect(over(800_000)).to.deep.equal([true, true]);
    const none = new Clock({ iterations: null, millis: 0 }, now);
    expect([none.assignmentIsOver(), none.fillingIsOver()]).to.deep.equal([true, true]);
  });

  it('never ends without a limit of time', () => {
    const clock = new Clock(afterIterations(10), performance.now() - 1e9);
    expect([clock.assignmentIsOver(), clock.fillingIsOver()]).to.deep.equal([false, false]);
    expect(clock.searching().ends).to.equal(Infinity);
  });

  it('keeps back what a report has taken, and gives what it gave', () => {
    const begun = performance.now();
    const clock = new Clock({ iterations: null, millis: 10_000 }, begun);
    expect(clock.searching().ends).to.equal(begun + 10_000 - 5);
    expect(
      clock.timeReport(() => {
        busy(40);
        return 'plan';
      }),
    ).to.equal('plan');
    expect(clock.searching().ends).to.be.at.most(begun + 10_000 - 52);
  });

  it('lets no search end before it begins, however late it is', () => {
    const { begins, ends } = new Clock({ iterations: null, millis: 10 }, performance.now() - 1_000).searching();
    expect(ends).to.equal(begins);
  });
});
