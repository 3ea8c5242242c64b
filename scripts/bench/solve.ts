import type { Plan } from '../../routing/plan.ts';
import type { Problem } from '../../routing/problem.ts';
import { seconds } from '../../routing/units.ts';
import { startPlanner, type Planner, type PlannerOptions } from '../../routing/worker/start-planner.ts';

/** When a run ends, and what it starts from. */
export interface RunLimits {
  readonly seed: number;
  readonly seconds: number;
  /** null = only the clock ends it; otherwise only these do. */
  readonly iterations: number | null;
  /** Searches that run side by side. */
  readonly searches: number;
  /** At most so many changes of the plan in force; null or absent = any number. */
  readonly maxChanges?: number | null;
}

export interface Run {
  readonly plan: Plan;
  /** Wall time from asking to having the plan, all of it counted. */
  readonly seconds: number;
  /** Lower costs as they were told, with the seconds since asking; the plan's own cost last. */
  readonly improvements: readonly { readonly seconds: number; readonly cost: number }[];
}

/** The engine as benches run it: the same planner and threads as in the server. */
export interface BenchEngine {
  run(problem: Problem, limits: RunLimits): Promise<Run>;
  close(): Promise<void>;
}

/** Starts the planner and lets it solve a small problem, so that no run pays for starting threads and loading code. */
export async function warmEngine(searches: number): Promise<BenchEngine> {
  const planner = startPlanner();
  const engine: BenchEngine = {
    run: (problem, limits) => runOnce(planner, problem, limits),
    close: () => planner.close(),
  };
  try {
    await engine.run(smallProblem(), { seed: 1, seconds: 0.5, iterations: null, searches });
  } catch (error) {
    await engine.close();
    throw error;
  }
  return engine;
}

async function runOnce(planner: Planner, problem: Problem, limits: RunLimits): Promise<Run> {
  const improvements: { seconds: number; cost: number }[] = [];
  const from = performance.now();
  const since = (): number => (performance.now() - from) / 1000;
  const options: PlannerOptions = {
    seed: limits.seed,
    iterations: limits.iterations,
    millis: limits.iterations === null ? limits.seconds * 1000 : null,
    searches: limits.searches,
    maxChanges: limits.maxChanges ?? null,
    onBetter: (cost) => improvements.push({ seconds: since(), cost }),
  };
  const plan = await planner.solveInWorker(problem, options);
  const spent = since();
  improvements.push({ seconds: spent, cost: plan.cost.total });
  return { plan, seconds: spent, improvements };
}

/** Seconds until the cost was within so many percent of what the run ended with. */
export function secondsToWithin(run: Run, percent: number): number {
  const bar = run.plan.cost.total * (1 + percent / 100);
  return run.improvements.find(({ cost }) => cost <= bar)?.seconds ?? run.seconds;
}

/** 60 jobs on a grid for 8 crews: big enough for every part of the engine to be compiled. */
function smallProblem(): Problem {
  const side = 8;
  const size = side * side;
  const cells = new Int32Array(new SharedArrayBuffer(4 * size * size));
  for (let from = 0; from < size; from++) {
    for (let to = 0; to < size; to++) {
      const across = Math.abs((from % side) - (to % side));
      const down = Math.abs(Math.floor(from / side) - Math.floor(to / side));
      cells[from * size + to] = 120 * (across + down);
    }
  }
  return {
    epochUnixSeconds: 0,
    now: seconds(0),
    shifts: Array.from({ length: 8 }, (_, index) => ({
      id: `shift-${index}`,
      startNode: index,
      endNode: 0,
      from: seconds(0),
      until: seconds(14_400),
      overtime: seconds(0),
      breaks: [],
      skills: [],
      plant: [],
      capacity: [10],
    })),
    jobs: Array.from({ length: 60 }, (_, index) => ({
      id: `job-${index}`,
      node: (index * 7) % size,
      service: seconds(600),
      release: seconds(0),
      windows: index % 3 === 0 ? [{ from: seconds(3600), until: seconds(10_800) }] : [],
      due: index % 3 === 1 ? seconds(7200) : null,
      latePerSecond: 1,
      waiting: 20_000,
      skills: [],
      plant: [],
      uses: [1],
      inForce: null,
    })),
    travel: { size, seconds: cells, metres: cells, source: 'estimate' },
    weights: {
      travelPerSecond: 1,
      overtimePerSecond: 1,
      changeOfCrew: 0,
      moveOfStartPerSecond: 0,
      startTolerance: seconds(0),
      brokenPromise: 0,
      useOfShift: 0,
    },
  };
}
