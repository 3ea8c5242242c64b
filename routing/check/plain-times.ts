import type { InForce, Interval, Job, Problem, Shift, TravelMatrix } from '../problem.ts';

/**
 * The arithmetic of `problem.ts` in plain words, for the checker and the brute force: how long a drive or a service takes
 * this crew at this hour, and when it rests. Written a second time on purpose; the engine has its own. All times in seconds.
 */

export const isFixed = (job: Job): boolean => job.inForce?.fixed === true;
export const isStarted = (job: Job): boolean => isFixed(job) && job.inForce?.started === true;
export const isLocked = ({ inForce: held }: { readonly inForce: InForce | null }): boolean =>
  held !== null && (held.fixed || held.lockCrew || held.lockTime || held.lockOrder);

export const within = (at: number, { from, until }: Interval): boolean => from <= at && at <= until;

/** From when the crew is free. */
export const beginsAt = (problem: Problem, shift: Shift): number => Math.max(shift.from, problem.now);

/** Seconds of work. */
export const serviceOf = (shift: Shift, job: Job): number => Math.round((job.service * (shift.servicePercent ?? 100)) / 100);

/** A road from one node to another: the shift's seconds at full speed, and metres. null where no road leads. */
export interface Leg {
  readonly seconds: number;
  readonly metres: number;
}

export function legOf(problem: Problem, shift: Shift, from: number, to: number): Leg | null {
  const cell = from * problem.travel.size + to;
  const seconds = problem.travel.seconds[cell] ?? -1;
  if (seconds < 0) return null;
  return { seconds: Math.round((seconds * (shift.travelPercent ?? 100)) / 100), metres: problem.travel.metres[cell] ?? 0 };
}

/** When a drive of `seconds` at full speed that leaves at `departs` is over; see `TravelMatrix.speedByTime`. */
export function arrivalAfter(travel: TravelMatrix, departs: number, seconds: number): number {
  let left = seconds * 100;
  let at = departs;
  let percent = 100;
  for (const piece of travel.speedByTime ?? []) {
    if (piece.from > at) {
      const done = percent * (piece.from - at);
      if (done >= left) break;
      left -= done;
      at = piece.from;
    }
    percent = piece.percent;
  }
  return at + Math.ceil(left / percent);
}

/** When nothing is driven and nothing done between two windows of the shift. */
export function gapsOf(shift: Shift): Span[] {
  const windows = shift.windows ?? [];
  return windows.slice(1).flatMap((window, i) => {
    const from = windows[i]?.until ?? window.from;
    return from < window.from ? [{ from, until: window.from }] : [];
  });
}

/** From one moment to another, in seconds; empty when `until` is not after `from`. */
export interface Span {
  readonly from: number;
  readonly until: number;
}

/** Seconds that lie in at least one of the intervals. */
export function lengthOfUnion(intervals: readonly Span[]): number {
  let length = 0;
  let reached = -Infinity;
  for (const { from, until } of [...intervals].sort((a, b) => a.from - b.from)) {
    if (until <= Math.max(from, reached)) continue;
    length += until - Math.max(from, reached);
    reached = until;
  }
  return length;
}

/** Do the spans have more than an edge in common, or does an empty one lie inside the other? */
export const overlap = (a: Span, b: Span): boolean => a.from < b.until && b.from < a.until;
