import { expect } from 'chai';
import { aPair, inForce } from '../fixtures.ts';
import { lockedCrew } from './locked-crew.ts';

describe('locked crew', () => {
  it('has nothing against the crew it is locked to, or against any when it is not', () => {
    expect(lockedCrew.blocks(aPair({ shiftIndex: 2, job: { inForce: inForce({ shift: 2, lockCrew: true }) } }))).to.equal(null);
    expect(lockedCrew.blocks(aPair({ shiftIndex: 2, job: { inForce: inForce({ shift: 1 }) } }))).to.equal(null);
    expect(lockedCrew.blocks(aPair({ shiftIndex: 2, job: { inForce: inForce({ shift: 1, lockTime: true }) } }))).to.equal(null);
  });

  it('keeps a fixed stop, a locked crew and a locked place in the order from every other shift', () => {
    for (const lock of [{ fixed: true }, { lockCrew: true }, { lockOrder: true }]) {
      const pair = aPair({ shiftIndex: 2, job: { inForce: inForce({ shift: 1, ...lock }) } });
      expect(lockedCrew.blocks(pair)).to.deep.equal({ code: 'locks_do_not_fit', shift: 1 });
    }
  });
});
