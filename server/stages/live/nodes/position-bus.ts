import { createClient } from '@redis/client';
import type { Log } from '../../../platform/log.ts';
import type { VehicleMove } from '../../../stores/positions/store.ts';
import { decodeMessage, encodeMessage, MOST_MOVES, type NodeMessageKind } from './node-message.ts';
import { OtherNodes, SILENT_MILLIS, type OtherNodesDeps } from './other-nodes.ts';

export interface PositionBusDeps extends Pick<OtherNodesDeps, 'wallMillis' | 'onMoves' | 'onCutOff' | 'onCommitted'> {
  /** redis:// address. */
  readonly url: string;
  /** Servers of one city hear each other, those of another do not. */
  readonly city: string;
  readonly nodeId: string;
  readonly log: Log;
}

/** What the servers of one city tell each other while they run. */
export interface PositionBus {
  /** Connects, and from then on keeps trying; never rejects because Redis is away. */
  start(): Promise<void>;
  /** Vehicles that this node has heard have moved. */
  moved(moves: readonly VehicleMove[]): void;
  /** Something was committed here: the others read the event log. */
  committed(): void;
  connected(): boolean;
  /** Other nodes that are heard at the moment. */
  others(): number;
  stop(): Promise<void>;
}

/** What has moved is told so often, together. */
const TOGETHER_MILLIS = 50;
const ALIVE_MILLIS = 1_000;
/** However many ask, all is told this often at most. */
const TELL_ALL_MILLIS = 1_000;
const RECONNECT_MILLIS = 500;

/**
 * Positions between servers by Redis publish and subscribe. Nothing is kept there: what gets lost is told anew, each server tells
 * what it has heard itself, and one that falls silent is known by it.
 */
export function openPositionBus(deps: PositionBusDeps): PositionBus {
  const { log, nodeId } = deps;
  const channel = `thuma:${deps.city}:positions`;
  // A cut cable closes no connection: one on which nothing came for so long, where something does every second, is given up.
  const socket = { reconnectStrategy: RECONNECT_MILLIS, connectTimeout: 2_000, socketTimeout: SILENT_MILLIS };
  // What waits in a queue for Redis to come back would be old when it is sent: nothing waits.
  const publisher = createClient({ url: deps.url, socket, disableOfflineQueue: true, pingInterval: ALIVE_MILLIS });
  const subscriber = createClient({ url: deps.url, socket });
  /** The last place of each vehicle that this node hears. */
  const own = new Map<string, VehicleMove>();
  let changed = new Map<string, VehicleMove>();
  let sent = 0;
  let tellAllAt = -Infinity;
  let tellAllDue = false;
  let askDue = false;
  let newsDue = false;
  let away = false;
  let timers: NodeJS.Timeout[] = [];

  const others = new OtherNodes({
    ...deps,
    onMoves(moves) {
      for (const { marker } of moves) {
        const known = own.get(marker.vehicleId);
        if (known !== undefined && known.marker.time <= marker.time) own.delete(marker.vehicleId);
      }
      deps.onMoves(moves);
    },
    onGap: () => (askDue = true),
    onHello: () => (tellAllDue = true),
  });

  function send(kind: NodeMessageKind, moves: readonly VehicleMove[] = []): void {
    const before = sent;
    sent = (sent + 1) >>> 0;
    if (!publisher.isReady) return;
    publisher.publish(channel, encodeMessage({ kind, nodeId, before, moves })).catch((error: unknown) => {
      log.debug({ err: error }, 'a message to the other servers was lost; they notice and ask');
    });
  }

  function tellMoves(moves: readonly VehicleMove[]): void {
    for (let k = 0; k < moves.length; k += MOST_MOVES) send('moves', moves.slice(k, k + MOST_MOVES));
  }

  function tick(): void {
    if (changed.size > 0) {
      const moves = [...changed.values()];
      changed = new Map();
      tellMoves(moves);
    }
    if (newsDue) {
      newsDue = false;
      send('committed');
    }
    const now = deps.wallMillis();
    if (tellAllDue && now - tellAllAt >= TELL_ALL_MILLIS) {
      tellAllDue = false;
      tellAllAt = now;
      tellMoves([...own.values()]);
    }
  }

  function beat(): void {
    send('alive');
    if (askDue && publisher.isReady) {
      askDue = false;
      send('hello');
    }
    others.look();
  }

  function hear(message: Buffer): void {
    const read = decodeMessage(message);
    if (read === null) log.debug('a message of another kind of server was passed over');
    else if (read.nodeId !== nodeId) others.take(read);
  }

  const onError = (error: unknown): void => {
    if (!away) log.warn({ err: error }, 'Redis is away: vehicles that other servers hear are not followed until it is back');
    away = true;
  };
  publisher.on('error', onError);
  subscriber.on('error', onError);
  publisher.on('ready', () => {
    if (away) log.info('Redis is back');
    away = false;
    // Whoever was cut off from us hears all we know, and we ask what we have missed.
    tellAllDue = true;
    askDue = true;
  });

  return {
    async start() {
      timers = [setInterval(tick, TOGETHER_MILLIS).unref(), setInterval(beat, ALIVE_MILLIS).unref()];
      // A connection that fails is tried again by itself; waiting for the first is only to be quick where Redis is there.
      const connecting = Promise.all([
        publisher.connect(),
        subscriber.connect().then(() => subscriber.subscribe(channel, hear, true)),
      ]).catch(onError);
      await Promise.race([connecting, new Promise((resolve) => setTimeout(resolve, 2_000).unref())]);
    },
    moved(moves) {
      for (const move of moves) {
        const { vehicleId } = move.marker;
        own.set(vehicleId, move);
        changed.set(vehicleId, move);
        others.heardHere(vehicleId);
      }
    },
    committed: () => (newsDue = true),
    connected: () => publisher.isReady && subscriber.isReady,
    others: () => others.alive(),
    async stop() {
      timers.forEach(clearInterval);
      tick();
      send('bye');
      // What was published is under way; a Redis that is away is not waited for.
      if (publisher.isReady) await publisher.close().catch(() => undefined);
      publisher.destroy();
      subscriber.destroy();
      await Promise.resolve();
    },
  };
}
