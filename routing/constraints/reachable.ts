import type { Constraint } from './constraint.ts';

/** A road leads from where the crew is free to the job, and from the job to where the shift ends. */
export const reachable: Constraint = {
  name: 'reachable',
  blocks({ shift, job, travel, freeNode }) {
    const there = travel.seconds[freeNode * travel.size + job.node] ?? -1;
    const home = shift.endNode === null ? 0 : (travel.seconds[job.node * travel.size + shift.endNode] ?? -1);
    return there >= 0 && home >= 0 ? null : { code: 'unreachable' };
  },
};
