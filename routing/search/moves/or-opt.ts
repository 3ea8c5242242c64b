import { mayTake, tryChanges } from '../../draft.ts';
import { type Move, oneOf, someStop } from '../search.ts';

const LONGEST = 3;

/** Two or three neighbouring stops go, as they are or turned round, behind a stop near the first of them (Or, 1976). */
export const orOpt: Move = {
  name: 'or-opt',
  attempt({ draft, near }, random, allowance) {
    const { instance, shifts, shiftOf } = draft;
    const stop = someStop(draft, random);
    if (stop === null) return false;
    const ours = shifts[stop.shift]!.sequence;
    const segment = ours.slice(stop.position, stop.position + 2 + random.below(LONGEST - 1));
    if (segment.length < 2) return false;
    const before = oneOf(
      near(stop.job).filter((j) => shiftOf[j]! >= 0 && !segment.includes(j)),
      random,
    );
    if (before === undefined) return false;
    const there = shiftOf[before]!;
    if (!segment.every((j) => mayTake(instance, there, j))) return false;
    const rest = ours.toSpliced(stop.position, segment.length);
    const target = there === stop.shift ? rest : shifts[there]!.sequence;
    const at = Math.max(target.indexOf(before) + 1, instance.fixedStops[there]!.length);
    const placed = target.toSpliced(at, 0, ...(random.below(2) === 0 ? segment : segment.toReversed()));
    const moved = { shift: there, sequence: placed };
    return tryChanges(draft, there === stop.shift ? [moved] : [{ shift: stop.shift, sequence: rest }, moved], allowance);
  },
};
