import { expect } from 'chai';
import fc from 'fast-check';
import { MOST_CURVE_POINTS, PlanProgress } from '../../stores/plans/contract.ts';
import { solvingProgress } from './solving-progress.ts';

describe('progress while the engine searches', () => {
  it('knows nothing at first, and then the best and how it got there', () => {
    const progress = solvingProgress(2);
    expect(progress.at(0)).to.deep.include({ phase: 'solving', share: 0, bestCost: null, budgetSeconds: 2, curve: [] });
    progress.better(0.1234, 900, null);
    progress.better(0.5, 800, null);
    expect(progress.at(1)).to.deep.include({
      share: 0.5,
      bestCost: 800,
      elapsedSeconds: 1,
      curve: [
        { seconds: 0.12, cost: 900 },
        { seconds: 0.5, cost: 800 },
      ],
    });
    expect(progress.at(3).share).to.equal(1);
  });

  it('has no share where iterations end the search', () => {
    expect(solvingProgress(null).at(5)).to.include({ share: null, elapsedSeconds: 5, budgetSeconds: null });
  });

  it('keeps the first and the newest point, and never too many', () => {
    fc.assert(
      fc.property(fc.integer({ min: 1, max: 2_000 }), (steps) => {
        const progress = solvingProgress(1_000);
        for (let i = 0; i < steps; i++) progress.better(i, 10_000 - i, null);
        const { curve } = PlanProgress.parse(progress.at(steps));
        expect(curve.length).to.be.within(Math.min(steps, MOST_CURVE_POINTS / 2), MOST_CURVE_POINTS);
        expect(curve[0]).to.deep.equal({ seconds: 0, cost: 10_000 });
        expect(curve.at(-1)).to.deep.equal({ seconds: steps - 1, cost: 10_001 - steps });
        expect(curve.every((point, i) => i === 0 || point.seconds > (curve[i - 1]?.seconds ?? 0))).to.equal(true);
      }),
    );
  });
});
