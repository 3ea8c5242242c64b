import type { Seconds } from './units.ts';

/**
 * What the planner is asked, as plain immutable data. Times are whole seconds after `epochUnixSeconds`,
 * places are indices into `travel`, shifts and jobs are known to each other by their index here. Ids are
 * the caller's; the engine reads them only to sort, so that the order of the lists never matters.
 */
export interface Problem {
  readonly epochUnixSeconds: number;
  /** The plan is made at this moment: nothing new starts before it. */
  readonly now: Seconds;
  readonly shifts: readonly Shift[];
  readonly jobs: readonly Job[];
  readonly travel: TravelMatrix;
  readonly weights: Weights;
}

/** Seconds and metres between all nodes, size x size, row = from. -1 where no road leads. */
export interface TravelMatrix {
  readonly size: number;
  readonly seconds: Int32Array;
  readonly metres: Int32Array;
  readonly source: 'osrm' | 'estimate';
}

export interface Interval {
  readonly from: Seconds;
  readonly until: Seconds;
}

/** A break of `length` that must start inside `window`. A taken break is left out. */
export interface Break {
  readonly id: string;
  readonly window: Interval;
  readonly length: Seconds;
}

/** One crew on one day, from where and when it is free. */
export interface Shift {
  readonly id: string;
  /** Where the crew is (fresh position, last stop under way, or depot). */
  readonly startNode: number;
  /** Where the shift ends; null = anywhere. */
  readonly endNode: number | null;
  readonly from: Seconds;
  readonly until: Seconds;
  /** How far past `until` the return may slip, at a price. */
  readonly overtime: Seconds;
  readonly breaks: readonly Break[];
  readonly skills: readonly string[];
  readonly plant: readonly string[];
}

/** One slot of one job to be done by one crew. */
export interface Job {
  readonly id: string;
  readonly node: number;
  readonly service: Seconds;
  /** Not before; `now` or earlier when it may start at once. */
  readonly release: Seconds;
  /** Work must start inside one of these; empty = any time. */
  readonly windows: readonly Interval[];
  /** Soft: finishing the travel and starting later than this costs. null = no promise of a time. */
  readonly due: Seconds | null;
  /** Price of one second late. */
  readonly latePerSecond: number;
  /** Price of "not today": what leaving the job out of this plan costs. */
  readonly waiting: number;
  /**
   * Price of each hour that a planned job waits from `release` (or `now`, the later) until its start: without it a plan
   * would save a minute of driving by letting one crew do everything while others stand idle. Absent = 0.
   */
  readonly waitingPerHour?: number;
  readonly skills: readonly string[];
  readonly plant: readonly string[];
  /** Shifts whose crew has declined it: it is not given to them again. Absent = none. */
  readonly declinedBy?: readonly number[];
  /** Where the plan in force has it; null = in no plan. */
  readonly inForce: InForce | null;
}

/** A stop of the plan in force and what may be done with it. */
export interface InForce {
  readonly shift: number;
  /** Place in the shift's order, 0 first. */
  readonly position: number;
  readonly start: Seconds;
  /**
   * Dispatched, accepted or under way: shift and place among the other fixed stops are given and come
   * before everything movable. A fixed stop may have started already: then `service` is what is left.
   */
  readonly fixed: boolean;
  /** A fixed stop whose work goes on: it waits for nothing and no break is put before it. Absent = false. */
  readonly started?: boolean;
  readonly lockCrew: boolean;
  /** Start exactly at `start`. */
  readonly lockTime: boolean;
  /** Keep the order relative to the other order-locked stops of the shift; it therefore stays on that shift too. */
  readonly lockOrder: boolean;
  /** The start promised to somebody: outside costs `weights.brokenPromise`. */
  readonly promised: Interval | null;
}

/** One currency: one second of travel costs `travelPerSecond`. Whole numbers, so that costs recompute exactly. */
export interface Weights {
  readonly travelPerSecond: number;
  readonly overtimePerSecond: number;
  /** For a `planned` stop that goes to another shift. */
  readonly changeOfCrew: number;
  /** Per second that a stop's start moves beyond `startTolerance`. */
  readonly moveOfStartPerSecond: number;
  readonly startTolerance: Seconds;
  readonly brokenPromise: number;
  /** For using a shift that would otherwise stay empty. */
  readonly useOfShift: number;
}
