import { setTimeout as pause } from 'node:timers/promises';
import type { Db } from '../../../db/knex.ts';
import type { Actor } from '../../platform/actor.ts';
import type { CityClock } from '../../platform/clock.ts';
import type { Log } from '../../platform/log.ts';
import { Problem } from '../../platform/problem.ts';
import { bindingAt, type BoundDevice, type DeviceBindings } from '../../stores/positions/bindings.ts';
import type { FixBatch, FixFlag, FixReceipt } from '../../stores/positions/contract.ts';
import { fixKey, type StoredFix } from '../../stores/positions/fix-rows.ts';
import { hasMarkers, readMarkers, restoreMarkers, type Marker, type VehicleMove } from '../../stores/positions/store.ts';
import { restoreFromSegments } from '../../stores/positions/history/restore.ts';
import type { VehicleShifts } from '../../stores/positions/vehicle-shifts.ts';
import type { StoredPositions } from './follow-up.ts';
import { inspect } from './pipeline.ts';
import type { CandidateFix, FixLimits, Sighting } from './rules/rule.ts';
import { Unwritten } from './unwritten.ts';
import { openWriter, type Told, type Writer } from './write-positions.ts';

export interface TrackingDeps {
  readonly db: Db;
  readonly clock: CityClock;
  readonly bindings: DeviceBindings;
  readonly shifts: VehicleShifts;
  readonly limits: FixLimits;
  readonly log: Log;
  /**
   * Milliseconds of wall time in which what arrives is written together; 0: written before anything else happens
   * (a simulated city, where everything must be so in every run).
   */
  readonly tickMillis: number;
  /** Counts what came in and what was found: `received`, `stored`, `known`, and a name for each rule. */
  readonly count: (what: FixFlag | 'received' | 'stored' | 'known', amount: number) => void;
  /** At once, before they are stored: a map is not made to wait for the disk. */
  readonly onMoved: (moves: readonly VehicleMove[]) => void;
  /** Where vehicles were when the server began, or the database came back. */
  readonly onRestored: (moves: readonly VehicleMove[]) => void;
  /** After the commit; in a simulated city before the devices are answered. What it throws is logged: positions are safe by then. */
  readonly onStored: (stored: StoredPositions) => Promise<void>;
}

export interface Tracking {
  /**
   * Takes a device's batch; resolves when it is stored, so that the device may forget it.
   * Rejects with Problem 403 `no-device`, 503 `positions-busy`, or what the database threw: the device keeps what it
   * has and sends it again.
   */
  receive(actor: Actor, batch: FixBatch): Promise<FixReceipt>;
  /** The same for a device that somebody else speaks for; whether they may is asked before. */
  receiveOf(deviceId: string, batch: FixBatch): Promise<FixReceipt>;
  /**
   * The same without a promise, for a device that does not wait for each answer: `told` hears of it, once. Throws those of these
   * problems that are known at once.
   */
  receiveAndTell(actor: Actor, batch: FixBatch, told: Told): void;
  /** The same for a device that somebody else speaks for. */
  receiveOfAndTell(deviceId: string, batch: FixBatch, told: Told): void;
  /**
   * Looks whether where vehicles are is still in the database, and makes it anew where a crash has emptied it. Rejects with what
   * the database threw.
   */
  keepRestored(): Promise<void>;
  /** Markers of vehicles that another process heard from: what comes here next is held against them. */
  heardElsewhere(markers: readonly Marker[]): void;
  /** Reads, or makes anew after a crash of the database, where every vehicle is. Rejects with what the database threw. */
  restore(): Promise<void>;
  /** Writes what is waiting and takes no more. */
  stop(): Promise<void>;
}

interface Arrived {
  readonly deviceId: string;
  readonly batch: FixBatch;
  readonly receivedAt: Date;
  readonly told: Told;
}

type NewFix = StoredFix & CandidateFix;

const NO_MOVES: readonly VehicleMove[] = [];

/** What may wait for the database: about a minute of a whole metropolis, some 15 MB. */
const MOST_WAITING = 50_000;
/** What devices are bound to is read anew so often, where it is old. */
const REFRESH_MILLIS = 1_000;
/** Vehicles that nobody has heard of for so long are not on the map after a start. */
const FORGOTTEN_MILLIS = 90 * 86_400_000;

/**
 * The way of a position: received, put right, looked at by the rules, shown, stored, acknowledged. The rules work on what
 * this process has in memory, so that a position is on the map before it is on the disk; only what is on the disk is
 * acknowledged.
 */
export function tracking(deps: TrackingDeps): Tracking {
  const { db, clock, bindings, shifts } = deps;
  let refreshing: Promise<void> | null = null;
  const refresher = setInterval(() => {
    refreshing ??= bindings
      .refresh(db)
      .catch((error: unknown) => deps.log.debug({ err: error }, 'bindings of devices could not be read again'))
      .finally(() => (refreshing = null));
  }, REFRESH_MILLIS).unref();
  const markers = new Map<string, Marker>();
  /** Markers that another process told of and this one has not moved since. */
  const fromElsewhere = new Map<string, Marker>();
  const doubted = new Map<string, Sighting>();
  const unwritten = new Unwritten(MOST_WAITING);
  const writer: Writer = openWriter({ ...deps, unwritten, restore: () => restore(), ended: (fixes) => (amount -= fixes) });
  let arrived: Arrived[] = [];
  let preparing: Promise<void> | null = null;
  let restored = false;
  let restoring: Promise<void> | null = null;
  let amount = 0;
  let stopped = false;

  async function restore(): Promise<void> {
    const made = await restoreMarkers(db);
    made.markers += await restoreFromSegments(db);
    if (made.markers > 0) deps.log.info(made, 'where vehicles are was made anew from their fixes');
    const now = clock.now();
    const read = await readMarkers(db, new Date(now.getTime() - FORGOTTEN_MILLIS));
    await shifts.read(db, now);
    for (const { marker } of read) takeMarker(marker);
    deps.onRestored(read.map((one) => ({ ...one, shiftId: shifts.shiftOf(one.marker.vehicleId, now) })));
    restored = true;
  }

  function takeMarker(marker: Marker): void {
    const known = markers.get(marker.vehicleId);
    if (known === undefined || known.time < marker.time) markers.set(marker.vehicleId, marker);
  }

  /** Reads what is needed to look at what has arrived. */
  async function prepare(): Promise<void> {
    const now = clock.now();
    if (!restored) await restore();
    if (!shifts.fresh(now)) await shifts.read(db, now);
    const missing = new Set(arrived.map((one) => one.deviceId).filter((id) => bindings.known(id) === undefined));
    await bindings.of(db, [...missing]);
  }

  /** The device a batch is of (null: there is none), or undefined: something has to be read first. */
  function preparedDevice(one: Arrived): BoundDevice | null | undefined {
    return restored && shifts.fresh(one.receivedAt) ? bindings.known(one.deviceId) : undefined;
  }

  /** Looks at what has arrived, in its order, as far as all that is needed is in memory; reads the rest and goes on. */
  function takeUp(): void {
    if (preparing !== null) return;
    let taken = 0;
    for (; taken < arrived.length; taken++) {
      const device = preparedDevice(arrived[taken]!);
      if (device === undefined) break;
      take(arrived[taken]!, device);
    }
    if (taken > 0) arrived = arrived.slice(taken);
    if (arrived.length === 0) return;
    preparing = prepare()
      .catch((error: unknown) => {
        for (const one of arrived) one.told.refused(error);
        amount -= arrived.reduce((sum, one) => sum + one.batch.fixes.length, 0);
        arrived = [];
      })
      .finally(() => {
        preparing = null;
        takeUp();
      });
  }

  /** Looks at one batch, shows where the vehicles are, and hands it on to be written. */
  function take(one: Arrived, device: BoundDevice | null): void {
    const rows = writer.next();
    const from = rows.size;
    let moves: readonly VehicleMove[] = NO_MOVES;
    // A device that changed vehicles has more than one marker: each vehicle's fixes are looked at by themselves.
    for (const own of byVehicle(readFixes(one, device))) {
      const { vehicleId } = own[0]!;
      // What was looked at and could not be written has moved the marker already: it is not looked at again.
      const fresh = unwritten.sort(own, (fix, flags) => {
        rows.push(fix, flags);
        // The marker that was shown and could not be written with it is written now.
        const shown = vehicleId === null ? undefined : markers.get(vehicleId);
        const isShown = shown?.deviceId === fix.deviceId && shown.deviceSeq === fix.deviceSeq;
        if (isShown) moves = [...moves, moveOf(shown, bindingAt(device!, shown.time)!.organisationId, one.receivedAt)];
      });
      if (fresh.length === 0) continue;
      const state = {
        marker: vehicleId === null ? null : markerBefore(vehicleId, fresh),
        doubted: doubted.get(one.deviceId) ?? null,
      };
      const inspection = inspect(fresh, state, one.receivedAt, deps.limits);
      for (const { fix, flags } of inspection.fixes) rows.push(fix, flags);
      if (inspection.state.doubted !== null) doubted.set(one.deviceId, inspection.state.doubted);
      else if (state.doubted !== null) doubted.delete(one.deviceId);
      for (const [flag, n] of Object.entries(inspection.found) as [FixFlag, number][]) deps.count(flag, n);
      const marker = inspection.moveTo;
      if (vehicleId === null || marker === null) continue;
      const moved = markerAt(marker, vehicleId);
      markers.set(vehicleId, moved);
      fromElsewhere.delete(vehicleId);
      const organisationId = bindingAt(device!, marker.correctedTime)!.organisationId;
      const move = moveOf(moved, organisationId, one.receivedAt);
      moves = moves.length === 0 ? [move] : [...moves, move];
    }
    if (moves.length > 0) deps.onMoved(moves);
    const { fixes } = one.batch;
    const through = fixes.reduce((most, { deviceSeq }) => Math.max(most, deviceSeq), 0);
    const { deviceId, receivedAt, told } = one;
    writer.add({ deviceId, from, sent: fixes.length, through, moves, receivedAt, told });
  }

  const moveOf = (marker: Marker, organisationId: string, at: Date): VehicleMove => ({
    organisationId,
    shiftId: shifts.shiftOf(marker.vehicleId, at),
    marker,
  });

  /**
   * The marker that fixes are held against. A device whose server has died between showing a fix and storing it sends it again,
   * here: the marker that server told of is this very fix, which must not be held against itself.
   */
  function markerBefore(vehicleId: string, fixes: readonly NewFix[]): Marker | null {
    const marker = markers.get(vehicleId) ?? null;
    const told = fromElsewhere.get(vehicleId);
    if (told === undefined || told !== marker) return marker;
    const isIt = fixes.some(({ deviceId, deviceSeq }) => deviceId === told.deviceId && deviceSeq === told.deviceSeq);
    return isIt ? null : marker;
  }

  function accept(deviceId: string, batch: FixBatch, told: Told): void {
    if (stopped) throw new Problem(503, 'closing', 'The server is closing; send the positions again.');
    if (amount + batch.fixes.length > MOST_WAITING) {
      throw new Problem(503, 'positions-busy', 'More positions are waiting than can be stored; send them again.');
    }
    deps.count('received', batch.fixes.length);
    amount += batch.fixes.length;
    const one = { deviceId, batch, receivedAt: clock.now(), told };
    // What comes after others that wait for something is not looked at before them.
    const device = arrived.length === 0 ? preparedDevice(one) : undefined;
    if (device !== undefined) take(one, device);
    else {
      arrived.push(one);
      takeUp();
    }
  }

  const receiveOf = (deviceId: string, batch: FixBatch): Promise<FixReceipt> =>
    new Promise((resolve, reject) => accept(deviceId, batch, { stored: resolve, refused: reject }));

  return {
    receive: async (actor, batch) => receiveOf(deviceOf(actor), batch),
    receiveOf,
    receiveAndTell: (actor, batch, told) => accept(deviceOf(actor), batch, told),
    receiveOfAndTell: accept,
    async keepRestored() {
      if (restored && (markers.size === 0 || (await hasMarkers(db)))) return;
      restoring ??= restore().finally(() => (restoring = null));
      await restoring;
    },
    heardElsewhere(others) {
      for (const marker of others) {
        takeMarker(marker);
        if (markers.get(marker.vehicleId) === marker) fromElsewhere.set(marker.vehicleId, marker);
      }
    },
    restore,
    async stop() {
      stopped = true;
      clearInterval(refresher);
      await refreshing;
      // Arrows of `preparing` end in `takeUp`, which may begin another.
      while (preparing !== null) await preparing.catch(() => pause(0));
      await writer.stop();
    },
  };
}

function deviceOf({ deviceId }: Actor): string {
  if (deviceId === null) throw new Problem(403, 'no-device', 'Only an enrolled device can send positions.');
  return deviceId;
}

/** The fixes of a batch with their times put right by the clock of the request that brought them, no key twice. */
function readFixes({ deviceId: ofDevice, batch, receivedAt }: Arrived, device: BoundDevice | null): NewFix[] {
  const offset = batch.sentAt === undefined ? 0 : receivedAt.getTime() - Date.parse(batch.sentAt);
  const keys = batch.fixes.length > 1 ? new Set<string>() : null;
  const fixes: NewFix[] = [];
  // The text that is in memory anyway: that of each message would be kept with its rows.
  const deviceId = device?.deviceId ?? ofDevice;
  for (const sent of batch.fixes) {
    const fixTime = new Date(sent.fixTime);
    const time = offset === 0 ? fixTime : new Date(fixTime.getTime() + offset);
    const fix: NewFix = {
      deviceId,
      deviceSeq: sent.deviceSeq,
      fixTime,
      time,
      correctedTime: time,
      receivedAt,
      lon: sent.lon,
      lat: sent.lat,
      accuracyMetres: asReal(sent.accuracyMetres),
      speedMps: asReal(sent.speedMps),
      headingDegrees: asReal(sent.headingDegrees),
      valid: sent.valid ?? true,
      flags: 0,
      vehicleId: (device && bindingAt(device, time)?.vehicleId) ?? null,
      source: device?.kind ?? 'unknown',
    };
    if (keys !== null) {
      const key = fixKey(fix);
      if (keys.has(key)) continue;
      keys.add(key);
    }
    fixes.push(fix);
  }
  return fixes;
}

/** What a four-byte column holds: a number too small for it is nothing, not an error. */
const asReal = (value: number | undefined): number | null => (value === undefined ? null : Math.fround(value));

/** The fixes of each vehicle by themselves, in the order given. */
function byVehicle(fixes: readonly NewFix[]): Iterable<NewFix[]> {
  if (fixes.length === 1) return [fixes as NewFix[]];
  const groups = new Map<string | null, NewFix[]>();
  for (const fix of fixes) {
    const own = groups.get(fix.vehicleId);
    if (own === undefined) groups.set(fix.vehicleId, [fix]);
    else own.push(fix);
  }
  return groups.values();
}

/** Without what only the table keeps: there is one of these for every vehicle. */
const markerAt = (fix: NewFix, vehicleId: string): Marker => ({
  vehicleId,
  deviceId: fix.deviceId,
  deviceSeq: fix.deviceSeq,
  time: fix.time,
  receivedAt: fix.receivedAt,
  lon: fix.lon,
  lat: fix.lat,
  accuracyMetres: fix.accuracyMetres,
  speedMps: fix.speedMps,
  headingDegrees: fix.headingDegrees,
  source: fix.source,
});
