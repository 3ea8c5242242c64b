import type { Db } from '../../../db/knex.ts';
import type { Change } from '../../platform/events.ts';
import { Problem } from '../../platform/problem.ts';
import { hashTypedSecret, newTypedSecret } from '../../platform/tokens.ts';
import type { BindableVehicle, EnrolledTracker, NewTracker, TrackerProtocol } from './contract.ts';
import { bindDevice, requireVehicle, revokeDevice, type DeviceScope } from './devices.ts';
import { forgetSeenTracker } from './seen-trackers.ts';

/** Where each protocol is spoken. */
export const TRACKER_PATHS: Readonly<Record<TrackerProtocol, string>> = {
  osmand: '/trackers/osmand',
  owntracks: '/trackers/owntracks',
  traccar: '/trackers/traccar',
};

/** A tracker that is enrolled: its device, what its key must hash to, and whose vehicle it is in. */
export interface KnownTracker {
  readonly deviceId: string;
  readonly secretHash: string | null;
  /** null = bound to no vehicle now. */
  readonly organisationId: string | null;
  readonly vehicleId: string | null;
}

/**
 * Makes a tracker a device of this vehicle, with a new key. One that was enrolled under the same id before ends: so a lost
 * key is replaced. The events carry no id of a protocol, since people put their names into those.
 * @throws Problem 404 `no-such-vehicle`; 409 `tracker-elsewhere` where another organisation has it.
 */
export async function enrolTracker(change: Change, wanted: NewTracker, scope: DeviceScope): Promise<EnrolledTracker> {
  const { tx, now } = change;
  const { protocol, trackerId, vehicleId, label } = wanted;
  await requireVehicle(tx, vehicleId, scope);
  // Two dispatchers who adopt it at once do so one after the other.
  await tx.raw('select pg_advisory_xact_lock(hashtextextended(?, 0))', [`tracker ${protocol} ${trackerId}`]);
  const before = await findTracker(tx, protocol, trackerId, now);
  if (before) {
    if (scope.organisationId !== null && before.organisationId !== null && before.organisationId !== scope.organisationId) {
      throw new Problem(409, 'tracker-elsewhere', 'Another organisation has enrolled this tracker; it must end it first.');
    }
    await revokeDevice(change, before.deviceId, { organisationId: null });
  }
  const deviceId = change.ids.next(now);
  const key = protocol === 'traccar' ? null : newTypedSecret();
  await tx('device').insert({ id: deviceId, kind: 'tracker', label, token_hash: null, enrolled_at: now });
  await tx('tracker').insert({
    device_id: deviceId,
    protocol,
    tracker_id: trackerId,
    secret_hash: key === null ? null : hashTypedSecret(key),
  });
  await bindDevice(change, deviceId, vehicleId);
  await forgetSeenTracker(tx, { protocol, trackerId }, { organisationId: null });
  change.emit({ type: 'device.enrolled', body: { deviceId, vehicleId, kind: 'tracker', protocol } });
  return { deviceId, vehicleId, protocol, trackerId, path: TRACKER_PATHS[protocol], key };
}

/** The tracker enrolled under this id now, with the vehicle it is in at that time; undefined = nobody has enrolled it. */
export async function findTracker(
  db: Db,
  protocol: TrackerProtocol,
  trackerId: string,
  at: Date,
): Promise<KnownTracker | undefined> {
  const row = await db('tracker as t')
    .joinRaw('left join device_binding b on b.device_id = t.device_id and b.during @> ?::timestamptz', [at])
    .leftJoin('vehicle as v', 'v.id', 'b.vehicle_id')
    .where({ 't.protocol': protocol, 't.tracker_id': trackerId })
    .whereNull('t.ended_at')
    .first<
      { device_id: string; secret_hash: string | null; organisation_id: string | null; vehicle_id: string | null } | undefined
    >('t.device_id', 't.secret_hash', 'v.organisation_id', 'v.id as vehicle_id');
  return (
    row && {
      deviceId: row.device_id,
      secretHash: row.secret_hash,
      organisationId: row.organisation_id,
      vehicleId: row.vehicle_id,
    }
  );
}

/** The trackers of one protocol that are in a vehicle at that time. */
export async function listBoundTrackers(
  db: Db,
  protocol: TrackerProtocol,
  at: Date,
): Promise<{ readonly deviceId: string; readonly trackerId: string; readonly vehicleId: string }[]> {
  return db('tracker as t')
    .join('device_binding as b', 'b.device_id', 't.device_id')
    .where('t.protocol', protocol)
    .whereNull('t.ended_at')
    .whereRaw('b.during @> ?::timestamptz', [at])
    .orderBy('t.device_id')
    .select('t.device_id as deviceId', 't.tracker_id as trackerId', 'b.vehicle_id as vehicleId');
}

/** The vehicles in use that a device can be bound to, by code. */
export async function listBindableVehicles(db: Db, { organisationId }: DeviceScope): Promise<BindableVehicle[]> {
  const vehicles = db('vehicle').where({ active: true }).orderBy('code').select('id', 'code', 'kind');
  return organisationId === null ? vehicles : vehicles.where({ organisation_id: organisationId });
}
