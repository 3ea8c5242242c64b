import { leftOutPrice } from '../compile.ts';
import { NONE } from '../instance.ts';
import type { Reason } from '../plan.ts';
import { describe, realCost } from './describe.ts';
import type { Explainer } from './explainer.ts';
import type { Alternative, Alternatives } from './explanation.ts';
import { Forcing } from './forcing.ts';
import { mayBeForced, ruleAgainst } from './rule-against.ts';

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
  const others: Alternative[] = [];
  const blocked: { shift: number; reason: Reason }[] = [];
  for (let s = 0; s < instance.shiftCount; s++) {
    if (s === home) continue;
    const able = without !== null && mayBeForced(explainer, s, j);
    const forced = able ? forcing.force(without, { job: j, shift: s, position: null }) : null;
    if (forced !== null) others.push(describe(explainer, forced, j));
    else blocked.push({ shift: instance.shiftIndex[s]!, reason: ruleAgainst(instance, s, j) });
  }
  const idOf = (shift: number): string => problem.shifts[shift]!.id;
  others.sort((a, b) => a.price - b.price || (idOf(a.shift) < idOf(b.shift) ? -1 : 1));
  blocked.sort((a, b) => a.shift - b.shift);
  const price = leftOutPrice(problem, problem.jobs[job]!);
  const saved = home === NONE || without === null ? 0 : realCost(draft) - realCost(without) + price;
  return { job, shift: home === NONE ? null : instance.shiftIndex[home]!, saved, others, blocked };
}
