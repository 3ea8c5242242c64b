import { holdByGaps, latestLike, secondsInGaps, waitedUntil } from './day-length.ts';
import { FAR, type Instance, NEVER, NONE, UNLIMITED } from './instance.ts';
import { waitingCost } from './waiting-cost.ts';

/**
 * Drives one crew through its day, stop by stop, and adds up what it costs. This is the inner loop of the
 * search: typed arrays, one reused cursor, no allocation. The rules it keeps are those of `constraints/`;
 * `check-plan.ts` checks them again in plain words.
 *
 * Breaks. A break is taken between two stops, as soon as the crew is free inside the break's window: where it
 * stands, before it drives on. If the window has not opened yet the crew goes on to its next stop when it will be
 * done there before the window closes, and uses waiting time there if there is enough of it; otherwise it takes
 * the break on arrival, before the work. A break that would make the next stop impossible is put off behind that
 * stop if the window allows. Whoever is home before the window closes takes the break then, at no cost.
 */
export interface Cursor {
  /** When the crew is free at `place`. */
  time: number;
  place: number;
  /** Next break of the shift that is still to be taken. */
  nextBreak: number;
  /** Place of the last order-locked stop so far. */
  lastOrder: number;
  stops: number;
  /** 1 = a stop that is not fixed is among them: from then on the shift's limit holds. */
  movable: number;
  cost: number;
  /** Seconds driven and worked so far. */
  travel: number;
  work: number;
  /** When the shift began. */
  begun: number;
  /** Seconds of breaks taken so far, and seconds waited until the last stop. */
  rest: number;
  /** What of breaks, started work and the way to it lies in gaps: spent once. Counted only where the length of the day has a limit. */
  busyInGaps: number;
  waited: number;
  /** By how much the crew could leave later without any stop so far being too late (forward time slack: Savelsbergh, ORSA Journal on Computing 4, 1992). */
  slack: number;
  /** Of the last stop reached. */
  drive: number;
  arrival: number;
  start: number;
  /** Pairs (break, start) as they are taken, when somebody wants to know. */
  breaksTaken: number[] | null;
}

export function newCursor(): Cursor {
  return {
    time: 0,
    place: 0,
    nextBreak: 0,
    lastOrder: NONE,
    stops: 0,
    movable: 0,
    cost: 0,
    travel: 0,
    work: 0,
    begun: 0,
    rest: 0,
    busyInGaps: 0,
    waited: 0,
    slack: 0,
    drive: 0,
    arrival: 0,
    start: 0,
    breaksTaken: null,
  };
}

/** Puts the cursor at the beginning of the shift. */
export function begin(instance: Instance, s: number, cursor: Cursor): void {
  cursor.time = instance.freeAt[s]!;
  cursor.place = instance.startPlace[s]!;
  cursor.nextBreak = instance.breakFirst[s]!;
  cursor.lastOrder = NONE;
  cursor.stops = 0;
  cursor.movable = 0;
  cursor.cost = 0;
  cursor.travel = 0;
  cursor.work = 0;
  cursor.begun = instance.freeAt[s]!;
  cursor.rest = 0;
  cursor.busyInGaps = 0;
  cursor.waited = 0;
  cursor.slack = UNLIMITED;
}

/** Puts the cursor behind the fixed stops. */
export function beginAfterFixed(instance: Instance, s: number, cursor: Cursor): void {
  const fixed = instance.fixedStops[s]!.length;
  if (fixed > 0 && instance.maxDuration[s] !== UNLIMITED) {
    begin(instance, s, cursor);
    for (const j of instance.fixedStops[s]!) advance(instance, s, cursor, j);
    return;
  }
  cursor.time = instance.freeAfterFixed[s]!;
  cursor.place = instance.fromPlace[instance.jobCount + s]!;
  cursor.nextBreak = instance.breakAfterFixed[s]!;
  cursor.lastOrder = NONE;
  cursor.stops = fixed;
  cursor.movable = 0;
  cursor.cost = instance.costOfFixed[s]!;
  cursor.travel = instance.travelOfFixed[s]!;
  cursor.work = instance.workOfFixed[s]!;
  cursor.begun = instance.freeAt[s]!;
  cursor.rest = 0;
  cursor.busyInGaps = 0;
  cursor.waited = 0;
  cursor.slack = UNLIMITED;
}

/** Of the last `arrivalAt`: seconds driven, without the wait for the end of a gap. */
let driven = 0;

/**
 * When a crew that is free at `free` arrives; never call it for a way without a road. It leaves at once, or at the end of a
 * gap between its windows when it would not be there before. With speeds by time of day the way is cut where they change:
 * a second at p per cent covers p hundredths of a second of the matrix; the arrival is rounded up (Ichoua, Gendreau,
 * Potvin, European Journal of Operational Research 144, 2003: who leaves later is never there earlier).
 */
export function arrivalAt(instance: Instance, s: number, from: number, to: number, free: number, regardless: boolean): number {
  const way = instance.ways[instance.travelClass[s]!]!.seconds[from * instance.placeCount + to]!;
  driven = way;
  if (way === 0) return free;
  const firstGap = instance.gapFirst[s]!;
  const endGap = instance.gapFirst[s + 1]!;
  if (instance.speedFrom === null && firstGap === endGap) return free + way;
  let departs = free;
  let arrives = arrivalBySpeed(instance, way, departs);
  if (!regardless) {
    for (let g = firstGap; g < endGap; g++) {
      if (instance.gapFrom[g]! >= arrives || departs >= instance.gapUntil[g]!) continue;
      departs = instance.gapUntil[g]!;
      arrives = arrivalBySpeed(instance, way, departs);
    }
  }
  driven = arrives - departs;
  return arrives;
}

function arrivalBySpeed(instance: Instance, way: number, departs: number): number {
  const { speedFrom, speedPercent } = instance;
  if (speedFrom === null || speedPercent === null) return departs + way;
  let piece = -1;
  while (piece + 1 < speedFrom.length && speedFrom[piece + 1]! <= departs) piece++;
  let left = way * 100;
  let at = departs;
  for (;;) {
    const percent = piece < 0 ? 100 : speedPercent[piece]!;
    const next = piece + 1 < speedFrom.length ? speedFrom[piece + 1]! : Infinity;
    if (left <= (next - at) * percent) return at + Math.ceil(left / percent);
    left -= (next - at) * percent;
    at = next;
    piece++;
  }
}

/** Earliest start of job j for a crew that is there at `arrival`, such that no gap of its windows falls into the work; else NEVER. */
export function earliestStart(instance: Instance, s: number, j: number, arrival: number): number {
  const start = startInWindow(instance, j, arrival);
  const endGap = instance.gapFirst[s + 1]!;
  let g = instance.gapFirst[s]!;
  if (g === endGap || start === NEVER || instance.started[j] === 1) return start;
  const service = instance.service[instance.serviceRow[s]! + j]!;
  let held = start;
  for (; g < endGap && held !== NEVER; g++) {
    if (held + service > instance.gapFrom[g]! && held < instance.gapUntil[g]!) {
      held = startInWindow(instance, j, instance.gapUntil[g]!);
    }
  }
  return held;
}

/** Earliest start of job j in its windows; NEVER if it is too late. A fixed stop is never too late. */
function startInWindow(instance: Instance, j: number, arrival: number): number {
  if (instance.started[j] === 1) return arrival;
  const fixed = instance.fixed[j] === 1;
  const locked = instance.lockedStart[j]!;
  const release = instance.release[j]!;
  let earliest = arrival > release ? arrival : release;
  if (locked !== NEVER) {
    if (earliest <= locked) earliest = locked;
    else if (!fixed) return NEVER;
  }
  const first = instance.windowFirst[j]!;
  const last = instance.windowFirst[j + 1]!;
  if (first === last) return earliest;
  let best = NEVER;
  for (let w = first; w < last; w++) {
    if (instance.windowUntil[w]! < earliest) continue;
    const start = Math.max(earliest, instance.windowFrom[w]!);
    if (best === NEVER || start < best) best = start;
  }
  if (fixed) return best === NEVER ? earliest : best;
  return locked !== NEVER && best !== locked ? NEVER : best;
}

/** What it costs that job j starts so many seconds past its due time: convex, two slopes. */
export function lateCost(instance: Instance, j: number, late: number): number {
  if (late <= 0) return 0;
  const severe = late - instance.severeAfter[j]!;
  return late * instance.latePerSecond[j]! + (severe > 0 ? severe * instance.severePerSecond[j]! : 0);
}

/** What a start at `start` costs beyond the way: waiting, lateness, and for a stop of the plan in force the change and the promise. */
export function startCost(instance: Instance, s: number, j: number, start: number): number {
  const waited = start - instance.release[j]!;
  return (
    (waited > 0 ? waitingCost(instance.waitingPerHour[j]!, waited) : 0) +
    lateCost(instance, j, start - instance.due[j]!) +
    changeCost(instance, s, j, start)
  );
}

/** What it costs that job j is not as in the plan in force: another crew, another start, a promise broken. Fixed stops: nothing. */
export function changeCost(instance: Instance, s: number, j: number, start: number): number {
  const inForce = instance.forceShift[j]!;
  if (inForce === NONE || instance.fixed[j] === 1) return 0;
  const { weights } = instance.problem;
  let cost = inForce === s ? 0 : weights.changeOfCrew;
  const moved = Math.abs(start - instance.forceStart[j]!) - weights.startTolerance;
  if (moved > 0) cost += moved * weights.moveOfStartPerSecond;
  if (start < instance.promisedFrom[j]! || start > instance.promisedUntil[j]!) cost += weights.brokenPromise;
  return cost;
}

/** 1 = job j, started so on shift s, is not as in the plan in force. */
export function isChanged(instance: Instance, s: number, j: number, start: number): number {
  const inForce = instance.forceShift[j]!;
  if (inForce === NONE || instance.fixed[j] === 1) return 0;
  const moved = Math.abs(start - instance.forceStart[j]!) > instance.problem.weights.startTolerance;
  return inForce !== s || moved ? 1 : 0;
}

/** Drives the cursor to job j and through its work. False when a rule of time, road, order or breaks forbids it. */
export function advance(instance: Instance, s: number, cursor: Cursor, j: number): boolean {
  const way = cursor.place * instance.placeCount + j;
  const ways = instance.ways[instance.travelClass[s]!]!;
  if (ways.seconds[way] === FAR) return false;
  const fixed = instance.fixed[j] === 1;
  const order = instance.order[j]!;
  if (order !== NONE) {
    if (order < cursor.lastOrder) return false;
    cursor.lastOrder = order;
  }
  let start: number;
  if (cursor.nextBreak < instance.breakFirst[s + 1]! && instance.started[j] === 0) {
    start = startAfterBreaks(instance, s, cursor, j);
  } else {
    cursor.arrival = arrivalAt(instance, s, cursor.place, j, cursor.time, instance.started[j] === 1);
    cursor.drive = driven;
    start = earliestStart(instance, s, j, cursor.arrival);
  }
  if (start === NEVER) return false;
  const service = instance.service[instance.serviceRow[s]! + j]!;
  const end = start + service;
  if (!fixed) {
    if (end > instance.limit[s]!) return false;
    cursor.movable = 1;
  }
  if (instance.maxDuration[s] !== UNLIMITED) {
    holdByGaps(instance, s, cursor, start, start, cursor.drive);
    if (instance.started[j] === 1) {
      cursor.busyInGaps += secondsInGaps(instance, s, cursor.arrival - cursor.drive, cursor.arrival);
    }
    cursor.waited = waitedUntil(instance, s, cursor, start, cursor.drive);
    cursor.slack = Math.min(cursor.slack, cursor.waited + latestLike(instance, j, start) - start);
    if (instance.started[j] === 1) cursor.busyInGaps += secondsInGaps(instance, s, start, end);
  }
  cursor.time = end;
  cursor.place = j;
  cursor.start = start;
  cursor.stops++;
  cursor.travel += cursor.drive;
  cursor.work += service;
  cursor.cost += ways.cost[way]! + startCost(instance, s, j, start);
  if (instance.pairCost !== null) cursor.cost += instance.pairCost[j * instance.shiftCount + s]!;
  return true;
}

/** @param on seconds already driven towards the next stop */
function take(instance: Instance, s: number, cursor: Cursor, b: number, at: number, on: number): void {
  cursor.breaksTaken?.push(b, at);
  if (instance.maxDuration[s] !== UNLIMITED) {
    const ends = at + instance.breakLength[b]!;
    holdByGaps(instance, s, cursor, ends, at, on);
    // Leaving later moves the break: it has no more room than what is left of its window.
    cursor.slack = Math.min(cursor.slack, waitedUntil(instance, s, cursor, at, on) + instance.breakUntil[b]! - at);
    cursor.busyInGaps += secondsInGaps(instance, s, at, ends);
  }
  cursor.nextBreak = b + 1;
  cursor.time = at + instance.breakLength[b]!;
  cursor.rest += instance.breakLength[b]!;
}

/** Takes the breaks that belong before job j (see the top of the file), sets `drive` and `arrival`, and gives j's start or NEVER. */
function startAfterBreaks(instance: Instance, s: number, cursor: Cursor, j: number): number {
  const end = instance.breakFirst[s + 1]!;
  const service = instance.service[instance.serviceRow[s]! + j]!;
  const place = cursor.place;
  // True once it has driven: breaks taken on arrival make it free later, not arrive later.
  let arrived = false;
  for (let b = cursor.nextBreak; b < end; b = cursor.nextBreak) {
    if (instance.breakLost[b] === 1) {
      cursor.nextBreak = b + 1;
      continue;
    }
    const from = instance.breakFrom[b]!;
    const until = instance.breakUntil[b]!;
    const time = cursor.time;
    if (time > until) return NEVER;
    const there = arrived ? time : arrivalAt(instance, s, place, j, time, false);
    const start = earliestStart(instance, s, j, there);
    const canPutOff = start !== NEVER && start + service <= until;
    if (time < from && canPutOff) {
      const waiting = Math.max(there, from);
      if (waiting + instance.breakLength[b]! > start) break;
      if (!arrived) arrived = arrive(instance, s, cursor, j);
      take(instance, s, cursor, b, waiting, cursor.drive);
      continue;
    }
    const onArrival = time < from && there <= until;
    const at = Math.max(onArrival ? there : time, from);
    const ends = at + instance.breakLength[b]!;
    if (earliestStart(instance, s, j, onArrival || arrived ? ends : arrivalAt(instance, s, place, j, ends, false)) === NEVER) {
      if (canPutOff) break;
      return NEVER;
    }
    if (onArrival && !arrived) arrived = arrive(instance, s, cursor, j);
    take(instance, s, cursor, b, at, arrived ? cursor.drive : 0);
  }
  const there = arrived ? cursor.time : arrivalAt(instance, s, place, j, cursor.time, false);
  if (!arrived) arrive(instance, s, cursor, j);
  return earliestStart(instance, s, j, there);
}

/** Drives to job j from where the cursor is; always true. (A closure made for each call would cost more than the drive.) */
function arrive(instance: Instance, s: number, cursor: Cursor, j: number): true {
  cursor.arrival = arrivalAt(instance, s, cursor.place, j, cursor.time, false);
  cursor.drive = driven;
  return true;
}

/**
 * Drives home (or stays), takes the breaks that are left, adds overtime, hours on duty, uneven work and use of the shift.
 * False when the crew cannot come home in time, a break can no longer be taken, or the shift is too long or too far.
 * `time` is then when the crew is home, `drive` the way home.
 */
export function finish(instance: Instance, s: number, cursor: Cursor): boolean {
  const { weights } = instance.problem;
  const until = instance.until[s]!;
  const home = instance.toPlace[instance.jobCount + s]!;
  const offDuty = cursor.stops === 0 && cursor.time >= until;
  const way = cursor.place * instance.placeCount + home;
  const ways = instance.ways[instance.travelClass[s]!]!;
  let goes = instance.endsAnywhere[s] === 0 && !offDuty;
  if (goes && ways.seconds[way] === FAR) {
    if (cursor.movable === 1) return false;
    goes = false;
  }
  const end = instance.breakFirst[s + 1]!;
  for (let b = cursor.nextBreak; b < end; b = cursor.nextBreak) {
    if (instance.breakLost[b] === 1) {
      cursor.nextBreak = b + 1;
      continue;
    }
    const last = instance.breakUntil[b]!;
    if (cursor.time > last) return false;
    if ((goes ? arrivalAt(instance, s, cursor.place, home, cursor.time, false) : cursor.time) <= last) break;
    take(instance, s, cursor, b, Math.max(cursor.time, instance.breakFrom[b]!), 0);
  }
  const homeAt = goes ? arrivalAt(instance, s, cursor.place, home, cursor.time, false) : cursor.time;
  const drive = goes ? driven : 0;
  cursor.time = homeAt;
  if (cursor.movable === 1) {
    if (homeAt > instance.limit[s]! || cursor.travel + drive > instance.maxTravel[s]! || cursor.stops > instance.maxJobs[s]!)
      return false;
    const longest = instance.maxDuration[s]!;
    if (longest !== UNLIMITED && homeAt - instance.freeAt[s]! - Math.min(cursor.slack, cursor.waited) > longest) return false;
  }
  for (let b = cursor.nextBreak; b < end; b = cursor.nextBreak) {
    if (instance.breakLost[b] === 1) {
      cursor.nextBreak = b + 1;
      continue;
    }
    if (cursor.time > instance.breakUntil[b]!) return false;
    take(instance, s, cursor, b, Math.max(cursor.time, instance.breakFrom[b]!), 0);
  }
  cursor.time = homeAt;
  cursor.drive = drive;
  cursor.travel += drive;
  if (goes) cursor.cost += ways.cost[way]!;
  if (!offDuty && homeAt > until) cursor.cost += (homeAt - until) * weights.overtimePerSecond;
  if (cursor.stops > 0) {
    cursor.cost += instance.use[s]!;
    const perHour = instance.dutyPerHour[s]!;
    if (perHour > 0) cursor.cost += Math.floor((perHour * (homeAt - instance.freeAt[s]!)) / 3600);
    const over = cursor.work - instance.fairWork[s]!;
    if (over > 0) cursor.cost += over * (weights.balancePerSecond ?? 0);
  }
  return true;
}

const probe = newCursor();

/** Cost of a whole sequence, fixed stops first, Infinity when it is not possible. */
export function costOfSequence(instance: Instance, s: number, sequence: readonly number[]): number {
  begin(instance, s, probe);
  for (let k = 0; k < sequence.length; k++) if (!advance(instance, s, probe, sequence[k]!)) return Infinity;
  return finish(instance, s, probe) && (probe.movable === 0 || keepsStock(instance, s, sequence)) ? probe.cost : Infinity;
}

/** Does the day end well with the fixed stops and job j alone? */
export function fitsAlone(instance: Instance, s: number, j: number): boolean {
  return costOfSequence(instance, s, [...(instance.fixedStops[s] ?? []), j]) < Infinity;
}

/** Is there room for the stock all day, and stock for every job? */
export function keepsStock(instance: Instance, s: number, sequence: readonly number[]): boolean {
  const { dimensions, capacity, uses, collects, fetched } = instance;
  for (let d = 0; d < dimensions; d++) {
    const room = capacity[s * dimensions + d]!;
    let load = 0;
    for (const j of sequence) if (fetched[j] === 0) load += uses[j * dimensions + d]!;
    if (load > room) return false;
    if (instance.onlyUses) continue;
    for (const j of sequence) {
      load += collects[j * dimensions + d]! - uses[j * dimensions + d]!;
      if (load > room || load < 0) return false;
    }
  }
  return true;
}

/** What driving the fixed stops alone shows: where the crew is free after them, or the first break or stop that fails. */
export function driveFixedStops(
  instance: Instance,
  s: number,
  stops: readonly number[],
): {
  freeAt: number;
  freePlace: number;
  nextBreak: number;
  cost: number;
  travel: number;
  work: number;
  emptyCost: number;
  starts: readonly number[];
  lostBreak: number;
  unreachable: number;
} {
  const cursor = newCursor();
  const starts: number[] = [];
  begin(instance, s, cursor);
  const state = (unreachable: number, lostBreak: number) => ({
    freeAt: cursor.time,
    freePlace: cursor.place,
    nextBreak: cursor.nextBreak,
    cost: cursor.cost,
    travel: cursor.travel,
    work: cursor.work,
    emptyCost: 0,
    starts,
    unreachable,
    lostBreak,
  });
  for (const j of stops) {
    const { seconds } = instance.ways[instance.travelClass[s]!]!;
    if (seconds[cursor.place * instance.placeCount + j] === FAR) return state(j, NONE);
    if (!advance(instance, s, cursor, j)) return state(NONE, cursor.nextBreak);
    starts.push(cursor.start);
  }
  const free = state(NONE, NONE);
  return finish(instance, s, cursor) ? { ...free, emptyCost: cursor.cost } : { ...free, lostBreak: cursor.nextBreak };
}
