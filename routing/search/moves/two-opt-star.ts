import { mayTake, tryChanges } from '../../draft.ts';
import { type Move, oneOf, someStop } from '../search.ts';

/** Two shifts exchange what lies behind a cut, so that a stop is followed by one near to it (Potvin and Rousseau, 1995). */
export const twoOptStar: Move = {
  name: '2-opt*',
  attempt({ draft, near }, random, allowance) {
    const { instance, shifts, shiftOf } = draft;
    const stop = someStop(draft, random);
    if (stop === null) return false;
    const next = oneOf(
      near(stop.job).filter((j) => shiftOf[j]! >= 0 && shiftOf[j] !== stop.shift && instance.fixed[j] === 0),
      random,
    );
    if (next === undefined) return false;
    const there = shiftOf[next]!;
    const ours = shifts[stop.shift]!.sequence;
    const theirs = shifts[there]!.sequence;
    const cut = theirs.indexOf(next);
    const tail = ours.slice(stop.position + 1);
    const theirTail = theirs.slice(cut);
    if (!tail.every((j) => mayTake(instance, there, j)) || !theirTail.every((j) => mayTake(instance, stop.shift, j)))
      return false;
    return tryChanges(
      draft,
      [
        { shift: stop.shift, sequence: [...ours.slice(0, stop.position + 1), ...theirTail] },
        { shift: there, sequence: [...theirs.slice(0, cut), ...tail] },
      ],
      allowance,
    );
  },
};
