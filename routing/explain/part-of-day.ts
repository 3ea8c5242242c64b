import { compile } from '../compile.ts';
import { type Draft, shiftState } from '../draft.ts';
import { type Instance, LOCK_PRICE, NONE } from '../instance.ts';
import { COOLING_STEPS, Search } from '../search/search.ts';
import { nearness, type Nearness } from '../search/nearness.ts';
import type { Solution } from '../search/solution.ts';
import type { Stop } from '../search/stop.ts';
import { partProblem } from './day-problem.ts';

/** A walk begins at this step of cooling: the plan is good already, it needs no heat. */
const FIRST_STEP = 100;

/** A few shifts cut out of the day, to be searched by themselves: some forty jobs are searched far quicker than among a thousand. */
export class PartOfDay {
  readonly instance: Instance;
  readonly near: Nearness;
  /** Shifts of the whole day that are in it, by index of its instance; in the order of the list. */
  readonly shifts: readonly number[];
  private readonly jobs: readonly number[];
  /** Index in the instance of the whole day -> index here. */
  readonly shiftHere: ReadonlyMap<number, number>;
  readonly jobHere: ReadonlyMap<number, number>;

  private constructor(whole: Instance, shifts: readonly number[], jobs: readonly number[]) {
    const { shiftIndex, jobIndex, problem } = whole;
    const part = partProblem(
      problem,
      shifts.map((s) => shiftIndex[s]!),
      jobs.map((j) => jobIndex[j]!),
    );
    this.instance = compile(part);
    this.near = nearness(this.instance);
    this.shifts = shifts;
    this.jobs = jobs;
    this.shiftHere = new Map(shifts.map((s, index) => [s, this.instance.shiftPlace[index]!]));
    this.jobHere = new Map(jobs.map((j, index) => [j, this.instance.jobPlace[index]!]));
  }

  /**
   * These shifts of a draft with their stops and all that is left out. null where the day cannot be cut so: no shift, a stop among them
   * is linked to others, all of the day has one price (the greatest lateness), or a day would cost something else by itself.
   */
  static of(draft: Draft, shifts: readonly number[]): PartOfDay | null {
    const { instance } = draft;
    if (shifts.length === 0) return null;
    if ((instance.problem.weights.worstLatePerSecond ?? 0) !== 0) return null;
    const jobs = shifts.flatMap((s) => draft.shifts[s]!.sequence);
    if (jobs.some((j) => instance.groupOf[j] !== NONE)) return null;
    for (let j = 0; j < instance.jobCount; j++) {
      if (draft.shiftOf[j] === NONE && instance.fixed[j] === 0 && instance.groupOf[j] === NONE) jobs.push(j);
    }
    const part = new PartOfDay(instance, shifts, jobs);
    const same = shifts.every((s) => part.costHere(draft, s) === draft.shifts[s]!.total);
    return same ? part : null;
  }

  private costHere(draft: Draft, s: number): number | undefined {
    const here = draft.shifts[s]!.sequence.map((j) => this.jobHere.get(j)!);
    return shiftState(this.instance, this.shiftHere.get(s)!, here)?.total;
  }

  /** Its shifts as a draft of the whole day has them, at the cost of the part alone. */
  solutionOf({ shifts, shiftOf }: Draft): Solution {
    const { instance, shiftHere, jobHere } = this;
    const sequences: number[][] = Array.from({ length: instance.shiftCount }, () => []);
    let cost = 0;
    for (const [s, here] of shiftHere) {
      cost += shifts[s]!.total;
      for (const j of shifts[s]!.sequence) {
        const stop = jobHere.get(j)!;
        if (instance.fixed[stop] === 0) sequences[here]!.push(stop);
      }
    }
    for (const [j, here] of jobHere) if (shiftOf[j] === NONE) cost += instance.price[here]!;
    return { sequences, lockedStart: null, cost };
  }

  /** What a solution of the part means for the whole day: the stops of each of its shifts, fixed ones first. */
  changesOf({ sequences }: Solution): { shift: number; sequence: number[] }[] {
    const { instance, jobs } = this;
    const there = (j: number): number => jobs[instance.jobIndex[j]!]!;
    return this.shifts.map((shift) => {
      const here = this.shiftHere.get(shift)!;
      return { shift, sequence: [...instance.fixedStops[here]!, ...sequences[here]!].map(there) };
    });
  }

  /** A search over the part. With a wish the job, both of the whole day, stays on that shift and is never left out. */
  searchFrom(start: Solution, seed: number, wish: { readonly job: number; readonly shift: number } | null): Search {
    const { instance, near } = this;
    if (wish === null) return new Search(instance, near, start, seed, 0, Infinity);
    const j = this.jobHere.get(wish.job)!;
    const s = this.shiftHere.get(wish.shift)!;
    const { shiftCount } = instance;
    const allowed = instance.allowed.slice().fill(0, j * shiftCount, (j + 1) * shiftCount);
    allowed[j * shiftCount + s] = 1;
    const bound: Instance = { ...instance, allowed, price: instance.price.with(j, LOCK_PRICE) };
    return new Search(bound, { ...near, shifts: near.shifts.with(j, Int32Array.of(s)) }, start, seed, 0, Infinity);
  }
}

/** One walk of a search, from a warm start to the end of its cooling: so many iterations, or so long. */
export function coolOnce(search: Search, { iterations, millis }: Stop): void {
  const steps = COOLING_STEPS - FIRST_STEP;
  const begins = performance.now();
  const done = search.iterations;
  for (let step = 1; step <= steps; step++) {
    const until = iterations === null ? Infinity : done + Math.floor((iterations * step) / steps);
    const ends = millis === null ? Infinity : begins + (millis * step) / steps;
    search.cool(FIRST_STEP + step - 1, until, () => performance.now() >= ends);
  }
}
