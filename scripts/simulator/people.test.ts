import { expect } from 'chai';
import { isActOfPeople } from './people.ts';

describe('an act of people', () => {
  it('is what a dispatcher or supervisor does to the work', () => {
    expect(isActOfPeople({ type: 'assignment.planned', by: 'dispatcher' })).to.equal(true);
    expect(isActOfPeople({ type: 'plan.drafted', by: 'supervisor' })).to.equal(true);
  });

  it('is not what the simulated desk does itself, nor crews, other systems and the clock', () => {
    expect(isActOfPeople({ type: 'plan.drafted', by: 'dispatcher', mine: true })).to.equal(false);
    for (const by of ['crew', 'integrator', 'system', 'admin', 'anonymous'])
      expect(isActOfPeople({ type: 'case.received', by })).to.equal(false);
    expect(isActOfPeople({ type: 'device.enrolled', by: 'dispatcher' })).to.equal(false);
  });
});
