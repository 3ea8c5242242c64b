import { expect } from 'chai';
import { aPair, inForce } from '../fixtures.ts';
import { seconds } from '../units.ts';
import { lockedTime } from './locked-time.ts';

describe('locked time', () => {
  const at = (start: number) => inForce({ lockTime: true, start: seconds(start) });

  it('has nothing against a crew that can be there by then', () => {
    expect(lockedTime.blocks(aPair({ job: { node: 3, inForce: at(300) } }))).to.equal(null);
    expect(lockedTime.blocks(aPair({ job: { node: 3, inForce: inForce({ start: seconds(0) }) } }))).to.equal(null);
  });

  it('objects when the crew would be late, or window or release forbid that start', () => {
    const no = { code: 'locks_do_not_fit', shift: 0 };
    expect(lockedTime.blocks(aPair({ job: { node: 3, inForce: at(299) } }))).to.deep.equal(no);
    expect(lockedTime.blocks(aPair({ job: { release: seconds(500), inForce: at(400) } }))).to.deep.equal(no);
    const windows = [{ from: seconds(500), until: seconds(600) }];
    expect(lockedTime.blocks(aPair({ job: { windows, inForce: at(400) } }))).to.deep.equal(no);
  });
});
