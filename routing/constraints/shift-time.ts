import { seconds } from '../units.ts';
import type { Constraint } from './constraint.ts';

/** Way, work and way home fit between the moment the crew is free and the end of the shift with its allowed overtime. */
export const shiftTime: Constraint = {
  name: 'shift time',
  blocks({ shift, job, travel, freeAt, freeNode }) {
    const there = travel.seconds[freeNode * travel.size + job.node] ?? 0;
    const home = shift.endNode === null ? 0 : (travel.seconds[job.node * travel.size + shift.endNode] ?? 0);
    const needed = there + job.service + home;
    const most = shift.until + shift.overtime - freeAt;
    return needed <= most
      ? null
      : { code: 'longer_than_any_shift', neededSeconds: seconds(needed), mostSeconds: seconds(Math.max(0, most)) };
  },
};
