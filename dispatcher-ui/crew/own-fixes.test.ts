import { expect } from 'chai';
import { SentFix } from '../../server/stores/positions/contract.ts';
import { acknowledgeFixes, isWorthKeeping, keepFix, NO_FIXES, type Reading } from './own-fixes.ts';

const reading = (seconds: number, over: Partial<Reading> = {}): Reading => ({
  atMs: Date.parse('2026-03-02T06:30:00Z') + seconds * 1000,
  lon: 11.97,
  lat: 57.7,
  accuracyMetres: 6,
  speedMps: 0,
  headingDegrees: null,
  ...over,
});

describe('positions of the phone', () => {
  it('are kept every 25 m or 5 s on the move, and once a minute standing still', () => {
    const last = reading(0);
    expect(isWorthKeeping(null, last)).to.equal(true);
    expect(isWorthKeeping(last, reading(59))).to.equal(false);
    expect(isWorthKeeping(last, reading(60))).to.equal(true);
    expect(isWorthKeeping(last, reading(1, { lat: 57.7003 }))).to.equal(true);
    expect(isWorthKeeping(last, reading(4, { speedMps: 8 }))).to.equal(false);
    expect(isWorthKeeping(last, reading(5, { speedMps: 8 }))).to.equal(true);
  });

  it('that only seem to have moved, or are older, say nothing new', () => {
    const last = reading(10);
    expect(isWorthKeeping(last, reading(12, { lat: 57.7003, accuracyMetres: 80 }))).to.equal(false);
    expect(isWorthKeeping(last, reading(9, { lat: 57.71 }))).to.equal(false);
    expect(isWorthKeeping(last, last)).to.equal(false);
  });

  it('are numbered without a gap and kept until the server has them', () => {
    let fixes = NO_FIXES;
    for (const seconds of [0, 60, 120]) fixes = keepFix(fixes, reading(seconds, { speedMps: 3.456, headingDegrees: 89.6 }));
    expect(fixes.unsent.map(({ deviceSeq }) => deviceSeq)).to.deep.equal([1, 2, 3]);
    for (const fix of fixes.unsent) SentFix.parse(fix);
    expect(fixes.unsent[0]).to.include({ speedMps: 3.5, headingDegrees: 90 });
    fixes = acknowledgeFixes(fixes, 2);
    expect(fixes.unsent.map(({ deviceSeq }) => deviceSeq)).to.deep.equal([3]);
    expect(keepFix(fixes, reading(180)).lastSeq).to.equal(4);
  });
});
