import type { Pace } from '../plan.ts';
import type { Standing } from './meeting.ts';
import { partOf } from './part.ts';
import { COOLING_STEPS, type Search } from './search.ts';
import type { Solution } from './solution.ts';
import type { Stop } from './stop.ts';

/**
 * Several searches work side by side from the same start with chance of their own. At these steps of cooling they meet and
 * those that are behind go on from the best: rarely, so that they do not all walk the same way.
 */
const MEETINGS: readonly number[] = [100, 140, 170, 190];
/** Searches that divide the day (see part.ts) meet often, so that what lies on the border of two parts soon lies within one. */
const STEPS_DIVIDED = 5;

/** From one meeting to the next: steps from `from` to below `to`. */
export interface Leg {
  readonly from: number;
  readonly to: number;
}

const LEGS: readonly Leg[] = [0, ...MEETINGS].map((from, i) => ({ from, to: MEETINGS[i] ?? COOLING_STEPS }));
const DIVIDED_LEGS: readonly Leg[] = Array.from({ length: COOLING_STEPS / STEPS_DIVIDED }, (_, i) => ({
  from: i * STEPS_DIVIDED,
  to: (i + 1) * STEPS_DIVIDED,
}));

export const legsOf = (divided: boolean): readonly Leg[] => (divided ? DIVIDED_LEGS : LEGS);

const RECOMBINED_FROM: readonly number[] = [140, 170];
/** Whether the routes of all searches so far are put together anew when a leg begins; what comes of it is taken up at a later meeting. */
export const isRecombined = (leg: Leg | undefined): boolean => leg !== undefined && RECOMBINED_FROM.includes(leg.from);

/** Before each leg: a search that is behind goes on from the best; one of a divided day takes its part, from what all have in hand. */
export function beginLeg(search: Search, standing: Standing, leg: number, index: number, searches: number): void {
  const { best, current } = standing;
  if (current !== null) search.takePart(partOf(search.routes.instance, current, leg, index, searches), current);
  else if (search.bestCost > best.cost) search.adopt(best);
}
/** With less time than this it does not pay to start the solver. */
export const LEAST_MILLIS_TO_RECOMBINE = 4_000;

/** The plan put together that was taken up at the end of a leg, where the pace tells of one. */
export function recombinedAt(pace: Pace | null, leg: number): Solution | null {
  const taken = pace?.recombined?.find(({ meeting }) => meeting === leg);
  return taken === undefined ? null : { sequences: taken.sequences, lockedStart: null, cost: taken.cost };
}

/** What limits the searches, measured from when they begin. */
export interface Limits {
  readonly stop: Stop;
  /** Follow this instead: see Pace. */
  readonly pace: Pace | null;
  /** Milliseconds on performance.now() at which they begin and must have ended; Infinity without a time limit. */
  readonly begins: number;
  readonly ends: number;
  /** Asked every few iterations: true = end now with the best so far. */
  readonly endNow: () => boolean;
}

/**
 * One search walks one leg. `marks` takes its iteration at the beginning of each step, and after the last leg the end.
 * Gives false when it has ended for good.
 */
export function walk(search: Search, index: number, leg: Leg, limits: Limits, marks: number[]): boolean {
  const { stop, pace, begins, ends, endNow } = limits;
  if (pace !== null) {
    const steps = pace.steps[index] ?? [0];
    for (let step = leg.from; step < leg.to; step++) {
      const until = steps[step + 1];
      if (until === undefined) return false;
      marks.push(search.iterations);
      search.cool(step, until, endNow);
    }
    return true;
  }
  for (let step = leg.from; step < leg.to; step++) {
    if (endNow()) return false;
    const until = stop.iterations === null ? Infinity : Math.floor((stop.iterations * (step + 1)) / COOLING_STEPS);
    const end = begins + ((ends - begins) * (step + 1)) / COOLING_STEPS;
    marks.push(search.iterations);
    search.cool(step, until, () => performance.now() >= end || endNow());
  }
  return true;
}

/** The seed of one of several searches. */
export const seedOf = (seed: number, index: number): number => seed + index * 0x1_0000_0001;

/** Where in its period the charge on routes begins for one of several searches: opposite for two, in quarters for four. */
export const phaseOf = (index: number): number => [0, 0.5, 0.25, 0.75][index % 4]!;
