/**
 * `npm run bench:live`: vehicles with a WebSocket each, dispatchers that look at the whole city, and how long a position takes
 * from one to the other, with a real server that signs in, checks and stores.
 */
import { fork, type ChildProcess } from 'node:child_process';
import { chmodSync, mkdtempSync, rmSync } from 'node:fs';
import os from 'node:os';
import path from 'node:path';
import { setTimeout as sleep } from 'node:timers/promises';
import { parseArgs } from 'node:util';
import { resolveDatabase, type ResolvedDatabase } from '../../../db/engines/resolve-database.ts';
import { openDb, type Db } from '../../../db/knex.ts';
import { tellFailure, Usage } from '../../failure.ts';
import { startServerProcess } from '../../simulator/server-process.ts';
import { machine } from '../machine.ts';
import type { DesksCount, ToDesks } from './desks.ts';
import { makeFleet, type BenchFleet } from './fleet-database.ts';
import { childrenOf, cpuSeconds, rssMegabytes } from './process-cost.ts';
import type { ToVehicles, VehiclesCount } from './vehicles.ts';

const HELP = `npm run bench:live [-- --vehicles 10000 --dispatchers 20 --seconds 60 --naive --freeze --json]
  --vehicles N      each with a WebSocket of its own and a fix a second (10000)
  --dispatchers N   each looking at the whole city (20)
  --seconds S       measured, after a warm-up (60)
  --naive           the same load on a server that emits every position to every dispatcher, too
  --freeze          one dispatcher reads nothing for 60 s (or --seconds, if less) while the others are measured
  --json            one JSON object
Needs PostgreSQL with PostGIS, and as many open files as vehicles (ulimit -n).`;

interface Options {
  readonly vehicles: number;
  readonly dispatchers: number;
  readonly seconds: number;
  readonly naive: boolean;
  readonly freeze: boolean;
  readonly json: boolean;
}

interface Run {
  readonly vehicles: number;
  readonly dispatchers: number;
  readonly p50_ms: number | null;
  readonly p99_ms: number | null;
  readonly max_ms: number;
  readonly server_cpu_percent: number;
  readonly database_cpu_percent: number | null;
  readonly rss_mb: number;
  readonly rss_growth_mb: number;
  readonly sent: number;
  readonly acknowledged: number;
  /** Answered with a problem. */
  readonly refused: number;
  readonly delivered: number;
  readonly delivered_percent: number;
  readonly stored: number | null;
  readonly lost: number | null;
  readonly ack_p50_ms: number | null;
  readonly ack_p99_ms: number | null;
  readonly hashes_checked: number;
  readonly hashes_equal: boolean;
  readonly stale_frames: number | null;
}

const GOTHENBURG = { lon: 11.97, lat: 57.7 };
const WARM_UP_MILLIS = 5_000;
const SETTLE_MILLIS = 1_500;

async function main(args: string[]): Promise<number> {
  const options = readOptions(args);
  if (options === null) return 0;
  const say = (line: string): void => void (options.json || console.log(line));
  const ours = await withServer(options, say, (target) => measure(options, target, say));
  const naive = options.naive ? await withNaiveServer(options, (target) => measure(options, target, say)) : null;
  const report = { bench: 'live', machine: machine(), ...ours, naive };
  if (options.json) console.log(JSON.stringify(report));
  else {
    show('thuma', ours);
    if (naive !== null) show('one message per position', naive);
    console.log(machine());
  }
  return 0;
}

function readOptions(args: string[]): Options | null {
  const { values } = parseArgs({
    args,
    options: {
      vehicles: { type: 'string', default: '10000' },
      dispatchers: { type: 'string', default: '20' },
      seconds: { type: 'string', default: '60' },
      naive: { type: 'boolean', default: false },
      freeze: { type: 'boolean', default: false },
      json: { type: 'boolean', default: false },
      help: { type: 'boolean' },
    },
  });
  if (values.help) {
    console.log(HELP);
    return null;
  }
  const whole = (name: 'vehicles' | 'dispatchers' | 'seconds', most: number): number => {
    const value = Number(values[name]);
    if (!Number.isSafeInteger(value) || value < 1 || value > most) {
      throw new Usage(`--${name} takes a whole number from 1 to ${most}, not "${values[name]}".`);
    }
    return value;
  };
  return {
    vehicles: whole('vehicles', 18_000),
    dispatchers: whole('dispatchers', 500),
    seconds: whole('seconds', 3_600),
    naive: values.naive,
    freeze: values.freeze,
    json: values.json,
  };
}

interface Target {
  readonly url: string;
  readonly pid: number;
  readonly fleet: BenchFleet;
  readonly naive: boolean;
  readonly db: Db | null;
  readonly databasePid: () => number | undefined;
}

async function withServer(options: Options, say: (line: string) => void, run: (target: Target) => Promise<Run>): Promise<Run> {
  const folder = mkdtempSync(path.join(os.tmpdir(), 'thuma-bench-live-'));
  // The user postgres passes through it when we are root; the database inside stays private.
  chmodSync(folder, 0o711);
  let database: ResolvedDatabase | undefined;
  let db: Db | undefined;
  try {
    database = await resolveDatabase({ home: folder, prefer: 'cluster', env: process.env });
    const env = {
      PORT: '0',
      THUMA_HOME: folder,
      THUMA_CITY: 'gothenburg',
      DATABASE_URL: database.connection.url,
      LOG_LEVEL: 'warn',
      RATE_LIMITS: 'off',
      OSRM_URL: 'http://127.0.0.1:9',
    };
    const server = await startServerProcess(env, path.join(folder, 'server.log'));
    try {
      db = openDb(database.connection, { applicationName: 'bench' });
      const fleet = await makeFleet(db, options.vehicles, options.dispatchers);
      say(`${options.vehicles} vehicles, ${options.dispatchers} dispatchers; server ${server.pid}`);
      const { pid } = database;
      return await run({ url: server.base, pid: server.pid, fleet, naive: false, db, databasePid: () => pid() });
    } finally {
      await db?.destroy();
      await server.stop();
    }
  } finally {
    await database?.stop();
    if (process.env['THUMA_KEEP']) console.log(folder);
    else rmSync(folder, { recursive: true, force: true });
  }
}

async function withNaiveServer(options: Options, run: (target: Target) => Promise<Run>): Promise<Run> {
  const server = fork(path.join(import.meta.dirname, 'naive-server.ts'), [], { execArgv: ['--import', 'tsx'], silent: true });
  try {
    const url = await new Promise<string>((resolve) => {
      server.stdout!.on('data', (data: Buffer) => resolve(/ready (\S+)/.exec(data.toString())![1]!));
    });
    const names = Array.from({ length: options.vehicles }, (_, n) => `vehicle-${n}`);
    const fleet: BenchFleet = {
      organisationId: '',
      vehicleIds: names,
      deviceTokens: names,
      sessionTokens: Array.from({ length: options.dispatchers }, () => ''),
    };
    return await run({ url, pid: server.pid!, fleet, naive: true, db: null, databasePid: () => undefined });
  } finally {
    server.kill('SIGKILL');
  }
}

async function measure(options: Options, target: Target, say: (line: string) => void): Promise<Run> {
  const children = { vehicles: child('vehicles.ts'), desks: child('desks.ts') };
  const toVehicles = (message: ToVehicles): void => void children.vehicles.send(message);
  const toDesks = (message: ToDesks): void => void children.desks.send(message);
  const { fleet, url } = target;
  try {
    const began = performance.now();
    toVehicles({ kind: 'connect', urls: [url.replace('http', 'ws')], tokens: fleet.deviceTokens, centre: GOTHENBURG });
    await heard(children.vehicles, 'connected');
    toDesks({ kind: 'connect', urls: [url], tokens: fleet.sessionTokens, naive: target.naive });
    await heard(children.desks, 'connected');
    say(`connected in ${((performance.now() - began) / 1000).toFixed(1)} s`);
    toVehicles({ kind: 'drive' });
    await sleep(WARM_UP_MILLIS);
    toVehicles({ kind: 'measure' });
    toDesks({ kind: 'measure' });
    const database = processesOfDatabase(target.databasePid());
    const before = { cpu: cpuSeconds(target.pid), database: sumOf(database, cpuSeconds), rss: rssMegabytes(target.pid) };
    const from = performance.now();
    if (options.freeze) toDesks({ kind: 'freeze', millis: Math.min(60, options.seconds) * 1000 });
    let rss = before.rss;
    while (performance.now() - from < options.seconds * 1000) {
      await sleep(Math.min(1_000, options.seconds * 1000));
      rss = Math.max(rss, rssMegabytes(target.pid));
    }
    const seconds = (performance.now() - from) / 1000;
    const used = { cpu: cpuSeconds(target.pid) - before.cpu, database: sumOf(database, cpuSeconds) - before.database };
    toVehicles({ kind: 'halt' });
    const driven = (await heard(children.vehicles, 'count')) as VehiclesCount;
    await sleep(SETTLE_MILLIS);
    toDesks({ kind: 'count' });
    const seen = (await heard(children.desks, 'count')) as DesksCount;
    const stored = target.db === null ? null : await countStored(target.db);
    const expected = options.vehicles * options.dispatchers * seconds;
    if (driven.lost_connections > 0) say(`${driven.lost_connections} connections were lost`);
    return {
      vehicles: options.vehicles,
      dispatchers: options.dispatchers,
      p50_ms: seen.p50_ms,
      p99_ms: seen.p99_ms,
      max_ms: seen.max_ms,
      server_cpu_percent: rounded((100 * used.cpu) / seconds),
      database_cpu_percent: target.databasePid() === undefined ? null : rounded((100 * used.database) / seconds),
      rss_mb: rss,
      rss_growth_mb: rss - before.rss,
      sent: driven.sent,
      acknowledged: driven.acknowledged,
      refused: driven.refused,
      delivered: seen.delivered,
      delivered_percent: rounded((100 * seen.delivered) / expected),
      stored,
      lost: stored === null ? null : Math.max(0, driven.acknowledged - stored),
      ack_p50_ms: driven.ack_p50_ms,
      ack_p99_ms: driven.ack_p99_ms,
      hashes_checked: seen.hashes_checked,
      hashes_equal:
        seen.hashes_wrong === 0 && new Set(seen.states).size === 1 && seen.vehicles.every((count) => count === options.vehicles),
      stale_frames: seen.stale_frames,
    };
  } finally {
    for (const one of Object.values(children)) one.kill('SIGKILL');
  }
}

function child(file: string): ChildProcess {
  return fork(path.join(import.meta.dirname, file), [], { execArgv: ['--import', 'tsx'] });
}

/** The next message of this kind; rejects when the process ends before. */
function heard(from: ChildProcess, kind: string): Promise<unknown> {
  return new Promise((resolve, reject) => {
    const listen = (message: unknown): void => {
      if ((message as { kind: string }).kind !== kind) return;
      from.off('message', listen);
      resolve(message);
    };
    from.on('message', listen);
    from.once('exit', (code) => reject(new Error(`a process of the load ended with code ${code}`)));
  });
}

async function countStored(db: Db): Promise<number> {
  const row = await db('fix').count<{ n: number }>('* as n').first();
  return row?.n ?? 0;
}

/** The postmaster's children do the work. */
const processesOfDatabase = (postmaster: number | undefined): number[] =>
  postmaster === undefined ? [] : childrenOf(postmaster);

const sumOf = (pids: readonly number[], cost: (pid: number) => number): number =>
  pids.reduce((sum, pid) => {
    try {
      return sum + cost(pid);
    } catch {
      // It has ended meanwhile.
      return sum;
    }
  }, 0);

const rounded = (value: number): number => Math.round(value * 10) / 10;

function show(name: string, run: Run): void {
  console.log(`\n${name}`);
  for (const [key, value] of Object.entries(run)) console.log(`  ${key.padEnd(22)}${String(value ?? '-')}`);
}

try {
  process.exitCode = await main(process.argv.slice(2));
} catch (error) {
  tellFailure(error);
  process.exitCode = 1;
}
