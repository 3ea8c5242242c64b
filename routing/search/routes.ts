import { FAR, type Instance, NEVER, NONE } from '../instance.ts';
import { lookBack, worstLateOfFixed } from './look-back.ts';
import { departuresFrom, earliestPlain, latestBackFrom } from './plain-times.ts';
import { advance, beginAfterFixed, changeCost, finish, isChanged, keepsStock, newCursor } from '../schedule.ts';

/**
 * The search's own picture of a plan: for each shift a ring of stops, in flat arrays. Stop jobCount + s is both ends of
 * shift s: what follows it is the first stop, what comes before it the last. Fixed stops are not in the rings; a ring
 * begins where and when the fixed stops end.
 *
 * Every change since `mark()` is written down, so that `undo()` takes a rejected step back without copying anything.
 * A change gives the shift a new version number and `undo` the old one again: what is remembered about a version stays true.
 */
export class Routes {
  readonly instance: Instance;
  readonly next: Int32Array;
  readonly prev: Int32Array;
  /** Shift of a job, NONE = left out (or fixed). */
  readonly route: Int32Array;
  /** When the crew leaves a stop, at the earliest; of a shift's end stop: when it is free to begin. */
  readonly depart: Int32Array;
  /** The last arrival at a stop with which the rest of the day still works; of a shift's end stop: its limit. */
  readonly latest: Int32Array;
  /**
   * The last arrival at a stop that changes no cost from there to the end of the day, never after `latest`: an insertion that
   * arrives no later need not be driven. NEVER where that cannot be said.
   */
  readonly freeUntil: Int32Array;
  /** Cost of the leg into a stop. */
  readonly legIn: Float64Array;
  /** Plain instances: of the leg out of a stop. Both are -Infinity for a job left out: no place beside it is near enough. */
  readonly legOut: Float64Array;
  /** Shifts with rules beyond windows: cost from the start of the shift to behind the stop, breaks and order locks behind it. */
  readonly costTo: Float64Array;
  readonly nextBreak: Int32Array;
  readonly lastOrder: Int32Array;

  /** Movable stops. */
  readonly count: Int32Array;
  readonly routeCost: Float64Array;
  readonly load: Float64Array;
  readonly version: Int32Array;
  /** What the stops pay now for having moved since the plan in force: the most a delay could save. */
  readonly gain: Float64Array;
  readonly changes: Int32Array;
  readonly worstLate: Int32Array;
  private readonly worstOfFixed: Int32Array;

  /** Of shifts and jobs left out; not of the greatest lateness. */
  cost = 0;
  /** Shifts with movable stops: the first `active` of the list, in no order. */
  active = 0;
  readonly activeShifts: Int32Array;
  private readonly activeAt: Int32Array;
  /** Stops unlike the plan in force, left-out ones included. */
  changed = 0;
  readonly absent: Int32Array;
  absentCount = 0;
  private readonly absentAt: Int32Array;

  private lastVersion = 0;
  private mark_ = 1;
  private readonly stopMark: Int32Array;
  private readonly shiftMark: Int32Array;
  private logged = 0;
  private readonly log: Int32Array;
  private readonly logCosts: Float64Array;
  private loggedShifts = 0;
  private readonly shiftLog: Int32Array;
  private readonly shiftLogCosts: Float64Array;
  private marked = { cost: 0, changed: 0 };

  constructor(instance: Instance) {
    const { jobCount, shiftCount, dimensions } = instance;
    const stops = jobCount + shiftCount;
    this.instance = instance;
    this.next = new Int32Array(stops);
    this.prev = new Int32Array(stops);
    this.route = new Int32Array(jobCount).fill(NONE);
    this.depart = new Int32Array(stops);
    this.latest = new Int32Array(stops);
    this.freeUntil = new Int32Array(stops).fill(NEVER);
    this.legIn = new Float64Array(stops);
    this.legOut = new Float64Array(stops).fill(-Infinity);
    this.costTo = new Float64Array(stops);
    this.nextBreak = new Int32Array(stops);
    this.lastOrder = new Int32Array(stops).fill(NONE);
    this.count = new Int32Array(shiftCount);
    this.routeCost = new Float64Array(shiftCount);
    this.load = new Float64Array(shiftCount * dimensions);
    this.version = new Int32Array(shiftCount);
    this.gain = new Float64Array(shiftCount);
    this.changes = new Int32Array(shiftCount);
    this.worstLate = new Int32Array(shiftCount);
    this.worstOfFixed = new Int32Array(shiftCount);
    this.activeShifts = new Int32Array(shiftCount);
    this.activeAt = new Int32Array(shiftCount).fill(NONE);
    this.absent = new Int32Array(jobCount);
    this.absentAt = new Int32Array(jobCount).fill(NONE);
    this.stopMark = new Int32Array(stops);
    this.shiftMark = new Int32Array(shiftCount);
    this.log = new Int32Array(stops * STOP_FIELDS);
    this.logCosts = new Float64Array(stops * STOP_COSTS);
    this.shiftLog = new Int32Array(shiftCount * SHIFT_FIELDS);
    this.shiftLogCosts = new Float64Array(shiftCount * (2 + dimensions));
    this.clear();
  }

  /** Fixed stops only: everything else left out. */
  clear(): void {
    const { instance } = this;
    const { jobCount, shiftCount } = instance;
    this.cost = 0;
    this.active = 0;
    this.activeAt.fill(NONE);
    this.changed = 0;
    this.absentCount = 0;
    this.route.fill(NONE);
    if (instance.plain) {
      this.legIn.fill(-Infinity);
      this.legOut.fill(-Infinity);
    }
    this.absentAt.fill(NONE);
    for (let j = 0; j < jobCount; j++) {
      if (instance.fixed[j] === 1) {
        if (!instance.fixedStops[instance.forceShift[j]!]!.includes(j)) this.cost += instance.price[j]!;
        continue;
      }
      this.cost += instance.price[j]!;
      this.changed += instance.forceShift[j] === NONE ? 0 : 1;
      this.absentAt[j] = this.absentCount;
      this.absent[this.absentCount++] = j;
    }
    for (let s = 0; s < shiftCount; s++) {
      const head = jobCount + s;
      this.next[head] = head;
      this.prev[head] = head;
      this.depart[head] = instance.freeAfterFixed[s]!;
      this.latest[head] = instance.limit[s]!;
      this.freeUntil[head] = NEVER;
      this.nextBreak[head] = instance.breakAfterFixed[s]!;
      this.costTo[head] = instance.costOfFixed[s]!;
      this.legIn[head] = this.legCost(s, head, head);
      this.count[s] = 0;
      this.routeCost[s] = instance.emptyCost[s]!;
      this.gain[s] = 0;
      this.changes[s] = 0;
      this.worstOfFixed[s] = worstLateOfFixed(instance, s);
      this.worstLate[s] = this.worstOfFixed[s]!;
      this.version[s] = ++this.lastVersion;
      this.cost += this.routeCost[s]!;
      for (let d = 0; d < instance.dimensions; d++) {
        let load = 0;
        for (const j of instance.fixedStops[s]!)
          if (instance.fetched[j] === 0) load += instance.uses[j * instance.dimensions + d]!;
        this.load[s * instance.dimensions + d] = load;
      }
    }
    this.mark();
  }

  /** Puts whole sequences of movable stops in, as they are; they must be possible. `lockedStart` must already be as they need it. */
  setSequences(sequences: readonly ArrayLike<number>[]): void {
    this.clear();
    for (let s = 0; s < sequences.length; s++) {
      const sequence = sequences[s]!;
      for (let k = 0; k < sequence.length; k++) this.link(sequence[k]!, this.prev[this.instance.jobCount + s]!, s);
      if (sequence.length > 0 && !this.redrive(s)) throw new Error(`engine fault: shift ${s} cannot be driven as it was`);
    }
    this.mark();
  }

  /** The movable stops of shift s in order. */
  sequence(s: number): number[] {
    const head = this.instance.jobCount + s;
    const stops: number[] = [];
    for (let j = this.next[head]!; j !== head; j = this.next[j]!) stops.push(j);
    return stops;
  }

  /** Cost of the leg from stop p to stop q on shift s, 0 where a shift may end anywhere. */
  legCost(s: number, p: number, q: number): number {
    const { instance } = this;
    const { cost } = instance.ways[instance.travelClass[s]!]!;
    const leg = cost[instance.fromPlace[p]! * instance.placeCount + instance.toPlace[q]!]!;
    return leg === FAR && p === q ? 0 : leg;
  }

  /** From here on changes are written down, see `undo`. */
  mark(): void {
    this.mark_++;
    this.logged = 0;
    this.loggedShifts = 0;
    this.marked.cost = this.cost;
    this.marked.changed = this.changed;
  }

  /** Takes everything since `mark` back. */
  undo(): void {
    const { log, logCosts, shiftLog, shiftLogCosts } = this;
    for (let i = 0, o = 0; i < this.logged; i++, o += STOP_FIELDS) {
      const j = log[o]!;
      this.next[j] = log[o + 1]!;
      this.prev[j] = log[o + 2]!;
      if (j < this.route.length) this.route[j] = log[o + 3]!;
      this.depart[j] = log[o + 4]!;
      this.latest[j] = log[o + 5]!;
      this.nextBreak[j] = log[o + 6]!;
      this.lastOrder[j] = log[o + 7]!;
      this.instance.lockedStart[j] = log[o + 8]!;
      this.freeUntil[j] = log[o + 9]!;
      this.legIn[j] = logCosts[i * STOP_COSTS]!;
      this.costTo[j] = logCosts[i * STOP_COSTS + 1]!;
      this.legOut[j] = logCosts[i * STOP_COSTS + 2]!;
    }
    const { dimensions } = this.instance;
    for (let i = 0, o = 0, c = 0; i < this.loggedShifts; i++, o += SHIFT_FIELDS, c += 2 + dimensions) {
      const s = shiftLog[o]!;
      this.count[s] = shiftLog[o + 1]!;
      this.listIfActive(s);
      this.version[s] = shiftLog[o + 2]!;
      this.changes[s] = shiftLog[o + 3]!;
      this.worstLate[s] = shiftLog[o + 4]!;
      this.routeCost[s] = shiftLogCosts[c]!;
      this.gain[s] = shiftLogCosts[c + 1]!;
      for (let d = 0; d < dimensions; d++) this.load[s * dimensions + d] = shiftLogCosts[c + 2 + d]!;
    }
    for (let i = 0; i < this.logged; i++) {
      const j = log[i * STOP_FIELDS]!;
      if (j >= this.route.length) continue;
      const out = this.route[j] === NONE;
      if (out && this.absentAt[j] === NONE) this.putToAbsent(j);
      else if (!out && this.absentAt[j] !== NONE) this.takeFromAbsent(j);
    }
    this.cost = this.marked.cost;
    this.changed = this.marked.changed;
    this.mark();
  }

  private listIfActive(s: number): void {
    const at = this.activeAt[s]!;
    if (this.count[s]! > 0 === (at !== NONE)) return;
    if (at === NONE) {
      this.activeAt[s] = this.active;
      this.activeShifts[this.active++] = s;
      return;
    }
    const last = this.activeShifts[--this.active]!;
    this.activeShifts[at] = last;
    this.activeAt[last] = at;
    this.activeAt[s] = NONE;
  }

  private putToAbsent(j: number): void {
    this.absentAt[j] = this.absentCount;
    this.absent[this.absentCount++] = j;
  }

  private takeFromAbsent(j: number): void {
    const at = this.absentAt[j]!;
    const last = this.absent[--this.absentCount]!;
    this.absent[at] = last;
    this.absentAt[last] = at;
    this.absentAt[j] = NONE;
  }

  touchStop(j: number): void {
    if (this.stopMark[j] === this.mark_) return;
    this.stopMark[j] = this.mark_;
    const { log, logCosts } = this;
    const i = this.logged++;
    const o = i * STOP_FIELDS;
    log[o] = j;
    log[o + 1] = this.next[j]!;
    log[o + 2] = this.prev[j]!;
    log[o + 3] = j < this.route.length ? this.route[j]! : NONE;
    log[o + 4] = this.depart[j]!;
    log[o + 5] = this.latest[j]!;
    log[o + 6] = this.nextBreak[j]!;
    log[o + 7] = this.lastOrder[j]!;
    log[o + 8] = this.instance.lockedStart[j] ?? 0;
    log[o + 9] = this.freeUntil[j]!;
    logCosts[i * STOP_COSTS] = this.legIn[j]!;
    logCosts[i * STOP_COSTS + 1] = this.costTo[j]!;
    logCosts[i * STOP_COSTS + 2] = this.legOut[j]!;
  }

  private touchShift(s: number): void {
    if (this.shiftMark[s] !== this.mark_) {
      this.shiftMark[s] = this.mark_;
      const { shiftLog, shiftLogCosts } = this;
      const { dimensions } = this.instance;
      const o = this.loggedShifts * SHIFT_FIELDS;
      const c = this.loggedShifts * (2 + dimensions);
      this.loggedShifts++;
      shiftLog[o] = s;
      shiftLog[o + 1] = this.count[s]!;
      shiftLog[o + 2] = this.version[s]!;
      shiftLog[o + 3] = this.changes[s]!;
      shiftLog[o + 4] = this.worstLate[s]!;
      shiftLogCosts[c] = this.routeCost[s]!;
      shiftLogCosts[c + 1] = this.gain[s]!;
      for (let d = 0; d < dimensions; d++) shiftLogCosts[c + 2 + d] = this.load[s * dimensions + d]!;
    }
    this.version[s] = ++this.lastVersion;
  }

  private served(j: number): void {
    this.takeFromAbsent(j);
    this.cost -= this.instance.price[j]!;
    if (this.instance.forceShift[j] !== NONE) this.changed--;
  }

  private leftOut(j: number): void {
    this.putToAbsent(j);
    this.cost += this.instance.price[j]!;
    if (this.instance.forceShift[j] !== NONE) this.changed++;
  }

  private addLoad(j: number, s: number, sign: 1 | -1): void {
    const { dimensions, uses, fetched } = this.instance;
    if (fetched[j] === 1) return;
    for (let d = 0; d < dimensions; d++) {
      this.load[s * dimensions + d] = this.load[s * dimensions + d]! + sign * uses[j * dimensions + d]!;
    }
  }

  /** Puts job j behind stop p of shift s. In a plain instance times and cost are then right, otherwise `redrive` must follow. */
  link(j: number, p: number, s: number): void {
    const { instance, next, prev, legIn, legOut } = this;
    const q = next[p]!;
    this.touchStop(j);
    this.touchStop(p);
    this.touchStop(q);
    this.touchShift(s);
    const { cost } = instance.ways[instance.travelClass[s]!]!;
    const count = instance.placeCount;
    const there = cost[instance.fromPlace[p]! * count + j]!;
    const on = cost[j * count + instance.toPlace[q]!]!;
    next[p] = j;
    prev[q] = j;
    next[j] = q;
    prev[j] = p;
    this.route[j] = s;
    this.addLoad(j, s, 1);
    this.served(j);
    if (instance.plain) {
      let delta = there + on - legIn[q]!;
      if (this.count[s] === 0 && instance.fixedStops[s]!.length === 0) delta += instance.use[s]!;
      this.cost += delta;
      this.routeCost[s] = this.routeCost[s]! + delta;
    }
    this.count[s] = this.count[s]! + 1;
    this.listIfActive(s);
    legIn[j] = there;
    legIn[q] = on;
    if (instance.plain) {
      legOut[p] = there;
      legOut[j] = on;
      const { seconds } = instance.ways[0]!;
      const arrival = this.depart[p]! + seconds[instance.fromPlace[p]! * count + j]!;
      const earliest = earliestPlain(instance, j, arrival);
      this.depart[j] = earliest + instance.service[j]!;
      const latest = this.latest[q]! - instance.service[j]! - seconds[j * count + instance.toPlace[q]!]!;
      this.latest[j] = latest < instance.latestStart[j]! ? latest : instance.latestStart[j]!;
      departuresFrom(this, q, s);
      latestBackFrom(this, p, s);
    }
  }

  /** Takes the stops from x to y, which follow each other on shift s, out. As in `link`, `redrive` must follow unless plain. */
  unlink(x: number, y: number, s: number, removed: Int32Array, removedCount: number): number {
    const { instance, next, prev, legIn, legOut } = this;
    const head = instance.jobCount + s;
    const p = prev[x]!;
    const q = next[y]!;
    this.touchShift(s);
    let gone = 0;
    for (let j = x; ; j = next[j]!) {
      this.touchStop(j);
      gone += legIn[j]!;
      if (instance.plain) {
        legIn[j] = -Infinity;
        legOut[j] = -Infinity;
      }
      this.route[j] = NONE;
      if (instance.groupOf[j] !== NONE) instance.lockedStart[j] = instance.givenStart[j]!;
      this.leftOut(j);
      this.count[s] = this.count[s]! - 1;
      this.addLoad(j, s, -1);
      removed[removedCount++] = j;
      if (j === y) break;
    }
    this.touchStop(p);
    this.touchStop(q);
    gone += legIn[q]!;
    const leg = this.legCost(s, p, q);
    next[p] = q;
    prev[q] = p;
    legIn[q] = leg;
    this.listIfActive(s);
    if (instance.plain) {
      let delta = leg - gone;
      if (this.count[s] === 0) {
        delta = instance.emptyCost[s]! - this.routeCost[s]!;
        legIn[head] = this.legCost(s, head, head);
      }
      legOut[p] = legIn[q]!;
      this.cost += delta;
      this.routeCost[s] = this.routeCost[s]! + delta;
      departuresFrom(this, q, s);
      latestBackFrom(this, p, s);
    }
    return removedCount;
  }

  /**
   * Drives shift s anew by all rules: departures, costs, latest arrivals, changes. False when it is not possible; the
   * figures are then of no use and `undo` must follow.
   */
  redrive(s: number): boolean {
    const { instance, next } = this;
    if (instance.plain) return true;
    const head = instance.jobCount + s;
    const before = this.routeCost[s]!;
    this.touchShift(s);
    beginAfterFixed(instance, s, cursor);
    let gain = 0;
    let changes = 0;
    const weighsWorst = (instance.problem.weights.worstLatePerSecond ?? 0) !== 0;
    let worst = this.worstOfFixed[s]!;
    for (let j = next[head]!; j !== head; j = next[j]!) {
      if (!advance(instance, s, cursor, j)) return false;
      if (
        this.depart[j] !== cursor.time ||
        this.costTo[j] !== cursor.cost ||
        this.nextBreak[j] !== cursor.nextBreak ||
        this.lastOrder[j] !== cursor.lastOrder
      ) {
        this.touchStop(j);
        this.depart[j] = cursor.time;
        this.costTo[j] = cursor.cost;
        this.nextBreak[j] = cursor.nextBreak;
        this.lastOrder[j] = cursor.lastOrder;
      }
      if (instance.forceShift[j] !== NONE) {
        gain += changeCost(instance, s, j, cursor.start);
        changes += isChanged(instance, s, j, cursor.start);
      }
      if (weighsWorst && cursor.start - instance.due[j]! > worst) worst = cursor.start - instance.due[j]!;
    }
    if (!finish(instance, s, cursor)) return false;
    // A stop that went out may have brought what another uses.
    const stops = instance.onlyUses || this.count[s] === 0 ? [] : [...instance.fixedStops[s]!, ...this.sequence(s)];
    if (!keepsStock(instance, s, stops)) return false;
    const total = this.count[s] === 0 ? instance.emptyCost[s]! : cursor.cost;
    this.routeCost[s] = total;
    this.cost += total - before;
    this.changed += changes - this.changes[s]!;
    this.changes[s] = changes;
    this.gain[s] = gain;
    if (weighsWorst) this.worstLate[s] = worst;
    lookBack(this, s);
    return true;
  }

  /** Greatest lateness in the plan, where it has a price. */
  greatestLateness(): number {
    return this.worstLate.reduce((worst, late) => (late > worst ? late : worst), 0);
  }
}

const cursor = newCursor();
const [STOP_FIELDS, STOP_COSTS, SHIFT_FIELDS] = [10, 3, 5];
