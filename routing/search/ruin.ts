import { NONE } from '../instance.ts';
import type { Nearness } from './nearness.ts';
import { type Part, whole } from './part.ts';
import type { Random } from './random.ts';
import type { Routes } from './routes.ts';

/** Mean number of stops taken out in a step, and longest string: the values of the paper. */
const MEAN_REMOVED = 10;
const LONGEST_STRING = 10;
/** How often a string is taken out with a piece left in its middle, and how often that piece grows no further. */
const SPLIT_SHARE = 0.5;
const SPLIT_STOPS = 0.01;
/**
 * How often a whole route goes, and how often a route must then begin anew: without it a search stays with the number of
 * routes that it fell into (a long route is not emptied by strings of ten).
 */
const WHOLE_ROUTE_SHARE = 0.02;
/** Jobs left out near the place of the ruin that are tried again, at most. */
const MOST_TRIED_AGAIN = 8;

/** What a ruin has left: jobs to put back, in `removed`. */
export interface Ruined {
  readonly removed: Int32Array;
  count: number;
  /** The first job put back should begin an empty shift. */
  beginAnew: boolean;
}

/**
 * Takes strings of stops out of the routes round one place (slack induction by string removals: J. Christiaens,
 * G. Vanden Berghe, Transportation Science 54, 2020), now and then a whole route, and names jobs left out nearby to be
 * tried again. Linked jobs go together.
 */
export class Ruin {
  private readonly routes: Routes;
  private readonly near: Nearness;
  private readonly random: Random;
  private readonly shiftMark: Int32Array;
  private mark = 0;
  readonly dirty: Int32Array;
  dirtyCount = 0;
  /** Nothing else is taken out or tried again. */
  part: Part;

  constructor(routes: Routes, near: Nearness, random: Random) {
    this.routes = routes;
    this.near = near;
    this.random = random;
    this.shiftMark = new Int32Array(routes.instance.shiftCount);
    this.dirty = new Int32Array(routes.instance.shiftCount);
    this.part = whole(routes.instance);
  }

  /** One ruin round a job chosen by chance. */
  ruin(into: Ruined): void {
    const { routes, near, random } = this;
    const { instance } = routes;
    const { jobCount } = instance;
    into.count = 0;
    into.beginAnew = random.next() < WHOLE_ROUTE_SHARE;
    this.dirtyCount = 0;
    this.mark++;
    const { jobs, own } = this.part;
    if (jobs.length === 0) return;
    const seed = jobs[random.below(jobs.length)]!;
    const served = jobCount - routes.absentCount;
    const mean = routes.active === 0 ? 1 : served / routes.active;
    const longest = Math.min(LONGEST_STRING, mean);
    const wanted = Math.floor(1 + random.next() * Math.max(1, (4 * MEAN_REMOVED) / (1 + longest) - 1));
    let strings = 0;
    const home = routes.route[seed]!;
    if (home !== NONE && random.next() < WHOLE_ROUTE_SHARE) {
      into.beginAnew = random.next() < 0.5;
      const head = jobCount + home;
      this.take(routes.next[head]!, routes.prev[head]!, home, into);
      strings++;
    } else if (home !== NONE) {
      this.string(seed, home, longest, into);
      strings++;
    }
    const first = seed * near.width;
    const end = first + near.counts[seed]!;
    for (let k = first; k < end && strings < wanted; k++) {
      const j = near.jobs[k]!;
      const s = routes.route[j]!;
      if (s === NONE || own[s] === 0 || this.shiftMark[s] === this.mark) continue;
      this.string(j, s, longest, into);
      strings++;
    }
    if (instance.groups.length > 0) this.takeLinked(into);
    if (routes.absentCount > into.count) this.tryAgain(seed, into);
  }

  private take(x: number, y: number, s: number, into: Ruined): void {
    if (this.shiftMark[s] !== this.mark) {
      this.shiftMark[s] = this.mark;
      this.dirty[this.dirtyCount++] = s;
    }
    into.count = this.routes.unlink(x, y, s, into.removed, into.count);
  }

  /** Takes a string that holds stop j out of shift s, perhaps with a piece left in. */
  private string(j: number, s: number, longest: number, into: Ruined): void {
    const { routes, random } = this;
    const { next, prev } = routes;
    const head = routes.instance.jobCount + s;
    const stops = routes.count[s]!;
    const length = Math.min(stops, Math.floor(1 + random.next() * Math.min(stops, longest)));
    let left = 0;
    if (length > 1 && length < stops && random.next() < SPLIT_SHARE) {
      left = 1;
      while (length + left < stops && random.next() > SPLIT_STOPS) left++;
    }
    const wide = length + left;
    // A window of `wide` stops that holds j: so many before it by chance, more where the end of the day is near.
    let x = j;
    const before = random.below(wide);
    for (let k = 0; k < before && prev[x] !== head; k++) x = prev[x]!;
    let y = x;
    let held = 1;
    while (held < wide && next[y] !== head) {
      y = next[y]!;
      held++;
    }
    while (held < wide) {
      x = prev[x]!;
      held++;
    }
    if (left === 0) return this.take(x, y, s, into);
    const front = random.below(length + 1);
    if (front === length) {
      let last = x;
      for (let k = 1; k < length; k++) last = next[last]!;
      return this.take(x, last, s, into);
    }
    let last = x;
    for (let k = 1; k < front; k++) last = next[last]!;
    let behind = front === 0 ? x : next[last]!;
    for (let k = 0; k < left; k++) behind = next[behind]!;
    this.take(behind, y, s, into);
    if (front > 0) this.take(x, last, s, into);
  }

  /** Whoever is linked to a job that is out goes out too. */
  private takeLinked(into: Ruined): void {
    const { routes } = this;
    const { groupOf, groups } = routes.instance;
    for (let i = 0; i < into.count; i++) {
      const group = groupOf[into.removed[i]!]!;
      if (group === NONE) continue;
      for (const j of groups[group]!) if (routes.route[j] !== NONE) this.take(j, j, routes.route[j]!, into);
    }
  }

  private tryAgain(seed: number, into: Ruined): void {
    const { routes, near, random } = this;
    const absent = routes.absentCount - into.count;
    const before = into.count;
    const { ownJobs } = this.part;
    if (routes.route[seed] === NONE) addOnce(into, seed);
    const first = seed * near.width;
    const end = first + near.counts[seed]!;
    const most = before + Math.min(MOST_TRIED_AGAIN, absent);
    for (let k = first; k < end && into.count < most; k++) {
      const j = near.jobs[k]!;
      if (routes.route[j] === NONE && ownJobs[j] === 1 && random.next() < 0.5) addOnce(into, j);
    }
    // Those that lie near nothing are tried from time to time as well.
    if (into.count < before + absent && random.next() < 0.1) {
      const any = routes.absent[random.below(routes.absentCount)]!;
      if (ownJobs[any] === 1) addOnce(into, any);
    }
  }
}

function addOnce(into: Ruined, j: number): void {
  for (let i = 0; i < into.count; i++) if (into.removed[i] === j) return;
  into.removed[into.count++] = j;
}
