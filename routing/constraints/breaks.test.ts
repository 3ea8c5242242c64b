import { expect } from 'chai';
import { aPair } from '../fixtures.ts';
import { seconds } from '../units.ts';
import { breaks } from './breaks.ts';

const lunch = { id: 'lunch', window: { from: seconds(0), until: seconds(100) }, length: seconds(600) };

describe('breaks', () => {
  it('objects when the day with this one job does not work out, though nothing else is against it', () => {
    expect(breaks.blocks(aPair({ fits: () => true }))).to.equal(null);
    expect(breaks.blocks(aPair({ shiftIndex: 4, shift: { breaks: [lunch] }, fits: () => false }))).to.deep.equal({
      code: 'breaks_do_not_fit',
      shift: 4,
    });
  });
});
