import { leftOutPrice } from '../compile.ts';
import type { Draft } from '../draft.ts';
import { NONE } from '../instance.ts';
import type { Reason } from '../plan.ts';
import { describe, realCost } from './describe.ts';
import type { Explainer } from './explainer.ts';
import type { Alternative, Alternatives } from './explanation.ts';
import { Forcing } from './forcing.ts';
import { mayBeForced, ruleAgainst } from './rule-against.ts';

/** So many of the cheapest are repaired in more than one way. A search over one crew waits until somebody looks at it (`refinePrice`). */
const THOROUGH = 6;

/**
 * Who else could do a job, the cheapest first, with the price of each: the job is forced onto that shift and the plan repaired
 * round it (see `Forcing`), every other shift as it is. For a job left out too: its price is then what leaving it out costs less.
 * A linked job keeps the start that it has agreed on; one that is left out is put in by a search, not here: nobody is named.
 * A fixed job stays with its crew.
 * @param job index of the problem
 * Throws RangeError where there is no such job.
 */
export function alternativesOf(explainer: Explainer, job: number): Alternatives {
  const { problem, instance, draft } = explainer;
  const j = instance.jobPlace[job];
  if (j === undefined) throw new RangeError(`no job ${job}`);
  const home = draft.shiftOf[j]!;
  const forcing = new Forcing(explainer);
  const without = instance.fixed[j] === 1 ? null : forcing.taken(j);
  const forced = without === null ? [] : forcedPlans(explainer, forcing, without, j);
  const others = forced.map((one): Alternative => describe(explainer, one.draft, j));
  const able = new Set(forced.map(({ shift }) => shift));
  const blocked: { shift: number; reason: Reason }[] = [];
  for (let s = 0; s < instance.shiftCount; s++) {
    if (s !== home && !able.has(s)) blocked.push({ shift: instance.shiftIndex[s]!, reason: ruleAgainst(instance, s, j) });
  }
  const idOf = (shift: number): string => problem.shifts[shift]!.id;
  others.sort((a, b) => a.price - b.price || (idOf(a.shift) < idOf(b.shift) ? -1 : 1));
  blocked.sort((a, b) => a.shift - b.shift);
  const price = leftOutPrice(problem, problem.jobs[job]!);
  const saved = home === NONE || without === null ? 0 : realCost(draft) - realCost(without) + price;
  return { job, shift: home === NONE ? null : instance.shiftIndex[home]!, saved, others, blocked };
}

/** A plan with the job on another shift. */
export interface ForcedPlan {
  /** Of the instance. */
  readonly shift: number;
  readonly draft: Draft;
}

/**
 * The plan with job j forced onto each other shift that can have it. More work goes into the few that are cheapest, so that the
 * answer as a whole takes about the same time whatever is asked.
 * @param without the plan without the job
 */
export function forcedPlans(explainer: Explainer, forcing: Forcing, without: Draft, j: number): ForcedPlan[] {
  const { instance, draft } = explainer;
  const plans: ForcedPlan[] = [];
  for (let shift = 0; shift < instance.shiftCount; shift++) {
    if (shift === draft.shiftOf[j] || !mayBeForced(explainer, shift, j)) continue;
    const forced = forcing.force(without, { job: j, shift, position: null }, false);
    if (forced !== null) plans.push({ shift, draft: forced });
  }
  const byCost = (a: ForcedPlan, b: ForcedPlan): number => a.draft.cost - b.draft.cost || a.shift - b.shift;
  plans.sort(byCost);
  for (const [k, { shift }] of plans.slice(0, THOROUGH).entries()) {
    const forced = forcing.force(without, { job: j, shift, position: null });
    if (forced !== null) plans[k] = { shift, draft: forced };
  }
  plans.sort(byCost);
  return plans;
}
