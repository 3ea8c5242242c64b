/**
 * `npm run bench:ingest`: positions at a steady rate through the server's own receiving (rules, markers, one statement a
 * write) into a PostgreSQL that flushes to the disk, and how long one waits from when it was due until it is committed.
 */
import { chmodSync, mkdtempSync, rmSync } from 'node:fs';
import os from 'node:os';
import path from 'node:path';
import { setTimeout as sleep } from 'node:timers/promises';
import { parseArgs } from 'node:util';
import { resolveDatabase, type ResolvedDatabase } from '../../../db/engines/resolve-database.ts';
import { openDb, type Db } from '../../../db/knex.ts';
import { migrate } from '../../../db/migrate.ts';
import type { Actor } from '../../../server/platform/actor.ts';
import { realClock } from '../../../server/platform/clock.ts';
import { createLog } from '../../../server/platform/log.ts';
import { ORDINARY_LIMITS } from '../../../server/stages/tracking/pipeline.ts';
import { tracking } from '../../../server/stages/tracking/receive.ts';
import { deviceBindings } from '../../../server/stores/positions/bindings.ts';
import type { SentFix } from '../../../server/stores/positions/contract.ts';
import { vehicleShifts } from '../../../server/stores/positions/vehicle-shifts.ts';
import { tellFailure, Usage } from '../../failure.ts';
import { makeFleet } from '../live/fleet-database.ts';
import { Histogram } from '../live/histogram.ts';
import { childrenOf, cpuSeconds, rssMegabytes } from '../live/process-cost.ts';
import { machine } from '../machine.ts';

const HELP = `npm run bench:ingest [-- --rates 10000,40000 --seconds 60 --devices 10000 --row-seconds 10 --json]
  --rates N,N       fixes a second, one rate after another
  --seconds S       each rate is kept up for so long (60)
  --devices N       each sends once a second: one fix, or as many as the rate asks for (10000)
  --row-seconds S   one insert a fix, one after another, for comparison (10; 0: not)
  --json            one JSON object
Needs PostgreSQL with PostGIS.`;

const SLOT_MILLIS = 20;
const SLOTS = 1000 / SLOT_MILLIS;
const TICK_MILLIS = 100;

interface Run {
  readonly wished_rows_per_second: number;
  readonly rows_per_second: number;
  readonly commit_p50_ms: number | null;
  readonly commit_p99_ms: number | null;
  readonly commit_max_ms: number;
  readonly sent: number;
  readonly acknowledged: number;
  readonly refused: number;
  /** Acknowledged and not in the database. */
  readonly lost: number;
  readonly node_cpu_percent: number;
  readonly database_cpu_percent: number | null;
  readonly wal_bytes_per_row: number;
  readonly rss_mb: number;
}

async function main(args: string[]): Promise<void> {
  const { values } = parseArgs({
    args,
    options: {
      rates: { type: 'string', default: '10000,40000' },
      seconds: { type: 'string', default: '60' },
      devices: { type: 'string', default: '10000' },
      'row-seconds': { type: 'string', default: '10' },
      json: { type: 'boolean', default: false },
      help: { type: 'boolean' },
    },
  });
  if (values.help) return void console.log(HELP);
  const whole = (name: string, text: string, least: number, most: number): number => {
    const value = Number(text);
    if (!Number.isSafeInteger(value) || value < least || value > most)
      throw new Usage(`--${name} takes whole numbers from ${least} to ${most}, not "${text}".`);
    return value;
  };
  const seconds = whole('seconds', values.seconds, 1, 3_600);
  const devices = whole('devices', values.devices, SLOTS, 100_000);
  const rates = values.rates.split(',').map((text) => whole('rates', text, devices, 1_000_000));
  const rowSeconds = whole('row-seconds', values['row-seconds'], 0, 600);
  const say = (line: string): void => void (values.json || console.log(line));
  const folder = mkdtempSync(path.join(os.tmpdir(), 'thuma-bench-ingest-'));
  // The user postgres passes through it when we are root; the database inside stays private.
  chmodSync(folder, 0o711);
  let database: ResolvedDatabase | undefined;
  let db: Db | undefined;
  try {
    database = await resolveDatabase({ home: folder, prefer: 'cluster', env: process.env });
    db = openDb(database.connection, { applicationName: 'bench' });
    await migrate(db);
    await db('organisation').insert({ id: '00000000-0000-7000-8000-000000000001', code: 'bench', name: 'Bench' });
    await makeFleet(db, devices, 1, 'crew_phone');
    const { pid } = database;
    const runs: Run[] = [];
    for (const rate of rates) {
      say(`${rate} fixes a second for ${seconds} s`);
      runs.push(await ingest(db, rate, seconds, () => pid()));
    }
    const rowByRow = rowSeconds === 0 ? null : await insertRowByRow(db, rowSeconds);
    const last = runs.at(-1)!;
    const report = {
      bench: 'ingest',
      machine: machine(),
      rows_per_second: last.rows_per_second,
      commit_p99_ms: last.commit_p99_ms,
      lost: runs.reduce((sum, run) => sum + run.lost, 0),
      devices,
      runs,
      row_by_row_rows_per_second: rowByRow,
    };
    if (values.json) console.log(JSON.stringify(report));
    else show(report);
  } finally {
    await db?.destroy();
    await database?.stop();
    rmSync(folder, { recursive: true, force: true });
  }
}

async function ingest(db: Db, rate: number, seconds: number, postmaster: () => number | undefined): Promise<Run> {
  const ids = await db('device').orderBy('id').pluck<string[]>('id');
  const actors: Actor[] = ids.map((deviceId) => ({
    role: 'crew',
    accountId: null,
    deviceId,
    sessionId: null,
    organisationId: null,
    areaIds: [],
    caseId: null,
  }));
  const wallMillis = (): number => performance.now();
  const positions = tracking({
    db,
    clock: realClock,
    bindings: deviceBindings(10_000, wallMillis),
    shifts: vehicleShifts(10_000, wallMillis),
    limits: ORDINARY_LIMITS,
    log: createLog({ level: 'warn' }),
    tickMillis: TICK_MILLIS,
    count: () => undefined,
    onMoved: () => undefined,
    onRestored: () => undefined,
    onStored: () => Promise.resolve(),
  });
  await positions.restore();
  const already = await countFixes(db);
  const each = Math.max(1, Math.round(rate / ids.length));
  const seqs = new Float64Array(ids.length).fill(await highestSeq(db));
  const waited = new Histogram();
  let [sent, acknowledged, refused] = [0, 0, 0];
  const waiting = new Set<Promise<void>>();

  const send = (device: number, due: number): void => {
    const dueWall = Date.now() - (performance.now() - due);
    const fixes: SentFix[] = Array.from({ length: each }, (_, k) => ({
      deviceSeq: (seqs[device] = seqs[device]! + 1),
      fixTime: new Date(dueWall - ((each - 1 - k) * 1000) / each).toISOString(),
      lon: 11.9 + (device % 100) / 1000 + (seqs[device]! % 1000) * 1e-6,
      lat: 57.65 + Math.floor(device / 100) / 1000,
      accuracyMetres: 5,
      speedMps: 8,
      headingDegrees: 90,
    }));
    sent += each;
    const answered = positions.receive(actors[device]!, { fixes }).then(
      ({ stored }) => {
        acknowledged += stored;
        waited.add(performance.now() - due);
      },
      () => void (refused += each),
    );
    waiting.add(answered);
    void answered.then(() => waiting.delete(answered));
  };

  const database = () => (postmaster() === undefined ? [] : childrenOf(postmaster()!));
  const watched = database();
  const before = { cpu: cpuSeconds(process.pid), database: sum(watched), wal: await walBytes(db) };
  const began = performance.now();
  let rss = 0;
  for (let slot = 0; slot < seconds * SLOTS; slot++) {
    const due = began + slot * SLOT_MILLIS;
    const early = due - performance.now();
    if (early > 0) await sleep(early);
    for (let device = slot % SLOTS; device < ids.length; device += SLOTS) send(device, due);
    if (slot % (5 * SLOTS) === 0) rss = Math.max(rss, rssMegabytes(process.pid));
    // What is late is sent all the same, but answers have their turn.
    if (early <= 0) await sleep(0);
  }
  await Promise.all(waiting);
  const took = (performance.now() - began) / 1000;
  const cpu = cpuSeconds(process.pid) - before.cpu;
  const databaseCpu = sum(watched) - before.database;
  await positions.stop();
  const stored = (await countFixes(db)) - already;
  return {
    wished_rows_per_second: each * ids.length,
    rows_per_second: Math.round(stored / took),
    commit_p50_ms: waited.percentile(0.5),
    commit_p99_ms: waited.percentile(0.99),
    commit_max_ms: Math.round(waited.max),
    sent,
    acknowledged,
    refused,
    lost: Math.max(0, acknowledged - stored),
    node_cpu_percent: Math.round((100 * cpu) / took),
    database_cpu_percent: postmaster() === undefined ? null : Math.round((100 * databaseCpu) / took),
    wal_bytes_per_row: Math.round(((await walBytes(db)) - before.wal) / Math.max(1, stored)),
    rss_mb: rss,
  };
}

/** One insert a fix, each its own transaction, the next when it is committed. Rows a second. */
async function insertRowByRow(db: Db, seconds: number): Promise<number> {
  const [deviceId] = await db('device').orderBy('id').limit(1).pluck<string[]>('id');
  const began = performance.now();
  let rows = 0;
  for (let seq = 1_000_000_000; performance.now() - began < seconds * 1000; seq++, rows++) {
    const now = new Date();
    await db('fix').insert({
      device_id: deviceId!,
      fix_time: now,
      device_seq: seq,
      vehicle_id: null,
      lon: 11.9,
      lat: 57.65,
      accuracy_metres: 5,
      speed_mps: 8,
      heading_degrees: 90,
      source: 'crew_phone',
      corrected_time: now,
      received_at: now,
      flags: 0,
    });
  }
  return Math.round(rows / ((performance.now() - began) / 1000));
}

const countFixes = async (db: Db): Promise<number> => (await db('fix').count<{ n: number }>('* as n').first())!.n;
const highestSeq = async (db: Db): Promise<number> =>
  (await db('device_seen').max<{ n: number | null }>('last_seq as n').first())?.n ?? 0;
const walBytes = async (db: Db): Promise<number> =>
  (await db.raw<{ rows: { n: number }[] }>("select pg_wal_lsn_diff(pg_current_wal_insert_lsn(), '0/0')::int8 as n")).rows[0]!.n;

const sum = (pids: readonly number[]): number =>
  pids.reduce((total, pid) => {
    try {
      return total + cpuSeconds(pid);
    } catch {
      // It has ended meanwhile.
      return total;
    }
  }, 0);

function show(report: { readonly runs: readonly Run[] } & Record<string, unknown>): void {
  const { runs, ...rest } = report;
  for (const [key, value] of Object.entries(rest)) console.log(`  ${key.padEnd(30)}${String(value)}`);
  for (const run of runs) {
    console.log();
    for (const [key, value] of Object.entries(run)) console.log(`  ${key.padEnd(30)}${String(value ?? '-')}`);
  }
}

try {
  await main(process.argv.slice(2));
} catch (error) {
  tellFailure(error);
  process.exitCode = 1;
}
