import { percentOf } from '../compile-ways.ts';
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

/** Seconds that this crew drives between two nodes, at the speed the matrix stands for; -1 where no road leads. */
export function driveSeconds({ shift, travel }: Pair, from: number, to: number): number {
  return percentOf(travel.seconds[from * travel.size + to] ?? -1, shift.travelPercent ?? 100);
}

/** Seconds that this crew drives home from a node: 0 when it ends anywhere, -1 where no road leads. */
export const homeSeconds = (pair: Pair, from: number): number =>
  pair.shift.endNode === null ? 0 : driveSeconds(pair, from, pair.shift.endNode);

/** Seconds that this crew works on the job. */
export const serviceSeconds = ({ shift, job }: Pair): number => percentOf(job.service, shift.servicePercent ?? 100);
