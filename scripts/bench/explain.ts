import { explainerOf } from '../../routing/explain/explainer.ts';
import { chanceOf } from '../simulator/chance.ts';
import { toTheEnd } from './bench.ts';
import { chosen } from './data.ts';
import { type DispatchBench, openDispatchBench } from './dispatch-city.ts';
import { explainReport, explainTable, misses } from './explain-report.ts';
import { ask, comparePrices, jobsToAsk } from './explain-runs.ts';
import { readOptions } from './options.ts';
import { rounded } from './report.ts';
import { warmEngine } from './solve.ts';

const ABOUT = `npm run bench:explain [-- --seconds S] [--only 50x400] [--json]
A day of 100 shifts x 1,000 jobs over real reports and roads of Washington, planned by the engine for S seconds (120:
as settled as a plan is that was planned again and again; a price in a plan that is not is one of what the search has not found). Then 200
jobs are asked about one after another, all that are left out among them: who else could do it, at what price; why nobody
does it, and the smallest changes that would fit it, each made and checked. 30 prices told at once are held against solving
again for 2 s each, in percent of the larger of that price and a minute of driving; and that against itself with other chances.
Ends with code 1 when a bar of the bench is missed; the table says which.`;

const SIZE = '100x1000';
const SECONDS_OF_PLAN = 120;
const ASKED = 200;
const WARM_UP = 20;
const COMPARED = 30;
const REFINE_MILLIS = 2_000;

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
    const seconds = options.seconds ?? SECONDS_OF_PLAN;
    const seed = options.seeds[0] ?? 1;
    const { plan } = await engine.run(problem, { seed, seconds, iterations: options.iterations, searches: options.searches });
    say(`${one.name}: a plan of ${seconds} s costs ${plan.cost.total}, ${plan.unassigned.length} jobs are left out`);
    // Another explainer of the same plan, so that no answer is known when the clock runs.
    const other = explainerOf(problem, plan);
    for (const job of jobsToAsk(other, WARM_UP, chanceOf(seed, 'warm up'))) ask(other, job);
    const from = performance.now();
    const explainer = explainerOf(problem, plan);
    explainer.places.learnAll();
    const explainerMillis = rounded(performance.now() - from, 1);
    const answers = jobsToAsk(explainer, ASKED, chanceOf(seed, 'jobs asked')).map((job) => ask(explainer, job));
    const pairs = comparePrices(
      explainer,
      answers,
      {
        count: COMPARED,
        stop: { iterations: null, millis: REFINE_MILLIS },
        least: 60 * problem.weights.travelPerSecond,
      },
      chanceOf(seed, 'prices compared'),
      say,
    );
    const made = { name: one.name, plan_seconds: seconds, explainer_ms: explainerMillis };
    const report = explainReport(explainer, answers, pairs, made);
    console.log(options.json ? JSON.stringify(report, null, 2) : explainTable(report).join('\n'));
    if (misses(report).length > 0) process.exitCode = 1;
  } finally {
    await engine.close();
    await city?.stop();
  }
});
