import { costOfDay, costOfLeavingOut, latenessOf, sumOf } from './check/check-cost.ts';
import { checkOrder } from './check/check-crew-and-job.ts';
import { type Facts, factsOf, mayDo, plainDay } from './check/plain-day.ts';
import { askingLinks, holdBack, planWith } from './check/plain-plan.ts';
import { isFixed, isLocked } from './check/plain-times.ts';
import type { Plan, PlannedShift } from './plan.ts';
import type { Job, Problem } from './problem.ts';

/** The best of all plans. */
export interface BestPlan {
  readonly plan: Plan;
  /** Locked jobs (fixed ones included) that it leaves out: fewer of them go before any cost. */
  readonly unkeptLocks: number;
  readonly cost: number;
  /** The fewest changes against the plan in force that any plan has, whatever it costs. */
  readonly leastChanges: number;
}

interface Day {
  readonly planned: PlannedShift;
  readonly movable: readonly number[];
  /** Bit j set = movable job j is in it. */
  readonly jobs: number;
  readonly cost: number;
  readonly latest: number;
  readonly kept: number;
}

/**
 * The best plan of a tiny problem, by trying every order of every choice of jobs for every shift. The oracle of tests, sharing
 * no code with the engine: made for up to 3 shifts and 5 movable jobs (about 5,000 plans, a few ms); every further job takes
 * some ten times as long. It does not choose times: for given orders these are the earliest that the rules allow, as `Link`
 * and the rule of breaks say, though a later start might cost less.
 *
 * `mostChanges`: plans that change more against the plan in force are passed over; null when that leaves none.
 */
export function bruteForce(problem: Problem, { mostChanges = Infinity }: { mostChanges?: number } = {}): BestPlan | null {
  const facts = problem.shifts.map((_, s) => factsOf(problem, s));
  const movable = [...problem.jobs.keys()].filter((j) => !isFixed(problem.jobs[j] as Job));
  if (movable.length > 8 || problem.jobs.length > 30) {
    throw new RangeError(`${movable.length} movable jobs are too many to try everything`);
  }
  const inForce = movable.filter((j) => (problem.jobs[j]?.inForce ?? null) !== null).length;
  const links = askingLinks(problem);
  const worst = problem.weights.worstLatePerSecond ?? 0;
  const days = problem.shifts.map((_, s) => allDays(problem, s, facts[s] as Facts, movable));
  const priceOf = problem.jobs.map((job) => sumOf(costOfLeavingOut(problem, job)));
  const lost = facts.flatMap(({ unreachable }) => unreachable);
  let best: { shifts: readonly PlannedShift[]; unkeptLocks: number; cost: number } | null = null;
  let leastChanges = Infinity;

  const consider = (chosen: readonly Day[], taken: number): void => {
    let considered = chosen;
    if (links.length > 0) {
      const alone = chosen.map((day) => day.planned);
      const held = holdBack(
        problem,
        links,
        facts,
        chosen.map((day) => day.movable),
        alone,
      );
      if (held === null) return;
      considered = chosen.map((day, s) => (held[s] === day.planned ? day : dayOf(problem, held[s] as PlannedShift, day.movable)));
    }
    const changes = inForce - considered.reduce((sum, day) => sum + day.kept, 0);
    leastChanges = Math.min(leastChanges, changes);
    if (changes > mostChanges) return;
    const left = [...lost, ...movable.filter((j) => (taken & (1 << j)) === 0)];
    const unkeptLocks = left.filter((j) => isLocked(problem.jobs[j] as Job)).length;
    const cost =
      considered.reduce((sum, day) => sum + day.cost, 0) +
      left.reduce((sum, j) => sum + (priceOf[j] ?? 0), 0) +
      Math.max(0, ...considered.map((day) => day.latest)) * worst;
    if (best !== null && (unkeptLocks > best.unkeptLocks || (unkeptLocks === best.unkeptLocks && cost >= best.cost))) return;
    best = { shifts: considered.map((day) => day.planned), unkeptLocks, cost };
  };

  const choose = (s: number, chosen: Day[], taken: number): void => {
    if (s === days.length) return consider(chosen, taken);
    for (const [jobs, alike] of days[s] ?? []) {
      if ((jobs & taken) !== 0) continue;
      for (const day of alike) {
        chosen.push(day);
        choose(s + 1, chosen, taken | jobs);
        chosen.pop();
      }
    }
  };
  choose(0, [], 0);
  if (best === null) return null;
  const { shifts, unkeptLocks, cost } = best as { shifts: readonly PlannedShift[]; unkeptLocks: number; cost: number };
  return { plan: planWith(problem, shifts), unkeptLocks, cost, leastChanges };
}

function dayOf(problem: Problem, planned: PlannedShift, movable: readonly number[]): Day {
  let latest = 0;
  let kept = 0;
  for (const { job: index, start } of planned.stops) {
    const job = problem.jobs[index] as Job;
    latest = Math.max(latest, latenessOf(job, start));
    const held = job.inForce;
    if (held === null || held.fixed) continue;
    if (held.shift === planned.shift && Math.abs(start - held.start) <= problem.weights.startTolerance) kept++;
  }
  const jobs = movable.reduce((bits, j) => bits | (1 << j), 0);
  return { planned, movable, jobs, cost: sumOf(costOfDay(problem, planned)), latest, kept };
}

/**
 * Every day that shift s can have: its fixed stops, then movable jobs in any order. A longer day may be possible where a
 * shorter one is not.
 */
function allDays(problem: Problem, s: number, facts: Facts, movable: readonly number[]): ReadonlyMap<number, readonly Day[]> {
  const able = movable.filter((j) => mayDo(problem, s, facts, j));
  const days = new Map<number, Day[]>();
  const extend = (sequence: readonly number[]): void => {
    const planned = plainDay(problem, s, facts, sequence);
    let inOrder = true;
    if (planned !== null) checkOrder(problem, planned, () => (inOrder = false));
    if (planned !== null && inOrder) {
      const day = dayOf(problem, planned, sequence);
      days.set(day.jobs, [...(days.get(day.jobs) ?? []), day]);
    }
    for (const j of able) if (!sequence.includes(j)) extend([...sequence, j]);
  };
  extend([]);
  return days;
}
