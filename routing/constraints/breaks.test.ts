import { expect } from 'chai';
import { aPair } from '../fixtures.ts';
import { breaks } from './breaks.ts';

describe('breaks', () => {
  it('objects when the day with this one job does not work out, though nothing else is against it', () => {
    expect(breaks.blocks(aPair({ fits: () => true }))).to.equal(null);
    expect(breaks.blocks(aPair({ shiftIndex: 4, fits: () => false }))).to.deep.equal({ code: 'breaks_do_not_fit', shift: 4 });
  });
});
