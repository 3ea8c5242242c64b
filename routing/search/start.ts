import { assignInRounds } from '../assignment/rounds.ts';
import type { Draft } from '../draft.ts';
import { draftFromPlanInForce } from '../in-force.ts';
import { type Instance, NONE } from '../instance.ts';
import type { Cost, LpRound, Pace, Plan } from '../plan.ts';
import { costOfDraft } from '../report-plan.ts';
import { advance, beginAfterFixed, finish, keepsStock, newCursor } from '../schedule.ts';
import { nearness, type Nearness } from './nearness.ts';
import { Search } from './search.ts';
import { bestOf, type Solution } from './solution.ts';

/** Rounds of assignment look at every pair of a crew and a left-out job; beyond so many pairs, filling by places nearby is quicker. */
const MOST_PAIRS_IN_ROUNDS = 120_000;

export interface StartOptions {
  /** Make as many rounds and fill in as many jobs as this says; the two below are then not asked. */
  readonly pace: Pace | null;
  readonly maxChanges: number | null;
  /** Where to start instead of the plan in force, if its changes are within the limit. */
  readonly startFrom: Plan | null;
  /** True when the rounds of assignment should end. */
  readonly assigned: () => boolean;
  /** True when the searches should begin. */
  readonly filled: () => boolean;
}

/** What the searches begin with. */
export interface Start {
  readonly solution: Solution;
  readonly rounds: readonly LpRound[];
  /** Left-out jobs looked at by the filling. */
  readonly filled: number;
  readonly near: Nearness;
  readonly costInForce: Cost;
  /** Changes that the plan in force has by itself now, and the most that a plan may have. */
  readonly forcedChanges: number;
  readonly maxChanged: number;
}

/**
 * Where the searches begin: the plan in force as far as it still holds, new work by repeated assignment, what is left where
 * it is cheapest. Crews that are all alike need no assignment: it is the same to them who goes. Neither do plans with a
 * limit on changes: a round does not count them.
 */
export function makeStart(instance: Instance, options: StartOptions): Start {
  const { pace, maxChanges, startFrom } = options;
  const near = nearness(instance);
  const kept = draftFromPlanInForce(instance);
  const inForce = solutionOf(kept);
  const costInForce = costOfDraft(kept);
  const baseline = new Search(instance, near, inForce, 0, 0, Infinity);
  const forcedChanges = baseline.changed;
  const maxChanged = mostChanged(instance, maxChanges, forcedChanges);

  let solution = inForce;
  let rounds: readonly LpRound[] = [];
  const waiting = kept.shiftOf.reduce((count, s) => count + (s === NONE ? 1 : 0), 0);
  if (startFrom !== null) solution = solutionOfPlan(instance, startFrom);
  else if (maxChanges === null && instance.shiftClassCount > 1 && waiting * instance.shiftCount <= MOST_PAIRS_IN_ROUNDS) {
    let made = 0;
    rounds = assignInRounds(kept, () => (pace === null ? options.assigned() : made++ >= pace.rounds));
    solution = solutionOf(kept);
  }
  let filling = new Search(instance, near, solution, 0, 0, maxChanged);
  if (filling.changed > maxChanged) filling = new Search(instance, near, inForce, 0, 0, maxChanged);
  const filled = filling.fill(pace?.filled ?? Infinity, pace === null ? options.filled : () => false);
  // Rounds do not weigh the greatest lateness in the plan.
  const best = bestOf([filling.solution(), baseline.solution()]);
  return { solution: best, rounds, filled, near, costInForce, forcedChanges, maxChanged };
}

/** How many stops may differ from the plan in force under a limit: see `Plan.maxChanges`. */
export const mostChanged = (instance: Instance, maxChanges: number | null, forcedChanges: number): number =>
  maxChanges === null ? Infinity : Math.max(forcedChanges, maxChanges + impossibleAlone(instance));

/**
 * Stops of the plan in force that no plan can keep: not allowed any more, too late or not to be finished even with the fixed
 * stops alone.
 */
export function impossibleAlone(instance: Instance): number {
  const cursor = newCursor();
  let count = 0;
  for (let j = 0; j < instance.jobCount; j++) {
    const s = instance.forceShift[j]!;
    if (s === NONE || instance.fixed[j] === 1) continue;
    const allowed = instance.allowed[j * instance.shiftCount + s] === 1;
    beginAfterFixed(instance, s, cursor);
    const latest = instance.forceStart[j]! + instance.problem.weights.startTolerance;
    const starts = allowed && advance(instance, s, cursor, j) && cursor.start <= latest;
    if (!starts || !finish(instance, s, cursor) || !keepsStock(instance, s, [...instance.fixedStops[s]!, j])) count++;
  }
  return count;
}

/** The movable part of a draft. */
export function solutionOf(draft: Draft): Solution {
  const { instance } = draft;
  return {
    sequences: draft.shifts.map(({ sequence }, s) => sequence.slice(instance.fixedStops[s]!.length)),
    lockedStart: instance.groups.length === 0 ? null : instance.lockedStart.slice(),
    cost: draft.cost,
  };
}

/** The movable part of a plan of the same problem. */
export function solutionOfPlan(instance: Instance, plan: Plan): Solution {
  const sequences: number[][] = Array.from({ length: instance.shiftCount }, () => []);
  const lockedStart = instance.lockedStart.slice();
  for (const planned of plan.shifts) {
    for (const stop of planned.stops) {
      const j = instance.jobPlace[stop.job]!;
      if (instance.fixed[j] === 1) continue;
      sequences[instance.shiftPlace[planned.shift]!]!.push(j);
      if (instance.groupOf[j] !== NONE) lockedStart[j] = stop.start;
    }
  }
  return { sequences, lockedStart: instance.groups.length === 0 ? null : lockedStart, cost: plan.cost.total };
}
