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
  /** Jobs that depend on each other. Absent = none. */
  readonly links?: readonly Link[];
}

/**
 * Two jobs of which neither is done without the other: start(second) - start(first) lies between the two lags.
 * Two crews at once: both lags 0. Order: `leastLag` is the service time of the first, or more. No job is in a circle of links.
 */
export interface Link {
  readonly first: number;
  readonly second: number;
  /** May be negative: then the second may start that much before the first. */
  readonly leastLag: Seconds;
  /** null = any time later. */
  readonly mostLag: Seconds | null;
  /**
   * One crew does both, the first before the second (fetch, then do): what the second takes from the stock is what the
   * first has put there. Absent = false: which crews do them is free.
   */
  readonly sameShift?: boolean;
}

/** Seconds and metres between all nodes, size x size, row = from. -1 where no road leads. */
export interface TravelMatrix {
  readonly size: number;
  readonly seconds: Int32Array;
  readonly metres: Int32Array;
  readonly source: 'osrm' | 'estimate';
  /**
   * How fast the roads are by time of day: from each moment on, every road is driven at this percentage of the speed that
   * `seconds` stands for; a drive through several pieces is cut at them, so whoever leaves later never arrives earlier.
   * By `from`; before the first piece 100. Absent = 100 all day.
   */
  readonly speedByTime?: readonly { readonly from: Seconds; readonly percent: number }[];
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
  /** When it works within `from` to `until`, in order, apart. Between two of them nothing is driven and nothing done. Absent = all the time. */
  readonly windows?: readonly Interval[];
  /** Level of each skill, 1 and more; a skill that is not named has level 1. */
  readonly skillLevels?: Readonly<Record<string, number>>;
  /** Room for stock, by dimension. Absent = no limit. */
  readonly capacity?: readonly number[];
  /** Its travel times in percent of the matrix. Absent = 100. */
  readonly travelPercent?: number;
  /** Its service times in percent of the job's. Absent = 100. */
  readonly servicePercent?: number;
  /** The areas it works in. Absent = everywhere. */
  readonly areas?: readonly string[];
  /** Price of each job outside `areas`; null or absent = it does not work outside. */
  readonly outsideAreaPrice?: number | null;
  /** What it costs, where that differs from the weights. */
  readonly rates?: ShiftRates;
  /** Most jobs, fixed ones included. Absent = any number. */
  readonly maxJobs?: number;
  /** Most seconds of driving, the way home included. Absent = any. */
  readonly maxTravel?: Seconds;
  /** Most seconds from leaving to being home; it leaves as late as it can. Absent = any. */
  readonly maxDuration?: Seconds;
  /** The work that would be its fair share; each second of work beyond costs `weights.balancePerSecond`. Absent = no such limit. */
  readonly fairWork?: Seconds;
}

/** Prices of one shift. */
export interface ShiftRates {
  /** Absent = `weights.travelPerSecond`. */
  readonly travelPerSecond?: number;
  /** Each leg costs its metres times this, divided by 1000, rounded down. Absent = 0. */
  readonly perKilometre?: number;
  /** From when the crew is free until it is home, rounded down; a shift with no stop costs nothing. Absent = 0. */
  readonly dutyPerHour?: number;
  /** Absent = `weights.useOfShift`. */
  readonly use?: number;
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
  /** From so many seconds late on, each one costs `severePerSecond` more: lateness is convex. Absent = never. */
  readonly severeAfter?: Seconds;
  readonly severePerSecond?: number;
  /** Price of "not today": what leaving the job out of this plan costs. */
  readonly waiting: number;
  /**
   * Price of each hour that a planned job waits from `release` (or `now`, the later) until its start: without it a plan
   * would save a minute of driving by letting one crew do everything while others stand idle. Absent = 0.
   */
  readonly waitingPerHour?: number;
  readonly skills: readonly string[];
  readonly plant: readonly string[];
  /** Least level of a skill; a skill that is not named needs level 1. Names only skills of `skills`. */
  readonly skillLevels?: Readonly<Record<string, number>>;
  /** The level that is enough; a crew above it costs `weights.overqualificationPerLevel` a level. Absent = no such cost. */
  readonly preferredLevels?: Readonly<Record<string, number>>;
  readonly area?: string;
  /** Stock it uses up, by dimension: on board from the start of the shift, or fetched (see Link). Absent = none. */
  readonly uses?: readonly number[];
  /** Stock it puts on board, by dimension; stays there to the end of the shift, or until the job it was fetched for. Absent = none. */
  readonly collects?: readonly number[];
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
  /** Absent = 0, as for the next two. */
  readonly overqualificationPerLevel?: number;
  readonly balancePerSecond?: number;
  /** Price of each second of the greatest lateness in the plan. */
  readonly worstLatePerSecond?: number;
}
