import { z } from 'zod';
import { anonymousActor, type Actor } from '../../platform/actor.ts';
import { inChange } from '../../platform/change.ts';
import { sessionCookieHeader } from '../../platform/credentials.ts';
import { route, type Route } from '../../platform/http-route.ts';
import { POLICY, scopeOf, type ActionName } from '../../platform/policy.ts';
import { Problem } from '../../platform/problem.ts';
import { accountOf, signOut, type AccountDeps } from './account-deps.ts';
import { LinkSignIn, PasswordSignIn, Session, SessionView, SetPassword } from './contract.ts';
import { hashPassword, passwordFits } from './passwords.ts';
import {
  exchangeSignInLink,
  listSessions,
  openSession,
  revokeSessions,
  SESSION_SECONDS,
  type OpenedSession,
} from './sessions.ts';
import { SIGN_IN_PAGE, SIGN_IN_SCRIPT } from './sign-in-page.ts';
import { findLogin, getAccount, getPasswordHash, setPasswordHash } from './store.ts';

/** Signing in and out, and everybody's own account. */
export function sessionRoutes(deps: AccountDeps): Route[] {
  const { tools, wallClock, cookie } = deps;
  const { db } = tools;

  const welcome = async (opened: OpenedSession): Promise<{ view: SessionView; cookie: string }> => {
    const account = await getAccount(db, opened.accountId);
    const actor: Actor = {
      ...anonymousActor,
      role: account.role,
      accountId: account.id,
      sessionId: opened.id,
      organisationId: account.organisationId,
      areaIds: account.areaIds,
    };
    return {
      view: viewOf(actor, account.displayName, opened.expiresAt),
      cookie: sessionCookieHeader(cookie, opened.token, SESSION_SECONDS),
    };
  };
  const newSessionId = () => tools.ids.next(tools.clock.now());

  return [
    route({
      method: 'get',
      path: '/sign-in',
      action: 'session.open',
      summary: 'The page behind a sign-in link',
      answerType: 'text/html',
      handle({ res }) {
        res.type('html').send(SIGN_IN_PAGE);
        return Promise.resolve();
      },
    }),
    route({
      method: 'get',
      path: '/sign-in.js',
      action: 'session.open',
      summary: 'Its script',
      answerType: 'text/javascript',
      handle({ res }) {
        res.type('text/javascript').send(SIGN_IN_SCRIPT);
        return Promise.resolve();
      },
    }),
    route({
      method: 'post',
      path: '/api/session/link',
      action: 'session.open',
      summary: 'Exchanges a one-time link for a session (a cookie)',
      body: LinkSignIn,
      answer: SessionView,
      async handle({ body, res }) {
        const opened = await db.transaction((tx) =>
          exchangeSignInLink(tx, { token: body.token, sessionId: newSessionId(), wallNow: wallClock() }),
        );
        const { view, cookie: header } = await welcome(opened);
        res.append('Set-Cookie', header);
        return view;
      },
    }),
    route({
      method: 'post',
      path: '/api/session',
      action: 'session.open',
      summary: 'Opens a session with login and password (a cookie)',
      body: PasswordSignIn,
      answer: SessionView,
      async handle({ body, res }) {
        const login = await findLogin(db, body.login);
        if (!(await passwordFits(login?.passwordHash ?? null, body.password)) || !login) {
          throw new Problem(401, 'sign-in-refused', 'Login and password do not fit together.');
        }
        const opened = await openSession(db, { accountId: login.id, sessionId: newSessionId(), wallNow: wallClock() });
        const { view, cookie: header } = await welcome(opened);
        res.append('Set-Cookie', header);
        return view;
      },
    }),
    route({
      method: 'get',
      path: '/api/session',
      action: 'session.read',
      summary: 'Who is asking, and what they may do',
      answer: SessionView,
      async handle({ actor }) {
        if (actor.accountId === null) return viewOf(actor, null, null);
        const account = await getAccount(db, actor.accountId);
        const sessions = await listSessions(db, { accountId: account.id, current: actor.sessionId, wallNow: wallClock() });
        const expiresAt = sessions.find((session) => session.current)?.expiresAt;
        return viewOf(actor, account.displayName, expiresAt === undefined ? null : new Date(expiresAt));
      },
    }),
    route({
      method: 'delete',
      path: '/api/session',
      action: 'session.close',
      summary: 'Signs out',
      async handle({ actor, res }) {
        if (actor.accountId !== null && actor.sessionId !== null) await signOut(deps, actor.accountId, actor.sessionId);
        res.append('Set-Cookie', sessionCookieHeader(cookie, null, 0));
      },
    }),
    route({
      method: 'get',
      path: '/api/session/all',
      action: 'account.own',
      summary: 'My open sessions',
      answer: z.array(Session),
      handle: ({ actor }) => listSessions(db, { accountId: accountOf(actor), current: actor.sessionId, wallNow: wallClock() }),
    }),
    route({
      method: 'delete',
      path: '/api/session/all/:sessionId',
      action: 'account.own',
      summary: 'Ends one of my sessions',
      params: z.strictObject({ sessionId: z.uuid() }),
      handle: ({ actor, params }) => signOut(deps, accountOf(actor), params.sessionId),
    }),
    route({
      method: 'put',
      path: '/api/session/password',
      action: 'account.own',
      summary: 'Sets my password; my other sessions end',
      body: SetPassword,
      async handle({ actor, body }) {
        const accountId = accountOf(actor);
        const stored = await getPasswordHash(db, accountId);
        if (stored !== null && !(await passwordFits(stored, body.current ?? ''))) {
          throw new Problem(403, 'password-wrong', 'The current password is not right.', {
            fields: [{ path: 'current', message: 'is not the current password' }],
          });
        }
        const hash = await hashPassword(body.password);
        await inChange(tools, actor, async (change) => {
          await setPasswordHash(change, accountId, hash);
          await revokeSessions(change.tx, { accountId, except: actor.sessionId, wallNow: wallClock() });
        });
        deps.rightsChanged({ accountId });
      },
    }),
  ];
}

function viewOf(actor: Actor, displayName: string | null, expiresAt: Date | null): SessionView {
  const may = (Object.keys(POLICY) as ActionName[]).flatMap((action) => {
    const scope = scopeOf(actor.role, action);
    return scope === null ? [] : [[action, scope] as const];
  });
  return {
    signedIn: actor.role !== 'anonymous',
    role: actor.role,
    accountId: actor.accountId,
    displayName,
    deviceId: actor.deviceId,
    organisationId: actor.organisationId,
    areaIds: [...actor.areaIds],
    expiresAt: expiresAt?.toISOString() ?? null,
    may: Object.fromEntries(may),
    changeHeaders: actor.sessionId === null ? {} : { 'Thuma-Request': '1' },
  };
}
