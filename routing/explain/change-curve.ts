import { compile } from '../compile.ts';
import { draftOf } from '../draft.ts';
import type { Instance } from '../instance.ts';
import type { Plan } from '../plan.ts';
import type { Problem } from '../problem.ts';
import { COOLING_STEPS, type Search } from '../search/search.ts';
import type { Solution } from '../search/solution.ts';
import { makeStart, mostChanged, solutionOfPlan } from '../search/start.ts';
import { reportOf, searchFrom } from '../solve.ts';
import { type Seconds, seconds } from '../units.ts';
import { wholeCost } from './describe.ts';
import type { CurvePoint } from './explanation.ts';

/** Limits that a dispatcher is offered, the calmest first. */
export const MOVES: readonly (number | null)[] = [0, 2, 4, 6, 10, 20, null];

export interface CurveOptions {
  readonly seed: number;
  /** For the whole curve; null = no limit, then `iterations` is one. */
  readonly millis: number | null;
  /** Of the search at each limit: the same curve on every machine. */
  readonly iterations: number | null;
  /** Rising; null = any number of changes, last. Absent = MOVES. */
  readonly moves?: readonly (number | null)[];
}

/** A point and the plan behind it, which the dispatcher may choose. */
export interface CurvePlan {
  readonly point: CurvePoint;
  readonly plan: Plan;
}

/** Each limit is searched from this step of cooling on: its beginning is good already, and few steps keep a small limit when it is hot. */
const FIRST_STEP = 120;
/** Part of the time that is kept back for writing the plans down. */
const WRITING = 0.15;

/**
 * What the day costs when at most so many stops may change against the plan in force: a plan for each limit, searched for with
 * that limit. Each search begins from the best of the limits before, so a larger limit never costs more; `plan`, made with any
 * number of changes, is where the limits begin that it keeps. Synchronous; the same curve for the same seed and iterations.
 * Limits mean what `Plan.maxChanges` says: changes that no plan could avoid do not count against them. The paces of its plans
 * are empty: such a plan is made again by making the curve again.
 * Throws InvalidProblem; RangeError where the limits do not rise.
 */
export function changeCurve(problem: Problem, plan: Plan | null, options: CurveOptions): CurvePlan[] {
  const { seed, millis, iterations, moves = MOVES } = options;
  const limits = moves.map((limit) => limit ?? Infinity);
  if (limits.some((limit, k) => limit < 0 || limit <= (limits[k - 1] ?? -1))) throw new RangeError('limits must rise');
  const [begins, time] = [performance.now(), millis ?? Infinity];
  const instance = compile(problem);
  const start = makeStart(instance, {
    pace: null,
    maxChanges: moves[0] ?? null,
    startFrom: null,
    assigned: () => performance.now() - begins > time / 8,
    filled: () => performance.now() - begins > time / 4,
  });
  const other = plan === null ? null : counted(instance, solutionOfPlan(instance, plan));
  const searched = performance.now() - begins;
  let best = start.solution;
  const found = moves.map((maxChanges, k) => {
    const most = mostChanged(instance, maxChanges, start.forcedChanges);
    if (plan !== null && other !== null && plan.changes <= most && other.cost < best.cost) best = other;
    const search = searchFrom(instance, { near: start.near, solution: best, maxChanged: most }, seed);
    search.fill(Infinity, () => performance.now() - begins > time / 2);
    const ends = begins + searched + ((time * (1 - WRITING) - searched) * (k + 1)) / moves.length;
    cool(search, performance.now(), ends, iterations);
    best = search.solution();
    return { maxChanges, solution: best };
  });
  return found.map(({ maxChanges, solution }) => {
    const made = reportOf(instance, { ...start, rounds: [], filled: 0 }, solution, [], { seed, maxChanges, recombined: [] });
    return { point: pointOf(made, maxChanges), plan: made };
  });
}

/** With what the search counts it to cost: locked jobs left out come before any price. */
function counted(instance: Instance, solution: Solution): Solution {
  return { ...solution, cost: wholeCost(draftOf({ ...instance, lockedStart: instance.lockedStart.slice() }, solution)) };
}

/** From the first step of cooling to the last, by the clock or by iterations. */
function cool(search: Search, begins: number, ends: number, iterations: number | null): void {
  const steps = COOLING_STEPS - FIRST_STEP;
  for (let step = 1; step <= steps; step++) {
    const until = iterations === null ? Infinity : Math.floor((iterations * step) / steps);
    const end = begins + ((ends - begins) * step) / steps;
    search.cool(FIRST_STEP + step - 1, until, () => performance.now() >= end);
  }
}

function pointOf(plan: Plan, moves: number | null): CurvePoint {
  const late = plan.shifts.flatMap(({ stops }) => stops.filter((stop) => stop.late > 0).map((stop) => stop.late));
  return {
    moves,
    changes: plan.changes,
    cost: plan.cost.total,
    late: late.length,
    lateSeconds: seconds(late.reduce((sum: number, one: Seconds) => sum + one, 0)),
    unserved: plan.unassigned.length,
  };
}
