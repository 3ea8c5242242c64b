import { FAR, type Instance, NONE, UNLIMITED } from '../instance.ts';
import type { Random } from './random.ts';
import type { Routes } from './routes.ts';

/** Neighbours on each side that are looked at. */
const NEIGHBOURS = 120;

/**
 * Places of a job beside its nearest stops, for plain problems with many jobs: there most of a route lies far from a job,
 * and looking at the stops round it costs a third of looking through the routes round it. For each job the stops that may
 * come right before it and right after it, nearest first, as far as their windows allow.
 */
export class NearPlaces {
  private readonly routes: Routes;
  private readonly width: number;
  private readonly before: Neighbours;
  private readonly after: Neighbours;
  /**
   * A detour costs at least so many times what the way to the neighbour is longer than the leg that goes: the way on cannot
   * be shorter than that difference, where both directions cost the same and no way round is shorter.
   */
  private readonly least: number;
  /** True when room is more than one sum of stock. */
  private readonly checks: boolean;
  /** Of the last answer: the shift, and the stop that the job goes behind. */
  shift = NONE;
  behind = NONE;

  constructor(routes: Routes) {
    const { instance } = routes;
    this.routes = routes;
    this.width = Math.max(0, Math.min(NEIGHBOURS, instance.jobCount - 1));
    this.least = isSymmetric(instance) ? 2 : 1;
    this.checks = instance.dimensions > 1 || instance.maxJobs.some((most) => most !== UNLIMITED);
    this.before = neighbours(instance, this.width, true);
    this.after = neighbours(instance, this.width, false);
  }

  /**
   * The least that job j costs beside one of its neighbours, where that is below `bound`, else `bound`. Only
   * shifts with a 1 in `own` are looked at. Each place is passed
   * over with the probability `blink`.
   */
  find(j: number, bound: number, own: Uint8Array, blink: number, random: Random): number {
    const { routes, before, after, width } = this;
    const { next, prev, route, depart, latest, legIn, legOut } = routes;
    const { instance } = routes;
    const { allowed, shiftCount, placeCount, fromPlace, toPlace, jobCount } = instance;
    const { seconds, cost, secondsBack, costBack } = instance.ways[0]!;
    const row = j * placeCount;
    const pair = j * shiftCount;
    const opens = opening(instance, j);
    const closes = instance.latestStart[j]!;
    const service = instance.service[j]!;
    const { least, checks } = this;
    const { load } = routes;
    const { capacity, dimensions } = instance;
    const use = dimensions > 0 ? instance.uses[j * dimensions]! : 0;
    let best = bound;
    let shift = NONE;
    let behind = NONE;
    const { stops: stopsBefore, cost: costBefore } = before;
    const { stops: stopsAfter, cost: costAfter } = after;
    const first = j * width;
    for (let k = first, end = first + before.count[j]!; k < end; k++) {
      const p = stopsBefore[k]!;
      const there = costBefore[k]! - legOut[p]!;
      if (there * least >= best) continue;
      const q = next[p]!;
      const to = row + toPlace[q]!;
      const delta = there + cost[to]!;
      if (delta >= best) continue;
      let start = depart[p]! + secondsBack[row + p]!;
      if (start < opens) start = opens;
      if (start > closes || start + service + seconds[to]! > latest[q]!) continue;
      const s = route[p]!;
      if (dimensions > 0 && load[s * dimensions]! + use > capacity[s * dimensions]!) continue;
      if (own[s] === 0 || allowed[pair + s] === 0 || (checks && !this.hasRoom(j, s)) || random.next() < blink) continue;
      best = delta;
      shift = s;
      behind = p;
    }
    for (let k = first, end = first + after.count[j]!; k < end; k++) {
      const q = stopsAfter[k]!;
      const on = costAfter[k]! - legIn[q]!;
      if (on * least >= best) continue;
      const p = prev[q]!;
      const from = row + (p < jobCount ? p : fromPlace[p]!);
      const delta = on + costBack[from]!;
      if (delta >= best) continue;
      let start = depart[p]! + secondsBack[from]!;
      if (start < opens) start = opens;
      if (start > closes || start + service + seconds[row + q]! > latest[q]!) continue;
      const s = route[q]!;
      if (dimensions > 0 && load[s * dimensions]! + use > capacity[s * dimensions]!) continue;
      if (own[s] === 0 || allowed[pair + s] === 0 || (checks && !this.hasRoom(j, s)) || random.next() < blink) continue;
      best = delta;
      shift = s;
      behind = p;
    }
    this.shift = shift;
    this.behind = behind;
    return best;
  }

  private hasRoom(j: number, s: number): boolean {
    const { routes } = this;
    const { instance } = routes;
    const { dimensions } = instance;
    if (routes.count[s]! + instance.fixedStops[s]!.length >= instance.maxJobs[s]!) return false;
    for (let d = 0; d < dimensions; d++) {
      if (routes.load[s * dimensions + d]! + instance.uses[j * dimensions + d]! > instance.capacity[s * dimensions + d]!)
        return false;
    }
    return true;
  }
}

interface Neighbours {
  /** stops[j * width ...], `count[j]` of them, with the way from or to them. */
  readonly stops: Uint16Array;
  readonly count: Int32Array;
  readonly cost: Int32Array;
}

function isSymmetric({ ways, jobCount, placeCount }: Instance): boolean {
  const { cost, costBack } = ways[0]!;
  for (let i = 0; i < jobCount; i++) {
    for (let j = 0; j < i; j++) if (cost[i * placeCount + j] !== costBack[i * placeCount + j]) return false;
  }
  return true;
}

/** Earliest start of a job of a plain problem. */
function opening(instance: Instance, j: number): number {
  const w = instance.windowFirst[j]!;
  const opens = instance.release[j]!;
  return w < instance.windowFirst[j + 1]! && instance.windowFrom[w]! > opens ? instance.windowFrom[w]! : opens;
}

/** @param before true: stops that may come right before a job; false: right after it */
function neighbours(instance: Instance, width: number, before: boolean): Neighbours {
  const { jobCount, placeCount, service, latestStart } = instance;
  const ways = instance.ways[0]!;
  const seconds = before ? ways.secondsBack : ways.seconds;
  const cost = before ? ways.costBack : ways.cost;
  const of: Neighbours = {
    stops: new Uint16Array(jobCount * width),
    count: new Int32Array(jobCount),
    cost: new Int32Array(jobCount * width),
  };
  const opens = Float64Array.from({ length: jobCount }, (_, j) => opening(instance, j));
  for (let j = 0; j < jobCount; j++) {
    if (instance.fixed[j] === 1) continue;
    const able: number[] = [];
    for (let i = 0; i < jobCount; i++) {
      const way = seconds[j * placeCount + i]!;
      if (i === j || instance.fixed[i] === 1 || way === FAR) continue;
      const [one, two] = before ? [i, j] : [j, i];
      if (opens[one]! + service[one]! + way <= latestStart[two]!) able.push(i);
    }
    able.sort((a, b) => cost[j * placeCount + a]! - cost[j * placeCount + b]! || a - b);
    const count = Math.min(width, able.length);
    of.count[j] = count;
    for (let k = 0; k < count; k++) {
      const i = able[k]!;
      of.stops[j * width + k] = i;
      of.cost[j * width + k] = cost[j * placeCount + i]!;
    }
  }
  return of;
}
