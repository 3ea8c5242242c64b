import { createReadStream, existsSync } from 'node:fs';
import os from 'node:os';
import path from 'node:path';
import { monitorEventLoopDelay } from 'node:perf_hooks';
import { parseArgs } from 'node:util';
import { parse } from 'csv-parse';
import { freshDb, stopTestCluster } from '../db/testing.ts';
import { compile } from '../routing/compile.ts';
import { draftFromPlanInForce } from '../routing/in-force.ts';
import { insertWhatIsLeft } from '../routing/insertion.ts';
import { planOf } from '../routing/report-plan.ts';
import { cachedRoads, type CachedRoads } from '../routing/roads/cached.ts';
import { startPlanner } from '../routing/worker/start-planner.ts';
import { systemActor } from '../server/platform/actor.ts';
import { inChange, type ChangeTools } from '../server/platform/change.ts';
import type { CityClock } from '../server/platform/clock.ts';
import { randomIds } from '../server/platform/ids.ts';
import { createLog } from '../server/platform/log.ts';
import { openRoads, type CityRoads } from '../server/roads.ts';
import { catalogueOf } from '../server/stages/intake/catalogue.ts';
import { intakeWorld, receiveReports } from '../server/stages/intake/receive-reports.ts';
import { planner } from '../server/stages/planning/planner.ts';
import { planningPolicy } from '../server/stages/planning/planning-policy.ts';
import { readResult } from '../server/stages/planning/plan-result.ts';
import { readProblem } from '../server/stages/planning/problem-document.ts';
import { ensureShifts } from '../server/stages/rostering/ensure-shifts.ts';
import { loadCity, type LoadedCity } from '../server/stores/city/load.ts';
import { getConfigVersionId, installCity } from '../server/stores/city/store.ts';
import { getPlan, getPlanProblem } from '../server/stores/plans/store.ts';
import type { PlanId } from '../server/stores/plans/contract.ts';
import { tellFailure, Usage } from './failure.ts';
import { ensureRoads } from './simulator/city-roads.ts';

/**
 * How long a plan takes, and how much of the server it holds up: real requests of Washington as the backlog of the
 * morning of 28 January, on real roads, a real database and the server's own parts, each run with empty tables.
 */
const ROOT = path.resolve(import.meta.dirname, '..');
const REQUESTS = path.join(ROOT, '../shared/data/dc/service-requests.csv');
const DAY = '2026-01-28';
/** Half past seven in the morning: the early crews are out. */
const MORNING = Date.parse('2026-01-28T12:30:00Z');
const TARGETS = { plan_seconds: 2, loop_delay_p99_ms: 50 };

const HELP = `npm run bench:plan [-- --runs 5] [--small] [--json]
  --runs N   so many runs, of which the median is told
  --small    only 20 shifts x 100 jobs, not 40 x 900 as well
  --json     the figures as JSON`;

interface Figures {
  readonly shifts: number;
  readonly jobs: number;
  readonly table_seconds: number;
  readonly plan_seconds: number;
  readonly loop_delay_p99_ms: number;
  readonly cost: number;
  readonly unassigned: number;
  readonly iterations: number;
  readonly greedy: { readonly cost: number; readonly unassigned: number; readonly seconds: number };
}

try {
  await main();
} catch (error) {
  tellFailure(error);
  process.exitCode = 1;
} finally {
  await stopTestCluster();
}

async function main(): Promise<void> {
  const { values } = parseArgs({
    options: {
      json: { type: 'boolean' },
      runs: { type: 'string', default: '5' },
      small: { type: 'boolean' },
      help: { type: 'boolean' },
    },
  });
  if (values.help) return console.log(HELP);
  const runs = Number(values.runs);
  if (!Number.isInteger(runs) || runs < 1) throw new Usage('--runs takes a whole number of at least 1.');
  if (!existsSync(REQUESTS)) {
    throw new Usage('The requests of Washington are not here (../shared/data/dc/service-requests.csv); see cities/dc/README.md.');
  }
  const say = (line: string): void => console.error(line);
  const city = await loadCity(path.join(ROOT, 'cities/dc'));
  const home = path.resolve(process.env['THUMA_HOME'] || path.join(ROOT, '.thuma'));
  await ensureRoads(city.config, { root: ROOT, home, say });
  const roads = await openRoads({
    home,
    city: 'dc',
    osrmUrl: process.env['OSRM_URL'] || null,
    searchPath: process.env['PATH'],
    log: createLog({ level: 'silent' }),
    onChange: () => undefined,
  });
  try {
    const small = await measure(city, roads, { shifts: 20, jobs: 100, runs, say });
    const large = values.small ? null : await measure(city, roads, { shifts: 40, jobs: 900, runs: Math.min(runs, 3), say });
    const cpu = os.cpus();
    const met = {
      plan_seconds: small.plan_seconds <= TARGETS.plan_seconds,
      loop_delay_p99_ms: small.loop_delay_p99_ms <= TARGETS.loop_delay_p99_ms,
    };
    const report = {
      ...small,
      large,
      runs,
      roads: roads.network.version,
      machine: `${cpu.length} x ${cpu[0]?.model ?? 'unknown'}, ${Math.round(os.totalmem() / 2 ** 30)} GiB, ${os.platform()} ${os.release()}, Node ${process.version}, load ${(os.loadavg()[0] ?? 0).toFixed(1)}`,
      targets_met: met,
    };
    if (values.json) console.log(JSON.stringify(report, null, 2));
    else print(report);
    if (!met.plan_seconds || !met.loop_delay_p99_ms) process.exitCode = 1;
  } finally {
    await roads.stop();
  }
}

interface Size {
  readonly shifts: number;
  readonly jobs: number;
  readonly runs: number;
  readonly say: (line: string) => void;
}

async function measure(city: LoadedCity, roads: CityRoads, size: Size): Promise<Figures> {
  const fresh = await freshDb();
  const started = Date.now();
  // A real city's clock that began on that morning: the policy's time budget stops the engine, as at a desk.
  const clock: CityClock = { kind: 'real', now: () => new Date(MORNING + Date.now() - started) };
  const tools: ChangeTools = { db: fresh.db, clock, ids: randomIds, readers: [], committed: () => undefined };
  const engine = startPlanner();
  try {
    await inChange(tools, systemActor, async (change) => {
      await installCity(change, city);
      await ensureShifts(change, city, DAY, { crews: size.shifts });
    });
    const jobs = await backlog(tools, city, roads, size.jobs);
    size.say(`${size.shifts} shifts x ${jobs} jobs`);
    const policy = planningPolicy(city.config, await getConfigVersionId(fresh.db, city.hash));
    const runs: Omit<Figures, 'greedy' | 'shifts' | 'jobs'>[] = [];
    let last: PlanId | null = null;
    for (let run = 0; run < size.runs; run++) {
      const timed = timedRoads(cachedRoads(roads.network, { maxPoints: 3_000 }));
      const plans = planner({
        tools,
        engine,
        roads: timed.roads,
        policy: () => Promise.resolve(policy),
        log: createLog({ level: 'warn' }),
      });
      if (run === 0) await plans.start();
      const delay = monitorEventLoopDelay({ resolution: 1 });
      delay.enable();
      const from = performance.now();
      const asked = await plans.request(systemActor, { serviceDay: DAY, reason: 'dispatcher' });
      const made = await plans.wait(asked.id, 600_000, new AbortController().signal);
      const seconds = (performance.now() - from) / 1000;
      delay.disable();
      await plans.stop();
      if (made.planId === null) throw new Error(`the plan is ${made.state}: ${made.failure ?? ''}`);
      last = made.planId;
      const record = await getPlan(fresh.db, last);
      if (record.roadsSource !== 'osrm')
        throw new Usage('The router does not answer: these would be estimates, not a measurement.');
      runs.push({
        table_seconds: timed.seconds(),
        plan_seconds: seconds - timed.seconds(),
        loop_delay_p99_ms: delay.percentile(99) / 1e6,
        cost: record.cost.total,
        unassigned: readResult(record).plan.unassigned.length,
        iterations: record.iterations,
      });
      size.say(
        `  run ${run + 1}: table ${timed.seconds().toFixed(2)} s, plan ${(seconds - timed.seconds()).toFixed(2)} s, cost ${record.cost.total}`,
      );
    }
    if (last === null) throw new Error('no run');
    const median = (of: (figures: (typeof runs)[number]) => number): number => {
      const sorted = runs.map(of).sort((a, b) => a - b);
      return sorted[Math.floor(sorted.length / 2)] ?? 0;
    };
    const rounded = (n: number): number => Math.round(n * 1000) / 1000;
    return {
      shifts: size.shifts,
      jobs,
      table_seconds: rounded(median((r) => r.table_seconds)),
      plan_seconds: rounded(median((r) => r.plan_seconds)),
      loop_delay_p99_ms: rounded(median((r) => r.loop_delay_p99_ms)),
      cost: median((r) => r.cost),
      unassigned: median((r) => r.unassigned),
      iterations: median((r) => r.iterations),
      greedy: await greedy(tools, last),
    };
  } finally {
    await engine.close();
    await fresh.drop();
  }
}

/** Takes real requests in, the newest before that morning first, until there are so many jobs. */
async function backlog(tools: ChangeTools, city: LoadedCity, roads: CityRoads, wanted: number): Promise<number> {
  const streets = roads.streets();
  if (streets === null) throw new Error('the roads of dc were made and cannot be opened');
  const world = await intakeWorld(tools.db, city.config, catalogueOf(city.config), streets);
  const rows: Record<string, string>[] = [];
  const file = createReadStream(REQUESTS).pipe(parse({ columns: true })) as AsyncIterable<Record<string, string>>;
  for await (const row of file) if (Date.parse(row['opened_utc'] ?? '') < MORNING) rows.push(row);
  rows.sort((a, b) => Date.parse(b['opened_utc'] ?? '') - Date.parse(a['opened_utc'] ?? ''));
  let jobs = 0;
  for (const row of rows) {
    const service = world.catalogue.find(row['service_code_description'] ?? '');
    if (service === undefined) continue;
    const report = {
      source: 'dc',
      sourceId: row['service_request_id'] ?? '',
      service,
      place: { lon: Number(row['lon']), lat: Number(row['lat']) },
      address: row['street_address'] ?? null,
      reportedAt: new Date(row['opened_utc'] ?? ''),
      near: null,
      words: null,
      contact: null,
      areaCodes: [],
      followTokenHash: null,
      atSource: null,
    };
    const [received] = await inChange(tools, systemActor, (change) =>
      receiveReports(change, world, [report], { triage: true, bulk: true }),
    );
    if (received?.job?.made) jobs++;
    if (jobs === wanted) break;
  }
  return jobs;
}

/** Adds up the time spent asking for travel times. */
function timedRoads(roads: CachedRoads): { roads: CachedRoads; seconds(): number } {
  let spent = 0;
  return {
    seconds: () => spent / 1000,
    roads: {
      size: () => roads.size(),
      path: (points, signal) => roads.path(points, signal),
      async matrix(points, signal) {
        const from = performance.now();
        try {
          return await roads.matrix(points, signal);
        } finally {
          spent += performance.now() - from;
        }
      },
    },
  };
}

/** The same problem by cheapest insertion alone: what a plan without assignment and search would cost. */
async function greedy(tools: ChangeTools, planId: PlanId): Promise<Figures['greedy']> {
  const problem = await readProblem(await getPlanProblem(tools.db, planId));
  const from = performance.now();
  const draft = draftFromPlanInForce(compile(problem));
  insertWhatIsLeft(draft, () => false);
  const plan = planOf(draft, {
    seed: 0,
    iterations: 0,
    rounds: [],
    pace: { rounds: 0, filled: 0, steps: [] },
    maxChanges: null,
    forcedChanges: 0,
  });
  const seconds = Math.round(performance.now() - from) / 1000;
  return { cost: plan.cost.total, unassigned: plan.unassigned.length, seconds };
}

function print(report: Figures & { large: Figures | null; machine: string }): void {
  for (const figures of report.large === null ? [report] : [report, report.large]) {
    const better = (100 * (figures.greedy.cost - figures.cost)) / figures.greedy.cost;
    console.log(
      [
        `${figures.shifts} shifts x ${figures.jobs} jobs`,
        `  travel times     ${figures.table_seconds} s`,
        `  plan after that  ${figures.plan_seconds} s (${figures.iterations} iterations)`,
        `  event loop p99   ${figures.loop_delay_p99_ms} ms`,
        `  cost             ${figures.cost} (cheapest insertion alone ${figures.greedy.cost}: ${better.toFixed(1)} % dearer is saved)`,
        `  not assigned     ${figures.unassigned} (cheapest insertion alone ${figures.greedy.unassigned})`,
      ].join('\n'),
    );
  }
  console.log(report.machine);
}
