import type { SentFix } from '../../../stores/positions/contract.ts';
import { field, idOf } from './osmand-message.ts';
import { fixOf, fromKilometresPerHour, isNumber, timeOf } from './reading.ts';

/** What an OwnTracks message says. */
export type OwnTracksMessage =
  | { readonly kind: 'location'; readonly fix: SentFix }
  /** The phone has come into or out of a region it knows. `fix` where it says its place with it. */
  | {
      readonly kind: 'transition';
      readonly event: 'enter' | 'leave';
      /** The name of the region; ours are named by `fenceName`. */
      readonly region: string;
      readonly at: Date;
      readonly fix: SentFix | null;
    }
  /** The broker's word that the phone's connection has ended. */
  | { readonly kind: 'lwt' }
  /** Something of OwnTracks' that is not about a place: cards, waypoints, status, encrypted ones. */
  | { readonly kind: 'other' }
  | { readonly kind: 'malformed' };

/** Speed is in **km/h**, time in Unix seconds of the reading (`tst`); 0 is not sent, so what is missing is unknown. */
export function readOwnTracks(message: unknown): OwnTracksMessage {
  const type = field(message, '_type');
  if (typeof type !== 'string') return { kind: 'malformed' };
  switch (type) {
    case 'location': {
      const fix = locationOf(message);
      return fix === null ? { kind: 'malformed' } : { kind: 'location', fix };
    }
    case 'transition': {
      const [event, region] = [field(message, 'event'), field(message, 'desc')];
      const at = secondsOf(field(message, 'tst'));
      if ((event !== 'enter' && event !== 'leave') || at === null) return { kind: 'malformed' };
      return {
        kind: 'transition',
        event,
        region: typeof region === 'string' ? region.slice(0, 100) : '',
        at,
        fix: locationOf(message),
      };
    }
    case 'lwt':
      return { kind: 'lwt' };
    default:
      return { kind: 'other' };
  }
}

const secondsOf = (value: unknown): Date | null => (isNumber(value) ? timeOf(value * 1000) : null);

function locationOf(message: unknown): SentFix | null {
  const [lat, lon, vel] = [field(message, 'lat'), field(message, 'lon'), field(message, 'vel')];
  const time = secondsOf(field(message, 'tst'));
  if (!isNumber(lat) || !isNumber(lon) || time === null) return null;
  const number = (name: string): number | undefined => {
    const value = field(message, name);
    return isNumber(value) ? value : undefined;
  };
  return fixOf({
    time,
    lon,
    lat,
    accuracyMetres: number('acc'),
    speedMps: isNumber(vel) && vel >= 0 ? fromKilometresPerHour(vel) : undefined,
    headingDegrees: number('cog'),
  });
}

/** The id `user/device` and what a topic below `owntracks/` is for; null for a topic of somebody else. */
export function readTopic(topic: string): { readonly trackerId: string; readonly about: string } | null {
  const [base, user, device, ...about] = topic.split('/');
  if (base !== 'owntracks' || user === undefined || device === undefined || user === '' || device === '') return null;
  const trackerId = idOf(`${user}/${device}`);
  return trackerId === null ? null : { trackerId, about: about.join('/') };
}

/** A place on the road where a crew is to arrive. */
export interface Fence {
  readonly jobNumber: number;
  readonly lon: number;
  readonly lat: number;
  readonly radiusMetres: number;
}

/** What the region of a stop is called on the phone: a sign that needs no language. */
export const fenceName = (jobNumber: number): string => `#${jobNumber}`;

/** The number of the job whose fence has this name; null = it is no fence of ours. */
export function jobOfFence(name: string): number | null {
  const number = /^#(\d{1,9})$/.exec(name)?.[1];
  return number === undefined ? null : Number(number);
}

/** A region is known by its time of making on the phone: ours is always the same one, so the next stop's replaces the last's. */
const OUR_REGION_SECONDS = 1_700_000_000;

/** The command that gives the phone its next stop's fence, instead of the one before. */
export const setWaypoints = (fence: Fence) => ({
  _type: 'cmd',
  action: 'setWaypoints',
  waypoints: {
    _type: 'waypoints',
    waypoints: [
      {
        _type: 'waypoint',
        desc: fenceName(fence.jobNumber),
        lat: fence.lat,
        lon: fence.lon,
        rad: fence.radiusMetres,
        tst: OUR_REGION_SECONDS,
        rid: 'thuma-next-stop',
      },
    ],
  },
});
export type SetWaypoints = ReturnType<typeof setWaypoints>;
