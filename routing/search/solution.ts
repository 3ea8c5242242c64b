/** A whole plan as the searches hand it to each other: data only. */
export interface Solution {
  /** Movable stops of each shift, in order; indices of the instance. */
  readonly sequences: readonly (readonly number[])[];
  /** Starts that linked jobs have agreed on; null where there are no links. */
  readonly lockedStart: Int32Array | null;
  readonly cost: number;
}

/** The cheapest; of equals the first. */
export function bestOf(solutions: readonly Solution[]): Solution {
  const [first, ...rest] = solutions;
  if (first === undefined) throw new RangeError('no solutions');
  return rest.reduce((best, one) => (one.cost < best.cost ? one : best), first);
}
