import type { Highs } from 'highs';
import type { Certificate } from '../certificate.ts';
import { compile } from '../compile.ts';
import type { Plan } from '../plan.ts';
import type { Problem } from '../problem.ts';
import type { Solution } from '../search/solution.ts';
import { arrivalDuals } from './arrivals.ts';
import { ColumnGeneration } from './column-generation.ts';
import { certificateOf, dualBound, type DualBound } from './dual-bound.ts';
import { costWithoutLocks, gatherRoutes, recombineColumns, roundedPlan, startOf } from './gather-routes.ts';
import { Pricing } from './pricing.ts';
import { relax } from './relaxation.ts';

export interface BoundOptions {
  /** Milliseconds from the call until the answer. */
  readonly millis: number;
  /** A plan of the same problem: the search for routes starts from it. Its limit on changes is stated as relaxed. */
  readonly plan?: Plan;
  /** Ends when the bound is proven to be so near to the cost of the best plan, as a part of it. Absent = 0. */
  readonly target?: number;
  /** Of the search for routes. Absent = 1. */
  readonly seed?: number;
  /** Part of the time for that search. Absent = 0.15. */
  readonly searchShare?: number;
  /** So many iterations of that search instead, whatever time they take: then the same problem gets the same answer. Absent = by time. */
  readonly searchIterations?: number;
  /** Asked often; true = end with the best so far. */
  readonly stopped?: () => boolean;
  /** Told how it goes, in plain words. */
  readonly say?: (line: string) => void;
}

export interface Bounded {
  readonly certificate: Certificate;
  /** A plan cheaper than the one given, or the only one; null = none. Movable jobs by shift, indices of the problem. */
  readonly plan: { readonly sequences: readonly (readonly number[])[]; readonly cost: number } | null;
  readonly seconds: number;
  /** Exact passes over all classes of shifts. */
  readonly passes: number;
  readonly labels: number;
  readonly columns: number;
}

const SEARCH_SHARE = 0.15;
/** Kept back for a better plan from what the bound has found. */
const IMPROVEMENT_SHARE = 0.2;
/** Of what is then left, the part for a search near the relaxed plan, and the step of cooling that it begins with. */
const SHARE_NEARBY = 0.5;
const FIRST_STEP_NEARBY = 80;

/**
 * A proven lower bound on the cost of every plan of the problem, with its certificate, and a better plan where one comes up.
 * Synchronous: `startBounder` does the same in a thread of its own.
 * @throws InvalidProblem
 */
export function boundOf(highs: Highs, problem: Problem, options: BoundOptions): Bounded {
  const begins = performance.now();
  const ends = begins + options.millis;
  const stopped = options.stopped ?? (() => false);
  const say = options.say ?? (() => undefined);
  const sinceBegin = (): string => ((performance.now() - begins) / 1000).toFixed(2);
  const instance = compile(problem);
  const relaxation = relax(instance, (options.plan?.maxChanges ?? null) !== null);
  const pricing = new Pricing(relaxation);
  let best = boundByArrivals(relaxation, pricing);
  say(`arrivals: ${best.bound}`);

  const limits = {
    seed: options.seed ?? 1,
    millis: options.millis * (options.searchShare ?? SEARCH_SHARE),
    iterations: options.searchIterations ?? null,
    stopped,
  };
  const start = startOf(instance, options.plan ?? null, limits);
  const first = gatherRoutes(instance, start, start.solution, 0, {
    ...limits,
    millis: limits.millis - (performance.now() - begins),
  });
  let { solution } = first;
  say(`${sinceBegin()} search: ${costWithoutLocks(instance, solution)}, ${first.routes.shifts.length} routes`);
  const generation = new ColumnGeneration(relaxation, pricing);
  first.routes.shifts.forEach((s, r) => {
    const { starts, jobs } = first.routes;
    generation.addRoute(instance.shiftClass[s]!, Array.from(jobs.subarray(starts[r], starts[r + 1])));
  });
  const cost = costWithoutLocks(instance, solution);
  const search = { deadline: ends - options.millis * IMPROVEMENT_SHARE, stopped, target: options.target ?? 0, say };
  generation.run(highs, solution.sequences, cost, best.prices, search);
  if (generation.best !== null && generation.best.bound >= best.bound) best = generation.best;
  const near = (): boolean => {
    const now = costWithoutLocks(instance, solution);
    return now - best.bound <= (options.target ?? 0) * now;
  };
  // The relaxed plan shows where a better one lies: rounded, searched nearby, and all routes put together anew.
  if (!stopped() && !near() && instance.groups.length === 0 && performance.now() < ends) {
    const second = gatherRoutes(instance, start, roundedPlan(instance, generation.used), FIRST_STEP_NEARBY, {
      ...limits,
      millis: SHARE_NEARBY * (ends - performance.now()),
    });
    if (second.solution.cost < solution.cost) solution = second.solution;
    say(`${sinceBegin()} searched near the relaxed plan: ${costWithoutLocks(instance, second.solution)}`);
    const better = near()
      ? null
      : recombineColumns(highs, instance, solution, [first.routes, second.routes], generation.columns, {
          deadline: ends,
          stopped,
        });
    if (better !== null) solution = better;
    say(`${sinceBegin()} recombined: ${costWithoutLocks(instance, solution)}`);
  }
  return {
    certificate: certificateOf(relaxation, best, best.kind === 'arrivals' || !pricing.neighbourhoods.complete),
    plan: planOf(solution, options.plan ?? null),
    seconds: (performance.now() - begins) / 1000,
    passes: generation.passes,
    labels: pricing.labelsMade,
    columns: generation.columns.length,
  };

  function planOf(made: Solution, given: Plan | null): Bounded['plan'] {
    // Starts that linked jobs have agreed on are no part of the sequences.
    if (instance.groups.length > 0) return null;
    const total = costWithoutLocks(instance, made);
    if (given !== null && given.cost.total <= total) return null;
    const sequences: number[][] = Array.from({ length: instance.shiftCount }, () => []);
    made.sequences.forEach((jobs, s) => {
      sequences[instance.shiftIndex[s]!] = jobs.map((j) => instance.jobIndex[j]!);
    });
    return { sequences, cost: total };
  }
}

function boundByArrivals(relaxation: ReturnType<typeof relax>, pricing: Pricing): DualBound {
  const { prices, classLeast } = arrivalDuals(relaxation, pricing.graphs);
  return dualBound(relaxation, 'arrivals', prices, [], classLeast);
}
