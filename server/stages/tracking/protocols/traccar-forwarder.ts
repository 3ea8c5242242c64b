import { z } from 'zod';
import { route, type Route } from '../../../platform/http-route.ts';
import { Problem } from '../../../platform/problem.ts';
import { reachOf } from '../../../platform/reach.ts';
import { TRACKER_PATHS } from '../../../stores/accounts/trackers.ts';
import type { SentFix } from '../../../stores/positions/contract.ts';
import type { Door } from './door.ts';
import { field, idOf } from './osmand-message.ts';
import { fixOf, fromKnots, isNumber, timeOf } from './reading.ts';
import type { TrackerSigns } from './signs.ts';

/** What became of a forwarded position, for whoever looks; Traccar looks at the status alone. */
const Forwarded = z.strictObject({ result: z.enum(['stored', 'known', 'unknown_device', 'unusable']) });

/** A position with all attributes of a chatty device. */
const MOST_BYTES = 64 * 1024;

/**
 * Traccar's position forwarder (`forward.type=json`). The Traccar server shows an integrator's key and answers for its devices,
 * of which those enrolled here are taken. Whatever is not 2xx it sends again, and with 100 pending it drops what is new: so a
 * duplicate, a device nobody has enrolled and a position that can never be used are answered 200 and told in the body; only what
 * another try can mend is an error (503 not stored, 401 and 403 the key, 400 no forwarder at all).
 */
export function traccarRoutes(deps: { readonly door: Door; readonly signs: TrackerSigns }): Route[] {
  const { door } = deps;
  return [
    route({
      method: 'post',
      path: TRACKER_PATHS.traccar,
      action: 'tracker.forward',
      summary: 'A position that a Traccar server forwards; speed in knots',
      body: z.looseObject({ position: z.unknown(), device: z.unknown() }),
      answer: Forwarded,
      maxBodyBytes: MOST_BYTES,
      async handle({ actor, scope, body, receivedAt }) {
        const trackerId = idOf(field(body.device, 'uniqueId'));
        if (trackerId === null) {
          door.count('traccar', 'malformed');
          throw new Problem(400, 'tracker-message', 'This is no forwarded position: device.uniqueId is missing.');
        }
        const fix = readForwarded(body.position, receivedAt);
        const { organisationId } = reachOf(actor, scope);
        const shows = { vouchedFor: true as const, organisationId };
        const tracker = await door.admit({ protocol: 'traccar', trackerId, shows, place: fix }, null);
        if (tracker === null) return { result: 'unknown_device' as const };
        if (fix === null) {
          door.count('traccar', 'malformed');
          return { result: 'unusable' as const };
        }
        const { stored } = await door.deliver('traccar', tracker, [fix]);
        const alarm = field(field(body.position, 'attributes'), 'alarm');
        if (stored > 0 && typeof alarm === 'string' && /^[A-Za-z]{1,30}$/.test(alarm)) await deps.signs.alarm(tracker, alarm);
        return { result: stored > 0 ? ('stored' as const) : ('known' as const) };
      },
    }),
  ];
}

/**
 * A position of Traccar: the time is the reading's (`fixTime`), else the device's, else the server's, else now; speed in knots; one
 * that Traccar calls not valid is kept and says so. null when it has no place.
 */
export function readForwarded(position: unknown, now: Date): SentFix | null {
  const number = (name: string): number | undefined => {
    const value = field(position, name);
    return isNumber(value) ? value : undefined;
  };
  const time =
    ['fixTime', 'deviceTime', 'serverTime'].map((name) => momentOf(field(position, name))).find((one) => one !== null) ?? now;
  const [lon, lat, knots] = [number('longitude'), number('latitude'), number('speed')];
  if (lon === undefined || lat === undefined) return null;
  const accuracy = number('accuracy');
  return fixOf({
    time,
    lon,
    lat,
    // Traccar says 0 where its device said nothing.
    accuracyMetres: accuracy === 0 ? undefined : accuracy,
    speedMps: knots === undefined ? undefined : fromKnots(knots),
    headingDegrees: number('course'),
    valid: field(position, 'valid') !== false,
  });
}

/** ISO 8601, as Traccar writes it (`+0000` and `+00:00`), or milliseconds, as some versions do. */
function momentOf(value: unknown): Date | null {
  if (isNumber(value)) return timeOf(value);
  return typeof value === 'string' && /^\d{4}-/.test(value)
    ? timeOf(Date.parse(value.replace(/([+-]\d{2})(\d{2})$/, '$1:$2')))
    : null;
}
