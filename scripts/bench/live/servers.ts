import { fork } from 'node:child_process';
import { chmodSync, mkdtempSync, rmSync } from 'node:fs';
import os from 'node:os';
import path from 'node:path';
import { resolveDatabase, type ResolvedDatabase } from '../../../db/engines/resolve-database.ts';
import { openDb, type Db } from '../../../db/knex.ts';
import { startRedis, type RunningRedis } from '../../cluster/redis.ts';
import { startServers, type RunningServers } from '../../cluster/start-servers.ts';
import { makeFleet, type BenchFleet } from './fleet-database.ts';
import type { Target } from './measure.ts';
import type { Load, Run } from './run.ts';

/** Servers as in real use, with a database and, where there are several, a Redis of their own; gone when `run` has ended. */
export async function withServers(load: Load, say: (line: string) => void, run: (target: Target) => Promise<Run>): Promise<Run> {
  const folder = mkdtempSync(path.join(os.tmpdir(), 'thuma-bench-live-'));
  // The user postgres passes through it when we are root; the database inside stays private.
  chmodSync(folder, 0o711);
  let database: ResolvedDatabase | undefined;
  let redis: RunningRedis | undefined;
  let servers: RunningServers | undefined;
  let db: Db | undefined;
  try {
    database = await resolveDatabase({ home: folder, prefer: 'cluster', env: process.env });
    if (load.nodes > 1) redis = await startRedis(process.env['REDIS_URL']);
    const env = {
      THUMA_HOME: folder,
      THUMA_CITY: 'gothenburg',
      DATABASE_URL: database.connection.url,
      LOG_LEVEL: 'warn',
      RATE_LIMITS: 'off',
      OSRM_URL: 'http://127.0.0.1:9',
      REDIS_URL: redis?.url ?? '',
    };
    servers = await startServers({ count: load.nodes, folder, env, say });
    db = openDb(database.connection, { applicationName: 'bench' });
    const fleet = await makeFleet(db, load.vehicles, load.dispatchers, load.gateways > 0 ? 'tracker' : 'crew_phone');
    const { pid } = database;
    const pids = servers.pids();
    say(`${load.vehicles} vehicles, ${load.dispatchers} dispatchers; servers ${pids.join(' ')}`);
    return await run({ urls: servers.bases, pids, fleet, naive: false, db, databasePid: () => pid() });
  } finally {
    await db?.destroy();
    await servers?.stop();
    await redis?.stop();
    await database?.stop();
    if (process.env['THUMA_KEEP']) console.log(folder);
    else rmSync(folder, { recursive: true, force: true });
  }
}

/** The server that `--naive` compares with. */
export async function withNaiveServer(load: Load, run: (target: Target) => Promise<Run>): Promise<Run> {
  const server = fork(path.join(import.meta.dirname, 'naive-server.ts'), [], { execArgv: ['--import', 'tsx'], silent: true });
  try {
    const url = await new Promise<string>((resolve) => {
      server.stdout!.on('data', (data: Buffer) => resolve(/ready (\S+)/.exec(data.toString())![1]!));
    });
    const names = Array.from({ length: load.vehicles }, (_, n) => `vehicle-${n}`);
    const fleet: BenchFleet = {
      organisationId: '',
      vehicleIds: names,
      deviceIds: names,
      apiKey: '',
      deviceTokens: names,
      sessionTokens: Array.from({ length: load.dispatchers }, () => ''),
    };
    return await run({ urls: [url], pids: [server.pid!], fleet, naive: true, db: null, databasePid: () => undefined });
  } finally {
    server.kill('SIGKILL');
  }
}
