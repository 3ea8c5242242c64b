import { MalformedInstance } from './malformed-instance.ts';
import { linesOf, numberIn, wholeIn } from './text-cells.ts';

/** A solution as `.sol` files have it: customers by route, and the cost that is claimed for it, in the file's unit. */
export interface SolutionFile {
  /** Empty when the file has the cost only. A route may be empty; its place is the number of its vehicle. */
  readonly routes: readonly (readonly number[])[];
  readonly cost: number | null;
}

/** Reads lines like `Route #1: 5 3 7` and `Cost 827.3` or `Cost: 827`; others are remarks. @throws MalformedInstance. */
export function readSolution(text: string): SolutionFile {
  const routes: number[][] = [];
  let cost: number | null = null;
  for (const { cells, text: line, number } of linesOf(text)) {
    const [first] = cells;
    if (/^cost:?$/i.test(first.text)) {
      const cell = cells[1];
      if (cell === undefined)
        throw new MalformedInstance({ line: number, column: line.trimEnd().length + 1 }, 'the cost is missing');
      cost = numberIn(cell, 'cost');
    }
    if (!/^route$/i.test(first.text)) continue;
    const colon = line.indexOf(':');
    if (colon === -1) throw new MalformedInstance(first, 'a route has a colon before its customers');
    routes.push(cells.filter(({ column }) => column > colon + 1).map((cell) => wholeIn(cell, 'customer', 1)));
  }
  if (routes.length === 0 && cost === null)
    throw new MalformedInstance({ line: 1, column: 1 }, 'neither a route nor a cost is there');
  return { routes, cost };
}
