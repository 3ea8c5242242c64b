import { expect } from 'chai';
import { aProblem, aShift } from '../fixtures.ts';
import { seconds } from '../units.ts';
import { arrivalAfter, gapsOf, lengthOfUnion } from './plain-times.ts';

describe('the checker’s arithmetic', () => {
  const speeds = (...pieces: [number, number][]) => ({
    ...aProblem().travel,
    speedByTime: pieces.map(([from, percent]) => ({ from: seconds(from), percent })),
  });

  it('cuts a drive where the speed changes, and rounds the arrival up', () => {
    expect(arrivalAfter(aProblem().travel, 7, 100)).to.equal(107);
    expect(arrivalAfter(speeds([0, 50]), 0, 100)).to.equal(200);
    expect(arrivalAfter(speeds([0, 50]), -40, 100)).to.equal(120);
    expect(arrivalAfter(speeds([0, 30]), 0, 1)).to.equal(4);
    expect(arrivalAfter(speeds([0, 150]), 0, 1)).to.equal(1);
    // 100 s at 50, 50 s at 200 of which 25 are needed.
    expect(arrivalAfter(speeds([0, 50], [100, 200]), 0, 100)).to.equal(125);
    // Done in the very second of a change.
    expect(arrivalAfter(speeds([0, 50], [200, 1]), 0, 100)).to.equal(200);
    expect(arrivalAfter(speeds([0, 50], [199, 1]), 0, 100)).to.equal(249);
    expect(arrivalAfter(speeds([0, 1]), 5, 0)).to.equal(5);
  });

  it('lets nobody who leaves later arrive earlier', () => {
    const travel = speeds([100, 30], [200, 170], [260, 90]);
    for (const drive of [1, 2, 45, 99, 130]) {
      for (let departs = 0; departs < 320; departs++) {
        expect(arrivalAfter(travel, departs + 1, drive)).to.be.at.least(arrivalAfter(travel, departs, drive));
      }
    }
  });

  it('knows the gaps between windows, and what spans cover together', () => {
    const windows = [
      [0, 10],
      [10, 20],
      [30, 40],
      [50, 60],
    ].map(([from, until]) => ({ from: seconds(from!), until: seconds(until!) }));
    const gaps = [
      { from: 20, until: 30 },
      { from: 40, until: 50 },
    ];
    expect(gapsOf(aShift({ windows }))).to.deep.equal(gaps);
    expect(gapsOf(aShift())).to.deep.equal([]);
    expect(lengthOfUnion([...gaps, { from: 25, until: 45 }, { from: 70, until: 60 }, { from: 80, until: 81 }])).to.equal(31);
  });
});
