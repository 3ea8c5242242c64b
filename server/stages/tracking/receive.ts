import { setTimeout as pause } from 'node:timers/promises';
import { isConnectionLost, type Db } from '../../../db/knex.ts';
import type { Actor } from '../../platform/actor.ts';
import type { CityClock } from '../../platform/clock.ts';
import type { Log } from '../../platform/log.ts';
import { Problem } from '../../platform/problem.ts';
import { bindingAt, type DeviceBindings } from '../../stores/positions/bindings.ts';
import type { FixBatch, FixFlag, FixReceipt, VehiclePosition } from '../../stores/positions/contract.ts';
import { ensureFixPartitions } from '../../stores/positions/partitions.ts';
import {
  appendFixes,
  fixKey,
  listShiftsOfVehicles,
  lockMarkers,
  moveMarkers,
  noteDevices,
  positionOf,
  type Marker,
  type StoredFix,
} from '../../stores/positions/store.ts';
import { inspect, type DeviceState } from './pipeline.ts';
import type { CandidateFix, FixLimits, Sighting } from './rules/rule.ts';

/** What one write of positions changed, for the live stream, fences and verification. */
export interface StoredPositions {
  /** Vehicles whose marker moved, with the organisation whose desks may see them. */
  readonly moved: readonly { readonly organisationId: string; readonly position: VehiclePosition }[];
  /** Every vehicle that got fixes, and between which corrected times. */
  readonly tracks: readonly { readonly vehicleId: string; readonly from: Date; readonly until: Date }[];
  readonly at: Date;
}

export interface TrackingDeps {
  readonly db: Db;
  readonly clock: CityClock;
  readonly bindings: DeviceBindings;
  readonly limits: FixLimits;
  readonly log: Log;
  /**
   * Milliseconds of wall time in which what arrives is written together; 0: written before anything else happens
   * (a simulated city, where everything must be so in every run).
   */
  readonly tickMillis: number;
  /** Counts what came in and what was found: `received`, `stored`, `known`, and a name for each rule. */
  readonly count: (what: FixFlag | 'received' | 'stored' | 'known', amount: number) => void;
  /** After the commit and before the devices are answered. What it throws is logged: positions are safe by then. */
  readonly onStored: (stored: StoredPositions) => Promise<void>;
}

export interface Tracking {
  /**
   * Takes a device's batch; resolves when it is stored, so that the device may forget it.
   * Rejects with Problem 403 `no-device`, 503 `positions-busy`, or what the database threw: the device keeps what it
   * has and sends it again.
   */
  receive(actor: Actor, batch: FixBatch): Promise<FixReceipt>;
  /** Writes what is waiting and takes no more. */
  stop(): Promise<void>;
}

interface Waiting {
  readonly deviceId: string;
  readonly batch: FixBatch;
  readonly receivedAt: Date;
  readonly resolve: (receipt: FixReceipt) => void;
  readonly reject: (error: unknown) => void;
}

type NewFix = StoredFix & CandidateFix;

/** What may wait for the database: about a minute of a whole metropolis, some 15 MB. */
const MOST_WAITING = 50_000;
/** Fixes of one statement; measured best between 1,000 and 2,500. */
const MOST_TOGETHER = 2_000;

/** The way of a position: received, put right, looked at by the rules, stored, shown. */
export function tracking(deps: TrackingDeps): Tracking {
  let waiting: Waiting[] = [];
  let amount = 0;
  let writing: Promise<void> | null = null;
  let stopped = false;
  const doubted = new Map<string, Sighting>();
  const partitions = new Set<string>();

  async function write(batches: readonly Waiting[]): Promise<void> {
    try {
      const written = await writeTogether(deps, batches, doubted, partitions);
      await deps.onStored(written.stored).catch((error: unknown) => {
        deps.log.error({ err: error }, 'positions are stored, what follows from them failed');
      });
      batches.forEach((one, i) => one.resolve(written.receipts[i]!));
    } catch (error) {
      if (batches.length > 1 && !isConnectionLost(error)) {
        // One batch that cannot be stored must not hold up the others'.
        for (const one of batches) await write([one]);
        return;
      }
      for (const one of batches) one.reject(error);
    }
  }

  async function writeAll(): Promise<void> {
    if (deps.tickMillis > 0) await pause(deps.tickMillis);
    while (waiting.length > 0) {
      let fixes = 0;
      let count = 0;
      while (count < waiting.length && (count === 0 || fixes + waiting[count]!.batch.fixes.length <= MOST_TOGETHER)) {
        fixes += waiting[count]!.batch.fixes.length;
        count++;
      }
      const batches = waiting.slice(0, count);
      waiting = waiting.slice(count);
      await write(batches);
      amount -= fixes;
    }
  }

  function wake(): void {
    writing ??= writeAll().finally(() => {
      writing = null;
      if (waiting.length > 0) wake();
    });
  }

  return {
    receive(actor, batch) {
      const { deviceId } = actor;
      if (deviceId === null) return Promise.reject(new Problem(403, 'no-device', 'Only an enrolled device can send positions.'));
      if (stopped) return Promise.reject(new Problem(503, 'closing', 'The server is closing; send the positions again.'));
      if (amount + batch.fixes.length > MOST_WAITING) {
        return Promise.reject(
          new Problem(503, 'positions-busy', 'More positions are waiting than can be stored; send them again.'),
        );
      }
      deps.count('received', batch.fixes.length);
      amount += batch.fixes.length;
      return new Promise((resolve, reject) => {
        waiting.push({ deviceId, batch, receivedAt: deps.clock.now(), resolve, reject });
        wake();
      });
    },
    async stop() {
      stopped = true;
      while (writing) await writing;
    },
  };
}

/** One transaction for the batches of many devices. What it learns for the next one is kept only after the commit. */
async function writeTogether(
  deps: TrackingDeps,
  batches: readonly Waiting[],
  doubted: Map<string, Sighting>,
  partitions: Set<string>,
): Promise<{ receipts: FixReceipt[]; stored: StoredPositions }> {
  const now = deps.clock.now();
  await partitionsOf(deps.db, now, partitions);
  const byDevice = new Map<string, { fixes: Map<string, NewFix>; receivedAt: Date }>();
  const devices = await deps.bindings.of(deps.db, [...new Set(batches.map((b) => b.deviceId))]);
  for (const one of batches) {
    const device = devices.get(one.deviceId);
    const entry = byDevice.get(one.deviceId) ?? { fixes: new Map<string, NewFix>(), receivedAt: one.receivedAt };
    byDevice.set(one.deviceId, entry);
    for (const fix of readFixes(one)) {
      const binding = device && bindingAt(device, fix.correctedTime);
      const vehicleId = binding?.vehicleId ?? null;
      const stored = { ...fix, vehicleId, source: device?.kind ?? 'unknown' };
      // The same fix twice in what waits: the first is it.
      if (!entry.fixes.has(fixKey(stored))) entry.fixes.set(fixKey(stored), stored);
    }
  }

  const found: Partial<Record<FixFlag, number>> = {};
  const nextDoubted = new Map<string, Sighting | null>();
  const { newKeys, all, moved } = await deps.db.transaction(async (tx) => {
    const vehicleIds = [...byDevice.values()].flatMap((d) => [...d.fixes.values()].flatMap((f) => f.vehicleId ?? []));
    const markers = new Map<string, Marker>(await lockMarkers(tx, [...new Set(vehicleIds)]));
    const toMove = new Map<string, Marker>();
    const all: StoredFix[] = [];
    for (const [deviceId, { fixes, receivedAt }] of [...byDevice].sort(([a], [b]) => (a < b ? -1 : 1))) {
      // A device that changed vehicles has more than one marker: each vehicle's fixes are looked at by themselves.
      for (const [vehicleId, own] of groupByVehicle(fixes.values())) {
        const marker = vehicleId === null ? undefined : markers.get(vehicleId);
        const state: DeviceState = { marker: marker ?? null, doubted: doubted.get(deviceId) ?? null };
        const inspection = inspect(own, state, receivedAt, deps.limits);
        nextDoubted.set(deviceId, inspection.state.doubted);
        for (const [flag, n] of Object.entries(inspection.found) as [FixFlag, number][]) found[flag] = (found[flag] ?? 0) + n;
        all.push(...inspection.fixes.map(({ fix, flags }) => ({ ...fix, flags })));
        if (vehicleId !== null && inspection.moveTo) {
          const next = { ...inspection.moveTo, vehicleId };
          markers.set(vehicleId, next);
          toMove.set(vehicleId, next);
        }
      }
    }
    const newKeys = await appendFixes(tx, all);
    const movedIds = new Set(await moveMarkers(tx, [...toMove.values()]));
    await noteDevices(
      tx,
      [...byDevice].map(([deviceId, { fixes, receivedAt }]) => ({
        deviceId,
        seq: Math.max(...[...fixes.values()].map((f) => f.deviceSeq)),
        at: receivedAt,
      })),
    );
    return { newKeys, all, moved: [...toMove.values()].filter((m) => movedIds.has(m.vehicleId)) };
  });

  for (const [deviceId, sighting] of nextDoubted) {
    if (sighting === null) doubted.delete(deviceId);
    else doubted.set(deviceId, sighting);
  }
  for (const [flag, n] of Object.entries(found) as [FixFlag, number][]) deps.count(flag, n);
  const counted = new Set<string>();
  const receipts = batches.map((one) => receiptOf(one, newKeys, counted));
  deps.count('stored', newKeys.size);
  deps.count(
    'known',
    receipts.reduce((sum, r) => sum + r.known, 0),
  );

  const shifts = await listShiftsOfVehicles(
    deps.db,
    moved.map((m) => m.vehicleId),
    now,
  );
  const organisations = new Map([...devices.values()].flatMap((d) => d.bindings.map((b) => [b.vehicleId, b.organisationId])));
  return {
    receipts,
    stored: {
      at: now,
      moved: moved.map((marker) => ({
        organisationId: organisations.get(marker.vehicleId) ?? '',
        position: positionOf(marker, shifts.get(marker.vehicleId) ?? null, now),
      })),
      tracks: tracksOf(all.filter((fix) => newKeys.has(fixKey(fix)))),
    },
  };
}

/** The fixes of a batch with their times put right by the clock of the request that brought them. */
function readFixes({ deviceId, batch, receivedAt }: Waiting): Omit<NewFix, 'vehicleId' | 'source'>[] {
  const offset = batch.sentAt === undefined ? 0 : receivedAt.getTime() - Date.parse(batch.sentAt);
  return batch.fixes.map((fix) => {
    const fixTime = new Date(fix.fixTime);
    const time = new Date(fixTime.getTime() + offset);
    return {
      deviceId,
      deviceSeq: fix.deviceSeq,
      fixTime,
      time,
      correctedTime: time,
      receivedAt,
      lon: fix.lon,
      lat: fix.lat,
      accuracyMetres: asReal(fix.accuracyMetres),
      speedMps: asReal(fix.speedMps),
      headingDegrees: asReal(fix.headingDegrees),
      flags: 0,
    };
  });
}

/** What a four-byte column holds: a number too small for it is nothing, not an error. */
const asReal = (value: number | undefined): number | null => (value === undefined ? null : Math.fround(value));

function groupByVehicle(fixes: Iterable<NewFix>): Map<string | null, NewFix[]> {
  const groups = new Map<string | null, NewFix[]>();
  for (const fix of fixes) groups.set(fix.vehicleId, [...(groups.get(fix.vehicleId) ?? []), fix]);
  return groups;
}

/** A fix counts as stored for the first batch that brought it, as known for every other. */
function receiptOf(one: Waiting, newKeys: ReadonlySet<string>, counted: Set<string>): FixReceipt {
  let stored = 0;
  for (const fix of one.batch.fixes) {
    const key = fixKey({ deviceId: one.deviceId, fixTime: new Date(fix.fixTime), deviceSeq: fix.deviceSeq });
    if (!newKeys.has(key) || counted.has(key)) continue;
    counted.add(key);
    stored++;
  }
  const through = Math.max(...one.batch.fixes.map((fix) => fix.deviceSeq));
  return { through, stored, known: one.batch.fixes.length - stored };
}

function tracksOf(fixes: readonly StoredFix[]): StoredPositions['tracks'] {
  const tracks = new Map<string, { vehicleId: string; from: Date; until: Date }>();
  for (const { vehicleId, correctedTime } of fixes) {
    if (vehicleId === null) continue;
    const track = tracks.get(vehicleId) ?? { vehicleId, from: correctedTime, until: correctedTime };
    if (correctedTime < track.from) track.from = correctedTime;
    if (correctedTime > track.until) track.until = correctedTime;
    tracks.set(vehicleId, track);
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
