import { FAR, type Instance, NONE, UNLIMITED } from './instance.ts';
import { advance, begin, changeCost, costOfSequence, finish, keepsStock, newCursor } from './schedule.ts';

import type { Solution } from './search/solution.ts';

/** One shift's stops with what the search remembers about them. Never changed once made, so a draft is copied by reference. */
export interface ShiftState {
  readonly sequence: readonly number[];
  /** The cursor after k stops, k = 0 .. number of stops: see schedule.ts. */
  readonly time: readonly number[];
  readonly nextBreak: readonly number[];
  readonly lastOrder: readonly number[];
  readonly cost: readonly number[];
  /** Latest useful arrival at stop k (breaks not counted, so a later one is surely impossible); at the end the latest arrival home. */
  readonly latest: readonly number[];
  /** Most that a delay could save: what the stops pay now for having moved since the plan in force. */
  readonly gain: number;
  readonly total: number;
}

/** A plan being made: a sequence for each shift, every job in one of them or in none. `cost` includes what is left out. */
export interface Draft {
  readonly instance: Instance;
  readonly shifts: ShiftState[];
  /** Shift of each job, NONE = left out. */
  readonly shiftOf: Int32Array;
  cost: number;
}

/** A new sequence for one shift. */
export interface Change {
  readonly shift: number;
  readonly sequence: readonly number[];
}

const cursor = newCursor();

/** Drives the sequence; null when it is not possible. */
export function shiftState(instance: Instance, s: number, sequence: readonly number[]): ShiftState | null {
  begin(instance, s, cursor);
  const time = [cursor.time];
  const nextBreak = [cursor.nextBreak];
  const lastOrder = [cursor.lastOrder];
  const cost = [cursor.cost];
  let gain = 0;
  for (const j of sequence) {
    if (!advance(instance, s, cursor, j)) return null;
    time.push(cursor.time);
    nextBreak.push(cursor.nextBreak);
    lastOrder.push(cursor.lastOrder);
    cost.push(cursor.cost);
    gain += changeCost(instance, s, j, cursor.start);
  }
  if (!finish(instance, s, cursor) || (cursor.movable === 1 && !keepsStock(instance, s, sequence))) return null;
  return { sequence, time, nextBreak, lastOrder, cost, latest: latestArrivals(instance, s, sequence), gain, total: cursor.cost };
}

function latestArrivals(instance: Instance, s: number, sequence: readonly number[]): number[] {
  const { seconds } = instance.ways[instance.travelClass[s]!]!;
  const latest = new Array<number>(sequence.length + 1);
  let next = instance.limit[s]!;
  latest[sequence.length] = next;
  for (let k = sequence.length - 1; k >= 0; k--) {
    const j = sequence[k]!;
    const to = k === sequence.length - 1 ? instance.toPlace[instance.jobCount + s]! : sequence[k + 1]!;
    const drive = quickest(instance, seconds[j * instance.placeCount + to]!);
    next = Math.min(instance.latestStart[j]!, next - drive - instance.service[instance.serviceRow[s]! + j]!);
    latest[k] = next;
  }
  return latest;
}

/** The least that a way can take, at whatever hour. */
const quickest = (instance: Instance, way: number): number =>
  instance.topSpeedPercent === 100 ? way : Math.floor((way * 100) / instance.topSpeedPercent);

/** A draft with the fixed stops only. */
export function emptyDraft(instance: Instance): Draft {
  const shifts: ShiftState[] = [];
  const shiftOf = new Int32Array(instance.jobCount).fill(NONE);
  let cost = 0;
  for (let j = 0; j < instance.jobCount; j++) cost += instance.price[j]!;
  for (let s = 0; s < instance.shiftCount; s++) {
    const state = shiftState(instance, s, instance.fixedStops[s] ?? []);
    if (state === null) throw new Error(`engine fault: the fixed stops of shift ${s} cannot be driven`);
    shifts.push(state);
    cost += state.total;
    for (const j of state.sequence) {
      shiftOf[j] = s;
      cost -= instance.price[j]!;
    }
  }
  return { instance, shifts, shiftOf, cost };
}

/** The draft that a search has found. */
export function draftOf(instance: Instance, solution: Solution): Draft {
  if (solution.lockedStart !== null) instance.lockedStart.set(solution.lockedStart);
  const draft = emptyDraft(instance);
  const changes = solution.sequences.map((movable, shift) => ({
    shift,
    sequence: [...(instance.fixedStops[shift] ?? []), ...movable],
  }));
  const able = tryChanges(
    draft,
    changes.filter(({ shift }) => solution.sequences[shift]!.length > 0),
    Infinity,
  );
  if (!able) throw new Error('engine fault: a search has found a plan that cannot be driven');
  return draft;
}

/** A copy that later changes of the draft do not reach. */
export function copyOf(draft: Draft): Draft {
  return { instance: draft.instance, shifts: draft.shifts.slice(), shiftOf: draft.shiftOf.slice(), cost: draft.cost };
}

/** Makes `draft` equal to `other`. */
export function restore(draft: Draft, other: Draft): void {
  for (let s = 0; s < other.shifts.length; s++) draft.shifts[s] = other.shifts[s]!;
  draft.shiftOf.set(other.shiftOf);
  draft.cost = other.cost;
}

/**
 * Puts the changes into the draft if all are possible and together cost less than `allowance` more than now.
 * A job may move from one changed shift to another; what is in none of the new sequences is left out.
 */
export function tryChanges(draft: Draft, changes: readonly Change[], allowance: number): boolean {
  const { instance, shifts, shiftOf } = draft;
  let delta = 0;
  const states: ShiftState[] = [];
  for (const change of changes) {
    const state = shiftState(instance, change.shift, change.sequence);
    if (state === null) return false;
    states.push(state);
    delta += state.total - shifts[change.shift]!.total;
  }
  for (const change of changes) for (const j of shifts[change.shift]!.sequence) delta += instance.price[j]!;
  for (const change of changes) for (const j of change.sequence) delta -= instance.price[j]!;
  if (delta >= allowance) return false;
  for (const change of changes) for (const j of shifts[change.shift]!.sequence) shiftOf[j] = NONE;
  changes.forEach((change, i) => {
    shifts[change.shift] = states[i]!;
    for (const j of change.sequence) shiftOf[j] = change.shift;
  });
  draft.cost += delta;
  return true;
}

/** No rule between crew and job forbids it. */
export const mayTake = (instance: Instance, s: number, j: number): boolean => instance.allowed[j * instance.shiftCount + s] === 1;

/** Number of fixed stops at the head of the shift: nothing is put before or between them. */
export const fixedCount = (instance: Instance, s: number): number => instance.fixedStops[s]?.length ?? 0;

/** Where a job could go: what it would cost and at which place in the sequence. Reused by the caller, never allocated in a loop. */
export interface Insertion {
  cost: number;
  position: number;
}

const detours: number[] = [];

/**
 * The cheapest place for job j in shift s as `state` has it, if it costs less than `bound`: then true, with cost and
 * position in `found`. Places that cannot beat the best so far are passed over by their detour alone.
 */
export function cheapestInsertion(
  instance: Instance,
  s: number,
  state: ShiftState,
  j: number,
  bound: number,
  found: Insertion,
): boolean {
  const { seconds, cost } = instance.ways[instance.travelClass[s]!]!;
  const count = instance.placeCount;
  const { sequence, time, latest } = state;
  const length = sequence.length;
  const service = instance.service[instance.serviceRow[s]! + j]!;
  const end = instance.toPlace[instance.jobCount + s]!;
  const first = fixedCount(instance, s);
  if (length >= instance.maxJobs[s]!) return false;
  if (instance.dimensions > 0 && instance.onlyUses && !keepsStock(instance, s, [...sequence, j])) return false;
  let nearest = NONE;
  let least = Infinity;
  for (let k = first; k <= length; k++) {
    detours[k] = Infinity;
    const before = k === 0 ? instance.startPlace[s]! : sequence[k - 1]!;
    const after = k === length ? end : sequence[k]!;
    const there = seconds[before * count + j]!;
    const on = seconds[j * count + after]!;
    if (there === FAR || on === FAR) continue;
    if (time[k]! + quickest(instance, there) + service + quickest(instance, on) > latest[k]!) continue;
    const without = seconds[before * count + after] === FAR ? 0 : cost[before * count + after]!;
    const detour = cost[before * count + j]! + cost[j * count + after]! - without - state.gain;
    detours[k] = detour;
    if (detour < least) {
      least = detour;
      nearest = k;
    }
  }
  // The place with the smallest detour first: it mostly wins, and most others then need not be driven at all.
  if (least >= bound) return false;
  let best = costWithInsertion(instance, s, state, j, nearest, bound) - state.total;
  let position = nearest;
  if (best >= bound) {
    best = bound;
    position = NONE;
  }
  for (let k = first; k <= length; k++) {
    if (k === nearest || detours[k]! >= best) continue;
    const more = costWithInsertion(instance, s, state, j, k, best) - state.total;
    if (more < best) {
      best = more;
      position = k;
    }
  }
  if (position === NONE) return false;
  found.cost = best;
  found.position = position;
  return true;
}

const probe = newCursor();

/** Limits that look at the whole day: a part of it driven anew is not enough to check them. */
const needsWholeDrive = (instance: Instance, s: number): boolean =>
  instance.maxDuration[s] !== UNLIMITED ||
  instance.maxTravel[s] !== UNLIMITED ||
  instance.fairWork[s] !== UNLIMITED ||
  (instance.dimensions > 0 && !instance.onlyUses);

/** Cost of the shift with job j put at place k; Infinity when impossible, or as soon as it plainly adds `bound` or more. */
function costWithInsertion(instance: Instance, s: number, state: ShiftState, j: number, k: number, bound: number): number {
  const { sequence, time, nextBreak, lastOrder, cost } = state;
  if (needsWholeDrive(instance, s)) {
    return costOfSequence(instance, s, sequence.toSpliced(k, 0, j));
  }
  probe.time = time[k]!;
  probe.place = k === 0 ? instance.startPlace[s]! : sequence[k - 1]!;
  probe.nextBreak = nextBreak[k]!;
  probe.lastOrder = lastOrder[k]!;
  probe.stops = k;
  probe.movable = k > fixedCount(instance, s) ? 1 : 0;
  probe.cost = cost[k]!;
  // Limits of the whole day do not hold here; what was driven and worked before does not matter.
  probe.travel = 0;
  probe.work = 0;
  probe.rest = 0;
  if (!advance(instance, s, probe, j)) return Infinity;
  for (let m = k; m < sequence.length; m++) {
    if (probe.time > state.latest[m]!) return Infinity;
    if (!advance(instance, s, probe, sequence[m]!)) return Infinity;
    if (probe.time === time[m + 1] && probe.nextBreak === nextBreak[m + 1] && probe.lastOrder === lastOrder[m + 1]) {
      return probe.cost + state.total - cost[m + 1]!;
    }
    // What lies behind only gets later, and dearer, but for what it now pays for being earlier than in the plan in force.
    if (probe.cost - cost[m + 1]! - state.gain >= bound) return Infinity;
  }
  return finish(instance, s, probe) ? probe.cost : Infinity;
}
