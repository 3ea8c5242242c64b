import type { Request } from 'express';
import { z } from 'zod';
import { route, type Route } from '../../../platform/http-route.ts';
import { parseJson } from '../../../platform/json-text.ts';
import { TRACKER_PATHS } from '../../../stores/accounts/trackers.ts';
import type { Door } from './door.ts';
import type { NextFences } from './next-fences.ts';
import { field, idOf } from './osmand-message.ts';
import { readBasic } from './osmand.ts';
import { notKnown, placeIn, takeOwnTracks } from './owntracks.ts';
import { readTopic } from './owntracks-message.ts';
import { sentAtOf } from './reading.ts';
import type { TrackerSigns } from './signs.ts';

const Named = z.looseObject({ u: z.unknown().optional(), d: z.unknown().optional() });
/** A phone that was away sends what it has kept one by one; some send a list. */
const MOST_BYTES = 64 * 1024;
const MOST_MESSAGES = 500;

/**
 * OwnTracks in HTTP mode: user and password by HTTP Basic (the password is the key), user and device in `X-Limit-U` and
 * `X-Limit-D` or in `?u=&d=`. Answers `[]`, or the command for the phone that waits. Any other status would have the phone keep
 * the message and send it again: 401 not enrolled or wrong password, 400 no JSON, 503 cannot be stored now.
 */
export function ownTracksRoutes(deps: {
  readonly door: Door;
  readonly signs: TrackerSigns;
  readonly fences: NextFences;
}): Route[] {
  const { door, fences } = deps;
  return [
    route({
      method: 'post',
      path: TRACKER_PATHS.owntracks,
      action: 'tracker.report',
      summary: 'A message of an OwnTracks phone (location, transition); answers with the commands for it',
      query: Named,
      anyBody: ['application/json'],
      answer: z.array(z.unknown()),
      maxBodyBytes: MOST_BYTES,
      async handle({ req, res, query, body, receivedAt }) {
        const address = req.ip ?? '';
        door.mayTry('owntracks', address);
        const bytes = body instanceof Uint8Array ? body : new Uint8Array();
        // Not before the phone is known would be the better order, but its name may stand in the message only.
        const said = bytes.length === 0 ? [] : parseJson(bytes);
        const messages = (Array.isArray(said) ? said : [said]).slice(0, MOST_MESSAGES) as unknown[];
        const basic = readBasic(req.headers.authorization);
        const trackerId = nameOf(req, query, basic?.user, messages[0]);
        const shows = { key: basic?.password ?? null };
        const place = placeIn(messages[0]);
        const tracker = trackerId === null ? null : await door.admit({ protocol: 'owntracks', trackerId, shows, place }, address);
        if (tracker === null) {
          res.set('WWW-Authenticate', 'Basic realm="Thuma"');
          throw notKnown();
        }
        await takeOwnTracks(deps, tracker, messages, sentAtOf(req.headers.date, receivedAt));
        const command = fences.commandFor(tracker.deviceId);
        return command === null ? [] : [command];
      },
    }),
  ];
}

/** user/device, by the header, the address, the topic of the message or, for the user, the name of HTTP Basic; null = not said. */
function nameOf(req: Request, query: z.infer<typeof Named>, basicUser: string | undefined, message: unknown): string | null {
  const header = (name: string): unknown => req.headers[name];
  const topic = field(message, 'topic');
  const [topicUser, topicDevice] = (typeof topic === 'string' ? readTopic(topic)?.trackerId : undefined)?.split('/') ?? [];
  const user = header('x-limit-u') ?? query.u ?? topicUser ?? basicUser;
  const device = header('x-limit-d') ?? query.d ?? topicDevice;
  return typeof user === 'string' && typeof device === 'string' && user !== '' && device !== ''
    ? idOf(`${user}/${device}`)
    : null;
}
