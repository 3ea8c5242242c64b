import { expect } from 'chai';
import { aPair } from '../fixtures.ts';
import { plant } from './plant.ts';

describe('plant', () => {
  it('has nothing against a shift that has it', () => {
    expect(plant.blocks(aPair({ shift: { plant: ['digger'] }, job: { plant: ['digger'] } }))).to.equal(null);
  });

  it('names what is missing', () => {
    const pair = aPair({ shift: { skills: ['digger'] }, job: { plant: ['digger'] } });
    expect(plant.blocks(pair)).to.deep.equal({ code: 'no_crew_with_plant', missing: ['digger'] });
  });
});
