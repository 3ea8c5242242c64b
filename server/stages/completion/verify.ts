import type { Verification } from '../../stores/assignments/contract.ts';
import { metresBetween } from '../../stores/positions/distance.ts';
import type { TrackPoint } from '../../stores/positions/track.ts';

/** What the city calls a visit. */
export interface VisitPolicy {
  readonly radiusMetres: number;
  readonly minimumDwellSeconds: number;
}

interface Place {
  readonly lon: number;
  readonly lat: number;
}

/** A receiver that is unsure may be this much outside the fence and count as inside. */
const MOST_ACCURACY_METRES = 50;
/** Phones sleep while nothing moves: no fix at all for this long between two inside is a stay. */
const SILENCE_SECONDS = 30 * 60;
/** Noise or a turn round the block: seen outside, but back within this. */
const EXCURSION_SECONDS = 150;

/**
 * Seconds of the longest stay of a track inside the fence round a job: from its first to its last fix inside, silence
 * and short excursions tolerated. One fix inside, or none, is no stay. Pure.
 * @param track by corrected time, without fixes that are no evidence.
 * @param places the job's own place and its nearest road point: crews stop at either.
 */
export function visitSeconds(track: readonly TrackPoint[], places: readonly Place[], policy: VisitPolicy): number {
  let longest = 0;
  let stay: { from: number; until: number } | null = null;
  let seenOutside = false;
  for (const point of track) {
    if (!isInside(point, places, policy.radiusMetres)) {
      seenOutside = true;
      continue;
    }
    const time = point.time.getTime() / 1000;
    const tolerated: number = seenOutside ? EXCURSION_SECONDS : SILENCE_SECONDS;
    stay = stay !== null && time - stay.until <= tolerated ? { from: stay.from, until: time } : { from: time, until: time };
    seenOutside = false;
    longest = Math.max(longest, stay.until - stay.from);
  }
  return Math.round(longest);
}

function isInside(point: TrackPoint, places: readonly Place[], radiusMetres: number): boolean {
  const reach = radiusMetres + Math.min(point.accuracyMetres ?? 0, MOST_ACCURACY_METRES);
  return places.some((place) => metresBetween(point, place) <= reach);
}

/**
 * What a look at the track says. A visit that was seen is believed at once; that none was seen is only said when all
 * fixes up to the completion are here or the time to wait for them is up. Null: nothing changes.
 */
export function verdict(
  now: Verification,
  seconds: number,
  policy: VisitPolicy,
  known: { readonly allArrived: boolean; readonly timedOut: boolean },
): 'verified' | 'unverified' | null {
  if (now === 'verified') return null;
  if (seconds > 0 && seconds >= policy.minimumDwellSeconds) return 'verified';
  if (now === 'unverified') return null;
  return known.allArrived || known.timedOut ? 'unverified' : null;
}
