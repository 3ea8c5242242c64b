import type { Plan, PlannedShift, Reason } from '../plan.ts';
import type { Job, Link, Problem } from '../problem.ts';
import { changesIn } from './check-changes.ts';
import { costOfPlan } from './check-cost.ts';
import { type Facts, factsOf, plainDay } from './plain-day.ts';
import { isFixed, isLocked } from './plain-times.ts';

/** Links that ask for something: not those between two facts. */
export const askingLinks = (problem: Problem): Link[] =>
  (problem.links ?? []).filter((link) => !isFixed(problem.jobs[link.first] as Job) || !isFixed(problem.jobs[link.second] as Job));

/**
 * Holds stops back until no lag is broken, in rounds as `Link` says: from the days as driven alone to the earliest times that
 * suit all links. null when there are none. `days` is by shift; `movable` says what each shift does after its fixed stops.
 */
export function holdBack(
  problem: Problem,
  links: readonly Link[],
  facts: readonly Facts[],
  movable: readonly (readonly number[])[],
  alone: readonly PlannedShift[],
): readonly PlannedShift[] | null {
  if (links.length === 0) return alone;
  const days = [...alone];
  const notBefore = new Map<number, number>();
  const places = new Map<number, { shift: number; position: number; start: number }>();
  const note = (day: PlannedShift): void =>
    day.stops.forEach(({ job, start }, position) => places.set(job, { shift: day.shift, position, start }));
  days.forEach(note);
  for (;;) {
    const late = new Set<number>();
    const hold = (j: number, from: number): boolean => {
      if (isFixed(problem.jobs[j] as Job)) return false;
      notBefore.set(j, Math.max(from, notBefore.get(j) ?? -Infinity));
      late.add(places.get(j)?.shift ?? 0);
      return true;
    };
    for (const link of links) {
      const one = places.get(link.first);
      const other = places.get(link.second);
      if (one === undefined || other === undefined) {
        const lone = one === undefined ? (other === undefined ? null : link.second) : link.first;
        if (lone !== null && !isFixed(problem.jobs[lone] as Job)) return null;
        continue;
      }
      if (link.sameShift === true && (one.shift !== other.shift || one.position > other.position)) return null;
      const lag = other.start - one.start;
      if (lag < link.leastLag && !hold(link.second, one.start + link.leastLag)) return null;
      if (link.mostLag !== null && lag > link.mostLag && !hold(link.first, other.start - link.mostLag)) return null;
    }
    if (late.size === 0) return days;
    for (const s of late) {
      const day = plainDay(problem, s, facts[s] as Facts, movable[s] ?? [], notBefore);
      if (day === null) return null;
      days[s] = day;
      note(day);
    }
  }
}

function reasonFor(problem: Problem, j: number): Reason {
  const job = problem.jobs[j] as Job;
  if (isLocked(job)) return { code: 'locks_do_not_fit', shift: job.inForce?.shift ?? 0 };
  const link = problem.links?.find(({ first, second }) => first === j || second === j);
  if (link !== undefined) return { code: 'linked_job_does_not_fit', job: link.first === j ? link.second : link.first };
  return { code: 'not_today', cheapestShift: null, extraCost: 0 };
}

/** The plan with these days: every other job left out, cost and changes worked out. */
export function planWith(problem: Problem, shifts: readonly PlannedShift[], maxChanges: number | null = null): Plan {
  const done = new Set(shifts.flatMap((day) => day.stops.map((stop) => stop.job)));
  const unassigned = [...problem.jobs.keys()]
    .filter((j) => !done.has(j))
    .map((job) => ({ job, reason: reasonFor(problem, job) }));
  return {
    shifts,
    unassigned,
    cost: costOfPlan(problem, { shifts, unassigned }),
    lp: { rounds: [] },
    bound: null,
    seed: 0,
    iterations: 0,
    engine: 'plain',
    pace: { rounds: 0, filled: 0, steps: [] },
    changes: changesIn(problem, shifts),
    costInForce: null,
    forcedChanges: 0,
    maxChanges,
  };
}

/**
 * The plan in which each shift does its fixed stops and then these jobs, in this order, as early as the rules allow.
 * null when a rule of time, road, links or the whole day forbids it; rules between one crew and one job are not asked.
 */
export function plainPlan(problem: Problem, movable: readonly (readonly number[])[]): Plan | null {
  const facts = problem.shifts.map((_, s) => factsOf(problem, s));
  const alone = problem.shifts.flatMap((_, s) => plainDay(problem, s, facts[s] as Facts, movable[s] ?? []) ?? []);
  if (alone.length < problem.shifts.length) return null;
  const days = holdBack(problem, askingLinks(problem), facts, movable, alone);
  return days === null ? null : planWith(problem, days);
}
