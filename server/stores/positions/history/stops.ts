import { greatCircleMetres } from '../../../../routing/units.ts';
import type { TrackPoint } from '../track.ts';
import { DrivingFigures } from './figures.ts';

/** A time a vehicle stood at one place, or was on its way between two. Times are corrected. */
export interface Stop {
  readonly kind: 'stop';
  readonly from: Date;
  readonly until: Date;
  /** Middle of its points. */
  readonly lon: number;
  readonly lat: number;
}
export interface Trip {
  readonly kind: 'trip';
  readonly from: Date;
  readonly until: Date;
  readonly metres: number;
  readonly points: number;
}

export interface StopRules {
  /** Standing for a shorter time is part of the trip: a signal, a queue. */
  readonly leastSeconds: number;
  /** The receiver of a vehicle that stands wanders about so far. */
  readonly radiusMetres: number;
  /** Without a fix for longer than this nobody knows where it was: a trip ends. */
  readonly silentSeconds: number;
}

/**
 * Cuts a track into stops and trips. A stop is a longest run of points that all lie within the radius of its first, lasting at
 * least as long as asked; silence inside it counts as standing when the vehicle is found where it was.
 * @param points trustworthy ones, oldest first.
 */
export function stopsAndTrips(points: readonly TrackPoint[], rules: StopRules): (Stop | Trip)[] {
  const parts: (Stop | Trip)[] = [];
  let tripFrom = 0;
  for (let first = 0; first < points.length;) {
    let last = first;
    while (last + 1 < points.length && greatCircleMetres(points[first]!, points[last + 1]!) <= rules.radiusMetres) last++;
    if (secondsBetween(points[first]!, points[last]!) < rules.leastSeconds) {
      first++;
      continue;
    }
    // The point it came to stand at ends the trip that led there.
    parts.push(...tripsOf(points.slice(tripFrom, first + 1), rules));
    const standing = points.slice(first, last + 1);
    parts.push({
      kind: 'stop',
      from: points[first]!.time,
      until: points[last]!.time,
      lon: mean(standing, 'lon'),
      lat: mean(standing, 'lat'),
    });
    tripFrom = last;
    first = last + 1;
  }
  parts.push(...tripsOf(points.slice(tripFrom), rules));
  return parts;
}

function tripsOf(points: readonly TrackPoint[], rules: StopRules): Trip[] {
  const trips: Trip[] = [];
  let from = 0;
  for (let i = 1; i <= points.length; i++) {
    if (i < points.length && secondsBetween(points[i - 1]!, points[i]!) <= rules.silentSeconds) continue;
    const own = points.slice(from, i);
    from = i;
    // One point is no way.
    if (own.length < 2) continue;
    const figures = new DrivingFigures();
    for (const { time, lon, lat, speedMps } of own) figures.add({ at: time.getTime(), lon, lat, speedMps: speedMps ?? NaN });
    trips.push({
      kind: 'trip',
      from: own[0]!.time,
      until: own.at(-1)!.time,
      metres: Math.round(figures.metres),
      points: own.length,
    });
  }
  return trips;
}

const secondsBetween = (a: TrackPoint, b: TrackPoint): number => (b.time.getTime() - a.time.getTime()) / 1000;
const mean = (points: readonly TrackPoint[], axis: 'lon' | 'lat'): number =>
  points.reduce((sum, point) => sum + point[axis], 0) / points.length;
