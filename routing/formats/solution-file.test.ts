import { expect } from 'chai';
import { MalformedInstance } from './malformed-instance.ts';
import { readSolution } from './solution-file.ts';

describe('Solution files', () => {
  it('give routes, empty ones too, and the cost', () => {
    const solution = readSolution('Route #1: 5 3 \nRoute #2:\nRoute #3: 1\nCost 827.3\n');
    expect(solution).to.deep.equal({ routes: [[5, 3], [], [1]], cost: 827.3 });
    expect(readSolution('Route #1: 2\nCost: 1655420').cost).to.equal(1_655_420);
    expect(readSolution('Route #1: 2')).to.deep.equal({ routes: [[2]], cost: null });
  });

  it('are refused with line and column', () => {
    expect(() => readSolution('Route #1: 5 x 3')).to.throw(MalformedInstance, /^line 1, column 13: "x" is no customer/);
    expect(() => readSolution('Route #1: 5\nRoute 2 4 3')).to.throw(MalformedInstance, /^line 2, column 1/);
    expect(() => readSolution('Route #1: 5\nCost')).to.throw(MalformedInstance, /^line 2, column 5: the cost is missing/);
    expect(() => readSolution('nothing')).to.throw(MalformedInstance, /neither a route nor a cost/);
  });
});
