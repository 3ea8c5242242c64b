import type { Db } from '../../../db/knex.ts';
import type { Change } from '../../platform/events.ts';
import { Problem } from '../../platform/problem.ts';
import { hashToken, newSpokenCode, newToken, normalSpokenCode } from '../../platform/tokens.ts';
import type { Device, Enrolled, EnrolmentCode } from './contract.ts';

const CODE_MINUTES = 15;

/** Whose vehicles and devices; null = the whole city. */
export interface DeviceScope {
  readonly organisationId: string | null;
}

/**
 * A code, read out or typed within 15 minutes and used once, that makes a device the vehicle's.
 * @throws Problem 404 `no-such-vehicle`, also for one of another organisation.
 */
export async function issueEnrolmentCode(
  tx: Db,
  code: { vehicleId: string; label: string; issuedBy: string | null; scope: DeviceScope; wallNow: Date },
): Promise<EnrolmentCode> {
  const vehicle = await tx('vehicle')
    .where({ id: code.vehicleId, active: true })
    .first<{ organisation_id: string } | undefined>('organisation_id');
  const { organisationId } = code.scope;
  if (!vehicle || (organisationId !== null && vehicle.organisation_id !== organisationId)) {
    throw new Problem(404, 'no-such-vehicle', 'There is no such vehicle among those you may manage.');
  }
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
  await tx('device_binding').insert({
    id: change.ids.next(change.now),
    device_id: deviceId,
    vehicle_id: code.vehicle_id,
    during: tx.raw("tstzrange(?, null, '[)')", [change.now]),
  });
  change.emit({ type: 'device.enrolled', body: { deviceId, vehicleId: code.vehicle_id, kind: enrolment.kind } });
  return { deviceId, vehicleId: code.vehicle_id, token };
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
    );
  return scope.organisationId === null ? devices : devices.where('bound.organisation_id', scope.organisationId);
}
