import { costOfDay, costOfLeavingOut, sumOf } from '../check/check-cost.ts';
import { isOutside, levelOf } from '../check/check-crew-and-job.ts';
import { type Facts, factsOf, mayDo, plainDay } from '../check/plain-day.ts';
import { beginsAt, isFixed, type Leg, legOf, serviceOf } from '../check/plain-times.ts';
import { fetchedFor } from '../check/check-stock.ts';
import type { Job, Problem, Shift } from '../problem.ts';
import { NEVER, type StopCost, stopCostOf } from './stop-costs.ts';

/**
 * What is given of the problem whatever a shift does: read once.
 *
 * Fixed stops are facts: their times, with the breaks that the rule puts before them, are those of `plainDay`.
 */
export interface Given {
  readonly problem: Problem;
  readonly facts: readonly Facts[];
  /** By job; null = fixed. */
  readonly stops: readonly (StopCost | null)[];
  /** Jobs whose stock is not on board from the start. */
  readonly fetched: ReadonlySet<number>;
  /** What fixed jobs cost that no road reaches: every plan leaves them out. */
  readonly constant: number;
}

export function givenOf(problem: Problem): Given {
  const facts = problem.shifts.map((_, s) => factsOf(problem, s));
  return {
    problem,
    facts,
    stops: problem.jobs.map((job) => (isFixed(job) ? null : stopCostOf(problem, job))),
    fetched: fetchedFor(problem),
    constant: facts
      .flatMap(({ unreachable }) => unreachable)
      .reduce((sum, j) => sum + sumOf(costOfLeavingOut(problem, problem.jobs[j] as Job)), 0),
  };
}

/**
 * The routes of one shift with at least one movable job, relaxed: what a route costs here is never more than what the same day
 * really costs, and every real day is among them. Dropped are gaps and all breaks but the longest behind the fixed stops, links,
 * limits of the whole day but its end, of stock all but what is on board at the start, balance and the greatest lateness; each
 * of them only makes a day later, dearer or impossible. Slow hours are dropped for the fastest speed there is. Whoever is there earlier starts no later
 * and pays no more (`stop-costs.ts`), which is what makes all of this a relaxation.
 *
 * All matrices are by candidate, row = from; all values whole.
 */
export interface RouteSpace {
  readonly shift: number;
  /** The movable jobs that the shift may have, as indices of the problem. */
  readonly jobs: readonly number[];
  readonly stops: readonly StopCost[];
  /** When the crew is free after its fixed stops, and when its duty began. */
  readonly freeAt: number;
  readonly begins: number;
  readonly until: number;
  /** The end with all overtime. */
  readonly limit: number;
  readonly overtimePerSecond: number;
  readonly dutyPerHour: number;
  /** The fixed stops and the use of the shift. */
  readonly base: number;
  /** From where the crew is free to each job; NO_ROAD where none leads. */
  readonly firstSeconds: Int32Array;
  readonly firstCost: Float64Array;
  /** From the start of work at one job to the arrival at the next; NO_ROAD where none leads. */
  readonly seconds: Int32Array;
  readonly cost: Float64Array;
  /** From the start of work at a job until the day ends; NO_ROAD where none leads. */
  readonly homeSeconds: Int32Array;
  readonly homeCost: Float64Array;
  /** What the job costs this shift whenever it starts: levels, area, another crew than in the plan in force. */
  readonly extra: Float64Array;
  /** Seconds of work. */
  readonly service: Float64Array;
  /** The break behind the fixed stops that is kept; null = there is none. */
  readonly rest: Rest | null;
  /** Each dimension of stock that can run short. */
  readonly stock: readonly Stock[];
}

/** A break that must begin in [from, until], unless the crew is home by then. */
export interface Rest {
  readonly from: number;
  readonly until: number;
  readonly length: number;
}

/** Stock on board from the start: what each candidate uses up, and what the fixed stops leave. */
export interface Stock {
  readonly uses: Float64Array;
  readonly room: number;
}

export const NO_ROAD = -1;

/** The exact cost of the shift with its fixed stops alone. */
export function emptyCostOf(given: Given, s: number): number {
  const day = plainDay(given.problem, s, given.facts[s] as Facts, []);
  if (day === null) throw new Error(`shift ${s}: its fixed stops cannot be driven`);
  return sumOf(costOfDay(given.problem, day));
}

/** The relaxed routes of shift s. */
export function routeSpaceOf(given: Given, s: number): RouteSpace {
  const { problem } = given;
  const { weights } = problem;
  const shift = problem.shifts[s] as Shift;
  const facts = given.facts[s] as Facts;
  const jobs = [...problem.jobs.keys()].filter((j) => given.stops[j] !== null && mayDo(problem, s, facts, j));
  const n = jobs.length;
  const jobAt = (k: number): Job => problem.jobs[jobs[k] as number] as Job;
  const fastest = (problem.travel.speedByTime ?? []).reduce((top, { percent }) => Math.max(top, percent), 100);
  const least = (leg: Leg): number => Math.ceil((leg.seconds * 100) / fastest);
  const price = (leg: Leg): number => legCostOf(problem, shift, leg);
  const from = (problem.jobs[facts.fixed.at(-1) ?? -1]?.node ?? shift.startNode) as number;

  const firstSeconds = new Int32Array(n).fill(NO_ROAD);
  const firstCost = new Float64Array(n);
  const seconds = new Int32Array(n * n).fill(NO_ROAD);
  const cost = new Float64Array(n * n);
  const homeSeconds = new Int32Array(n).fill(NO_ROAD);
  const homeCost = new Float64Array(n);
  for (let a = 0; a < n; a++) {
    const { node } = jobAt(a);
    const service = serviceOf(shift, jobAt(a));
    const first = legOf(problem, shift, from, node);
    if (first !== null) {
      firstSeconds[a] = least(first);
      firstCost[a] = price(first);
    }
    const home = shift.endNode === null ? { seconds: 0, metres: 0 } : legOf(problem, shift, node, shift.endNode);
    if (home !== null) {
      homeSeconds[a] = service + least(home);
      homeCost[a] = price(home);
    }
    for (let b = 0; b < n; b++) {
      const leg = a === b ? null : legOf(problem, shift, node, jobAt(b).node);
      if (leg === null) continue;
      seconds[a * n + b] = service + least(leg);
      cost[a * n + b] = price(leg);
    }
  }
  return {
    shift: s,
    jobs,
    stops: jobs.map((j) => given.stops[j] as StopCost),
    freeAt: facts.free,
    begins: beginsAt(problem, shift),
    until: shift.until,
    limit: shift.until + shift.overtime,
    overtimePerSecond: weights.overtimePerSecond,
    dutyPerHour: shift.rates?.dutyPerHour ?? 0,
    base: (shift.rates?.use ?? weights.useOfShift) + costOfFixed(given, s),
    firstSeconds,
    firstCost,
    seconds,
    cost,
    homeSeconds,
    homeCost,
    extra: Float64Array.from(jobs, (j) => extraOf(problem, shift, s, problem.jobs[j] as Job)),
    service: Float64Array.from(jobs, (j) => serviceOf(shift, problem.jobs[j] as Job)),
    rest: restOf(given, s),
    stock: (shift.capacity ?? []).flatMap((most, d): Stock[] => {
      const used = (j: number): number => (given.fetched.has(j) ? 0 : (problem.jobs[j]?.uses?.[d] ?? 0));
      const uses = Float64Array.from(jobs, used);
      const room = facts.fixed.reduce((left, j) => left - used(j), most);
      return uses.reduce((sum, amount) => sum + amount, 0) > room ? [{ uses, room }] : [];
    }),
  };
}

const legCostOf = ({ weights }: Problem, { rates = {} }: Shift, leg: Leg): number =>
  leg.seconds * (rates.travelPerSecond ?? weights.travelPerSecond) + Math.floor((leg.metres * (rates.perKilometre ?? 0)) / 1000);

/** The ways to the fixed stops and what their starts cost. */
function costOfFixed({ problem, facts }: Given, s: number): number {
  const shift = problem.shifts[s] as Shift;
  const day = plainDay(problem, s, facts[s] as Facts, []);
  if (day === null) return 0;
  const { late, waiting, overqualification, area } = costOfDay(problem, day);
  let cost = late + waiting + overqualification + area;
  let node = shift.startNode;
  for (const stop of day.stops) {
    const next = (problem.jobs[stop.job] as Job).node;
    const leg = legOf(problem, shift, node, next);
    if (leg !== null) cost += legCostOf(problem, shift, leg);
    node = next;
  }
  return cost;
}

/** The longest break that is still to be taken after the fixed stops; of equal ones the first. */
function restOf({ problem, facts }: Given, s: number): Rest | null {
  const { breaks } = problem.shifts[s] as Shift;
  const day = plainDay(problem, s, facts[s] as Facts, []);
  if (day === null) return null;
  const last = day.stops.at(-1)?.start ?? -Infinity;
  const taken = new Set(day.breaks.filter(({ end }) => end <= last).map(({ id }) => id));
  const left = breaks.filter(({ id, length }) => length > 0 && !taken.has(id) && !day.breaksSkipped.includes(id));
  const [longest] = left.sort(
    (a, b) => b.length - a.length || a.window.from - b.window.from || a.window.until - b.window.until || (a.id < b.id ? -1 : 1),
  );
  return longest === undefined ? null : { ...longest.window, length: longest.length };
}

function extraOf({ weights }: Problem, shift: Shift, s: number, job: Job): number {
  let cost = isOutside(shift, job) ? (shift.outsideAreaPrice ?? 0) : 0;
  for (const [skill, enough] of Object.entries(job.preferredLevels ?? {})) {
    cost += Math.max(0, levelOf(shift, skill) - enough) * (weights.overqualificationPerLevel ?? 0);
  }
  return job.inForce === null || job.inForce.shift === s ? cost : cost + weights.changeOfCrew;
}

/**
 * When a crew that is free at `free`, and would arrive at `arrival` were there no break, can be at work at the soonest once it has
 * had the break, on arrival or else before it drives; NEVER when it is too late for the break. Later is never sooner.
 */
export function afterRest(rest: Rest, free: number, arrival: number): number {
  const there = Math.max(arrival, rest.from);
  if (there <= rest.until) return there + rest.length;
  const here = Math.max(free, rest.from);
  return here <= rest.until ? here + rest.length + arrival - free : NEVER;
}

/**
 * What the end of the day costs when work at candidate a starts at `start`; Infinity when the day would end too late.
 * @param pending the break is still to be taken: on the way home, unless the crew is home in time for it
 */
export function endCost(space: RouteSpace, a: number, start: number, pending: boolean): number {
  const way = space.homeSeconds[a]!;
  if (way === NO_ROAD) return Infinity;
  let ends = start + way;
  const { rest } = space;
  if (pending && rest !== null && ends > rest.until) {
    const free = start + space.service[a]!;
    if (free > rest.until) return Infinity;
    ends = Math.max(free, rest.from) + rest.length + way - space.service[a]!;
  }
  if (ends > space.limit) return Infinity;
  const over = ends > space.until ? (ends - space.until) * space.overtimePerSecond : 0;
  return space.homeCost[a]! + over + Math.floor((space.dutyPerHour * (ends - space.begins)) / 3600);
}
