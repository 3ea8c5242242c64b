import { expect } from 'chai';
import { aPair, inForce } from '../fixtures.ts';
import { declined } from './declined.ts';

describe('declined', () => {
  it('has nothing against a crew that has not said no', () => {
    expect(declined.blocks(aPair({ shiftIndex: 2 }))).to.equal(null);
    expect(declined.blocks(aPair({ shiftIndex: 2, job: { declinedBy: [1] } }))).to.equal(null);
  });

  it('asks no crew twice', () => {
    expect(declined.blocks(aPair({ shiftIndex: 2, job: { declinedBy: [1, 2] } }))).to.deep.equal({ code: 'declined', shift: 2 });
  });

  it('leaves with the crew what somebody has given it all the same', () => {
    const job = { declinedBy: [2], inForce: inForce({ shift: 2 }) };
    expect(declined.blocks(aPair({ shiftIndex: 2, job }))).to.equal(null);
  });
});
