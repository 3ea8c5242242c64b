import type { Highs } from 'highs';
import { type Instance, LOCK_PRICE, NONE } from '../instance.ts';
import type { Plan } from '../plan.ts';
import { packPartition } from '../recombination/partition.ts';
import { recombine } from '../recombination/recombine.ts';
import { costOfSequence } from '../schedule.ts';
import { Collector, frameOf, type PackedRoutes, partitionOf } from '../search/collect.ts';
import { COOLING_STEPS } from '../search/search.ts';
import type { Solution } from '../search/solution.ts';
import { makeStart, type Start } from '../search/start.ts';
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

/** Where the searches of one bound begin: nearness is worked out once. */
export function startOf(instance: Instance, plan: Plan | null, { millis, iterations, stopped }: GatherLimits): Start {
  const begins = performance.now();
  const over = (share: number): boolean => stopped() || (iterations === null && performance.now() >= begins + share * millis);
  return makeStart(instance, {
    pace: null,
    maxChanges: null,
    startFrom: plan,
    assigned: () => over(0.15),
    filled: () => over(0.35),
  });
}

/**
 * A short search, for its routes: the programme of the bound begins with them, and plans are put together from them.
 * @param from where it begins
 * @param firstStep of its cooling: later ones stay near to where it begins
 */
export function gatherRoutes(
  instance: Instance,
  start: Start,
  from: Solution,
  firstStep: number,
  { seed, millis, iterations, stopped }: GatherLimits,
): Gathered {
  const begins = performance.now();
  const search = searchFrom(instance, { ...start, solution: from }, seed);
  search.collector = new Collector(instance);
  search.fill(Infinity, stopped);
  for (let step = firstStep; step < COOLING_STEPS && (millis > 0 || iterations !== null); step++) {
    const share = (step + 1 - firstStep) / (COOLING_STEPS - firstStep);
    if (iterations === null) search.cool(step, Infinity, () => stopped() || performance.now() >= begins + millis * share);
    else search.cool(step, Math.round(iterations * share), stopped);
  }
  search.collector.add(search.routes);
  return { solution: search.solution(), routes: search.collector.packed() };
}

/**
 * The relaxed plan as a real one, as far as it goes: its routes, the most used first, where their jobs and a shift of the class
 * are still free and the real day works. The rest is left out.
 */
export function roundedPlan(instance: Instance, used: readonly { readonly column: Column; readonly share: number }[]): Solution {
  const sequences: number[][] = Array.from({ length: instance.shiftCount }, () => []);
  const done = new Uint8Array(instance.jobCount);
  const taken = new Uint8Array(instance.shiftCount);
  let cost = 0;
  for (const { column } of [...used].sort((a, b) => b.share - a.share)) {
    if (column.jobs.some((j) => done[j] === 1)) continue;
    const shift = instance.shiftClass.findIndex((c, s) => c === column.class && taken[s] === 0);
    if (shift === -1) continue;
    const real = costOfSequence(instance, shift, [...instance.fixedStops[shift]!, ...column.jobs]);
    if (real === Infinity) continue;
    taken[shift] = 1;
    sequences[shift] = [...column.jobs];
    for (const j of column.jobs) done[j] = 1;
    cost += real;
  }
  for (let s = 0; s < instance.shiftCount; s++) if (taken[s] === 0) cost += instance.emptyCost[s]!;
  for (let j = 0; j < instance.jobCount; j++) if (done[j] === 0 && instance.fixed[j] === 0) cost += instance.price[j]!;
  return { sequences, lockedStart: null, cost };
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
  gathered: readonly PackedRoutes[],
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
  const partition = partitionOf(frame, [ours, ...gathered], best);
  let chosen: Int32Array | null = null;
  const { routes } = recombine(highs, packPartition(partition), limits, (better) => (chosen = better));
  const answer = routes ?? (chosen as Int32Array | null);
  if (answer === null) return null;
  const sequences: number[][] = Array.from({ length: instance.shiftCount }, () => []);
  const taken = new Uint8Array(instance.shiftCount);
  let cost = frame.leftOutPrice.reduce((sum, price) => sum + price, 0);
  for (const r of answer) {
    const { shift, jobs, cost: routeCost } = partition.routes[r]!;
    const free =
      taken[shift] === 0 ? shift : instance.shiftClass.findIndex((c, s) => c === instance.shiftClass[shift] && taken[s] === 0);
    taken[free] = 1;
    sequences[free] = [...jobs];
    cost += routeCost;
    for (const j of jobs) cost -= frame.leftOutPrice[j]!;
  }
  for (let s = 0; s < instance.shiftCount; s++) if (taken[s] === 0) cost += instance.emptyCost[s]!;
  return cost < best.cost ? { sequences, lockedStart: null, cost } : null;
}
