import { expect } from 'chai';
import * as fc from 'fast-check';
import { JOB_STATES, type JobState } from '../../stores/jobs/contract.ts';
import { openNear, openWorkState } from './near.ts';

const METRE = 1 / 111_195;
const job = (metresNorth: number, over: Partial<{ jobType: string; emergency: boolean }> = {}) => ({
  jobType: 'pothole-repair',
  emergency: false,
  roadPoint: { lon: 11.97, lat: 57.7 + metresNorth * METRE },
  ...over,
});
const wanted = { roadPoint: { lon: 11.97, lat: 57.7 }, jobType: 'pothole-repair', emergency: false };

describe('open work near by', () => {
  it('is of the same kind, within the radius, nearest first', () => {
    const jobs = [job(29), job(-5), job(31), job(1, { jobType: 'drain-clearing' })];
    expect(openNear(wanted, jobs, 30)).to.deep.equal([jobs[1], jobs[0]]);
  });

  it('is no ordinary job for who reports an emergency', () => {
    const [ordinary, emergency] = [job(1), job(9, { emergency: true })];
    expect(openNear({ ...wanted, emergency: true }, [ordinary, emergency], 30)).to.deep.equal([emergency]);
    expect(openNear(wanted, [ordinary, emergency], 30)).to.deep.equal([ordinary, emergency]);
  });

  it('never lists what is further, whatever the order', () => {
    fc.assert(
      fc.property(fc.array(fc.integer({ min: -500, max: 500 })), fc.integer({ min: 0, max: 200 }), (at, r) => {
        // Half a metre more: which side of the edge a rounded degree falls on is nobody's business.
        const found = openNear(
          wanted,
          at.map((metres) => job(metres)),
          r + 0.5,
        );
        const metres = found.map(({ roadPoint }) => Math.round((roadPoint.lat - 57.7) / METRE));
        const near = at.filter((one) => Math.abs(one) <= r);
        expect(metres.toSorted((a, b) => a - b)).to.deep.equal(near.toSorted((a, b) => a - b));
        expect(metres.map(Math.abs)).to.deep.equal(near.map(Math.abs).toSorted((a, b) => a - b));
      }),
    );
  });

  it('is told in four words, and an ended job in none', () => {
    for (const state of JOB_STATES) {
      const ended = (['completed', 'cannot_complete', 'cancelled'] as JobState[]).includes(state);
      expect(openWorkState(state) === null, state).to.equal(ended);
    }
  });
});
