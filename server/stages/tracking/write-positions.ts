import { setTimeout as pause } from 'node:timers/promises';
import { isConnectionLost, type Db } from '../../../db/knex.ts';
import type { CityClock } from '../../platform/clock.ts';
import type { Log } from '../../platform/log.ts';
import type { FixReceipt, SentFix } from '../../stores/positions/contract.ts';
import { ensureFixPartitions } from '../../stores/positions/partitions.ts';
import { fixKey, writePositions, type DeviceSign, type StoredFix, type VehicleMove } from '../../stores/positions/store.ts';
import { followUp, type StoredPositions } from './follow-up.ts';

/** A batch that the rules have looked at. */
export interface InspectedBatch {
  readonly deviceId: string;
  readonly sent: readonly SentFix[];
  /** Those of the batch, no key twice, with what was found about each. */
  readonly fixes: readonly StoredFix[];
  /** Vehicles whose marker it moved. */
  readonly moves: readonly VehicleMove[];
  readonly receivedAt: Date;
  readonly resolve: (receipt: FixReceipt) => void;
  readonly reject: (error: unknown) => void;
  /** It is written or refused: it waits no longer. */
  readonly ended: () => void;
}

export interface WriterDeps {
  readonly db: Db;
  readonly clock: CityClock;
  readonly log: Log;
  readonly tickMillis: number;
  readonly count: (what: 'stored' | 'known', amount: number) => void;
  readonly onStored: (stored: StoredPositions) => Promise<void>;
  readonly unwritten: { add(fixes: readonly StoredFix[]): void };
  /** Called after the database has been away, before the next write: what it had unlogged may be gone. */
  readonly restore: () => Promise<void>;
}

export interface Writer {
  add(batch: InspectedBatch): void;
  /** Writes what is waiting. */
  stop(): Promise<void>;
}

/** Fixes of one statement; measured best between 1,000 and 2,500. */
const MOST_TOGETHER = 2_000;

/** Writes positions, many devices' in one transaction, one transaction after another, and acknowledges them after the commit. */
export function openWriter(deps: WriterDeps): Writer {
  const { db, clock } = deps;
  let waiting: InspectedBatch[] = [];
  let writing: Promise<void> | null = null;
  let wasAway = false;
  let hurry = false;
  const partitions = new Set<string>();
  const following = followUp(deps);

  async function write(batches: readonly InspectedBatch[]): Promise<void> {
    try {
      if (wasAway) {
        await deps.restore();
        wasAway = false;
      }
      await partitionsOf(db, clock.now(), partitions);
      const fixes = withoutDoubles(batches);
      const moved = lastMoves(batches);
      const written = await writePositions(
        db,
        fixes,
        moved.map(({ marker }) => marker),
        lastSigns(batches),
      );
      const receipts = receiptsOf(batches, fixes.length, written.newKeys);
      const known = receipts.reduce((sum, receipt) => sum + receipt.known, 0);
      deps.count('stored', written.stored);
      if (known > 0) deps.count('known', known);
      const stored = { moved, tracks: tracksOf(batches, written.newKeys) };
      if (deps.tickMillis === 0) await following.now(stored);
      else following.soon(stored);
      batches.forEach((one, i) => {
        one.ended();
        one.resolve(receipts[i]!);
      });
    } catch (error) {
      if (isConnectionLost(error)) wasAway = true;
      else if (batches.length > 1) {
        // One batch that cannot be stored must not hold up the others'.
        for (const one of batches) await write([one]);
        return;
      }
      for (const one of batches) {
        deps.unwritten.add(one.fixes);
        one.ended();
        one.reject(error);
      }
    }
  }

  async function writeAll(): Promise<void> {
    const { tickMillis } = deps;
    let due = performance.now() + tickMillis;
    while (waiting.length > 0) {
      const early = due - performance.now();
      if (tickMillis > 0 && early > 0 && !hurry) await pause(early);
      due = performance.now() + tickMillis;
      // Everything that has come until now; the next tick has what comes meanwhile.
      let taken = waiting;
      waiting = [];
      while (taken.length > 0) {
        let fixes = 0;
        let count = 0;
        while (count < taken.length && (count === 0 || fixes + taken[count]!.fixes.length <= MOST_TOGETHER)) {
          fixes += taken[count]!.fixes.length;
          count++;
        }
        await write(taken.slice(0, count));
        taken = taken.slice(count);
      }
    }
  }

  function wake(): void {
    writing ??= writeAll().finally(() => {
      writing = null;
      if (waiting.length > 0) wake();
    });
  }

  return {
    add(batch) {
      waiting.push(batch);
      wake();
    },
    async stop() {
      hurry = true;
      while (writing) await writing;
      await following.stop();
    },
  };
}

/** The fixes of all, each key once: what a device sends twice while it waits is one fix. */
function withoutDoubles(batches: readonly InspectedBatch[]): StoredFix[] {
  const devices = new Set<string>();
  let again = false;
  for (const { deviceId } of batches) {
    again ||= devices.has(deviceId);
    devices.add(deviceId);
  }
  const all = batches.flatMap(({ fixes }) => fixes);
  if (!again) return all;
  const keys = new Set<string>();
  return all.filter((fix) => {
    const key = fixKey(fix);
    if (keys.has(key)) return false;
    keys.add(key);
    return true;
  });
}

/** Of each vehicle the last. */
function lastMoves(batches: readonly InspectedBatch[]): VehicleMove[] {
  const last = new Map<string, VehicleMove>();
  for (const { moves } of batches) for (const move of moves) last.set(move.marker.vehicleId, move);
  return [...last.values()];
}

function lastSigns(batches: readonly InspectedBatch[]): DeviceSign[] {
  const signs = new Map<string, DeviceSign>();
  for (const { deviceId, sent, receivedAt } of batches) {
    const before = signs.get(deviceId)?.seq ?? 0;
    signs.set(deviceId, { deviceId, seq: highestSeq(sent, before), at: receivedAt });
  }
  return [...signs.values()];
}

const highestSeq = (sent: readonly SentFix[], least: number): number =>
  sent.reduce((most, { deviceSeq }) => Math.max(most, deviceSeq), least);

/** A fix counts as stored for the first batch that brought it, as known for every other. @param apart how many of them are different fixes */
function receiptsOf(batches: readonly InspectedBatch[], apart: number, newKeys: ReadonlySet<string> | null): FixReceipt[] {
  const all = batches.reduce((sum, { fixes }) => sum + fixes.length, 0);
  const allAreNew = newKeys === null && all === apart;
  const counted = new Set<string>();
  return batches.map(({ sent, fixes }) => {
    const through = highestSeq(sent, 0);
    let stored = 0;
    if (allAreNew) stored = fixes.length;
    else {
      for (const fix of fixes) {
        const key = fixKey(fix);
        if ((newKeys !== null && !newKeys.has(key)) || counted.has(key)) continue;
        counted.add(key);
        stored++;
      }
    }
    return { through, stored, known: sent.length - stored };
  });
}

function tracksOf(batches: readonly InspectedBatch[], newKeys: ReadonlySet<string> | null): StoredPositions['tracks'] {
  const tracks = new Map<string, { vehicleId: string; from: Date; until: Date }>();
  for (const { fixes } of batches) {
    for (const fix of fixes) {
      const { vehicleId, correctedTime } = fix;
      if (vehicleId === null || (newKeys !== null && !newKeys.has(fixKey(fix)))) continue;
      const track = tracks.get(vehicleId);
      if (track === undefined) tracks.set(vehicleId, { vehicleId, from: correctedTime, until: correctedTime });
      else {
        if (correctedTime < track.from) track.from = correctedTime;
        if (correctedTime > track.until) track.until = correctedTime;
      }
    }
  }
  return [...tracks.values()];
}

/** A day's partition is made when the first fix of that day comes; the one after it is then there in time. */
async function partitionsOf(db: Db, now: Date, known: Set<string>): Promise<void> {
  const day = now.toISOString().slice(0, 10);
  if (known.has(day)) return;
  await ensureFixPartitions(db, now);
  known.add(day);
}
