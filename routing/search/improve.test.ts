import { expect } from 'chai';
import { compile } from '../compile.ts';
import { copyOf } from '../draft.ts';
import { aJob, aProblem, aShift } from '../fixtures.ts';
import { draftFromPlanInForce } from '../in-force.ts';
import { insertWhatIsLeft } from '../insertion.ts';
import { improve } from './improve.ts';
import { random } from './random.ts';
import { afterIterations } from './stop.ts';

describe('improve', () => {
  const problem = aProblem({
    shifts: [aShift({ id: 'a' }), aShift({ id: 'b', startNode: 9, endNode: 9 })],
    jobs: [3, 9, 1, 5, 7, 2, 8, 4, 6, 0].map((node, j) => aJob({ id: `job-${j}`, node })),
  });

  it('ends with the best it has seen, told of each, and counts its steps', () => {
    const draft = draftFromPlanInForce(compile(problem));
    insertWhatIsLeft(draft, () => false);
    const start = draft.cost;
    const told: number[] = [];
    const steps = improve(draft, random(1), afterIterations(300), () => told.push(draft.cost));
    expect(steps).to.equal(300);
    expect(told).to.deep.equal(told.toSorted((a, b) => b - a));
    expect(draft.cost).to.equal(Math.min(start, ...told));
  });

  it('changes nothing when it may not take a step', () => {
    const draft = draftFromPlanInForce(compile(problem));
    const before = copyOf(draft);
    expect(improve(draft, random(1), afterIterations(0), () => undefined)).to.equal(0);
    expect(draft).to.deep.equal(before);
  });
});
