import { type Constraint, homeSeconds, serviceSeconds } from './constraint.ts';
import { earliestReady, startInWindows } from './windows.ts';

/** Having waited for release, window or locked time, the crew is still home before its latest end. */
export const release: Constraint = {
  name: 'release',
  blocks(pair) {
    const { shift, job } = pair;
    const held = job.inForce;
    const start = held?.lockTime === true ? held.start : startInWindows(job, earliestReady(pair));
    if (start === null) return { code: 'windows_do_not_fit' };
    return start + serviceSeconds(pair) + homeSeconds(pair, job.node) <= shift.until + shift.overtime
      ? null
      : { code: 'windows_do_not_fit' };
  },
};
