import type { Job, Problem, Shift } from '../problem.ts';
import type { Constraint } from './constraint.ts';

const levelOf = (shift: Shift, skill: string): number => shift.skillLevels?.[skill] ?? 1;

/** What it costs that a crew is better than the job needs: one price for each level above the preferred one. */
export function overqualificationCost(problem: Problem, shift: Shift, job: Job): number {
  const perLevel = problem.weights.overqualificationPerLevel ?? 0;
  if (perLevel === 0 || job.preferredLevels === undefined) return 0;
  let levels = 0;
  for (const [skill, enough] of Object.entries(job.preferredLevels)) {
    if (shift.skills.includes(skill)) levels += Math.max(0, levelOf(shift, skill) - enough);
  }
  return levels * perLevel;
}

/** A crew holds each skill at the level that the job needs. Asked after `skills`. */
export const skillLevels: Constraint = {
  name: 'skill levels',
  blocks({ shift, job }) {
    const missing = Object.entries(job.skillLevels ?? {})
      .filter(([skill, least]) => levelOf(shift, skill) < least)
      .map(([skill]) => skill);
    return missing.length === 0 ? null : { code: 'no_crew_with_level', missing: missing.sort() };
  },
};
