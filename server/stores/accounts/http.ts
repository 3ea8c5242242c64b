import { z } from 'zod';
import { inChange } from '../../platform/change.ts';
import { route, type Route } from '../../platform/http-route.ts';
import { Problem } from '../../platform/problem.ts';
import { signOut, type AccountDeps } from './account-deps.ts';
import { Account, AccountId, ApiKey, ChangeAccount, NewAccount, Session, SignInLink } from './contract.ts';
import { deviceRoutes } from './device-http.ts';
import { sessionRoutes } from './session-http.ts';
import { createSignInLink, listSessions, revokeSessions } from './sessions.ts';
import { changeAccount, createAccount, getAccount, issueApiKey, listAccounts, revokeApiKey } from './store.ts';
import { trackerRoutes } from './tracker-http.ts';

const WithId = z.strictObject({ id: AccountId });
const WithSession = z.strictObject({ id: AccountId, sessionId: z.uuid() });

/** Accounts (admin), sessions (everybody's own), devices (desk). */
export function accountRoutes(deps: AccountDeps): Route[] {
  return [...sessionRoutes(deps), ...deviceRoutes(deps), ...trackerRoutes(deps), ...adminRoutes(deps)];
}

function adminRoutes(deps: AccountDeps): Route[] {
  const { tools, wallClock, rightsChanged } = deps;
  const { db } = tools;
  const action = 'account.manage';
  return [
    route({
      method: 'get',
      path: '/api/accounts',
      action,
      summary: 'All accounts',
      answer: z.array(Account),
      handle: () => listAccounts(db),
    }),
    route({
      method: 'post',
      path: '/api/accounts',
      action,
      summary: 'Makes an account; it has no password, so give it a sign-in link',
      body: NewAccount,
      answer: Account,
      status: 201,
      handle: ({ actor, body }) => inChange(tools, actor, (change) => createAccount(change, body)),
    }),
    route({
      method: 'patch',
      path: '/api/accounts/:id',
      action,
      summary: 'Changes rights, name or login, or closes the account; in force at once',
      params: WithId,
      body: ChangeAccount,
      answer: Account,
      async handle({ actor, params, body }) {
        const account = await inChange(tools, actor, async (change) => {
          const changed = await changeAccount(change, params.id, body);
          // Opened again later, the account starts without its old sessions.
          if (!changed.active) await revokeSessions(change.tx, { accountId: params.id, wallNow: wallClock() });
          return changed;
        });
        rightsChanged({ accountId: params.id });
        return account;
      },
    }),
    route({
      method: 'post',
      path: '/api/accounts/:id/sign-in-links',
      action,
      summary: 'A link that signs this account in once, within the hour',
      params: WithId,
      answer: SignInLink,
      status: 201,
      async handle({ params }) {
        await getActive(deps, params.id);
        const link = await createSignInLink(db, { accountId: params.id, wallNow: wallClock() });
        const url = deps.publicUrl === null ? null : new URL(link.path, deps.publicUrl).href;
        return { path: link.path, url, expiresAt: link.expiresAt.toISOString() };
      },
    }),
    route({
      method: 'post',
      path: '/api/accounts/:id/api-key',
      action,
      summary: 'A new key for an integrator, shown this once; the one before ends',
      params: WithId,
      answer: ApiKey,
      status: 201,
      async handle({ actor, params }) {
        const apiKey = await inChange(tools, actor, (change) => issueApiKey(change, params.id));
        rightsChanged({ accountId: params.id });
        return { apiKey };
      },
    }),
    route({
      method: 'delete',
      path: '/api/accounts/:id/api-key',
      action,
      summary: "Ends the account's key",
      params: WithId,
      async handle({ actor, params }) {
        await inChange(tools, actor, (change) => revokeApiKey(change, params.id));
        rightsChanged({ accountId: params.id });
      },
    }),
    route({
      method: 'get',
      path: '/api/accounts/:id/sessions',
      action,
      summary: 'The open sessions of an account',
      params: WithId,
      answer: z.array(Session),
      async handle({ actor, params }) {
        await getAccount(db, params.id);
        return listSessions(db, { accountId: params.id, current: actor.sessionId, wallNow: wallClock() });
      },
    }),
    route({
      method: 'delete',
      path: '/api/accounts/:id/sessions',
      action,
      summary: 'Signs an account out everywhere',
      params: WithId,
      handle: ({ params }) => signOut(deps, params.id),
    }),
    route({
      method: 'delete',
      path: '/api/accounts/:id/sessions/:sessionId',
      action,
      summary: 'Ends one session of an account',
      params: WithSession,
      handle: ({ params }) => signOut(deps, params.id, params.sessionId),
    }),
  ];
}

async function getActive(deps: AccountDeps, id: string): Promise<Account> {
  const account = await getAccount(deps.tools.db, id);
  if (!account.active) throw new Problem(409, 'account-closed', 'This account is closed; open it again first.');
  return account;
}
