import { type Instance, NEVER, NONE } from './instance.ts';
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
  /** When the crew is free at `node`. */
  time: number;
  node: number;
  /** Next break of the shift that is still to be taken. */
  nextBreak: number;
  /** Place of the last order-locked stop so far. */
  lastOrder: number;
  stops: number;
  /** 1 = a stop that is not fixed is among them: from then on the shift's limit holds. */
  movable: number;
  cost: number;
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
    node: 0,
    nextBreak: 0,
    lastOrder: NONE,
    stops: 0,
    movable: 0,
    cost: 0,
    drive: 0,
    arrival: 0,
    start: 0,
    breaksTaken: null,
  };
}

/** Puts the cursor at the beginning of the shift. */
export function begin(instance: Instance, s: number, cursor: Cursor): void {
  cursor.time = instance.freeAt[s]!;
  cursor.node = instance.startNode[s]!;
  cursor.nextBreak = instance.breakFirst[s]!;
  cursor.lastOrder = NONE;
  cursor.stops = 0;
  cursor.movable = 0;
  cursor.cost = 0;
}

/** Earliest start of job j for a crew that is there at `arrival`; NEVER if it is too late. A fixed stop is never too late. */
export function earliestStart(instance: Instance, j: number, arrival: number): number {
  if (instance.started[j] === 1) return arrival;
  const fixed = instance.fixed[j] === 1;
  const locked = instance.lockedStart[j]!;
  let earliest = Math.max(arrival, instance.release[j]!);
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

/** What a start at `start` costs beyond the way: waiting, lateness, and for a stop of the plan in force the change and the promise. */
export function startCost(instance: Instance, s: number, j: number, start: number): number {
  const late = start - instance.due[j]!;
  const waited = Math.max(0, start - instance.release[j]!);
  return (
    waitingCost(instance.waitingPerHour[j]!, waited) +
    (late > 0 ? late * instance.latePerSecond[j]! : 0) +
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

/** Drives the cursor to job j and through its work. False when a rule of time, road, order or breaks forbids it. */
export function advance(instance: Instance, s: number, cursor: Cursor, j: number): boolean {
  const node = instance.node[j]!;
  const drive = instance.travel[cursor.node * instance.size + node]!;
  if (drive < 0) return false;
  const fixed = instance.fixed[j] === 1;
  const order = instance.order[j]!;
  if (order !== NONE) {
    if (order < cursor.lastOrder) return false;
    cursor.lastOrder = order;
  }
  let start: number;
  if (cursor.nextBreak < instance.breakFirst[s + 1]! && instance.started[j] === 0) {
    start = startAfterBreaks(instance, s, cursor, j, drive);
  } else {
    cursor.arrival = cursor.time + drive;
    start = earliestStart(instance, j, cursor.arrival);
  }
  if (start === NEVER) return false;
  const end = start + instance.service[j]!;
  if (!fixed) {
    if (end > instance.limit[s]!) return false;
    cursor.movable = 1;
  }
  cursor.time = end;
  cursor.node = node;
  cursor.drive = drive;
  cursor.start = start;
  cursor.stops++;
  cursor.cost += drive * instance.problem.weights.travelPerSecond + startCost(instance, s, j, start);
  return true;
}

function take(instance: Instance, cursor: Cursor, b: number, at: number): void {
  if (cursor.breaksTaken !== null) cursor.breaksTaken.push(b, at);
  cursor.nextBreak = b + 1;
  cursor.time = at + instance.breakLength[b]!;
}

/** Takes the breaks that belong before job j (see the top of the file), sets `arrival`, and gives j's start or NEVER. */
function startAfterBreaks(instance: Instance, s: number, cursor: Cursor, j: number, drive: number): number {
  const end = instance.breakFirst[s + 1]!;
  let ahead = drive;
  cursor.arrival = NEVER;
  for (let b = cursor.nextBreak; b < end; b = cursor.nextBreak) {
    if (instance.breakLost[b] === 1) {
      cursor.nextBreak = b + 1;
      continue;
    }
    const from = instance.breakFrom[b]!;
    const until = instance.breakUntil[b]!;
    const time = cursor.time;
    if (time > until) return NEVER;
    const there = time + ahead;
    const start = earliestStart(instance, j, there);
    const canPutOff = start !== NEVER && start + instance.service[j]! <= until;
    if (time < from && canPutOff) {
      const waiting = Math.max(there, from);
      if (waiting + instance.breakLength[b]! > start) break;
      arrive(cursor, there);
      ahead = 0;
      take(instance, cursor, b, waiting);
      continue;
    }
    const onArrival = time < from && there <= until;
    const at = Math.max(onArrival ? there : time, from);
    const later = at + instance.breakLength[b]! + (onArrival ? 0 : ahead);
    if (earliestStart(instance, j, later) === NEVER) {
      if (canPutOff) break;
      return NEVER;
    }
    if (onArrival) {
      arrive(cursor, there);
      ahead = 0;
    }
    take(instance, cursor, b, at);
  }
  arrive(cursor, cursor.time + ahead);
  return earliestStart(instance, j, cursor.time + ahead);
}

function arrive(cursor: Cursor, at: number): void {
  if (cursor.arrival === NEVER) cursor.arrival = at;
}

/**
 * Drives home (or stays), takes the breaks that are left, adds overtime and use of the shift.
 * False when the crew cannot come home in time or a break can no longer be taken.
 * `time` is then when the crew is home, `drive` the way home.
 */
export function finish(instance: Instance, s: number, cursor: Cursor): boolean {
  const { weights } = instance.problem;
  const until = instance.until[s]!;
  const home = instance.endNode[s]!;
  const offDuty = cursor.stops === 0 && cursor.time >= until;
  let drive = 0;
  if (home !== NONE && !offDuty) {
    drive = instance.travel[cursor.node * instance.size + home]!;
    if (drive < 0) {
      if (cursor.movable === 1) return false;
      drive = 0;
    }
  }
  const end = instance.breakFirst[s + 1]!;
  for (let b = cursor.nextBreak; b < end; b = cursor.nextBreak) {
    if (instance.breakLost[b] === 1) {
      cursor.nextBreak = b + 1;
      continue;
    }
    const last = instance.breakUntil[b]!;
    if (cursor.time > last) return false;
    if (cursor.time + drive <= last) break;
    take(instance, cursor, b, Math.max(cursor.time, instance.breakFrom[b]!));
  }
  cursor.time += drive;
  const homeAt = cursor.time;
  if (cursor.movable === 1 && homeAt > instance.limit[s]!) return false;
  for (let b = cursor.nextBreak; b < end; b = cursor.nextBreak) {
    if (instance.breakLost[b] === 1) {
      cursor.nextBreak = b + 1;
      continue;
    }
    if (cursor.time > instance.breakUntil[b]!) return false;
    take(instance, cursor, b, Math.max(cursor.time, instance.breakFrom[b]!));
  }
  cursor.time = homeAt;
  cursor.drive = drive;
  cursor.cost += drive * weights.travelPerSecond;
  if (!offDuty && homeAt > until) cursor.cost += (homeAt - until) * weights.overtimePerSecond;
  if (cursor.stops > 0) cursor.cost += weights.useOfShift;
  return true;
}

const probe = newCursor();

/** Cost of a whole sequence, Infinity when it is not possible. */
export function costOfSequence(instance: Instance, s: number, sequence: readonly number[]): number {
  begin(instance, s, probe);
  for (let k = 0; k < sequence.length; k++) if (!advance(instance, s, probe, sequence[k]!)) return Infinity;
  return finish(instance, s, probe) ? probe.cost : Infinity;
}

/** Does the day end well with the fixed stops and job j alone? */
export function fitsAlone(instance: Instance, s: number, j: number): boolean {
  return costOfSequence(instance, s, [...(instance.fixedStops[s] ?? []), j]) < Infinity;
}

/** What driving the fixed stops alone shows: where the crew is free after them, or the first break or stop that fails. */
export function driveFixedStops(
  instance: Instance,
  s: number,
  stops: readonly number[],
): { freeAt: number; freeNode: number; lostBreak: number; unreachable: number } {
  const cursor = newCursor();
  begin(instance, s, cursor);
  const failed = (unreachable: number, lostBreak: number) => ({
    freeAt: cursor.time,
    freeNode: cursor.node,
    lostBreak,
    unreachable,
  });
  for (const j of stops) {
    if ((instance.travel[cursor.node * instance.size + instance.node[j]!] ?? NONE) < 0) return failed(j, NONE);
    if (!advance(instance, s, cursor, j)) return failed(NONE, cursor.nextBreak);
  }
  const freeAt = cursor.time;
  const freeNode = cursor.node;
  return finish(instance, s, cursor)
    ? { freeAt, freeNode, lostBreak: NONE, unreachable: NONE }
    : { freeAt, freeNode, lostBreak: cursor.nextBreak, unreachable: NONE };
}
