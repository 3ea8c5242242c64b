import { mayTake, tryChanges } from '../../draft.ts';
import { insertCheapest } from '../../insertion.ts';
import { NONE } from '../../instance.ts';
import { type Move, oneOf, someStop } from '../search.ts';

/** A left-out job takes the place of a stop near it; the one it pushes out goes where it is cheapest, if anywhere. */
export const replace: Move = {
  name: 'replace',
  attempt({ draft, near }, random, allowance) {
    const { instance, shifts, shiftOf } = draft;
    const stop = someStop(draft, random);
    if (stop === null) return false;
    const left = near(stop.job).filter((j) => shiftOf[j] === NONE && instance.fixed[j] === 0 && mayTake(instance, stop.shift, j));
    const job = oneOf(left, random);
    if (job === undefined) return false;
    const sequence = shifts[stop.shift]!.sequence.with(stop.position, job);
    if (!tryChanges(draft, [{ shift: stop.shift, sequence }], allowance)) return false;
    insertCheapest(draft, stop.job);
    return true;
  },
};
