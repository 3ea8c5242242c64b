import { expect } from 'chai';
import fc from 'fast-check';
import { curveLine } from './cost-curve.ts';

/** The points of a path of M, H and V. */
function pointsOf(path: string): { x: number; y: number }[] {
  const points: { x: number; y: number }[] = [];
  let [x, y] = [0, 0];
  for (const [, letter, numbers] of path.matchAll(/([MHV])([\d. -]+)/g)) {
    const [first, second] = numbers!.trim().split(' ').map(Number);
    if (letter === 'M') [x, y] = [first!, second!];
    else if (letter === 'H') x = first!;
    else y = first!;
    points.push({ x, y });
  }
  return points;
}

describe('the curve of the best so far', () => {
  it('is not there before the first plan', () => {
    expect(curveLine({ curve: [], elapsedSeconds: 1, budgetSeconds: 5 }, 300, 50)).to.equal(null);
  });

  it('begins at the top, steps down to the best on the floor, and stays there until now', () => {
    const curve = [
      { seconds: 1, cost: 2_000 },
      { seconds: 2, cost: 1_000 },
    ];
    const drawn = curveLine({ curve, elapsedSeconds: 3, budgetSeconds: 6 }, 300, 50)!;
    expect(drawn.line).to.equal('M50 0H100V50H150');
    expect(drawn.area).to.equal('M50 0H100V50H150V50H50Z');
    expect(drawn.end).to.deep.equal({ x: 150, y: 50 });
  });

  it('fills the width where no time is set', () => {
    const curve = [{ seconds: 0.5, cost: 10 }];
    expect(curveLine({ curve, elapsedSeconds: 2, budgetSeconds: null }, 300, 50)!.line).to.equal('M75 50H300');
  });

  it('never rises, never goes back, and stays within its frame', () => {
    const searched = fc
      .array(fc.record({ after: fc.float({ min: 0, max: 3, noNaN: true }), fall: fc.nat(1_000_000) }), {
        minLength: 1,
        maxLength: 60,
      })
      .map((steps) => {
        let [seconds, cost] = [0, 70_000_000];
        return steps.map(({ after, fall }) => ({ seconds: (seconds += after), cost: (cost -= fall) }));
      });
    fc.assert(
      fc.property(searched, fc.option(fc.float({ min: 0, max: 200, noNaN: true })), (curve, budgetSeconds) => {
        const { line } = curveLine({ curve, elapsedSeconds: curve.at(-1)!.seconds, budgetSeconds }, 300, 50)!;
        const points = pointsOf(line);
        for (const [i, { x, y }] of points.entries()) {
          expect(x).to.be.within(0, 300);
          expect(y).to.be.within(0, 50);
          if (i > 0) expect([x >= points[i - 1]!.x, y >= points[i - 1]!.y]).to.deep.equal([true, true]);
        }
      }),
    );
  });
});
