import type { Constraint } from './constraint.ts';

/** Every plant item the job asks for must be in the shift. */
export const plant: Constraint = {
  name: 'plant',
  blocks({ shift, job }) {
    const missing = job.plant.filter((item) => !shift.plant.includes(item));
    return missing.length === 0 ? null : { code: 'no_crew_with_plant', missing: [...new Set(missing)].sort() };
  },
};
