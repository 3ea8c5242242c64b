import { copyOf, type Draft, restore } from '../draft.ts';
import { orOpt } from './moves/or-opt.ts';
import { relocate } from './moves/relocate.ts';
import { replace } from './moves/replace.ts';
import { ruinAndRecreate } from './moves/ruin-and-recreate.ts';
import { swap } from './moves/swap.ts';
import { twoOptStar } from './moves/two-opt-star.ts';
import type { Random } from './random.ts';
import { type Move, neighbours, type Search } from './search.ts';

/** A step that is not a ruin-and-recreate tries one of these, chosen by chance. */
const smallMoves: readonly Move[] = [relocate, swap, twoOptStar, orOpt, replace];

/** Measured at 20 x 100 and 40 x 900 with equal steps: 0.8 beats 0.5 by 1 to 5 % and 0.2 by 3 to 18 %. */
const RUIN_SHARE = 0.8;
/** Mean of the accepted deviation, in parts of what an average stop costs. Between 0 and 0.4 it hardly matters. */
const DEVIATION = 0.15;
/** Steps without a new best after which the search goes back to the best. */
const PATIENCE = 500;

/**
 * Improves the draft until `stopped`, step by step, by moves that may also make it dearer, but never by more than
 * a random amount above the best so far (record-to-record travel, Dueck, 1993, with a random deviation); ends with the best draft seen, so never with a dearer one than it was given.
 * @param stopped asked once a step with the best cost so far
 * @param onBest told of each new best
 * @returns the number of steps
 */
export function improve(draft: Draft, random: Random, stopped: (best: number) => boolean, onBest: () => void): number {
  const search: Search = { draft, near: neighbours(draft.instance) };
  const deviation = DEVIATION * averageLegCost(draft);
  let best = copyOf(draft);
  let steps = 0;
  let lastBest = 0;
  while (!stopped(best.cost)) {
    steps++;
    const move = random.next() < RUIN_SHARE ? ruinAndRecreate : smallMoves[random.below(smallMoves.length)]!;
    move.attempt(search, random, best.cost - draft.cost - deviation * Math.log(1 - random.next()));
    if (draft.cost < best.cost) {
      best = copyOf(draft);
      lastBest = steps;
      onBest();
    } else if (steps - lastBest >= PATIENCE) {
      restore(draft, best);
      lastBest = steps;
    }
  }
  restore(draft, best);
  return steps;
}

function averageLegCost(draft: Draft): number {
  let cost = 0;
  let stops = 0;
  for (const { sequence, total } of draft.shifts) {
    cost += total;
    stops += sequence.length;
  }
  return stops === 0 ? 0 : cost / stops;
}
