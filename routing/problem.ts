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
 * Two jobs of which neither is done without the other: start(second) - start(first) lies between the two lags. Two crews at
 * once: both lags 0. Order: `leastLag` is the service time of the first, or more. No job is in a circle of links, whichever
 * way the links point; so no two jobs have two links.
 *
 * Times are the earliest ones: every crew drives its day as if alone; then, in rounds, each stop that a lag forbids is held
 * back to the first moment the lag allows (the second for `leastLag`, the first for `mostLag`), as if it were released then,
 * and the days are driven anew, until no lag is broken or a day no longer fits. Nothing is held back for a better price.
 *
 * A fixed stop is a fact: it is held back for nothing, it stays when the other job is left out, and between two fixed stops a
 * link asks nothing. A movable job is done only with the other one, within the lags.
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
   * By `from`; before the first piece 100. Absent = 100 all day. Each percentage is a whole number, 1 or more.
   * Exactly: a drive of d seconds (already in percent of the shift's `travelPercent`) has d x 100 to do; each second does the
   * percentage of the piece it lies in; the arrival is the first whole second at which all is done (rounded up). The seconds
   * driven, for figures and limits, are arrival minus departure; the price of a leg is that of its d seconds: slow hours make it
   * longer, not dearer. A crew leaves as soon as it is free, never later to drive faster.
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
  /**
   * When it works within `from` to `until`, in order, apart. Between two of them nothing is driven and nothing done. Absent =
   * all the time. Only the gaps between two windows count: where the first begins and the last ends, `from`, `until` and
   * `overtime` say.
   * A gap is a hole in the crew's time, no break: a drive that would not be over before the gap begins waits for its end where
   * the crew stands, work that would not be done before waits for it on the spot (for the first start from the gap's end on
   * that the job allows), a locked time within is impossible. A break may lie in a gap. What takes no time may lie at
   * its edges, a drive of no seconds also within. Only a started fixed stop, with the way to it, is driven and done without
   * regard to gaps. A gap is on duty, not idle; it delays the way home, but not the end of a day that has none.
   */
  readonly windows?: readonly Interval[];
  /** Level of each skill, 1 and more; a skill that is not named has level 1. */
  readonly skillLevels?: Readonly<Record<string, number>>;
  /**
   * Room for stock, by dimension. Absent = no limit, also for a dimension beyond its length.
   * On board at the start: what all stops together use up, but for the second job of a `sameShift` link. At each stop what
   * it collects is added and what it uses taken off, at once. At the start and after every stop the load of each dimension is
   * at least 0 (with no capacity, too) and at most this. A movable job that uses or collects more than this is not for this
   * shift, whatever else it does.
   */
  readonly capacity?: readonly number[];
  /** Its travel times in percent of the matrix: Math.round(seconds * percent / 100) for each leg. Absent = 100. */
  readonly travelPercent?: number;
  /** Its service times in percent of the job's: Math.round(service * percent / 100), of a started stop too. Absent = 100. */
  readonly servicePercent?: number;
  /** The areas it works in. Absent = everywhere. A job without an area is inside all of them. */
  readonly areas?: readonly string[];
  /**
   * Price of each job outside `areas`; null or absent = it does not work outside, but for fixed stops, which then cost nothing.
   */
  readonly outsideAreaPrice?: number | null;
  /** What it costs, where that differs from the weights. */
  readonly rates?: ShiftRates;
  /**
   * Most jobs, fixed ones included. Absent = any number. This and the other limits of a whole day (`maxTravel`, `maxDuration`,
   * `capacity`, `until` with `overtime`) count the fixed stops, but hold only for a day with a movable stop: facts break no rule.
   */
  readonly maxJobs?: number;
  /** Most seconds of driving, the way home included. Absent = any. */
  readonly maxTravel?: Seconds;
  /**
   * Most seconds from leaving to being home (or done, without `endNode`); it leaves as late as it can and is home no later.
   * Exactly: `endsAt` minus the moment it is free, less by the delay d it could begin its day with. d is at most all waiting
   * (time not driven, worked, on a break or in a gap) up to the last stop's start; for each stop at most the waiting up to its
   * start plus what is left of the window (the first by `from`, then `until`) that its start lies in (fixed, linked or locked in
   * time: nothing is left); for each break and gap up to the last start at most the waiting up to its start plus what is left of
   * the break's window (a gap: nothing). Drives are taken to last as planned, and the plan still shows the earliest times.
   * Absent = any.
   */
  readonly maxDuration?: Seconds;
  /**
   * The work (seconds of service, fixed stops included) that would be its fair share; each second of work beyond costs
   * `weights.balancePerSecond`. Absent = no such limit.
   */
  readonly fairWork?: Seconds;
}

/** Prices of one shift. */
export interface ShiftRates {
  /** Absent = `weights.travelPerSecond`. */
  readonly travelPerSecond?: number;
  /**
   * Each leg, the way home too, costs its metres times this, divided by 1000, rounded down. Part of the term `travel`. Absent =
   * 0.
   */
  readonly perKilometre?: number;
  /**
   * From when the crew is free (`from` or `now`, the later) until `endsAt`, gaps and breaks included, rounded down; a shift with
   * no stop costs nothing. Absent = 0.
   */
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
  /** From so many seconds late on, each one beyond costs `severePerSecond` more: lateness is convex. Either absent = never. */
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
  /**
   * Least level of a skill; a skill that is not named needs level 1. Names only skills of `skills`. Asked of movable stops only.
   */
  readonly skillLevels?: Readonly<Record<string, number>>;
  /**
   * The level that is enough; a crew above it costs `weights.overqualificationPerLevel` a level, for each skill named; a crew
   * without the skill has level 0. May name skills that the job does not need. Of fixed stops too. Absent = no such cost.
   */
  readonly preferredLevels?: Readonly<Record<string, number>>;
  readonly area?: string;
  /**
   * Stock it uses up, by dimension: on board from the start of the shift, or fetched (see Link: then all of it). Absent = none.
   */
  readonly uses?: readonly number[];
  /**
   * Stock it puts on board, by dimension; stays there to the end of the shift, or until the job it was fetched for. Absent =
   * none.
   */
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
  /** Price of each second of the greatest lateness in the plan, fixed stops included; part of the term `late`. */
  readonly worstLatePerSecond?: number;
}
