import { FAR, type GroupLink, type Instance, NEVER, NONE } from '../instance.ts';
import { advance, beginAfterFixed, newCursor, startCost } from '../schedule.ts';
import type { Insertions } from './insertion.ts';
import type { Nearness } from './nearness.ts';
import type { Random } from './random.ts';
import type { Routes } from './routes.ts';

/** Places looked at for each job of a group, cheapest ways first, and pairs of them that are driven to the end. */
const PLACES = 24;
const PAIRS_DRIVEN = 6;
/** Whether one crew should do two linked jobs costs many drives to find out: it is asked so often, and where nothing else works. */
const ONE_CREW_ASKED = 0.2;
/** Good places are passed over by chance so often. */
const PASSED_OVER = 0.1;
/** Shifts looked at for a job of a group. */
const SHIFTS = 40;

/** A place for a linked job: behind stop `after` of a shift, startable from `earliest` to `latest`. */
interface Place {
  readonly shift: number;
  readonly after: number;
  readonly way: number;
  readonly earliest: number;
  readonly latest: number;
}

/**
 * Puts all jobs of a group into the draft, or none. Linked jobs on different shifts agree on their starts when they are put
 * in, and both shifts keep to them as to a lock of time: routes then stay independent of each other, which is what makes
 * a step of the search cheap. A start that has become later than it must be is mended when the group is next taken out.
 * False when the draft has become impossible.
 */
export function insertGroup(routes: Routes, insertions: Insertions, near: Nearness, group: number, random: Random): boolean {
  const { instance } = routes;
  const jobs = instance.groups[group]!;
  const links = instance.groupLinks[group]!;
  let price = 0;
  for (const j of jobs) if (instance.fixed[j] === 0) price += instance.price[j]!;
  const before = routes.cost;
  const placed = new Set<number>(jobs.filter((j) => instance.fixed[j] === 1));
  const put: number[] = [];
  let works = true;
  for (let round = 0; round < jobs.length && placed.size < jobs.length; round++) {
    const link = nextLink(links, placed);
    if (link === null) break;
    const both = !placed.has(link.first) && !placed.has(link.second);
    const ok = !both
      ? insertOne(routes, insertions, near, links, placed.has(link.first) ? link.second : link.first, placed, price)
      : link.sameShift
        ? insertOnOneShift(routes, insertions, near, link, price)
        : insertPair(routes, insertions, near, link, price, random);
    if (ok === null) return false;
    if (!ok) {
      works = false;
      break;
    }
    for (const j of [link.first, link.second]) {
      if (!placed.has(j)) put.push(j);
      placed.add(j);
    }
  }
  if (works && placed.size === jobs.length && routes.cost < before) return true;
  for (const j of put) {
    const s = routes.route[j]!;
    routes.unlink(j, j, s, scratch, 0);
    if (!routes.redrive(s)) return false;
  }
  return true;
}

const scratch = new Int32Array(1);

/** A link with one end placed, else any with none. */
function nextLink(links: readonly GroupLink[], placed: ReadonlySet<number>): GroupLink | null {
  const open = links.filter(({ first, second }) => !(placed.has(first) && placed.has(second)));
  return open.find(({ first, second }) => placed.has(first) || placed.has(second)) ?? open[0] ?? null;
}

/** Places of job j by the cost of their ways, without looking at what they push back. */
function placesOf(routes: Routes, near: Nearness, j: number, onlyShift: number = NONE): Place[] {
  const { instance } = routes;
  const places: Place[] = [];
  const able = onlyShift === NONE ? near.shifts[j]! : near.shifts[j]!.filter((s) => s === onlyShift);
  const asked = Math.min(SHIFTS, able.length);
  const emptyKinds = new Set<number>();
  for (let k = 0; k < asked; k++) {
    const s = able[k]!;
    if (routes.count[s] === 0) {
      const kind = instance.shiftClass[s]!;
      // Two of a kind: both jobs of a pair may want an empty one.
      if (emptyKinds.has(kind * 2 + 1)) continue;
      emptyKinds.add(emptyKinds.has(kind * 2) ? kind * 2 + 1 : kind * 2);
    }
    if (routes.count[s]! + instance.fixedStops[s]!.length >= instance.maxJobs[s]!) continue;
    placesOnShift(routes, j, s, places);
  }
  return places.sort((a, b) => a.way - b.way || a.shift - b.shift).slice(0, PLACES);
}

function placesOnShift(routes: Routes, j: number, s: number, places: Place[]): void {
  const { instance } = routes;
  const { seconds, cost, secondsBack, costBack } = instance.ways[instance.travelClass[s]!]!;
  const head = instance.jobCount + s;
  const row = j * instance.placeCount;
  const service = instance.service[instance.serviceRow[s]! + j]!;
  const ofPair = instance.pairCost?.[j * instance.shiftCount + s] ?? 0;
  const begins = routes.count[s] === 0 && instance.fixedStops[s]!.length === 0 ? instance.use[s]! : 0;
  for (let p = head; ;) {
    const q = routes.next[p]!;
    const from = row + instance.fromPlace[p]!;
    const to = row + instance.toPlace[q]!;
    if (secondsBack[from] !== FAR && seconds[to] !== FAR) {
      const earliest = Math.max(naturalStart(routes, j, p, s), instance.groupRelease[j]!);
      let latest = Math.min(instance.latestStart[j]!, routes.latest[q]! - service - seconds[to]!);
      if (instance.givenStart[j] !== NEVER) latest = Math.min(latest, instance.givenStart[j]!);
      if (earliest > NEVER && earliest <= latest) {
        const without = routes.legIn[q] === FAR ? 0 : routes.legIn[q]!;
        places.push({ shift: s, after: p, way: costBack[from]! + cost[to]! - without + ofPair + begins, earliest, latest });
      }
    }
    p = q;
    if (p === head) return;
  }
}

const probe = newCursor();

/** When job j would start behind stop p by itself, breaks and gaps counted; Infinity when it cannot. */
function naturalStart(routes: Routes, j: number, p: number, s: number): number {
  const { instance } = routes;
  beginAfterFixed(instance, s, probe);
  if (p < instance.jobCount) {
    probe.time = routes.depart[p]!;
    probe.place = p;
    probe.nextBreak = routes.nextBreak[p]!;
    probe.lastOrder = routes.lastOrder[p]!;
    probe.stops++;
    probe.movable = 1;
  }
  return advance(instance, s, probe, j) ? probe.start : Infinity;
}

/** Puts both jobs of a link in; null when the draft has become impossible. */
function insertPair(
  routes: Routes,
  insertions: Insertions,
  near: Nearness,
  link: GroupLink,
  bound: number,
  random: Random,
): boolean | null {
  const { first, second, least, most } = link;
  const firsts = placesOf(routes, near, first);
  const seconds = placesOf(routes, near, second);
  /** The best so far, best first; both lists are by way, so that what cannot be among them ends a list. */
  const pairs: { a: Place; b: Place; start: number; later: number; guess: number }[] = [];
  let dearest = bound;
  for (const a of firsts) {
    for (const b of seconds) {
      if (a.way + b.way >= dearest) break;
      if (a.shift === b.shift) continue;
      const start = Math.max(a.earliest, b.earliest - most);
      const later = Math.max(b.earliest, start + least);
      if (start > a.latest || later > b.latest || later - start > most) continue;
      const guess =
        a.way +
        b.way +
        startCost(routes.instance, a.shift, first, start) +
        startCost(routes.instance, b.shift, second, later) +
        // What waiting on one side pushes back is not known yet; half a second a second is about right.
        (start - a.earliest + later - b.earliest) * 0.5;
      if (guess >= dearest) continue;
      let k = pairs.length;
      while (k > 0 && pairs[k - 1]!.guess > guess) k--;
      pairs.splice(k, 0, { a, b, start, later, guess });
      if (pairs.length > PAIRS_DRIVEN) pairs.pop();
      if (pairs.length === PAIRS_DRIVEN) dearest = pairs[PAIRS_DRIVEN - 1]!.guess;
    }
  }
  let best = bound;
  let chosen: (typeof pairs)[number] | null = null;
  for (const pair of pairs) {
    if (random.next() < PASSED_OVER) continue;
    const cost =
      costAt(routes, insertions, first, pair.a, pair.start, best) + costAt(routes, insertions, second, pair.b, pair.later, best);
    if (cost >= best) continue;
    best = cost;
    chosen = pair;
  }
  // One crew may do both, one after the other, where the lags leave room for it.
  // Now and then even where that is not the cheapest for these two: a third job may be linked to them.
  if (most > 0 && (chosen === null || random.next() < ONE_CREW_ASKED)) {
    const onOne = insertOnOneShift(routes, insertions, near, link, random.next() < PASSED_OVER * 2 ? bound : best);
    if (onOne !== false) return onOne;
  }
  if (chosen === null) return false;
  return put(routes, first, chosen.a, chosen.start) && put(routes, second, chosen.b, chosen.later) ? true : null;
}

function costAt(
  routes: Routes,
  insertions: Insertions,
  j: number,
  place: Pick<Place, 'shift' | 'after'>,
  start: number,
  bound: number,
): number {
  const { lockedStart } = routes.instance;
  if (!insertions.fits(j, place.after, place.shift)) return Infinity;
  const held = lockedStart[j]!;
  if (start !== NEVER) lockedStart[j] = start;
  const cost = insertions.driveBehind(j, place.after, place.shift, bound);
  lockedStart[j] = held;
  return cost;
}

function put(routes: Routes, j: number, place: Place, start: number): boolean {
  routes.link(j, place.after, place.shift);
  routes.instance.lockedStart[j] = start;
  return routes.redrive(place.shift);
}

/** Puts one more job of a group in, whose partners' starts are agreed already. */
function insertOne(
  routes: Routes,
  insertions: Insertions,
  near: Nearness,
  links: readonly GroupLink[],
  j: number,
  placed: ReadonlySet<number>,
  bound: number,
): boolean | null {
  const { instance } = routes;
  let from = -Infinity;
  let until = Infinity;
  let onlyShift = NONE;
  const shiftOf = (i: number): number => (instance.fixed[i] === 1 ? instance.forceShift[i]! : routes.route[i]!);
  const startOf = (i: number): number => (instance.fixed[i] === 1 ? instance.fixedStart[i]! : startInRoute(routes, i));
  for (const { first, second, least, most, sameShift } of links) {
    const other = first === j ? second : first;
    if ((first !== j && second !== j) || !placed.has(other)) continue;
    if (startOf(other) === NEVER) return false;
    if (sameShift) onlyShift = shiftOf(other);
    // What is fixed comes before all else: nothing can be fetched after it.
    if (sameShift && first === j && instance.fixed[second] === 1) return false;
    if (second === j && placed.has(first)) {
      from = Math.max(from, startOf(first) + least);
      until = Math.min(until, startOf(first) + most);
    } else if (first === j && placed.has(second)) {
      from = Math.max(from, startOf(second) - most);
      until = Math.min(until, startOf(second) - least);
    }
  }
  let best = bound;
  let chosen: Place | null = null;
  let at = 0;
  const ties = links.filter(({ first, second, sameShift }) => sameShift && (first === j || second === j));
  for (const place of placesOf(routes, near, j, onlyShift)) {
    if (!ties.every((link) => keepsSides(routes, link, j, place))) continue;
    const start = Math.max(place.earliest, from);
    if (start > place.latest || start > until) continue;
    const cost = costAt(routes, insertions, j, place, start, best);
    if (cost >= best) continue;
    best = cost;
    chosen = place;
    at = start;
  }
  if (chosen === null) return false;
  return put(routes, j, chosen, at) ? true : null;
}

/** When a movable stop of the draft starts. */
const startInRoute = (routes: Routes, j: number): number => {
  const { instance } = routes;
  return routes.depart[j]! - instance.service[instance.serviceRow[routes.route[j]!]! + j]!;
};

/** On a shift that both share, the first stays before the second. */
function keepsSides(routes: Routes, link: GroupLink, j: number, place: Place): boolean {
  const other = link.first === j ? link.second : link.first;
  const head = routes.instance.jobCount + place.shift;
  let before = false;
  for (let p = place.after; p !== head; p = routes.prev[p]!) before ||= p === other;
  return routes.route[other] !== place.shift || before === (link.second === j);
}

/** Agreed starts go over those that a person has locked: they must be the same. */
const isAfterLock = ({ givenStart }: Instance, j: number, start: number): boolean =>
  givenStart[j] !== NEVER && start > givenStart[j]!;

/** Fetch, then do: both on one shift, the first before the second. */
function insertOnOneShift(
  routes: Routes,
  insertions: Insertions,
  near: Nearness,
  link: GroupLink,
  bound: number,
): boolean | null {
  const { instance } = routes;
  const { first, second, least, most } = link;
  // Where the order says it all nothing is agreed on, and both starts may still move.
  const timed = routes.instance.groupLinks[routes.instance.groupOf[first]!]!.some(
    (each) => !each.sameShift || each.least > 0 || each.most < Infinity,
  );
  let best = bound;
  let chosen: { shift: number; after: number; secondAfter: number; begins: number; start: number } | null = null;
  const emptyKinds = new Set<number>();
  for (const s of near.shifts[first]!.slice(0, SHIFTS)) {
    if (instance.allowed[second * instance.shiftCount + s] === 0) continue;
    if (routes.count[s] === 0) {
      if (emptyKinds.has(instance.shiftClass[s]!)) continue;
      emptyKinds.add(instance.shiftClass[s]!);
    }
    const head = instance.jobCount + s;
    const places: Place[] = [];
    placesOnShift(routes, first, s, places);
    const costBefore = routes.routeCost[s]!;
    for (const { after } of places) {
      if (!insertions.hasPlace(first, after, s)) continue;
      const begins = Math.max(naturalStart(routes, first, after, s), instance.groupRelease[first]!);
      if (begins === Infinity || isAfterLock(instance, first, begins)) continue;
      routes.link(first, after, s);
      if (timed) instance.lockedStart[first] = begins;
      if (routes.redrive(s)) {
        const more = routes.routeCost[s]! - costBefore;
        for (let p = first; p !== head && more < best; p = routes.next[p]!) {
          const start = timed
            ? Math.max(naturalStart(routes, second, p, s), begins + least, instance.groupRelease[second]!)
            : NEVER;
          if (timed && (start === Infinity || start - begins > most || isAfterLock(instance, second, start))) continue;
          const cost = more + costAt(routes, insertions, second, { shift: s, after: p }, start, best - more);
          if (cost >= best) continue;
          best = cost;
          chosen = { shift: s, after, secondAfter: p, begins, start };
        }
      }
      routes.unlink(first, first, s, scratch, 0);
      if (!routes.redrive(s)) return null;
    }
  }
  if (chosen === null) return false;
  routes.link(first, chosen.after, chosen.shift);
  routes.link(second, chosen.secondAfter, chosen.shift);
  if (timed) {
    instance.lockedStart[first] = chosen.begins;
    instance.lockedStart[second] = chosen.start;
  }
  return routes.redrive(chosen.shift) ? true : null;
}
