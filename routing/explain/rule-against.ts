import { pairOf } from '../compile.ts';
import { constraints } from '../constraints/all.ts';
import { mayTake } from '../draft.ts';
import { type Instance, NONE } from '../instance.ts';
import type { Reason } from '../plan.ts';
import type { Explainer } from './explainer.ts';

/**
 * Whether job j may be forced onto shift s at all; then only its stops decide. Not a fixed job; not where a rule between crew and
 * job forbids it; of linked jobs those that are in the plan, and those that one crew must do together stay with their crew.
 */
export function mayBeForced({ instance, draft }: Explainer, s: number, j: number): boolean {
  if (instance.fixed[j] === 1 || !mayTake(instance, s, j)) return false;
  if (instance.groupOf[j] === NONE) return true;
  return draft.shiftOf[j] !== NONE && (draft.shiftOf[j] === s || !isTied(instance, j));
}

/** Linked so that one crew must do both. */
const isTied = (instance: Instance, j: number): boolean =>
  linksOf(instance, j).some(({ first, second, sameShift }) => sameShift && (first === j || second === j));

const linksOf = (instance: Instance, j: number) => instance.groupLinks[instance.groupOf[j]!] ?? [];

/** Why job j cannot be forced onto shift s: the first rule against it, else what it is linked to, else the stops that must stay there. */
export function ruleAgainst(instance: Instance, s: number, j: number): Reason {
  const { problem } = instance;
  const shift = instance.shiftIndex[s]!;
  const held = problem.jobs[instance.jobIndex[j]!]?.inForce ?? null;
  if (held?.fixed === true) return { code: 'locks_do_not_fit', shift: held.shift };
  const pair = pairOf(instance, s, j);
  for (const rule of constraints) {
    const no = rule.blocks(pair);
    if (no !== null) return no;
  }
  const link = linksOf(instance, j).find(({ first, second }) => first === j || second === j);
  if (link === undefined) return { code: 'locks_do_not_fit', shift };
  return { code: 'linked_job_does_not_fit', job: instance.jobIndex[link.first === j ? link.second : link.first]! };
}
