import type { Request, Response } from 'express';
import { z } from 'zod';
import { route, type Call, type Route } from '../../../platform/http-route.ts';
import { parseJson } from '../../../platform/json-text.ts';
import { Problem } from '../../../platform/problem.ts';
import { TRACKER_PATHS } from '../../../stores/accounts/trackers.ts';
import type { Door } from './door.ts';
import { readOsmAndJson, readOsmAndQuery, type OsmAndMessage } from './osmand-message.ts';
import { sentAtOf } from './reading.ts';
import type { TrackerSigns } from './signs.ts';

const Told = z.unknown().optional();
/** For the description only: the address is read as it came, with fields repeated and in any spelling. */
const OsmAndParameters = z.looseObject({
  id: Told,
  key: Told,
  timestamp: Told,
  lat: Told,
  lon: Told,
  location: Told,
  valid: Told,
  speed: Told,
  bearing: Told,
  accuracy: Told,
});

/** One position, or a handful of attributes with it. */
const MOST_BYTES = 16 * 1024;

/**
 * OsmAnd's and Traccar Client's HTTP protocol: a query (in the address, or as the body), or JSON. It answers 200 with an empty
 * body when the position is stored, also for one that was sent before. Status codes are the protocol's: 400 without an id; an
 * unknown id or a wrong key 400 in the query form, 404 in the JSON form. The key stands in the address (`?key=`) or is the
 * password of HTTP Basic.
 */
export function osmAndRoutes(deps: { readonly door: Door; readonly signs: TrackerSigns }): Route[] {
  const { door } = deps;
  async function handle(call: Call<unknown, unknown, unknown>): Promise<undefined> {
    const { req, res, receivedAt } = call;
    const address = req.ip ?? '';
    door.mayTry('osmand', address);
    const inAddress = new URLSearchParams(req.originalUrl.split('?')[1] ?? '');
    const key = inAddress.get('key') ?? basicPassword(req) ?? null;
    const { message, isJson } = read(call, inAddress);
    if (typeof message === 'string') {
      door.count('osmand', 'malformed');
      throw new Problem(400, 'tracker-message', FAULTS[message]);
    }
    const tracker = await door.admit(
      { protocol: 'osmand', trackerId: message.trackerId, shows: { key: key ?? message.key }, place: message.fix },
      address,
    );
    if (tracker === null) {
      throw new Problem(isJson ? 404 : 400, 'tracker-not-known', 'This device is not enrolled here, or its key is wrong.');
    }
    if (message.fix === null) door.count('osmand', 'sign');
    else await door.deliver('osmand', tracker, [message.fix], sentAtOf(req.headers.date, receivedAt));
    if (message.alarm !== null) await deps.signs.alarm(tracker, message.alarm);
    return sendNothing(res);
  }
  const shared = {
    path: TRACKER_PATHS.osmand,
    action: 'tracker.report',
    query: OsmAndParameters,
    answerType: 'text/plain',
    maxBodyBytes: MOST_BYTES,
    handle,
  } as const;
  return [
    route({
      ...shared,
      method: 'get',
      summary: 'A position of an OsmAnd or Traccar Client tracker, in the address; speed in knots',
    }),
    route({
      ...shared,
      method: 'post',
      summary: 'The same, as a query in the address or the body (speed in knots), or as JSON (speed in m/s)',
      anyBody: ['application/json', 'application/x-www-form-urlencoded'],
    }),
  ];
}

const FAULTS = {
  'no-id': 'The message holds no device id (id, deviceid or device_id).',
  'no-place': 'The position of this message is none: send lat and lon in degrees.',
  'bad-time': 'The timestamp of this message cannot be read: send Unix seconds, milliseconds or ISO 8601.',
} as const;

type Message = OsmAndMessage & { readonly key: string | null };

function read(
  { req, body, receivedAt }: Pick<Call<unknown, unknown, unknown>, 'req' | 'body' | 'receivedAt'>,
  inAddress: URLSearchParams,
): { message: Message | keyof typeof FAULTS; isJson: boolean } {
  const bytes = body instanceof Uint8Array ? body : new Uint8Array();
  const isJson = /^application\/(?:[\w.-]+\+)?json\b/i.test(req.headers['content-type'] ?? '');
  if (isJson && bytes.length > 0) {
    const message = readOsmAndJson(parseJson(bytes), receivedAt);
    return { message: typeof message === 'string' ? message : { ...message, key: null }, isJson: true };
  }
  // The address may hold the key alone: then the message is the body, written like a query.
  const isInAddress = [...inAddress.keys()].some((name) => name !== 'key');
  const query = isInAddress ? inAddress : new URLSearchParams(new TextDecoder().decode(bytes));
  const message = readOsmAndQuery(query, receivedAt);
  return { message: typeof message === 'string' ? message : { ...message, key: query.get('key') }, isJson: false };
}

/** The password of HTTP Basic; undefined when there is none. */
export function basicPassword(req: Request): string | undefined {
  return readBasic(req.headers.authorization)?.password;
}

/** User and password of HTTP Basic; undefined when there are none. */
export function readBasic(header: string | undefined): { readonly user: string; readonly password: string } | undefined {
  const encoded = /^Basic +([A-Za-z0-9+/_=-]{1,1000}) *$/i.exec(header ?? '')?.[1];
  if (encoded === undefined) return undefined;
  const [user, ...password] = Buffer.from(encoded, 'base64').toString('utf8').split(':');
  return { user: user!, password: password.join(':') };
}

function sendNothing(res: Response): undefined {
  res.status(200).type('text/plain').end();
  return undefined;
}
