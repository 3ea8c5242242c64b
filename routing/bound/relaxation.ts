import { RELAXABLE, type RelaxedRule } from '../certificate.ts';
import { leftOutPrice } from '../compile.ts';
import { FAR, type Instance, NEVER, NONE, UNLIMITED } from '../instance.ts';
import { type JobTimes, jobTimes, relaxedStart } from './job-times.ts';

/**
 * The problem with rules left away: what remains are independent routes, one a shift, of which none costs more than the real
 * one and none that is possible is missing. So the least over these routes is a bound for the real ones.
 *
 * Kept: who may do what and at what price, ways and their price, windows, release, service by shift, lateness, waiting, the
 * latest end, overtime, hours on duty, the way home, fixed stops, the longest break of each shift, one dimension of stock.
 */
export interface Relaxation {
  readonly instance: Instance;
  readonly times: JobTimes;
  readonly classes: readonly RouteClass[];
  /** By class, of equal shifts. */
  readonly classOf: Int32Array;
  /** What leaving a job out costs: no price of a job may be higher. 0 for fixed jobs. */
  readonly mostPrice: Float64Array;
  /** What fixed jobs cost that no road reaches. */
  readonly constant: number;
  /** All but `repeated_visits`, which depends on how routes are priced. In the order of RELAXABLE. */
  readonly relaxed: readonly RelaxedRule[];
}

/** Shifts that are alike: the routes of one are those of each. Times are seconds after the epoch, jobs those of the instance. */
export interface RouteClass {
  readonly shifts: readonly number[];
  /** That it can do, as far as is known from the job alone. */
  readonly jobs: Int32Array;
  /** From place to place, the seconds at the highest speed of the day; FAR = no road. */
  readonly seconds: Int32Array;
  readonly cost: Int32Array | Float64Array;
  readonly width: number;
  /** By job. */
  readonly service: Int32Array;
  readonly fromPlace: number;
  /** NONE = ends anywhere. */
  readonly homePlace: number;
  /** When it is free after its fixed stops. */
  readonly begins: number;
  readonly freeAt: number;
  readonly until: number;
  readonly limit: number;
  readonly overtimePerSecond: number;
  readonly dutyPerHour: number;
  readonly emptyCost: number;
  /** Of every route with a movable stop: fixed stops and use. */
  readonly baseCost: number;
  /** What it costs that this crew does a job, by place in `jobs`. */
  readonly pairPrice: Float64Array;
  /** What is used up of the one dimension that is kept, by place in `jobs`; null = none is. */
  readonly load: Float64Array | null;
  readonly room: number;
  readonly rest: Rest | null;
}

/** A break that must begin in [from, until], unless the crew is home by then. */
export interface Rest {
  readonly from: number;
  readonly until: number;
  readonly length: number;
}

/** @param changesLimited the plan has a limit on changes, which no bound knows of */
export function relax(instance: Instance, changesLimited = false): Relaxation {
  const times = jobTimes(instance);
  const { problem, jobCount } = instance;
  const mostPrice = new Float64Array(jobCount);
  const driven = new Set(instance.fixedStops.flat());
  let constant = 0;
  for (let j = 0; j < jobCount; j++) {
    const price = leftOutPrice(problem, problem.jobs[instance.jobIndex[j]!]!);
    if (instance.fixed[j] === 0) mostPrice[j] = price;
    else if (!driven.has(j)) constant += price;
  }
  const seconds = instance.ways.map((ways) => fastest(ways.seconds, instance.topSpeedPercent));
  const dimension = tightestDimension(instance);
  const members: number[][] = Array.from({ length: instance.shiftClassCount }, () => []);
  instance.shiftClass.forEach((c, s) => members[c]!.push(s));
  return {
    instance,
    times,
    classes: members.map((shifts) => routeClass(instance, times, shifts, seconds, dimension)),
    classOf: instance.shiftClass,
    mostPrice,
    constant,
    relaxed: relaxedRules(instance, changesLimited),
  };
}

/** No drive is over sooner than at the highest speed of the day, and arrivals are whole seconds. */
function fastest(seconds: Int32Array, percent: number): Int32Array {
  return percent === 100 ? seconds : seconds.map((way) => (way === FAR ? FAR : Math.ceil((way * 100) / percent)));
}

function routeClass(
  instance: Instance,
  times: JobTimes,
  shifts: readonly number[],
  secondsOf: readonly Int32Array[],
  dimension: number,
): RouteClass {
  const s = shifts[0]!;
  const { jobCount, shiftCount, serviceRow, dimensions, problem } = instance;
  const service = instance.service.subarray(serviceRow[s], serviceRow[s]! + jobCount);
  const begins = instance.freeAfterFixed[s]!;
  const limit = instance.limit[s]!;
  const fits = (j: number): boolean => {
    if (instance.allowed[j * shiftCount + s] === 0) return false;
    const start = relaxedStart(times, j, begins);
    return start !== NEVER && start + service[j]! <= limit;
  };
  const jobs = Int32Array.from({ length: jobCount }, (_, j) => j).filter(fits);
  const usedBy = (j: number): number => (instance.fetched[j] === 1 ? 0 : instance.uses[j * dimensions + dimension]!);
  const room =
    dimension === NONE
      ? Infinity
      : instance.fixedStops[s]!.reduce((left, j) => left - usedBy(j), instance.capacity[s * dimensions + dimension]!);
  const travelClass = instance.travelClass[s]!;
  return {
    shifts,
    jobs,
    seconds: secondsOf[travelClass]!,
    cost: instance.ways[travelClass]!.cost,
    width: instance.placeCount,
    service,
    fromPlace: instance.fromPlace[jobCount + s]!,
    homePlace: instance.endsAnywhere[s] === 1 ? NONE : instance.toPlace[jobCount + s]!,
    begins,
    freeAt: instance.freeAt[s]!,
    until: instance.until[s]!,
    limit,
    overtimePerSecond: problem.weights.overtimePerSecond,
    dutyPerHour: instance.dutyPerHour[s]!,
    emptyCost: instance.emptyCost[s]!,
    baseCost: instance.costOfFixed[s]! + instance.use[s]!,
    pairPrice: Float64Array.from(jobs, (j) => {
      const held = instance.forceShift[j]!;
      const changed = held !== NONE && held !== s ? problem.weights.changeOfCrew : 0;
      return (instance.pairCost?.[j * shiftCount + s] ?? 0) + changed + times.givenPrice[j]!;
    }),
    load: room === Infinity ? null : Float64Array.from(jobs, usedBy),
    room,
    rest: longestRest(instance, s),
  };
}

/** Of the breaks that are still to be taken the longest; of equal ones the first. */
function longestRest(instance: Instance, s: number): Rest | null {
  let longest: Rest | null = null;
  for (let b = instance.breakAfterFixed[s]!; b < instance.breakFirst[s + 1]!; b++) {
    const length = instance.breakLength[b]!;
    if (instance.breakLost[b] === 1 || length <= (longest?.length ?? 0)) continue;
    longest = { from: instance.breakFrom[b]!, until: instance.breakUntil[b]!, length };
  }
  return longest;
}

/** The dimension of stock of which the jobs use most for the room that there is; NONE where nobody runs short. */
function tightestDimension(instance: Instance): number {
  const { dimensions, shiftCount, jobCount, capacity, uses, fetched } = instance;
  let tightest = NONE;
  let most = 0;
  for (let d = 0; d < dimensions; d++) {
    let used = 0;
    for (let j = 0; j < jobCount; j++) if (fetched[j] === 0) used += uses[j * dimensions + d]!;
    let room = Infinity;
    for (let s = 0; s < shiftCount; s++) room = Math.min(room, capacity[s * dimensions + d]!);
    if (used > room && used / Math.max(1, room) > most) {
      most = used / Math.max(1, room);
      tightest = d;
    }
  }
  return tightest;
}

function relaxedRules(instance: Instance, changesLimited: boolean): RelaxedRule[] {
  const { problem, dimensions, shiftCount } = instance;
  const { weights } = problem;
  const some = (list: ArrayLike<number>, is: (value: number) => boolean): boolean => Array.prototype.some.call(list, is);
  const openBreaks = (s: number): number => {
    let count = 0;
    for (let b = instance.breakAfterFixed[s]!; b < instance.breakFirst[s + 1]!; b++) {
      if (instance.breakLost[b] === 0 && instance.breakLength[b]! > 0) count++;
    }
    return count;
  };
  const limited = some(instance.capacity, (room) => room < Infinity);
  const movable = problem.jobs.flatMap(({ inForce }) => (inForce === null || inForce.fixed ? [] : [inForce]));
  const has: Record<RelaxedRule, boolean> = {
    repeated_visits: false,
    breaks: Array.from({ length: shiftCount }, (_, s) => s).some((s) => openBreaks(s) > 1),
    gaps: instance.gapFrom.length > 0,
    speed_by_time: instance.speedFrom !== null,
    stock: !instance.onlyUses || (limited && dimensions > 1),
    most_jobs: some(instance.maxJobs, (most) => most !== UNLIMITED),
    most_travel: some(instance.maxTravel, (most) => most !== UNLIMITED),
    most_duration: some(instance.maxDuration, (most) => most !== UNLIMITED),
    order_locks: movable.some(({ lockOrder }) => lockOrder),
    linked_jobs: instance.groups.length > 0,
    change_limit: changesLimited,
    greatest_lateness: (weights.worstLatePerSecond ?? 0) > 0,
    balance: (weights.balancePerSecond ?? 0) > 0 && some(instance.fairWork, (share) => share !== UNLIMITED),
    hours_on_duty: false,
    early_starts: movable.some(
      ({ lockTime, promised }) =>
        !lockTime && (weights.moveOfStartPerSecond > 0 || (promised !== null && weights.brokenPromise > 0)),
    ),
  };
  return RELAXABLE.filter((rule) => has[rule]);
}

/** What the end of a route costs when the crew is home, or done, at `homeAt`: overtime and hours on duty. */
export function endPrice(route: RouteClass, homeAt: number): number {
  let price = 0;
  if (homeAt > route.until) price += (homeAt - route.until) * route.overtimePerSecond;
  if (route.dutyPerHour > 0) price += Math.floor((route.dutyPerHour * (homeAt - route.freeAt)) / 3600);
  return price;
}

/**
 * When the crew is home that is done with its last stop, a job at `place`, at `end`; Infinity when that is too late.
 * @param rested it has had its break, or has none
 */
export function homeAt(route: RouteClass, place: number, end: number, rested: boolean): number {
  const way = route.homePlace === NONE ? 0 : route.seconds[place * route.width + route.homePlace]!;
  if (way === FAR) return Infinity;
  const { rest } = route;
  let at = end + way;
  if (!rested && rest !== null && at > rest.until) {
    if (end > rest.until) return Infinity;
    at = Math.max(end, rest.from) + rest.length + way;
  }
  return at > route.limit ? Infinity : at;
}
