/**
 * When to stop, asked once per step with the best cost so far; true = stop. A step is one round of the assignment or
 * one step of the search. Each Stop counts or measures from when it is made, and serves one solve.
 */
export type Stop = (bestCost: number) => boolean;

/** Stops after `limit` steps: the same on every machine. */
export function afterIterations(limit: number): Stop {
  let steps = 0;
  return () => steps++ >= limit;
}

/** Stops when `millis` have passed on the wall clock: for people who wait, never for runs that must repeat. */
export function afterMillis(millis: number): Stop {
  const end = performance.now() + millis;
  return () => performance.now() >= end;
}

/** Stops when any of the given ones does. Each is asked each time, so that counters stay right. */
export function any(...stops: readonly Stop[]): Stop {
  return (bestCost) => stops.map((stop) => stop(bestCost)).includes(true);
}
