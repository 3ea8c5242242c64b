import type { Job } from '../problem.ts';
import type { Constraint } from './constraint.ts';

/** The only shift that may have this job, or null: a fixed stop, a crew lock, or a place locked in a shift's order. */
export function boundShift(job: Job): number | null {
  const held = job.inForce;
  return held !== null && (held.fixed || held.lockCrew || held.lockOrder) ? held.shift : null;
}

/** A job that is bound to one shift is not given to another. */
export const lockedCrew: Constraint = {
  name: 'locked crew',
  blocks({ job, shiftIndex }) {
    const bound = boundShift(job);
    return bound === null || bound === shiftIndex ? null : { code: 'locks_do_not_fit', shift: bound };
  },
};
