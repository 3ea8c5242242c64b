import { expect } from 'chai';
import { aJob, aPair } from '../fixtures.ts';
import { seconds } from '../units.ts';
import { startInWindows, windows } from './windows.ts';

const from = (a: number, b: number) => ({ from: seconds(a), until: seconds(b) });

describe('windows', () => {
  it('gives the earliest start in any of them, whatever their order; both ends belong to a window', () => {
    const job = aJob({ windows: [from(500, 600), from(100, 200)] });
    expect([0, 100, 200, 201, 600].map((t) => startInWindows(job, t))).to.deep.equal([100, 100, 200, 500, 600]);
    expect(startInWindows(job, 601)).to.equal(null);
    expect(startInWindows(aJob(), 7)).to.equal(7);
  });

  it('objects when the crew cannot be there before the last has closed', () => {
    expect(windows.blocks(aPair({ job: { node: 3, windows: [from(0, 300)] } }))).to.equal(null);
    expect(windows.blocks(aPair({ job: { node: 3, windows: [from(0, 299)] } }))).to.deep.equal({ code: 'windows_do_not_fit' });
  });
});
