import type { Constraint } from './constraint.ts';

/** A crew must hold every skill the job asks for. */
export const skills: Constraint = {
  name: 'skills',
  blocks({ shift, job }) {
    const missing = job.skills.filter((skill) => !shift.skills.includes(skill));
    return missing.length === 0 ? null : { code: 'no_crew_with_skills', missing: [...new Set(missing)].sort() };
  },
};
