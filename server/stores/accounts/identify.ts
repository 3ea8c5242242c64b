import type { Db } from '../../../db/knex.ts';
import { anonymousActor, type Actor } from '../../platform/actor.ts';
import type { CityClock } from '../../platform/clock.ts';
import type { Credentials, Identify, IdentifyMany } from '../../platform/credentials.ts';
import { hashToken } from '../../platform/tokens.ts';
import type { AccountRole } from './contract.ts';

export interface IdentifyDeps {
  readonly db: Db;
  readonly clock: CityClock;
  readonly wallClock: () => Date;
  /** The case a reporter's link opens (cases keep the hash); null when it is not known. */
  readonly findFollowedCase: (db: Db, tokenHash: string) => Promise<string | null>;
}

/** Reads the rights behind credentials afresh each time, one indexed query: nothing is cached, so nothing is stale. */
export function identifier(deps: IdentifyDeps): Identify {
  const { db, clock, wallClock, findFollowedCase } = deps;
  return async ({ kind, token }) => {
    const hash = hashToken(token);
    switch (kind) {
      case 'session':
        return bySession(db, hash, wallClock());
      case 'device':
        return byDevice(db, hash, clock.now());
      case 'api_key':
        return byApiKey(db, hash);
      case 'follow': {
        const caseId = await findFollowedCase(db, hash);
        return caseId === null ? null : { ...anonymousActor, role: 'reporter', caseId };
      }
      default:
        return kind satisfies never;
    }
  };
}

/** Hashes of credentials that are looked at again and again: those of an open socket, every two seconds. */
const hashed = new WeakMap<Credentials, string>();

function hashOf(credentials: Credentials): string {
  const known = hashed.get(credentials);
  if (known !== undefined) return known;
  const hash = hashToken(credentials.token);
  hashed.set(credentials, hash);
  return hash;
}

/** The same for many at once: one question for all the devices among them, one for all the sessions. */
export function identifierOfMany(deps: IdentifyDeps): IdentifyMany {
  const one = identifier(deps);
  return async (credentials) => {
    const hashes = (kind: Credentials['kind']): string[] => credentials.filter((c) => c.kind === kind).map(hashOf);
    const [devices, sessions] = [hashes('device'), hashes('session')];
    const known = new Map<string, Actor>();
    if (devices.length > 0) {
      const rows = await devicesWith(deps.db, devices, deps.clock.now());
      for (const row of rows) known.set(row.token_hash, asDevice(row));
    }
    if (sessions.length > 0) {
      const rows = await sessionsWith(deps.db, sessions, deps.wallClock());
      for (const row of rows) known.set(row.token_hash, asActor(row, row.session_id));
    }
    return Promise.all(
      credentials.map((each) =>
        each.kind === 'device' || each.kind === 'session' ? Promise.resolve(known.get(hashOf(each)) ?? null) : one(each),
      ),
    );
  };
}

interface Rights {
  account_id: string;
  role: AccountRole;
  organisation_id: string | null;
  area_ids: string[];
}

const asActor = (rights: Rights, sessionId: string | null): Actor => ({
  ...anonymousActor,
  role: rights.role,
  accountId: rights.account_id,
  sessionId,
  organisationId: rights.organisation_id,
  areaIds: rights.area_ids,
});

async function bySession(db: Db, hash: string, wallNow: Date): Promise<Actor | null> {
  const [row] = await sessionsWith(db, [hash], wallNow);
  return row ? asActor(row, row.session_id) : null;
}

function sessionsWith(
  db: Db,
  hashes: readonly string[],
  wallNow: Date,
): Promise<(Rights & { session_id: string; token_hash: string })[]> {
  return db('session as s')
    .join('account as a', 'a.id', 's.account_id')
    .whereRaw('s.token_hash = any(?)', [hashes as string[]])
    .where({ 'a.active': true })
    .whereNull('s.revoked_at')
    .where('s.expires_at', '>', wallNow)
    .select('s.token_hash', 's.id as session_id', 'a.id as account_id', 'a.role', 'a.organisation_id', 'a.area_ids');
}

async function byApiKey(db: Db, hash: string): Promise<Actor | null> {
  const row = await db('account')
    .where({ api_key_hash: hash, active: true })
    .first<Rights | undefined>('id as account_id', 'role', 'organisation_id', 'area_ids');
  return row ? asActor(row, null) : null;
}

async function byDevice(db: Db, hash: string, now: Date): Promise<Actor | null> {
  const [row] = await devicesWith(db, [hash], now);
  return row ? asDevice(row) : null;
}

interface DeviceRights {
  token_hash: string;
  id: string;
  organisation_id: string | null;
}

const asDevice = (row: DeviceRights): Actor => ({
  ...anonymousActor,
  role: 'crew',
  deviceId: row.id,
  organisationId: row.organisation_id,
});

function devicesWith(db: Db, hashes: readonly string[], now: Date): Promise<DeviceRights[]> {
  return db('device as d')
    .joinRaw('left join device_binding b on b.device_id = d.id and b.during @> ?::timestamptz', [now])
    .leftJoin('vehicle as v', 'v.id', 'b.vehicle_id')
    .whereRaw('d.token_hash = any(?)', [hashes as string[]])
    .whereNull('d.revoked_at')
    .select('d.token_hash', 'd.id', 'v.organisation_id');
}
