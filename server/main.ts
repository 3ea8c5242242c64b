import os from 'node:os';
import path from 'node:path';
import { readFile } from 'node:fs/promises';
import { setFlagsFromString } from 'node:v8';
import { DatabaseUnavailable } from '../db/engines/database-unavailable.ts';
import { resolveDatabase, type ResolvedDatabase } from '../db/engines/resolve-database.ts';
import { openDb, type Db } from '../db/knex.ts';
import { migrate } from '../db/migrate.ts';
import { startPlanner } from '../routing/worker/start-planner.ts';
import { createApp } from './app.ts';
import { systemActor } from './platform/actor.ts';
import { inChange, type ChangeTools } from './platform/change.ts';
import { realClock, simulatedClock, type CityClock } from './platform/clock.ts';
import { queuedJobs } from './platform/background-jobs.ts';
import { BadConfig, readConfig, type Config } from './platform/config.ts';
import { makeHome } from './platform/home.ts';
import { randomIds, seededIds } from './platform/ids.ts';
import { closeInOrder, endInOrder, type Closing } from './platform/lifecycle.ts';
import { createLog, type Log } from './platform/log.ts';
import { openRoads } from './roads.ts';
import { graphileQueue } from './stages/planning/graphile-queue.ts';
import type { OpenPlanQueue } from './stages/planning/plan-queue.ts';
import { ensureShiftsAhead } from './stages/rostering/ensure-shifts.ts';
import { loadCity, type LoadedCity } from './stores/city/load.ts';
import { installCity } from './stores/city/store.ts';
import { recordedDaysFolder } from './stores/recorded-days/files.ts';

/**
 * How far the heap may grow beyond what is alive before it is collected, in percent. Left to itself it triples, and of a large
 * fleet half a gigabyte would be garbage; collected sooner it costs some percent of a core.
 */
const HEAP_GROWTH_PERCENT = 40;
setFlagsFromString(`--heap-growing-percent=${HEAP_GROWTH_PERCENT}`);

const root = path.join(import.meta.dirname, '..');
/** A statement of ours takes milliseconds; one that takes this long is given up. */
const STATEMENT_MILLIS = 60_000;
/** With the database away a request fails after this, it does not hang. */
const ACQUIRE_MILLIS = 4_000;
const SHIFTS_EVERY_MILLIS = 3_600_000;

/** Faults a person can do something about: their message is all that is shown. */
const FORESEEN = new Set([
  'BadConfig',
  'BadCity',
  'BadDataset',
  'DatabaseUnavailable',
  'MigrationFailed',
  'MigrationsDiffer',
  'CannotListen',
]);

class CannotListen extends Error {
  override readonly name = 'CannotListen';
}

/** Opens, in order, what the server needs, and listens. `opened` says what has to be closed, first things last. */
async function start(config: Config, log: Log, opened: Closing[]): Promise<string> {
  const city = await loadCity(path.join(root, 'cities', config.city));
  makeHome(config.home);
  const database = await resolveDatabase({
    home: config.home,
    databaseUrl: config.databaseUrl ?? undefined,
    prefer: config.database ?? undefined,
    env: process.env,
    onProgress: ({ step, state, seconds }) => log.info({ step, state, seconds: Number(seconds.toFixed(1)) }, 'database'),
    onEvent: (event) => log[event.kind === 'restarted' ? 'info' : 'warn'](event, `database: ${event.kind}`),
  });
  opened.unshift({ name: 'database', close: () => database.stop() });
  log.info(database.describe);
  const db = openDb(database.connection, {
    applicationName: 'thuma',
    statementTimeoutMillis: STATEMENT_MILLIS,
    acquireTimeoutMillis: ACQUIRE_MILLIS,
    onConnectionError: (error) => log.debug({ err: error }, 'a database connection broke'),
  });
  opened.unshift({ name: 'connections', close: () => db.destroy() });
  for (const name of await migrate(db)) log.info({ migration: name }, 'migrated');

  const clock = config.clockStart === null || config.clock === 'real' ? realClock : simulatedClock(config.clockStart);
  const ids = config.seed === null ? randomIds : seededIds(config.seed);
  const configVersionId = await install(db, clock, ids, city);

  let lookAtHealth = (): void => undefined;
  const roads = await openRoads({
    home: config.home,
    city: config.city,
    osrmUrl: config.osrmUrl,
    searchPath: process.env['PATH'],
    log,
    onChange: () => lookAtHealth(),
  });
  opened.unshift({ name: 'roads', close: () => roads.stop() });
  const engine = startPlanner();
  opened.unshift({ name: 'engine', close: () => engine.close() });

  const planQueue = planQueueOf(config, database, log);
  const app = createApp({
    db,
    clock,
    wallClock: () => new Date(),
    ids,
    log,
    city,
    configVersionId,
    roads,
    engine,
    ...(planQueue === undefined ? {} : { planQueue }),
    ...(database.kind === 'embedded' ? {} : { openJobs: queuedJobs({ connection: database.connection, db, log }) }),
    ui: path.join(root, 'dist', 'ui'),
    recordedDays: recordedDaysFolder(config.home),
    version: await versionOf(),
    ...(config.mqttUrl === null ? {} : { mqtt: { url: config.mqttUrl, clientId: `thuma-${os.hostname()}-${config.port}` } }),
    publicUrl: config.publicUrl,
    allowedOrigins: config.allowedOrigins,
    trustProxy: config.trustProxy,
    rateLimits: config.rateLimits,
    redisUrl: config.redisUrl,
  });
  lookAtHealth = () => app.lookAtHealth();
  opened.unshift({ name: 'app', close: () => app.close() });
  const url = await app.listen(config.port, config.host).catch((error: unknown) => {
    throw cannotListen(config, error);
  });
  if (clock.kind === 'real') opened.unshift(keepShifts(app.tools, city, log));
  return url;
}

/** The queue that planner processes share; undefined where only this process can plan (ARCHITECTURE.md, "Plans are jobs"). */
function planQueueOf(config: Config, database: ResolvedDatabase, log: Log): OpenPlanQueue | undefined {
  const shared = config.clock === 'real' && database.kind !== 'embedded';
  if (shared) return graphileQueue({ connection: database.connection, concurrency: config.planInServer ? 1 : 0, log });
  if (config.planInServer) return undefined;
  const why = config.clock === 'simulated' ? 'a simulated city' : 'the embedded database';
  throw new BadConfig(`PLAN_IN_SERVER is off, and ${why} has no other planner than its server. Leave it out, or set it to on.`);
}

/** Brings the database to the city's folder. Returns the configuration in force. */
async function install(db: Db, clock: CityClock, ids: ChangeTools['ids'], city: LoadedCity): Promise<string> {
  // Nobody reads events yet: a configuration is there before anything happens.
  const tools: ChangeTools = { db, clock, ids, readers: [], committed: () => undefined };
  const installed = await inChange(tools, systemActor, (change) => installCity(change, city));
  return installed.configVersionId;
}

/** Today's and tomorrow's shifts are there, looked at now and every hour. A simulated city's are made by whoever simulates. */
function keepShifts(tools: ChangeTools, city: LoadedCity, log: Log): Closing {
  const look = () =>
    inChange(tools, systemActor, (change) => ensureShiftsAhead(change, city)).catch((error: unknown) =>
      log.error({ err: error }, 'the shifts of the next days could not be made; tried again within the hour'),
    );
  let last = look();
  const timer = setInterval(() => {
    last = look();
  }, SHIFTS_EVERY_MILLIS);
  return {
    name: 'shifts',
    close: () => {
      clearInterval(timer);
      return last;
    },
  };
}

async function versionOf(): Promise<string> {
  const content = JSON.parse(await readFile(path.join(root, 'package.json'), 'utf8')) as { version: string };
  return content.version;
}

function cannotListen(config: Config, cause: unknown): unknown {
  const code = cause instanceof Error && 'code' in cause ? cause.code : undefined;
  const say = (sentence: string) => new CannotListen(sentence, { cause });
  if (code === 'EADDRINUSE') {
    return say(`Port ${config.port} is in use by another program. Stop it, or choose another: PORT=${config.port + 1} npm start`);
  }
  if (code === 'EACCES')
    return say(`Port ${config.port} needs more rights than you have. Choose one above 1023: PORT=3000 npm start`);
  if (code === 'EADDRNOTAVAIL' || code === 'ENOTFOUND')
    return say(`HOST is "${config.host}", which is not an address of this machine.`);
  return cause;
}

function say(error: unknown): string {
  if (error instanceof Error && 'code' in error && error.code === 'ENOSPC') {
    return 'The disk is full. Free some space, or set THUMA_HOME to a folder on another disk.';
  }
  if (error instanceof Error && (FORESEEN.has(error.name) || error instanceof DatabaseUnavailable)) return error.message;
  return error instanceof Error ? (error.stack ?? error.message) : String(error);
}

async function main(): Promise<void> {
  let config: Config;
  try {
    config = readConfig(process.env);
  } catch (error) {
    if (!(error instanceof BadConfig)) throw error;
    console.error(error.message);
    process.exit(1);
  }
  const log = createLog({ level: config.logLevel });
  const opened: Closing[] = [];
  endInOrder(process, log, () => closeInOrder(opened, log, CLOSE_MILLIS));
  try {
    const url = await start(config, log, opened);
    console.log(`ready ${url}`);
  } catch (error) {
    console.error(say(error));
    await closeInOrder(opened, log, CLOSE_MILLIS);
    process.exit(1);
  }
}

/** What ends us waits 15 s before it kills. */
const CLOSE_MILLIS = 10_000;

await main();
