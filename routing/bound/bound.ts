import type { Highs } from 'highs';
import type { Certificate } from '../certificate.ts';
import { compile } from '../compile.ts';
import type { Plan } from '../plan.ts';
import type { Problem } from '../problem.ts';
import type { Solution } from '../search/solution.ts';
import { arrivalDuals } from './arrivals.ts';
import { ColumnGeneration } from './column-generation.ts';
import { certificateOf, dualBound, type DualBound } from './dual-bound.ts';
import { costWithoutLocks, gatherRoutes, recombineColumns } from './gather-routes.ts';
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
/** Kept back for putting routes together to a better plan, when the bound is not there yet. */
const RECOMBINATION_SHARE = 0.12;

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
  const instance = compile(problem);
  const relaxation = relax(instance, (options.plan?.maxChanges ?? null) !== null);
  const pricing = new Pricing(relaxation);
  let best = boundByArrivals(relaxation, pricing);
  say(`arrivals: ${best.bound}`);

  const { solution: found, routes } = gatherRoutes(instance, options.plan ?? null, {
    seed: options.seed ?? 1,
    millis: options.millis * (options.searchShare ?? SEARCH_SHARE),
    iterations: options.searchIterations ?? null,
    stopped,
  });
  let solution: Solution = found;
  say(`${((performance.now() - begins) / 1000).toFixed(2)} search: ${costWithoutLocks(instance, solution)}, ${routes.shifts.length} routes`);
  const generation = new ColumnGeneration(relaxation, pricing);
  routes.shifts.forEach((s, r) => {
    generation.addRoute(instance.shiftClass[s]!, Array.from(routes.jobs.subarray(routes.starts[r], routes.starts[r + 1])));
  });
  const cost = costWithoutLocks(instance, solution);
  generation.run(highs, solution.sequences, cost, best.prices, {
    deadline: ends - options.millis * RECOMBINATION_SHARE,
    stopped,
    target: options.target ?? 0,
    say,
  });
  if (generation.best !== null && generation.best.bound >= best.bound) best = generation.best;
  if (!stopped() && best.bound < cost && performance.now() < ends) {
    const better = recombineColumns(highs, instance, solution, routes, generation.columns, { deadline: ends, stopped });
    if (better !== null) solution = better;
    say(`${((performance.now() - begins) / 1000).toFixed(2)} recombined: ${costWithoutLocks(instance, solution)}`);
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
