/**
 * `npm run bench:history`: a day of simulated street motion as single fixes and, in the same run, compacted; how long a
 * vehicle's day and "who was here" take from each, and what each takes on the disk.
 */
import { chmodSync, mkdtempSync, rmSync } from 'node:fs';
import os from 'node:os';
import path from 'node:path';
import { parseArgs } from 'node:util';
import { resolveDatabase, type ResolvedDatabase } from '../../../db/engines/resolve-database.ts';
import { openDb, type Db } from '../../../db/knex.ts';
import { migrate } from '../../../db/migrate.ts';
import { simulatedClock } from '../../../server/platform/clock.ts';
import { randomIds } from '../../../server/platform/ids.ts';
import { createLog } from '../../../server/platform/log.ts';
import { compactFixes } from '../../../server/stages/retention/keep-positions.ts';
import { listNear } from '../../../server/stores/positions/history/near.ts';
import { ensureFixPartitions } from '../../../server/stores/positions/partitions.ts';
import { trackOf, type TrackPoint } from '../../../server/stores/positions/track.ts';
import { tellFailure, Usage } from '../../failure.ts';
import { machine } from '../machine.ts';
import { makeHistory, type HistoryVehicle } from './make-history.ts';
import { MOTION, randomOf } from './street-motion.ts';

const HELP = `npm run bench:history [-- --points 10000000 --hours 8 --seed 1 --json]
  --points N   fixes of the day (10000000)
  --hours H    of work in the day, a fix a second each; with --points this gives the vehicles (8)
  --seed N     the motion is made from it (1)
  --json       one JSON object
Needs PostgreSQL with PostGIS, and about 300 bytes of disk a point.`;

const DAY = new Date('2026-01-27T00:00:00Z');
const CITY = { lon: 11.9, lat: 57.65, sideMetres: 10_000 };
const RADIUS_METRES = 200;
const QUESTIONS = 25;
const HOUR_MILLIS = 3_600_000;

/** Of one way to keep them. */
interface Kept {
  readonly track_ms: number;
  readonly track_worst_ms: number;
  /** Processor of this process alone, on the average: on a busy machine the rest of `track_ms` is waiting. */
  readonly track_node_cpu_ms: number;
  readonly track_points: number;
  readonly near_ms: number;
  readonly near_worst_ms: number;
  readonly near_vehicles: number;
  readonly total_mb: number;
  readonly bytes_per_point: number;
}

async function main(args: string[]): Promise<void> {
  const { values } = parseArgs({
    args,
    options: {
      points: { type: 'string', default: '10000000' },
      hours: { type: 'string', default: '8' },
      seed: { type: 'string', default: '1' },
      json: { type: 'boolean', default: false },
      help: { type: 'boolean' },
    },
  });
  if (values.help) return void console.log(HELP);
  const whole = (name: 'points' | 'hours' | 'seed', most: number): number => {
    const value = Number(values[name]);
    if (!Number.isSafeInteger(value) || value < 1 || value > most)
      throw new Usage(`--${name} takes a whole number from 1 to ${most}, not "${values[name]}".`);
    return value;
  };
  const [points, hours, seed] = [whole('points', 1e9), whole('hours', 20), whole('seed', 2 ** 31)];
  const say = (line: string): void => void (values.json || console.log(line));
  const folder = mkdtempSync(path.join(os.tmpdir(), 'thuma-bench-history-'));
  // The user postgres passes through it when we are root; the database inside stays private.
  chmodSync(folder, 0o711);
  let database: ResolvedDatabase | undefined;
  let db: Db | undefined;
  try {
    database = await resolveDatabase({ home: folder, prefer: 'cluster', env: process.env });
    db = openDb(database.connection, { applicationName: 'bench' });
    await migrate(db);
    const report = await run(db, { points, hours, seed, say });
    if (values.json) console.log(JSON.stringify(report));
    else show(report);
  } finally {
    await db?.destroy();
    await database?.stop();
    rmSync(folder, { recursive: true, force: true });
  }
}

interface Asked {
  readonly points: number;
  readonly hours: number;
  readonly seed: number;
  readonly say: (line: string) => void;
}

async function run(db: Db, { points, hours, seed, say }: Asked) {
  await ensureFixPartitions(db, DAY);
  const from = new Date(DAY.getTime() + 6 * HOUR_MILLIS);
  const vehicles = Math.max(1, Math.round(points / (hours * 3_600)));
  const motion = { seed, ...CITY };
  let began = performance.now();
  const fleet = await makeHistory(db, { vehicles, seconds: Math.round(points / vehicles), from, motion, say });
  await db.raw('vacuum analyze fix');
  const table = 'fix_20260127';
  const count = (await db(table).count<{ n: number }>('* as n').first())!.n;
  say(`${count} fixes of ${vehicles} vehicles written in ${((performance.now() - began) / 1000).toFixed(0)} s`);

  const raw = await measure(db, fleet, { from, hours, seed }, await sizeOf(db, table), count);
  say(`single fixes: ${raw.track_ms} ms a vehicle's day, ${raw.near_ms} ms who was here`);
  const before = await someTracks(db, fleet, seed);
  const clock = simulatedClock(new Date(DAY.getTime() + 4 * 24 * HOUR_MILLIS));
  const tools = { db, clock, ids: randomIds, readers: [], committed: () => undefined };
  const days = () => ({ fixes: 2, tracks: 30, vehicleDays: 730 });
  const cpu = process.cpuUsage();
  began = performance.now();
  const compacted = await compactFixes({ tools, log: createLog({ level: 'warn' }), days });
  const seconds = (performance.now() - began) / 1000;
  const used = process.cpuUsage(cpu);
  if (compacted.fixes !== count) throw new Error(`${compacted.fixes} of ${count} fixes were compacted`);
  await db.raw('vacuum analyze track_segment');
  const segments = await measure(db, fleet, { from, hours, seed }, await sizeOf(db, 'track_segment_20260127'), count);
  const bodies = await db('track_segment')
    .sum<{ n: number }>({ n: db.raw('octet_length(body)') })
    .first();
  return {
    bench: 'history',
    machine: machine(),
    motion: { ...MOTION, ...CITY, vehicles, hours, seed },
    points: count,
    track_ms: segments.track_ms,
    near_ms: segments.near_ms,
    bytes_per_point: segments.bytes_per_point,
    body_bytes_per_point: Math.round((bodies!.n / count) * 100) / 100,
    compaction_rows_per_second: Math.round(count / seconds),
    compaction_node_cpu_percent: Math.round((used.user + used.system) / 1e4 / seconds),
    segments: compacted.segments,
    same_answers: isSame(before, await someTracks(db, fleet, seed)),
    compacted: segments,
    raw,
  };
}

/** Whole relation: heap, TOAST and indexes. */
async function sizeOf(db: Db, table: string): Promise<number> {
  const { rows } = await db.raw<{ rows: { n: number }[] }>('select pg_total_relation_size(?) as n', [table]);
  return rows[0]!.n;
}

interface Period {
  readonly from: Date;
  readonly hours: number;
  readonly seed: number;
}

async function measure(db: Db, fleet: readonly HistoryVehicle[], period: Period, bytes: number, points: number): Promise<Kept> {
  const chance = randomOf(period.seed + 7);
  const tracks: number[] = [];
  const nears: number[] = [];
  let [trackPoints, nearVehicles, trackCpu] = [0, 0, 0];
  const end = new Date(DAY.getTime() + 24 * HOUR_MILLIS);
  for (let k = 0; k < QUESTIONS; k++) {
    const vehicle = fleet[Math.floor(chance() * fleet.length)]!;
    let began = performance.now();
    const cpu = process.cpuUsage();
    const track = await trackOf(db, { vehicleId: vehicle.vehicleId }, DAY, end);
    tracks.push(performance.now() - began);
    const used = process.cpuUsage(cpu);
    trackCpu += (used.user + used.system) / 1000;
    trackPoints += track.length;
    const place = track[Math.floor(chance() * track.length)]!;
    const from = new Date(period.from.getTime() + Math.floor(chance() * (period.hours - 1)) * HOUR_MILLIS);
    began = performance.now();
    const near = await listNear(db, {
      lon: place.lon,
      lat: place.lat,
      metres: RADIUS_METRES,
      from,
      until: new Date(from.getTime() + HOUR_MILLIS),
      organisationId: null,
    });
    nears.push(performance.now() - began);
    nearVehicles += near.length;
  }
  return {
    track_ms: middle(tracks),
    track_worst_ms: rounded(Math.max(...tracks)),
    track_node_cpu_ms: rounded(trackCpu / QUESTIONS),
    track_points: Math.round(trackPoints / QUESTIONS),
    near_ms: middle(nears),
    near_worst_ms: rounded(Math.max(...nears)),
    near_vehicles: rounded(nearVehicles / QUESTIONS),
    total_mb: Math.round(bytes / 1e6),
    bytes_per_point: Math.round((bytes / points) * 100) / 100,
  };
}

/** Tracks of some vehicles, to be held against each other. */
async function someTracks(db: Db, fleet: readonly HistoryVehicle[], seed: number): Promise<TrackPoint[]> {
  const chance = randomOf(seed + 11);
  const points: TrackPoint[] = [];
  for (let k = 0; k < 5; k++) {
    const { vehicleId } = fleet[Math.floor(chance() * fleet.length)]!;
    points.push(...(await trackOf(db, { vehicleId }, DAY, new Date(DAY.getTime() + 24 * HOUR_MILLIS), { everything: true })));
  }
  return points;
}

/** The same questions get the same answers before and after, but for what a segment rounds. */
const isSame = (before: readonly TrackPoint[], after: readonly TrackPoint[]): boolean =>
  before.length === after.length &&
  before.every((one, i) => {
    const other = after[i]!;
    return (
      Math.abs(one.time.getTime() - other.time.getTime()) <= 50 &&
      Math.abs(one.lon - other.lon) < 0.6e-6 &&
      Math.abs(one.lat - other.lat) < 0.6e-6 &&
      Math.abs(one.speedMps! - other.speedMps!) < 0.06 &&
      Math.abs(one.headingDegrees! - other.headingDegrees!) < 0.6 &&
      Math.abs(one.accuracyMetres! - other.accuracyMetres!) < 0.6 &&
      one.flags === other.flags
    );
  });

const rounded = (value: number): number => Math.round(value * 10) / 10;
const middle = (values: readonly number[]): number => rounded([...values].sort((a, b) => a - b)[Math.floor(values.length / 2)]!);

function show(report: Awaited<ReturnType<typeof run>>): void {
  const { raw, compacted, motion, ...rest } = report;
  console.log(JSON.stringify(motion));
  for (const [key, value] of Object.entries(rest)) console.log(`  ${key.padEnd(30)}${String(value)}`);
  console.log(`\n  ${''.padEnd(20)}${'compacted'.padStart(12)}${'single fixes'.padStart(14)}`);
  for (const key of Object.keys(raw) as (keyof Kept)[])
    console.log(`  ${key.padEnd(20)}${String(compacted[key]).padStart(12)}${String(raw[key]).padStart(14)}`);
}

try {
  await main(process.argv.slice(2));
} catch (error) {
  tellFailure(error);
  process.exitCode = 1;
}
