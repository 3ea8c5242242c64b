import type { Constraint } from './constraint.ts';
import { earliestReady, startInWindows } from './windows.ts';

/** A job with a locked time starts exactly then: the crew is there by then, and windows and release allow it. */
export const lockedTime: Constraint = {
  name: 'locked time',
  blocks(pair) {
    const held = pair.job.inForce;
    if (held === null || !held.lockTime) return null;
    const possible = earliestReady(pair) <= held.start && startInWindows(pair.job, held.start) === held.start;
    return possible ? null : { code: 'locks_do_not_fit', shift: held.shift };
  },
};
