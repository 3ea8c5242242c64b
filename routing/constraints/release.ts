import type { Constraint } from './constraint.ts';
import { earliestReady, startInWindows } from './windows.ts';

/** Having waited for release, window or locked time, the crew is still home before its latest end. */
export const release: Constraint = {
  name: 'release',
  blocks(pair) {
    const { shift, job, travel } = pair;
    const held = job.inForce;
    const start = held?.lockTime === true ? held.start : startInWindows(job, earliestReady(pair));
    if (start === null) return { code: 'windows_do_not_fit' };
    const home = shift.endNode === null ? 0 : (travel.seconds[job.node * travel.size + shift.endNode] ?? 0);
    return start + job.service + home <= shift.until + shift.overtime ? null : { code: 'windows_do_not_fit' };
  },
};
