import { cheapestInsertion, copyOf, type Draft, draftOf, tryChanges } from '../draft.ts';
import { type Instance, NONE } from '../instance.ts';
import { solutionOf } from '../search/start.ts';
import type { Solution } from '../search/solution.ts';
import { realCost } from './describe.ts';
import type { Wish } from './forcing.ts';
import { neighbourhood } from './neighbourhood.ts';
import { coolOnce, PartOfDay } from './part-of-day.ts';

/** Shifts in which stops may move: those that have changed, filled up to so many with the nearest ones. */
const SHIFTS = 4;
/** Of each of the two searches, 25 to 50 microseconds each: the same answer on every machine. Fewer find less; with more there is time for fewer crews. */
const ITERATIONS = 300;
/** Of the searches: any would do. */
const SEED = 1;

export interface Sharpened {
  /** The best plan found with the wish. */
  readonly draft: Draft;
  /** What the same search has made the plan cheaper there without the wish: the price of the wish is against that. */
  readonly savedWithout: number;
}

/**
 * A forced plan bettered by a short search over the few shifts concerned, and the plan as it is by as long a one over the same
 * shifts. What one of them finds the other has as well, so that the difference is the price of the wish and not what the plan
 * had left to find. A day that cannot be cut so (see `PartOfDay`) comes back as it is.
 * @param draft the plan as it is @param forced with the wish, which has no place, carried out
 */
export function sharpen(draft: Draft, forced: Draft, wish: Omit<Wish, 'position'>): Sharpened {
  const { job, shift } = wish;
  const changed = [...forced.shifts.keys()].filter((s) => forced.shifts[s] !== draft.shifts[s]);
  const { own } = neighbourhood(draft, job, changed, SHIFTS);
  const part = PartOfDay.of(
    draft,
    [...own.keys()].filter((s) => own[s] === 1),
  );
  if (part === null) return { draft: forced, savedWithout: 0 };
  const [j, s] = [part.jobHere.get(job)!, part.shiftHere.get(shift)!];
  const freeSearch = part.searchFrom(part.solutionOf(draft), SEED, null);
  coolOnce(freeSearch, { iterations: ITERATIONS, millis: null });
  let free = freeSearch.solution();
  const begin = cheaperOf(part.solutionOf(forced), placedOn(part.instance, free, j, [s]));
  const heldSearch = part.searchFrom(begin, SEED, wish);
  coolOnce(heldSearch, { iterations: ITERATIONS, millis: null });
  const held = heldSearch.solution();
  free = cheaperOf(free, cheaperOf(held, placedOn(part.instance, held, j, part.shiftHere.values())));
  return {
    draft: wholeOf(draft, part, held) ?? forced,
    savedWithout: realCost(draft) - realCost(wholeOf(draft, part, free) ?? draft),
  };
}

const cheaperOf = (one: Solution, other: Solution | null): Solution => (other !== null && other.cost < one.cost ? other : one);

/** A solution with job j at its cheapest place on one of these shifts instead; null when there is none. */
function placedOn(instance: Instance, from: Solution, j: number, shifts: Iterable<number>): Solution | null {
  const draft = draftOf(instance, from);
  const home = draft.shiftOf[j]!;
  if (home !== NONE) {
    const sequence = draft.shifts[home]!.sequence.filter((other) => other !== j);
    if (!tryChanges(draft, [{ shift: home, sequence }], Infinity)) return null;
  }
  const found = { cost: 0, position: NONE };
  let best: { shift: number; position: number } | null = null;
  let least = Infinity;
  for (const shift of shifts) {
    if (instance.allowed[j * instance.shiftCount + shift] === 0) continue;
    if (!cheapestInsertion(instance, shift, draft.shifts[shift]!, j, least, found)) continue;
    least = found.cost;
    best = { shift, position: found.position };
  }
  if (best === null) return null;
  const { shift, position } = best;
  const sequence = draft.shifts[shift]!.sequence.toSpliced(position, 0, j);
  return tryChanges(draft, [{ shift, sequence }], Infinity) ? solutionOf(draft) : null;
}

/** The plan with the shifts of the part as the solution has them; null when the whole day does not allow it. */
function wholeOf(draft: Draft, part: PartOfDay, solution: Solution): Draft | null {
  const then = copyOf(draft);
  const changes = part.changesOf(solution).filter(({ shift, sequence }) => {
    const now = draft.shifts[shift]!.sequence;
    return now.length !== sequence.length || sequence.some((j, k) => j !== now[k]);
  });
  return tryChanges(then, changes, Infinity) ? then : null;
}
