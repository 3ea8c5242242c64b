import type { Constraint } from './constraint.ts';

/** New work is given only to a crew that is free before its shift ends; overtime is for finishing, not for beginning. */
export const onShift: Constraint = {
  name: 'on shift',
  blocks(pair) {
    return pair.freeAt < pair.shift.until ? null : { code: 'no_crew_on_shift' };
  },
};
