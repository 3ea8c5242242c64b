import type { Stop } from './stop.ts';

/** The assignment ends after so much of the time, and the filling of the plan after so much. */
const SHARE_OF_ASSIGNMENT = 0.25;
const SHARE_OF_FILLING = 0.6;
/** Kept back for writing the plan down, at least, and how many times what the first plan took. */
const LEAST_REPORT_MILLIS = 5;
const REPORT_MARGIN = 1.3;

/** The time of one plan, from the call to the answer. Without a limit of time nothing is ever late. */
export class Clock {
  private readonly begun: number;
  private readonly millis: number;
  private reportMillis = LEAST_REPORT_MILLIS;

  /** @param begun when the caller asked, on performance.now(); absent = now */
  constructor(stop: Stop, begun: number = performance.now()) {
    this.begun = begun;
    this.millis = stop.millis ?? Infinity;
  }

  /** Time to end the rounds of assignment. */
  assignmentIsOver(): boolean {
    return performance.now() >= this.begun + this.millis * SHARE_OF_ASSIGNMENT;
  }

  /** Time for the searches to begin. */
  fillingIsOver(): boolean {
    return performance.now() >= this.begun + this.millis * SHARE_OF_FILLING;
  }

  /** Runs `report` and remembers how long it takes: so much is kept back at the end. */
  timeReport<T>(report: () => T): T {
    const from = performance.now();
    const value = report();
    this.reportMillis = Math.max(LEAST_REPORT_MILLIS, (performance.now() - from) * REPORT_MARGIN);
    return value;
  }

  /** When the searches begin, now, and when they must have ended. */
  searching(): { readonly begins: number; readonly ends: number } {
    const begins = performance.now();
    return { begins, ends: Math.max(begins, this.begun + this.millis - this.reportMillis) };
  }
}
