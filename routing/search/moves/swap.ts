import { mayTake, tryChanges } from '../../draft.ts';
import { type Move, oneOf, someStop } from '../search.ts';

/** Two stops near each other in different shifts change places. */
export const swap: Move = {
  name: 'swap',
  attempt({ draft, near }, random, allowance) {
    const { instance, shifts, shiftOf } = draft;
    const stop = someStop(draft, random);
    if (stop === null) return false;
    const other = oneOf(
      near(stop.job).filter((j) => shiftOf[j]! >= 0 && shiftOf[j] !== stop.shift && instance.fixed[j] === 0),
      random,
    );
    if (other === undefined) return false;
    const there = shiftOf[other]!;
    if (!mayTake(instance, there, stop.job) || !mayTake(instance, stop.shift, other)) return false;
    const theirs = shifts[there]!.sequence;
    return tryChanges(
      draft,
      [
        { shift: stop.shift, sequence: shifts[stop.shift]!.sequence.with(stop.position, other) },
        { shift: there, sequence: theirs.with(theirs.indexOf(other), stop.job) },
      ],
      allowance,
    );
  },
};
