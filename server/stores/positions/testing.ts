import { randomUUID } from 'node:crypto';
import type { Db } from '../../../db/knex.ts';
import type { Actor } from '../../platform/actor.ts';

export interface TestFleet {
  readonly organisationId: string;
  readonly crewId: string;
  readonly vehicleId: string;
  readonly deviceId: string;
  readonly shiftId: string;
  /** The crew's phone. */
  readonly actor: Actor;
}

export interface TestFleetOptions {
  readonly from: Date;
  readonly until: Date;
  /** 1 unless several are made in one database. */
  readonly number?: number;
  /** Given: the crew belongs to it; left out: an organisation of its own. */
  readonly organisationId?: string;
  readonly startPlace?: { readonly lon: number; readonly lat: number };
  readonly breaks?: readonly unknown[];
}

/** For tests: one crew on duty with a vehicle and an enrolled phone, written straight into the tables. */
export async function aFleet(db: Db, options: TestFleetOptions): Promise<TestFleet> {
  const { from, until, number = 1, startPlace = { lon: -77.03, lat: 38.9 } } = options;
  const organisationId = options.organisationId ?? randomUUID();
  const [crewId, vehicleId, deviceId, shiftId] = [randomUUID(), randomUUID(), randomUUID(), randomUUID()];
  const during = db.raw("tstzrange(?, ?, '[)')", [from.toISOString(), until.toISOString()]);
  if (options.organisationId === undefined) {
    await db('organisation').insert({ id: organisationId, code: `works-${number}`, name: `Works ${number}` });
  }
  await db('vehicle').insert({ id: vehicleId, code: `van-${number}`, organisation_id: organisationId, kind: 'van' });
  await db('device').insert({ id: deviceId, kind: 'crew_phone', label: `phone ${number}`, enrolled_at: from });
  await db('device_binding').insert({
    id: randomUUID(),
    device_id: deviceId,
    vehicle_id: vehicleId,
    during: db.raw('tstzrange(?, null)', [new Date(from.getTime() - 30 * 86_400_000).toISOString()]),
  });
  await db('crew').insert({
    id: crewId,
    number,
    code: `crew-${number}`,
    name: `Crew ${number}`,
    organisation_id: organisationId,
  });
  await db('crew_shift').insert({
    id: shiftId,
    crew_id: crewId,
    organisation_id: organisationId,
    service_day: from.toISOString().slice(0, 10),
    during,
    start_place: db.raw('st_setsrid(st_makepoint(?, ?), 4326)', [startPlace.lon, startPlace.lat]),
    breaks: JSON.stringify(options.breaks ?? []),
    overtime_allowed_seconds: 3600,
    state: 'on_duty',
    started_at: from,
  });
  await db('shift_member').insert({ id: randomUUID(), shift_id: shiftId, kind: 'vehicle', resource_id: vehicleId, during });
  return {
    organisationId,
    crewId,
    vehicleId,
    deviceId,
    shiftId,
    actor: { role: 'crew', accountId: null, deviceId, sessionId: null, organisationId, areaIds: [], caseId: null },
  };
}
