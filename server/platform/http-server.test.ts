import { gzipSync } from 'node:zlib';
import { expect } from 'chai';
import fc from 'fast-check';
import { z } from 'zod';
import type { ProblemBody } from './contract.ts';
import { route, type Route } from './http-route.ts';
import { POLICY, ROLES, scopeOf, type ActionName, type Role } from './policy.ts';
import { Problem } from './problem.ts';
import { byRoleName, startTestServer, tokenFor, type TestServer } from './test-server.ts';

const Point = z.strictObject({ lon: z.number().min(-180).max(180), lat: z.number().min(-90).max(90) });
const Report = z.strictObject({
  what: z.string().min(1).max(20),
  at: Point,
  count: z.int().min(1).max(9).optional(),
  kind: z.enum(['hole', 'leak']).optional(),
});

const routes: Route[] = [
  route({
    method: 'post',
    path: '/api/report',
    action: 'case.report',
    summary: 'Says back what it was given',
    body: Report,
    answer: Report,
    status: 201,
    handle: ({ body }) => Promise.resolve(body),
  }),
  route({
    method: 'post',
    path: '/api/desk',
    action: 'case.decide',
    summary: 'Something only desks do',
    body: z.strictObject({}),
    answer: z.strictObject({ done: z.boolean() }),
    handle: () => Promise.resolve({ done: true }),
  }),
  route({
    method: 'get',
    path: '/api/things/:id',
    action: 'city.read',
    summary: 'One thing',
    params: z.strictObject({ id: z.uuid() }),
    query: z.strictObject({ limit: z.coerce.number().int().max(100).optional() }),
    answer: z.strictObject({ id: z.string() }),
    handle: ({ params }) => Promise.resolve(params),
  }),
  route({
    method: 'get',
    path: '/api/fails/:how',
    action: 'city.read',
    summary: 'Fails',
    handle: ({ params }) => Promise.reject(failures[(params as { how: string }).how]!),
  }),
];

const failures: Record<string, Error> = {
  bug: new Error('the secret inner state'),
  database: Object.assign(new Error('connect ECONNREFUSED /var/run/secret'), { code: 'ECONNREFUSED' }),
  pool: Object.assign(new Error('Knex: Timeout acquiring a connection.'), { name: 'KnexTimeoutError' }),
  refusal: new Problem(409, 'stale-version', 'Look again.', { present: { version: 3 } }),
};

/** The bounds of a made-up city north of the equator, west of Greenwich. */
const bounds = () => ({ west: -77.2, south: 38.7, east: -76.8, north: 39.1 });

describe('http server', () => {
  let server: TestServer;
  before(async () => {
    server = await startTestServer({ routes, bounds });
  });
  after(() => server.close());

  const send = (path: string, body: string | Uint8Array, headers: Record<string, string> = {}) =>
    fetch(server.url + path, {
      method: 'POST',
      headers: { 'Content-Type': 'application/json', ...headers },
      body: typeof body === 'string' ? body : Buffer.from(body),
    });
  const problem = async (reply: Response): Promise<ProblemBody> => {
    expect(reply.headers.get('content-type')).to.match(/^application\/problem\+json/);
    const body = (await reply.json()) as ProblemBody;
    expect(body.status).to.equal(reply.status);
    return body;
  };
  const good = { what: 'hole', at: { lon: -77, lat: 38.9 } };

  it('answers what fits, with the status of the route', async () => {
    const reply = await send('/api/report', JSON.stringify(good));
    expect(reply.status).to.equal(201);
    expect(await reply.json()).to.deep.equal(good);
    expect(reply.headers.get('cache-control')).to.equal('no-store');
    expect(reply.headers.get('request-id')).to.match(/^[0-9a-f-]{36}$/);
    expect(reply.headers.get('content-security-policy')).to.contain("frame-ancestors 'none'").and.not.contain('upgrade');
  });

  it('names each field that is wrong and says how', async () => {
    const reply = await send('/api/report', JSON.stringify({ what: '', at: { lon: 1e9 }, count: 1.5, kind: 'x', colour: 1 }));
    const { errors, type, detail } = await problem(reply);
    expect(type).to.equal('/problems/invalid-input');
    expect(detail).to.contain('The body cannot be used');
    expect(errors).to.deep.equal([
      { path: 'what', message: 'must be at least 1 characters long' },
      { path: 'at.lon', message: 'must be at most 180' },
      { path: 'at.lat', message: 'is missing' },
      { path: 'count', message: 'must be a whole number' },
      { path: 'kind', message: 'must be one of hole, leak' },
      { path: 'colour', message: 'is not a known field' },
    ]);
  });

  it('recognises lon and lat exchanged, in range or not', async () => {
    for (const at of [
      { lon: 38.9, lat: -77 },
      { lon: 18, lat: -120 },
    ]) {
      const { errors } = await problem(await send('/api/report', JSON.stringify({ ...good, at })));
      expect(errors?.[0]?.path).to.equal('at');
      expect(errors?.[0]?.message).to.contain('exchanged');
    }
  });

  it('says where JSON is broken', async () => {
    const cases: [string, string][] = [
      ['{"what": "hole",\n  "at": {lon: 1}}', 'line 2, column 10'],
      ['{"what": NaN}', 'line 1, column 10'],
      ['{"what": Infinity}', 'line 1, column 10'],
      ['{"what": "a"', 'line 1, column 13: the text ends'],
      ['[1,]', 'line 1, column 4'],
    ];
    for (const [text, where] of cases) {
      const { type, detail } = await problem(await send('/api/report', text));
      expect(type).to.equal('/problems/malformed-json');
      expect(detail).to.contain(where);
    }
  });

  it('refuses what is not JSON, not UTF-8, empty, too deep or too large', async () => {
    const tried: [string | Uint8Array, Record<string, string>, number, string][] = [
      ['what=hole', { 'Content-Type': 'application/x-www-form-urlencoded' }, 415, 'not-json'],
      ['{}', { 'Content-Type': 'text/plain' }, 415, 'not-json'],
      [new Uint8Array([0x7b, 0xff, 0x7d]), {}, 400, 'not-utf8'],
      ['', {}, 400, 'malformed-json'],
      ['['.repeat(5_000) + ']'.repeat(5_000), {}, 400, 'too-deep'],
      [`"${'x'.repeat(10 * 2 ** 20)}"`, {}, 413, 'too-large'],
      [gzipSync(`"${'x'.repeat(2 ** 20)}"`), { 'Content-Encoding': 'gzip' }, 413, 'too-large'],
      ['{}', { 'Content-Encoding': 'rot13' }, 415, 'encoding-unknown'],
      ['{}', { 'Content-Encoding': 'gzip' }, 400, 'unreadable'],
    ];
    for (const [body, headers, status, type] of tried) {
      const answer = await problem(await send('/api/report', body, headers));
      expect([answer.status, answer.type]).to.deep.equal([status, `/problems/${type}`]);
    }
  });

  it('refuses text that no database stores and times that nobody means, at any depth', async () => {
    const bodies: [unknown, string][] = [
      [{ ...good, what: 'a\u0000b' }, 'what'],
      [{ ...good, what: '\ud800' }, 'what'],
      [{ ...good, kind: { deep: ['a\u0000'] } }, 'kind.deep.0'],
      [{ ...good, what: '0000-01-01' }, 'what'],
      [{ ...good, at: { ...good.at, 'a\u0000': 1 } }, 'at'],
    ];
    for (const [body, path] of bodies) {
      const { status, type, errors } = await problem(await send('/api/report', JSON.stringify(body)));
      expect([status, type], JSON.stringify(body)).to.deep.equal([400, '/problems/invalid-input']);
      expect(errors?.map((error) => error.path)).to.include(path);
    }
    expect((await send('/api/report', JSON.stringify({ ...good, what: 'a🚧b' }))).status).to.equal(201);
  });

  it('refuses bad addresses, unknown parameters, pages and methods', async () => {
    const id = '00000000-0000-7000-8000-000000000001';
    const tried: [string, number, string][] = [
      ['/api/things/one', 400, 'invalid-input'],
      [`/api/things/${id}?limit=many`, 400, 'invalid-input'],
      [`/api/things/${id}?limit=1&limit=2`, 400, 'invalid-input'],
      [`/api/things/${id}?colour=1`, 400, 'invalid-input'],
      ['/api/things/%E0%A4%A', 400, 'malformed-address'],
      ['/api/nothing', 404, 'no-such-page'],
      ['/api/report', 405, 'method-not-allowed'],
    ];
    for (const [path, status, type] of tried) {
      const reply = await fetch(server.url + path);
      const answer = await problem(reply);
      expect([answer.status, answer.type], path).to.deep.equal([status, `/problems/${type}`]);
      if (status === 405) expect(reply.headers.get('allow')).to.equal('POST');
    }
  });

  it('tells nothing of our own faults, and when the database is away says so', async () => {
    const bug = await fetch(`${server.url}/api/fails/bug`);
    const said = await problem(bug);
    expect(said.type).to.equal('/problems/internal');
    expect(JSON.stringify(said)).not.to.contain('secret');
    expect(said.requestId).to.equal(bug.headers.get('request-id'));
    for (const how of ['database', 'pool']) {
      const away = await fetch(`${server.url}/api/fails/${how}`);
      expect(away.headers.get('retry-after')).to.equal('2');
      expect((await problem(away)).type).to.equal('/problems/database-unavailable');
    }
    expect(await problem(await fetch(`${server.url}/api/fails/refusal`))).to.deep.include({ present: { version: 3 } });
  });

  it('keeps nobody waiting for a database that has stopped answering', async function () {
    this.timeout(20_000);
    let away = false;
    const hangs = route({
      method: 'post',
      path: '/api/hangs',
      action: 'case.report',
      summary: 'Waits for what never comes',
      body: z.strictObject({}),
      handle: () => new Promise<never>(() => undefined),
    });
    const hung = await startTestServer({ routes: [hangs], databaseAway: () => away });
    try {
      const asked = fetch(`${hung.url}/api/hangs`, {
        method: 'POST',
        headers: { 'Content-Type': 'application/json' },
        body: '{}',
      });
      away = true;
      const { status, type } = await problem(await asked);
      expect([status, type]).to.deep.equal([503, '/problems/database-unavailable']);
    } finally {
      await hung.close();
    }
  });

  it('lets a session change things only from our own pages', async () => {
    const cookie = `thuma=${tokenFor('dispatcher')}`;
    const desk = async (headers: Record<string, string>) =>
      (await send('/api/desk', '{}', { Cookie: cookie, ...headers })).status;
    const ours = { 'Thuma-Request': '1' };
    expect(await desk(ours)).to.equal(200);
    expect(await desk({ ...ours, Origin: server.url, 'Sec-Fetch-Site': 'same-origin' })).to.equal(200);
    expect(await desk({})).to.equal(403);
    expect(await desk({ ...ours, Origin: 'https://evil.example' })).to.equal(403);
    expect(await desk({ ...ours, Origin: 'null' })).to.equal(403);
    expect(await desk({ ...ours, 'Sec-Fetch-Site': 'cross-site' })).to.equal(403);
    expect(await desk({ ...ours, 'Sec-Fetch-Site': 'same-site' })).to.equal(403);
    // No page sends a token by itself.
    const token = { Authorization: `Bearer ${tokenFor('dispatcher')}`, Cookie: '' };
    expect(await desk(token)).to.equal(200);
  });

  it('takes a known public address as the only origin', async () => {
    const strict = await startTestServer({ routes, origins: { publicUrl: 'https://desk.example.org/', allowed: [] } });
    const ask = (origin: string) =>
      fetch(`${strict.url}/api/desk`, {
        method: 'POST',
        body: '{}',
        headers: {
          'Content-Type': 'application/json',
          'Thuma-Request': '1',
          Cookie: `thuma=${tokenFor('dispatcher')}`,
          Origin: origin,
        },
      });
    expect((await ask('https://desk.example.org')).status).to.equal(200);
    expect((await ask(strict.url)).status).to.equal(403);
    await strict.close();
  });

  it('refuses credentials that are not valid, but an old cookie does not stand in the way', async () => {
    const ask = async (path: string, headers: Record<string, string>) => (await fetch(server.url + path, { headers })).status;
    const open = '/api/things/00000000-0000-7000-8000-000000000001';
    expect(await ask(open, { Authorization: 'Bearer unknown-token-of-somebody' })).to.equal(401);
    expect(await ask(open, { Authorization: 'Basic YTpi' })).to.equal(401);
    expect(await ask(open, { 'Api-Key': 'unknown-token-of-somebody' })).to.equal(401);
    expect(await ask(open, { Cookie: 'thuma=unknown-token-of-somebody' })).to.equal(200);
    expect((await send('/api/desk', '{}', { Cookie: 'thuma=unknown-token-of-somebody' })).status).to.equal(401);
  });

  it('lets each role do exactly what the policy table says', async () => {
    const actions = Object.keys(POLICY) as ActionName[];
    const all = await startTestServer({
      routes: actions.map((action) =>
        route({
          method: 'get',
          path: `/api/try/${action}`,
          action,
          summary: action,
          handle: ({ scope }) => Promise.resolve({ scope }),
        }),
      ),
    });
    const roles = ROLES.filter((role): role is Exclude<Role, 'system'> => role !== 'system');
    for (const action of actions) {
      for (const role of roles) {
        const headers: Record<string, string> = role === 'anonymous' ? {} : { Authorization: `Bearer ${tokenFor(role)}` };
        const reply = await fetch(`${all.url}/api/try/${action}`, { headers });
        const scope = scopeOf(role, action);
        const refused = role === 'anonymous' ? 401 : 403;
        expect(reply.status, `${role} ${action}`).to.equal(scope === null ? refused : 200);
        if (scope !== null) expect(await reply.json()).to.deep.equal({ scope });
        else await reply.text();
      }
    }
    await all.close();
  });

  it('slows strangers down, not those who are signed in', async () => {
    const limited = await startTestServer({ routes, rateLimits: { 'case.report': 3 } });
    const ask = async (headers: Record<string, string>) => {
      const reply = await fetch(`${limited.url}/api/report`, {
        method: 'POST',
        headers: { 'Content-Type': 'application/json', ...headers },
        body: JSON.stringify(good),
      });
      return reply.status;
    };
    const strangers: number[] = [];
    for (let i = 0; i < 5; i++) strangers.push(await ask({ 'X-Forwarded-For': `10.0.0.${i}` }));
    expect(strangers).to.deep.equal([201, 201, 201, 429, 429]);
    expect(await ask({ Authorization: `Bearer ${tokenFor('integrator')}` })).to.equal(201);
    await limited.close();
  });

  it('refuses two routes at one address', () => {
    return startTestServer({ routes: [routes[0]!, routes[0]!] }).then(
      () => expect.fail('it started'),
      (error: Error) => expect(error.message).to.equal('Two routes answer POST /api/report.'),
    );
  });

  it('answers thousands of malformed bodies with a problem and lives', async function () {
    this.timeout(60_000);
    const seed = JSON.stringify(good);
    const mutated = fc
      .tuple(fc.nat(seed.length), fc.nat(4), fc.string({ unit: 'binary', maxLength: 6 }))
      .map(([at, cut, put]) => seed.slice(0, at) + put + seed.slice(at + cut));
    const anything = fc.oneof(
      mutated,
      fc.json(),
      fc.string({ unit: 'binary' }),
      fc.uint8Array({ maxLength: 200 }),
      fc.constantFrom('{"__proto__":{"what":1}}', '{"constructor":1}', '1e999', '-0', 'null', '[]', '"\\ud800"'),
    );
    await fc.assert(
      fc.asyncProperty(anything, async (body) => {
        const reply = await send('/api/report', body);
        expect(reply.status).to.be.oneOf([201, 400]);
        const text = await reply.text();
        if (reply.status === 400) expect((JSON.parse(text) as ProblemBody).detail).to.match(/\S/);
      }),
      { numRuns: 2_500 },
    );
    expect((await send('/api/report', seed)).status).to.equal(201);
  });

  it('knows nobody by default', async () => {
    expect(await byRoleName({ kind: 'device', token: 'x' })).to.equal(null);
  });
});
