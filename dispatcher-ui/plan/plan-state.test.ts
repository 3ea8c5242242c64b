import { expect } from 'chai';
import { gapText, stateOf } from './plan-state.ts';

describe('state of a plan', () => {
  it('tells a plan that was in force from one that never was', () => {
    expect(stateOf({ state: 'superseded', publishedAt: null })).to.equal('never');
    expect(stateOf({ state: 'superseded', publishedAt: '2026-03-02T07:00:00Z' })).to.equal('replaced');
    expect(stateOf({ state: 'published', publishedAt: '2026-03-02T07:00:00Z' })).to.equal('in_force');
    expect(stateOf({ state: 'draft', publishedAt: null })).to.equal('draft');
  });

  it('rounds a gap up, and says 0 of the best', () => {
    expect(gapText(1_000, 1_000)).to.equal('0.0');
    expect(gapText(1_000, 999.9)).to.equal('0.1');
    expect(gapText(1_000, 500)).to.equal('50.0');
    expect(gapText(0, 0)).to.equal('0.0');
  });
});
