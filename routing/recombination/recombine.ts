import type { Highs } from 'highs';
import { distinctColumns, leftOutUnits } from './columns.ts';
import type { PackedPartition } from './partition.ts';
import { choose, type Interrupted, leastOf, relax } from './programme.ts';

export interface RecombineLimits {
  /** Milliseconds from the call, the wait for the thread included. */
  readonly millis: number;
  /** Nodes of the branching after which it ends. With one, and when `millis` is never reached, repeatable. Absent = any number. */
  readonly nodeLimit?: number;
  /** Most routes that enter the integer programme. Absent = 1,500: twice as many take ten times as long and rarely gain. */
  readonly mostColumns?: number;
}

export interface Selection {
  /** Indices of routes; null = nothing was found, or nothing better. */
  readonly routes: Int32Array | null;
  readonly proven: boolean;
}

const MOST_COLUMNS = 1_500;
/** It begins with the few most promising: solved in a moment, and what that finds makes the next size smaller too. */
const FIRST_COLUMNS = 200;
const MORE_COLUMNS = 3;
/** Part of the time for the relaxation; by then its prices say well enough which routes look good. */
const SHARE_OF_RELAXATION = 0.5;

/**
 * Puts the best plan together from the routes: the linear relaxation over all of them says what each job is worth; routes
 * that cannot be in a better plan by those prices are dropped, and the integer programme is solved over the most promising
 * of the rest: few first, then more, each time from the best plan so far.
 * @param deadline milliseconds as of `performance.now()`
 * @param found told of each better choice as it comes
 */
export function recombine(
  highs: Highs,
  packed: PackedPartition,
  limits: Omit<RecombineLimits, 'millis'> & { readonly deadline: number; readonly stopped: Interrupted },
  found: (routes: Int32Array) => void,
): Selection {
  const { deadline, stopped } = limits;
  const columns = distinctColumns(packed);
  const left = leftOutUnits(packed);
  const routesOf = (chosen: readonly number[]): Int32Array => Int32Array.from(chosen, (c) => columns.route[c]!);
  const began = performance.now();
  const relaxUntil = began + (deadline - began) * SHARE_OF_RELAXATION;
  const { bound, reduced, complete } = relax(highs, packed, columns, left, () => stopped() || performance.now() > relaxUntil);
  const atHand: number[] = [];
  for (let c = 0; c < columns.count; c++) if (columns.atHand[c] === 1) atHand.push(c);
  const most = limits.mostColumns ?? MOST_COLUMNS;
  let best: Selection = { routes: null, proven: false };
  let bestCost = packed.incumbentCost;
  let start: readonly number[] | null = packed.incumbent === null ? null : atHand;
  for (let size = Math.min(FIRST_COLUMNS, most); ; size = Math.min(most, size * MORE_COLUMNS)) {
    // Costs are whole numbers: a better plan costs at least 1 less. 1e-3 is for the solver's tolerance.
    const room = bestCost - 1 - bound + 1e-3;
    if (complete && room < 0) return { ...best, proven: true };
    const promising = leastOf(reduced, Infinity, (c) => !complete || reduced[c]! <= room);
    const kept = [...new Set([...promising.slice(0, size), ...(start ?? [])])];
    if (stopped() || performance.now() >= deadline) return best;
    const choice = choose(
      highs,
      { packed, columns, left, kept, start, cutoff: bestCost - 0.5 },
      {
        seconds: (deadline - performance.now()) / 1000,
        nodeLimit: limits.nodeLimit ?? null,
        interrupted: () => stopped() || performance.now() >= deadline,
      },
      (chosen) => found(routesOf(chosen)),
    );
    if (choice.columns !== null && choice.cost < bestCost) {
      bestCost = choice.cost;
      start = choice.columns;
      best = { routes: routesOf(choice.columns), proven: false };
    }
    if (choice.proven && complete && promising.length <= size) return { ...best, proven: true };
    if (!choice.proven || size >= most) return best;
  }
}
