import { bestOf, type Solution } from './solution.ts';

/** What a search brings to a meeting. */
export interface Brought {
  /** Its best on this leg, of the whole day; a divided day: the rest as it was when the leg began. */
  readonly best: Solution;
  /** A divided day: what it has in hand, and which shifts were its own. */
  readonly divided: { readonly current: Solution; readonly own: Uint8Array } | null;
}

/** What the searches go on from. */
export interface Standing {
  /** The best plan so far. */
  readonly best: Solution;
  /** A divided day: the plan they all have in hand; null = each goes on from its own where that is no dearer than the best. */
  readonly current: Solution | null;
}

/**
 * Puts together what the searches bring. A divided day is made whole again: each shift as its search has it, once for what
 * they have in hand and once for their best.
 * @param taken a plan from elsewhere, taken up where it is the cheapest
 */
export function meeting(before: Standing, brought: readonly Brought[], taken: Solution | null): Standing {
  const found = before.current === null ? bestOf(brought.map(({ best }) => best)) : joined(before.current, brought, bestIn);
  const best = found.cost < before.best.cost ? found : before.best;
  const current = before.current === null ? null : joined(before.current, brought, currentIn);
  if (taken !== null && taken.cost < best.cost) return { best: taken, current: current === null ? null : taken };
  return { best, current };
}

const bestIn = ({ best }: Brought): Solution => best;
const currentIn = ({ best, divided }: Brought): Solution => divided?.current ?? best;

function joined(from: Solution, brought: readonly Brought[], part: (one: Brought) => Solution): Solution {
  let { cost } = from;
  const sequences = from.sequences.slice();
  for (const one of brought) {
    const solution = part(one);
    cost += solution.cost - from.cost;
    one.divided?.own.forEach((own, s) => {
      if (own === 1) sequences[s] = solution.sequences[s]!;
    });
  }
  return { sequences, lockedStart: from.lockedStart, cost };
}
