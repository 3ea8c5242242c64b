import type { Reason } from '../plan.ts';
import type { Job, Shift, TravelMatrix } from '../problem.ts';
import type { Seconds } from '../units.ts';

/** One crew shift and one job, as a rule sees them. */
export interface Pair {
  readonly shiftIndex: number;
  readonly shift: Shift;
  readonly job: Job;
  readonly travel: TravelMatrix;
  /** When and where the crew is free: after its fixed stops, never before `now`. */
  readonly freeAt: Seconds;
  readonly freeNode: number;
  /** Drives the day with the fixed stops and this one job, breaks included: does it end well? */
  readonly fits: () => boolean;
}

/** One rule of the city. A "no" is a value that says why, with the figures the dispatcher is told. */
export interface Constraint {
  readonly name: string;
  /** Null = this rule has nothing against the pair, were the job the only movable stop of the shift. */
  blocks(pair: Pair): Reason | null;
}
