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

/** What devices are bound to, kept in memory until it is told that something changed, or for `keepMillis`. */
export interface DeviceBindings {
  /** From memory; undefined = it has to be read (again) first, by `of`. null = there is no such device. */
  known(deviceId: string): BoundDevice | null | undefined;
  /** The devices that exist among these. */
  of(db: Db, deviceIds: readonly string[]): Promise<Map<string, BoundDevice>>;
  /** After an enrolment, a new binding or a revocation; left out: everything. */
  invalidate(deviceId?: string): void;
}

/** The binding in force at a time, or undefined. */
export const bindingAt = (device: BoundDevice, at: Date): Binding | undefined =>
  device.bindings.find((b) => (b.from === null || b.from <= at) && (b.until === null || at < b.until));

/** @param wallMillis a monotonic or wall clock in milliseconds: caches never run on the city clock. */
export function deviceBindings(keepMillis: number, wallMillis: () => number): DeviceBindings {
  const kept = new Map<string, { readonly device: BoundDevice | null; readonly readAt: number }>();
  return {
    known(deviceId) {
      const entry = kept.get(deviceId);
      return entry === undefined || wallMillis() - entry.readAt > keepMillis ? undefined : entry.device;
    },
    async of(db, deviceIds) {
      const now = wallMillis();
      const missing = [...new Set(deviceIds)].filter((id) => {
        const entry = kept.get(id);
        return entry === undefined || now - entry.readAt > keepMillis;
      });
      if (missing.length > 0) {
        const found = await readDevices(db, missing);
        for (const id of missing) kept.set(id, { device: null, readAt: now });
        for (const device of found) kept.set(device.deviceId, { device, readAt: now });
      }
      const found = new Map<string, BoundDevice>();
      for (const id of deviceIds) {
        const entry = kept.get(id);
        if (entry?.device) found.set(id, entry.device);
      }
      return found;
    },
    invalidate(deviceId) {
      if (deviceId === undefined) kept.clear();
      else kept.delete(deviceId);
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
    .whereIn('d.id', deviceIds)
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
