import { expect } from 'chai';
import { aPair } from '../fixtures.ts';
import { seconds } from '../units.ts';
import { onShift } from './on-shift.ts';

describe('on shift', () => {
  it('has nothing against a crew that is free a second before its end', () => {
    expect(onShift.blocks(aPair({ freeAt: seconds(9_999) }))).to.equal(null);
  });

  it('gives nothing new to a crew whose shift is over, overtime or not', () => {
    expect(onShift.blocks(aPair({ shift: { overtime: seconds(3_600) }, freeAt: seconds(10_000) }))).to.deep.equal({
      code: 'no_crew_on_shift',
    });
  });
});
