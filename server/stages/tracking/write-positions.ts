import { setTimeout as pause } from 'node:timers/promises';
import { isConnectionLost, type Db } from '../../../db/knex.ts';
import type { CityClock } from '../../platform/clock.ts';
import type { Log } from '../../platform/log.ts';
import type { FixReceipt } from '../../stores/positions/contract.ts';
import { FixRows } from '../../stores/positions/fix-rows.ts';
import { ensureFixPartitions } from '../../stores/positions/partitions.ts';
import { writePositions, type DeviceSign, type VehicleMove, type WrittenFixes } from '../../stores/positions/store.ts';
import { followUp, type StoredPositions } from './follow-up.ts';

/** How whoever sent a batch hears what became of it. */
export interface Told {
  /** It is stored. @param deviceSeqs the numbers of its fixes */
  stored(receipt: FixReceipt, deviceSeqs: readonly number[]): void;
  refused(error: unknown): void;
}

/** A batch that the rules have looked at, and whose fixes have been added to the rows that are written next. */
export interface InspectedBatch {
  readonly deviceId: string;
  /** Its first row among those that are written next; they are all those from there on. */
  readonly from: number;
  /** How many fixes it had; those that were in it twice have one row. */
  readonly sent: number;
  /** The highest number in it. */
  readonly through: number;
  /** Vehicles whose marker it moved. */
  readonly moves: readonly VehicleMove[];
  readonly receivedAt: Date;
  readonly told: Told;
}

export interface WriterDeps {
  readonly db: Db;
  readonly clock: CityClock;
  readonly log: Log;
  readonly tickMillis: number;
  readonly count: (what: 'stored' | 'known', amount: number) => void;
  readonly onStored: (stored: StoredPositions) => Promise<void>;
  readonly unwritten: { add(rows: FixRows): void };
  /** So many fixes are written or refused: they wait no longer. */
  readonly ended: (fixes: number) => void;
  /** Called after the database has been away, before the next write: what it had unlogged may be gone. */
  readonly restore: () => Promise<void>;
}

export interface Writer {
  /** The rows that are written next: the fixes of a batch go here, then the batch itself is added. */
  next(): FixRows;
  add(batch: InspectedBatch): void;
  /** Writes what is waiting. */
  stop(): Promise<void>;
}

/** What is written in one statement. */
interface Load {
  readonly rows: FixRows;
  readonly batches: InspectedBatch[];
}

/** Fixes of one statement; measured best between 1,000 and 2,500. */
const MOST_TOGETHER = 2_000;

/** Writes positions, many devices' in one transaction, one transaction after another, and acknowledges them after the commit. */
export function openWriter(deps: WriterDeps): Writer {
  const { db, clock } = deps;
  let full: Load[] = [];
  let filling: Load = { rows: new FixRows(), batches: [] };
  /** With room for as many as the one before had. */
  const emptyLoad = (): Load => ({ rows: new FixRows(filling.rows.size), batches: [] });
  let writing: Promise<void> | null = null;
  let wasAway = false;
  let hurry = false;
  const partitions = new Set<string>();
  const following = followUp(deps);

  async function write(load: Load): Promise<void> {
    const rows = withoutDoubles(load);
    const moved = lastMoves(load.batches);
    let written: WrittenFixes;
    try {
      if (wasAway) {
        await deps.restore();
        wasAway = false;
      }
      await partitionsOf(db, clock.now(), partitions);
      const markers = moved.map(({ marker }) => marker);
      written = await writePositions(db, rows, markers, lastSigns(load.batches));
    } catch (error) {
      return isNotWritten(load, error);
    }
    await isWritten(load, rows, moved, written);
  }

  async function isWritten(load: Load, rows: FixRows, moved: readonly VehicleMove[], written: WrittenFixes): Promise<void> {
    const receipts = receiptsOf(load, rows, written.newKeys);
    const known = receipts.reduce((sum, receipt) => sum + receipt.known, 0);
    deps.count('stored', written.stored);
    if (known > 0) deps.count('known', known);
    const stored = { moved, tracks: tracksOf(rows, written.newKeys) };
    if (deps.tickMillis === 0) await following.now(stored);
    else following.soon(stored);
    load.batches.forEach((batch, i) => tell(batch, ({ told }) => told.stored(receipts[i]!, seqsOf(load, i))));
  }

  async function isNotWritten(load: Load, error: unknown): Promise<void> {
    const { rows, batches } = load;
    if (isConnectionLost(error)) wasAway = true;
    else if (batches.length > 1) {
      // One batch that cannot be stored must not hold up the others'.
      for (let i = 0; i < batches.length; i++) await write(loadOfOne(load, i));
      return;
    }
    deps.log.debug({ err: error, fixes: rows.size }, 'positions could not be written; their devices send them again');
    deps.unwritten.add(rows);
    for (const batch of batches) tell(batch, ({ told }) => told.refused(error));
  }

  /** Whatever goes wrong with telling one device, the others are told too, and what is stored stays stored. */
  function tell(batch: InspectedBatch, how: (batch: InspectedBatch) => void): void {
    deps.ended(batch.sent);
    try {
      how(batch);
    } catch (error) {
      deps.log.error({ err: error, device: batch.deviceId }, 'a device could not be told what became of its positions');
    }
  }

  async function writeAll(): Promise<void> {
    const { tickMillis } = deps;
    let due = performance.now() + tickMillis;
    while (full.length > 0 || filling.batches.length > 0) {
      const early = due - performance.now();
      if (tickMillis > 0 && early > 0 && !hurry) await pause(early);
      due = performance.now() + tickMillis;
      // Everything that has come until now; the next tick has what comes meanwhile.
      const loads = [...full, filling];
      full = [];
      filling = emptyLoad();
      for (const load of loads) if (load.batches.length > 0) await write(load);
    }
  }

  function wake(): void {
    writing ??= writeAll().finally(() => {
      writing = null;
      if (full.length > 0 || filling.batches.length > 0) wake();
    });
  }

  return {
    next() {
      if (filling.rows.size >= MOST_TOGETHER) {
        full.push(filling);
        filling = emptyLoad();
      }
      return filling.rows;
    },
    add(batch) {
      filling.batches.push(batch);
      wake();
    },
    async stop() {
      hurry = true;
      while (writing) await writing;
      await following.stop();
    },
  };
}

/** Where the rows of a batch end. */
const endOf = ({ rows, batches }: Load, i: number): number => batches[i + 1]?.from ?? rows.size;

function seqsOf(load: Load, i: number): number[] {
  const seqs: number[] = [];
  for (let row = load.batches[i]!.from; row < endOf(load, i); row++) seqs.push(load.rows.at('deviceSeq', row));
  return seqs;
}

function loadOfOne(load: Load, i: number): Load {
  const [from, end] = [load.batches[i]!.from, endOf(load, i)];
  return { rows: load.rows.filter((row) => row >= from && row < end), batches: [{ ...load.batches[i]!, from: 0 }] };
}

/** The fixes of all, each key once: what a device sends twice while it waits is one fix. */
function withoutDoubles({ rows, batches }: Load): FixRows {
  const devices = new Set<string>();
  for (const { deviceId } of batches) devices.add(deviceId);
  if (devices.size === batches.length) return rows;
  const keys = new Set<string>();
  return rows.filter((row) => {
    const before = keys.size;
    return keys.add(rows.key(row)).size > before;
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
  for (const { deviceId, through, receivedAt } of batches) {
    const before = signs.get(deviceId)?.seq ?? 0;
    signs.set(deviceId, { deviceId, seq: Math.max(through, before), at: receivedAt });
  }
  return [...signs.values()];
}

/** A fix counts as stored for the first batch that brought it, as known for every other. @param written each of them once */
function receiptsOf(load: Load, written: FixRows, newKeys: ReadonlySet<string> | null): FixReceipt[] {
  const { rows, batches } = load;
  const allAreNew = newKeys === null && written === rows;
  const counted = new Set<string>();
  return batches.map(({ from, sent, through }, i) => {
    let stored = 0;
    if (allAreNew) stored = endOf(load, i) - from;
    else {
      for (let row = from; row < endOf(load, i); row++) {
        const key = rows.key(row);
        if ((newKeys !== null && !newKeys.has(key)) || counted.has(key)) continue;
        counted.add(key);
        stored++;
      }
    }
    return { through, stored, known: sent - stored };
  });
}

function tracksOf(rows: FixRows, newKeys: ReadonlySet<string> | null): StoredPositions['tracks'] {
  const tracks = new Map<string, { vehicleId: string; fromMillis: number; untilMillis: number }>();
  for (let row = 0; row < rows.size; row++) {
    const vehicleId = rows.vehicleIds[row]!;
    if (vehicleId === null || (newKeys !== null && !newKeys.has(rows.key(row)))) continue;
    const at = rows.at('correctedMillis', row);
    const track = tracks.get(vehicleId);
    if (track === undefined) tracks.set(vehicleId, { vehicleId, fromMillis: at, untilMillis: at });
    else {
      track.fromMillis = Math.min(track.fromMillis, at);
      track.untilMillis = Math.max(track.untilMillis, at);
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
