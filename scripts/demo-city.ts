// `npm run demo` (by way of demo.mjs): a city at work on this machine. Everything it makes lies in THUMA_HOME and dist/.
import { readdirSync, rmSync } from 'node:fs';
import { createServer, type AddressInfo } from 'node:net';
import path from 'node:path';
import { setTimeout as sleep } from 'node:timers/promises';
import { parseArgs } from 'node:util';
import { removeCluster } from '../db/engines/cluster-folders.ts';
import { openStreets, type Streets } from '../server/stores/city/streets.ts';
import { loadCity, type LoadedCity } from '../server/stores/city/load.ts';
import { buildScreens } from './build-screens.ts';
import { demoProgress } from './demo-progress.ts';
import { sentenceOf, tellFailure, Usage } from './failure.ts';
import { playDemoDay } from './simulator/demo-day.ts';
import { cityFolder, ensureRoads, isFile } from './simulator/city-roads.ts';
import { dayOf, inventedRequests, recordedRequests, type DayRequests } from './simulator/requests.ts';
import { startCity, type RunningCity } from './simulator/running-city.ts';

const root = path.join(import.meta.dirname, '..');
const HELP = `npm run demo [-- options]
  --city NAME    a folder of cities/ (gothenburg)
  --speed N      simulated seconds a second to begin with (10); the dispatch screen changes it
  --crews N      only the first N crews of the city
  --date DAY     the day to play, like 2026-01-27
  --seed N       another seed, another day where reports are invented (1)
PORT (3000; 0 takes a free one), THUMA_HOME (.thuma), DATABASE_URL, THUMA_DATABASE, OSRM_URL: see README.md`;

/** An hour before the first shift until an hour after its start as fast as it can: what is watched is a day in progress. */
const AROUND_FIRST_SHIFT_HOURS = 1;
/** Long enough to look at a draft and to think; a screen says the same of it. */
const HOLD_MILLIS = 180_000;
const SAME_SIGNAL_MILLIS = 1_000;
const DEFAULT_PORT = 3000;
/** A demo that was killed gives its port back within this. */
const PORT_PATIENCE_MILLIS = 4_000;
const REAL_DAY = '2026-01-27';
const INVENTED_DAY = '2026-03-02';
/** Reports of the invented day: enough that most of the 18 crews have work when somebody looks. */
const BUSY_DAY = 360;

interface Wishes {
  readonly city: string;
  readonly speed: number;
  readonly crews: number | undefined;
  readonly date: string | undefined;
  readonly seed: number;
  /** 0: any free one. */
  readonly port: number;
}

const { line, detail, step } = demoProgress(process.stdout);
const began = performance.now();
let running: RunningCity | undefined;
/** The database may run already while the server does not: ending waits for it to be stopped again. */
let starting: Promise<RunningCity> | undefined;
const ends = new AbortController();
let ending = false;
let askedToEndAtMs = 0;
/** What this demo alone needs and nobody finds again. */
let throwAway: string | undefined;

for (const [signal, code] of [
  ['SIGINT', 130],
  ['SIGTERM', 143],
  ['SIGHUP', 129],
] as const) {
  process.on(signal, () => void end(code));
}

try {
  const wishes = readWishes(process.argv.slice(2), process.env);
  if (wishes === null) line(HELP);
  else await demo(wishes);
} catch (error) {
  if (!ending) {
    tellFailure(error);
    if (running !== undefined && sentenceOf(error) === null) console.error(`The server's log: ${running.server.logFile}`);
    await end(1);
  }
}

/** Stops everything in order, also what is only being started; before that there is nothing that would not end with us. */
async function end(code: number): Promise<void> {
  if (ending) {
    // Asked twice: at once. One Ctrl-C comes twice, from the terminal and by way of npm.
    if (performance.now() - askedToEndAtMs > SAME_SIGNAL_MILLIS) process.exit(code);
    return;
  }
  ending = true;
  askedToEndAtMs = performance.now();
  ends.abort(new Error('the demo was ended'));
  await starting?.catch(() => undefined);
  if (running !== undefined) await running.stop().catch(() => undefined);
  if (throwAway !== undefined) removeDemo(throwAway);
  process.exit(code);
}

/** The folder of a demo that has ended, and its database when that had to lie elsewhere. */
function removeDemo(folder: string): void {
  try {
    removeCluster(path.join(folder, 'pg'));
    rmSync(folder, { recursive: true, force: true });
  } catch {
    // Something still writes there: the next demo removes it.
  }
}

/** @throws Usage or an ERR_PARSE_ARGS error, both with a sentence; null: only help is wanted. */
function readWishes(args: string[], env: NodeJS.ProcessEnv): Wishes | null {
  const { values } = parseArgs({
    args,
    options: {
      city: { type: 'string', default: 'gothenburg' },
      date: { type: 'string' },
      speed: { type: 'string', default: '10' },
      crews: { type: 'string' },
      seed: { type: 'string', default: '1' },
      help: { type: 'boolean', default: false },
    },
  });
  if (values.help) return null;
  const number = (name: string, text: string, least: number, most: number, whole = true): number => {
    const value = text.trim() === '' ? NaN : Number(text);
    if (value >= least && value <= most && (!whole || Number.isInteger(value))) return value;
    throw new Usage(`${name} must be a ${whole ? 'whole ' : ''}number from ${least} to ${most}, not "${text}".`);
  };
  const port = env['PORT'] === undefined || env['PORT'] === '' ? DEFAULT_PORT : number('PORT', env['PORT'], 0, 65_535);
  return {
    city: values.city,
    date: values.date,
    port,
    speed: number('--speed', values.speed, 0.1, 3_600, false),
    crews: values.crews === undefined ? undefined : number('--crews', values.crews, 1, 1_000),
    seed: number('--seed', values.seed, 0, 2 ** 31 - 1),
  };
}

async function demo(wishes: Wishes): Promise<void> {
  const { seed, speed } = wishes;
  const port = await freePort(wishes.port);
  const home = path.resolve(process.env['THUMA_HOME'] || path.join(root, '.thuma'));
  const city = await loadCity(cityFolder(root, wishes.city));
  const { config } = city;
  const date = wishes.date ?? (config.demand === null ? REAL_DAY : INVENTED_DAY);
  const { startMs, endMs } = dayOf(config, date);
  const hour = (n: number): number => startMs + n * 3_600_000;
  const firstShiftHour = Math.min(...config.shifts.map(({ from }) => Number(from.slice(0, 2)) + Number(from.slice(3)) / 60));
  const fromMs = hour(Math.max(0, firstShiftHour - AROUND_FIRST_SHIFT_HOURS));

  await step(
    'Screens',
    () => buildScreens(root),
    (made) => (made ? 'built' : 'built before'),
  );
  const dataset = await step(
    'Roads',
    () => ensureRoads(config, { root, home, say: detail }),
    ({ manifest, routerFile }) =>
      `${manifest.ways.toLocaleString('en')} ways of ${config.title}, ${routerFile === null ? 'TRAVEL TIMES ARE ESTIMATES' : 'OSRM'}`,
  );
  const streets = config.demand === null ? null : await openStreets(dataset.folder);
  const requests = await step(
    'Requests',
    () => requestsOf(city, streets, date, seed),
    (found) => `${found.requests.length.toLocaleString('en')} reports of ${date}, ${found.from}`,
  );
  starting = startCity({
    city,
    home,
    folder: demoFolder(home, config.name, wishes.port === 0 ? null : port),
    serviceDay: date,
    startAt: new Date(fromMs),
    port,
    demo: true,
    signal: ends.signal,
    databaseUrl: process.env['DATABASE_URL'] || undefined,
    ...(wishes.crews === undefined ? {} : { crews: wishes.crews }),
    onProgress: ({ step: name, state, seconds }) => state === 'done' && detail(`${name}: ${seconds.toFixed(1)} s`),
  }).then((city) => (running = city));
  const started = starting;
  const { server } = await step(
    'Server',
    () => started,
    ({ database }) => database.describe,
  );
  server.onDeath((code) => {
    if (ending) return;
    console.error(`The server ended by itself (code ${code ?? 'none'}). Its log: ${server.logFile}`);
    void end(1);
  });
  const guestVehicleId = await sayWays(await started, speed);
  line(`all steps  ${((performance.now() - began) / 1000).toFixed(1).padStart(6)} s`);
  line(`ready ${server.base}`);

  try {
    await playDemoDay(await started, requests, {
      config,
      streets,
      seed,
      startMs: fromMs,
      watchFromMs: hour(firstShiftHour + AROUND_FIRST_SHIFT_HOURS),
      // At midnight the screens would show the next day, on which nobody works.
      endMs: endMs - 60_000,
      pace: speed,
      holdMs: HOLD_MILLIS,
      guestVehicleId,
      say: line,
    });
    line('The simulated day is over. The screens stay up; Ctrl-C stops everything.');
  } catch (error) {
    if (ending) return;
    tellFailure(error);
    console.error(`The simulation has stopped; the screens stay up and say so. Ctrl-C stops everything. Log: ${server.logFile}`);
  }
}

/** Says how one gets in. @returns the vehicle whose crew a newcomer can be. */
async function sayWays(city: RunningCity, speed: number): Promise<string | null> {
  const { base } = city.server;
  const links = await city.links();
  const [shift] = (await city.shifts()).toSorted(
    (a, b) => Date.parse(a.from) - Date.parse(b.from) || a.crewNumber - b.crewNumber,
  );
  const vehicleId = shift?.members.find(({ kind }) => kind === 'vehicle')?.resourceId ?? null;
  line('');
  line(`One simulated day, ${speed} seconds a second; the dispatch screen sets the speed. Ctrl-C stops everything.`);
  for (const { role, url } of links) line(`sign in once as ${role.padEnd(11)} ${url}`);
  if (shift !== undefined && vehicleId !== null) {
    const { code } = await city.enrolmentCode(vehicleId, `${shift.crewName} phone of a guest`);
    line(`be ${shift.crewName.padEnd(23)} ${base}/crew#${code} (within 15 minutes; until then it is simulated)`);
  }
  line(`report something           ${base}/report`);
  return vehicleId;
}

async function requestsOf(city: LoadedCity, streets: Streets | null, date: string, seed: number): Promise<DayRequests> {
  const { config } = city;
  if (streets !== null) return inventedRequests(config, streets, date, seed, BUSY_DAY);
  const file = path.resolve(root, '../shared/data', config.name, 'service-requests.csv');
  if (!isFile(file)) {
    throw new Usage(
      `The requests of ${config.title} are not on this machine (${file}); cities/${config.name}/README.md says where to get them. ` +
        'The demo of Gothenburg needs no file: npm run demo',
    );
  }
  const found = await recordedRequests(config, date, file, config.name);
  if (found.requests.length === 0) throw new Usage(`${found.from} holds no request of ${date} (local day in ${config.zone}).`);
  return found;
}

/** One folder a port, used again; with any port one of this process, and those of processes that are gone are removed. */
function demoFolder(home: string, city: string, port: number | null): string {
  const demos = path.join(home, 'demo');
  if (port !== null) return path.join(demos, `${city}-${port}`);
  for (const name of names(demos)) {
    const pid = /-any-(\d+)$/.exec(name)?.[1];
    if (pid !== undefined && !lives(Number(pid))) removeDemo(path.join(demos, name));
  }
  throwAway = path.join(demos, `${city}-any-${process.pid}`);
  return throwAway;
}

function names(folder: string): string[] {
  try {
    return readdirSync(folder);
  } catch {
    return []; // no demo has run here
  }
}

function lives(pid: number): boolean {
  try {
    return process.kill(pid, 0);
  } catch {
    return false;
  }
}

/** The port, or a free one for 0. @throws Usage when somebody else has it. */
async function freePort(port: number): Promise<number> {
  const until = performance.now() + PORT_PATIENCE_MILLIS;
  for (;;) {
    const answer = await tryPort(port);
    if (typeof answer === 'number') return answer;
    if (answer.code === 'EADDRINUSE') {
      if (performance.now() < until) {
        await sleep(250);
        continue;
      }
      const other = port < 65_535 ? port + 1 : DEFAULT_PORT;
      throw new Usage(`Port ${port} is in use by another program. Stop it, or choose another: PORT=${other} npm run demo`);
    }
    const why = answer.code === 'EACCES' ? 'needs more rights than you have' : `cannot be opened (${answer.message})`;
    throw new Usage(`Port ${port} ${why}. Choose another: PORT=8080 npm run demo`);
  }
}

function tryPort(port: number): Promise<number | NodeJS.ErrnoException> {
  return new Promise((resolve) => {
    const probe = createServer();
    probe.once('error', resolve);
    probe.listen(port, '127.0.0.1', () => {
      const { port: taken } = probe.address() as AddressInfo;
      probe.close(() => resolve(taken));
    });
  });
}
