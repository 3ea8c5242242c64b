import { seconds } from '../units.ts';
import { type Constraint, driveSeconds, homeSeconds, serviceSeconds } from './constraint.ts';

/** Way, work and way home fit between the moment the crew is free and the end of the shift with its allowed overtime. */
export const shiftTime: Constraint = {
  name: 'shift time',
  blocks(pair) {
    const { shift, job, freeAt, freeNode } = pair;
    const needed = driveSeconds(pair, freeNode, job.node) + serviceSeconds(pair) + homeSeconds(pair, job.node);
    const most = shift.until + shift.overtime - freeAt;
    return needed <= most
      ? null
      : { code: 'longer_than_any_shift', neededSeconds: seconds(needed), mostSeconds: seconds(Math.max(0, most)) };
  },
};
