import type { Constraint } from './constraint.ts';

/**
 * A break that could be taken without the job can still be taken with it. Asked last: when no other rule objects
 * and the day still does not fit, the breaks are what is in the way.
 */
export const breaks: Constraint = {
  name: 'breaks',
  blocks(pair) {
    return pair.fits() ? null : { code: 'breaks_do_not_fit', shift: pair.shiftIndex };
  },
};
