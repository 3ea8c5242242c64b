import { setTimeout as pause } from 'node:timers/promises';
import mqtt, { type MqttClient } from 'mqtt';
import type { Finding } from '../../../platform/health.ts';
import type { Log } from '../../../platform/log.ts';

export interface BrokerOptions {
  /** mqtt://user:password@host:port, also mqtts, ws, wss. */
  readonly url: string;
  /** The same after each start of this process, so that the broker keeps for it what comes while it is away. */
  readonly clientId: string;
  readonly topics: readonly string[];
  readonly log: Log;
  /** Takes one message. Rejects when it cannot be stored now: it is given again until it can, and no more is taken meanwhile. */
  readonly take: (topic: string, payload: Uint8Array, retained: boolean) => Promise<void>;
  /** Messages of the same sender are taken one after the other, in their order. */
  readonly senderOf: (topic: string) => string;
  /** Between tries to connect; 2 s when left out. */
  readonly againMillis?: number;
}

export interface Broker {
  /** Sends at once; false when the broker is not reached. */
  publish(topic: string, message: unknown): Promise<boolean>;
  state(): Finding;
  stop(): Promise<void>;
}

/** So many messages are worked on at once; those behind wait at the broker. */
const MOST_AT_ONCE = 1_000;
const TRY_AGAIN_MILLIS = 1_000;
const PROBE_MILLIS = 5_000;

type State = 'connecting' | 'lets-anybody-in' | 'refused' | 'subscribed';

const SAYS: Readonly<Record<Exclude<State, 'subscribed'>, string>> = {
  connecting: 'The MQTT broker does not answer; positions of OwnTracks phones wait on the phones and at the broker.',
  'lets-anybody-in':
    'The MQTT broker lets anybody in without a password, so nobody there is who they say; nothing of it is taken until it does not.',
  refused: 'The MQTT broker refuses the user or password of MQTT_URL.',
};

/**
 * A connection to an MQTT broker that mends itself. Who publishes on a topic is the broker's to check: so it is asked first
 * whether it lets strangers in, each time a connection is made, and listened to only if it does not.
 */
export function openBroker(options: BrokerOptions): Broker {
  const { url, log, topics } = options;
  const againMillis = options.againMillis ?? 2_000;
  const ended = new AbortController();
  let state: State = 'connecting';
  let since = new Date();
  let client: MqttClient | null = null;
  let working = 0;
  let failing = 0;
  const waiting: (() => void)[] = [];

  function become(now: State): void {
    if (now === state) return;
    state = now;
    since = new Date();
    log[now === 'subscribed' ? 'info' : 'warn']({ state: now }, 'mqtt broker');
  }

  const hasRoom = (): boolean => working < MOST_AT_ONCE && failing === 0;
  function makeRoom(): void {
    while (waiting.length > 0 && hasRoom()) waiting.shift()!();
  }

  /** The last message of each sender that is worked on. */
  const last = new Map<string, Promise<void>>();
  function inOrder(topic: string, payload: Uint8Array, retained: boolean): void {
    working++;
    const sender = options.senderOf(topic);
    const done = (last.get(sender) ?? Promise.resolve()).then(() => work(topic, payload, retained));
    last.set(sender, done);
    void done.finally(() => {
      working--;
      if (last.get(sender) === done) last.delete(sender);
      makeRoom();
    });
  }

  async function work(topic: string, payload: Uint8Array, retained: boolean): Promise<void> {
    let hasFailed = false;
    while (!ended.signal.aborted) {
      try {
        await options.take(topic, payload, retained);
        break;
      } catch (error) {
        if (!hasFailed) failing++;
        hasFailed = true;
        log.debug({ err: error }, 'a message of the broker could not be taken yet');
        await pause(TRY_AGAIN_MILLIS, undefined, { signal: ended.signal }).catch(() => undefined);
      }
    }
    if (hasFailed) failing--;
  }

  /** One life of a connection, until it ends. Resolves to what it was like. */
  async function live(): Promise<State> {
    const stranger = await letsIn(withoutUser(url), ended.signal);
    if (ended.signal.aborted) return 'connecting';
    if (stranger !== 'refused') return stranger === 'let-in' ? 'lets-anybody-in' : 'connecting';
    const own = mqtt.connect(url, {
      clientId: options.clientId,
      clean: false,
      reconnectPeriod: 0,
      connectTimeout: PROBE_MILLIS,
      keepalive: 20,
      resubscribe: false,
    });
    client = own;
    // The answer to a message lets the next one come: where there is no room, those behind wait at the broker.
    own.handleMessage = (_packet, answered) => {
      if (hasRoom()) answered();
      else waiting.push(() => answered());
    };
    own.on('message', (topic, payload, packet) => inOrder(topic, payload, packet.retain));
    let wasRefused = false;
    own.on('error', (error) => {
      wasRefused ||= isRefusal(error);
      log.debug({ err: error }, 'mqtt');
    });
    const closed = new Promise<void>((resolve) => {
      own.once('close', () => resolve());
      ended.signal.addEventListener('abort', () => resolve(), { once: true });
    });
    own.once('connect', () => {
      own.subscribe([...topics], { qos: 1 }, (error) => {
        if (error) own.end(true);
        else become('subscribed');
      });
    });
    await closed;
    client = null;
    own.end(true);
    // What waits for room belonged to this connection: the broker gives it again.
    waiting.length = 0;
    return wasRefused ? 'refused' : 'connecting';
  }

  async function keep(): Promise<void> {
    while (!ended.signal.aborted) {
      become(await live().catch((): State => 'connecting'));
      await pause(againMillis, undefined, { signal: ended.signal }).catch(() => undefined);
    }
  }
  const keeping = keep();

  return {
    publish(topic, message) {
      const to = client;
      if (to === null || state !== 'subscribed') return Promise.resolve(false);
      return to.publishAsync(topic, JSON.stringify(message), { qos: 1 }).then(
        () => true,
        () => false,
      );
    },
    state: () => (state === 'subscribed' ? { state: 'ok', since } : { state: 'degraded', since, detail: SAYS[state] }),
    async stop() {
      ended.abort();
      await keeping;
    },
  };
}

/** "Bad user name or password" and "not authorised", of MQTT 3.1.1. */
function isRefusal(error: unknown): boolean {
  return typeof error === 'object' && error !== null && 'code' in error && (error.code === 4 || error.code === 5);
}

/** What a stranger without user and password meets. */
function letsIn(url: string, signal: AbortSignal): Promise<'let-in' | 'refused' | 'away'> {
  return new Promise((resolve) => {
    const stranger = mqtt.connect(url, { reconnectPeriod: 0, connectTimeout: PROBE_MILLIS, clean: true });
    const end = (found: 'let-in' | 'refused' | 'away'): void => {
      stranger.end(true);
      resolve(found);
    };
    stranger.once('connect', () => end('let-in'));
    stranger.on('error', (error) => end(isRefusal(error) ? 'refused' : 'away'));
    stranger.once('close', () => end('away'));
    signal.addEventListener('abort', () => end('away'), { once: true });
  });
}

function withoutUser(url: string): string {
  const address = new URL(url);
  address.username = '';
  address.password = '';
  return address.href;
}
