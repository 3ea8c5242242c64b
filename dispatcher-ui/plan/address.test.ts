import { expect } from 'chai';
import { addressOf } from './address.ts';

describe('address of a plan', () => {
  it('names a plan, a day, or neither', () => {
    expect(addressOf({ pathname: '/plan', search: '' })).to.deep.equal({ planId: null, day: null });
    expect(addressOf({ pathname: '/plan/', search: '?day=2026-03-02' })).to.deep.equal({ planId: null, day: '2026-03-02' });
    expect(addressOf({ pathname: '/plan/0197-abc', search: '' })).to.deep.equal({ planId: '0197-abc', day: null });
  });

  it('does not ask the server for a day that is none', () => {
    expect(addressOf({ pathname: '/plan', search: '?day=yesterday' }).day).to.equal(null);
  });
});
