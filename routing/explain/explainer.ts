import { compile } from '../compile.ts';
import { type Draft, draftOf } from '../draft.ts';
import type { Instance } from '../instance.ts';
import type { Plan } from '../plan.ts';
import type { Problem } from '../problem.ts';
import { costOfDraft } from '../report-plan.ts';
import { nearness, type Nearness } from '../search/nearness.ts';
import { solutionOfPlan } from '../search/start.ts';
import { KnownPlaces } from './known-places.ts';

/**
 * A plan made ready to be asked about: the problem compiled and the plan driven once, for any number of questions. Nobody
 * changes `draft`: a question that tries something takes a copy. Linked jobs have agreed on their starts in `instance.lockedStart`.
 */
export interface Explainer {
  readonly problem: Problem;
  readonly plan: Plan;
  readonly instance: Instance;
  readonly draft: Draft;
  readonly near: Nearness;
  readonly places: KnownPlaces;
}

/** The plan is none of this problem: a stop, a time or a price differs. */
export class ForeignPlan extends Error {
  override readonly name = 'ForeignPlan';
}

/**
 * Reads the problem and drives the plan (100 shifts x 1,000 jobs: 0.1 to 0.2 s).
 * Throws InvalidProblem, and ForeignPlan for a plan that this problem cannot have or that costs something else there.
 */
export function explainerOf(problem: Problem, plan: Plan): Explainer {
  const instance = compile(problem);
  const draft = driven(instance, plan);
  const { total } = costOfDraft(draft);
  if (total !== plan.cost.total) throw new ForeignPlan(`the plan costs ${total} by this problem and says ${plan.cost.total}`);
  const near = nearness(instance);
  return { problem, plan, instance, draft, near, places: new KnownPlaces(draft, near) };
}

function driven(instance: Instance, plan: Plan): Draft {
  const known =
    plan.shifts.every(({ shift, stops }) => {
      return shift in instance.shiftPlace && stops.every(({ job }) => job in instance.jobPlace);
    }) && plan.unassigned.every(({ job }) => job in instance.jobPlace);
  if (!known) throw new ForeignPlan('the plan names a shift or a job that the problem does not have');
  try {
    return draftOf(instance, solutionOfPlan(instance, plan));
  } catch (error) {
    throw new ForeignPlan('the plan cannot be driven by this problem', { cause: error });
  }
}
