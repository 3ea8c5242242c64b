import { expect } from 'chai';
import type { CrewLoad } from '../../server/stages/reporting/contract.ts';
import { axisSteps, kilometresText, loadParts, wholeText } from './figures.ts';
import { pageOf } from './page-of.ts';

describe('figures of the fleet', () => {
  it('an axis has few, whole, round steps and holds the highest bar', () => {
    expect(axisSteps(0)).to.deep.equal([0, 1]);
    expect(axisSteps(3)).to.deep.equal([0, 1, 2, 3]);
    expect(axisSteps(41)).to.deep.equal([0, 20, 40, 60]);
    expect(axisSteps(1000)).to.deep.equal([0, 500, 1000]);
    for (let most = 1; most < 400; most++) {
      const steps = axisSteps(most);
      expect(steps.at(-1)).to.be.at.least(most);
      expect(steps.length).to.be.at.most(6);
    }
  });

  it('says kilometres and thousands as people read them', () => {
    expect([kilometresText(0), kilometresText(12_345), kilometresText(244_400), wholeText(4_584_643.4)]).to.deep.equal([
      '0.0 km',
      '12.3 km',
      '244 km',
      '4,584,643',
    ]);
  });

  it('a crew’s load is everything it did and has before it, against the time it has', () => {
    const crew = {
      workedSeconds: 3600,
      drivenSeconds: 600,
      workAheadSeconds: 7200,
      driveAheadSeconds: 600,
      availableSeconds: 10_000,
    };
    expect(loadParts(crew as CrewLoad)).to.include({ total: 12_000, share: 1.2 });
    expect(loadParts({ ...crew, availableSeconds: 0 } as CrewLoad).share).to.equal(0);
  });

  it('knows its addresses', () => {
    expect(pageOf('/fleet')).to.deep.equal({ kind: 'today' });
    expect(pageOf('/fleet/')).to.deep.equal({ kind: 'today' });
    expect(pageOf('/fleet/day')).to.deep.equal({ kind: 'days' });
    expect(pageOf('/fleet/day/dc-2026-01-27-seed1')).to.deep.equal({ kind: 'day', name: 'dc-2026-01-27-seed1' });
  });
});
