import type { Track } from '../../server/stores/positions/contract.ts';
import { FIX_FLAGS } from '../../server/stores/positions/contract.ts';
import { metresBetween, type Place } from './slide.ts';
import type { HeldSpot } from './positions.ts';

/** Where one vehicle was, fix by fix, oldest first. */
export interface ReplayTrack {
  readonly vehicleId: string;
  /** Milliseconds since 1970. */
  readonly times: ArrayLike<number>;
  /** lon, lat, lon, lat: degrees. */
  readonly places: ArrayLike<number>;
}

/** Who was in the vehicle from when until when. */
export interface ReplayShift {
  readonly shiftId: string;
  readonly vehicleId: string;
  readonly fromMs: number;
  readonly untilMs: number;
}

/** A fix with one of these never moved the marker, so a replay does not go there either. */
const NOT_THERE =
  FIX_FLAGS.ahead_of_clock | FIX_FLAGS.zero_zero | FIX_FLAGS.impossible_jump | FIX_FLAGS.poor_accuracy | FIX_FLAGS.duplicate;

/** A track as the API tells it, in order, without what was found wrong. */
export function replayTrack({ vehicleId, points }: Track): ReplayTrack {
  const good = points
    .filter(({ flags }) => (flags & NOT_THERE) === 0)
    .map(({ time, lon, lat }) => ({ time: Date.parse(time), lon, lat }))
    .sort((a, b) => a.time - b.time);
  return {
    vehicleId,
    times: Float64Array.from(good, ({ time }) => time),
    places: Float64Array.from(good.flatMap(({ lon, lat }) => [lon, lat])),
  };
}

/** Between two fixes further apart than this nobody knows the way: the vehicle stays at the first. */
const MOST_BETWEEN_MS = 60_000;
const METRES_STANDING = 3;

/** The place of a track's `n`th fix. */
const placeAt = ({ places }: ReplayTrack, n: number): Place => ({ lon: places[2 * n]!, lat: places[2 * n + 1]! });

/** The last fix at or before a time; -1: there is none. */
export function fixBefore({ times }: ReplayTrack, atMs: number): number {
  let [low, high] = [0, times.length];
  while (low < high) {
    const middle = (low + high) >>> 1;
    if (times[middle]! <= atMs) low = middle + 1;
    else high = middle;
  }
  return low - 1;
}

/**
 * Where the vehicle was at a time: at its last fix, or on the straight line to the next where that came soon after. Its age
 * is the last fix's. Null: it had not been heard of by then.
 */
export function spotAt(track: ReplayTrack, atMs: number, shiftId: string | null): HeldSpot | null {
  const n = fixBefore(track, atMs);
  if (n < 0) return null;
  const fixAtMs = track.times[n]!;
  const from = placeAt(track, n);
  const nextMs = track.times[n + 1];
  let place = from;
  let speedMps: number | null = 0;
  let headingDegrees: number | null = null;
  if (nextMs !== undefined && nextMs - fixAtMs <= MOST_BETWEEN_MS) {
    const to = placeAt(track, n + 1);
    const share = (atMs - fixAtMs) / (nextMs - fixAtMs);
    place = { lon: from.lon + (to.lon - from.lon) * share, lat: from.lat + (to.lat - from.lat) * share };
    const metres = metresBetween(from, to);
    speedMps = metres / ((nextMs - fixAtMs) / 1000);
    if (metres > METRES_STANDING) headingDegrees = bearing(from, to);
  }
  return {
    vehicleId: track.vehicleId,
    shiftId,
    ...place,
    fixAtMs,
    receivedAtMs: fixAtMs,
    accuracyMetres: null,
    speedMps,
    headingDegrees,
    source: 'unknown',
    cutOff: false,
    before: null,
  };
}

function bearing(from: Place, to: Place): number {
  const shrink = Math.cos((to.lat * Math.PI) / 180);
  const degrees = (Math.atan2((to.lon - from.lon) * shrink, to.lat - from.lat) * 180) / Math.PI;
  return (degrees + 360) % 360;
}

/** Where everybody was at a time. */
export function fleetAt(
  tracks: readonly ReplayTrack[],
  shifts: readonly ReplayShift[],
  atMs: number,
): ReadonlyMap<string, HeldSpot> {
  const shiftOf = new Map(shifts.filter((s) => s.fromMs <= atMs && atMs < s.untilMs).map((s) => [s.vehicleId, s.shiftId]));
  const fleet = new Map<string, HeldSpot>();
  for (const track of tracks) {
    const spot = spotAt(track, atMs, shiftOf.get(track.vehicleId) ?? null);
    if (spot !== null) fleet.set(track.vehicleId, spot);
  }
  return fleet;
}

/** Played seconds a second. */
export const REPLAY_SPEEDS = [1, 10, 60, 300, 600] as const;

/** A page of GET /api/fleet/replay: who moved, step by step. */
export interface ReplayPage {
  /** Those of this page. */
  readonly vehicles: readonly { readonly vehicleId: string; readonly code: string }[];
  readonly frames: readonly {
    readonly time: string;
    /** Five numbers a vehicle: place in `vehicles`, lon and lat in 0.000001 degrees, heading (-1 unknown), age of its fix in seconds. */
    readonly moved: readonly number[];
  }[];
  /** Where to ask again from; null: that was all. */
  readonly next: string | null;
}

interface Growing {
  readonly vehicleId: string;
  readonly times: number[];
  readonly places: number[];
}

/** Puts the pages of a replay together to the track of each vehicle; a fix that is told of again is one fix. */
export class ReplayPages {
  private readonly tracks = new Map<string, Growing>();

  take({ vehicles, frames }: ReplayPage): void {
    for (const { time, moved } of frames) {
      const atMs = Date.parse(time);
      for (let k = 0; k + 4 < moved.length; k += 5) {
        const vehicle = vehicles[moved[k]!];
        if (vehicle !== undefined)
          this.add(vehicle.vehicleId, atMs - moved[k + 4]! * 1000, moved[k + 1]! / 1e6, moved[k + 2]! / 1e6);
      }
    }
  }

  all(): readonly ReplayTrack[] {
    return [...this.tracks.values()];
  }

  private add(vehicleId: string, fixAtMs: number, lon: number, lat: number): void {
    const track = this.tracks.get(vehicleId) ?? { vehicleId, times: [], places: [] };
    this.tracks.set(vehicleId, track);
    const last = track.times.at(-1);
    if (last !== undefined && fixAtMs <= last) return;
    track.times.push(fixAtMs);
    track.places.push(lon, lat);
  }
}

/** So many tracks are read at the same time. */
const AT_ONCE = 4;

/** Reads the tracks of some vehicles one by one, and tells how many there are. @throws what reading one throws. */
export async function readTracks(
  vehicleIds: readonly string[],
  read: (vehicleId: string) => Promise<Track>,
  told: (tracks: readonly ReplayTrack[]) => void,
): Promise<void> {
  const tracks: ReplayTrack[] = [];
  const waiting = [...vehicleIds];
  const one = async (): Promise<void> => {
    for (let id = waiting.shift(); id !== undefined; id = waiting.shift()) {
      tracks.push(replayTrack(await read(id)));
      told([...tracks]);
    }
  };
  await Promise.all(Array.from({ length: AT_ONCE }, one));
}
