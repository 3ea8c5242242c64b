import { randomUUID } from 'node:crypto';
import type { Db } from '../../../db/knex.ts';
import { hashToken, newToken } from '../../../server/platform/tokens.ts';

export interface BenchFleet {
  readonly organisationId: string;
  readonly vehicleIds: readonly string[];
  readonly deviceIds: readonly string[];
  /** Of an integrator that may speak for the devices, where they are trackers. */
  readonly apiKey: string;
  /** Of the device of each vehicle. */
  readonly deviceTokens: readonly string[];
  /** Of dispatchers that are signed in. */
  readonly sessionTokens: readonly string[];
}

const AT_ONCE = 5_000;

/** So many vehicles with an enrolled phone or tracker each, and signed-in dispatchers, in a city that a server has set up. */
export async function makeFleet(
  db: Db,
  vehicles: number,
  dispatchers: number,
  kind: 'crew_phone' | 'tracker',
): Promise<BenchFleet> {
  const organisation = await db('organisation').orderBy('code').first<{ id: string } | undefined>('id');
  if (organisation === undefined) throw new Error('the city has no organisation');
  const organisationId = organisation.id;
  const vehicleIds = Array.from({ length: vehicles }, () => randomUUID());
  const deviceIds = vehicleIds.map(() => randomUUID());
  const deviceTokens = vehicleIds.map(() => newToken());
  const [now, tag] = [new Date().toISOString(), randomUUID().slice(0, 8)];
  for (let k = 0; k < vehicles; k += AT_ONCE) {
    const ids = vehicleIds.slice(k, k + AT_ONCE);
    const devices = deviceIds.slice(k, k + AT_ONCE);
    await db.raw(
      `insert into vehicle (id, code, organisation_id, kind)
       select v.id, ? || v.id, ?::uuid, 'van' from unnest(?::uuid[]) as v(id)`,
      [`bench-${tag}-`, organisationId, ids],
    );
    await db.raw(
      `insert into device (id, kind, label, token_hash, enrolled_at)
       select d.id, ?, 'bench', d.hash, ?::timestamptz from unnest(?::uuid[], ?::text[]) as d(id, hash)`,
      [kind, now, devices, deviceTokens.slice(k, k + AT_ONCE).map(hashToken)],
    );
    await db.raw(
      `insert into device_binding (id, device_id, vehicle_id, during)
       select gen_random_uuid(), b.device, b.vehicle, tstzrange('2020-01-01', null) from unnest(?::uuid[], ?::uuid[]) as b(device, vehicle)`,
      [devices, ids],
    );
  }
  // A database that has held them for a minute has done so by itself.
  await db.raw('analyze vehicle, device, device_binding');
  const sessionTokens = Array.from({ length: dispatchers }, () => newToken());
  const accountId = randomUUID();
  await db('account').insert({
    id: accountId,
    role: 'dispatcher',
    display_name: 'Bench',
    organisation_id: organisationId,
    created_at: now,
  });
  const expires = new Date(Date.now() + 86_400_000).toISOString();
  await db('session').insert(
    sessionTokens.map((token) => ({
      token_hash: hashToken(token),
      id: randomUUID(),
      account_id: accountId,
      created_at: now,
      expires_at: expires,
    })),
  );
  const apiKey = newToken();
  await db('account').insert({
    id: randomUUID(),
    role: 'integrator',
    display_name: 'Bench gateway',
    organisation_id: organisationId,
    created_at: now,
    api_key_hash: hashToken(apiKey),
  });
  return { organisationId, vehicleIds, deviceIds, apiKey, deviceTokens, sessionTokens };
}
