import { randomUUID } from 'node:crypto';
import { expect } from 'chai';
import { freshDb, type FreshDb } from '../../../db/testing.ts';
import { startTestServer, type TestServer } from '../../platform/test-server.ts';
import { hashToken } from '../../platform/tokens.ts';
import type { CaseReceipt } from '../../stores/cases/contract.ts';
import type { FoundStreets, NearReports, PlaceAnswer } from './contract.ts';
import { at, gridStreets, installed, type Installed } from './dc.fixtures.ts';
import { intakeRoutes } from './http.ts';
import { placeRoutes } from './place-http.ts';

const NOON = new Date('2026-01-27T17:00:00Z');
const CROSSING = at(200, 400);
const RADIUS_METRES = 30;

describe('what the form for reports asks', () => {
  let fresh: FreshDb;
  let server: TestServer;
  let world: Installed;
  const streets = gridStreets();

  beforeEach(async () => {
    fresh = await freshDb();
    world = await installed(fresh.db, NOON);
    const deps = { city: () => world.city, streets: () => streets };
    server = await startTestServer({
      routes: [...intakeRoutes({ tools: world.tools, ...deps }), ...placeRoutes({ db: fresh.db, ...deps })],
      clock: world.clock,
      rateLimits: { 'place.find': 150, 'place.near': 20 },
    });
  });
  afterEach(async () => {
    await server.close();
    await fresh.drop();
  });

  async function get<T>(path: string): Promise<{ status: number; body: T & { detail?: string; type?: string } }> {
    const response = await fetch(server.url + path);
    return { status: response.status, body: (await response.json()) as T & { detail?: string } };
  }
  const find = async (q: string) => get<FoundStreets>(`/api/streets?q=${encodeURIComponent(q)}`);
  const place = async ({ lon, lat }: { lon: number; lat: number }) => get<PlaceAnswer>(`/api/place?lon=${lon}&lat=${lat}`);
  const near = async ({ lon, lat }: { lon: number; lat: number }, serviceType = 'pothole') =>
    (await get<NearReports>(`/api/near?lon=${lon}&lat=${lat}&serviceType=${serviceType}`)).body.reports;
  async function report(where: { lon: number; lat: number }, more: object = {}): Promise<CaseReceipt> {
    const response = await fetch(`${server.url}/api/cases`, {
      method: 'POST',
      headers: { 'content-type': 'application/json', 'idempotency-key': randomUUID() },
      body: JSON.stringify({ serviceType: 'pothole', place: where, ...more }),
    });
    expect(response.status).to.equal(201);
    return (await response.json()) as CaseReceipt;
  }

  it('finds streets, crossings and all crossings of a street', async () => {
    const street = (await find('street 2')).body.streets;
    expect(street[0]).to.deep.include({ street: 'Street 2', crossing: null });
    expect(streets.nearest(street[0]!.place)?.street).to.equal('Street 2');
    const [crossing, ...more] = (await find('Avenue 1 & street 2')).body.streets;
    expect(crossing).to.deep.include({ street: 'Avenue 1', crossing: 'Street 2' });
    expect(crossing!.place.lon).to.be.closeTo(CROSSING.lon, 1e-6);
    // "Avenue 10" begins so, too.
    expect(more.map((one) => `${one.street} ${one.crossing}`)).to.deep.equal(['Avenue 10 Street 2']);
    expect((await find('STREET 2 and ')).body.streets).to.have.length(11);
  });

  it('answers whatever is typed, and refuses what is too long', async () => {
    const odd = [
      'x'.repeat(200),
      '& & &',
      '%',
      "'; drop table cases; --",
      '\u0301',
      ' ',
      '🚧',
      'é'.repeat(100),
      'and',
      '1 2 3 4 5 6 7 8 9',
    ];
    for (const q of odd) expect((await find(q)).status, q).to.equal(200);
    expect((await find('x'.repeat(200))).body.streets).to.deep.equal([]);
    for (const q of ['', 'x'.repeat(201), '\0']) expect((await find(q)).status, q).to.equal(400);
    expect((await get('/api/streets')).status).to.equal(400);
    expect((await get('/api/streets?q=a&q=b')).status).to.equal(400);
    expect((await get('/api/streets?q=a&limit=9999')).status).to.equal(400);
  });

  it('says what a place is: on a road, far from one, outside', async () => {
    expect((await place(at(210, 393))).body).to.deep.equal({ placeQuality: 'on_road', placeText: 'Street 2 and Avenue 1' });
    expect((await place(at(100, 100))).body).to.deep.equal({ placeQuality: 'far_from_road', placeText: null });
    expect((await place({ lon: 2.35, lat: 48.86 })).body).to.deep.equal({ placeQuality: 'outside_city', placeText: null });
    for (const query of [
      '',
      '?lon=&lat=',
      '?lon=1',
      '?lon=x&lat=y',
      '?lon=181&lat=0',
      '?lon=1e2&lat=0',
      '?lon=NaN&lat=0',
      '?lon=1&lat=91',
    ]) {
      expect((await get(`/api/place${query}`)).status, query).to.equal(400);
    }
  });

  it('shows open work near by, and nothing of who reported it', async () => {
    await report(at(203, 405), { words: 'SECRET-WORDS', contact: { name: 'SECRET-NAME' }, address: 'SECRET-ADDRESS' });
    await report(at(204, 401));
    world.clock.set(new Date(NOON.getTime() + 5.9 * 3_600_000));
    const reports = await near(at(190, 400));
    expect(reports).to.have.length(1);
    const { place: where, ...said } = reports[0]!;
    expect(said).to.deep.equal({
      label: 'Pothole repair',
      placeText: 'Avenue 1 and Street 2',
      state: 'waiting',
      hoursAgo: 5,
      reports: 2,
    });
    // On the road and rounded: not where the reporter stood.
    for (const degrees of [where.lon, where.lat]) expect(degrees).to.equal(Math.round(degrees * 1e4) / 1e4);
    expect(JSON.stringify(reports)).not.to.match(/SECRET|\d\d-\d{5}|[0-9a-f]{8}-/);
    expect(await near(at(190, 400), 'blocked-drain')).to.deep.equal([]);
    expect(await near(at(203 + RADIUS_METRES + 15, 400))).to.deep.equal([]);
  });

  it('shows no ended work, none for what nobody drives out for, and none off the roads', async () => {
    await report(CROSSING);
    await fresh.db('job').update({ state: 'completed' });
    expect(await near(CROSSING)).to.deep.equal([]);
    expect(await near(CROSSING, 'snow-shoveling-exemption')).to.deep.equal([]);
    expect(await near({ lon: 2.35, lat: 48.86 })).to.deep.equal([]);
    const wrong = await get(`/api/near?lon=${CROSSING.lon}&lat=${CROSSING.lat}&serviceType=moon-dust`);
    expect([wrong.status, wrong.body.type]).to.deep.equal([400, '/problems/unknown-service']);
    for (const query of [
      '?serviceType=pothole',
      `?lon=1&lat=2`,
      `?lon=a&lat=2&serviceType=pothole`,
      '?lon=1&lat=2&serviceType=',
    ]) {
      expect((await get(`/api/near${query}`)).status, query).to.equal(400);
    }
  });

  it('believes a reporter who says it is the same, long after policy would have joined them', async () => {
    const first = await report(CROSSING);
    expect(first.joined).to.equal(false);
    world.clock.set(new Date(NOON.getTime() + 30 * 86_400_000));
    expect((await report(CROSSING, { near: 'same' })).joined).to.equal(true);
    expect(await fresh.db('job').count<{ count: number }[]>('*')).to.deep.equal([{ count: 1 }]);
    expect((await near(CROSSING))[0]?.reports).to.equal(2);
  });

  it('believes a reporter who says it is another, however near', async () => {
    await report(CROSSING);
    expect((await report(CROSSING)).joined).to.equal(true);
    expect((await report(CROSSING, { near: 'another' })).joined).to.equal(false);
    expect(await fresh.db('job').count<{ count: number }[]>('*')).to.deep.equal([{ count: 2 }]);
    const jobs = await near(CROSSING);
    expect(jobs.map(({ reports }) => reports).sort()).to.deep.equal([1, 2]);
  });

  it('lets "the same" reach no further than what was shown', async () => {
    await report(at(200, 300));
    expect((await report(at(200, 300 + RADIUS_METRES + 10), { near: 'same' })).joined).to.equal(false);
    const { followToken } = await report(at(1000, 1000), { near: 'same' });
    expect(
      await fresh
        .db('cases')
        .where({ follow_token_hash: hashToken(followToken!) })
        .pluck('state'),
    ).to.deep.equal(['triaged']);
  });

  it('is asked so often a minute and no more', async () => {
    const answers = await Promise.all(Array.from({ length: 25 }, () => get(`/api/near?lon=1&lat=2&serviceType=pothole`)));
    expect(answers.filter(({ status }) => status === 429)).to.have.length(5);
    const asked = await Promise.all(Array.from({ length: 160 }, () => find('street')));
    expect(asked.filter(({ status }) => status === 429)).to.have.length(10);
  });

  it('answers 503 while the city has no roads', async () => {
    await server.close();
    server = await startTestServer({ routes: placeRoutes({ db: fresh.db, city: () => world.city, streets: () => null }) });
    for (const path of ['/api/streets?q=a', '/api/place?lon=1&lat=2', '/api/near?lon=1&lat=2&serviceType=pothole']) {
      expect((await get(path)).body.type, path).to.equal('/problems/no-roads');
    }
  });
});
