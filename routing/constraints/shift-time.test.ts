import { expect } from 'chai';
import { aPair } from '../fixtures.ts';
import { seconds } from '../units.ts';
import { shiftTime } from './shift-time.ts';

describe('shift time', () => {
  it('counts way, work and way home against the shift and its overtime', () => {
    expect(shiftTime.blocks(aPair({ job: { node: 2, service: seconds(9_600) } }))).to.equal(null);
    expect(shiftTime.blocks(aPair({ job: { node: 2, service: seconds(9_601) } }))).to.deep.equal({
      code: 'longer_than_any_shift',
      neededSeconds: 10_001,
      mostSeconds: 10_000,
    });
    expect(shiftTime.blocks(aPair({ shift: { overtime: seconds(1) }, job: { node: 2, service: seconds(9_601) } }))).to.equal(
      null,
    );
    expect(shiftTime.blocks(aPair({ shift: { endNode: null }, job: { node: 2, service: seconds(9_601) } }))).to.equal(null);
  });

  it('counts from when the crew is free', () => {
    expect(shiftTime.blocks(aPair({ freeAt: seconds(9_500) }))).to.deep.include({ neededSeconds: 600, mostSeconds: 500 });
  });
});
