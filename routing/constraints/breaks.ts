import { seconds } from '../units.ts';
import { type Constraint, driveSeconds, homeSeconds, serviceSeconds } from './constraint.ts';

/**
 * A break that could be taken without the job can still be taken with it. Asked last: when no other rule objects
 * and the day still does not fit, the breaks are what is in the way.
 */
export const breaks: Constraint = {
  name: 'breaks',
  blocks(pair) {
    if (pair.fits()) return null;
    if (pair.shift.breaks.length > 0) return { code: 'breaks_do_not_fit', shift: pair.shiftIndex };
    // No break to blame: gaps between windows, slow hours, or a limit on jobs and driving. The figures are those of the job alone.
    const needed = driveSeconds(pair, pair.freeNode, pair.job.node) + serviceSeconds(pair) + homeSeconds(pair, pair.job.node);
    return { code: 'longer_than_any_shift', neededSeconds: seconds(needed), mostSeconds: seconds(needed) };
  },
};
