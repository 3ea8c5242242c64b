import { cheapestInsertion, type Draft, type Insertion, mayTake, tryChanges } from './draft.ts';
import { NONE } from './instance.ts';

const allShifts = (draft: Draft): number[] => [...draft.shifts.keys()];

const found: Insertion = { cost: 0, position: NONE };

/** The cheapest place for the job in any of the shifts (all of them when none are named) below `bound`, or null. Ties go to the first. */
export function cheapestPlace(
  draft: Draft,
  j: number,
  bound: number,
  among: readonly number[] = allShifts(draft),
): { shift: number; position: number; cost: number } | null {
  const { instance } = draft;
  let shift = NONE;
  let position = NONE;
  let best = bound;
  for (const s of among) {
    if (!mayTake(instance, s, j) || !cheapestInsertion(instance, s, draft.shifts[s]!, j, best, found)) continue;
    best = found.cost;
    shift = s;
    position = found.position;
  }
  return shift === NONE ? null : { shift, position, cost: best };
}

/** Puts a left-out job where it is cheapest, if that costs less than leaving it out. */
export function insertCheapest(draft: Draft, j: number, among: readonly number[] = allShifts(draft)): boolean {
  const place = cheapestPlace(draft, j, draft.instance.price[j]!, among);
  return place !== null && insertAt(draft, j, place.shift, place.position);
}

/** Puts job j at a place of a shift; false when it does not fit there. */
export function insertAt(draft: Draft, j: number, shift: number, position: number): boolean {
  const sequence = draft.shifts[shift]!.sequence.toSpliced(position, 0, j);
  return tryChanges(draft, [{ shift, sequence }], Infinity);
}

/**
 * Cheapest insertion: of all left-out jobs and all places, again and again the pair that saves most, until none saves
 * anything. After each insertion only the shift that changed is looked at again.
 */
export function insertWhatIsLeft(draft: Draft, stopped: () => boolean): void {
  const { instance } = draft;
  const best = new Map<number, { shift: number; position: number; cost: number }>();
  const look = (j: number): void => {
    const place = cheapestPlace(draft, j, instance.price[j]!);
    if (place === null) best.delete(j);
    else best.set(j, place);
  };
  for (let j = 0; j < instance.jobCount; j++) if (draft.shiftOf[j] === NONE && instance.fixed[j] === 0) look(j);
  while (best.size > 0 && !stopped()) {
    let job = NONE;
    let most = 0;
    for (const [j, place] of best) {
      const saving = instance.price[j]! - place.cost;
      if (saving > most || (saving === most && j < job)) {
        most = saving;
        job = j;
      }
    }
    const place = best.get(job);
    if (place === undefined) return;
    best.delete(job);
    insertAt(draft, job, place.shift, place.position);
    const changed = draft.shifts[place.shift]!;
    for (const [j, other] of best) {
      if (other.shift === place.shift) look(j);
      else if (mayTake(instance, place.shift, j) && cheapestInsertion(instance, place.shift, changed, j, other.cost, found)) {
        best.set(j, { shift: place.shift, position: found.position, cost: found.cost });
      }
    }
  }
}
