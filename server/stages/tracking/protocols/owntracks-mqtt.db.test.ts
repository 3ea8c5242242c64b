import { expect } from 'chai';
import mqtt, { type MqttClient } from 'mqtt';
import type { Finding } from '../../../platform/health.ts';
import { quiet } from '../../../platform/test-server.ts';
import { START, until } from '../../completion/field-stack.db.test.ts';
import { openBroker } from './broker.ts';
import { aMosquitto, mosquittoMissing, type Mosquitto } from './mosquitto.fixtures.ts';
import { startTrackers, type TrackerStack } from './tracker-stack.db.test.ts';

const seconds = (offset: number): number => START.getTime() / 1000 + offset;
/** A condition that is waited for; what it is stands beside it. */
const soon = (isSo: () => boolean | Promise<boolean>): Promise<void> => until(isSo.toString(), isSo);
const location = (offset: number, over: object = {}) => ({
  _type: 'location',
  lat: 38.9,
  lon: -77.03,
  tst: seconds(offset),
  vel: 36,
  ...over,
});

describe('OwnTracks by MQTT', function () {
  this.timeout(60_000);
  let broker: Mosquitto;
  let stack: TrackerStack;
  const clients: MqttClient[] = [];

  before(function () {
    const missing = mosquittoMissing();
    if (missing === null) return;
    console.warn(`\n*** SKIPPED: tests with a broker. ${missing}\n`);
    this.skip();
  });
  beforeEach(async () => {
    broker = await aMosquitto(['thuma', 'jane', 'joe']);
  });
  afterEach(async () => {
    for (const client of clients.splice(0)) client.end(true);
    await stack.close();
    await broker.remove();
  });

  const begin = async (options: Parameters<typeof startTrackers>[0] = {}) => {
    const mqttOptions = { url: broker.url('thuma'), clientId: 'thuma-test', againMillis: 100 };
    stack = await startTrackers({ mqtt: mqttOptions, ...options });
  };
  const health = async (): Promise<Finding> => stack.trackers.probes[0]!.look(AbortSignal.timeout(1_000));
  const isWell = () => soon(async () => (await health()).state === 'ok');

  it('stores what an enrolled phone publishes; of one that nobody enrolled it is told', async () => {
    await begin();
    await isWell();
    const { deviceId } = await stack.enrol('owntracks', 'jane/phone');
    broker.publish('jane', 'owntracks/jane/phone', location(-20));
    broker.publish('jane', 'owntracks/jane/phone', location(-20));
    broker.publish('jane', 'owntracks/jane/phone', location(-10));
    broker.publish('jane', 'owntracks/jane/phone', '{ broken');
    broker.publish('joe', 'owntracks/joe/pad', location(-10));
    // The broker keeps a user to its own topics: a device id alone opens nothing.
    broker.publish('joe', 'owntracks/jane/phone', location(-5));
    await soon(async () => (await stack.fixes(deviceId)).length >= 2 && (stack.counts['owntracks_refused'] ?? 0) === 1);
    expect((await stack.fixes(deviceId)).map(({ speed }) => speed)).to.deep.equal([10, 10]);
    expect(stack.counts['owntracks_malformed']).to.equal(1);
    expect((await stack.seen()).map(({ trackerId, reason }) => [trackerId, reason])).to.deep.equal([['joe/pad', 'unknown']]);
  });

  it('pushes the next stop’s fence, takes its transition, and the last will as silence, once', async () => {
    await begin({ stampsArrival: true });
    await isWell();
    await stack.enrol('owntracks', 'jane/phone');
    const phone = mqtt.connect(broker.url('jane'), {
      reconnectPeriod: 0,
      will: {
        topic: 'owntracks/jane/phone',
        payload: Buffer.from(JSON.stringify({ _type: 'lwt', tst: seconds(-60) })),
        qos: 1,
        retain: false,
      },
    });
    clients.push(phone);
    const commands: { waypoints: { waypoints: { desc: string }[] } }[] = [];
    phone.on('message', (_topic, payload) => void commands.push(JSON.parse(payload.toString())));
    await phone.subscribeAsync('owntracks/jane/phone/cmd', { qos: 1 });
    await phone.publishAsync('owntracks/jane/phone', JSON.stringify(location(-50, { lat: 38.95 })), { qos: 1 });
    await soon(() => Promise.resolve(stack.counts['owntracks_taken'] === 1));
    expect(commands).to.deep.equal([]);

    const job = await stack.field.makeJob();
    stack.trackers.changed();
    await soon(() => Promise.resolve(commands.length === 1));
    stack.trackers.changed();
    await stack.trackers.settle();
    expect(commands).to.have.length(1);
    const { desc } = commands[0]!.waypoints.waypoints[0]!;
    const enter = { _type: 'transition', event: 'enter', desc, tst: seconds(-15), lat: 38.9, lon: -77.03, acc: 10, t: 'c' };
    await phone.publishAsync('owntracks/jane/phone/event', JSON.stringify(enter), { qos: 1 });
    await soon(async () => (await stack.field.assignment(job.assignmentId)).state === 'on_site');

    // The phone is gone without a word: the broker sends its will.
    phone.stream.destroy();
    const silences = async () => (await stack.events()).filter(({ type }) => type === 'device.silent').length;
    await soon(async () => (await silences()) === 1);
    broker.publish('jane', 'owntracks/jane/phone', { _type: 'lwt', tst: seconds(-60) });
    broker.publish('jane', 'owntracks/jane/phone', location(-3));
    broker.publish('jane', 'owntracks/jane/phone', { _type: 'lwt', tst: seconds(-60) });
    await soon(async () => (await silences()) === 2);
  });

  it('shows in the health that the broker is down, and heals by itself; what came meanwhile is taken', async () => {
    await begin();
    await isWell();
    const { deviceId } = await stack.enrol('owntracks', 'jane/phone');
    await broker.kill();
    await soon(async () => (await health()).state === 'degraded');
    expect((await health()).detail).to.contain('does not answer');
    await broker.start();
    await isWell();
    broker.publish('jane', 'owntracks/jane/phone', location(-10));
    await soon(async () => (await stack.fixes(deviceId)).length === 1);
  });

  it('keeps at the broker what comes while the server is away', async () => {
    await begin();
    await isWell();
    const { deviceId } = await stack.enrol('owntracks', 'jane/phone');
    const isTaken: string[] = [];
    let isAway = false;
    const own = openBroker({
      url: broker.url('thuma'),
      clientId: 'thuma-second',
      topics: ['owntracks/+/+'],
      senderOf: (topic) => topic,
      log: quiet,
      againMillis: 100,
      take: (_topic, payload) => {
        if (isAway) return Promise.reject(new Error('the database is away'));
        isTaken.push(Buffer.from(payload).toString());
        return Promise.resolve();
      },
    });
    try {
      await soon(() => Promise.resolve(own.state().state === 'ok'));
      isAway = true;
      for (let k = 0; k < 5; k++) broker.publish('jane', 'owntracks/jane/phone', location(-10 - k));
      await soon(async () => (await stack.fixes(deviceId)).length === 5);
      expect(isTaken).to.deep.equal([]);
      isAway = false;
      await soon(() => Promise.resolve(isTaken.length === 5));
    } finally {
      await own.stop();
    }
    broker.publish('jane', 'owntracks/jane/phone', location(-3));
    const again = openBroker({
      url: broker.url('thuma'),
      clientId: 'thuma-second',
      topics: ['owntracks/+/+'],
      senderOf: (topic) => topic,
      log: quiet,
      againMillis: 100,
      take: (_topic, payload) => Promise.resolve(void isTaken.push(Buffer.from(payload).toString())),
    });
    try {
      await soon(() => Promise.resolve(isTaken.length === 6));
    } finally {
      await again.stop();
    }
  });

  it('takes nothing of a broker that lets anybody in, nor from one that refuses us, and says so', async () => {
    const open = await aMosquitto([], { anonymous: true });
    try {
      await begin({ mqtt: { url: `mqtt://thuma:amuht@127.0.0.1:${open.port}`, clientId: 'thuma-test', againMillis: 100 } });
      await stack.enrol('owntracks', 'jane/phone');
      await soon(async () => /lets anybody in/.test((await health()).detail ?? ''));
      expect((await health()).state).to.equal('degraded');
    } finally {
      await open.remove();
    }
    await stack.close();
    await begin({ mqtt: { url: `mqtt://thuma:wrong@127.0.0.1:${broker.port}`, clientId: 'thuma-test', againMillis: 100 } });
    await soon(async () => /refuses the user or password/.test((await health()).detail ?? ''));
  });

  it('is not there when no broker is set', async () => {
    await begin({ mqtt: undefined as never });
    expect(stack.trackers.probes).to.deep.equal([]);
  });
});
