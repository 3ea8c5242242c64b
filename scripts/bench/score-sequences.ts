import { compile } from '../../routing/compile.ts';
import { emptyDraft, mayTake, tryChanges } from '../../routing/draft.ts';
import { NONE } from '../../routing/instance.ts';
import type { Plan } from '../../routing/plan.ts';
import type { Problem } from '../../routing/problem.ts';
import { planOf, type PlanMaking } from '../../routing/report-plan.ts';

export interface ScoredSequences {
  readonly plan: Plan;
  /** Jobs that our rules do not allow where they were put; they count as left out. */
  readonly dropped: readonly number[];
}

/** The plan was not made by us: there is nothing to tell of its making. */
const NOBODYS: PlanMaking = {
  seed: 0,
  iterations: 0,
  rounds: [],
  pace: { rounds: 0, filled: 0, steps: [] },
  maxChanges: null,
  forcedChanges: 0,
};

/**
 * Somebody else's sequences (jobs by shift, the problem's indices) driven through our schedule and priced by our objective.
 * Nothing is searched for; a job that does not fit where it was put is left out and its price is paid.
 */
export function scoreSequences(problem: Problem, sequences: readonly (readonly number[])[]): ScoredSequences {
  const instance = compile(problem);
  const draft = emptyDraft(instance);
  const placeOfJob = new Map([...instance.jobIndex].map((job, place) => [job, place]));
  const placeOfShift = new Map([...instance.shiftIndex].map((shift, place) => [shift, place]));
  const dropped: number[] = [];
  sequences.forEach((jobs, index) => {
    const shift = placeOfShift.get(index);
    if (shift === undefined) return void dropped.push(...jobs);
    const wanted = jobs.flatMap((job) => {
      const place = placeOfJob.get(job);
      const usable = place !== undefined && draft.shiftOf[place] === NONE && mayTake(instance, shift, place);
      if (!usable) dropped.push(job);
      return usable ? [{ job, place }] : [];
    });
    const all = [...(draft.shifts[shift]?.sequence ?? []), ...wanted.map(({ place }) => place)];
    if (tryChanges(draft, [{ shift, sequence: all }], Infinity)) return;
    // One after the other as far as they go.
    for (const { job, place } of wanted) {
      const sequence = [...(draft.shifts[shift]?.sequence ?? []), place];
      if (!tryChanges(draft, [{ shift, sequence }], Infinity)) dropped.push(job);
    }
  });
  return { plan: planOf(draft, NOBODYS), dropped };
}
