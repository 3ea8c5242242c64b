import type { Problem } from './problem.ts';

/** Cost of leaving out a locked job, above any sum of real prices: locks come first. Never part of a reported cost. */
export const LOCK_PRICE = 2 ** 42;

export const NONE = -1;

/** A locked start that means: none. */
export const NEVER = -0x80000000;

/** Seconds, and cost, of a way that no road leads: no shift is that long, and a few of them still fit an Int32. */
export const FAR = 400_000_000;

/** No limit of seconds or of number. */
export const UNLIMITED = 0x7fffffff;

/** Ways as one kind of crew drives them: rows and columns are places, row = from. */
export interface Ways {
  readonly seconds: Int32Array;
  /** Whole numbers of the problem's currency. The same array as `seconds` where a second costs 1 and a kilometre nothing. */
  readonly cost: Int32Array | Float64Array;
  /** The same two turned about, row = to: the search asks "from everywhere to here" as often as the other way. */
  readonly secondsBack: Int32Array;
  readonly costBack: Int32Array | Float64Array;
}

/**
 * The problem as the search reads it: flat arrays, shifts and jobs sorted by id (so that the order in which
 * they are listed cannot matter), every rule between one crew and one job already decided in `allowed`.
 * Times are seconds after the problem's epoch, prices the problem's currency.
 *
 * Places: 0 .. jobCount - 1 are the jobs, after them the distinct places where shifts start (after their fixed stops)
 * and end. Stops: 0 .. jobCount - 1 are the jobs, jobCount + s is both ends of shift s.
 */
export interface Instance {
  readonly problem: Problem;
  readonly shiftCount: number;
  readonly jobCount: number;
  readonly placeCount: number;
  /** Index here -> index in the problem. */
  readonly shiftIndex: Int32Array;
  readonly jobIndex: Int32Array;
  /** Index in the problem -> index here. */
  readonly shiftPlace: Int32Array;
  readonly jobPlace: Int32Array;

  /** By travel class; see `travelClass`. */
  readonly ways: readonly Ways[];
  readonly travelClass: Int32Array;
  /** Speeds by time of day, or null: from `speedFrom[i]` on roads are driven at `speedPercent[i]`. */
  readonly speedFrom: Int32Array | null;
  readonly speedPercent: Int32Array | null;
  /** The highest of them, at least 100: no way is ever quicker than its seconds times 100 over this. */
  readonly topSpeedPercent: number;

  /** Where a stop is left from: jobs at themselves, a shift at its start after its fixed stops. */
  readonly fromPlace: Int32Array;
  /** Where a stop is driven to: jobs at themselves, a shift at its end. */
  readonly toPlace: Int32Array;
  /** Where shift s starts before its fixed stops. */
  readonly startPlace: Int32Array;
  /** 1 = the shift ends where its last stop is: its place is then the one to which every way is 0. */
  readonly endsAnywhere: Uint8Array;
  /** Node of the problem's matrix, by place; NONE for "anywhere". */
  readonly nodeOfPlace: Int32Array;

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
  /** Gaps between the windows of shift s, in order: gapFirst[s] to gapFirst[s + 1]. */
  readonly gapFirst: Int32Array;
  readonly gapFrom: Int32Array;
  readonly gapUntil: Int32Array;
  /** 1 = cannot be taken any more, whatever is planned. */
  readonly breakLost: Uint8Array;
  /** The fixed stops of each shift, in their order; those to which no road leads are not among them. */
  readonly fixedStops: readonly (readonly number[])[];
  /** When and where the crew is free after its fixed stops, and what they have cost by then. */
  readonly freeAfterFixed: Int32Array;
  readonly nodeAfterFixed: Int32Array;
  readonly costOfFixed: Float64Array;
  readonly breakAfterFixed: Int32Array;
  readonly travelOfFixed: Int32Array;
  readonly workOfFixed: Int32Array;
  /** What the shift costs without any movable stop. */
  readonly emptyCost: Float64Array;
  readonly use: Float64Array;
  readonly dutyPerHour: Float64Array;
  readonly maxJobs: Int32Array;
  readonly maxTravel: Int32Array;
  readonly maxDuration: Int32Array;
  readonly fairWork: Int32Array;
  /** Shifts of the same class are interchangeable: equal in everything but their id. */
  readonly shiftClass: Int32Array;
  readonly shiftClassCount: number;

  /** Service of job j on shift s: service[serviceRow[s] + j]. */
  readonly service: Int32Array;
  readonly serviceRow: Int32Array;
  readonly release: Int32Array;
  readonly due: Float64Array;
  readonly latePerSecond: Float64Array;
  readonly severeAfter: Float64Array;
  readonly severePerSecond: Float64Array;
  readonly waitingPerHour: Float64Array;
  /** What leaving the job out costs: waiting, the promise it breaks, and LOCK_PRICE for a locked job. */
  readonly price: Float64Array;
  readonly windowFirst: Int32Array;
  readonly windowFrom: Int32Array;
  readonly windowUntil: Int32Array;
  /** The last moment at which the work may start. */
  readonly latestStart: Int32Array;
  /** 1 = dispatched or under way: a fact, to which no rule of time is applied. */
  readonly fixed: Uint8Array;
  readonly started: Uint8Array;
  /** 1 = some lock holds it in the plan. */
  readonly locked: Uint8Array;
  /**
   * The start it is locked to, or NEVER. The engine itself writes here: linked jobs are planned for agreed starts, which
   * hold as locks do until the jobs are taken out again. So an instance serves one draft at a time.
   */
  readonly lockedStart: Int32Array;
  /** The start that the plan in force locks it to, or NEVER: what `lockedStart` was before anything was agreed. */
  readonly givenStart: Int32Array;
  /** When a fixed stop starts, NEVER for all others. */
  readonly fixedStart: Int32Array;
  /** Place among the order-locked stops of its shift, or NONE. */
  readonly order: Int32Array;
  /** Where the plan in force has it, or NONE. */
  readonly forceShift: Int32Array;
  readonly forcePosition: Int32Array;
  readonly forceStart: Int32Array;
  readonly promisedFrom: Float64Array;
  readonly promisedUntil: Float64Array;

  /** Dimensions of stock; 0 = nobody counts it. By shift and dimension, by job and dimension. */
  readonly dimensions: number;
  readonly capacity: Float64Array;
  readonly uses: Float64Array;
  readonly collects: Float64Array;
  /** 1 = its stock is fetched by the job it is linked to, not on board from the start. */
  readonly fetched: Uint8Array;
  /** True when nobody collects anything: then a sum is the whole check. */
  readonly onlyUses: boolean;

  /** The group of linked jobs that a job belongs to, or NONE; the jobs of each group, by index. */
  readonly groupOf: Int32Array;
  readonly groups: readonly (readonly number[])[];
  /** The links of each group, between instance indices. */
  readonly groupLinks: readonly (readonly GroupLink[])[];
  /** The first moment at which a job can start for all that it is linked to, NEVER for jobs without links. */
  readonly groupRelease: Float64Array;

  /** jobs x shifts, 1 = no rule between crew and job forbids it. */
  readonly allowed: Uint8Array;
  /** jobs x shifts: overqualification and area; null = nothing costs. */
  readonly pairCost: Float64Array | null;
  /** Nothing but hard windows, ways, sums of stock and a price for use: an insertion is then checked in constant time. */
  readonly plain: boolean;
}

export interface GroupLink {
  readonly first: number;
  readonly second: number;
  readonly least: number;
  /** Infinity = any time later. */
  readonly most: number;
  readonly sameShift: boolean;
}
