import type { Plan } from '../../routing/plan.ts';
import type { Problem } from '../../routing/problem.ts';
import { seconds } from '../../routing/units.ts';
import { chanceOf } from '../simulator/chance.ts';
import { toTheEnd } from './bench.ts';
import { chosen } from './data.ts';
import { type DispatchBench, openDispatchBench } from './dispatch-city.ts';
import { dayInForce, type Event, eventsOf, newJobs } from './inday-day.ts';
import { effectOf, type InsertTimes, timeInserts, withoutSearch } from './inday-runs.ts';
import { type EventResult, INSERT_BAR_MILLIS, indayReport, indayTable } from './inday-report.ts';
import { type BenchOptions, readOptions } from './options.ts';
import { rounded } from './report.ts';
import { type BenchEngine, warmEngine } from './solve.ts';

const ABOUT = `npm run bench:inday [-- --seconds S] [--only 50x400] [--seeds 1,2] [--json]
A day that is under way, 100 shifts x 1,000 jobs over real reports and roads of Washington, planned by the engine first.
Insert: "who could do one more job, at what price, and what slips", for 200 new jobs one after another.
Resolve, two hours into the day: a new job, a crew that goes home, work that takes two hours longer; each planned anew from
the plan in force within S seconds (5) with 0, 2, 5 and any number of changes, beside doing nothing and only inserting.
Ends with code 1 when the 99th percentile of insert is above ${INSERT_BAR_MILLIS} ms or a plan breaks a rule or its budget.`;

const SIZE = '100x1000';
/** Of the plan in force; at most so long, of which it takes what the bench of the same day gives it. */
const SECONDS_IN_FORCE = 15;
const SECONDS_TO_RESOLVE = 5;
const NEW_JOBS = 220;
const NOW = seconds(2 * 3600);
const BUDGETS = [0, 2, 5, null] as const;

let city: DispatchBench | null = null;

await toTheEnd(async () => {
  const options = readOptions(process.argv.slice(2), ABOUT);
  if (options === null) return;
  const say = (line: string): void => console.error(line);
  const engine = await warmEngine(options.searches);
  try {
    city = await openDispatchBench(options, say);
    const [one] = chosen(city.cases, { only: options.only ?? [SIZE] });
    if (one === undefined) throw new RangeError(`there is no case ${SIZE}`);
    const { problem } = await one.load();
    say(`${one.name}: making the plan in force, ${SECONDS_IN_FORCE} s`);
    const made = await engine.run(problem, { seed: 1, seconds: SECONDS_IN_FORCE, iterations: null, searches: options.searches });
    const insert = inserts(problem, made.plan, say);
    const results: EventResult[] = [];
    const day = dayInForce(problem, made.plan, NOW);
    for (const event of eventsOf(day, chanceOf(1, 'events'))) results.push(...(await resolved(event, engine, options, say)));
    const report = indayReport({ name: one.name, jobsLeft: day.jobs.length, insert, results, searches: options.searches });
    console.log(options.json ? JSON.stringify(report, null, 2) : indayTable(report).join('\n'));
    if (report.insert_p99_ms > INSERT_BAR_MILLIS || report.unanswered > 0) process.exitCode = 1;
  } finally {
    await engine.close();
    await city?.stop();
  }
});

/** In the whole day's plan, before anything is done: it is never larger. */
function inserts(problem: Problem, plan: Plan, say: (line: string) => void): InsertTimes {
  const day = dayInForce(problem, plan, problem.now);
  const times = timeInserts(day, newJobs(day, NEW_JOBS, chanceOf(1, 'new jobs')));
  say(`insert: ${times.p50} ms at the median, 99th percentile ${times.p99} ms`);
  return times;
}

async function resolved(
  event: Event,
  engine: BenchEngine,
  options: BenchOptions,
  say: (line: string) => void,
): Promise<EventResult[]> {
  const { problem, name } = event;
  const results: EventResult[] = [];
  const add = (how: string, plan: Plan, spent: number, allowed: number | null, seed: number): void => {
    const effect = effectOf(problem, plan, allowed);
    const cost = plan.cost.total;
    results.push({ event, how, cost, seed, seconds: rounded(spent, 2), iterations: plan.iterations, allowed, ...effect });
    say(`${name}, ${how}: ${cost}, ${effect.changes} changes in ${spent.toFixed(2)} s`);
  };
  for (const how of ['do nothing', 'insert only'] as const) {
    const from = performance.now();
    const plan = withoutSearch(problem, how);
    add(how, plan, (performance.now() - from) / 1000, null, 0);
  }
  for (const maxChanges of BUDGETS) {
    for (const seed of options.seeds) {
      const run = await engine.run(problem, {
        seed,
        seconds: options.seconds ?? SECONDS_TO_RESOLVE,
        iterations: options.iterations,
        searches: options.searches,
        maxChanges,
      });
      add(maxChanges === null ? 'any changes' : `${maxChanges} changes`, run.plan, run.seconds, maxChanges, seed);
    }
  }
  return results;
}
