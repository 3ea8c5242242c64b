import type { Job, Problem } from '../problem.ts';

/**
 * What a start of one job costs beyond the way to it, and when it may start; all in seconds and the problem's currency. The same
 * for every shift but for `changeOfCrew`.
 */
export interface StopCost {
  readonly releasedAt: number;
  /** Windows by their beginning; none = any time. */
  readonly opens: Float64Array;
  readonly closes: Float64Array;
  /** The only start there may be; null = free. */
  readonly lockedAt: number | null;
  readonly due: number;
  readonly latePerSecond: number;
  readonly severeAfter: number;
  readonly severePerSecond: number;
  readonly waitingPerHour: number;
  /** Of a movable stop of the plan in force; see `risingCost`. */
  readonly held: Held | null;
}

interface Held {
  readonly start: number;
  readonly tolerance: number;
  readonly movePerSecond: number;
  readonly promisedFrom: number;
  readonly promisedUntil: number;
  readonly brokenPromise: number;
  /** From here on the cost never falls any more. */
  readonly risesFrom: number;
  /** Before that: the starts at which the least cost of all later starts steps up, ascending, and that cost up to each of them. */
  readonly steps: Float64Array;
  readonly least: Float64Array;
}

/** The longest stretch of falling cost that is looked at second by second; beyond it changes and promises count as free. */
const MOST_SECONDS = 200_000;

/** When no start is possible any more. */
export const NEVER = Infinity;

/** Reads one movable job. */
export function stopCostOf(problem: Problem, job: Job): StopCost {
  const windows = [...job.windows].sort((a, b) => a.from - b.from || a.until - b.until);
  const plain = {
    releasedAt: Math.max(job.release, problem.now),
    opens: Float64Array.from(windows, ({ from }) => from),
    closes: Float64Array.from(windows, ({ until }) => until),
    lockedAt: job.inForce?.lockTime === true ? job.inForce.start : null,
    due: job.due ?? Infinity,
    latePerSecond: job.latePerSecond,
    severeAfter: job.severeAfter ?? Infinity,
    severePerSecond: job.severePerSecond ?? 0,
    waitingPerHour: job.waitingPerHour ?? 0,
    held: null,
  };
  return { ...plain, held: heldOf(problem, job, plain) };
}

/**
 * The cost of moving a start against the plan in force, and that of a broken promise, fall as well as rise. A relaxed route may pay
 * the least that any later allowed start would cost: never more than what the real one pays, and never falling, so that who is
 * early is never worse off. From the later of `start - tolerance` and the beginning of the promise on nothing falls, and the
 * cost is that of the start itself; before, the least is worked out second by second, from the end.
 */
function heldOf(problem: Problem, job: Job, plain: StopCost): Held | null {
  const { weights } = problem;
  const { inForce } = job;
  if (inForce === null || inForce.fixed) return null;
  const { promised } = inForce;
  const held = {
    start: inForce.start,
    tolerance: weights.startTolerance,
    movePerSecond: weights.moveOfStartPerSecond,
    promisedFrom: promised?.from ?? -Infinity,
    promisedUntil: promised?.until ?? Infinity,
    brokenPromise: promised === null ? 0 : weights.brokenPromise,
    risesFrom: Math.max(inForce.start - weights.startTolerance, promised?.from ?? -Infinity),
    steps: new Float64Array(0),
    least: new Float64Array(0),
  };
  const whole = { ...plain, held };
  if (held.risesFrom - plain.releasedAt > MOST_SECONDS) return null;
  const steps: number[] = [];
  const least: number[] = [];
  const onward = startOf(whole, held.risesFrom);
  let lowest = onward === NEVER ? Infinity : costAt(whole, onward);
  steps.push(held.risesFrom);
  least.push(lowest);
  for (let start = held.risesFrom - 1; start >= plain.releasedAt; start--) {
    if (startOf(whole, start) !== start) continue;
    const cost = costAt(whole, start);
    if (cost >= lowest) continue;
    lowest = cost;
    steps.push(start);
    least.push(lowest);
  }
  return { ...held, steps: Float64Array.from(steps.reverse()), least: Float64Array.from(least.reverse()) };
}

/** Earliest start for a crew that is there at `arrival`; NEVER when it is too late. */
export function startOf(stop: StopCost, arrival: number): number {
  let ready = Math.max(arrival, stop.releasedAt);
  if (stop.lockedAt !== null) {
    if (ready > stop.lockedAt) return NEVER;
    ready = stop.lockedAt;
  }
  const { opens, closes } = stop;
  if (opens.length === 0) return ready;
  let best = NEVER;
  for (let w = 0; w < opens.length; w++) {
    if (ready > closes[w]!) continue;
    const start = Math.max(ready, opens[w]!);
    if (start < best) best = start;
  }
  return stop.lockedAt !== null && best !== stop.lockedAt ? NEVER : best;
}

/** What a start at an allowed moment costs: waiting, lateness, and in the plan in force the move and the promise. */
function costAt(stop: StopCost, start: number): number {
  let cost = 0;
  const waited = start - stop.releasedAt;
  if (waited > 0) cost += Math.floor((stop.waitingPerHour * waited) / 3600);
  const late = start - stop.due;
  if (late > 0) {
    cost += late * stop.latePerSecond;
    if (late > stop.severeAfter) cost += (late - stop.severeAfter) * stop.severePerSecond;
  }
  const { held } = stop;
  if (held === null) return cost;
  const moved = Math.abs(start - held.start) - held.tolerance;
  if (moved > 0) cost += moved * held.movePerSecond;
  if (start < held.promisedFrom || start > held.promisedUntil) cost += held.brokenPromise;
  return cost;
}

/** The least cost of any allowed start from `start` on, `start` itself being allowed: never falls as `start` grows. */
export function risingCost(stop: StopCost, start: number): number {
  const { held } = stop;
  if (held === null || start >= held.risesFrom) return costAt(stop, start);
  const { steps, least } = held;
  let low = 0;
  let high = steps.length - 1;
  while (low < high) {
    const middle = (low + high) >> 1;
    if (steps[middle]! < start) low = middle + 1;
    else high = middle;
  }
  return least[low]!;
}
