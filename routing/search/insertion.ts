import { FAR, type Instance, NEVER, NONE, UNLIMITED } from '../instance.ts';
import { advance, beginAfterFixed, earliestStart, finish, lateCost, newCursor, startCost } from '../schedule.ts';
import type { Routes } from './routes.ts';

/** No place was found, or none below the bound. */
const NOWHERE = -2;

/**
 * The cheapest place of a job on a shift, remembered by the version of the shift: most shifts are as they were when the
 * job was last looked at, since each step of the search changes a few only and rejected steps give the old version back.
 * Two entries would be the first and the second best; one is enough: the search leaves places out by chance by shift.
 */
export class Insertions {
  readonly routes: Routes;
  private readonly instance: Instance;
  private readonly knownVersion: Int32Array;
  /** The least cost; when `knownAfter` is NOWHERE: at least so much. */
  private readonly knownCost: Float64Array;
  private readonly knownAfter: Int32Array;
  /** 1 = a change in the middle of the day must be checked over the whole day. */
  private readonly whole: Uint8Array;
  /** Of the last answer. */
  after = NONE;

  constructor(routes: Routes) {
    const { instance } = routes;
    const pairs = instance.jobCount * instance.shiftCount;
    this.routes = routes;
    this.instance = instance;
    this.knownVersion = new Int32Array(pairs);
    this.knownCost = new Float64Array(pairs);
    this.knownAfter = new Int32Array(pairs);
    this.whole = Uint8Array.from({ length: instance.shiftCount }, (_, s) =>
      instance.maxDuration[s] !== UNLIMITED || instance.maxTravel[s] !== UNLIMITED || instance.fairWork[s] !== UNLIMITED ? 1 : 0,
    );
  }

  /**
   * The least that job j costs on shift s where that is below `bound`, else Infinity or what is at least `bound`;
   * `after` is then the stop it goes behind. The shift must allow the job.
   */
  cost(j: number, s: number, bound: number): number {
    const pair = j * this.instance.shiftCount + s;
    const version = this.routes.version[s]!;
    if (this.knownVersion[pair] === version) {
      const known = this.knownCost[pair]!;
      this.after = this.knownAfter[pair]!;
      if (this.after !== NOWHERE || known >= bound) return known;
    }
    const found = this.instance.plain ? this.plainPlace(j, s) : this.place(j, s, bound);
    this.knownVersion[pair] = version;
    this.knownCost[pair] = found;
    this.knownAfter[pair] = this.after;
    return found;
  }

  /** Plain shifts: every place in constant time. */
  private plainPlace(j: number, s: number): number {
    const { instance, routes } = this;
    const { next, depart, latest, legIn } = routes;
    const { fromPlace, toPlace, placeCount } = instance;
    const head = instance.jobCount + s;
    this.after = NOWHERE;
    if (routes.count[s]! + instance.fixedStops[s]!.length >= instance.maxJobs[s]!) return Infinity;
    const { dimensions } = instance;
    for (let d = 0; d < dimensions; d++) {
      if (routes.load[s * dimensions + d]! + instance.uses[j * dimensions + d]! > instance.capacity[s * dimensions + d]!)
        return Infinity;
    }
    const ways = instance.ways[0]!;
    const { seconds, cost, secondsBack, costBack } = ways;
    const row = j * placeCount;
    const w = instance.windowFirst[j]!;
    let opens = instance.release[j]!;
    if (w < instance.windowFirst[j + 1]! && instance.windowFrom[w]! > opens) opens = instance.windowFrom[w]!;
    const closes = instance.latestStart[j]!;
    const service = instance.service[j]!;
    let best = Infinity;
    let p = head;
    let q = next[head]!;
    for (;;) {
      const leaves = depart[p]!;
      if (leaves > closes) break;
      const from = row + fromPlace[p]!;
      let start = leaves + secondsBack[from]!;
      if (start < opens) start = opens;
      if (start <= closes) {
        const to = row + toPlace[q]!;
        const delta = costBack[from]! + cost[to]! - legIn[q]!;
        if (delta < best && start + service + seconds[to]! <= latest[q]!) {
          best = delta;
          this.after = p;
        }
      }
      if (q === head) break;
      p = q;
      q = next[q]!;
    }
    if (best < Infinity && routes.count[s] === 0 && instance.fixedStops[s]!.length === 0) {
      best = costOfFirst(instance, s, ways.cost[row + toPlace[head]!]! + ways.costBack[row + fromPlace[head]!]!);
    }
    return best;
  }

  /** All other shifts: what cannot be below the bound by its way alone is passed over, the rest driven from there on. */
  private place(j: number, s: number, bound: number): number {
    const { instance, routes } = this;
    const { next, depart, latest, legIn } = routes;
    const { fromPlace, toPlace, placeCount, topSpeedPercent, dimensions } = instance;
    const head = instance.jobCount + s;
    this.after = NOWHERE;
    if (routes.count[s]! + instance.fixedStops[s]!.length >= instance.maxJobs[s]!) return Infinity;
    if (instance.fetched[j] === 0) {
      for (let d = 0; d < dimensions; d++) {
        if (routes.load[s * dimensions + d]! + instance.uses[j * dimensions + d]! > instance.capacity[s * dimensions + d]!)
          return Infinity;
      }
    }
    const { seconds, cost, secondsBack, costBack } = instance.ways[instance.travelClass[s]!]!;
    const row = j * placeCount;
    const service = instance.service[instance.serviceRow[s]! + j]!;
    const order = instance.order[j]!;
    const lastStart = instance.latestStart[j]!;
    const release = instance.release[j]!;
    const due = instance.due[j]!;
    // Waiting and lateness of the job itself come on top of the way; what others gain by a delay is off.
    const gain = routes.gain[s]!;
    let best = bound;
    let pruned = false;
    let p = head;
    let q = next[head]!;
    for (;;) {
      const from = row + fromPlace[p]!;
      const to = row + toPlace[q]!;
      // The way first: it alone rules most places out. An empty shift without a way home stays where it is.
      const without = legIn[q] === FAR ? 0 : legIn[q]!;
      const least = costBack[from]! + cost[to]! - without - gain;
      if (least >= best) pruned = true;
      else {
        let there = secondsBack[from]!;
        let on = seconds[to]!;
        if (there !== FAR && on !== FAR) {
          if (topSpeedPercent !== 100) {
            there = Math.floor((there * 100) / topSpeedPercent);
            on = Math.floor((on * 100) / topSpeedPercent);
          }
          const arrives = depart[p]! + there;
          const start = arrives > release ? arrives : release;
          if (start <= lastStart && start + service + on <= latest[q]!) {
            // Then with its own lateness at the earliest: that too is a lower bound.
            if (start > due && least + lateCost(instance, j, start - due) >= best) pruned = true;
            else if ((order === NONE || this.keepsOrder(j, p, s)) && (instance.onlyUses || this.keepsStock(j, p, s))) {
              const more = this.costBehind(j, p, q, s, arrives, least + gain, on, best);
              if (more < best) {
                best = more;
                this.after = p;
              } else if (more < Infinity) pruned = true;
            }
          }
        }
      }
      if (q === head) break;
      p = q;
      q = next[q]!;
    }
    if (this.after !== NOWHERE) return best;
    return pruned ? bound : Infinity;
  }

  /** As `driveBehind`, without a drive where the delay costs nobody anything. */
  private costBehind(
    j: number,
    p: number,
    q: number,
    s: number,
    arrives: number,
    legs: number,
    on: number,
    bound: number,
  ): number {
    const { instance, routes } = this;
    const free = routes.freeUntil[q]!;
    if (free === NEVER || this.whole[s] === 1) return this.driveBehind(j, p, s, bound);
    const { breakFrom, breakLength, breakUntil } = instance;
    const row = instance.serviceRow[s]!;
    const service = instance.service[row + j]!;
    const leaves = routes.depart[p]!;
    const head = instance.jobCount + s;
    const b = routes.nextBreak[p]!;
    const breakEnd = instance.breakFirst[s + 1]!;
    let rest = 0;
    if (b < breakEnd) {
      if (instance.breakLost[b] === 1) return this.driveBehind(j, p, s, bound);
      if (leaves >= breakFrom[b]!) {
        // The last break, taken where p is left, with j behind it as with q.
        const isLast = b + 1 === breakEnd && leaves <= breakUntil[b]! && (q === head || routes.nextBreak[q] === b + 1);
        if (!isLast) return this.driveBehind(j, p, s, bound);
        rest = breakLength[b]!;
      } else if (q !== head && routes.nextBreak[q] !== b) return this.driveBehind(j, p, s, bound);
    }
    const start = earliestStart(instance, s, j, arrives + rest);
    if (start === NEVER) return b === breakEnd ? Infinity : this.driveBehind(j, p, s, bound);
    const reaches = start + service + on;
    // Where the way round is the shorter one, what follows becomes earlier: that is driven.
    const { seconds } = instance.ways[instance.travelClass[s]!]!;
    const reached = leaves + rest + seconds[instance.fromPlace[p]! * instance.placeCount + instance.toPlace[q]!]!;
    let costsNothing = reaches <= free && reaches >= reached;
    if (b < breakEnd && rest === 0) {
      // The break comes behind q, as before: j is done before its window opens, and q before it closes.
      costsNothing &&= start + service < breakFrom[b]! && (q === head || reaches + instance.service[row + q]! <= breakUntil[b]!);
    }
    if (!costsNothing) return this.driveBehind(j, p, s, bound);
    const pair = instance.pairCost === null ? 0 : instance.pairCost[j * instance.shiftCount + s]!;
    return legs + startCost(instance, s, j, start) + pair;
  }

  /** What the shift costs more with job j behind stop p; Infinity when impossible, at least `bound` when it is that much. */
  driveBehind(j: number, p: number, s: number, bound: number): number {
    const { instance, routes } = this;
    const { next, depart, costTo, nextBreak, lastOrder } = routes;
    const head = instance.jobCount + s;
    const whole = this.whole[s] === 1;
    beginAfterFixed(instance, s, probe);
    if (whole) {
      for (let i = next[head]!; p !== head; i = next[i]!) {
        if (!advance(instance, s, probe, i)) return Infinity;
        if (i === p) break;
      }
    } else if (p !== head) {
      probe.time = depart[p]!;
      probe.place = p;
      probe.nextBreak = nextBreak[p]!;
      probe.lastOrder = lastOrder[p]!;
      probe.stops++;
      probe.movable = 1;
      probe.cost = costTo[p]!;
    }
    if (!advance(instance, s, probe, j)) return Infinity;
    const gain = routes.gain[s]!;
    for (let i = next[p]!; i !== head; i = next[i]!) {
      if (probe.time > routes.latest[i]!) return Infinity;
      if (!advance(instance, s, probe, i)) return Infinity;
      if (!whole && probe.time === depart[i] && probe.nextBreak === nextBreak[i] && probe.lastOrder === lastOrder[i]) {
        return probe.cost - costTo[i]!;
      }
      // What lies behind only gets later, and dearer, but for what it now pays for being earlier than in the plan in force.
      if (probe.cost - costTo[i]! - gain >= bound) return bound;
    }
    if (!finish(instance, s, probe)) return Infinity;
    return probe.cost - routes.routeCost[s]!;
  }

  /** Number of jobs and order locks allow job j behind stop p of shift s; time and stock are not looked at. */
  hasPlace(j: number, p: number, s: number): boolean {
    const { instance, routes } = this;
    if (routes.count[s]! + instance.fixedStops[s]!.length >= instance.maxJobs[s]!) return false;
    return instance.order[j] === NONE || this.keepsOrder(j, p, s);
  }

  /** As `hasPlace`, and there is room for the stock all day. */
  fits(j: number, p: number, s: number): boolean {
    return this.hasPlace(j, p, s) && this.keepsStock(j, p, s);
  }

  /** Order-locked stops before and behind have lower and higher places. */
  private keepsOrder(j: number, p: number, s: number): boolean {
    const { instance, routes } = this;
    const head = instance.jobCount + s;
    const order = instance.order[j]!;
    for (let i = p; i !== head; i = routes.prev[i]!) if (instance.order[i]! > order) return false;
    for (let i = routes.next[p]!; i !== head; i = routes.next[i]!) {
      if (instance.order[i] !== NONE && instance.order[i]! < order) return false;
    }
    return true;
  }

  /** Room for the stock all day, with job j behind stop p. */
  private keepsStock(j: number, p: number, s: number): boolean {
    const { instance, routes } = this;
    const { dimensions, capacity, uses, collects, fetched, jobCount } = instance;
    const head = jobCount + s;
    for (let d = 0; d < dimensions; d++) {
      const room = capacity[s * dimensions + d]!;
      let load = routes.load[s * dimensions + d]! + (fetched[j] === 1 ? 0 : uses[j * dimensions + d]!);
      if (load > room) return false;
      for (const i of instance.fixedStops[s]!) {
        load += collects[i * dimensions + d]! - uses[i * dimensions + d]!;
        if (load > room || load < 0) return false;
      }
      for (let i = head; ; i = routes.next[i]!) {
        if (i !== head) {
          load += collects[i * dimensions + d]! - uses[i * dimensions + d]!;
          if (load > room || load < 0) return false;
        }
        if (i === p) {
          load += collects[j * dimensions + d]! - uses[j * dimensions + d]!;
          if (load > room || load < 0) return false;
        }
        if (routes.next[i] === head) break;
      }
    }
    return true;
  }
}

const probe = newCursor();

/** What the first stop of an empty plain shift costs: way there and home, and the use of the shift, less the empty shift. */
function costOfFirst(instance: Instance, s: number, ways: number): number {
  return ways + instance.use[s]! - instance.emptyCost[s]!;
}
