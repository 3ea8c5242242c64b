import { type Instance, NEVER, NONE, UNLIMITED } from './instance.ts';

/**
 * How much later a crew could leave and be home no later, for `Shift.maxDuration`, kept while `schedule.ts` drives its day. Called
 * only where the shift has that limit.
 */

/** What of the cursor of `schedule.ts` it reads; its fields are described there. */
interface DayUnderWay {
  readonly time: number;
  readonly travel: number;
  readonly work: number;
  readonly begun: number;
  readonly rest: number;
  readonly busyInGaps: number;
  readonly arrival: number;
  slack: number;
}

/**
 * A gap has no room: whoever leaves later must still have done before it what came before it. Gaps that begin from when the
 * cursor was free to before `until`; what is at `busyFrom` goes on over them.
 * @param on seconds of the way to the next stop, where it has been driven by then
 */
export function holdByGaps(
  instance: Instance,
  s: number,
  cursor: DayUnderWay,
  until: number,
  busyFrom: number,
  on: number,
): void {
  for (let g = instance.gapFirst[s]!; g < instance.gapFirst[s + 1]!; g++) {
    const from = instance.gapFrom[g]!;
    if (from < cursor.time || from >= until) continue;
    const moment = Math.min(from, busyFrom);
    const way = cursor.arrival <= moment ? on : 0;
    cursor.slack = Math.min(cursor.slack, waitedUntil(instance, s, cursor, moment, way));
  }
}

/**
 * Seconds that the crew has waited until a moment: not driven, worked or rested, and in no gap.
 * @param on seconds already driven towards the next stop
 */
export function waitedUntil(instance: Instance, s: number, cursor: DayUnderWay, moment: number, on: number): number {
  const spent = cursor.travel + on + cursor.work + cursor.rest - cursor.busyInGaps;
  return Math.max(0, moment - cursor.begun - spent - secondsInGaps(instance, s, cursor.begun, moment));
}

/** Seconds between two moments that lie in gaps of the shift. */
export function secondsInGaps(instance: Instance, s: number, from: number, until: number): number {
  let sum = 0;
  for (let g = instance.gapFirst[s]!; g < instance.gapFirst[s + 1]!; g++) {
    sum += Math.max(0, Math.min(until, instance.gapUntil[g]!) - Math.max(from, instance.gapFrom[g]!));
  }
  return sum;
}

/** End of the window in which a start lies, or the start it is locked to. */
export function latestLike(instance: Instance, j: number, start: number): number {
  if (instance.fixed[j] === 1 || instance.groupOf[j] !== NONE) return start;
  if (instance.lockedStart[j] !== NEVER) return instance.lockedStart[j]!;
  for (let w = instance.windowFirst[j]!; w < instance.windowFirst[j + 1]!; w++) {
    if (instance.windowFrom[w]! <= start && start <= instance.windowUntil[w]!) return instance.windowUntil[w]!;
  }
  return UNLIMITED;
}
