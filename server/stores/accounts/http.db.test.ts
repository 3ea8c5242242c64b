import { expect } from 'chai';
import { io, type Socket } from 'socket.io-client';
import { z } from 'zod';
import { freshDb, type FreshDb } from '../../../db/testing.ts';
import { systemActor } from '../../platform/actor.ts';
import { inChange, type ChangeTools } from '../../platform/change.ts';
import { realClock } from '../../platform/clock.ts';
import type { ProblemBody } from '../../platform/contract.ts';
import { sessionCookie } from '../../platform/credentials.ts';
import { randomIds } from '../../platform/ids.ts';
import { openSockets, socketEvent, type Sockets } from '../../platform/sockets.ts';
import { quiet, startTestServer, type TestServer } from '../../platform/test-server.ts';
import {
  NewAccount,
  type Account,
  type Device,
  type Enrolled,
  type EnrolmentCode,
  type SessionView,
  type SignInLink,
} from './contract.ts';
import { accountRoutes } from './http.ts';
import { identifier } from './identify.ts';
import { createSignInLink } from './sessions.ts';
import { createAccount } from './store.ts';

const HOUR = 3_600_000;

describe('accounts', () => {
  let fresh: FreshDb;
  let tools: ChangeTools;
  let server: TestServer;
  let sockets: Sockets;
  let admin: Client;
  let wallNow = new Date('2026-01-27T08:00:00Z');
  const organisation = '00000000-0000-7000-8000-00000000000a';
  const other = '00000000-0000-7000-8000-00000000000b';
  const vehicle = '00000000-0000-7000-8000-0000000000c1';
  const foreignVehicle = '00000000-0000-7000-8000-0000000000c2';
  const bound: string[] = [];
  const open: Socket[] = [];

  /** A browser or a machine: keeps its cookie, sends our header. */
  interface Client {
    headers: Record<string, string>;
    ask<T>(method: string, path: string, body?: unknown): Promise<{ status: number; body: T; cookie: string | null }>;
  }
  const client = (headers: Record<string, string> = {}): Client => ({
    headers,
    async ask<T>(method: string, path: string, body?: unknown) {
      const reply = await fetch(server.url + path, {
        method,
        headers: { 'Thuma-Request': '1', ...(body === undefined ? {} : { 'Content-Type': 'application/json' }), ...this.headers },
        ...(body === undefined ? {} : { body: JSON.stringify(body) }),
      });
      const cookie = reply.headers.get('set-cookie');
      if (cookie !== null) this.headers['Cookie'] = cookie.split(';')[0]!;
      const text = await reply.text();
      return { status: reply.status, body: (text === '' ? undefined : JSON.parse(text)) as T, cookie };
    },
  });
  const account = (role: Account['role'], over: Partial<NewAccount> = {}): Promise<Account> =>
    inChange(tools, systemActor, (change) =>
      createAccount(change, NewAccount.parse({ role, displayName: `A ${role}`, organisationId: organisation, ...over })),
    );
  const signedIn = async (who: Account): Promise<Client> => {
    const link = await createSignInLink(fresh.db, { accountId: who.id, wallNow });
    const browser = client();
    expect((await browser.ask('POST', '/api/session/link', { token: link.token })).status).to.equal(200);
    return browser;
  };
  const live = (auth: Record<string, string>, headers: Record<string, string> = {}): Promise<Socket> => {
    const socket = io(server.url, {
      transports: ['websocket'],
      auth,
      extraHeaders: headers,
      reconnection: false,
      forceNew: true,
    });
    open.push(socket);
    return new Promise((resolve, reject) => {
      socket.once('connect', () => resolve(socket));
      socket.once('connect_error', reject);
    });
  };
  const gone = (socket: Socket) => new Promise<string>((resolve) => socket.once('disconnect', resolve));

  beforeEach(async () => {
    fresh = await freshDb();
    wallNow = new Date('2026-01-27T08:00:00Z');
    bound.length = 0;
    tools = { db: fresh.db, clock: realClock, ids: randomIds, readers: [], committed: () => undefined };
    await fresh.db('organisation').insert([
      { id: organisation, code: 'streets', name: 'Streets' },
      { id: other, code: 'water', name: 'Water' },
    ]);
    await fresh.db('vehicle').insert([
      { id: vehicle, code: 'truck-1', organisation_id: organisation, kind: 'truck' },
      { id: foreignVehicle, code: 'van-9', organisation_id: other, kind: 'van' },
    ]);
    const identify = identifier({
      db: fresh.db,
      clock: realClock,
      wallClock: () => wallNow,
      findFollowedCase: () => Promise.resolve(null),
    });
    const cookie = sessionCookie(false);
    const routes = accountRoutes({
      tools,
      wallClock: () => wallNow,
      cookie,
      publicUrl: null,
      rightsChanged: (who) => void sockets.recheck(who),
      bindingsChanged: (id) => bound.push(id),
    });
    server = await startTestServer({ routes, identify });
    sockets = openSockets({
      http: server.http,
      identify,
      cookie,
      origins: { publicUrl: null, allowed: [] },
      clock: realClock,
      log: quiet,
      events: [socketEvent({ name: 'who', action: 'live.watch', input: z.undefined(), handle: ({ actor }) => actor.role })],
      recheckMillis: 3_600_000,
    });
    admin = await signedIn(await account('admin', { organisationId: null }));
  });
  afterEach(async () => {
    for (const socket of open.splice(0)) socket.disconnect();
    await sockets.closeAll(0);
    await server.close();
    await fresh.drop();
  });

  it('has no account and no password at the beginning, and keeps no secret as it is', async () => {
    const empty = await freshDb();
    expect(await empty.db('account').pluck('id')).to.deep.equal([]);
    await empty.drop();
    const token = admin.headers['Cookie']!.slice('thuma='.length);
    const dump = JSON.stringify([await fresh.db('session'), await fresh.db('sign_in_link'), await fresh.db('account')]);
    expect(dump).not.to.contain(token);
  });

  it('signs in by a link once, however many try at the same moment', async () => {
    const who = await account('dispatcher');
    const made = await admin.ask<SignInLink>('POST', `/api/accounts/${who.id}/sign-in-links`);
    expect(made.status).to.equal(201);
    const [path, token] = made.body.path.split('#');
    // Opening the page, as a preview does, uses nothing up.
    const page = await fetch(server.url + path!);
    expect(await page.text()).to.contain('/sign-in.js');
    expect((await fetch(`${server.url}/sign-in.js`)).headers.get('content-type')).to.contain('javascript');
    const tries = await Promise.all([1, 2, 3, 4].map(() => client().ask<SessionView>('POST', '/api/session/link', { token })));
    expect(tries.map((t) => t.status).sort()).to.deep.equal([200, 401, 401, 401]);
    const won = tries.find((t) => t.status === 200)!;
    expect(won.body).to.include({ signedIn: true, role: 'dispatcher', accountId: who.id, displayName: 'A dispatcher' });
    expect(won.body.may).to.include({ 'case.decide': 'area' }).and.not.have.property('account.manage');
    expect(won.cookie).to.match(/^thuma=[\w-]{43}; Path=\/; HttpOnly; SameSite=Strict; Max-Age=43200$/);
  });

  it('refuses a link that is too old or whose account was closed', async () => {
    const who = await account('dispatcher');
    const old = await createSignInLink(fresh.db, { accountId: who.id, wallNow, minutes: 5 });
    const closed = await createSignInLink(fresh.db, { accountId: who.id, wallNow, minutes: 600 });
    wallNow = new Date(wallNow.getTime() + 6 * 60_000);
    expect((await client().ask<ProblemBody>('POST', '/api/session/link', { token: old.token })).body.type).to.equal(
      '/problems/link-not-valid',
    );
    expect((await admin.ask('PATCH', `/api/accounts/${who.id}`, { version: 1, active: false })).status).to.equal(200);
    expect((await client().ask('POST', '/api/session/link', { token: closed.token })).status).to.equal(401);
  });

  it('signs in with a password that was set, and says nothing about logins', async () => {
    const who = await account('supervisor', { login: 'Sup@City' });
    const first = await signedIn(who);
    const second = await signedIn(who);
    expect((await first.ask('PUT', '/api/session/password', { password: 'short' })).status).to.equal(400);
    expect((await first.ask('PUT', '/api/session/password', { password: 'a long sentence of mine' })).status).to.equal(204);
    // The others are out, this one stays.
    expect((await second.ask('GET', '/api/session/all')).status).to.equal(401);
    expect((await first.ask<unknown[]>('GET', '/api/session/all')).body).to.have.length(1);
    expect((await first.ask('PUT', '/api/session/password', { password: 'another long sentence' })).status).to.equal(403);
    const enter = (login: string, password: string) => client().ask<ProblemBody>('POST', '/api/session', { login, password });
    expect((await enter('SUP@city', 'a long sentence of mine')).status).to.equal(200);
    const wrong = await enter('sup@city', 'a long sentence of hers');
    const nobody = await enter('nobody@city', 'a long sentence of mine');
    expect(wrong.status).to.equal(401);
    expect(wrong.body).to.deep.equal(nobody.body);
    expect(JSON.stringify(await fresh.db('account').where({ id: who.id })))
      .to.contain('$argon2id$')
      .and.not.contain('sentence');
  });

  it('ends sessions by time, by signing out, by hand, and one at a time', async () => {
    const who = await account('dispatcher');
    const [a, b, c] = [await signedIn(who), await signedIn(who), await signedIn(who)];
    const mine = await a.ask<{ id: string; current: boolean }[]>('GET', '/api/session/all');
    expect(mine.body.filter((s) => s.current)).to.have.length(1);
    expect((await b.ask('DELETE', '/api/session')).cookie).to.contain('Max-Age=0');
    expect((await b.ask<SessionView>('GET', '/api/session')).body.signedIn).to.equal(false);
    const left = await a.ask<{ id: string; current: boolean }[]>('GET', '/api/session/all');
    const others = left.body.filter((s) => !s.current);
    expect(others).to.have.length(1);
    expect((await a.ask('DELETE', `/api/session/all/${others[0]!.id}`)).status).to.equal(204);
    expect((await a.ask('DELETE', `/api/session/all/${others[0]!.id}`)).status).to.equal(404);
    expect((await c.ask('GET', '/api/session/all')).status).to.equal(401);
    wallNow = new Date(wallNow.getTime() + 12 * HOUR);
    expect((await a.ask<ProblemBody>('GET', '/api/session/all')).body.type).to.equal('/problems/session-ended');
  });

  it('puts changed rights in force at once, on open sockets too', async () => {
    const who = await account('dispatcher');
    const desk = await signedIn(who);
    const socket = await live({}, { Cookie: desk.headers['Cookie']! });
    const left = gone(socket);
    const changed = await admin.ask<Account>('PATCH', `/api/accounts/${who.id}`, { version: 1, role: 'supervisor' });
    expect(changed.body).to.include({ role: 'supervisor', version: 2 });
    expect(await left).to.equal('transport close');
    expect((await desk.ask<SessionView>('GET', '/api/session')).body.role).to.equal('supervisor');
    const stale = await admin.ask<ProblemBody>('PATCH', `/api/accounts/${who.id}`, { version: 1, role: 'admin' });
    expect([stale.status, stale.body.type]).to.deep.equal([409, '/problems/stale-version']);
    expect(stale.body.present).to.include({ role: 'supervisor', version: 2 });

    const again = await live({}, { Cookie: desk.headers['Cookie']! });
    const out = gone(again);
    expect((await admin.ask('PATCH', `/api/accounts/${who.id}`, { version: 2, active: false })).status).to.equal(200);
    expect(await out).to.equal('io server disconnect');
    expect((await desk.ask('GET', '/api/session/all')).status).to.equal(401);
    // Opened again, the old session stays ended.
    expect((await admin.ask('PATCH', `/api/accounts/${who.id}`, { version: 3, active: true })).status).to.equal(200);
    expect((await desk.ask('GET', '/api/session/all')).status).to.equal(401);
  });

  it('keeps the last admin, one login for one account, and known organisations', async () => {
    const me = (await admin.ask<SessionView>('GET', '/api/session')).body.accountId!;
    for (const wish of [{ active: false }, { role: 'dispatcher' }]) {
      const reply = await admin.ask<ProblemBody>('PATCH', `/api/accounts/${me}`, { version: 1, ...wish });
      expect(reply.body.type).to.equal('/problems/last-admin');
    }
    const make = (body: unknown) => admin.ask<ProblemBody>('POST', '/api/accounts', body);
    expect((await make({ role: 'dispatcher', displayName: 'D', login: 'dee' })).status).to.equal(201);
    expect((await make({ role: 'dispatcher', displayName: 'D', login: 'DEE' })).body.type).to.equal('/problems/login-taken');
    const unknown = '00000000-0000-7000-8000-0000000000ff';
    expect((await make({ role: 'crew', displayName: 'C', organisationId: unknown })).status).to.equal(422);
    expect((await make({ role: 'crew', displayName: 'C', areaIds: [unknown] })).status).to.equal(422);
    expect((await make({ role: 'system', displayName: 'C' })).status).to.equal(400);
    expect((await make({ role: 'admin', displayName: 'C', password: 'admin' })).status).to.equal(400);
  });

  it('gives integrators a key that is shown once, replaced and revoked', async () => {
    const machine = await account('integrator');
    const desk = await account('dispatcher');
    const key = async () => (await admin.ask<{ apiKey: string }>('POST', `/api/accounts/${machine.id}/api-key`)).body.apiKey;
    const first = await key();
    const by = (apiKey: string) => client({ 'Api-Key': apiKey });
    expect((await by(first).ask<SessionView>('GET', '/api/session')).body.role).to.equal('integrator');
    const second = await key();
    expect((await by(first).ask('GET', '/api/session')).status).to.equal(401);
    expect((await by(second).ask('GET', '/api/session')).status).to.equal(200);
    expect((await admin.ask('DELETE', `/api/accounts/${machine.id}/api-key`)).status).to.equal(204);
    expect((await by(second).ask('GET', '/api/session')).status).to.equal(401);
    expect((await admin.ask<ProblemBody>('POST', `/api/accounts/${desk.id}/api-key`)).body.type).to.equal(
      '/problems/no-key-for-role',
    );
    expect(JSON.stringify(await fresh.db('account'))).not.to.contain(second);
  });

  it('enrols a device with a code once, and ends it at once', async () => {
    const desk = await signedIn(await account('dispatcher'));
    const code = (await desk.ask<EnrolmentCode>('POST', '/api/devices/codes', { vehicleId: vehicle, label: 'Phone 1' })).body;
    expect(code.code).to.match(/^[0-9A-Z]{5}-[0-9A-Z]{5}$/);
    const typed = code.code.toLowerCase().replace('-', ' ');
    const tries = await Promise.all([1, 2, 3].map(() => client().ask<Enrolled>('POST', '/api/devices/enrol', { code: typed })));
    expect(tries.map((t) => t.status).sort()).to.deep.equal([201, 401, 401]);
    const { token, deviceId } = tries.find((t) => t.status === 201)!.body;
    expect(bound).to.deep.equal([deviceId]);

    const phone = client({ Authorization: `Bearer ${token}` });
    const seen = await phone.ask<SessionView>('GET', '/api/session');
    expect(seen.body).to.include({ role: 'crew', deviceId, organisationId: organisation });
    expect((await phone.ask('GET', '/api/devices')).status).to.equal(403);
    const socket = await live({ token });
    const list = await desk.ask<Device[]>('GET', '/api/devices');
    expect(list.body[0]).to.include({ id: deviceId, label: 'Phone 1', vehicleCode: 'truck-1', revokedAt: null });

    const left = gone(socket);
    expect((await desk.ask('DELETE', `/api/devices/${deviceId}`)).status).to.equal(204);
    expect(await left).to.equal('io server disconnect');
    expect((await phone.ask('GET', '/api/session')).status).to.equal(401);
    expect((await desk.ask('DELETE', `/api/devices/${deviceId}`)).status).to.equal(204);
    expect(await fresh.db('event').whereLike('type', 'device.%').orderBy('seq').pluck('type')).to.deep.equal([
      'device.enrolled',
      'device.revoked',
    ]);
  });

  it("refuses an old code, and another organisation's vehicles and devices", async () => {
    const desk = await signedIn(await account('dispatcher'));
    const theirs = await signedIn(await account('dispatcher', { organisationId: other }));
    const refused = await desk.ask<ProblemBody>('POST', '/api/devices/codes', { vehicleId: foreignVehicle, label: 'x' });
    expect(refused.body.type).to.equal('/problems/no-such-vehicle');
    const code = (await desk.ask<EnrolmentCode>('POST', '/api/devices/codes', { vehicleId: vehicle, label: 'x' })).body;
    const late = (await desk.ask<EnrolmentCode>('POST', '/api/devices/codes', { vehicleId: vehicle, label: 'y' })).body;
    const { deviceId } = (await client().ask<Enrolled>('POST', '/api/devices/enrol', { code: code.code, kind: 'tracker' })).body;
    expect((await theirs.ask<Device[]>('GET', '/api/devices')).body).to.deep.equal([]);
    expect((await theirs.ask('DELETE', `/api/devices/${deviceId}`)).status).to.equal(404);
    wallNow = new Date(wallNow.getTime() + 15 * 60_000);
    expect((await client().ask('POST', '/api/devices/enrol', { code: late.code })).status).to.equal(401);
    expect((await client().ask('POST', '/api/devices/enrol', { code: 'wrong' })).status).to.equal(401);
  });

  it('refuses to sign anybody in for a page of another site', async () => {
    const who = await account('dispatcher');
    const { token } = await createSignInLink(fresh.db, { accountId: who.id, wallNow });
    const evil = client({ Origin: 'https://evil.example' });
    expect((await evil.ask('POST', '/api/session/link', { token })).status).to.equal(403);
    expect((await client().ask('POST', '/api/session/link', { token })).status).to.equal(200);
  });
});
