import { request } from 'node:http';
import type { Duplex } from 'node:stream';
import { expect } from 'chai';
import fc from 'fast-check';
import { io, type Socket } from 'socket.io-client';
import { z } from 'zod';
import { anonymousActor, type Actor } from './actor.ts';
import { realClock } from './clock.ts';
import type { Ack } from './contract.ts';
import { sessionCookie, type Identify } from './credentials.ts';
import { POLICY, ROLES, scopeOf, type ActionName, type Role } from './policy.ts';
import { Problem } from './problem.ts';
import { openSockets, socketEvent, type Sockets, type SocketsOptions } from './sockets.ts';
import { quiet, startTestServer, tokenFor, type TestServer } from './test-server.ts';
import { tokenBucket } from './token-bucket.ts';

const roles = ROLES.filter((role) => role !== 'system');

describe('sockets', () => {
  let server: TestServer;
  let sockets: Sockets;
  const counted: string[] = [];
  const clients: Socket[] = [];
  /** Who is known now: tests revoke and change rights here. */
  const known = new Map<string, Actor>();
  const identify: Identify = ({ token }) => Promise.resolve(known.get(token) ?? null);

  const events = [
    socketEvent({
      name: 'echo',
      action: 'live.watch',
      input: z.strictObject({ text: z.string().max(1000) }),
      handle: ({ input }) => input.text,
    }),
    socketEvent({
      name: 'fail',
      action: 'live.watch',
      input: z.strictObject({ how: z.enum(['bug', 'refusal', 'rejection']) }),
      handle({ input }) {
        if (input.how === 'bug') throw new TypeError('the secret inner state');
        if (input.how === 'rejection') return Promise.reject(new Error('the secret inner state'));
        throw new Problem(409, 'stale-version', 'Look again.');
      },
    }),
    ...(Object.keys(POLICY) as ActionName[]).map((action) =>
      socketEvent({
        name: `try ${action}`,
        action,
        input: z.strictObject({}),
        handle: ({ scope }) => scope,
      }),
    ),
  ];

  const begin = async (options: Partial<SocketsOptions> = {}) => {
    server = await startTestServer({ routes: [] });
    sockets = openSockets({
      http: server.http,
      identify,
      cookie: sessionCookie(false),
      origins: { publicUrl: null, allowed: [] },
      clock: realClock,
      log: quiet,
      events,
      count: { event: (name, result) => counted.push(`${name} ${result}`), connections: () => undefined },
      recheckMillis: 60_000,
      ...options,
    });
  };
  const connect = (auth: Record<string, unknown>, headers: Record<string, string> = {}): Promise<Socket> => {
    const client = io(server.url, {
      transports: ['websocket'],
      auth,
      extraHeaders: headers,
      reconnection: false,
      forceNew: true,
    });
    clients.push(client);
    return new Promise((resolve, reject) => {
      client.once('connect', () => resolve(client));
      client.once('connect_error', reject);
    });
  };
  const refused = (auth: Record<string, unknown>, headers?: Record<string, string>): Promise<Error & { data?: unknown }> =>
    connect(auth, headers).then(
      () => expect.fail('it connected'),
      (error: Error) => error,
    );
  const ask = (client: Socket, name: string, ...payload: unknown[]): Promise<Ack<unknown>> =>
    client.timeout(5_000).emitWithAck(name, ...payload) as Promise<Ack<unknown>>;
  const typeOf = (ack: Ack<unknown>) => (ack.ok ? 'ok' : ack.problem.type);

  beforeEach(async () => {
    known.clear();
    counted.length = 0;
    for (const role of roles) known.set(tokenFor(role), { ...anonymousActor, role, accountId: role });
    await begin();
  });
  afterEach(async () => {
    for (const client of clients.splice(0)) client.disconnect();
    await sockets.closeAll(0);
    await server.close();
  });

  it('lets in who is signed in, by cookie or token, and answers typed', async () => {
    const desk = await connect({}, { Cookie: `thuma=${tokenFor('dispatcher')}` });
    const crew = await connect({ token: tokenFor('crew') });
    expect(await ask(desk, 'echo', { text: 'hello' })).to.deep.equal({ ok: true, answer: 'hello' });
    expect(typeOf(await ask(crew, 'echo', { text: 'hello' }))).to.equal('/problems/not-allowed');
    expect(sockets.list().map((socket) => socket.actor.role)).to.have.members(['dispatcher', 'crew']);
  });

  it('refuses strangers, unknown tokens, roles without a live connection, and foreign pages', async () => {
    const problems = [await refused({}), await refused({ token: 'unknown-token-of-somebody' }), await refused({ token: 7 })];
    for (const { data } of problems) expect(data).to.include({ status: 401, type: '/problems/not-signed-in' });
    expect((await refused({ token: tokenFor('reporter') })).data).to.include({ status: 403 });
    const cookie = { Cookie: `thuma=${tokenFor('dispatcher')}` };
    for (const Origin of ['https://evil.example', 'null', 'file://', 'nonsense']) {
      expect((await refused({}, { ...cookie, Origin })).message, Origin).to.equal('websocket error');
    }
    const own = await connect({}, { ...cookie, Origin: server.url });
    expect(own.connected).to.equal(true);
    expect(sockets.list()).to.have.length(1);
  });

  it('takes no polling', async () => {
    const reply = await fetch(`${server.url}/socket.io/?EIO=4&transport=polling`);
    expect(reply.status).to.equal(400);
  });

  it('lets each role do exactly what the policy table says', async () => {
    for (const role of roles) {
      if (scopeOf(role, 'live.watch') === null && scopeOf(role, 'live.crew') === null) continue;
      const client = await connect({ token: tokenFor(role) });
      for (const action of Object.keys(POLICY) as ActionName[]) {
        const scope = scopeOf(role as Role, action);
        const ack = await ask(client, `try ${action}`, {});
        if (scope === null) expect(typeOf(ack), `${role} ${action}`).to.equal('/problems/not-allowed');
        else expect(ack, `${role} ${action}`).to.deep.equal({ ok: true, answer: scope });
      }
    }
  });

  it('answers every failure with a problem and tells nothing of our own', async () => {
    const client = await connect({ token: tokenFor('dispatcher') });
    const bug = await ask(client, 'fail', { how: 'bug' });
    expect(typeOf(bug)).to.equal('/problems/internal');
    expect(JSON.stringify(bug)).not.to.contain('secret');
    expect(typeOf(await ask(client, 'fail', { how: 'rejection' }))).to.equal('/problems/internal');
    expect(typeOf(await ask(client, 'fail', { how: 'refusal' }))).to.equal('/problems/stale-version');
    expect(typeOf(await ask(client, 'echo', { text: 1 }))).to.equal('/problems/invalid-input');
    expect(typeOf(await ask(client, 'echo', { text: 'a' }, { text: 'b' }))).to.equal('/problems/invalid-input');
    expect(typeOf(await ask(client, 'echo'))).to.equal('/problems/invalid-input');
    for (const name of ['nothing', 'constructor', '__proto__', 'toString']) {
      expect(typeOf(await ask(client, name, {})), name).to.equal('/problems/no-such-event');
    }
    expect(counted).to.include.members(['fail failed', 'fail refused', 'echo refused', 'unknown unknown']);
  });

  it('closes at once, and for good, who was revoked; asks who has other rights to come again', async () => {
    const revoked = await connect({ token: tokenFor('dispatcher') });
    const changed = await connect({ token: tokenFor('supervisor') });
    const other = await connect({ token: tokenFor('admin') });
    const said = new Promise((resolve) => revoked.once('signed-out', resolve));
    const gone = (client: Socket) => new Promise<string>((resolve) => client.once('disconnect', resolve));
    const both = Promise.all([gone(revoked), gone(changed)]);
    known.delete(tokenFor('dispatcher'));
    known.set(tokenFor('supervisor'), { ...anonymousActor, role: 'dispatcher', accountId: 'supervisor' });
    await sockets.recheck({ accountId: 'dispatcher' });
    await sockets.recheck({ accountId: 'supervisor' });
    // "io server disconnect": the client stays away. Anything else: it comes back by itself.
    expect(await both).to.deep.equal(['io server disconnect', 'transport close']);
    expect(await said).to.deep.equal({ because: 'revoked' });
    expect(other.connected).to.equal(true);
  });

  it('finds by itself what another process revoked', async () => {
    await sockets.closeAll(0);
    await server.close();
    await begin({ recheckMillis: 20 });
    const client = await connect({ token: tokenFor('crew') });
    const gone = new Promise((resolve) => client.once('disconnect', resolve));
    known.delete(tokenFor('crew'));
    expect(await gone).to.equal('io server disconnect');
  });

  it('refuses what is too much and cuts off who does not stop', async () => {
    await sockets.closeAll(0);
    await server.close();
    await begin({ bucket: { burst: 5, perSecond: 0 } });
    const client = await connect({ token: tokenFor('dispatcher') });
    const answers: string[] = [];
    for (let i = 0; i < 7; i++) answers.push(typeOf(await ask(client, 'echo', { text: 'x' })));
    expect(answers).to.deep.equal([...Array<string>(5).fill('ok'), '/problems/too-many', '/problems/too-many']);
    const gone = new Promise((resolve) => client.once('disconnect', resolve));
    for (let i = 0; i < 1_100; i++) client.emit('echo', { text: 'x' });
    expect(await gone).to.equal('io server disconnect');
  });

  it('says goodbye with a hint when the server closes', async () => {
    const client = await connect({ token: tokenFor('dispatcher') });
    const hint = new Promise<{ comeBackAfterMillis: number }>((resolve) => client.once('server-closing', resolve));
    await sockets.closeAll(5_000);
    expect((await hint).comeBackAfterMillis).to.be.within(0, 5_000);
  });

  it('closes the connection of a message too large or with too many attachments, not the process', async () => {
    for (const payload of [{ text: 'x'.repeat(70_000) }, Array.from({ length: 11 }, () => Buffer.from('x'))]) {
      const client = await connect({ token: tokenFor('dispatcher') });
      const gone = new Promise((resolve) => client.once('disconnect', resolve));
      client.emit('echo', payload);
      await gone;
    }
    const client = await connect({ token: tokenFor('dispatcher') });
    expect(typeOf(await ask(client, 'echo', { text: 'still here' }))).to.equal('ok');
  });

  it('answers thousands of malformed messages and lives', async function () {
    this.timeout(60_000);
    await sockets.closeAll(0);
    await server.close();
    await begin({ bucket: { burst: 1e9, perSecond: 1e9 } });
    const client = await connect({ token: tokenFor('dispatcher') });
    const name = fc.oneof(fc.constantFrom('echo', 'fail', 'try live.watch', '__proto__', 'hasOwnProperty', ''), fc.string());
    const payload = fc.array(
      fc.oneof(
        fc.anything({ withNullPrototype: true, withDate: true, withSparseArray: true, withTypedArray: true }),
        fc.record({ text: fc.oneof(fc.string(), fc.anything()) }),
        fc.constantFrom({ text: 'ok' }, { how: 'bug' }, null, undefined),
      ),
      { maxLength: 3 },
    );
    const reserved = new Set(['connect', 'connect_error', 'disconnect', 'disconnecting', 'newListener', 'removeListener']);
    let sent = 0;
    await fc.assert(
      fc.asyncProperty(name, payload, async (event, args) => {
        fc.pre(!reserved.has(event));
        sent++;
        const ack = await ask(client, event, ...args);
        expect(ack.ok === true || typeof ack.problem.detail === 'string').to.equal(true);
      }),
      { numRuns: 3_000 },
    );
    expect(sent).to.be.at.least(3_000);
    expect(client.connected).to.equal(true);
    // Without an acknowledgement, or with something else in its place.
    for (const args of [[], [{}], [null, 7], [() => undefined, {}]]) client.emit('echo', ...args);
    expect(typeOf(await ask(client, 'echo', { text: 'still here' }))).to.equal('ok');
  });

  it('lives when raw frames are garbage', async () => {
    for (const garbage of [
      '',
      '4',
      '42',
      '42[',
      '42["echo"',
      '2probe',
      '40{',
      '451-["echo",{"_placeholder":true,"num":7}]',
      '9',
      '\u0000',
    ]) {
      const raw = await rawWebSocket(server.url);
      raw.write(frame(`40{"token":"${tokenFor('dispatcher')}"}`));
      raw.write(frame(garbage));
      // Not a text at all: reserved bits set, wrong opcode.
      raw.write(Buffer.from([0xff, 0x80, 1, 2, 3, 4]));
      await new Promise((resolve) => setTimeout(resolve, 5));
      raw.destroy();
    }
    const client = await connect({ token: tokenFor('dispatcher') });
    expect(typeOf(await ask(client, 'echo', { text: 'still here' }))).to.equal('ok');
  });
});

/** A WebSocket without a client's manners. */
function rawWebSocket(url: string): Promise<Duplex> {
  const headers = {
    Connection: 'Upgrade',
    Upgrade: 'websocket',
    'Sec-WebSocket-Version': '13',
    'Sec-WebSocket-Key': 'AAAAAAAAAAAAAAAAAAAAAA==',
  };
  return new Promise((resolve, reject) => {
    const asked = request(`${url}/socket.io/?EIO=4&transport=websocket`, { headers });
    asked.on('upgrade', (_reply, socket) => {
      socket.on('error', () => undefined);
      resolve(socket);
    });
    asked.on('error', reject);
    asked.end();
  });
}

/** One masked text frame of fewer than 126 bytes; the mask is zero. */
function frame(text: string): Buffer {
  const payload = Buffer.from(text);
  return Buffer.concat([Buffer.from([0x81, 0x80 | payload.length, 0, 0, 0, 0]), payload]);
}

describe('token bucket', () => {
  it('gives a burst, then what time refills, and never more than a burst', () => {
    let now = 0;
    const bucket = tokenBucket({ burst: 2, perSecond: 10 }, () => now);
    const take = (n: number) => Array.from({ length: n }, () => bucket.take());
    expect(take(3)).to.deep.equal([true, true, false]);
    now += 100;
    expect(take(2)).to.deep.equal([true, false]);
    now += 60_000;
    expect(take(3)).to.deep.equal([true, true, false]);
  });
});
