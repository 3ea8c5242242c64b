import { expect } from 'chai';
import type { FittingChangeView } from '../../server/stages/explaining/contract.ts';
import { byAcceptability, canMake } from './acceptability.ts';

const fitting = (price: number, ...codes: string[]): FittingChangeView => ({
  changes: codes.map((code) => ({ code, params: {} })),
  shiftId: '00000000-0000-7000-8000-000000000001',
  position: 0,
  start: '2026-03-02T09:00:00Z',
  price,
});
const order = (...fittings: FittingChangeView[]): string[] =>
  byAcceptability(fittings).map(({ changes }) => changes.map(({ code }) => code).join('+'));

describe('acceptability of changes', () => {
  it('offers a break given up last, however cheap it is', () => {
    expect(order(fitting(-500, 'no_break'), fitting(900, 'overtime'), fitting(100, 'skills'))).to.deep.equal([
      'overtime',
      'skills',
      'no_break',
    ]);
  });

  it('counts the least acceptable of several changes', () => {
    expect(order(fitting(0, 'overtime', 'no_break'), fitting(5, 'due', 'skills'), fitting(9, 'due'))).to.deep.equal([
      'due',
      'due+skills',
      'overtime+no_break',
    ]);
  });

  it('puts the cheapest first among equals, and one it does not know with those of others', () => {
    expect(order(fitting(3, 'due'), fitting(1, 'instead_of'), fitting(0, 'something_new'), fitting(2, 'unlock'))).to.deep.equal([
      'instead_of',
      'unlock',
      'due',
      'something_new',
    ]);
  });

  it('knows what a desk can make by itself', () => {
    expect(canMake(fitting(0, 'unlock', 'instead_of', 'more_changes'))).to.equal(true);
    expect(canMake(fitting(0, 'unlock', 'skills'))).to.equal(false);
    expect(canMake(fitting(0, 'no_break'))).to.equal(false);
  });
});
