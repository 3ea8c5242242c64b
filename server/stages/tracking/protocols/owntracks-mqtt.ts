import type { Log } from '../../../platform/log.ts';
import { Problem } from '../../../platform/problem.ts';
import { parseJson } from '../../../platform/json-text.ts';
import { openBroker, type Broker } from './broker.ts';
import type { Door } from './door.ts';
import type { NextFences } from './next-fences.ts';
import { placeIn, takeOwnTracks } from './owntracks.ts';
import { readTopic, type SetWaypoints } from './owntracks-message.ts';
import type { TrackerSigns } from './signs.ts';

export interface OwnTracksBrokerDeps {
  readonly url: string;
  readonly clientId: string;
  readonly door: Door;
  readonly signs: TrackerSigns;
  readonly fences: () => NextFences;
  readonly log: Log;
  readonly againMillis?: number;
}

/** Locations and last wills, and transitions. */
const TOPICS = ['owntracks/+/+', 'owntracks/+/+/event'];
const MOST_BYTES = 64 * 1024;
const TRANSIENT = new Set([429, 503]);

/** OwnTracks in MQTT mode: the broker has checked who publishes, the topic says which of our trackers it is. */
export function ownTracksBroker(deps: OwnTracksBrokerDeps): Broker {
  const { door, log } = deps;

  async function take(topic: string, payload: Uint8Array, retained: boolean): Promise<void> {
    const from = readTopic(topic);
    // A phone that takes its retained place back sends nothing.
    if (from === null || payload.length === 0) return;
    if (payload.length > MOST_BYTES) return door.count('owntracks', 'malformed');
    let message: unknown;
    try {
      message = parseJson(payload);
    } catch {
      return door.count('owntracks', 'malformed');
    }
    // What a broker kept is a place that was true once; its word that a phone was silent then is not news.
    if (retained && isWill(message)) return;
    const shows = { vouchedFor: true as const, organisationId: null };
    const tracker = await door.admit({ protocol: 'owntracks', trackerId: from.trackerId, shows, place: placeIn(message) }, null);
    if (tracker === null) return;
    deps.fences().isReachable(tracker.deviceId);
    await takeOwnTracks(deps, tracker, [message]);
  }

  return openBroker({
    url: deps.url,
    clientId: deps.clientId,
    topics: TOPICS,
    senderOf: (topic) => readTopic(topic)?.trackerId ?? '',
    log,
    ...(deps.againMillis === undefined ? {} : { againMillis: deps.againMillis }),
    async take(topic, payload, retained) {
      try {
        await take(topic, payload, retained);
      } catch (error) {
        // What another try cannot mend must not hold up the others' messages.
        if (error instanceof Problem && !TRANSIENT.has(error.status))
          log.debug({ err: error }, 'a message of the broker was left');
        else if (error instanceof Problem && error.status === 429) return;
        else throw error;
      }
    },
  });
}

const isWill = (message: unknown): boolean =>
  typeof message === 'object' && message !== null && '_type' in message && message._type === 'lwt';

/** Sends a command to a phone through the broker. */
export const pushBy =
  (broker: () => Broker | null) =>
  async (trackerId: string, command: SetWaypoints): Promise<boolean> =>
    (await broker()?.publish(`owntracks/${trackerId}/cmd`, command)) ?? false;
