/** The city's time: real, or simulated at any speed. Facts take their times from here, never from SQL. */
export interface CityClock {
  readonly kind: 'real' | 'simulated';
  now(): Date;
}

export const realClock: CityClock = { kind: 'real', now: () => new Date() };

/** A clock that stands still until it is set; it never goes back. */
export interface SimulatedClock extends CityClock {
  readonly kind: 'simulated';
  set(to: Date): void;
}

/** @throws RangeError when set to an earlier time than it shows. */
export function simulatedClock(start: Date): SimulatedClock {
  let present = start.getTime();
  return {
    kind: 'simulated',
    now: () => new Date(present),
    set(to) {
      if (to.getTime() < present)
        throw new RangeError(`the city clock shows ${new Date(present).toISOString()} and cannot go back to ${to.toISOString()}`);
      present = to.getTime();
    },
  };
}
