import { expect } from 'chai';
import type { SentFix } from '../../../stores/positions/contract.ts';
import { readOsmAndJson, readOsmAndQuery, type OsmAndFault, type OsmAndMessage } from './osmand-message.ts';
import { readBasic } from './osmand.ts';
import { jobOfFence, fenceName, readOwnTracks, readTopic, setWaypoints } from './owntracks-message.ts';
import { sentAtOf } from './reading.ts';
import { readForwarded } from './traccar-forwarder.ts';

const NOW = new Date('2026-01-27T12:00:00Z');
const SECONDS = Date.parse('2026-01-27T11:59:30Z') / 1000;

const query = (text: string) => readOsmAndQuery(new URLSearchParams(text), NOW);
const fixOf = (message: OsmAndMessage | OsmAndFault): SentFix | null => {
  expect(message).to.be.an('object');
  return (message as OsmAndMessage).fix;
};

describe('OsmAnd, the query form', () => {
  it('as OsmAnd sends it: seconds, knots', () => {
    const message = query(
      `id=truck7&timestamp=${SECONDS}&lat=38.9&lon=-77.03&speed=10&bearing=271.5&altitude=12&accuracy=4&batt=88`,
    );
    expect(message).to.deep.include({ trackerId: 'truck7', alarm: null });
    const { deviceSeq, speedMps, ...fix } = fixOf(message)!;
    expect(fix).to.deep.equal({
      fixTime: '2026-01-27T11:59:30.000Z',
      lat: 38.9,
      lon: -77.03,
      accuracyMetres: 4,
      headingDegrees: 271.5,
    });
    expect(speedMps).to.be.closeTo(5.14444, 1e-5);
    expect(deviceSeq).to.be.within(1, 2 ** 32);
  });
  it('the same reading has the same number, another place of the same second another', () => {
    const at = (lat: number) => fixOf(query(`id=a&timestamp=${SECONDS}&lat=${lat}&lon=1`))!.deviceSeq;
    expect(at(38.9)).to.equal(at(38.9));
    expect(at(38.9)).not.to.equal(at(38.9001));
  });
  it('other spellings: deviceid, location, heading; milliseconds, ISO, a plain date, no time', () => {
    const time = (told: string) => fixOf(query(`deviceid=12&location=38.9,-77.03&heading=5${told}`))!.fixTime;
    expect(time(`&timestamp=${SECONDS * 1000}`)).to.equal('2026-01-27T11:59:30.000Z');
    expect(time('&timestamp=2026-01-27T11:59:30Z')).to.equal('2026-01-27T11:59:30.000Z');
    expect(time('&timestamp=2026-01-27T12:59:30%2B01:00')).to.equal('2026-01-27T11:59:30.000Z');
    expect(time('&timestamp=2026-01-27 11:59:30')).to.equal('2026-01-27T11:59:30.000Z');
    expect(time('')).to.equal(NOW.toISOString());
    // The last second and the first millisecond of the rule.
    expect(time('&timestamp=2147483647')).to.equal('2038-01-19T03:14:07.000Z');
    expect(time('&timestamp=2147483648')).to.equal('1970-01-25T20:31:23.648Z');
  });
  it('valid=false is kept and said; without a place it is a sign of life; an alarm is told', () => {
    expect(fixOf(query('id=1&lat=1&lon=2&valid=false'))).to.include({ valid: false });
    expect(fixOf(query('id=1&lat=1&lon=2&valid=1'))).not.to.have.property('valid');
    expect(query('id=1&batt=50&alarm=sos')).to.deep.equal({ trackerId: '1', fix: null, alarm: 'sos' });
  });
  it('what cannot be used is named; what is an ornament is left out', () => {
    expect(query('lat=1&lon=2')).to.equal('no-id');
    expect(query('id=&lat=1&lon=2')).to.equal('no-id');
    expect(query(`id=${'x'.repeat(101)}`)).to.equal('no-id');
    expect(query('id=a%00b&lat=1&lon=2')).to.equal('no-id');
    for (const place of [
      'lat=91&lon=2',
      'lat=1',
      'lat=NaN&lon=1',
      'lat=0x10&lon=1',
      'lat=1e999&lon=1',
      'location=1',
      'location=,',
    ]) {
      expect(query(`id=1&${place}`), place).to.equal('no-place');
    }
    for (const time of ['yesterday', '-5', '2026-13-45T00:00:00Z', '99999999999999999999', '9007199254740993', '1.5']) {
      expect(query(`id=1&lat=1&lon=2&timestamp=${time}`), time).to.equal('bad-time');
    }
    const odd = fixOf(query('id=1&lat=1&lon=2&speed=-1&bearing=720&accuracy=abc'));
    expect(odd).to.have.all.keys('deviceSeq', 'fixTime', 'lat', 'lon');
  });
});

describe('OsmAnd, the JSON form', () => {
  /** As Traccar Client sends it. */
  const body = (coords: object = {}, location: object = {}) => ({
    device_id: '473920',
    location: {
      timestamp: '2026-01-27T11:59:30.123Z',
      coords: { latitude: 38.9, longitude: -77.03, speed: 10, heading: 92.1, accuracy: 4.9, altitude: 12, ...coords },
      is_moving: true,
      odometer: 1234,
      event: 'motionchange',
      battery: { level: 0.5, is_charging: false },
      activity: { type: 'in_vehicle' },
      extras: {},
      ...location,
    },
  });
  it('metres a second, where the query form has knots', () => {
    expect(readOsmAndJson(body(), NOW)).to.deep.include({ trackerId: '473920', alarm: null });
    expect(fixOf(readOsmAndJson(body(), NOW))).to.deep.include({
      fixTime: '2026-01-27T11:59:30.123Z',
      speedMps: 10,
      headingDegrees: 92.1,
      accuracyMetres: 4.9,
    });
  });
  it('below 0 is unknown', () => {
    const fix = fixOf(readOsmAndJson(body({ speed: -1, heading: -1, accuracy: -1 }), NOW));
    expect(fix).to.have.all.keys('deviceSeq', 'fixTime', 'lat', 'lon');
  });
  it('an alarm is told; a heartbeat without coordinates is a sign of life', () => {
    expect(readOsmAndJson(body({}, { alarm: 'sos' }), NOW)).to.include({ alarm: 'sos' });
    expect(readOsmAndJson({ device_id: '1', location: { event: 'heartbeat' } }, NOW)).to.include({ fix: null });
  });
  it('what cannot be used is named', () => {
    for (const junk of [null, [], 'x', 5, {}, { device_id: {} }, { device_id: '' }, { __proto__: { device_id: 'x' } }]) {
      expect(readOsmAndJson(junk, NOW), JSON.stringify(junk)).to.equal('no-id');
    }
    expect(readOsmAndJson(body({ latitude: '38.9' }), NOW)).to.equal('no-place');
    expect(readOsmAndJson(body({ latitude: 99 }), NOW)).to.equal('no-place');
    expect(readOsmAndJson(body({}, { timestamp: {} }), NOW)).to.equal('bad-time');
  });
});

describe('OwnTracks messages', () => {
  /** As the iOS app publishes it. */
  const location = {
    _type: 'location',
    acc: 14,
    alt: 97,
    batt: 82,
    bs: 1,
    cog: 215,
    conn: 'm',
    created_at: SECONDS + 2,
    lat: 38.9,
    lon: -77.03,
    m: 2,
    tid: 'JJ',
    topic: 'owntracks/jane/phone',
    tst: SECONDS,
    vac: 3,
    vel: 54,
  };
  it('location: km/h, the time of the reading and not of the message', () => {
    const said = readOwnTracks(location);
    expect(said.kind).to.equal('location');
    if (said.kind !== 'location') return;
    expect(said.fix).to.deep.include({
      speedMps: 15,
      accuracyMetres: 14,
      headingDegrees: 215,
      fixTime: '2026-01-27T11:59:30.000Z',
    });
  });
  it('transition, lwt, and what is nobody’s place', () => {
    const transition = {
      _type: 'transition',
      event: 'enter',
      desc: '#2042',
      wtst: 1,
      tst: SECONDS,
      lat: 38.9,
      lon: -77.03,
      acc: 10,
      t: 'c',
    };
    expect(readOwnTracks(transition)).to.deep.include({ kind: 'transition', event: 'enter', region: '#2042' });
    expect(readOwnTracks({ _type: 'lwt', tst: SECONDS })).to.deep.equal({ kind: 'lwt' });
    for (const _type of ['card', 'waypoint', 'waypoints', 'encrypted', 'status', 'cmd', 'steps', 'beacon']) {
      expect(readOwnTracks({ _type }), _type).to.deep.equal({ kind: 'other' });
    }
  });
  it('what cannot be used', () => {
    const junk = [null, 'x', [], {}, { _type: 7 }, { _type: 'location' }, { ...location, tst: 'now' }, { ...location, lat: 100 }];
    for (const one of junk) expect(readOwnTracks(one).kind, JSON.stringify(one)).to.equal('malformed');
    expect(readOwnTracks({ _type: 'transition', event: 'through', tst: 1 }).kind).to.equal('malformed');
  });
  it('topics', () => {
    expect(readTopic('owntracks/jane/phone')).to.deep.equal({ trackerId: 'jane/phone', about: '' });
    expect(readTopic('owntracks/jane/phone/event')).to.deep.equal({ trackerId: 'jane/phone', about: 'event' });
    for (const other of ['owntracks', 'owntracks/jane', 'owntracks//phone', 'other/jane/phone'])
      expect(readTopic(other)).to.equal(null);
  });
  it('the next stop replaces the one before on the phone, and its name leads back to the job', () => {
    const fence = { jobNumber: 2042, lon: -77.03, lat: 38.9, radiusMetres: 60 };
    const [first] = setWaypoints(fence).waypoints.waypoints;
    const [second] = setWaypoints({ ...fence, jobNumber: 2043, lat: 38.95 }).waypoints.waypoints;
    expect(first).to.include({ _type: 'waypoint', desc: '#2042', rad: 60, lat: 38.9, lon: -77.03 });
    expect([second!.tst, second!.rid]).to.deep.equal([first!.tst, first!.rid]);
    expect(jobOfFence(fenceName(2042))).to.equal(2042);
    for (const own of ['Home', '#', '#12x', '2042']) expect(jobOfFence(own)).to.equal(null);
  });
});

describe('Traccar’s forwarder', () => {
  /** As Traccar posts it with forward.type=json. */
  const position = {
    id: 77,
    attributes: { batteryLevel: 90, distance: 1.2, motion: true },
    deviceId: 3,
    protocol: 'osmand',
    serverTime: '2026-01-27T11:59:59.000+00:00',
    deviceTime: '2026-01-27T11:59:40.000+00:00',
    fixTime: '2026-01-27T11:59:30.000+00:00',
    outdated: false,
    valid: true,
    latitude: 38.9,
    longitude: -77.03,
    altitude: 0,
    speed: 10,
    course: 90,
    address: null,
    accuracy: 0,
    network: null,
  };
  it('knots; 0 for an accuracy that nobody told', () => {
    const fix = readForwarded(position, NOW)!;
    expect(fix).to.include({ fixTime: '2026-01-27T11:59:30.000Z', headingDegrees: 90 }).and.not.have.property('accuracyMetres');
    expect(fix.speedMps).to.be.closeTo(5.14444, 1e-5);
  });
  it('fixTime, else deviceTime, else serverTime, else now; with or without a colon in the zone', () => {
    const time = (over: object) => readForwarded({ ...position, ...over }, NOW)!.fixTime;
    expect(time({ fixTime: null })).to.equal('2026-01-27T11:59:40.000Z');
    expect(time({ fixTime: null, deviceTime: undefined })).to.equal('2026-01-27T11:59:59.000Z');
    expect(time({ fixTime: 'x', deviceTime: {}, serverTime: null })).to.equal(NOW.toISOString());
    expect(time({ fixTime: '2026-01-27T12:59:30.000+0100' })).to.equal('2026-01-27T11:59:30.000Z');
  });
  it('what Traccar calls not valid is kept and says so; what has no place is nothing', () => {
    expect(readForwarded({ ...position, valid: false }, NOW)).to.include({ valid: false });
    for (const junk of [null, [], {}, { ...position, latitude: null }, { ...position, longitude: 181 }]) {
      expect(readForwarded(junk, NOW)).to.equal(null);
    }
  });
});

describe('what comes with a request', () => {
  it('its own clock puts a wrong one right, and a small difference says nothing', () => {
    const header = (millis: number) => sentAtOf(new Date(NOW.getTime() + millis).toUTCString(), NOW);
    expect(header(-3_600_000)).to.equal('2026-01-27T11:00:00.000Z');
    expect(header(2_000)).to.equal(undefined);
    expect(sentAtOf('rubbish', NOW)).to.equal(undefined);
    expect(sentAtOf(undefined, NOW)).to.equal(undefined);
  });
  it('user and password of HTTP Basic', () => {
    const basic = (text: string) => readBasic(`Basic ${Buffer.from(text).toString('base64')}`);
    expect(basic('jane:a:b')).to.deep.equal({ user: 'jane', password: 'a:b' });
    expect(basic('jane')).to.deep.equal({ user: 'jane', password: '' });
    expect(readBasic('Bearer x')).to.equal(undefined);
  });
});
