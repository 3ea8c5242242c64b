import type { ChangeTools } from '../../../platform/change.ts';
import type { Probe } from '../../../platform/health.ts';
import type { Route } from '../../../platform/http-route.ts';
import type { Log } from '../../../platform/log.ts';
import type { Tracking } from '../receive.ts';
import type { Broker } from './broker.ts';
import { openDoor } from './door.ts';
import { gatherKnocks } from './knocks.ts';
import { nextFences } from './next-fences.ts';
import { osmAndRoutes } from './osmand.ts';
import { ownTracksRoutes } from './owntracks-http.ts';
import { ownTracksBroker, pushBy } from './owntracks-mqtt.ts';
import { trackerSigns, type FencePolicy } from './signs.ts';
import { traccarRoutes } from './traccar-forwarder.ts';

export interface TrackersDeps {
  readonly tools: ChangeTools;
  readonly tracking: Pick<Tracking, 'receive'>;
  readonly log: Log;
  readonly policy: () => FencePolicy;
  /** Counts messages by protocol and what became of them (`osmand_taken`). */
  readonly count: (what: string, amount: number) => void;
  readonly wallMillis: () => number;
  /** Devices and addresses may be limited. */
  readonly limited: boolean;
  /** The broker of OwnTracks phones; null = none. */
  readonly mqtt: { readonly url: string; readonly clientId: string; readonly againMillis?: number } | null;
}

/** Trackers of other makers, by every protocol. */
export interface Trackers {
  readonly routes: readonly Route[];
  /** Of the broker, where there is one. */
  readonly probes: readonly Probe[];
  /** Something was committed. */
  changed(): void;
  /** Begins to listen to the broker. */
  start(): void;
  /** Writes down who was not let in, and reads the next stops, now. Rejects with what the database threw. */
  settle(): Promise<void>;
  stop(): Promise<void>;
}

export function openTrackers(deps: TrackersDeps): Trackers {
  const { tools, log, policy, mqtt } = deps;
  const { db, clock } = tools;
  const knocks = gatherKnocks({ db, clock, log });
  const door = openDoor({
    db,
    clock,
    tracking: deps.tracking,
    knocks,
    count: (protocol, result) => deps.count(`${protocol}_${result}`, 1),
    wallMillis: deps.wallMillis,
    limited: deps.limited,
  });
  const signs = trackerSigns({ tools, log, policy });
  let broker: Broker | null = null;
  const fences = nextFences({ db, clock, log, radiusMetres: () => policy().radiusMetres, push: pushBy(() => broker) });
  return {
    routes: [...osmAndRoutes({ door, signs }), ...ownTracksRoutes({ door, signs, fences }), ...traccarRoutes({ door, signs })],
    probes:
      mqtt === null ? [] : [{ name: 'mqtt', look: () => broker?.state() ?? { state: 'degraded', detail: 'is being opened' } }],
    changed: () => fences.changed(),
    start() {
      if (mqtt !== null) broker = ownTracksBroker({ ...mqtt, door, signs, fences: () => fences, log });
    },
    async settle() {
      await knocks.write();
      await fences.look();
    },
    async stop() {
      await broker?.stop();
      await fences.stop();
      await knocks.stop();
    },
  };
}
