import type { Db } from '../../../db/knex.ts';
import type { Change } from '../../platform/events.ts';
import { Problem } from '../../platform/problem.ts';
import { hashToken, newToken } from '../../platform/tokens.ts';
import { AccountId, type Account, type AccountRole, type ChangeAccount, type NewAccount } from './contract.ts';

interface Row {
  id: string;
  role: AccountRole;
  display_name: string;
  organisation_id: string | null;
  area_ids: string[];
  login: string | null;
  password_hash: string | null;
  api_key_hash: string | null;
  active: boolean;
  version: number;
  created_at: Date;
}

const asAccount = (row: Row): Account => ({
  id: AccountId.parse(row.id),
  role: row.role,
  displayName: row.display_name,
  organisationId: row.organisation_id,
  areaIds: row.area_ids,
  login: row.login,
  hasPassword: row.password_hash !== null,
  hasApiKey: row.api_key_hash !== null,
  active: row.active,
  version: row.version,
  createdAt: row.created_at.toISOString(),
});

/** All accounts, by name. */
export async function listAccounts(tx: Db): Promise<Account[]> {
  const rows = await tx<Row>('account').orderBy([{ column: 'display_name' }, { column: 'id' }]);
  return rows.map(asAccount);
}

/** @throws Problem 404 `no-such-account`. */
export async function getAccount(tx: Db, id: string): Promise<Account> {
  const row = await tx<Row>('account').where({ id }).first();
  if (!row) throw new Problem(404, 'no-such-account', 'There is no such account.');
  return asAccount(row);
}

/** The active account with this role and name, for commands that may run twice. */
export async function findAccount(tx: Db, role: AccountRole, displayName: string): Promise<Account | undefined> {
  const row = await tx<Row>('account').where({ role, display_name: displayName, active: true }).first();
  return row && asAccount(row);
}

/** @throws Problem 409 `login-taken`, 422 `no-such-organisation` or `no-such-area`. */
export async function createAccount(change: Change, account: NewAccount): Promise<Account> {
  const { tx } = change;
  await checkScope(tx, account);
  await checkLogin(tx, account.login, null);
  const [row] = await tx<Row>('account')
    .insert({
      id: change.ids.next(change.now),
      role: account.role,
      display_name: account.displayName,
      organisation_id: account.organisationId,
      area_ids: account.areaIds,
      login: account.login,
      created_at: change.now,
    })
    .returning('*');
  const { id, role, organisationId } = asAccount(row!);
  change.emit({ type: 'account.created', organisationId, body: { accountId: id, role } });
  return asAccount(row!);
}

/**
 * Changes rights or name; the version rises, so that open sessions and sockets answer to the new rights at once.
 * @throws Problem 409 `stale-version` with the present account, `login-taken`, `last-admin`; 404; 422.
 */
export async function changeAccount(change: Change, id: string, wish: ChangeAccount): Promise<Account> {
  const { tx } = change;
  // One lock for all that could take the last admin away at the same time.
  const admins = await tx<Row>('account').where({ role: 'admin', active: true }).orderBy('id').forUpdate().select('id');
  const row = await tx<Row>('account').where({ id }).forUpdate().first();
  if (!row) throw new Problem(404, 'no-such-account', 'There is no such account.');
  if (row.version !== wish.version) {
    const sentence = 'Somebody changed this account meanwhile; look at it again.';
    throw new Problem(409, 'stale-version', sentence, { present: asAccount(row) });
  }
  const next = {
    role: wish.role ?? row.role,
    display_name: wish.displayName ?? row.display_name,
    organisation_id: wish.organisationId === undefined ? row.organisation_id : wish.organisationId,
    area_ids: wish.areaIds ?? row.area_ids,
    login: wish.login === undefined ? row.login : wish.login,
    active: wish.active ?? row.active,
  };
  const noLongerAdmin = row.role === 'admin' && row.active && (next.role !== 'admin' || !next.active);
  if (noLongerAdmin && admins.length === 1) {
    throw new Problem(409, 'last-admin', 'This is the last admin; make another one first.');
  }
  await checkScope(tx, { organisationId: next.organisation_id, areaIds: next.area_ids });
  await checkLogin(tx, next.login, id);
  const keepsKey = MAY_HAVE_KEY.has(next.role) && next.active;
  const [changed] = await tx<Row>('account')
    .where({ id })
    .update({ ...next, ...(keepsKey ? {} : { api_key_hash: null }), version: row.version + 1 })
    .returning('*');
  const account = asAccount(changed!);
  change.emit({
    type: 'account.changed',
    organisationId: account.organisationId,
    body: { accountId: id, role: account.role, active: account.active, version: account.version },
  });
  return account;
}

/** A machine's key may not be a person's way in: only these roles have one. */
const MAY_HAVE_KEY: ReadonlySet<AccountRole> = new Set(['integrator', 'admin']);

/** Gives the account a new key, shown this once; the one before ends. Throws Problem 404, 422 `no-key-for-role`. */
export async function issueApiKey(change: Change, id: string): Promise<string> {
  const account = await getAccount(change.tx, id);
  if (!MAY_HAVE_KEY.has(account.role) || !account.active) {
    throw new Problem(422, 'no-key-for-role', 'Only an active integrator or admin account can have an API key.');
  }
  const apiKey = newToken();
  await setApiKey(change, id, hashToken(apiKey));
  return apiKey;
}

/** Ends the account's key. */
export async function revokeApiKey(change: Change, id: string): Promise<void> {
  await getAccount(change.tx, id);
  await setApiKey(change, id, null);
}

async function setApiKey(change: Change, id: string, hash: string | null): Promise<void> {
  const { tx } = change;
  await tx<Row>('account')
    .where({ id })
    .update({ api_key_hash: hash, version: tx.raw('version + 1') as unknown as number });
  change.emit({ type: 'account.changed', body: { accountId: id, apiKey: hash !== null } });
}

/** What a password sign-in is checked against; null where there is no such active login. */
export async function findLogin(tx: Db, login: string): Promise<{ id: string; passwordHash: string | null } | null> {
  const row = await tx<Row>('account').where({ login: login.trim().toLowerCase(), active: true }).first('id', 'password_hash');
  return row ? { id: row.id, passwordHash: row.password_hash } : null;
}

/** The stored hash of one account. */
export async function getPasswordHash(tx: Db, id: string): Promise<string | null> {
  const row = await tx<Row>('account').where({ id }).first('password_hash');
  return row?.password_hash ?? null;
}

/** Sets the password; the caller ends the account's other sessions. */
export async function setPasswordHash(change: Change, id: string, hash: string): Promise<void> {
  await change.tx<Row>('account').where({ id }).update({ password_hash: hash });
  change.emit({ type: 'account.changed', body: { accountId: id, password: true } });
}

async function checkLogin(tx: Db, login: string | null, own: string | null): Promise<void> {
  if (login === null) return;
  const other = await tx<Row>('account').where({ login }).first('id');
  if (other && other.id !== own) {
    throw new Problem(409, 'login-taken', 'Another account has this login.', {
      fields: [{ path: 'login', message: 'is taken by another account' }],
    });
  }
}

async function checkScope(tx: Db, scope: { organisationId: string | null; areaIds: readonly string[] }): Promise<void> {
  if (scope.organisationId !== null) {
    const found = await tx('organisation').where({ id: scope.organisationId }).first<{ id: string } | undefined>('id');
    if (!found) {
      throw new Problem(422, 'no-such-organisation', 'There is no such organisation.', {
        fields: [{ path: 'organisationId', message: 'is not known' }],
      });
    }
  }
  const wanted = [...new Set(scope.areaIds)];
  const known = await tx('area').whereIn('id', wanted).select<{ id: string }[]>('id');
  const unknown = wanted.filter((id) => !known.some((area) => area.id === id));
  if (unknown.length > 0) {
    throw new Problem(422, 'no-such-area', 'There is no such area.', {
      fields: unknown.map((id) => ({ path: 'areaIds', message: `${id} is not known` })),
    });
  }
}
