import { checkPlan } from '../../routing/check-plan.ts';
import { compile } from '../../routing/compile.ts';
import { draftFromPlanInForce } from '../../routing/in-force.ts';
import { insert } from '../../routing/insert.ts';
import { insertWhatIsLeft } from '../../routing/insertion.ts';
import type { Plan } from '../../routing/plan.ts';
import type { Job, Problem } from '../../routing/problem.ts';
import { planOf } from '../../routing/report-plan.ts';
import { withJob } from './inday-day.ts';
import { rounded } from './report.ts';

/** How long the answers took, in milliseconds. */
export interface InsertTimes {
  readonly inserts: number;
  readonly p50: number;
  readonly p99: number;
  readonly most: number;
  /** Of that reading the problem, at the median. */
  readonly compile_p50: number;
  /** Jobs that no crew can do, whatever it costs. */
  readonly without_place: number;
}

/** The first few are not counted: a server has answered before. */
const TO_WARM_UP = 20;

/** Asks for each job, one after another, on the thread that calls, as the server does. */
export function timeInserts(problem: Problem, jobs: readonly Job[]): InsertTimes {
  const spent: number[] = [];
  const reading: number[] = [];
  let without = 0;
  jobs.forEach((job, index) => {
    const asked = withJob(problem, job);
    let from = performance.now();
    const places = insert(asked, problem.jobs.length);
    const took = performance.now() - from;
    from = performance.now();
    compile(asked);
    const read = performance.now() - from;
    if (index < TO_WARM_UP) return;
    spent.push(took);
    reading.push(read);
    if (places.length === 0) without++;
  });
  return {
    inserts: spent.length,
    p50: percentile(spent, 0.5),
    p99: percentile(spent, 0.99),
    most: percentile(spent, 1),
    compile_p50: percentile(reading, 0.5),
    without_place: without,
  };
}

/** The least value that so large a share of all does not exceed. */
export function percentile(values: readonly number[], share: number): number {
  const sorted = values.toSorted((a, b) => a - b);
  return rounded(sorted[Math.max(0, Math.ceil(share * sorted.length) - 1)] ?? 0, 1);
}

/** The plan in force as far as it can still be done and nothing else, or with what it leaves out put where it is cheapest. */
export function withoutSearch(problem: Problem, how: 'do nothing' | 'insert only'): Plan {
  const draft = draftFromPlanInForce(compile(problem));
  const forcedChanges = planOf(draft, NO_SEARCH).changes;
  if (how === 'insert only') insertWhatIsLeft(draft, () => false);
  return planOf(draft, { ...NO_SEARCH, forcedChanges });
}

const NO_SEARCH = {
  seed: 0,
  iterations: 0,
  rounds: [],
  pace: { rounds: 0, filled: 0, steps: [] },
  maxChanges: null,
  forcedChanges: 0,
} as const;

/** What a plan means for those who knew the plan in force. */
export interface Effect {
  readonly changes: number;
  /** Those that the plan in force has by itself now. */
  readonly forced_changes: number;
  /** Stops of the plan in force that start more than a minute later, the minutes of all of them, and those left out. */
  readonly slipped: number;
  readonly slipped_minutes: number;
  readonly taken_off: number;
  readonly late_minutes: number;
  readonly not_done: number;
  readonly faults: readonly string[];
}

const A_MINUTE = 60;

/** @param maxChanges what was allowed; more changes than that are a fault, whatever the plan says of itself. */
export function effectOf(problem: Problem, plan: Plan, maxChanges: number | null): Effect {
  const stops = plan.shifts.flatMap((shift) => shift.stops);
  const slips = stops.flatMap(({ job, start }) => {
    const held = problem.jobs[job]?.inForce ?? null;
    return held !== null && start - held.start > A_MINUTE ? [start - held.start] : [];
  });
  const faults = checkPlan(problem, plan, { changesInForce: plan.forcedChanges }).map(({ code, detail }) => `${code}: ${detail}`);
  const beyond = plan.changes - plan.forcedChanges;
  if (maxChanges !== null && beyond > maxChanges) faults.push(`${beyond} changes beyond the forced ones, ${maxChanges} allowed`);
  return {
    changes: plan.changes,
    forced_changes: plan.forcedChanges,
    slipped: slips.length,
    slipped_minutes: Math.round(slips.reduce((sum, slip) => sum + slip, 0) / A_MINUTE),
    taken_off: plan.unassigned.filter(({ job }) => (problem.jobs[job]?.inForce ?? null) !== null).length,
    late_minutes: Math.round(stops.reduce((sum, { late }) => sum + late, 0) / A_MINUTE),
    not_done: plan.unassigned.length,
    faults,
  };
}
