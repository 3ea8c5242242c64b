import type { SentFix } from '../../../stores/positions/contract.ts';
import { fixOf, fromKnots, isNumber, timeOf } from './reading.ts';

/** What an OsmAnd message says; `fix` null: a sign of life without a place. */
export interface OsmAndMessage {
  readonly trackerId: string;
  readonly fix: SentFix | null;
  /** `sos` and the like, as Traccar Client says it; null = none. */
  readonly alarm: string | null;
}

/** Why a message cannot be used. */
export type OsmAndFault = 'no-id' | 'no-place' | 'bad-time';

const MOST_ID = 100;
const LARGEST_SECONDS = 2 ** 31;

/**
 * The query form (OsmAnd, older Traccar Client, anything with a URL): speed in **knots**, time in seconds below 2^31 and
 * milliseconds from there, or ISO 8601, or `yyyy-MM-dd HH:mm:ss` (UTC); without one it is now. `valid=false` is kept and said.
 * @param now what counts as the time of a message that tells none
 */
export function readOsmAndQuery(query: URLSearchParams, now: Date): OsmAndMessage | OsmAndFault {
  const trackerId = idOf(query.get('id') ?? query.get('deviceid'));
  if (trackerId === null) return 'no-id';
  const alarm = codeOf(query.get('alarm'));
  const told = query.get('timestamp');
  const time = told === null || told === '' ? now : readTime(told);
  if (time === null) return 'bad-time';
  const place = placeOf(query);
  // The protocol lets a message repeat the last place; a repeated place is no reading, the message a sign of life.
  if (place === null) return { trackerId, fix: null, alarm };
  const valid = query.get('valid');
  const speed = numberOf(query.get('speed'));
  const fix = fixOf({
    time,
    ...place,
    accuracyMetres: numberOf(query.get('accuracy')),
    speedMps: speed === undefined ? undefined : fromKnots(speed),
    headingDegrees: numberOf(query.get('bearing') ?? query.get('heading')),
    valid: valid === null || valid === '1' || valid.toLowerCase() === 'true',
  });
  return fix === null ? 'no-place' : { trackerId, fix, alarm };
}

/**
 * The JSON form (Traccar Client since 2024): speed in **metres a second**, below 0 unknown; time in ISO 8601. A body without
 * coordinates is a sign of life.
 */
export function readOsmAndJson(body: unknown, now: Date): OsmAndMessage | OsmAndFault {
  const trackerId = idOf(field(body, 'device_id'));
  if (trackerId === null) return 'no-id';
  const location = field(body, 'location');
  const alarm = codeOf(field(location, 'alarm') ?? field(field(location, 'extras'), 'alarm'));
  const told = field(location, 'timestamp');
  const time = told === undefined || told === null ? now : readTime(typeof told === 'number' ? String(told) : told);
  if (time === null) return 'bad-time';
  const coords = field(location, 'coords');
  if (coords === undefined || coords === null) return { trackerId, fix: null, alarm };
  const [lat, lon] = [field(coords, 'latitude'), field(coords, 'longitude')];
  if (!isNumber(lat) || !isNumber(lon)) return 'no-place';
  const fix = fixOf({
    time,
    lon,
    lat,
    accuracyMetres: known(field(coords, 'accuracy')),
    speedMps: known(field(coords, 'speed')),
    headingDegrees: known(field(coords, 'heading')),
  });
  return fix === null ? 'no-place' : { trackerId, fix, alarm };
}

/** A field of an object; undefined of anything else. */
export const field = (of: unknown, name: string): unknown =>
  typeof of === 'object' && of !== null && !Array.isArray(of) && Object.hasOwn(of, name)
    ? (of as Record<string, unknown>)[name]
    : undefined;

/** A tracker's id as we keep it, or null when it has none that can be kept. */
export function idOf(value: unknown): string | null {
  const text = typeof value === 'number' && Number.isFinite(value) ? String(value) : value;
  if (typeof text !== 'string') return null;
  const id = text.trim();
  return id.length <= MOST_ID && /^[\p{L}\p{N}\p{P}\p{S}]+$/u.test(id) ? id : null;
}

const codeOf = (value: unknown): string | null => (typeof value === 'string' && /^[A-Za-z]{1,30}$/.test(value) ? value : null);

const known = (value: unknown): number | undefined => (isNumber(value) && value >= 0 ? value : undefined);

/** A number written out; undefined for what is none ('' and hexadecimal included). */
function numberOf(text: string | null): number | undefined {
  if (text === null || !/^[+-]?(\d+\.?\d*|\.\d+)(e[+-]?\d+)?$/i.test(text.trim())) return undefined;
  const value = Number(text);
  return Number.isFinite(value) ? value : undefined;
}

function placeOf(query: URLSearchParams): { lon: number; lat: number } | null {
  const [lat, lon] = query.has('location')
    ? query.get('location')!.split(',')
    : [query.get('lat') ?? undefined, query.get('lon') ?? undefined];
  if (lat === undefined && lon === undefined) return null;
  // One alone, or no number: a place that is none, which `fixOf` refuses.
  return { lat: numberOf(lat ?? null) ?? Number.NaN, lon: numberOf(lon ?? null) ?? Number.NaN };
}

function readTime(told: unknown): Date | null {
  if (typeof told !== 'string') return null;
  const text = told.trim();
  if (/^\d{1,16}$/.test(text)) {
    const number = Number(text);
    return timeOf(number < LARGEST_SECONDS ? number * 1000 : number);
  }
  if (/^\d{4}-\d{2}-\d{2}T/.test(text)) return timeOf(Date.parse(text));
  if (/^\d{4}-\d{2}-\d{2} \d{2}:\d{2}:\d{2}$/.test(text)) return timeOf(Date.parse(`${text.replace(' ', 'T')}Z`));
  return null;
}
