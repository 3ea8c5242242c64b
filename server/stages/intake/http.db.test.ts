import { randomUUID } from 'node:crypto';
import { expect } from 'chai';
import { freshDb, type FreshDb } from '../../../db/testing.ts';
import { anonymousActor } from '../../platform/actor.ts';
import type { Identify } from '../../platform/credentials.ts';
import type { Role } from '../../platform/policy.ts';
import { startTestServer, tokenFor, type TestServer } from '../../platform/test-server.ts';
import { hashToken } from '../../platform/tokens.ts';
import { intakeRoutes } from './http.ts';
import { at, gridStreets, installed, type Installed } from './dc.fixtures.ts';

const NOON = new Date('2026-01-27T17:00:00Z');
const snow = { serviceType: 'snow-ice-public-space', place: at(210, 393) };

interface Answer {
  readonly status: number;
  readonly headers: Headers;
  readonly body: Record<string, unknown>;
}

describe('POST /api/cases', () => {
  let fresh: FreshDb;
  let server: TestServer;
  let world: Installed;
  const streets = gridStreets();

  beforeEach(async () => {
    fresh = await freshDb();
    world = await installed(fresh.db, NOON);
    const [west, south, east, north] = world.city.config.bounds;
    server = await startTestServer({
      routes: intakeRoutes({ tools: world.tools, city: () => world.city, streets: () => streets }),
      clock: world.clock,
      bounds: () => ({ west, south, east, north }),
    });
  });
  afterEach(async () => {
    await server.close();
    await fresh.drop();
  });

  async function post(body: unknown, options: { role?: Role; key?: string } = {}): Promise<Answer> {
    const response = await fetch(`${server.url}/api/cases`, {
      method: 'POST',
      headers: {
        'content-type': 'application/json',
        ...(options.role ? { authorization: `Bearer ${tokenFor(options.role)}` } : {}),
        ...(options.key ? { 'idempotency-key': options.key } : {}),
      },
      body: typeof body === 'string' ? body : JSON.stringify(body),
    });
    return { status: response.status, headers: response.headers, body: (await response.json()) as Record<string, unknown> };
  }
  const count = async (table: string): Promise<number> => (await fresh.db(table).count<{ count: number }[]>('*'))[0]!.count;

  it('takes a report in: place on the road, words for it, due by the catalogue, and its job', async () => {
    const { status, body } = await post({ ...snow, words: 'knee deep', contact: { email: 'a@example.org' } });
    expect(status).to.equal(201);
    expect(body).to.include({ placeQuality: 'on_road' });
    expect(body['number']).to.match(/^26-\d{5}$/);
    const row = await fresh.db('cases').first<Record<string, unknown>>();
    expect(row).to.include({ source: 'web', state: 'triaged', place_text: 'Street 2 and Avenue 1', priority: 2 });
    expect(row['road_metres']).to.be.closeTo(7, 1);
    expect(row['due_at']).to.deep.equal(new Date(NOON.getTime() + 24 * 3600_000));
    const job = await fresh.db('job').first<Record<string, unknown>>();
    expect(job).to.include({ job_type: 'snow-clearing', state: 'ready', service_seconds: 1200, emergency: false });
    expect(await fresh.db('case_job').pluck('cause')).to.deep.equal(['policy']);
    const events = await fresh.db('event').orderBy('seq').pluck('type');
    expect(events).to.include.members(['case.received', 'job.created', 'case.joined', 'case.state_changed']);
  });

  it('keeps words, contact and token out of everything but the private tables', async () => {
    const { body } = await post(
      { ...snow, words: 'SECRET-WORDS', contact: { name: 'SECRET-NAME', phone: 'SECRET-PHONE' } },
      { key: randomUUID() },
    );
    const token = body['followToken'] as string;
    expect(token).to.have.length(43);
    for (const table of ['cases', 'event', 'action', 'job', 'case_job', 'delivery']) {
      const text = JSON.stringify(await fresh.db(table));
      expect(text, table).not.to.contain('SECRET');
      expect(text, table).not.to.contain(token);
    }
    expect(await fresh.db('cases').pluck('follow_token_hash')).to.deep.equal([hashToken(token)]);
    expect(JSON.stringify(await fresh.db('private.contact'))).to.contain('SECRET-NAME');
    expect(JSON.stringify(await fresh.db('private.case_words'))).to.contain('SECRET-WORDS');
  });

  it('gives the same receipt for the same key, and makes no second case', async () => {
    const key = randomUUID();
    const first = await post(snow, { key });
    const again = await post(snow, { key });
    expect(again.body).to.deep.equal(first.body);
    expect(again.headers.get('thuma-repeated')).to.equal('true');
    expect(await count('cases')).to.equal(1);
    expect((await post({ ...snow, words: 'other' }, { key })).body).to.include({ type: '/problems/action-reused', status: 422 });
    expect((await post(snow, { key: 'not-a-uuid' })).status).to.equal(400);
    expect(await fresh.db('action').where({ id: key })).to.deep.equal([]);
  });

  it('gives one receipt to ten requests at once with one key', async () => {
    const key = randomUUID();
    const answers = await Promise.all(Array.from({ length: 10 }, () => post(snow, { key })));
    expect(new Set(answers.map(({ body }) => JSON.stringify(body))).size).to.equal(1);
    expect(await count('cases')).to.equal(1);
    expect(await count('job')).to.equal(1);
  });

  it('remembers a refusal under its key, too', async () => {
    const key = randomUUID();
    const first = await post({ ...snow, serviceType: 'moon-dust' }, { key });
    expect(first.body).to.include({ type: '/problems/unknown-service', status: 400 });
    expect(first.body['detail']).to.contain('snow-ice-public-space');
    expect((await post({ ...snow, serviceType: 'moon-dust' }, { key })).body).to.deep.equal(first.body);
    expect(await count('cases')).to.equal(0);
  });

  it('makes one job of twenty parallel reports of one place, at the edge of a square too', async () => {
    for (const place of [at(300, 400), at(0, 400), at(400, 800), at(777, 1000)]) {
      const before = await count('job');
      await Promise.all(
        Array.from({ length: 20 }, (_, i) => post({ ...snow, place: { lon: place.lon + i * 1e-6, lat: place.lat } })),
      );
      expect(await count('job')).to.equal(before + 1);
    }
    expect(await count('cases')).to.equal(80);
    expect(await fresh.db('cases').distinct('state').pluck('state')).to.deep.equal(['triaged']);
  });

  it('makes as many jobs of parallel reports far apart as there are places', async () => {
    await Promise.all(Array.from({ length: 9 }, (_, i) => post({ ...snow, place: at(200 * i + 100, 200) })));
    expect(await count('job')).to.equal(9);
  });

  it('keeps what is far from a road, outside the city or without a place as a case, and makes no job of it', async () => {
    const far = await post({ ...snow, place: at(100, 100) });
    const outside = await post({ ...snow, place: { lon: 2.35, lat: 48.86 } });
    const none = await post({ serviceType: snow.serviceType, address: '1 Main Street' });
    expect([far, outside, none].map(({ status, body }) => [status, body['placeQuality']])).to.deep.equal([
      [201, 'far_from_road'],
      [201, 'outside_city'],
      [201, 'none'],
    ]);
    expect(await count('job')).to.equal(0);
    const rows = await fresh.db('cases').orderBy('number').select<Record<string, unknown>[]>('state', 'road_point', 'place_text');
    for (const row of rows) expect(row).to.deep.equal({ state: 'received', road_point: null, place_text: null });
  });

  it('records what no crew drives out for, and makes no job of it', async () => {
    const idle = world.city.config.requestTypes.find(({ jobType }) => jobType === null);
    if (!idle) throw new Error('cities/dc names no request type without work any more');
    expect((await post({ ...snow, serviceType: idle.code })).status).to.equal(201);
    expect(await count('job')).to.equal(0);
  });

  it('takes a system’s case once and then updates it', async () => {
    const said = { ...snow, source: 'crm', sourceId: 'A-1', address: '1 Main Street' };
    const first = await post(said, { role: 'integrator' });
    expect(first.status).to.equal(201);
    const second = await post({ ...said, address: '2 Main Street' }, { role: 'integrator' });
    expect(second.status).to.equal(200);
    expect(second.body).to.deep.equal({ ...first.body, followToken: null });
    expect(await fresh.db('cases').pluck('address')).to.deep.equal(['2 Main Street']);
    expect(await count('job')).to.equal(1);
  });

  it('lets no system of one organisation change what another has sent, though it knows the id', async () => {
    // Of an organisation that does none of this work.
    const other = randomUUID();
    const identify: Identify = ({ token }) =>
      Promise.resolve({
        ...anonymousActor,
        role: 'integrator',
        accountId: `00000000-0000-7000-8000-00000000000${token.at(-1)}`,
        organisationId: token.endsWith('3') ? null : other,
      });
    const systems = await startTestServer({
      routes: intakeRoutes({ tools: world.tools, city: () => world.city, streets: () => streets }),
      clock: world.clock,
      identify,
    });
    const from = async (system: string, address: string) => {
      const response = await fetch(`${systems.url}/api/cases`, {
        method: 'POST',
        headers: { 'content-type': 'application/json', authorization: `Bearer token-of-the-system-${system}` },
        body: JSON.stringify({ ...snow, source: 'crm', sourceId: '7', address }),
      });
      return { status: response.status, body: (await response.json()) as Record<string, unknown> };
    };
    const address = async () => (await fresh.db('cases').pluck('address')) as string[];
    try {
      expect((await from('1', 'mine')).status).to.equal(201);
      const foreign = await from('2', 'stolen');
      expect(foreign).to.deep.include({ status: 403 });
      expect(foreign.body).to.include({ type: '/problems/source-not-yours' }).and.not.have.property('caseId');
      expect(await address()).to.deep.equal(['mine']);
      // Who sent it may go on sending it, and so may the city's own system.
      expect((await from('1', 'mine, second floor')).status).to.equal(200);
      expect((await from('3', 'by the city')).status).to.equal(200);
      expect(await address()).to.deep.equal(['by the city']);
    } finally {
      await systems.close();
    }
  });

  it('lets nobody but a system name a source id, nor the public another source', async () => {
    expect((await post({ ...snow, sourceId: 'A-1' })).body).to.include({ status: 403, type: '/problems/source-not-yours' });
    expect((await post({ ...snow, source: 'crm' })).body).to.include({ status: 403 });
    expect((await post({ ...snow, sourceId: 'A-1' }, { role: 'dispatcher' })).body).to.include({ status: 403 });
    expect((await post(snow, { role: 'integrator' })).body).to.include({ status: 400 });
    expect((await post({ ...snow, source: 'crm' }, { role: 'integrator' })).body).to.include({ status: 400 });
    expect((await post(snow, { role: 'crew' })).body).to.include({ status: 403 });
    await post(snow, { role: 'dispatcher' });
    expect(await fresh.db('cases').pluck('source')).to.deep.equal(['desk']);
  });

  it('answers bad input with the field and a sentence, and writes nothing', async () => {
    const bad: [unknown, RegExp][] = [
      [{ ...snow, colour: 'red' }, /colour/],
      [{ ...snow, place: { lon: snow.place.lat, lat: snow.place.lon } }, /exchanged/],
      ['{"serviceType":"snow-ice-public-space","place":{"lon":NaN,"lat":38.9}}', /malformed/],
      [{ ...snow, place: { lon: -77, lat: 138 } }, /lat/],
      [{ ...snow, place: { lon: '-77', lat: 38.9 } }, /lon/],
      [{ serviceType: snow.serviceType }, /place, an address, or both/],
      [{ ...snow, words: 'x'.repeat(4001) }, /4000/],
      [{ ...snow, contact: { email: 'nobody' } }, /mail address/],
      [{ ...snow, reportedAt: '2026-01-28T00:00:00Z' }, /future/],
      [{ ...snow, reportedAt: '2026-01-01T00:00:00Z' }, /7 days/],
      [{ ...snow, reportedAt: 'yesterday' }, /reportedAt/],
    ];
    for (const [body, sentence] of bad) {
      const answer = await post(body);
      expect(answer.status, JSON.stringify(body)).to.equal(400);
      expect(answer.headers.get('content-type')).to.contain('application/problem+json');
      expect(answer.body['detail']).to.match(sentence);
    }
    for (const table of ['cases', 'job', 'action']) expect(await count(table)).to.equal(0);
  });

  it('answers 503 while the city has no roads', async () => {
    await server.close();
    server = await startTestServer({ routes: intakeRoutes({ tools: world.tools, city: () => world.city, streets: () => null }) });
    expect((await post(snow)).body).to.include({ status: 503, type: '/problems/no-roads' });
    expect(await count('cases')).to.equal(0);
  });
});
