import { expect } from 'chai';
import { hasArrived } from './arrivals.ts';

const JOB = { lon: -77.03, lat: 38.9 };
const CORNER = { lon: -77.031, lat: 38.9 };

describe('an arrival by fence', () => {
  it('is a vehicle that stands or crawls inside the fence of the place or its road point', () => {
    expect(hasArrived({ ...JOB, speedMps: 0 }, [JOB], 50)).to.equal(true);
    expect(hasArrived({ ...CORNER, speedMps: null }, [JOB, CORNER], 50)).to.equal(true);
  });
  it('is not one that drives past, or stands outside', () => {
    expect(hasArrived({ ...JOB, speedMps: 9 }, [JOB], 50)).to.equal(false);
    expect(hasArrived({ ...CORNER, speedMps: 0 }, [JOB], 50)).to.equal(false);
  });
});
