import { cheapestInsertion, copyOf, type Draft, fixedCount, type Insertion, mayTake, shiftState, tryChanges } from '../draft.ts';
import type { ShiftState } from '../draft.ts';
import { type Instance, NONE } from '../instance.ts';
import { costOfSequence } from '../schedule.ts';
import type { Explainer } from './explainer.ts';
import { type Departure, isFree } from './known-places.ts';

/** Ways to make room that are carried out, of all that are estimated; and rounds of small moves after that. */
const CARRIED_OUT = 3;
const ROUNDS = 6;

/** The job on that shift, perhaps at a place in its order. Indices of the instance. */
export interface Wish {
  readonly job: number;
  readonly shift: number;
  /** Before the stop that has this place now, in the shift without the job; null = where it is cheapest. */
  readonly position: number | null;
}

/** Stops that leave the shift for the job, and what it all is estimated to cost. */
interface Room {
  readonly out: readonly number[];
  readonly sequence: readonly number[];
  readonly cost: number;
}

/** The wish carried out, and the shifts that may have changed. */
interface Made {
  readonly draft: Draft;
  readonly touched: Set<number>;
}

const cheapestOf = (made: readonly Made[]): Made | null =>
  made.reduce<Made | null>((best, one) => (best === null || one.draft.cost < best.draft.cost ? one : best), null);

/** One small move: stop `job` to a place of a shift, or, out of its shift, by a chain. */
interface Move {
  readonly job: number;
  readonly shift: number;
  readonly position: number;
  readonly chain: Departure | null;
}

/**
 * Forces one job onto one shift and repairs the plan round it: the cheapest place there; stops of that shift go elsewhere or are
 * left out where there is no room otherwise or that is cheaper; then small moves among the shifts that have changed. All other
 * shifts stay as they are.
 */
export class Forcing {
  private readonly explainer: Explainer;
  /** As the explainer's, but for starts that a wish locks. */
  private readonly instance: Instance;
  private readonly found: Insertion = { cost: 0, position: NONE };
  private readonly shorterOf = new Map<ShiftState, (ShiftState | null | undefined)[]>();

  constructor(explainer: Explainer, instance: Instance = explainer.instance) {
    this.explainer = explainer;
    this.instance = instance;
  }

  /**
   * The plan without the job. Where roads are such that its shift cannot be driven without it, one more stop goes out, else all
   * that may; null when that does not help either.
   */
  taken(job: number): Draft | null {
    const { draft, instance } = this;
    const without = { ...copyOf(draft), instance };
    const shift = draft.shiftOf[job]!;
    if (shift === NONE) return without;
    const sequence = draft.shifts[shift]!.sequence.filter((other) => other !== job);
    const fewer = sequence.filter((k) => isFree(instance, k)).map((k) => sequence.filter((other) => other !== k));
    const bare = sequence.filter((k) => !isFree(instance, k));
    const able = [sequence, ...fewer, bare].find((stops) => tryChanges(without, [{ shift, sequence: stops }], Infinity));
    return able === undefined ? null : without;
  }

  private get draft(): Draft {
    return this.explainer.draft;
  }

  /**
   * The cheapest plan found with the wish kept; null when no order of the shift's stops that stay has a place for it.
   * @param thorough small moves after each way to make room; else after the cheapest of them only, in a third of the time
   */
  force(without: Draft, wish: Wish, thorough = true): Draft | null {
    const made = this.rooms(without, wish).flatMap((room) => this.carryOut(without, wish, room) ?? []);
    const first = cheapestOf(made);
    if (first === null) return null;
    const settled = thorough ? made : [first];
    for (const { draft, touched } of settled) this.settle(draft, wish, touched);
    return cheapestOf(settled)?.draft ?? null;
  }

  /** The ways to make room that look cheapest. */
  private rooms(without: Draft, wish: Wish): Room[] {
    const { instance } = this;
    const { job, shift } = wish;
    if (!mayTake(instance, shift, job)) return [];
    const whole = without.shifts[shift]!;
    const rooms: Room[] = [];
    this.addRoom(rooms, whole, whole, wish, [], 0);
    let left = whole;
    let out: number[] = [];
    let spent = 0;
    for (;;) {
      for (const k of left.sequence) {
        if (!isFree(instance, k)) continue;
        const then = shiftState(
          instance,
          shift,
          left.sequence.filter((other) => other !== k),
        );
        if (then !== null) this.addRoom(rooms, whole, then, wish, [...out, k], spent + this.away(without, k, wish));
      }
      if (rooms.length > 0) break;
      // Nothing fits with one more stop out: the one that is cheapest to have elsewhere goes for good.
      const next = this.cheapestToLose(without, left, wish);
      if (next === null) break;
      left = next.left;
      out = [...out, next.stop];
      spent += next.away;
      this.addRoom(rooms, whole, left, wish, out, spent);
    }
    return rooms.sort((a, b) => a.cost - b.cost).slice(0, CARRIED_OUT);
  }

  private addRoom(
    rooms: Room[],
    whole: ShiftState,
    left: ShiftState,
    { job, shift, position }: Wish,
    out: readonly number[],
    spent: number,
  ): void {
    const { instance, found } = this;
    let at: number;
    if (position === null) {
      if (!cheapestInsertion(instance, shift, left, job, Infinity, found)) return;
      at = found.position;
    } else {
      // As the wish counts: also stops that have had to go with the job.
      const stops = this.draft.shifts[shift]!.sequence.filter((stop) => stop !== job);
      at = stops.slice(0, position).filter((stop) => left.sequence.includes(stop)).length;
    }
    const sequence = left.sequence.toSpliced(at, 0, job);
    const total = position === null ? left.total + found.cost : costOfSequence(instance, shift, sequence);
    if (total < Infinity) rooms.push({ out, sequence, cost: total - whole.total + spent });
  }

  /** The least that it costs to have stop k elsewhere, or nowhere, as far as is known of the plan. */
  private away(without: Draft, k: number, { job, shift }: Wish): number {
    const { instance, draft, found } = this;
    const home = draft.shiftOf[job]!;
    let least = instance.price[k]!;
    for (const departure of this.explainer.places.departures(k)) {
      if (departure.cost >= least) break;
      const { shift: to, outTo } = departure;
      if (to === shift || to === home || outTo === shift || outTo === home) continue;
      least = departure.cost;
      break;
    }
    if (home === NONE || home === shift || !mayTake(instance, home, k)) return least;
    return cheapestInsertion(instance, home, without.shifts[home]!, k, least, found) ? found.cost : least;
  }

  private cheapestToLose(without: Draft, left: ShiftState, wish: Wish): { stop: number; left: ShiftState; away: number } | null {
    const { instance } = this;
    let best: { stop: number; left: ShiftState; away: number } | null = null;
    let least = Infinity;
    for (const k of left.sequence) {
      if (!isFree(instance, k)) continue;
      const then = shiftState(
        instance,
        wish.shift,
        left.sequence.filter((other) => other !== k),
      );
      if (then === null) continue;
      const away = this.away(without, k, wish);
      if (away + then.total >= least) continue;
      least = away + then.total;
      best = { stop: k, left: then, away };
    }
    return best;
  }

  private carryOut(without: Draft, wish: Wish, room: Room): Made | null {
    const draft = copyOf(without);
    if (!tryChanges(draft, [{ shift: wish.shift, sequence: room.sequence }], Infinity)) return null;
    const touched = new Set<number>([wish.shift]);
    const home = this.draft.shiftOf[wish.job]!;
    if (home !== NONE) touched.add(home);
    for (const k of room.out) this.putElsewhere(draft, k, wish, touched);
    return { draft, touched };
  }

  /** Puts a stop that has made room where it is cheapest now, perhaps by way of a stop that makes room for it in turn. */
  private putElsewhere(draft: Draft, k: number, wish: Wish, touched: Set<number>): void {
    const { instance, found } = this;
    const { places } = this.explainer;
    const frozen = wish.position === null ? NONE : wish.shift;
    let shift = NONE;
    let position = NONE;
    let least = instance.price[k]!;
    for (const s of touched) {
      if (s === frozen || !mayTake(instance, s, k)) continue;
      if (!cheapestInsertion(instance, s, draft.shifts[s]!, k, least, found)) continue;
      least = found.cost;
      position = found.position;
      shift = s;
    }
    const other = this.cheapestUntouched(k, touched);
    if (other !== NONE && places.cost(k, other) < least) {
      least = places.cost(k, other);
      position = places.position(k, other);
      shift = other;
    }
    const chain = this.chainOf(k, touched);
    if (chain !== undefined && chain.cost < least) return this.follow(draft, k, chain, touched);
    if (shift === NONE) return;
    touched.add(shift);
    this.insert(draft, k, shift, position);
  }

  private cheapestUntouched(k: number, touched: ReadonlySet<number>): number {
    for (const s of this.explainer.places.cheapestFirst(k)) if (!touched.has(s)) return s;
    return NONE;
  }

  /** The cheapest way for stop k by way of another stop that makes room for it, among shifts that are as in the plan. */
  private chainOf(k: number, touched: ReadonlySet<number>): Departure | undefined {
    return this.explainer.places
      .departures(k)
      .find(({ shift, out, outTo }) => out !== NONE && !touched.has(shift) && !touched.has(outTo));
  }

  /** Puts stop k, which is in no shift, where the chain says. */
  private follow(draft: Draft, k: number, { shift, out, outTo }: Departure, touched: Set<number>): void {
    const { instance, found } = this;
    touched.add(shift);
    const sequence = draft.shifts[shift]!.sequence.filter((other) => other !== out);
    if (!tryChanges(draft, [{ shift, sequence }], Infinity)) return;
    if (cheapestInsertion(instance, shift, draft.shifts[shift]!, k, Infinity, found))
      this.insert(draft, k, shift, found.position);
    if (outTo === NONE) return;
    touched.add(outTo);
    this.insert(draft, out, outTo, this.explainer.places.position(out, outTo));
  }

  private insert(draft: Draft, j: number, shift: number, position: number): void {
    tryChanges(draft, [{ shift, sequence: draft.shifts[shift]!.sequence.toSpliced(position, 0, j) }], Infinity);
  }

  /** Small moves while they pay: a stop of a changed shift goes elsewhere or to another place of its own, a left-out job comes in. */
  private settle(draft: Draft, wish: Wish, touched: Set<number>): void {
    for (let round = 0; round < ROUNDS; round++) {
      const move = this.bestMove(draft, wish, touched);
      if (move === null) return;
      const { job, shift, position, chain } = move;
      const from = draft.shiftOf[job]!;
      const changes = [];
      if (from !== NONE && from !== shift) {
        changes.push({ shift: from, sequence: draft.shifts[from]!.sequence.filter((other) => other !== job) });
      }
      if (chain !== null) {
        if (!tryChanges(draft, changes, Infinity)) return;
        this.follow(draft, job, chain, touched);
        continue;
      }
      const there = draft.shifts[shift]!.sequence.filter((other) => other !== job);
      changes.push({ shift, sequence: there.toSpliced(position, 0, job) });
      touched.add(shift);
      if (!tryChanges(draft, changes, 0)) return;
    }
  }

  /** A shift without its k-th stop; null when it cannot be driven so. The same days come up for many wishes. */
  private shorter(s: number, state: ShiftState, k: number): ShiftState | null {
    let known = this.shorterOf.get(state);
    if (known === undefined) this.shorterOf.set(state, (known = []));
    const before = known[k];
    if (before !== undefined) return before;
    return (known[k] = shiftState(this.instance, s, state.sequence.toSpliced(k, 1)));
  }

  private bestMove(draft: Draft, wish: Wish, touched: ReadonlySet<number>): Move | null {
    const { instance, found } = this;
    const { places } = this.explainer;
    let best: Move | null = null;
    let most = 0;
    const frozen = wish.position === null ? NONE : wish.shift;
    for (const v of touched) {
      if (v === frozen) continue;
      const { sequence, total } = draft.shifts[v]!;
      for (let k = fixedCount(instance, v); k < sequence.length; k++) {
        const i = sequence[k]!;
        const pinned = i === wish.job;
        if (!pinned && !isFree(instance, i)) continue;
        const then = this.shorter(v, draft.shifts[v]!, k);
        if (then === null) continue;
        const saved = total - then.total;
        if (saved <= most) continue;
        if (cheapestInsertion(instance, v, then, i, saved - most, found)) {
          most = saved - found.cost;
          best = { job: i, shift: v, position: found.position, chain: null };
        }
        if (pinned) continue;
        for (const s of touched) {
          if (s === v || s === frozen || !mayTake(instance, s, i)) continue;
          if (!cheapestInsertion(instance, s, draft.shifts[s]!, i, saved - most, found)) continue;
          most = saved - found.cost;
          best = { job: i, shift: s, position: found.position, chain: null };
        }
        const other = this.cheapestUntouched(i, touched);
        if (other !== NONE && saved - places.cost(i, other) > most) {
          most = saved - places.cost(i, other);
          best = { job: i, shift: other, position: places.position(i, other), chain: null };
        }
        const chain = this.chainOf(i, touched);
        if (chain !== undefined && saved - chain.cost > most) {
          most = saved - chain.cost;
          best = { job: i, shift: chain.shift, position: NONE, chain };
        }
      }
    }
    for (let i = 0; i < instance.jobCount; i++) {
      if (draft.shiftOf[i] !== NONE || i === wish.job || instance.fixed[i] === 1 || instance.groupOf[i] !== NONE) continue;
      for (const s of touched) {
        if (s === frozen || !mayTake(instance, s, i)) continue;
        if (!cheapestInsertion(instance, s, draft.shifts[s]!, i, instance.price[i]! - most, found)) continue;
        most = instance.price[i]! - found.cost;
        best = { job: i, shift: s, position: found.position, chain: null };
      }
    }
    return best;
  }
}
