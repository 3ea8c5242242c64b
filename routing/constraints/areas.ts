import type { Job, Shift } from '../problem.ts';
import type { Constraint } from './constraint.ts';

const outside = (shift: Shift, job: Job): boolean =>
  job.area !== undefined && shift.areas !== undefined && !shift.areas.includes(job.area);

/** What it costs that the job lies outside the crew's areas; 0 inside, and where it may not go at all. */
export const areaCost = (shift: Shift, job: Job): number => (outside(shift, job) ? (shift.outsideAreaPrice ?? 0) : 0);

/** A crew works in its areas, outside them only where that has a price. */
export const areas: Constraint = {
  name: 'areas',
  blocks({ shift, job }) {
    const never = outside(shift, job) && (shift.outsideAreaPrice ?? null) === null;
    return never ? { code: 'outside_every_area', area: job.area ?? '' } : null;
  },
};
