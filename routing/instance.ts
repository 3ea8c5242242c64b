import type { Problem } from './problem.ts';

/** Cost of leaving out a locked job, above any sum of real prices: locks come first. Never part of a reported cost. */
export const LOCK_PRICE = 2 ** 42;

export const NONE = -1;

/** A locked start that means: none. */
export const NEVER = -0x80000000;

/**
 * The problem as the search reads it: flat arrays, shifts and jobs sorted by id (so that the order in which
 * they are listed cannot matter), every rule between one crew and one job already decided in `allowed`.
 * Times are seconds after the problem's epoch, prices the problem's currency.
 */
export interface Instance {
  readonly problem: Problem;
  readonly size: number;
  readonly travel: Int32Array;
  readonly shiftCount: number;
  readonly jobCount: number;
  /** Index here -> index in the problem. */
  readonly shiftIndex: Int32Array;
  readonly jobIndex: Int32Array;

  readonly startNode: Int32Array;
  /** NONE = the shift ends where its last stop is. */
  readonly endNode: Int32Array;
  /** When the crew is free: `from`, never before `now`. */
  readonly freeAt: Int32Array;
  readonly until: Int32Array;
  /** `until` plus allowed overtime. */
  readonly limit: Int32Array;
  /** Breaks of shift s: breakFirst[s] to breakFirst[s + 1], by opening of their window. */
  readonly breakFirst: Int32Array;
  readonly breakFrom: Int32Array;
  readonly breakUntil: Int32Array;
  readonly breakLength: Int32Array;
  /** Index in the shift's `breaks`. */
  readonly breakIndex: Int32Array;
  /** 1 = cannot be taken any more, whatever is planned. */
  readonly breakLost: Uint8Array;
  /** The fixed stops of each shift, in their order; those to which no road leads are not among them. */
  readonly fixedStops: readonly number[][];
  /** When and where the crew is free after its fixed stops. */
  readonly freeAfterFixed: Int32Array;
  readonly nodeAfterFixed: Int32Array;

  readonly node: Int32Array;
  readonly service: Int32Array;
  readonly release: Int32Array;
  readonly due: Float64Array;
  readonly latePerSecond: Float64Array;
  readonly waitingPerHour: Float64Array;
  /** What leaving the job out costs: waiting, the promise it breaks, and LOCK_PRICE for a locked job. */
  readonly price: Float64Array;
  readonly windowFirst: Int32Array;
  readonly windowFrom: Int32Array;
  readonly windowUntil: Int32Array;
  /** 1 = dispatched or under way: a fact, to which no rule of time is applied. */
  readonly fixed: Uint8Array;
  readonly started: Uint8Array;
  /** 1 = some lock holds it in the plan. */
  readonly locked: Uint8Array;
  /** The start it is locked to, or NEVER. */
  readonly lockedStart: Int32Array;
  /** Place among the order-locked stops of its shift, or NONE. */
  readonly order: Int32Array;
  /** Where the plan in force has it, or NONE. */
  readonly forceShift: Int32Array;
  readonly forcePosition: Int32Array;
  readonly forceStart: Int32Array;
  readonly promisedFrom: Float64Array;
  readonly promisedUntil: Float64Array;

  /** jobs x shifts, 1 = no rule between crew and job forbids it. */
  readonly allowed: Uint8Array;
}
