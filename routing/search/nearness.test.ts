import { expect } from 'chai';
import fc from 'fast-check';
import { compile } from '../compile.ts';
import { aJob, aProblem, aShift, inForce, onALine } from '../fixtures.ts';
import { FAR } from '../instance.ts';
import { anyKindOfProblem, deliveries } from './search.fixtures.ts';
import { nearness } from './nearness.ts';

describe('nearness', () => {
  it('lists for each job all others to which a road leads, nearest first by the shorter way, and the crews that may take it', () => {
    fc.assert(
      fc.property(anyKindOfProblem({ jobs: 9, shifts: 4 }), (problem) => {
        const instance = compile(problem);
        const { jobCount, shiftCount, placeCount } = instance;
        const near = nearness(instance);
        const { seconds } = instance.ways[0] ?? { seconds: new Int32Array(0) };
        const between = (a: number, b: number): number => Math.min(seconds[a * placeCount + b]!, seconds[b * placeCount + a]!);
        const movable = [...instance.fixed.keys()].filter((j) => instance.fixed[j] === 0);
        for (const j of movable) {
          if (shiftCount === 0) continue;
          const listed = [...near.jobs.subarray(j * near.width, j * near.width + near.counts[j]!)];
          const expected = movable
            .filter((i) => i !== j && between(i, j) !== FAR)
            .sort((a, b) => between(j, a) - between(j, b) || a - b);
          expect(listed).to.deep.equal(expected);
          const able = [...near.shifts[j]!];
          const allowed = Array.from({ length: shiftCount }, (_, s) => s).filter(
            (s) => instance.allowed[j * shiftCount + s] === 1,
          );
          expect(able.toSorted((a, b) => a - b)).to.deep.equal(allowed);
          const ways = able.map((s) => seconds[instance.fromPlace[jobCount + s]! * placeCount + j]!);
          expect(ways).to.deep.equal(ways.toSorted((a, b) => a - b));
        }
      }),
      { numRuns: 150 },
    );
  });

  it('leaves fixed stops out, and sees a neighbour at the other end of a one-way street', () => {
    const oneWay = { ...onALine([0, 0, 0]), seconds: Int32Array.from([0, 500, 90, 10, 0, 500, 500, 500, 0]) };
    const jobs = [0, 1, 2].map((node) => aJob({ id: `job-${node}`, node }));
    const near = nearness(compile(aProblem({ travel: oneWay, jobs })));
    expect([...near.jobs.subarray(0, 2)]).to.deep.equal([1, 2]);
    const fixed = [...jobs, aJob({ id: 'a', inForce: inForce({ fixed: true }) })];
    const without = nearness(compile(aProblem({ shifts: [aShift()], travel: oneWay, jobs: fixed })));
    expect([...without.counts]).to.deep.equal([0, 2, 2, 2]);
  });

  it('stays short where there are many jobs', () => {
    const near = nearness(compile(deliveries(260, 2)));
    expect(near.width).to.equal(200);
    expect([...near.counts]).to.deep.equal(new Array<number>(260).fill(200));
  });
});
