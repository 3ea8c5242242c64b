import type { Db } from '../../../db/knex.ts';
import { Problem } from '../../platform/problem.ts';
import { hashToken, newToken } from '../../platform/tokens.ts';
import type { Session } from './contract.ts';

/** Sessions, links and codes run on wall time, never on the city clock. */
export const SESSION_SECONDS = 12 * 3600;
const LINK_MINUTES = 60;

export interface OpenedSession {
  readonly id: string;
  readonly accountId: string;
  /** Shown once, as a cookie. */
  readonly token: string;
  readonly expiresAt: Date;
}

/** A link for this account that opens one session, once. The token stands behind `#` in `path`. */
export async function createSignInLink(
  tx: Db,
  link: { accountId: string; wallNow: Date; minutes?: number },
): Promise<{ token: string; path: string; expiresAt: Date }> {
  const token = newToken();
  const expiresAt = new Date(link.wallNow.getTime() + (link.minutes ?? LINK_MINUTES) * 60_000);
  await tx('sign_in_link').insert({ token_hash: hashToken(token), account_id: link.accountId, expires_at: expiresAt });
  return { token, path: `/sign-in#${token}`, expiresAt };
}

/**
 * Uses the link up and opens its session. Two that come at once: one gets it.
 * @throws Problem 401 `link-not-valid`, the same for unknown, used, expired and closed accounts.
 */
export async function exchangeSignInLink(
  tx: Db,
  link: { token: string; sessionId: string; wallNow: Date },
): Promise<OpenedSession> {
  const used = await tx('sign_in_link')
    .where({ token_hash: hashToken(link.token) })
    .whereNull('used_at')
    .where('expires_at', '>', link.wallNow)
    .whereIn('account_id', tx('account').where({ active: true }).select('id'))
    .update({ used_at: link.wallNow })
    .returning<{ account_id: string }[]>('account_id');
  const accountId = used[0]?.account_id;
  if (accountId === undefined) {
    throw new Problem(401, 'link-not-valid', 'This sign-in link was used already or is too old. Ask for a new one.');
  }
  return openSession(tx, { accountId, sessionId: link.sessionId, wallNow: link.wallNow });
}

/** A new session for the account, 12 hours long. */
export async function openSession(
  tx: Db,
  session: { accountId: string; sessionId: string; wallNow: Date },
): Promise<OpenedSession> {
  const token = newToken();
  const expiresAt = new Date(session.wallNow.getTime() + SESSION_SECONDS * 1000);
  await tx('session').insert({
    token_hash: hashToken(token),
    id: session.sessionId,
    account_id: session.accountId,
    created_at: session.wallNow,
    expires_at: expiresAt,
  });
  return { id: session.sessionId, accountId: session.accountId, token, expiresAt };
}

/** The account's sessions that are still open, newest first. */
export async function listSessions(
  tx: Db,
  who: { accountId: string; current: string | null; wallNow: Date },
): Promise<Session[]> {
  const rows = await tx('session')
    .where({ account_id: who.accountId })
    .whereNull('revoked_at')
    .where('expires_at', '>', who.wallNow)
    .orderBy([{ column: 'created_at', order: 'desc' }, { column: 'id' }])
    .select<{ id: string; created_at: Date; expires_at: Date }[]>('id', 'created_at', 'expires_at');
  return rows.map((row) => ({
    id: row.id,
    createdAt: row.created_at.toISOString(),
    expiresAt: row.expires_at.toISOString(),
    current: row.id === who.current,
  }));
}

/** Ends one session, or all of the account but `except`. Returns how many ended. */
export async function revokeSessions(
  tx: Db,
  which: { accountId: string; sessionId?: string; except?: string | null; wallNow: Date },
): Promise<number> {
  const open = tx('session').where({ account_id: which.accountId }).whereNull('revoked_at');
  if (which.sessionId !== undefined) void open.where({ id: which.sessionId });
  if (which.except) void open.whereNot({ id: which.except });
  return open.update({ revoked_at: which.wallNow });
}
