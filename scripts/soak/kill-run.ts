import { chmodSync, mkdtempSync, rmSync } from 'node:fs';
import os from 'node:os';
import path from 'node:path';
import { setTimeout as sleep } from 'node:timers/promises';
import { resolveDatabase, type ResolvedDatabase } from '../../db/engines/resolve-database.ts';
import { openDb, type Db } from '../../db/knex.ts';
import { realClock } from '../../server/platform/clock.ts';
import { randomIds } from '../../server/platform/ids.ts';
import { makeFleet } from '../bench/live/fleet-database.ts';
import { freePort } from '../cluster/programs.ts';
import { chanceOf } from '../simulator/chance.ts';
import { checkHistory, write, type HistoryFindings, type Writer } from '../simulator/history.ts';
import { startServerProcess, type ServerProcess } from '../simulator/server-process.ts';
import { makeFactWork } from './facts.ts';
import { aFixWriter, checkFixes, sendFixes, streamFixes, wrongMarkers, type FixFindings, type FixWriter } from './fix-history.ts';
import { wrongRun, type WrongDesign } from './wrong-run.ts';

export interface KillPlan {
  /** Of the server, by SIGKILL. */
  readonly kills: number;
  /** Of PostgreSQL; every second time the server is killed with it. */
  readonly databaseKills: number;
  readonly devices: number;
  /** Jobs and crews that are worked on, half of each. */
  readonly writers: number;
  readonly say: (line: string) => void;
}

export interface KillReport {
  readonly kills: number;
  readonly database_kills: number;
  readonly changes: number;
  readonly fixes: number;
  readonly repeats: number;
  readonly facts_found: HistoryFindings;
  readonly fixes_found: FixFindings;
  /** Seen when the server had said that it is ready, and at the end. */
  readonly wrong_markers: readonly unknown[];
  /** Milliseconds from a kill to the ready server; of PostgreSQL alone: to the markers that are there again. */
  readonly ready_ms: readonly number[];
  readonly restored_ms: readonly number[];
  /** What no restart explains. */
  readonly failures: readonly string[];
  /** Whether the checker finds what is wrong by design. */
  readonly wrong_designs: Readonly<Record<WrongDesign, FixFindings>>;
}

const RESTORE_MILLIS = 15_000;

/** Kills the server and PostgreSQL under positions and facts, and holds what every client was told against the database. */
export async function killRun(plan: KillPlan): Promise<KillReport> {
  const folder = mkdtempSync(path.join(os.tmpdir(), 'thuma-soak-kill-'));
  // The user postgres passes through it when we are root.
  chmodSync(folder, 0o711);
  let database: ResolvedDatabase | undefined;
  let db: Db | undefined;
  let server: ServerProcess | undefined;
  try {
    database = await resolveDatabase({ home: folder, prefer: 'cluster', env: process.env });
    const { url } = database.connection;
    const port = await freePort();
    const env = {
      PORT: String(port),
      THUMA_HOME: folder,
      DATABASE_URL: url,
      LOG_LEVEL: 'warn',
      RATE_LIMITS: 'off',
      OSRM_URL: 'http://127.0.0.1:9',
      REDIS_URL: '',
    };
    const start = (): Promise<ServerProcess> => startServerProcess(env, path.join(folder, 'server.log'));
    server = await start();
    db = openDb(database.connection, { applicationName: 'soak' });
    const struck = await underFire(plan, {
      db,
      base: server.base,
      databasePid: () => database!.pid(),
      async killServer() {
        process.kill(server!.pid, 'SIGKILL');
        await sleep(50);
      },
      async startServer() {
        server = await start();
      },
    });
    await server.stop();
    const wrong = {} as Record<WrongDesign, FixFindings>;
    for (const design of ['early', 'keyless'] as const) wrong[design] = await wrongRun(design, database.connection, plan.devices);
    return { ...struck, wrong_designs: wrong };
  } finally {
    await db?.destroy();
    await server?.stop();
    await database?.stop();
    rmSync(folder, { recursive: true, force: true });
  }
}

interface Stage {
  readonly db: Db;
  readonly base: string;
  readonly databasePid: () => number | undefined;
  killServer(): Promise<void>;
  startServer(): Promise<void>;
}

async function underFire(plan: KillPlan, stage: Stage): Promise<Omit<KillReport, 'wrong_designs'>> {
  const { db, base } = stage;
  const chance = chanceOf(7, 'soak');
  const tools = { db, clock: realClock, ids: randomIds, readers: [], committed: () => undefined };
  const fleet = await makeFleet(db, plan.devices, 1, 'crew_phone');
  const half = Math.ceil(plan.writers / 2);
  const work = await makeFactWork(tools, half, half);
  const versions = new Map<string, number>();
  for (const { table, id } of work.subjects) {
    versions.set(id, (await db(table).where({ id }).first<{ version: number }>('version')).version);
  }
  let over = false;
  const done = (): boolean => over;
  const devices = fleet.deviceIds.map((id, n) => aFixWriter(id, fleet.deviceTokens[n]!));
  const writers = work.settings(base, done).map((setting) => ({ setting, writer: { history: [], repeats: 0 } as Writer }));
  const failures: string[] = [];
  const failed = (error: unknown): void => void failures.push(String(error));
  const sending = [
    // Half of them by HTTP, with an answer to each batch, half by a socket, without.
    ...devices.map((device, n) => (n % 2 === 0 ? sendFixes : streamFixes)(base, device, done).catch(failed)),
    ...writers.map(({ setting, writer }) => write(setting, writer).catch(failed)),
  ];
  // Of the devices those that wait for answers: the others go on while nothing is stored, and would call for the next kill too early.
  const waiting = devices.filter((_, n) => n % 2 === 0);
  const asked = (): number => writers.reduce((sum, { writer }) => sum + writer.history.length, 0) + madeBy(waiting);
  // So many more have been sent: time decides nothing here.
  const more = async (count: number): Promise<void> => {
    const until = asked() + count;
    for (let tries = 0; asked() < until && tries < 6_000 && failures.length === 0; tries++) await sleep(5);
  };
  const markers: unknown[] = [];
  const [readyMillis, restoredMillis]: [number[], number[]] = [[], []];
  const restart = async (from: number): Promise<void> => {
    await stage.startServer();
    readyMillis.push(Math.round(performance.now() - from));
    markers.push(...(await wrongMarkers(db)));
  };
  try {
    for (let n = 0; n < plan.kills && failures.length === 0; n++) {
      await more(40 + chance.below(80));
      const from = performance.now();
      await stage.killServer();
      await restart(from);
      plan.say(`kill ${n + 1}: ready after ${readyMillis.at(-1)} ms, ${asked()} sent`);
    }
    for (let n = 0; n < plan.databaseKills && failures.length === 0; n++) {
      await more(40 + chance.below(80));
      const from = performance.now();
      const pid = await running(stage.databasePid);
      const both = n % 2 === 1;
      if (both) await stage.killServer();
      process.kill(pid, 'SIGKILL');
      if (both) await restart(from);
      else restoredMillis.push(await untilRestored(db, from, markers));
      plan.say(`kill of PostgreSQL ${n + 1}: well after ${Math.round(performance.now() - from)} ms, ${asked()} sent`);
    }
    await more(40);
  } finally {
    over = true;
    await Promise.all(sending);
  }
  markers.push(...(await wrongMarkers(db)));
  const history = writers.flatMap(({ writer }) => writer.history);
  return {
    kills: plan.kills,
    database_kills: plan.databaseKills,
    changes: history.length,
    fixes: madeBy(devices),
    repeats: [...devices, ...writers.map(({ writer }) => writer)].reduce((sum, { repeats }) => sum + repeats, 0),
    facts_found: await checkHistory(db, history, versions),
    fixes_found: await checkFixes(db, devices),
    wrong_markers: markers,
    ready_ms: readyMillis,
    restored_ms: restoredMillis,
    failures,
  };
}

/** The process of a database that may be starting again. */
async function running(databasePid: () => number | undefined): Promise<number> {
  for (;;) {
    const pid = databasePid();
    if (pid !== undefined) return pid;
    await sleep(50);
  }
}

const madeBy = (devices: readonly FixWriter[]): number => devices.reduce((sum, { made }) => sum + made.size, 0);

/** The server that was not killed makes the markers anew by itself, once PostgreSQL is back. */
async function untilRestored(db: Db, from: number, markers: unknown[]): Promise<number> {
  for (;;) {
    const wrong = await wrongMarkers(db).catch(() => null);
    const millis = Math.round(performance.now() - from);
    if (wrong !== null && wrong.length === 0) return millis;
    if (millis > RESTORE_MILLIS) {
      markers.push(...(wrong ?? ['PostgreSQL did not come back']));
      return millis;
    }
    await sleep(50);
  }
}
