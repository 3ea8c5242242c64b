import type { Constraint } from './constraint.ts';

/** A crew that has declined a job is not asked again; a person may still give it to that crew, and then it stays there. */
export const declined: Constraint = {
  name: 'declined',
  blocks({ job, shiftIndex }) {
    if (job.declinedBy === undefined || !job.declinedBy.includes(shiftIndex)) return null;
    return job.inForce?.shift === shiftIndex ? null : { code: 'declined', shift: shiftIndex };
  },
};
