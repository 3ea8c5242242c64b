import path from 'node:path';
import { expect } from 'chai';
import fc from 'fast-check';
import { io, type Socket } from 'socket.io-client';
import { freshDb, type FreshDb } from '../db/testing.ts';
import { estimate, UNLEARNED } from '../routing/roads/estimate.ts';
import { startPlanner, type Planner } from '../routing/worker/start-planner.ts';
import { createApp } from './app.ts';
import type { App } from './app-deps.ts';
import { systemActor } from './platform/actor.ts';
import { inChange, type ChangeTools } from './platform/change.ts';
import { simulatedClock, type SimulatedClock } from './platform/clock.ts';
import type { Ack, ClockAdvanced, ProblemBody, Status } from './platform/contract.ts';
import type { Route } from './platform/http-route.ts';
import { randomIds } from './platform/ids.ts';
import { POLICY, ROLES, scopeOf, type Role } from './platform/policy.ts';
import { setTimer } from './platform/timers.ts';
import { quiet } from './platform/test-server.ts';
import { hashToken } from './platform/tokens.ts';
import type { CityRoads } from './roads.ts';
import { enrolDevice, issueEnrolmentCode } from './stores/accounts/devices.ts';
import { openSession } from './stores/accounts/sessions.ts';
import { createAccount, issueApiKey } from './stores/accounts/store.ts';
import { loadCity } from './stores/city/load.ts';
import { installCity } from './stores/city/store.ts';
import type { EventPage } from './stores/events/contract.ts';

const START = new Date('2026-03-02T06:00:00Z');
const NOBODY = '00000000-0000-7000-8000-00000000ffff';
/** A reporter has no standing credential: the link in the address is theirs, and is tried apart. */
const STANDING = ROLES.filter((role) => role !== 'system' && role !== 'reporter');
const WRITES = new Set(['post', 'put', 'patch', 'delete']);

describe('the whole application', function () {
  this.timeout(120_000);
  let fresh: FreshDb;
  let app: App;
  let engine: Planner;
  let clock: SimulatedClock;
  let url: string;
  const accounts = new Map<Role, string>();
  let deviceToken: string;
  let apiKey: string;
  /** What was not well when the first look had been taken. */
  let atFirst: readonly string[];

  /** Roads of a city that was not imported: the real estimates, no streets. */
  const roads = (): CityRoads => ({
    network: estimate({ ...UNLEARNED, version: 'none' }),
    state: () => ({ source: 'estimate', since: START, because: 'No router is used in this test.' }),
    match: () => Promise.reject(new Error('No router is used in this test.')),
    streets: () => null,
    baseMap: () => null,
    attribution: () => null,
    routerPid: () => null,
    refresh: () => Promise.resolve(),
    stop: () => Promise.resolve(),
  });

  before(async () => {
    fresh = await freshDb();
    clock = simulatedClock(START);
    engine = startPlanner();
    const city = await loadCity(path.join(import.meta.dirname, '../cities/gothenburg'));
    const tools: ChangeTools = { db: fresh.db, clock, ids: randomIds, readers: [], committed: () => undefined };
    const { configVersionId } = await inChange(tools, systemActor, (change) => installCity(change, city));
    await inChange(tools, systemActor, async (change) => {
      for (const role of ['dispatcher', 'supervisor', 'integrator', 'admin'] as const) {
        const account = { role, displayName: role, organisationId: null, areaIds: [], login: null };
        accounts.set(role, (await createAccount(change, account)).id);
      }
      apiKey = await issueApiKey(change, accounts.get('integrator')!);
      const vehicle = await change.tx('vehicle').first<{ id: string }>('id');
      const scope = { organisationId: null };
      const code = { vehicleId: vehicle.id, label: 'Phone', issuedBy: null, scope, wallNow: new Date() };
      const issued = await issueEnrolmentCode(change.tx, code);
      deviceToken = (await enrolDevice(change, { code: issued.code, kind: 'crew_phone', wallNow: new Date() })).token;
    });
    app = createApp({
      db: fresh.db,
      clock,
      wallClock: () => new Date(),
      ids: randomIds,
      log: quiet,
      city,
      configVersionId,
      roads: roads(),
      engine,
      ui: path.join(import.meta.dirname, 'no-screens-here'),
      recordedDays: path.join(import.meta.dirname, 'no-days-here'),
      version: '0.0.0',
      publicUrl: null,
      allowedOrigins: [],
      trustProxy: 0,
      rateLimits: false,
      redisUrl: null,
      checkAnswers: true,
    });
    url = await app.listen(0, '127.0.0.1');
    atFirst = app.health.status().degraded;
  });
  after(async () => {
    expect(await app.close()).to.equal(true);
    await engine.close();
    await fresh.drop();
  });

  /** Headers of somebody in this role, signed in anew: what one request ends does not touch the next. */
  async function credentials(role: Role): Promise<Record<string, string>> {
    if (role === 'anonymous') return {};
    if (role === 'crew') return { Authorization: `Bearer ${deviceToken}` };
    if (role === 'integrator') return { 'Api-Key': apiKey };
    const session = { accountId: accounts.get(role)!, sessionId: randomIds.next(new Date()), wallNow: new Date() };
    return { Cookie: `thuma=${(await openSession(fresh.db, session)).token}` };
  }
  const addressOf = (one: Route): string => one.path.replace(/:token/g, 'x'.repeat(43)).replace(/:\w+/g, NOBODY);
  async function ask(one: Route, headers: Record<string, string>, body: unknown = {}) {
    const withBody = WRITES.has(one.method) && one.body !== undefined;
    const reply = await fetch(url + addressOf(one), {
      method: one.method.toUpperCase(),
      headers: {
        ...(WRITES.has(one.method) ? { 'Thuma-Request': '1' } : {}),
        ...(withBody ? { 'Content-Type': 'application/json' } : {}),
        ...headers,
      },
      ...(withBody ? { body: JSON.stringify(body) } : {}),
    });
    const text = await reply.text();
    const isProblem = reply.headers.get('content-type')?.startsWith('application/problem+json') ?? false;
    return { status: reply.status, problem: isProblem ? (JSON.parse(text) as ProblemBody) : null, text };
  }
  const named = (one: Route, role?: Role) => `${role ?? ''} ${one.method.toUpperCase()} ${one.path}`;

  it('has an action of the policy table for every route and socket event', () => {
    expect(app.routes).to.have.length.above(40);
    expect(app.socketEvents).to.have.length.above(3);
    for (const one of app.routes) expect(POLICY, named(one)).to.have.property(one.action);
    for (const event of app.socketEvents) expect(POLICY, event.name).to.have.property(event.action);
  });

  it('lets every role into exactly the routes of the table', async () => {
    for (const one of app.routes) {
      if (one.action === 'case.follow') continue;
      for (const role of STANDING) {
        const { status, problem } = await ask(one, await credentials(role));
        if (scopeOf(role, one.action) === null) {
          const [refused, type] = role === 'anonymous' ? [401, 'not-signed-in'] : [403, 'not-allowed'];
          expect([status, problem?.type], named(one, role)).to.deep.equal([refused, `/problems/${type}`]);
        } else {
          // Let in: what follows is about the input, never about the right. Nothing of it is our fault.
          expect(problem?.type, named(one, role)).not.to.be.oneOf(['/problems/not-allowed', '/problems/not-signed-in']);
          expect(status, `${named(one, role)} ${problem?.detail ?? ''}`)
            .to.be.below(501)
            .and.not.equal(500);
        }
      }
    }
  });

  it('opens one case to whoever has its link, and nothing else', async () => {
    const organisation = await fresh.db('organisation').first<{ id: string }>('id');
    const token = 'a'.repeat(43);
    const [one] = await fresh
      .db('cases')
      .insert({
        id: randomIds.next(START),
        number: '26-99999',
        source: 'test',
        source_id: '1',
        organisation_id: organisation.id,
        service_type: 'pothole',
        place_quality: 'none',
        reported_at: START,
        received_at: START,
        priority: 3,
        state: 'received',
        follow_token_hash: hashToken(token),
      })
      .returning<{ id: string }[]>('id');
    const follow = app.routes.filter(({ action }) => action === 'case.follow');
    expect(follow).to.have.length.above(0);
    for (const route of follow) {
      expect((await ask(route, {})).status).to.equal(404);
      const reply = await fetch(url + route.path.replace(':token', token));
      const text = await reply.text();
      expect(reply.status, text).to.equal(200);
      expect(text).to.contain('26-99999').and.not.contain(one!.id);
    }
    // The link is no credential elsewhere.
    for (const headers of [{ Authorization: `Bearer ${token}` }, { 'Api-Key': token }]) {
      const reply = await fetch(`${url}/api/events`, { headers });
      expect(reply.status).to.equal(401);
    }
  });

  it('takes no change by session from a foreign page, on any route', async () => {
    const headers = await credentials('admin');
    for (const one of app.routes.filter(({ method }) => WRITES.has(method))) {
      if (scopeOf('admin', one.action) === null) continue;
      for (const foreign of [{ Origin: 'https://evil.example' }, { 'Sec-Fetch-Site': 'cross-site' }, { 'Thuma-Request': '' }]) {
        const { status, problem } = await ask(one, { ...headers, ...foreign });
        expect(status, named(one)).to.equal(403);
        expect(problem?.type).to.be.oneOf(['/problems/foreign-origin', '/problems/header-missing']);
      }
    }
  });

  it('refuses malformed input on every route and never fails', async () => {
    const junk = fc.oneof(
      fc.jsonValue({ maxDepth: 3 }),
      fc.record({ envelope: fc.jsonValue(), command: fc.jsonValue() }),
      fc.record({
        envelope: fc.constant({ actionId: NOBODY }),
        command: fc.record({
          type: fc.constantFrom('case.hold', 'job.change', 'field.complete', 'assignment.assign'),
          version: fc.integer(),
        }),
      }),
    );
    for (const one of app.routes.filter(({ body }) => body !== undefined)) {
      const role = (['supervisor', 'admin', 'crew', 'integrator', 'anonymous'] as const).find(
        (r) => scopeOf(r, one.action) !== null,
      )!;
      const headers = await credentials(role);
      await fc.assert(
        fc.asyncProperty(junk, async (body) => {
          const { status, problem, text } = await ask(one, headers, body);
          expect(status, named(one)).not.to.equal(500);
          if (status < 400) return;
          // VROOM's users read VROOM's refusals.
          const detail = one.path === '/api/vroom' ? (JSON.parse(text) as { error?: unknown }).error : problem?.detail;
          expect(detail, named(one)).to.be.a('string');
        }),
        { numRuns: 60 },
      );
    }
    const alive = (await (await fetch(`${url}/health/live`)).json()) as { live: boolean };
    expect(alive.live).to.equal(true);
  });

  it('refuses malformed parameters on every route and never fails', async () => {
    const headers = await credentials('supervisor');
    for (const one of app.routes.filter(({ method }) => method === 'get')) {
      for (const query of ['?after=-1', '?limit=1e99', '?day=2026-02-30', '?from=x&from=y', '?__proto__=1', '?a[b]=1']) {
        const reply = await fetch(url + addressOf(one) + query, { headers });
        expect(reply.status, `${named(one)}${query}`).not.to.equal(500);
        await reply.text();
      }
      const odd = one.path.replace(/:\w+/g, "'%20or%201=1");
      if (odd !== one.path) expect((await fetch(url + odd, { headers })).status, odd).to.be.within(400, 499);
    }
  });

  it('guards every socket event by the table', async () => {
    for (const role of STANDING) {
      const headers = await credentials(role);
      const client: Socket = io(url, {
        transports: ['websocket'],
        auth: role === 'crew' ? { token: deviceToken } : {},
        extraHeaders: role === 'crew' ? {} : headers,
        reconnection: false,
        forceNew: true,
      });
      const connected = await new Promise<boolean>((resolve) => {
        client.once('connect', () => resolve(true));
        client.once('connect_error', () => resolve(false));
      });
      const may = (['live.watch', 'live.crew', 'position.relay'] as const).some((action) => scopeOf(role, action) !== null);
      expect(connected, role).to.equal(may);
      for (const event of connected ? app.socketEvents : []) {
        for (const junk of [{}, null, [], 'x', { envelope: {}, fixes: [null] }]) {
          const ack = (await client.timeout(5_000).emitWithAck(event.name, junk)) as Ack<unknown>;
          const type = ack.ok ? 'ok' : ack.problem.type;
          if (scopeOf(role, event.action) === null) expect(type, `${role} ${event.name}`).to.equal('/problems/not-allowed');
          else expect(type, `${role} ${event.name}`).not.to.be.oneOf(['/problems/not-allowed', '/problems/internal']);
        }
      }
      client.disconnect();
    }
  });

  it('describes itself in OpenAPI 3.1, every route and every reference', async () => {
    const document = (await (await fetch(`${url}/api/openapi.json`)).json()) as OpenApi;
    expect(document.openapi).to.equal('3.1.0');
    const operations = Object.entries(document.paths).flatMap(([address, of]) =>
      Object.entries(of).map(([method, operation]) => ({ address, method, operation })),
    );
    expect(operations.map(({ address, method }) => `${method} ${address}`)).to.have.members(
      app.routes.map((one) => `${one.method} ${one.path.replace(/:(\w+)/g, '{$1}')}`),
    );
    const ids = operations.map(({ operation }) => operation.operationId);
    expect(new Set(ids).size).to.equal(ids.length);
    for (const { address, operation } of operations) {
      const inPath = [...address.matchAll(/\{(\w+)\}/g)].map(([, name]) => name);
      const described = (operation.parameters ?? []).filter((parameter) => parameter.in === 'path').map(({ name }) => name);
      expect(described, address).to.deep.equal(inPath);
      expect(operation.responses, address).to.have.property('default');
      for (const requirement of operation.security.flatMap(Object.keys)) {
        expect(document.components.securitySchemes).to.have.property(requirement);
      }
    }
    for (const [, reference] of JSON.stringify(document).matchAll(/"\$ref":"([^"]+)"/g)) {
      const found = reference!
        .slice(2)
        .split('/')
        .reduce<unknown>((at, key) => (at as Record<string, unknown>)[key], document);
      expect(found, reference).to.be.an('object');
    }
    // What everybody may read without naming anything answers as it is described.
    for (const { address, method, operation } of operations) {
      if (method !== 'get' || address.includes('{') || Object.keys(operation.security[0]!).length > 0) continue;
      const answer = await fetch(`${url}${address}`);
      if (!answer.ok) continue;
      const described = operation.responses[String(answer.status)];
      expect(described, `${answer.status} of ${address}`).to.be.an('object');
      expect(Object.keys(described!.content ?? {}), address).to.deep.equal([
        (answer.headers.get('content-type') ?? '').split(';')[0],
      ]);
    }
  });

  it('is not called ill before it has been looked at', () => {
    // No router is used in this test; the rest is well.
    expect(atFirst).to.deep.equal(['router']);
  });

  it('moves the clock of a simulated city, runs what is due on the way, and never goes back', async () => {
    const due = new Date(START.getTime() + 60_000);
    await inChange(app.tools, systemActor, (change) => setTimer(change, { kind: 'freeze', subjectId: NOBODY, dueAt: due }));
    const headers = { ...(await credentials('admin')), 'Thuma-Request': '1', 'Content-Type': 'application/json' };
    const advance = async (to: Date) => {
      const body = JSON.stringify({ to: to.toISOString() });
      const reply = await fetch(`${url}/api/clock/advance`, { method: 'POST', headers, body });
      return { status: reply.status, body: (await reply.json()) as ClockAdvanced };
    };
    const to = new Date(START.getTime() + 3_600_000);
    const first = await advance(to);
    expect(first.status).to.equal(200);
    expect(first.body).to.include({ now: to.toISOString(), timers: 1 });
    // A timer of something that is not there (any more) is over, and said to be.
    expect(await fresh.db('timer').where({ subject_id: NOBODY }).first('done_at', 'last_error')).to.deep.include({
      done_at: due,
    });
    const again = await advance(to);
    expect(again.body).to.include({ now: to.toISOString(), timers: 0, deliveries: 0, lastSeq: first.body.lastSeq });
    expect((await advance(START)).status).to.equal(409);
  });

  it('takes the wish for a pace from a dispatcher, tells who plays the city at once, and every screen by its status', async () => {
    const send = async (role: Role, method: string, path: string, body: unknown) => {
      const headers = { ...(await credentials(role)), 'Thuma-Request': '1', 'Content-Type': 'application/json' };
      const reply = await fetch(url + path, { method, headers, body: JSON.stringify(body) });
      return { status: reply.status, body: (await reply.json()) as Record<string, unknown> };
    };
    const clockOf = async () => ((await (await fetch(`${url}/api/status`)).json()) as Status).clock;
    expect(await clockOf()).not.to.have.property('pace');
    const early = await send('dispatcher', 'PUT', '/api/clock/pace', { pace: 60 });
    expect([early.status, early.body['type']]).to.deep.equal([409, '/problems/clock-not-driven']);

    const driver = { driver: 'playing', pace: 10 };
    expect((await send('admin', 'POST', '/api/clock/driver', driver)).body).to.deep.equal({ wished: 10 });
    expect((await clockOf()).pace).to.deep.equal({ wished: 10, driver: 'playing', deskHeld: false });
    const waits = send('admin', 'POST', '/api/clock/driver', { ...driver, deskHeld: true, waitSeconds: 25 });
    const until = async (what: () => Promise<boolean>) => {
      while (!(await what())) await new Promise((resolve) => setTimeout(resolve, 5));
    };
    await until(async () => (await clockOf()).pace?.deskHeld === true);
    const paused = await send('dispatcher', 'PUT', '/api/clock/pace', { pace: 0 });
    expect(paused).to.deep.equal({ status: 200, body: { wished: 0, driver: 'playing', deskHeld: true } });
    expect((await waits).body).to.deep.equal({ wished: 0 });
    expect((await clockOf()).pace?.wished).to.equal(0);
    for (const wrong of [-1, 3_601, null, '10']) {
      expect((await send('supervisor', 'PUT', '/api/clock/pace', { pace: wrong })).status).to.equal(400);
    }
  });

  it('tells a reader of the event log what it did itself, and nobody else', async () => {
    const actor = (role: Role) => ({ ...systemActor, role, accountId: accounts.get(role)! });
    const emit = { type: 'city.looked_at', body: {} };
    await inChange(app.tools, actor('dispatcher'), (change) => Promise.resolve(change.emit(emit)));
    await inChange(app.tools, actor('supervisor'), (change) => Promise.resolve(change.emit(emit)));
    for (const role of ['dispatcher', 'supervisor'] as const) {
      const reply = await fetch(`${url}/api/events?after=0&limit=1000`, { headers: await credentials(role) });
      const { events } = (await reply.json()) as EventPage;
      const looked = events.filter(({ type }) => type === emit.type);
      expect(looked.map(({ by, mine }) => `${by} ${mine ?? false}`)).to.deep.equal([
        `dispatcher ${role === 'dispatcher'}`,
        `supervisor ${role === 'supervisor'}`,
      ]);
    }
  });

  it('says how it is', async () => {
    const status = (await (await fetch(`${url}/api/status`)).json()) as Status;
    expect(status.clock.kind).to.equal('simulated');
    expect(status.dependencies.map(({ name }) => name)).to.deep.equal([
      'database',
      'positions',
      'router',
      'planner',
      'live',
      'timers',
      'deliveries',
      'jobs',
    ]);
    expect(status.degraded).to.include('router');
    const metrics = await fetch(`${url}/metrics`, { headers: await credentials('admin') });
    expect(await metrics.text()).to.contain('thuma_http_seconds_count{method="GET",route="/api/status",status="200"}');
  });
});

interface OpenApi {
  readonly openapi: string;
  readonly paths: Readonly<Record<string, Readonly<Record<string, Operation>>>>;
  readonly components: { readonly securitySchemes: Readonly<Record<string, unknown>> };
}
interface Operation {
  readonly operationId: string;
  readonly parameters?: readonly { readonly name: string; readonly in: string }[];
  readonly responses: Readonly<Record<string, { readonly content?: Readonly<Record<string, unknown>> }>>;
  readonly security: readonly Readonly<Record<string, unknown>>[];
}
