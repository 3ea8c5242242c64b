import type { Actor } from '../../platform/actor.ts';
import type { ChangeTools } from '../../platform/change.ts';
import type { CookieName } from '../../platform/credentials.ts';
import { Problem } from '../../platform/problem.ts';
import { revokeSessions } from './sessions.ts';

/** Whose rights have changed: their open sockets answer to the new ones at once. */
export type RightsChanged = (who: { accountId?: string; deviceId?: string; sessionId?: string }) => void;

export interface AccountDeps {
  readonly tools: ChangeTools;
  /** Sessions, links and codes run on wall time. */
  readonly wallClock: () => Date;
  readonly cookie: CookieName;
  readonly publicUrl: string | null;
  readonly rightsChanged: RightsChanged;
  /** A device was bound to a vehicle or ended. */
  readonly bindingsChanged: (deviceId: string) => void;
}

/** Ends sessions, all of them or one, and the sockets they opened. Throws Problem 404 when there was none to end. */
export async function signOut(deps: AccountDeps, accountId: string, sessionId?: string): Promise<void> {
  const which = sessionId === undefined ? {} : { sessionId };
  const ended = await revokeSessions(deps.tools.db, { accountId, ...which, wallNow: deps.wallClock() });
  if (ended === 0 && sessionId !== undefined) throw new Problem(404, 'no-such-session', 'There is no such open session.');
  deps.rightsChanged({ accountId, ...which });
}

/** The account of whoever asks. Throws Problem 403 for a device or key without one. */
export function accountOf(actor: Actor): string {
  if (actor.accountId === null) throw new Problem(403, 'no-account', 'This is a device; only a person has an account.');
  return actor.accountId;
}
