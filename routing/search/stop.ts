/** When a plan must be there. At least one of the two is a number. */
export interface Stop {
  /** Iterations that each search makes: the same on every machine. null = no limit. */
  readonly iterations: number | null;
  /** Milliseconds from the call to the plan, on the wall clock: for people who wait. What was done is written down (see Pace). null = no limit. */
  readonly millis: number | null;
}

export const afterIterations = (iterations: number): Stop => ({ iterations, millis: null });
