import type { HeldSpot } from './positions.ts';
import type { VehicleSpot } from './vehicle-spot.ts';

export interface Place {
  readonly lon: number;
  readonly lat: number;
}

/** A slide between two fixes takes as long as lay between them, but nobody waits longer for the truth than this. */
const LONGEST_SLIDE_MS = 1_000;
/** Over a longer silence nobody knows the way it took: then it jumps, as it does over what no slide can show as driving. */
const MOST_BETWEEN_MS = 15_000;
const MOST_METRES = 500;
const METRES_PER_DEGREE = 111_320;

const shrinkAt = (lat: number): number => Math.cos((lat * Math.PI) / 180);

/** Metres between two places of one city, as the crow flies. */
export function metresBetween(a: Place, b: Place): number {
  return Math.hypot((a.lon - b.lon) * shrinkAt(b.lat), a.lat - b.lat) * METRES_PER_DEGREE;
}

/** How long a vehicle slides from the fix before to this one, in milliseconds; 0: it is put there at once. */
export function slideMillis(from: Place | null, to: HeldSpot): number {
  if (from === null || to.before === null || to.cutOff) return 0;
  const between = to.fixAtMs - to.before.fixAtMs;
  if (between <= 0 || between > MOST_BETWEEN_MS) return 0;
  const metres = metresBetween(from, to);
  return metres < 1 || metres > MOST_METRES ? 0 : Math.min(between, LONGEST_SLIDE_MS);
}

/** A place on the straight line between two, `share` from 0 to 1. */
export const between = (from: Place, to: Place, share: number): Place => ({
  lon: from.lon + (to.lon - from.lon) * share,
  lat: from.lat + (to.lat - from.lat) * share,
});

/** Below this a ghost would lie under its own dot. */
const LEAST_RECKONED_METRES = 15;

/**
 * Where the vehicle would be if it had kept its heading and speed since its fix, for at most so many seconds: nobody has
 * seen it there. Null where that says nothing: it stands, has no heading, is cut off, or has been silent for longer.
 */
export function reckon(spot: VehicleSpot, nowMs: number, mostSeconds: number): Place | null {
  const { speedMps, headingDegrees, lon, lat } = spot;
  const seconds = (nowMs - spot.fixAtMs) / 1000;
  if (spot.cutOff || speedMps === null || headingDegrees === null || seconds <= 0 || seconds > mostSeconds) return null;
  const metres = speedMps * seconds;
  if (metres < LEAST_RECKONED_METRES) return null;
  const turn = (headingDegrees * Math.PI) / 180;
  return {
    lon: lon + (metres * Math.sin(turn)) / (METRES_PER_DEGREE * shrinkAt(lat)),
    lat: lat + (metres * Math.cos(turn)) / METRES_PER_DEGREE,
  };
}

/** Dead reckoning is trusted for a tenth of the time after which the policy calls a position old, at most half a minute. */
export const reckonSeconds = (freshSeconds: number): number => Math.min(30, freshSeconds / 10);
