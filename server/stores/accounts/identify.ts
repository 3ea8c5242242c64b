import type { Db } from '../../../db/knex.ts';
import { anonymousActor, type Actor } from '../../platform/actor.ts';
import type { CityClock } from '../../platform/clock.ts';
import type { Identify } from '../../platform/credentials.ts';
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
  const row = await db('session as s')
    .join('account as a', 'a.id', 's.account_id')
    .where({ 's.token_hash': hash, 'a.active': true })
    .whereNull('s.revoked_at')
    .where('s.expires_at', '>', wallNow)
    .first<(Rights & { session_id: string }) | undefined>(
      's.id as session_id',
      'a.id as account_id',
      'a.role',
      'a.organisation_id',
      'a.area_ids',
    );
  return row ? asActor(row, row.session_id) : null;
}

async function byApiKey(db: Db, hash: string): Promise<Actor | null> {
  const row = await db('account')
    .where({ api_key_hash: hash, active: true })
    .first<Rights | undefined>('id as account_id', 'role', 'organisation_id', 'area_ids');
  return row ? asActor(row, null) : null;
}

async function byDevice(db: Db, hash: string, now: Date): Promise<Actor | null> {
  const row = await db('device as d')
    .joinRaw('left join device_binding b on b.device_id = d.id and b.during @> ?::timestamptz', [now])
    .leftJoin('vehicle as v', 'v.id', 'b.vehicle_id')
    .where({ 'd.token_hash': hash })
    .whereNull('d.revoked_at')
    .first<{ id: string; organisation_id: string | null } | undefined>('d.id', 'v.organisation_id');
  return row ? { ...anonymousActor, role: 'crew', deviceId: row.id, organisationId: row.organisation_id } : null;
}
