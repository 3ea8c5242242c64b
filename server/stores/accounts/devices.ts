import type { Db } from '../../../db/knex.ts';
import type { Actor } from '../../platform/actor.ts';
import type { Change } from '../../platform/events.ts';
import type { Scope } from '../../platform/policy.ts';
import { Problem } from '../../platform/problem.ts';
import { hashToken, newSpokenCode, newToken, normalSpokenCode } from '../../platform/tokens.ts';
import type { Device, Enrolled, EnrolmentCode, TrackerProtocol } from './contract.ts';

const CODE_MINUTES = 15;

/** Whose vehicles and devices; null = the whole city. */
export interface DeviceScope {
  readonly organisationId: string | null;
}

export const scopeOfDevices = (actor: Actor, scope: Scope): DeviceScope => ({
  organisationId: scope === 'all' ? null : actor.organisationId,
});

/**
 * A code, read out or typed within 15 minutes and used once, that makes a device the vehicle's.
 * @throws Problem 404 `no-such-vehicle`, also for one of another organisation.
 */
export async function issueEnrolmentCode(
  tx: Db,
  code: { vehicleId: string; label: string; issuedBy: string | null; scope: DeviceScope; wallNow: Date },
): Promise<EnrolmentCode> {
  await requireVehicle(tx, code.vehicleId, code.scope);
  const spoken = newSpokenCode();
  const expiresAt = new Date(code.wallNow.getTime() + CODE_MINUTES * 60_000);
  await tx('enrolment_code').insert({
    code_hash: hashToken(normalSpokenCode(spoken)),
    vehicle_id: code.vehicleId,
    label: code.label,
    issued_by: code.issuedBy,
    expires_at: expiresAt,
  });
  return { code: spoken, vehicleId: code.vehicleId, expiresAt: expiresAt.toISOString() };
}

/** @throws Problem 404 `no-such-vehicle`, also for one of another organisation. */
export async function requireVehicle(tx: Db, vehicleId: string, { organisationId }: DeviceScope): Promise<void> {
  const vehicle = await tx('vehicle')
    .where({ id: vehicleId, active: true })
    .first<{ organisation_id: string } | undefined>('organisation_id');
  if (!vehicle || (organisationId !== null && vehicle.organisation_id !== organisationId)) {
    throw new Problem(404, 'no-such-vehicle', 'There is no such vehicle among those you may manage.');
  }
}

/**
 * Uses the code up and makes a new device, bound to the code's vehicle from now on (city time).
 * @throws Problem 401 `code-not-valid`, the same for unknown, used and expired.
 */
export async function enrolDevice(
  change: Change,
  enrolment: { code: string; kind: Device['kind']; wallNow: Date },
): Promise<Enrolled> {
  const { tx } = change;
  const used = await tx('enrolment_code')
    .where({ code_hash: hashToken(normalSpokenCode(enrolment.code)) })
    .whereNull('used_at')
    .whereNotNull('vehicle_id')
    .where('expires_at', '>', enrolment.wallNow)
    .update({ used_at: enrolment.wallNow })
    .returning<{ vehicle_id: string; label: string }[]>(['vehicle_id', 'label']);
  const code = used[0];
  if (!code)
    throw new Problem(401, 'code-not-valid', 'This code was used already or is too old. Ask the dispatcher for a new one.');
  const token = newToken();
  const deviceId = change.ids.next(change.now);
  await tx('device').insert({
    id: deviceId,
    kind: enrolment.kind,
    label: code.label,
    token_hash: hashToken(token),
    enrolled_at: change.now,
  });
  await bindDevice(change, deviceId, code.vehicle_id);
  change.emit({ type: 'device.enrolled', body: { deviceId, vehicleId: code.vehicle_id, kind: enrolment.kind } });
  return { deviceId, vehicleId: code.vehicle_id, token };
}

/** From now on (city time) the device is the vehicle's. */
export async function bindDevice(change: Change, deviceId: string, vehicleId: string): Promise<void> {
  const { tx } = change;
  await tx('device_binding').insert({
    id: change.ids.next(change.now),
    device_id: deviceId,
    vehicle_id: vehicleId,
    during: tx.raw("tstzrange(?, null, '[)')", [change.now]),
  });
}

interface DeviceRow {
  id: string;
  kind: Device['kind'];
  label: string;
  enrolled_at: Date;
  revoked_at: Date | null;
  last_seen_at: Date | null;
  vehicle_id: string | null;
  vehicle_code: string | null;
  protocol: TrackerProtocol | null;
  tracker_id: string | null;
}

/** Devices with the vehicle they are bound to, newest first. */
export async function listDevices(tx: Db, scope: DeviceScope): Promise<Device[]> {
  const rows = await withVehicle(tx, scope).orderBy([{ column: 'd.enrolled_at', order: 'desc' }, { column: 'd.id' }]);
  return rows.map((row) => ({
    id: row.id,
    kind: row.kind,
    label: row.label,
    vehicleId: row.vehicle_id,
    vehicleCode: row.vehicle_code,
    tracker: row.protocol === null || row.tracker_id === null ? null : { protocol: row.protocol, trackerId: row.tracker_id },
    enrolledAt: row.enrolled_at.toISOString(),
    revokedAt: row.revoked_at?.toISOString() ?? null,
    lastSeenAt: row.last_seen_at?.toISOString() ?? null,
  }));
}

/** Ends the device's token and its binding. What it sent stays. Throws Problem 404 `no-such-device`. */
export async function revokeDevice(change: Change, id: string, scope: DeviceScope): Promise<void> {
  const { tx } = change;
  const [device] = await withVehicle(tx, scope).where('d.id', id);
  if (!device) throw new Problem(404, 'no-such-device', 'There is no such device among those you may manage.');
  const revoked = await tx('device').where({ id }).whereNull('revoked_at').update({ token_hash: null, revoked_at: change.now });
  if (revoked === 0) return;
  await tx('tracker').where({ device_id: id }).update({ secret_hash: null, ended_at: change.now });
  // A binding that began this very moment would become empty, which the schema refuses: it is removed.
  await tx('device_binding').where({ device_id: id }).whereRaw('lower(during) >= ?', [change.now]).delete();
  await tx('device_binding')
    .where({ device_id: id })
    .whereRaw('upper_inf(during)')
    .update({ during: tx.raw("tstzrange(lower(during), ?, '[)')", [change.now]) });
  change.emit({ type: 'device.revoked', body: { deviceId: id } });
}

function withVehicle(tx: Db, scope: DeviceScope) {
  const devices = tx('device as d')
    .leftJoin('device_seen as seen', 'seen.device_id', 'd.id')
    .leftJoin('tracker as t', 't.device_id', 'd.id')
    .joinRaw(
      `left join lateral (select b.vehicle_id, v.code, v.organisation_id from device_binding b join vehicle v on v.id = b.vehicle_id
        where b.device_id = d.id order by lower(b.during) desc limit 1) as bound on true`,
    )
    .select<DeviceRow[]>(
      'd.id',
      'd.kind',
      'd.label',
      'd.enrolled_at',
      'd.revoked_at',
      'seen.last_seen_at',
      'bound.vehicle_id',
      'bound.code as vehicle_code',
      't.protocol',
      't.tracker_id',
    );
  return scope.organisationId === null ? devices : devices.where('bound.organisation_id', scope.organisationId);
}
