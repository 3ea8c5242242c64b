import { type Constraint, driveSeconds, homeSeconds } from './constraint.ts';

/** A road leads from where the crew is free to the job, and from the job to where the shift ends. */
export const reachable: Constraint = {
  name: 'reachable',
  blocks(pair) {
    const { job, freeNode } = pair;
    return driveSeconds(pair, freeNode, job.node) >= 0 && homeSeconds(pair, job.node) >= 0 ? null : { code: 'unreachable' };
  },
};
