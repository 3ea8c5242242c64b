import type { Db } from '../../../db/knex.ts';

/** A vehicle a device was bound to, and when. */
export interface Binding {
  readonly vehicleId: string;
  readonly organisationId: string;
  readonly from: Date | null;
  readonly until: Date | null;
}

export interface BoundDevice {
  readonly deviceId: string;
  /** crew_phone or tracker: who says where the vehicle is. */
  readonly kind: string;
  readonly bindings: readonly Binding[];
}

/** What devices are bound to, kept in memory until it is told that something changed. */
export interface DeviceBindings {
  /**
   * From memory; undefined = it has to be read first, by `of`. null = there is no such device. What is older than
   * `keepMillis` is still answered, and read anew meanwhile: ten thousand devices are not made to wait for it.
   */
  known(deviceId: string): BoundDevice | null | undefined;
  /** Reads those that are not known. */
  of(db: Db, deviceIds: readonly string[]): Promise<void>;
  /** After an enrolment, a new binding or a revocation; left out: everything. */
  invalidate(deviceId?: string): void;
  /** Reads anew what was asked for and is old. Rejects with what the database threw; then it is tried again. */
  refresh(db: Db): Promise<void>;
}

/** Devices that are read in one question. */
const AT_ONCE = 2_000;

/** The binding in force at a time, or undefined. */
export const bindingAt = (device: BoundDevice, at: Date): Binding | undefined =>
  device.bindings.find((b) => (b.from === null || b.from <= at) && (b.until === null || at < b.until));

/** @param wallMillis a monotonic or wall clock in milliseconds: caches never run on the city clock. */
export function deviceBindings(keepMillis: number, wallMillis: () => number): DeviceBindings {
  const kept = new Map<string, { readonly device: BoundDevice | null; readonly readAt: number }>();
  const old = new Set<string>();
  /** Rises with each invalidation: what was read before it is not kept. */
  let version = 0;

  async function read(db: Db, deviceIds: readonly string[]): Promise<void> {
    for (let k = 0; k < deviceIds.length; k += AT_ONCE) {
      const some = deviceIds.slice(k, k + AT_ONCE);
      const [before, now] = [version, wallMillis()];
      const found = new Map((await readDevices(db, some)).map((device) => [device.deviceId, device]));
      const readAt = before === version ? now : -Infinity;
      for (const id of some) kept.set(id, { device: found.get(id) ?? null, readAt });
    }
  }

  return {
    known(deviceId) {
      const entry = kept.get(deviceId);
      if (entry === undefined) return undefined;
      if (wallMillis() - entry.readAt > keepMillis) old.add(deviceId);
      return entry.device;
    },
    of: (db, deviceIds) =>
      read(
        db,
        [...new Set(deviceIds)].filter((id) => !kept.has(id)),
      ),
    invalidate(deviceId) {
      version++;
      if (deviceId === undefined) kept.clear();
      else kept.delete(deviceId);
    },
    async refresh(db) {
      const these = [...old].filter((id) => kept.has(id));
      old.clear();
      try {
        await read(db, these);
      } catch (error) {
        for (const id of these) old.add(id);
        throw error;
      }
    },
  };
}

async function readDevices(db: Db, deviceIds: readonly string[]): Promise<BoundDevice[]> {
  interface Row {
    id: string;
    kind: string;
    vehicle_id: string | null;
    organisation_id: string | null;
    from: Date | null;
    until: Date | null;
  }
  const rows = await db('device as d')
    .leftJoin('device_binding as b', 'b.device_id', 'd.id')
    .leftJoin('vehicle as v', 'v.id', 'b.vehicle_id')
    .whereRaw('d.id = any(?)', [deviceIds as string[]])
    .orderByRaw('d.id, lower(b.during)')
    .select<Row[]>(
      'd.id',
      'd.kind',
      'b.vehicle_id',
      'v.organisation_id',
      db.raw('lower(b.during) as "from"'),
      db.raw('upper(b.during) as until'),
    );
  const devices = new Map<string, { deviceId: string; kind: string; bindings: Binding[] }>();
  for (const row of rows) {
    const device = devices.get(row.id) ?? { deviceId: row.id, kind: row.kind, bindings: [] };
    devices.set(row.id, device);
    if (row.vehicle_id !== null && row.organisation_id !== null) {
      device.bindings.push({
        vehicleId: row.vehicle_id,
        organisationId: row.organisation_id,
        from: row.from,
        until: row.until,
      });
    }
  }
  return [...devices.values()];
}
