import { expect } from 'chai';
import { aPair, inForce } from '../fixtures.ts';
import { seconds } from '../units.ts';
import { release } from './release.ts';

describe('release', () => {
  const no = { code: 'windows_do_not_fit' };

  it('objects to work that is released too late to be done', () => {
    expect(release.blocks(aPair({ job: { node: 1, release: seconds(9_300) } }))).to.equal(null);
    expect(release.blocks(aPair({ job: { node: 1, release: seconds(9_301) } }))).to.deep.equal(no);
  });

  it('objects to a window or a locked time too late in the shift', () => {
    expect(release.blocks(aPair({ job: { windows: [{ from: seconds(9_401), until: seconds(9_900) }] } }))).to.deep.equal(no);
    expect(release.blocks(aPair({ job: { inForce: inForce({ lockTime: true, start: seconds(9_401) }) } }))).to.deep.equal(no);
    expect(release.blocks(aPair({ job: { inForce: inForce({ lockTime: true, start: seconds(9_400) }) } }))).to.equal(null);
  });
});
