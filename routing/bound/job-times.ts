import { type Instance, NEVER, NONE } from '../instance.ts';
import { startCost } from '../schedule.ts';
import { waitingCost } from '../waiting-cost.ts';

/**
 * When a relaxed route starts on a job, and what that start costs: never later than in a real plan, never dearer, and neither
 * falls when the arrival gets later. So a label that is earlier and cheaper is better whatever follows.
 *
 * Arrays by job of the instance. What the plan in force makes dearer by an early start (moved before the tolerance, before
 * what was promised) is not charged; a job locked in time has one start, and its whole price in `givenPrice`.
 */
export interface JobTimes {
  readonly opens: Int32Array;
  /** The last start; NEVER = none is possible. */
  readonly closes: Int32Array;
  readonly manyWindows: Uint8Array;
  readonly windowFirst: Int32Array;
  readonly windowFrom: Int32Array;
  readonly windowUntil: Int32Array;
  /** Starts up to here cost nothing. */
  readonly quietUntil: Float64Array;
  readonly release: Int32Array;
  readonly due: Float64Array;
  readonly latePerSecond: Float64Array;
  readonly severeAfter: Float64Array;
  readonly severePerSecond: Float64Array;
  readonly waitingPerHour: Float64Array;
  readonly movedAfter: Float64Array;
  readonly movePerSecond: number;
  readonly promisedUntil: Float64Array;
  readonly brokenPromise: number;
  /** What the one start of a job locked in time costs on its own crew. */
  readonly givenPrice: Float64Array;
}

export function jobTimes(instance: Instance): JobTimes {
  const { jobCount, windowFirst, windowFrom, windowUntil, release, givenStart, problem } = instance;
  const opens = new Int32Array(jobCount);
  const closes = new Int32Array(jobCount);
  const manyWindows = new Uint8Array(jobCount);
  const quietUntil = new Float64Array(jobCount).fill(Infinity);
  const movedAfter = new Float64Array(jobCount).fill(Infinity);
  const promisedUntil = new Float64Array(jobCount).fill(Infinity);
  const givenPrice = new Float64Array(jobCount);
  const { moveOfStartPerSecond, startTolerance, brokenPromise } = problem.weights;
  for (let j = 0; j < jobCount; j++) {
    const first = windowFirst[j]!;
    const end = windowFirst[j + 1]!;
    const given = givenStart[j]!;
    if (given !== NEVER) {
      let inside = first === end;
      for (let w = first; w < end; w++) if (windowFrom[w]! <= given && given <= windowUntil[w]!) inside = true;
      opens[j] = given;
      closes[j] = inside && release[j]! <= given ? given : NEVER;
      const crew = instance.forceShift[j]!;
      givenPrice[j] = startCost(instance, crew, j, given);
      continue;
    }
    opens[j] = first === end ? release[j]! : Math.max(release[j]!, windowFrom[first]!);
    closes[j] = instance.latestStart[j]!;
    manyWindows[j] = end - first > 1 ? 1 : 0;
    if (instance.forceShift[j] !== NONE && instance.fixed[j] === 0) {
      if (moveOfStartPerSecond > 0) movedAfter[j] = instance.forceStart[j]! + startTolerance;
      if (brokenPromise > 0) promisedUntil[j] = instance.promisedUntil[j]!;
    }
    quietUntil[j] = Math.min(
      instance.latePerSecond[j]! > 0 ? instance.due[j]! : Infinity,
      instance.severePerSecond[j]! > 0 ? instance.due[j]! + instance.severeAfter[j]! : Infinity,
      instance.waitingPerHour[j]! > 0 ? release[j]! : Infinity,
      movedAfter[j]!,
      promisedUntil[j]!,
    );
  }
  return {
    opens,
    closes,
    manyWindows,
    windowFirst,
    windowFrom,
    windowUntil,
    quietUntil,
    release,
    due: instance.due,
    latePerSecond: instance.latePerSecond,
    severeAfter: instance.severeAfter,
    severePerSecond: instance.severePerSecond,
    waitingPerHour: instance.waitingPerHour,
    movedAfter,
    movePerSecond: moveOfStartPerSecond,
    promisedUntil,
    brokenPromise,
    givenPrice,
  };
}

/** The first start at `arrival` or later, NEVER when it is too late. */
export function relaxedStart(times: JobTimes, j: number, arrival: number): number {
  const opens = times.opens[j]!;
  const start = arrival > opens ? arrival : opens;
  if (start > times.closes[j]!) return NEVER;
  return times.manyWindows[j] === 0 ? start : startInWindows(times, j, start);
}

function startInWindows(times: JobTimes, j: number, earliest: number): number {
  let best = NEVER;
  for (let w = times.windowFirst[j]!; w < times.windowFirst[j + 1]!; w++) {
    if (times.windowUntil[w]! < earliest) continue;
    const start = Math.max(earliest, times.windowFrom[w]!);
    if (best === NEVER || start < best) best = start;
  }
  return best;
}

/** What a start costs at the least: lateness, waiting, moved to later than before, promised and later than that. */
export function relaxedStartPrice(times: JobTimes, j: number, start: number): number {
  return start <= times.quietUntil[j]! ? 0 : loudPrice(times, j, start);
}

function loudPrice(times: JobTimes, j: number, start: number): number {
  let price = 0;
  const late = start - times.due[j]!;
  if (late > 0) {
    price += late * times.latePerSecond[j]!;
    const severe = late - times.severeAfter[j]!;
    if (severe > 0) price += severe * times.severePerSecond[j]!;
  }
  const waited = start - times.release[j]!;
  if (waited > 0) price += waitingCost(times.waitingPerHour[j]!, waited);
  const moved = start - times.movedAfter[j]!;
  if (moved > 0) price += moved * times.movePerSecond;
  if (start > times.promisedUntil[j]!) price += times.brokenPromise;
  return price;
}
