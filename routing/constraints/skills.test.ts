import { expect } from 'chai';
import { aPair } from '../fixtures.ts';
import { skills } from './skills.ts';

describe('skills', () => {
  it('has nothing against a crew that holds them all', () => {
    expect(skills.blocks(aPair({ shift: { skills: ['signs', 'water'] }, job: { skills: ['water'] } }))).to.equal(null);
  });

  it('names each that is missing, once and sorted', () => {
    const pair = aPair({ shift: { skills: ['signs'] }, job: { skills: ['water', 'signs', 'roads', 'water'] } });
    expect(skills.blocks(pair)).to.deep.equal({ code: 'no_crew_with_skills', missing: ['roads', 'water'] });
  });
});
