import type { SentFix } from '../../../stores/positions/contract.ts';

/** A reading of a tracker, in our units, before it is a fix. */
export interface Reading {
  readonly time: Date;
  readonly lon: number;
  readonly lat: number;
  readonly accuracyMetres?: number | undefined;
  readonly speedMps?: number | undefined;
  readonly headingDegrees?: number | undefined;
  /** false: the receiver says that it has no fix. */
  readonly valid?: boolean | undefined;
}

const MPS_OF_KNOT = 1852 / 3600;

export const fromKnots = (knots: number): number => knots * MPS_OF_KNOT;
export const fromKilometresPerHour = (kmh: number): number => kmh / 3.6;

/** As our own devices are held to: a clock without a battery starts in 1970, and nobody means a time after 2200. */
const EARLIEST = Date.parse('1970-01-01T00:00:00Z');
const LATEST = Date.parse('2201-01-01T00:00:00Z');

/** Whether a number is there and is one: protocols of others say NaN, infinity and text. */
export const isNumber = (value: unknown): value is number => typeof value === 'number' && Number.isFinite(value);

/** The time, or null when it is none that can be meant. */
export const timeOf = (millis: number): Date | null =>
  Number.isFinite(millis) && millis >= EARLIEST && millis < LATEST ? new Date(Math.round(millis)) : null;

/**
 * The fix of a reading, as our own devices would send it; null when it has no place on earth. Accuracy, speed and heading out
 * of any range are left out: they are an ornament, the place is the news.
 */
export function fixOf(reading: Reading): SentFix | null {
  const { lon, lat, accuracyMetres, speedMps, headingDegrees } = reading;
  if (!isNumber(lon) || !isNumber(lat) || Math.abs(lon) > 180 || Math.abs(lat) > 90) return null;
  return {
    deviceSeq: seqOf(lon, lat),
    fixTime: reading.time.toISOString(),
    lon,
    lat,
    ...(within(accuracyMetres, 0, 100_000) ? { accuracyMetres } : {}),
    ...(within(speedMps, 0, 200) ? { speedMps } : {}),
    ...(within(headingDegrees, 0, 360) ? { headingDegrees } : {}),
    ...(reading.valid === false ? { valid: false } : {}),
  };
}

const within = (value: number | undefined, least: number, most: number): value is number =>
  isNumber(value) && value >= least && value <= most;

/**
 * These protocols do not count their readings, and a fix is known by device, time and number. The number is made from the
 * place (FNV-1a, 32 bits), so that a reading sent again is the same fix and two of the same second are two.
 */
function seqOf(lon: number, lat: number): number {
  let hash = 0x811c9dc5;
  for (const character of `${lon},${lat}`) hash = Math.imul(hash ^ character.charCodeAt(0), 0x01000193);
  return (hash >>> 0) + 1;
}

/** Whole seconds in a header's date, and a moment on the way: a smaller difference says nothing about a clock. */
const CLOCK_NOISE_MILLIS = 5_000;

/**
 * The clock of the request itself, where its sender says it (the header `Date`): it puts a wrong clock right. undefined
 * when it is not said or not off.
 */
export function sentAtOf(date: string | undefined, receivedAt: Date): string | undefined {
  const sent = date === undefined ? null : timeOf(Date.parse(date));
  if (sent === null || Math.abs(sent.getTime() - receivedAt.getTime()) < CLOCK_NOISE_MILLIS) return undefined;
  return sent.toISOString();
}
