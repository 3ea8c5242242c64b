import { cheapestInsertion, type Draft, type Insertion, mayTake, shiftState, type ShiftState } from '../draft.ts';
import { type Instance, NONE } from '../instance.ts';
import type { Nearness } from '../search/nearness.ts';

/** Where a stop of the plan could go instead, everything else but `out` as it is. */
export interface Departure {
  /** The shift it goes to. */
  readonly shift: number;
  /** The stop there that makes room for it and goes to shift `outTo`, or is left out: NONE for both. */
  readonly out: number;
  readonly outTo: number;
  /** What both shifts cost more; what its own shift saves is not in it. */
  readonly cost: number;
}

/** So many departures of each stop are kept: those by way of the two shifts of a question are of no use to it. */
const DEPARTURES = 6;
/** In so many shifts nearest to a stop it is looked at who could make room for it. */
const SHIFTS_TO_MAKE_ROOM = 8;

/** Stops that a repair may move: not fixed, locked or linked. */
export const isFree = (instance: Instance, j: number): boolean =>
  instance.fixed[j] === 0 && instance.locked[j] === 0 && instance.groupOf[j] === NONE;

/**
 * The cheapest place of each job on each other shift as the plan has it, and what each job's own shift would save without it:
 * worked out when first asked for, and the same for every question about the plan.
 */
export class KnownPlaces {
  private readonly draft: Draft;
  private readonly near: Nearness;
  /** By job and shift; NaN = not asked yet. */
  private readonly costs: Float64Array;
  private readonly positions: Int32Array;
  /** By job; undefined = not asked yet, null = its shift cannot be driven without it. */
  private readonly withoutJob: (ShiftState | null | undefined)[] = [];
  private readonly departuresOf: (readonly Departure[] | undefined)[] = [];
  private readonly cheapestOf: (Int32Array | undefined)[] = [];
  private readonly found: Insertion = { cost: 0, position: NONE };

  constructor(draft: Draft, near: Nearness) {
    const { jobCount, shiftCount } = draft.instance;
    this.draft = draft;
    this.near = near;
    this.costs = new Float64Array(jobCount * shiftCount).fill(NaN);
    this.positions = new Int32Array(jobCount * shiftCount).fill(NONE);
  }

  /** Works everything out at once, so that the first question is as quick as the next (100 shifts x 1,000 jobs: about a second). */
  learnAll(): void {
    const { instance, shiftOf } = this.draft;
    for (let j = 0; j < instance.jobCount; j++) if (shiftOf[j] !== NONE && isFree(instance, j)) this.departures(j);
  }

  /** What shift s would cost more with job j at its cheapest place, Infinity when no place works. Not for the shift that has it. */
  cost(j: number, s: number): number {
    const { draft, costs, positions, found } = this;
    const { instance } = draft;
    const pair = j * instance.shiftCount + s;
    const known = costs[pair]!;
    if (!Number.isNaN(known)) return known;
    const fits = mayTake(instance, s, j) && cheapestInsertion(instance, s, draft.shifts[s]!, j, Infinity, found);
    costs[pair] = fits ? found.cost : Infinity;
    positions[pair] = fits ? found.position : NONE;
    return costs[pair];
  }

  /** The place that `cost` is of, NONE when there is none. */
  position(j: number, s: number): number {
    this.cost(j, s);
    return this.positions[j * this.draft.instance.shiftCount + s]!;
  }

  /** The shifts that have a place for job j, the cheapest first, of equals the one that begins nearest; its own is not among them. */
  cheapestFirst(j: number): Int32Array {
    const known = this.cheapestOf[j];
    if (known !== undefined) return known;
    const home = this.draft.shiftOf[j]!;
    const able = this.near.shifts[j]!.filter((s) => s !== home && this.cost(j, s) < Infinity);
    const costs = this.costs.subarray(j * this.draft.instance.shiftCount);
    const sorted = Int32Array.from(Array.from(able).sort((a, b) => costs[a]! - costs[b]!));
    this.cheapestOf[j] = sorted;
    return sorted;
  }

  /** The shift of a placed movable job without it; null when its day cannot be driven then. */
  without(j: number): ShiftState | null {
    const known = this.withoutJob[j];
    if (known !== undefined) return known;
    const { instance, shifts, shiftOf } = this.draft;
    const s = shiftOf[j]!;
    const sequence = shifts[s]!.sequence.filter((other) => other !== j);
    const state = shiftState(instance, s, sequence);
    this.withoutJob[j] = state;
    return state;
  }

  /** What that saves; -Infinity when it cannot be driven. */
  saved(j: number): number {
    const without = this.without(j);
    return without === null ? -Infinity : this.draft.shifts[this.draft.shiftOf[j]!]!.total - without.total;
  }

  /** The cheapest shift for stop k of which neither `a` nor `b` is, NONE when leaving it out is cheaper. */
  private cheapestAway(k: number, a: number, b: number): { shift: number; cost: number } {
    const { instance } = this.draft;
    const price = instance.price[k]!;
    for (const shift of this.cheapestFirst(k)) {
      if (shift === a || shift === b) continue;
      const cost = this.cost(k, shift);
      return cost < price ? { shift, cost } : { shift: NONE, cost: price };
    }
    return { shift: NONE, cost: price };
  }

  /** Where stop i could go instead, the cheapest first, none dearer than leaving it out; by way of different shifts as far as there are. */
  departures(i: number): readonly Departure[] {
    const known = this.departuresOf[i];
    if (known !== undefined) return known;
    const { draft, found } = this;
    const { instance, shifts, shiftOf } = draft;
    const home = shiftOf[i]!;
    const best: Departure[] = [];
    const offer = (departure: Departure): void => {
      const same = best.findIndex(({ shift }) => shift === departure.shift);
      if (same !== -1) {
        if (best[same]!.cost <= departure.cost) return;
        best.splice(same, 1);
      }
      const at = best.findIndex(({ cost }) => cost > departure.cost);
      best.splice(at === -1 ? best.length : at, 0, departure);
      if (best.length > DEPARTURES) best.pop();
    };
    const price = instance.price[i]!;
    for (const s of this.cheapestFirst(i).subarray(0, DEPARTURES)) {
      const cost = this.cost(i, s);
      if (cost < price) offer({ shift: s, out: NONE, outTo: NONE, cost });
    }
    for (const s of this.shiftsNear(i)) {
      const { sequence, total } = shifts[s]!;
      for (const k of sequence) {
        if (!isFree(instance, k)) continue;
        const without = this.without(k);
        if (without === null) continue;
        const away = this.cheapestAway(k, s, home);
        const most = Math.min(price, best.length === DEPARTURES ? best.at(-1)!.cost : Infinity);
        const spent = without.total - total + away.cost;
        if (spent >= most || !cheapestInsertion(instance, s, without, i, most - spent, found)) continue;
        offer({ shift: s, out: k, outTo: away.shift, cost: spent + found.cost });
      }
    }
    this.departuresOf[i] = best;
    return best;
  }

  /** The shifts that may take stop i whose stops lie nearest to it, its own not among them. */
  private shiftsNear(i: number): number[] {
    const { draft, near } = this;
    const found: number[] = [];
    const first = i * near.width;
    for (let k = first; k < first + near.counts[i]! && found.length < SHIFTS_TO_MAKE_ROOM; k++) {
      const s = draft.shiftOf[near.jobs[k]!]!;
      if (s === NONE || s === draft.shiftOf[i] || found.includes(s) || !mayTake(draft.instance, s, i)) continue;
      found.push(s);
    }
    return found;
  }
}
