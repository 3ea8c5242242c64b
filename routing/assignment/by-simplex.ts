import { type AssignmentProblem, type MethodAnswer, NO_ARC, NOBODY, type Prices } from './assignment.ts';
import { largestPrices } from './prices.ts';
import { type Arcs, solveProgramme } from './programme.ts';

/** Arcs of the first programme, nearest first, and arcs added at a time, for each place on a crew. */
const FIRST_ARCS_PER_PLACE = 6;
const ADDED_ARCS_PER_PLACE = 4;
/** With so few there is nothing to gain from leaving some out. */
const FEW_ARCS = 240;

export interface SimplexOptions {
  /** Asked before each programme; true = end with what there is. */
  readonly stopped: () => boolean;
  readonly firstArcsPerPlace?: number;
  /** At most this many arcs exist: then all are taken at once. */
  readonly fewArcs?: number;
  /** The linear programme; tests put a failing one here. */
  readonly programme?: (problem: AssignmentProblem, arcs: Arcs) => Int32Array;
}

export interface SimplexAnswer extends MethodAnswer {
  /** Arcs in the last programme. */
  readonly arcs: number;
  readonly pricingRounds: number;
}

/**
 * The assignment over all arcs by programmes that hold few of them: nearest able crews first, then the arcs left out are
 * priced against the duals and those that would help are added, until none does (column generation). The solver keeps a
 * dense tableau, so fewer arcs are much faster.
 * @throws ProgrammeFailed, NotOptimal
 */
export function solveBySimplex(problem: AssignmentProblem, options: SimplexOptions): SimplexAnswer {
  const programme = options.programme ?? solveProgramme;
  const { crews, cost, capacity } = problem;
  const arcCount = cost.reduce((count, c) => (c === NO_ARC ? count : count + 1), 0);
  // With a place for nearly every job most arcs would come in anyway, one round after another.
  const roomForAll = capacity.reduce((sum, places) => sum + places, 0) >= problem.jobs;
  const few = arcCount <= (options.fewArcs ?? FEW_ARCS) || (roomForAll && options.firstArcsPerPlace === undefined);
  const arcs = firstArcs(problem, few ? Infinity : (options.firstArcsPerPlace ?? FIRST_ARCS_PER_PLACE));
  let crewOf: Int32Array = new Int32Array(problem.jobs).fill(NOBODY);
  for (let pricingRounds = 0; ; pricingRounds++) {
    if (options.stopped()) return { crewOf, finished: false, arcs: arcs.size, pricingRounds };
    crewOf = programme(problem, arcs);
    const helpful = helpfulArcs(problem, largestPrices(problem, arcs, crewOf));
    if (helpful.length === 0) return { crewOf, finished: true, arcs: arcs.size, pricingRounds };
    for (const arc of helpful) arcs.add(arc);
  }

  /** For each crew its best arcs by what they save against waiting, best first; ties by job. */
  function firstArcs({ jobs, waiting }: AssignmentProblem, most: number): Set<number> {
    const first = new Set<number>();
    for (let crew = 0; crew < crews; crew++) {
      const able: number[] = [];
      for (let i = 0; i < jobs; i++) {
        const c = cost[i * crews + crew]!;
        if (c !== NO_ARC && (most === Infinity || c < waiting[i]!)) able.push(i);
      }
      const saving = (i: number): number => cost[i * crews + crew]! - waiting[i]!;
      able.sort((a, b) => saving(a) - saving(b) || a - b);
      for (const i of able.slice(0, most === Infinity ? able.length : most * capacity[crew]!)) first.add(i * crews + crew);
    }
    return first;
  }

  /** The arcs of negative reduced cost, the worst few of each crew. Looks at every arc that exists. */
  function helpfulArcs({ jobs }: AssignmentProblem, prices: Prices): number[] {
    const helpful: number[] = [];
    for (let crew = 0; crew < crews; crew++) {
      const found: { arc: number; reduced: number }[] = [];
      for (let i = 0; i < jobs; i++) {
        const reduced = cost[i * crews + crew]! + prices.crew[crew]! - prices.job[i]!;
        if (reduced < 0) found.push({ arc: i * crews + crew, reduced });
      }
      found.sort((a, b) => a.reduced - b.reduced || a.arc - b.arc);
      for (const { arc } of found.slice(0, ADDED_ARCS_PER_PLACE * capacity[crew]!)) helpful.push(arc);
    }
    return helpful;
  }
}
