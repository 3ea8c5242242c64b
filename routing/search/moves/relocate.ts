import { cheapestInsertion, type Insertion, mayTake, shiftState, tryChanges } from '../../draft.ts';
import { type Move, someStop } from '../search.ts';

const found: Insertion = { cost: 0, position: 0 };

/** Takes one stop out and puts it where it is cheapest, in its own shift or another. */
export const relocate: Move = {
  name: 'relocate',
  attempt({ draft }, random, allowance) {
    const { instance, shifts } = draft;
    const stop = someStop(draft, random);
    if (stop === null) return false;
    const from = shifts[stop.shift]!;
    const without = from.sequence.toSpliced(stop.position, 1);
    const rest = shiftState(instance, stop.shift, without);
    if (rest === null) return false;
    const saved = from.total - rest.total;
    let to = -1;
    let position = 0;
    let best = allowance + saved;
    for (let s = 0; s < shifts.length; s++) {
      const state = s === stop.shift ? rest : shifts[s]!;
      if (!mayTake(instance, s, stop.job) || !cheapestInsertion(instance, s, state, stop.job, best, found)) continue;
      to = s;
      position = found.position;
      best = found.cost;
    }
    if (to === -1 || (to === stop.shift && position === stop.position)) return false;
    const target = to === stop.shift ? without : shifts[to]!.sequence;
    const moved = { shift: to, sequence: target.toSpliced(position, 0, stop.job) };
    const changes = to === stop.shift ? [moved] : [{ shift: stop.shift, sequence: without }, moved];
    return tryChanges(draft, changes, allowance);
  },
};
