import { fork, type ChildProcess } from 'node:child_process';
import os from 'node:os';
import path from 'node:path';
import { setTimeout as sleep } from 'node:timers/promises';
import type { Db } from '../../../db/knex.ts';
import type { DesksCount, ToDesks } from './desks.ts';
import type { BenchFleet } from './fleet-database.ts';
import type { ToGateways } from './gateways.ts';
import { childrenOf, cpuSeconds, rssMegabytes } from './process-cost.ts';
import type { Load, Run } from './run.ts';
import type { ToVehicles, VehiclesCount } from './vehicles.ts';

/** The servers that a load is put on. */
export interface Target {
  readonly urls: readonly string[];
  readonly pids: readonly number[];
  readonly fleet: BenchFleet;
  readonly naive: boolean;
  readonly db: Db | null;
  readonly databasePid: () => number | undefined;
}

const GOTHENBURG = { lon: 11.97, lat: 57.7 };
const WARM_UP_MILLIS = 5_000;
const SETTLE_MILLIS = 1_500;
const FREEZE_SECONDS = 60;
/** Updates a second beyond which the desks make no object of each. */
const MOST_OBJECTS = 100_000;

/** Puts the load on the servers and measures it. */
export async function measure(load: Load, target: Target, say: (line: string) => void): Promise<Run> {
  const children = { vehicles: child(load.gateways > 0 ? 'gateways.ts' : 'vehicles.ts'), desks: child('desks.ts') };
  const toVehicles = (message: ToVehicles | ToGateways): void => void children.vehicles.send(message);
  const toDesks = (message: ToDesks): void => void children.desks.send(message);
  const { fleet, urls, pids } = target;
  try {
    const began = performance.now();
    const setUp = { kind: 'connect', urls: urls.map((url) => url.replace('http', 'ws')), centre: GOTHENBURG } as const;
    if (load.gateways > 0) {
      toVehicles({ ...setUp, apiKey: fleet.apiKey, deviceIds: fleet.deviceIds, sockets: load.gateways });
    } else toVehicles({ ...setUp, tokens: fleet.deviceTokens, answers: load.answers });
    await heard(children.vehicles, 'connected');
    const light = load.vehicles * load.dispatchers > MOST_OBJECTS;
    toDesks({ kind: 'connect', urls, tokens: fleet.sessionTokens, naive: target.naive, light });
    await heard(children.desks, 'connected');
    say(`connected in ${((performance.now() - began) / 1000).toFixed(1)} s`);
    const storedBefore = target.db === null ? 0 : await countStored(target.db);
    toVehicles({ kind: 'drive' });
    await sleep(WARM_UP_MILLIS);
    toVehicles({ kind: 'measure' });
    toDesks({ kind: 'measure' });
    const database = processesOfDatabase(target.databasePid());
    const rssNow = (): number => Math.max(...pids.map(rssMegabytes));
    const before = { cpu: sumOf(pids, cpuSeconds), database: sumOf(database, cpuSeconds), rss: rssNow() };
    const from = performance.now();
    if (load.freeze) toDesks({ kind: 'freeze', millis: Math.min(FREEZE_SECONDS, load.seconds) * 1000 });
    let rss = before.rss;
    while (performance.now() - from < load.seconds * 1000) {
      await sleep(Math.min(1_000, load.seconds * 1000));
      rss = Math.max(rss, rssNow());
    }
    const seconds = (performance.now() - from) / 1000;
    const used = { cpu: sumOf(pids, cpuSeconds) - before.cpu, database: sumOf(database, cpuSeconds) - before.database };
    toVehicles({ kind: 'halt' });
    const driven = (await heard(children.vehicles, 'count')) as VehiclesCount;
    await sleep(SETTLE_MILLIS);
    toDesks({ kind: 'count' });
    const seen = (await heard(children.desks, 'count')) as DesksCount;
    const stored = target.db === null ? null : (await countStored(target.db)) - storedBefore;
    const expected = load.vehicles * load.dispatchers * seconds;
    if (driven.lost_connections > 0) say(`${driven.lost_connections} connections were lost`);
    return {
      vehicles: load.vehicles,
      dispatchers: load.dispatchers,
      nodes: load.nodes,
      gateways: load.gateways,
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
        seen.hashes_wrong === 0 && new Set(seen.states).size === 1 && seen.vehicles.every((count) => count === load.vehicles),
      stale_frames: seen.stale_frames,
      load_average: rounded(os.loadavg()[0]!),
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
