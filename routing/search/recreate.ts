import { NONE } from '../instance.ts';
import type { Insertions } from './insertion.ts';
import { insertGroup } from './insert-group.ts';
import { NearPlaces } from './near-places.ts';
import type { Nearness } from './nearness.ts';
import { type Part, whole } from './part.ts';
import type { Random } from './random.ts';
import type { Routes } from './routes.ts';
import type { Ruined } from './ruin.ts';

/** A place is passed over by chance so often: always the cheapest would be always the same. */
const BLINK = 0.01;
/** Up to so many shifts with stops, all are asked for a job; beyond that those of its neighbours and those that start near. */
const ASK_ALL = 48;
const NEIGHBOURS_ASKED = { plain: 100, other: 40, filling: 100 };
const STARTS_ASKED = { plain: 24, other: 6, filling: 24 };

/** Plain problems with so many jobs look beside the nearest stops instead of through the nearest routes. */
const MANY_JOBS = 500;

/** Puts jobs back where they cost least, in an order chosen by chance; one that costs more than leaving it out stays out. */
export class Recreate {
  private readonly routes: Routes;
  private readonly insertions: Insertions;
  private readonly near: Nearness;
  private readonly random: Random;
  private readonly shiftMark: Int32Array;
  private readonly classMark: Int32Array;
  private mark = 0;
  private readonly keys: Float64Array;
  /** Where all prices are the same, the last orders say nothing. */
  private readonly orders: number;
  private readonly places: NearPlaces | null;
  /** Where shifts are all alike: the empty one that was found last. */
  private emptyShift = 0;
  /** Added to the cost of beginning an empty shift, for the search's own purposes; never part of a cost. */
  beginCharge = 0;
  /** A job for which nothing was found nearby looks everywhere, so often. */
  lookEverywhere = 1;
  /** False: the cheapest place is always taken, and jobs come in the order they are given. */
  byChance = true;
  /** No other shift is given a job. */
  part: Part;
  private bestCost = Infinity;
  private bestShift = NONE;
  private bestAfter = NONE;

  constructor(routes: Routes, insertions: Insertions, near: Nearness, random: Random) {
    this.routes = routes;
    this.insertions = insertions;
    this.near = near;
    this.random = random;
    this.shiftMark = new Int32Array(routes.instance.shiftCount);
    this.classMark = new Int32Array(routes.instance.shiftClassCount);
    this.keys = new Float64Array(routes.instance.jobCount);
    this.part = whole(routes.instance);
    const { price } = routes.instance;
    const samePrice = price.every((one) => one === price[0]);
    this.orders = samePrice ? 16 : 20;
    this.places = routes.instance.plain && routes.instance.jobCount >= MANY_JOBS ? new NearPlaces(routes) : null;
  }

  /** False when the draft has become impossible: the step must be taken back. */
  recreate(ruined: Ruined): boolean {
    const { routes } = this;
    const { instance } = routes;
    if (this.byChance) this.sort(ruined);
    for (let i = 0; i < ruined.count; i++) {
      const j = ruined.removed[i]!;
      if (routes.route[j] !== NONE) continue;
      const group = instance.groupOf[j]!;
      if (group !== NONE) {
        if (!insertGroup(routes, this.insertions, this.near, group, this.random)) return false;
        continue;
      }
      if (ruined.beginAnew) {
        ruined.beginAnew = false;
        if (this.begin(j)) continue;
      }
      if (this.findCheapest(j, instance.price[j]!) && !this.insert(j)) return false;
    }
    return true;
  }

  /** Finds the cheapest place for job j below `bound`; true when there is one. */
  findCheapest(j: number, bound: number): boolean {
    const { routes, near } = this;
    if (this.places !== null && this.byChance) return this.findBesideStops(this.places, j, bound);
    const able = near.shifts[j]!;
    this.mark++;
    this.bestCost = bound;
    this.bestShift = NONE;
    const width = !this.byChance ? 'filling' : routes.instance.plain ? 'plain' : 'other';
    const starts = STARTS_ASKED[width];
    const { count, activeShifts, active } = routes;
    const { allowed, shiftCount, shiftClass } = routes.instance;
    const row = j * shiftCount;
    // Where an insertion is checked in constant time, all are asked; elsewhere the nearest first, since a good bound saves most drives.
    const all = active <= ASK_ALL && routes.instance.plain;
    if (all) {
      for (let k = 0; k < active; k++) {
        const s = activeShifts[k]!;
        this.shiftMark[s] = this.mark;
        if (allowed[row + s] === 1) this.ask(j, s, 0);
      }
    } else {
      const first = j * near.width;
      const end = first + Math.min(NEIGHBOURS_ASKED[width], near.counts[j]!);
      for (let k = first; k < end; k++) {
        const s = routes.route[near.jobs[k]!]!;
        if (s === NONE || this.shiftMark[s] === this.mark) continue;
        this.shiftMark[s] = this.mark;
        if (allowed[row + s] === 1) this.ask(j, s, 0);
      }
    }
    // Empty shifts, of those that are alike one; and, where not all were asked, those that begin nearby.
    const spare = active === shiftCount && all ? 0 : able.length;
    for (let k = 0, asked = 0; k < spare && asked < starts; k++) {
      const s = able[k]!;
      if (this.shiftMark[s] === this.mark) continue;
      this.shiftMark[s] = this.mark;
      if (count[s] === 0) {
        if (this.part.own[s] === 0) continue;
        if (this.classMark[shiftClass[s]!] === this.mark) continue;
        this.classMark[shiftClass[s]!] = this.mark;
        this.ask(j, s, this.beginCharge);
        if (routes.instance.shiftClassCount === 1 && all) break;
      } else this.ask(j, s, 0);
      asked++;
    }
    if (this.bestShift === NONE && (!this.byChance || this.random.next() < this.lookEverywhere)) {
      for (let k = 0; k < able.length; k++) if (this.shiftMark[able[k]!] !== this.mark) this.ask(j, able[k]!, 0);
    }
    return this.bestShift !== NONE;
  }

  /** As `findCheapest`: beside the nearest stops, or on an empty shift; where neither works, through all shifts. */
  private findBesideStops(places: NearPlaces, j: number, bound: number): boolean {
    const { routes } = this;
    const { count, instance } = routes;
    const able = this.near.shifts[j]!;
    const { own } = this.part;
    this.bestCost = bound;
    this.bestShift = NONE;
    // An empty shift first: its price rules most places out.
    if (routes.active < instance.shiftCount && instance.shiftClassCount === 1) {
      let looked = 0;
      while (looked++ < instance.shiftCount && (count[this.emptyShift] !== 0 || own[this.emptyShift] === 0)) {
        this.emptyShift = (this.emptyShift + 1) % instance.shiftCount;
      }
      if (instance.allowed[j * instance.shiftCount + this.emptyShift] === 1 && count[this.emptyShift] === 0) {
        this.ask(j, this.emptyShift, this.beginCharge);
      }
    } else if (routes.active < instance.shiftCount) {
      this.mark++;
      for (let k = 0, asked = 0; k < able.length && asked < STARTS_ASKED.plain; k++) {
        const s = able[k]!;
        if (count[s] !== 0 || own[s] === 0 || this.classMark[instance.shiftClass[s]!] === this.mark) continue;
        this.classMark[instance.shiftClass[s]!] = this.mark;
        this.ask(j, s, this.beginCharge);
        asked++;
      }
    }
    const beside = places.find(j, this.bestCost, own, BLINK, this.random);
    if (places.shift !== NONE) {
      this.bestCost = beside;
      this.bestShift = places.shift;
      this.bestAfter = places.behind;
    }
    if (this.bestShift !== NONE) return true;
    for (let k = 0; k < able.length; k++) this.ask(j, able[k]!, 0);
    return this.bestShift !== NONE;
  }

  private ask(j: number, s: number, charge: number): void {
    if (this.part.own[s] === 0) return;
    const cost = this.insertions.cost(j, s, this.bestCost - charge) + charge;
    if (cost >= this.bestCost || (this.byChance && this.random.next() < BLINK)) return;
    this.bestCost = cost;
    this.bestShift = s;
    this.bestAfter = this.insertions.after;
  }

  /** Puts job j where findCheapest found it cheapest. */
  insert(j: number): boolean {
    this.routes.link(j, this.bestAfter, this.bestShift);
    return this.routes.redrive(this.bestShift);
  }

  /** Puts job j on an empty shift, the nearest that can take it. */
  private begin(j: number): boolean {
    const { routes, near } = this;
    for (const s of near.shifts[j]!) {
      if (routes.count[s] !== 0 || this.part.own[s] === 0) continue;
      const cost = this.insertions.cost(j, s, Infinity);
      if (cost === Infinity) continue;
      this.bestShift = s;
      this.bestAfter = this.insertions.after;
      return this.insert(j);
    }
    return false;
  }

  /** One of several orders, by chance: no one of them is good everywhere. */
  private sort(ruined: Ruined): void {
    const { removed, count } = ruined;
    const { instance } = this.routes;
    const { keys, random } = this;
    const order = random.next() * this.orders;
    const back = instance.ways[0]!.secondsBack;
    for (let i = 0; i < count; i++) {
      const j = removed[i]!;
      const way = back[j * instance.placeCount + instance.jobCount]!;
      const w = instance.windowFirst[j]!;
      const hasWindow = w < instance.windowFirst[j + 1]!;
      const opens = hasWindow ? instance.windowFrom[w]! : instance.release[j]!;
      const closes = Math.min(hasWindow ? instance.windowUntil[w]! : 1e9, instance.due[j]!);
      keys[j] =
        order < 4
          ? random.next()
          : order < 7
            ? -(instance.dimensions > 0 ? instance.uses[j * instance.dimensions]! : instance.service[j]!)
            : order < 9
              ? -way
              : order < 10
                ? way
                : order < 12
                  ? closes - opens
                  : order < 14
                    ? opens
                    : order < 16
                      ? -closes
                      : order < 19
                        ? -instance.price[j]!
                        : -instance.service[j]!;
    }
    for (let i = 1; i < count; i++) {
      const j = removed[i]!;
      const key = keys[j]!;
      let k = i - 1;
      while (k >= 0 && keys[removed[k]!]! > key) {
        removed[k + 1] = removed[k]!;
        k--;
      }
      removed[k + 1] = j;
    }
  }
}
