import { readFileSync } from 'node:fs';
import { greatCircleMetres, type LonLat } from '../../routing/units.ts';
import type { TravelResidual } from '../../server/stages/crew-day/eta-spread.ts';

/** One reading of a truck, seconds since 1970. */
interface Reading extends LonLat {
  readonly at: number;
}

/** A drive from one stop of a truck to its next. */
export interface Trip {
  readonly truck: string;
  readonly readings: readonly Reading[];
}

/** Standing so long within so many metres is a stop. */
const STOP_SECONDS = 60;
const STOP_METRES = 60;
const LEAST_METRES = 300;
const MOST_SECONDS = 2 * 3600;
/** A longer hole in a track hides where the truck was. */
const MOST_GAP_SECONDS = 300;
/** Driven this much farther than the great circle, it did not drive there: it collected on the way, or made a round. */
const MOST_DETOUR = 3;

/** Tracks of trucks, one a truck and day, in the order of time. File: lat|lon|truck|address|time. */
export function readTracks(file: string): Map<string, Reading[]> {
  const tracks = new Map<string, Map<number, Reading>>();
  for (const line of readFileSync(file, 'utf8').split('\n')) {
    const [lat, lon, truck, , time] = line.split('|');
    if (time === undefined) continue;
    const at = Date.parse(`${time.trim()}Z`) / 1000;
    const key = `${truck} ${time.trim().slice(0, 10)}`;
    const own = tracks.get(key) ?? new Map<number, Reading>();
    tracks.set(key, own.set(at, { at, lon: Number(lon), lat: Number(lat) }));
  }
  return new Map([...tracks].map(([key, own]) => [key, [...own.values()].sort((a, b) => a.at - b.at)]));
}

/** The drives between two stops of one track that went there, as far as it says where the truck was all the time. */
export function tripsOf(truck: string, track: readonly Reading[]): Trip[] {
  const stops: { readonly first: number; readonly last: number }[] = [];
  for (let first = 0; first < track.length;) {
    let last = first;
    while (last + 1 < track.length && greatCircleMetres(track[first]!, track[last + 1]!) <= STOP_METRES) last++;
    if (track[last]!.at - track[first]!.at >= STOP_SECONDS) {
      stops.push({ first, last });
      first = last + 1;
    } else first++;
  }
  return stops.slice(1).flatMap((to, i): Trip[] => {
    const readings = track.slice(stops[i]!.last, to.first + 1);
    const [start, end] = [readings[0]!, readings.at(-1)!];
    const direct = greatCircleMetres(start, end);
    const holes = readings.some((one, k) => k > 0 && one.at - readings[k - 1]!.at > MOST_GAP_SECONDS);
    const went = drivenMetres(readings) <= MOST_DETOUR * direct;
    const usable = direct >= LEAST_METRES && end.at - start.at <= MOST_SECONDS && !holes && went;
    return usable ? [{ truck, readings }] : [];
  });
}

const drivenMetres = (readings: readonly Reading[]): number =>
  readings.reduce((sum, one, i) => (i === 0 ? 0 : sum + greatCircleMetres(readings[i - 1]!, one)), 0);

/** What a live position says at each reading of a trip, and what became true. */
export interface LivePrediction extends TravelResidual {
  readonly truck: string;
  readonly trip: Trip;
}

/**
 * The trip replayed: at each reading but the last the time to the end, predicted from what is left of the way.
 * @param leftMetres of the way as the source knows it: great circle x factor, or the road that was then driven
 */
export function replay(trip: Trip, leftMetres: (trip: Trip, from: number) => number, metresPerSecond: number): LivePrediction[] {
  const end = trip.readings.at(-1)!;
  return trip.readings.slice(0, -1).map((reading, i) => ({
    truck: trip.truck,
    trip,
    predictedSeconds: leftMetres(trip, i) / metresPerSecond,
    actualSeconds: end.at - reading.at,
  }));
}

/** Great circle x factor: what `estimate` knows. */
export const byEstimate =
  (factor: number) =>
  (trip: Trip, from: number): number =>
    greatCircleMetres(trip.readings[from]!, trip.readings.at(-1)!) * factor;

/** The length of the road that was driven: what a road engine knows of a way. */
export const byRoad = (trip: Trip, from: number): number => drivenMetres(trip.readings.slice(from));
