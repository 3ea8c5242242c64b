import os from 'node:os';
import path from 'node:path';
import { resolveDatabase } from '../db/engines/resolve-database.ts';
import { openDb } from '../db/knex.ts';
import { migrate } from '../db/migrate.ts';
import { cachedRoads } from '../routing/roads/cached.ts';
import { startPlanner } from '../routing/worker/start-planner.ts';
import type { ChangeTools } from './platform/change.ts';
import { realClock } from './platform/clock.ts';
import type { Config } from './platform/config.ts';
import { makeHome } from './platform/home.ts';
import { randomIds } from './platform/ids.ts';
import type { Closing } from './platform/lifecycle.ts';
import type { Log } from './platform/log.ts';
import { openRoads } from './roads.ts';
import { notificationReader } from './stages/notification/tell.ts';
import { graphileQueue } from './stages/planning/graphile-queue.ts';
import { engineOfMany } from './stages/planning/plan-engine.ts';
import { planWork } from './stages/planning/plan-work.ts';
import { MOST_PLAN_POINTS, planningPolicy } from './stages/planning/planning-policy.ts';
import { loadCity } from './stores/city/load.ts';
import { findConfigVersionId } from './stores/city/store.ts';

export interface PlannerProcessOptions {
  readonly config: Config;
  /** Plans made at a time. */
  readonly concurrency: number;
  readonly leaseSeconds: number;
  readonly log: Log;
}

/** How a planner process is, as it says itself. */
export interface PlannerHealth {
  readonly planner: string;
  readonly making: number;
  readonly made: number;
  readonly failed: number;
  /** A sentence, when the last plan failed. */
  readonly lastFailure: string | null;
  readonly database: 'ok' | 'down';
  readonly roads: 'osrm' | 'estimate';
}

export interface PlannerProcess {
  health(): Promise<PlannerHealth>;
}

/** The planner cannot work here; the message says what to do. */
export class PlannerRefused extends Error {
  override readonly name = 'PlannerRefused';
}

const root = path.join(import.meta.dirname, '..');
const STATEMENT_MILLIS = 60_000;
const ACQUIRE_MILLIS = 4_000;

/**
 * Opens what a planner needs, in order, and begins to take plans from the city's queue. `opened` says what has to be
 * closed, first things last. @throws PlannerRefused, DatabaseUnavailable, BadCity, BadDataset.
 */
export async function startPlannerProcess(options: PlannerProcessOptions, opened: Closing[]): Promise<PlannerProcess> {
  const { config, concurrency, log } = options;
  if (config.clock === 'simulated') {
    throw new PlannerRefused('A simulated city is planned by its own server, whose clock it is: start no planner for it.');
  }
  const city = await loadCity(path.join(root, 'cities', config.city));
  makeHome(config.home);
  const database = await resolveDatabase({
    home: config.home,
    databaseUrl: config.databaseUrl ?? undefined,
    prefer: config.database ?? undefined,
    env: process.env,
    onEvent: (event) => log[event.kind === 'restarted' ? 'info' : 'warn'](event, `database: ${event.kind}`),
  });
  opened.unshift({ name: 'database', close: () => database.stop() });
  if (database.kind === 'embedded') {
    throw new PlannerRefused('The embedded database serves one process: its server plans by itself. Planners need DATABASE_URL.');
  }
  const db = openDb(database.connection, {
    applicationName: 'thuma-planner',
    statementTimeoutMillis: STATEMENT_MILLIS,
    acquireTimeoutMillis: ACQUIRE_MILLIS,
    onConnectionError: (error) => log.debug({ err: error }, 'a database connection broke'),
  });
  opened.unshift({ name: 'connections', close: () => db.destroy() });
  await migrate(db);
  const configVersionId = await findConfigVersionId(db, city.hash);
  if (configVersionId === undefined) {
    throw new PlannerRefused(
      `cities/${config.city} is not what the server of this database runs with. Give both the same folder and start the server first.`,
    );
  }
  const roads = await openRoads({
    home: config.home,
    city: config.city,
    osrmUrl: config.osrmUrl,
    searchPath: process.env['PATH'],
    log,
    onChange: () => undefined,
  });
  opened.unshift({ name: 'roads', close: () => roads.stop() });
  const engines = Array.from({ length: concurrency }, () => startPlanner());
  opened.unshift({ name: 'engines', close: () => Promise.all(engines.map((engine) => engine.close())) });

  // What it commits is read by the server from the event log; nobody in this process waits for it.
  const tools: ChangeTools = { db, clock: realClock, ids: randomIds, readers: [notificationReader], committed: () => undefined };
  const policy = planningPolicy(city.config, configVersionId);
  const name = `planner ${process.pid} on ${os.hostname()}`;
  let made = 0;
  let failed = 0;
  const work = planWork({
    tools,
    roads: cachedRoads(roads.network, { maxPoints: MOST_PLAN_POINTS }),
    engine: engineOfMany(engines),
    policy: () => Promise.resolve(policy),
    log,
    openQueue: graphileQueue({ connection: database.connection, concurrency, log }),
    holder: name,
    leaseMillis: options.leaseSeconds * 1_000,
    onStep({ state, id, planId }, progress) {
      if (progress !== null) return;
      if (state === 'made') made++;
      if (state === 'failed') failed++;
      log.info({ planRequest: id, planId, state }, 'a plan request has ended');
    },
  });
  opened.unshift({ name: 'planner', close: () => work.stop() });
  await work.start();
  return {
    health: async () => ({
      planner: name,
      making: work.maker.making(),
      made,
      failed,
      lastFailure: work.maker.lastFailure(),
      database: await db.raw('select 1').then(
        () => 'ok' as const,
        () => 'down' as const,
      ),
      roads: roads.state().source,
    }),
  };
}
