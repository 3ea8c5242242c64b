import { setTimeout as pause } from 'node:timers/promises';
import type { Db } from '../../../db/knex.ts';
import { systemActor } from '../../platform/actor.ts';
import { inChange, type ChangeTools } from '../../platform/change.ts';
import type { Change } from '../../platform/events.ts';
import type { Log } from '../../platform/log.ts';
import {
  compactLate,
  countDay,
  CountsDiffer,
  detachDay,
  dropSegmentDay,
  dropStraySegments,
  dropVehicleDays,
  listCompactable,
  listSegmentDays,
  makeSegments,
  putSegmentsInForce,
  type CompactableDay,
  type Dropped,
} from '../../stores/positions/history/compaction.ts';
import { lockPartitions } from '../../stores/positions/partitions.ts';

export interface KeepPositionsDeps {
  readonly tools: ChangeTools;
  readonly log: Log;
  /** Days that each class is kept; null = for good. */
  readonly days: () => { readonly fixes: number | null; readonly tracks: number | null; readonly vehicleDays: number | null };
}

/** What became of one run. */
export interface CompactionReport {
  readonly days: number;
  readonly fixes: number;
  readonly late: number;
  readonly segments: number;
}

const DAY_MILLIS = 86_400_000;
/**
 * Positions that come in wait behind whoever waits for the whole table: so nobody waits for it longer than this, and it is
 * tried again.
 */
const LOCK_MILLIS = 150;
const LOCK_TRIES = 40;
const LOCK_PAUSE_MILLIS = 250;

/**
 * Compacts whole UTC days of fixes that are older than the city keeps them singly, oldest first, then what came late.
 * May be ended at any moment, by a crash too: what is there is then read as before, and the next run goes on.
 * @throws CountsDiffer, or what the database threw; the day it was at stays as it is.
 */
export async function compactFixes(deps: KeepPositionsDeps, signal?: AbortSignal): Promise<CompactionReport> {
  const { tools, log } = deps;
  const { fixes: keptDays } = deps.days();
  const report = { days: 0, fixes: 0, late: 0, segments: 0 };
  if (keptDays === null) return report;
  const endedBy = new Date(tools.clock.now().getTime() - keptDays * DAY_MILLIS);
  for (const found of await listCompactable(tools.db, endedBy)) {
    const day = found.detached ? found : await withLock(tools.db, (tx) => detach(tx, found));
    const made = await makeSegments(tools.db, day, signal);
    const counted = await countDay(tools.db, day);
    if (counted !== made.fixes)
      throw new CountsDiffer(`${day.table} has ${counted} fixes, ${made.fixes} were compacted; it stays.`);
    await changeWithLock(tools, async (change) => {
      await lockPartitions(change.tx);
      await putSegmentsInForce(change.tx, day, counted);
      const { fixes, segments, bodyBytes } = made;
      change.emit({
        type: 'fixes.compacted',
        body: { day: day.day.toISOString().slice(0, 10), fixes, segments, bytes: bodyBytes },
      });
    });
    log.info({ day: day.table, ...made }, 'fixes compacted into tracks');
    report.days++;
    report.fixes += made.fixes;
    report.segments += made.segments;
  }
  for (;;) {
    signal?.throwIfAborted();
    const late = await inChange(tools, systemActor, async (change) => {
      const some = await compactLate(change.tx, endedBy);
      const { fixes, known, segments, bodyBytes } = some;
      if (fixes > 0) change.emit({ type: 'fixes.compacted', body: { day: null, fixes, known, segments, bytes: bodyBytes } });
      return some;
    });
    if (late.fixes === 0) return report;
    report.late += late.fixes;
    report.segments += late.segments;
  }
}

async function detach(tx: Db, day: CompactableDay): Promise<CompactableDay> {
  await lockPartitions(tx);
  return detachDay(tx, day);
}

/** Drops what has been kept for its days, each drop with an event. Returns what was dropped. */
export async function dropWhatIsOver(deps: KeepPositionsDeps, signal?: AbortSignal): Promise<Dropped[]> {
  const { tools } = deps;
  const { tracks, vehicleDays } = deps.days();
  const now = tools.clock.now().getTime();
  const dropped: Dropped[] = [];
  const drop = async (work: (tx: Db) => Promise<Dropped | null>): Promise<void> => {
    signal?.throwIfAborted();
    const gone = await changeWithLock(tools, async (change) => {
      const what = await work(change.tx);
      if (what !== null) change.emit({ type: `${what.what}.dropped`, body: told(what) });
      return what;
    });
    if (gone !== null) dropped.push(gone);
  };
  if (tracks !== null) {
    const endedBy = new Date(now - tracks * DAY_MILLIS);
    for (const day of await listSegmentDays(tools.db, endedBy)) await drop((tx) => dropSegmentDay(tx, day));
    await drop((tx) => dropStraySegments(tx, endedBy));
  }
  if (vehicleDays !== null) await drop((tx) => dropVehicleDays(tx, new Date(now - vehicleDays * DAY_MILLIS)));
  for (const one of dropped) deps.log.info(one, 'dropped, its days were over');
  return dropped;
}

const told = ({ from, until, count }: Dropped): Record<string, unknown> => ({
  from: from.toISOString(),
  until: until.toISOString(),
  count,
});

const changeWithLock = <T>(tools: ChangeTools, work: (change: Change) => Promise<T>): Promise<T> =>
  untilLocked(() =>
    inChange(tools, systemActor, async (change) => {
      await change.tx.raw(`set local lock_timeout = ${LOCK_MILLIS}`);
      return work(change);
    }),
  );

const withLock = <T>(db: Db, work: (tx: Db) => Promise<T>): Promise<T> =>
  untilLocked(() =>
    db.transaction(async (tx) => {
      await tx.raw(`set local lock_timeout = ${LOCK_MILLIS}`);
      return work(tx);
    }),
  );

async function untilLocked<T>(work: () => Promise<T>): Promise<T> {
  for (let attempt = 1; ; attempt++) {
    try {
      return await work();
    } catch (error) {
      if (attempt >= LOCK_TRIES || !isLockTimeout(error)) throw error;
      await pause(LOCK_PAUSE_MILLIS);
    }
  }
}

const isLockTimeout = (error: unknown): boolean => error instanceof Error && 'code' in error && error.code === '55P03';
