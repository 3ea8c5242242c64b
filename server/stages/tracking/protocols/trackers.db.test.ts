import { randomUUID } from 'node:crypto';
import { expect } from 'chai';
import type { Device, SeenTracker } from '../../../stores/accounts/contract.ts';
import { FIX_FLAGS } from '../../../stores/positions/contract.ts';
import { listPositions } from '../../../stores/positions/store.ts';
import { aFleet } from '../../../stores/positions/testing.ts';
import { JOB_PLACE, later, START } from '../../completion/field-stack.db.test.ts';
import { basic, startTrackers, type TrackerStack } from './tracker-stack.db.test.ts';

const seconds = (offset: number): number => START.getTime() / 1000 + offset;
const json = (body: unknown): RequestInit => ({
  method: 'POST',
  headers: { 'content-type': 'application/json' },
  body: JSON.stringify(body),
});

describe('trackers of other makers', function () {
  this.timeout(60_000);
  let stack: TrackerStack;
  const begin = async (options: Parameters<typeof startTrackers>[0] = {}) => (stack = await startTrackers(options));
  afterEach(() => stack.close());
  const shown = async () => (await listPositions(stack.field.fresh.db, stack.field.clock.now()))[0]?.position;

  describe('OsmAnd', () => {
    const client = (id: string, over: object = {}) => ({
      device_id: id,
      location: {
        timestamp: later(50).toISOString(),
        coords: { latitude: 38.9, longitude: -77.03, speed: 10, heading: 90, accuracy: 5, altitude: 3 },
        ...over,
      },
    });
    it('stores what an enrolled tracker sends by query, by body and as JSON: 200 and nothing', async () => {
      await begin();
      const { deviceId, key, path } = await stack.enrol('osmand', 'truck7');
      // From the moment on at which it is adopted it is the vehicle's.
      stack.field.clock.set(later(60));
      const form = `id=truck7&lat=38.9&lon=-77.03&speed=10`;
      const replies = [
        await stack.send(`${path}?${form}&timestamp=${seconds(30)}&key=${key!}`),
        await stack.send(`${path}?${form}&timestamp=${seconds(35)}`, { method: 'POST', headers: basic('', key!) }),
        await stack.send(`${path}?key=${key!}`, { method: 'POST', body: `${form}&timestamp=${seconds(40)}000` }),
        await stack.send(path, { method: 'POST', body: `${form}&timestamp=${seconds(45)}&key=${key!.toUpperCase()}` }),
        await stack.send(`${path}?key=${key!}`, json(client('truck7'))),
      ];
      for (const reply of replies) expect([reply.status, reply.text]).to.deep.equal([200, '']);
      const fixes = await stack.fixes(deviceId);
      expect(fixes.map(({ time }) => time)).to.deep.equal([30, 35, 40, 45, 50].map(later));
      // The trap of this protocol: knots in the one form, metres a second in the other.
      expect(fixes.map(({ speed }) => speed!.toFixed(3))).to.deep.equal(['5.144', '5.144', '5.144', '5.144', '10.000']);
      expect(await shown()).to.include({ vehicleId: stack.field.fleet.vehicleId, source: 'tracker', ageSeconds: 10 });
      expect(stack.counts).to.deep.equal({ osmand_taken: 5 });
    });
    it('the same reading again is the same fix, and answered 200', async () => {
      await begin();
      const { deviceId, key, path } = await stack.enrol('osmand', 'truck7');
      const address = `${path}?id=truck7&lat=38.9&lon=-77.03&timestamp=${seconds(-30)}&key=${key!}`;
      const replies = await Promise.all([1, 2, 3].map(() => stack.send(address)));
      expect(replies.map(({ status }) => status)).to.deep.equal([200, 200, 200]);
      expect(await stack.fixes(deviceId)).to.have.length(1);
    });
    it('refuses as the protocol does: no id 400, not known 400 in the query form and 404 in the JSON form', async () => {
      await begin();
      const { key, path } = await stack.enrol('osmand', 'truck7');
      const place = 'lat=38.9&lon=-77.03';
      expect((await stack.send(`${path}?${place}&key=${key!}`)).status).to.equal(400);
      expect((await stack.send(`${path}?id=nobody&${place}&key=${key!}`)).status).to.equal(400);
      // A device id is never a credential.
      expect((await stack.send(`${path}?id=truck7&${place}`)).status).to.equal(400);
      expect((await stack.send(`${path}?id=truck7&${place}&key=`)).status).to.equal(400);
      expect((await stack.send(`${path}?id=truck7&${place}&key=00000-00000-00000-00000`)).status).to.equal(400);
      expect((await stack.send(path, json(client('truck7')))).status).to.equal(404);
      expect((await stack.send(path, json(client('nobody')))).status).to.equal(404);
      expect((await stack.send(path, json({ location: {} }))).status).to.equal(400);
      expect((await stack.send(`${path}?id=truck7&lat=91&lon=0&key=${key!}`)).status).to.equal(400);
      const refusal = await stack.send(`${path}?id=truck7&${place}`);
      expect(refusal.headers.get('content-type')).to.contain('application/problem+json');
      expect(await stack.field.fresh.db('fix').count('* as n').first()).to.deep.equal({ n: 0 });
    });
    it('keeps what the receiver calls not valid, flagged; a message without a place is a sign of life; an alarm an event', async () => {
      await begin();
      const { deviceId, key, path } = await stack.enrol('osmand', 'truck7');
      await stack.send(`${path}?id=truck7&lat=38.9&lon=-77.03&valid=false&timestamp=${seconds(-9)}&key=${key!}`);
      expect((await stack.send(`${path}?id=truck7&batt=40&key=${key!}`)).status).to.equal(200);
      expect((await stack.fixes(deviceId)).map(({ flags }) => flags)).to.deep.equal([FIX_FLAGS.not_valid]);
      expect(stack.counts['osmand_sign']).to.equal(1);
      for (let k = 0; k < 3; k++) await stack.send(`${path}?id=truck7&alarm=sos&key=${key!}`);
      const alarms = (await stack.events()).filter(({ type }) => type === 'device.alarm');
      expect(alarms).to.have.length(1);
      expect(alarms[0]).to.deep.include({ shift_id: stack.field.fleet.shiftId });
      expect(alarms[0]!.body).to.deep.include({ alarm: 'sos', deviceId });
    });
    it('puts a wrong clock right by the clock of the request, where it is said', async () => {
      await begin();
      const { deviceId, key, path } = await stack.enrol('osmand', 'truck7');
      const yearAgo = -365 * 86_400;
      // fetch lets nobody set `Date`, so the request is made by hand.
      const { request } = await import('node:http');
      const address = `${stack.url}${path}?id=truck7&lat=38.9&lon=-77.03&timestamp=${seconds(yearAgo - 20)}&key=${key!}`;
      const status = await new Promise<number>((resolve, reject) => {
        request(address, { headers: { date: later(yearAgo).toUTCString() } }, (res) => resolve(res.resume().statusCode!))
          .on('error', reject)
          .end();
      });
      expect(status).to.equal(200);
      expect(await stack.fixes(deviceId)).to.deep.include.members([
        { time: later(-20), lon: -77.03, lat: 38.9, speed: null, flags: 0 },
      ]);
    });
  });

  describe('OwnTracks by HTTP', () => {
    const location = (offset: number, over: object = {}) => ({
      _type: 'location',
      lat: 38.9,
      lon: -77.03,
      tst: seconds(offset),
      vel: 36,
      acc: 8,
      tid: 'JP',
      ...over,
    });
    const post = (
      path: string,
      key: string | null,
      body: unknown,
      headers: Record<string, string> = { 'x-limit-u': 'jane', 'x-limit-d': 'phone' },
    ) =>
      stack.send(path, {
        method: 'POST',
        headers: { 'content-type': 'application/json', ...headers, ...(key === null ? {} : basic('jane', key)) },
        body: body === '' ? '' : JSON.stringify(body),
      });

    it('user and device by header, address or topic; answers a list; km/h; zero-length is nothing', async () => {
      await begin();
      const { deviceId, key, path } = await stack.enrol('owntracks', 'jane/phone');
      const replies = [
        await post(path, key, location(-40)),
        await post(`${path}?u=jane&d=phone`, key, location(-30), {}),
        await post(path, key, location(-20, { topic: 'owntracks/jane/phone' }), {}),
        await post(path, key, ''),
        await post(path, key, [location(-12), location(-10)]),
        await post(path, key, { _type: 'card', name: 'Jane' }),
      ];
      for (const reply of replies) {
        expect([reply.status, reply.text]).to.deep.equal([200, '[]']);
        expect(reply.headers.get('content-type')).to.contain('application/json');
      }
      const fixes = await stack.fixes(deviceId);
      expect(fixes.map(({ time }) => time)).to.deep.equal([-40, -30, -20, -12, -10].map(later));
      expect(fixes.map(({ speed }) => speed)).to.deep.equal([10, 10, 10, 10, 10]);
    });
    it('refuses whoever is not enrolled or has a wrong password: 401, so that the phone keeps it', async () => {
      await begin();
      const { path } = await stack.enrol('owntracks', 'jane/phone');
      const other = await stack.enrol('owntracks', 'joe/phone');
      for (const key of [null, '', 'wrong', other.key]) {
        const reply = await post(path, key, location(-10));
        expect(reply.status, String(key)).to.equal(401);
        expect(reply.headers.get('www-authenticate')).to.equal('Basic realm="Thuma"');
      }
      expect((await post(path, null, '')).status).to.equal(401);
      expect((await post(path, other.key, location(-10), {})).status).to.equal(401);
      expect((await stack.seen()).map(({ trackerId, reason }) => [trackerId, reason])).to.deep.equal([
        ['jane/phone', 'wrong_key'],
      ]);
    });
    it('is never stuck on one message that cannot be used; what is no JSON is 400', async () => {
      await begin();
      const { key, path } = await stack.enrol('owntracks', 'jane/phone');
      for (const odd of [{ _type: 'location' }, { _type: 'location', lat: 999, lon: 0, tst: 1 }, {}, 7, null, [], [null]]) {
        expect((await post(path, key, odd)).status, JSON.stringify(odd)).to.equal(200);
      }
      const broken = await stack.send(path, {
        method: 'POST',
        headers: { ...basic('jane', key!), 'x-limit-u': 'jane', 'x-limit-d': 'phone' },
        body: '{',
      });
      expect(broken.status).to.equal(400);
    });
    it('hands over the next stop’s fence once, and makes its transition an event; stamps the arrival where the policy says so', async () => {
      await begin({ stampsArrival: true });
      const { key, path } = await stack.enrol('owntracks', 'jane/phone');
      const job = await stack.field.makeJob();
      await stack.trackers.settle();
      const first = JSON.parse((await post(path, key, location(-60, { lat: 38.95 }))).text) as {
        waypoints: { waypoints: Record<string, unknown>[] };
      }[];
      const [waypoint] = first[0]!.waypoints.waypoints;
      expect(waypoint).to.include({ rad: 60 });
      expect(waypoint!['lon']).to.be.closeTo(JOB_PLACE.lon, 0.001);
      expect((await post(path, key, location(-55, { lat: 38.95 }))).text).to.equal('[]');

      const enter = {
        _type: 'transition',
        event: 'enter',
        desc: waypoint!['desc'],
        tst: seconds(-20),
        wtst: 1,
        lat: 38.9004,
        lon: -77.03,
        acc: 9,
      };
      for (let k = 0; k < 2; k++) expect((await post(path, key, enter)).status).to.equal(200);
      expect((await post(path, key, { ...enter, desc: 'Home', tst: seconds(-15) })).status).to.equal(200);
      const entered = (await stack.events()).filter(({ type }) => type === 'fence.entered');
      expect(entered).to.have.length(1);
      expect(entered[0]).to.include({ assignment_id: job.assignmentId, shift_id: stack.field.fleet.shiftId });
      expect(await stack.field.assignment(job.assignmentId)).to.include({ state: 'on_site', onSiteAt: later(-20).toISOString() });
    });
    it('without such a policy an arrival is suggested and not stamped', async () => {
      await begin();
      const { key, path } = await stack.enrol('owntracks', 'jane/phone');
      const job = await stack.field.makeJob();
      await stack.trackers.settle();
      const [command] = JSON.parse((await post(path, key, location(-60, { lat: 38.95 }))).text) as {
        waypoints: { waypoints: { desc: string }[] };
      }[];
      const enter = { _type: 'transition', event: 'enter', desc: command!.waypoints.waypoints[0]!.desc, tst: seconds(-20) };
      await post(path, key, enter);
      expect((await stack.events()).filter(({ type }) => type === 'fence.entered')).to.have.length(1);
      expect((await stack.field.assignment(job.assignmentId)).state).not.to.equal('on_site');
    });
  });

  describe('Traccar’s forwarder', () => {
    const forwarded = (uniqueId: unknown, over: object = {}) => ({
      position: {
        id: 1,
        protocol: 'teltonika',
        serverTime: later(0).toISOString(),
        deviceTime: later(-5).toISOString(),
        fixTime: later(-5).toISOString(),
        valid: true,
        latitude: 38.9,
        longitude: -77.03,
        altitude: 0,
        speed: 10,
        course: 0,
        accuracy: 0,
        attributes: { ignition: true },
        ...over,
      },
      device: { id: 3, uniqueId, name: 'Truck', status: 'online' },
    });
    const forward = (body: unknown, actor = stack.forwarder()) =>
      stack.ask<{ result: string }>('POST', '/trackers/traccar', actor, body);

    it('takes enrolled devices; a duplicate, an unknown device and what can never be used are no errors', async () => {
      await begin();
      const { deviceId, key } = await stack.enrol('traccar', '359633100');
      expect(key).to.equal(null);
      const said = [
        await forward(forwarded('359633100')),
        await forward(forwarded('359633100')),
        await forward(forwarded('999')),
        await forward(forwarded('359633100', { latitude: null })),
        await forward(forwarded('359633100', { attributes: { alarm: 'sos' }, fixTime: later(-2).toISOString() })),
      ];
      expect(said.map(({ status, body }) => [status, body.result])).to.deep.equal([
        [200, 'stored'],
        [200, 'known'],
        [200, 'unknown_device'],
        [200, 'unusable'],
        [200, 'stored'],
      ]);
      expect((await stack.fixes(deviceId))[0]!.speed).to.be.closeTo(5.144, 0.001);
      expect((await stack.events()).filter(({ type }) => type === 'device.alarm')).to.have.length(1);
      expect((await forward({ position: {}, device: {} })).status).to.equal(400);
    });
    it('answers for the devices of its own organisation only, and needs a key', async () => {
      await begin();
      await stack.enrol('traccar', '359633100');
      const foreign = stack.forwarder({ organisationId: randomUUID() });
      expect((await forward(forwarded('359633100'), foreign)).body.result).to.equal('unknown_device');
      expect((await forward(forwarded('359633100'), stack.field.fleet.actor)).status).to.equal(403);
      expect((await stack.send('/trackers/traccar', json(forwarded('359633100')))).status).to.equal(401);
      expect(await stack.field.fresh.db('fix').count('* as n').first()).to.deep.equal({ n: 0 });
    });
  });

  describe('enrolment', () => {
    it('one that knocked a moment before it was adopted is not listed as a stranger afterwards', async () => {
      await begin();
      await stack.send('/trackers/osmand?id=early&lat=38.9&lon=-77.03');
      await stack.enrol('osmand', 'early', { label: 'Early' });
      expect((await stack.seen()).map(({ trackerId }) => trackerId)).to.deep.equal([]);
      // Its own mistake is told all the same.
      await stack.send('/trackers/osmand?id=early&key=wrong&lat=38.9&lon=-77.03');
      expect((await stack.seen()).map(({ trackerId, reason }) => [trackerId, reason])).to.deep.equal([['early', 'wrong_key']]);
    });

    it('lists who was not let in, with a rounded place; adopting takes it off, and its key opens', async () => {
      await begin();
      const knock = '/trackers/osmand?id=stray&lat=38.90321&lon=-77.03654';
      for (let k = 0; k < 3; k++) await stack.send(knock);
      await stack.send('/trackers/osmand?id=stray2');
      const seen = await stack.seen();
      expect(seen).to.deep.include.members([
        {
          protocol: 'osmand',
          trackerId: 'stray',
          reason: 'unknown',
          firstSeenAt: START.toISOString(),
          lastSeenAt: START.toISOString(),
          seenCount: 3,
          about: { lon: -77.04, lat: 38.9 },
        },
      ]);
      const { key, deviceId } = await stack.enrol('osmand', 'stray', { label: 'Old phone' });
      expect((await stack.seen()).map(({ trackerId }) => trackerId)).to.deep.equal(['stray2']);
      expect((await stack.send(`${knock}&key=${key!}`)).status).to.equal(200);
      expect(key).to.match(/^([0-9a-hjkmnp-tv-z]{5}-){3}[0-9a-hjkmnp-tv-z]{5}$/);
      // The key is nowhere in the database, and no event carries what people call their phones.
      const kept = JSON.stringify(await stack.field.fresh.db('tracker').select('*'));
      expect(kept).not.to.contain(key!.slice(0, 11));
      const enrolled = (await stack.events()).find(
        ({ type, body }) => type === 'device.enrolled' && body['deviceId'] === deviceId,
      );
      expect(enrolled!.body).to.deep.equal({
        deviceId,
        vehicleId: stack.field.fleet.vehicleId,
        kind: 'tracker',
        protocol: 'osmand',
      });
      const dismissed = await stack.ask('POST', '/api/trackers/dismiss', stack.field.desk(), {
        protocol: 'osmand',
        trackerId: 'stray2',
      });
      expect(dismissed.status).to.equal(204);
      expect(await stack.seen()).to.deep.equal([]);
    });
    it('a new key ends the old one; an ended tracker is out at once', async () => {
      await begin();
      const first = await stack.enrol('osmand', 'truck7');
      const second = await stack.enrol('osmand', 'truck7');
      const asked = (key: string | null) => stack.send(`/trackers/osmand?id=truck7&lat=38.9&lon=-77.03&key=${key!}`);
      expect([(await asked(first.key)).status, (await asked(second.key)).status]).to.deep.equal([400, 200]);
      const devices = (await stack.ask<Device[]>('GET', '/api/devices', stack.field.desk())).body;
      expect(devices.filter(({ revokedAt }) => revokedAt === null).map(({ tracker }) => tracker)).to.deep.include({
        protocol: 'osmand',
        trackerId: 'truck7',
      });
      expect((await stack.ask('DELETE', `/api/devices/${second.deviceId}`, stack.field.desk())).status).to.equal(204);
      expect((await asked(second.key)).status).to.equal(400);
    });
    it('two dispatchers who adopt it at once: one tracker is in force', async () => {
      await begin();
      const both = await Promise.all([1, 2].map(() => stack.enrol('osmand', 'truck7')));
      const inForce: unknown = await stack.field.fresh.db('tracker').whereNull('ended_at').select('device_id');
      expect(inForce).to.have.length(1);
      const open = await Promise.all(both.map(({ key }) => stack.send(`/trackers/osmand?id=truck7&key=${key!}`)));
      expect(open.map(({ status }) => status).sort()).to.deep.equal([200, 400]);
    });
    it('stays within the organisation: its vehicles, its trackers', async () => {
      await begin();
      const { field } = stack;
      const other = await aFleet(field.fresh.db, { from: later(-3600), until: later(3600), number: 2 });
      const stranger = field.desk({ organisationId: other.organisationId });
      const wanted = { protocol: 'osmand', trackerId: 'truck7', vehicleId: other.vehicleId, label: 'x' };
      expect((await stack.ask('POST', '/api/trackers', field.desk(), wanted)).status).to.equal(404);
      await stack.enrol('osmand', 'truck7');
      expect((await stack.ask<{ type: string }>('POST', '/api/trackers', stranger, wanted)).body.type).to.equal(
        '/problems/tracker-elsewhere',
      );
      expect((await stack.ask<unknown[]>('GET', '/api/vehicles', stranger)).body).to.deep.equal([
        { id: other.vehicleId, code: 'van-2', kind: 'van' },
      ]);
      // What a forwarder's key brought is its organisation's to see.
      await stack.ask('POST', '/trackers/traccar', stack.forwarder(), { position: {}, device: { uniqueId: 'ours' } });
      expect((await stack.seen(stranger)).map(({ trackerId }) => trackerId)).to.deep.equal([]);
      expect((await stack.seen()).map(({ trackerId }: SeenTracker) => trackerId)).to.deep.equal(['ours']);
    });
    it('names what is wrong with an enrolment', async () => {
      await begin();
      const { field } = stack;
      const wanted = { protocol: 'owntracks', trackerId: 'jane', vehicleId: field.fleet.vehicleId, label: 'x' };
      const refused = await stack.ask<{ errors: { path: string }[] }>('POST', '/api/trackers', field.desk(), wanted);
      expect([refused.status, refused.body.errors[0]!.path]).to.deep.equal([400, 'trackerId']);
      expect((await stack.ask('POST', '/api/trackers', field.fleet.actor, wanted)).status).to.equal(403);
    });
    it('keeps the list bounded whatever strangers make up', async () => {
      await begin();
      for (let round = 0; round < 4; round++) {
        await Promise.all(Array.from({ length: 200 }, (_, n) => stack.send(`/trackers/osmand?id=made-up-${round}-${n}`)));
        stack.field.clock.set(later(round + 1));
        await stack.trackers.settle();
      }
      const seen = await stack.seen();
      expect(seen).to.have.length(500);
      expect(seen[0]!.trackerId).to.match(/^made-up-3-/);
    });
  });

  it('refuses an address that is refused again and again, and nobody else of it that is known', async () => {
    await begin({ limited: true });
    const { key } = await stack.enrol('osmand', 'truck7');
    const good = `/trackers/osmand?id=truck7&lat=38.9&lon=-77.03&key=${key!}`;
    for (let k = 0; k < 200; k++) expect((await stack.send(`${good}&timestamp=${seconds(-300 + k)}`)).status).to.equal(200);
    const statuses: number[] = [];
    for (let k = 0; k < 70; k++) statuses.push((await stack.send('/trackers/osmand?id=truck7&key=wrong')).status);
    expect(statuses.slice(0, 60).every((status) => status === 400)).to.equal(true);
    expect(statuses.at(-1)).to.equal(429);
    expect(stack.counts['osmand_limited']).to.be.greaterThan(0);
  });
  it('limits what one device sends', async () => {
    await begin({ limited: true });
    const { key, path } = await stack.enrol('owntracks', 'jane/phone');
    const many = Array.from({ length: 499 }, (_, n) => ({ _type: 'location', lat: 38.9, lon: -77.03, tst: seconds(-n * 10) }));
    const statuses: number[] = [];
    for (let k = 0; k < 12; k++) {
      const body = JSON.stringify(many.map((one) => ({ ...one, lat: one.lat + k / 1e5 })));
      const headers = { 'content-type': 'application/json', ...basic('jane', key!), 'x-limit-u': 'jane', 'x-limit-d': 'phone' };
      statuses.push((await stack.send(path, { method: 'POST', headers, body })).status);
    }
    expect(statuses.slice(0, 10)).to.deep.equal(Array.from({ length: 10 }, () => 200));
    expect(statuses.at(-1)).to.equal(429);
  });
});
