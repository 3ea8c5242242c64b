import { expect } from 'chai';
import { aPair, onALine } from '../fixtures.ts';
import { reachable } from './reachable.ts';

describe('reachable', () => {
  const travel = (cells: number[]) => ({ ...onALine([0, 10]), seconds: Int32Array.from(cells) });

  it('asks for a road there and home', () => {
    expect(reachable.blocks(aPair({ job: { node: 1 }, travel: travel([0, 5, 5, 0]) }))).to.equal(null);
    expect(reachable.blocks(aPair({ job: { node: 1 }, travel: travel([0, -1, 5, 0]) }))).to.deep.equal({ code: 'unreachable' });
    expect(reachable.blocks(aPair({ job: { node: 1 }, travel: travel([0, 5, -1, 0]) }))).to.deep.equal({ code: 'unreachable' });
  });

  it('asks for no road home when the shift may end anywhere', () => {
    expect(reachable.blocks(aPair({ shift: { endNode: null }, job: { node: 1 }, travel: travel([0, 5, -1, 0]) }))).to.equal(null);
  });
});
