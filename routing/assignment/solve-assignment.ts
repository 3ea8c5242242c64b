import { type Assignment, type AssignmentProblem, costOf, NO_ARC, NOBODY, type Prices } from './assignment.ts';
import { checkCertificate } from './certificate.ts';
import { NotOptimal, residualPrices } from './prices.ts';
import { type Arcs, ProgrammeFailed, solveProgramme } from './programme.ts';

/**
 * javascript-lp-solver keeps a dense tableau. Measured here: 320 arcs 5-10 ms, 800 arcs 15 ms, 2,400 arcs 100 ms,
 * 8,000 arcs 0.9 s. So the programme starts with few arcs and is kept below MOST_ARCS.
 */
const MOST_ARCS = 2_500;
const FIRST_ARCS_PER_CREW = 6;
const ADDED_ARCS_PER_CREW = 4;
/** With so few there is nothing to gain from leaving some out. */
const FEW_ARCS = 240;

export interface AssignmentOptions {
  /** Asked before each programme; true = give the best answer so far. */
  readonly stopped: () => boolean;
  /** Arcs of the first programme, nearest first, per crew; Infinity = all arcs at once. */
  readonly firstArcsPerCrew?: number;
  /** At most this many arcs exist: then all are taken at once. */
  readonly fewArcs?: number;
  /** The programme is kept at about this many arcs. */
  readonly mostArcs?: number;
  /** The linear programme; tests put a failing one here. */
  readonly programme?: (problem: AssignmentProblem, arcs: Arcs) => Int32Array;
}

/**
 * Solves the assignment over all arcs with programmes that hold few of them: nearest able crews first, then the arcs
 * left out are priced against the duals and those that would help are added, until none does (column generation).
 * Ends certified, or says why not by its status.
 */
export function solveAssignment(problem: AssignmentProblem, options: AssignmentOptions): Assignment {
  const programme = options.programme ?? solveProgramme;
  const allArcs = countArcs(problem);
  const mostArcs = options.mostArcs ?? MOST_ARCS;
  const few = allArcs <= (options.fewArcs ?? FEW_ARCS);
  const arcs = firstArcs(problem, few ? Infinity : (options.firstArcsPerCrew ?? FIRST_ARCS_PER_CREW));
  let pricingRounds = 0;
  let crewOf: Int32Array | null = null;
  let objectiveAtTrim = Infinity;
  while (!options.stopped()) {
    let prices: Prices;
    try {
      crewOf = programme(problem, arcs);
      prices = residualPrices(problem, arcs, crewOf);
    } catch (error) {
      if (error instanceof ProgrammeFailed || error instanceof NotOptimal)
        return unproven(problem, arcs, allArcs, pricingRounds, greedy(problem));
      throw error;
    }
    const objective = costOf(problem, crewOf);
    const helpful = helpfulArcs(problem, prices);
    if (helpful.length === 0) {
      const certified = checkCertificate(problem, crewOf, prices).valid;
      return { status: 'optimal', crewOf, objective, prices, arcs: arcs.size, allArcs, pricingRounds, certified };
    }
    pricingRounds++;
    // Dropping arcs only after progress: otherwise the same arcs could come and go for ever.
    if (arcs.size + helpful.length > mostArcs && objective < objectiveAtTrim) {
      objectiveAtTrim = objective;
      trim(problem, arcs, prices, mostArcs - helpful.length);
    }
    for (const arc of helpful) arcs.add(arc);
  }
  return unproven(problem, arcs, allArcs, pricingRounds, crewOf ?? greedy(problem));
}

function unproven(
  problem: AssignmentProblem,
  arcs: Arcs,
  allArcs: number,
  pricingRounds: number,
  crewOf: Int32Array,
): Assignment {
  const prices = { job: new Float64Array(problem.jobs), crew: new Float64Array(problem.crews) };
  return {
    status: 'stopped',
    crewOf,
    objective: costOf(problem, crewOf),
    prices,
    arcs: arcs.size,
    allArcs,
    pricingRounds,
    certified: false,
  };
}

function countArcs(problem: AssignmentProblem): number {
  let count = 0;
  for (const cost of problem.cost) if (cost !== NO_ARC) count++;
  return count;
}

/** For each crew its best arcs by what they save against waiting, best first; ties by job. */
function firstArcs(problem: AssignmentProblem, most: number): Set<number> {
  const { jobs, crews, cost, waiting } = problem;
  const arcs = new Set<number>();
  for (let crew = 0; crew < crews; crew++) {
    const able: number[] = [];
    for (let i = 0; i < jobs; i++) {
      const c = cost[i * crews + crew]!;
      if (c !== NO_ARC && (most === Infinity || c < waiting[i]!)) able.push(i);
    }
    const saving = (i: number): number => cost[i * crews + crew]! - waiting[i]!;
    able.sort((a, b) => saving(a) - saving(b) || a - b);
    for (const i of able.slice(0, Math.min(most, able.length))) arcs.add(i * crews + crew);
  }
  return arcs;
}

/** The arcs of negative reduced cost, the worst few of each crew. Looks at every arc that exists. */
function helpfulArcs(problem: AssignmentProblem, prices: Prices): number[] {
  const { jobs, crews, cost } = problem;
  const helpful: number[] = [];
  for (let crew = 0; crew < crews; crew++) {
    const found: { arc: number; reduced: number }[] = [];
    for (let i = 0; i < jobs; i++) {
      const reduced = cost[i * crews + crew]! + prices.crew[crew]! - prices.job[i]!;
      if (reduced < 0) found.push({ arc: i * crews + crew, reduced });
    }
    found.sort((a, b) => a.reduced - b.reduced || a.arc - b.arc);
    for (const { arc } of found.slice(0, ADDED_ARCS_PER_CREW)) helpful.push(arc);
  }
  return helpful;
}

/** Keeps the arcs with the smallest reduced costs. Those in use have 0 and stay. */
function trim(problem: AssignmentProblem, arcs: Set<number>, prices: Prices, keep: number): void {
  const reduced = (arc: number): number =>
    problem.cost[arc]! + prices.crew[arc % problem.crews]! - prices.job[Math.floor(arc / problem.crews)]!;
  const byReduced = [...arcs].sort((a, b) => reduced(a) - reduced(b) || a - b);
  for (const arc of byReduced.slice(Math.max(keep, 0))) if (reduced(arc) > 0) arcs.delete(arc);
}

/** A feasible answer without a solver: the most saving arcs first. */
function greedy(problem: AssignmentProblem): Int32Array {
  const { crews, cost, waiting } = problem;
  const crewOf = new Int32Array(problem.jobs).fill(NOBODY);
  const room = problem.capacity.slice();
  const saving = (arc: number): number => waiting[Math.floor(arc / crews)]! - cost[arc]!;
  const arcs: number[] = [];
  for (let arc = 0; arc < cost.length; arc++) if (saving(arc) > 0) arcs.push(arc);
  arcs.sort((a, b) => saving(b) - saving(a) || a - b);
  for (const arc of arcs) {
    const job = Math.floor(arc / crews);
    const crew = arc % crews;
    if (crewOf[job] !== NOBODY || room[crew]! <= 0) continue;
    crewOf[job] = crew;
    room[crew]!--;
  }
  return crewOf;
}
