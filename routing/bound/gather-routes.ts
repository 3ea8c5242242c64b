import type { Highs } from 'highs';
import { type Instance, LOCK_PRICE, NONE } from '../instance.ts';
import type { Plan } from '../plan.ts';
import { packPartition } from '../recombination/partition.ts';
import { recombine } from '../recombination/recombine.ts';
import { costOfSequence } from '../schedule.ts';
import { Collector, frameOf, type PackedRoutes, partitionOf } from '../search/collect.ts';
import { COOLING_STEPS } from '../search/search.ts';
import type { Solution } from '../search/solution.ts';
import { makeStart } from '../search/start.ts';
import { searchFrom } from '../solve.ts';
import type { Column } from './master.ts';

export interface Gathered {
  readonly solution: Solution;
  readonly routes: PackedRoutes;
}

export interface GatherLimits {
  readonly seed: number;
  readonly millis: number;
  /** Instead of the time; null = by time. */
  readonly iterations: number | null;
  readonly stopped: () => boolean;
}

/**
 * A short search, for its routes: the programme of the bound begins with them. It starts from the plan given, or makes one.
 */
export function gatherRoutes(
  instance: Instance,
  plan: Plan | null,
  { seed, millis, iterations, stopped }: GatherLimits,
): Gathered {
  const begins = performance.now();
  const over = (share: number): boolean => stopped() || (iterations === null && performance.now() >= begins + share * millis);
  const start = makeStart(instance, {
    pace: null,
    maxChanges: null,
    startFrom: plan,
    assigned: () => over(0.25),
    filled: () => over(0.6),
  });
  const search = searchFrom(instance, start, seed);
  search.collector = new Collector(instance);
  const searching = performance.now();
  const left = begins + millis - searching;
  for (let step = 0; step < COOLING_STEPS && (left > 0 || iterations !== null); step++) {
    const share = (step + 1) / COOLING_STEPS;
    if (iterations === null) search.cool(step, Infinity, () => stopped() || performance.now() >= searching + left * share);
    else search.cool(step, Math.round(iterations * share), stopped);
  }
  search.collector.add(search.routes);
  return { solution: search.solution(), routes: search.collector.packed() };
}

/** What a solution costs without the prices of locks, which are no part of a plan's cost. */
export function costWithoutLocks(instance: Instance, { sequences, cost }: Solution): number {
  const done = new Set(sequences.flat());
  let unkept = 0;
  for (let j = 0; j < instance.jobCount; j++) {
    if (instance.locked[j] === 1 && instance.fixed[j] === 0 && !done.has(j)) unkept++;
  }
  return cost - unkept * LOCK_PRICE;
}

/**
 * The best plan of the routes gathered and of those that the bound has found, at what they really cost; null when none is
 * cheaper than `best`, or where routes cannot be put together (links, the price of the greatest lateness).
 */
export function recombineColumns(
  highs: Highs,
  instance: Instance,
  best: Solution,
  gathered: PackedRoutes,
  columns: readonly Column[],
  limits: { readonly deadline: number; readonly stopped: () => boolean },
): Solution | null {
  const frame = frameOf(instance);
  if (frame === null) return null;
  const shiftOfClass = new Int32Array(instance.shiftClassCount).fill(NONE);
  instance.shiftClass.forEach((c, s) => {
    if (shiftOfClass[c] === NONE) shiftOfClass[c] = s;
  });
  const real: { shift: number; jobs: readonly number[]; cost: number }[] = [];
  const addReal = (shift: number, jobs: readonly number[]): void => {
    const cost = costOfSequence(instance, shift, [...instance.fixedStops[shift]!, ...jobs]);
    if (cost < Infinity && jobs.length > 0) real.push({ shift, jobs, cost });
  };
  best.sequences.forEach((jobs, s) => addReal(s, jobs));
  for (const column of columns) addReal(shiftOfClass[column.class]!, column.jobs);
  const starts = new Int32Array(real.length + 1);
  real.forEach(({ jobs }, r) => (starts[r + 1] = starts[r]! + jobs.length));
  const ours: PackedRoutes = {
    shifts: Int32Array.from(real, ({ shift }) => shift),
    starts,
    jobs: Int32Array.from(real.flatMap(({ jobs }) => jobs)),
    costs: Float64Array.from(real, ({ cost }) => cost),
  };
  const partition = partitionOf(frame, [ours, gathered], best);
  let chosen: Int32Array | null = null;
  const { routes } = recombine(highs, packPartition(partition), limits, (better) => (chosen = better));
  const answer = routes ?? (chosen as Int32Array | null);
  if (answer === null) return null;
  const sequences: number[][] = Array.from({ length: instance.shiftCount }, () => []);
  const taken = new Uint8Array(instance.shiftCount);
  let cost = frame.leftOutPrice.reduce((sum, price) => sum + price, 0);
  for (const r of answer) {
    const { shift, jobs, cost: routeCost } = partition.routes[r]!;
    const free = taken[shift] === 0 ? shift : instance.shiftClass.findIndex((c, s) => c === instance.shiftClass[shift] && taken[s] === 0);
    taken[free] = 1;
    sequences[free] = [...jobs];
    cost += routeCost;
    for (const j of jobs) cost -= frame.leftOutPrice[j]!;
  }
  for (let s = 0; s < instance.shiftCount; s++) if (taken[s] === 0) cost += instance.emptyCost[s]!;
  return cost < best.cost ? { sequences, lockedStart: null, cost } : null;
}
