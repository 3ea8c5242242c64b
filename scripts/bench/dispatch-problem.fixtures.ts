import type { Problem, TravelMatrix } from '../../routing/problem.ts';
import { greatCircleMetres, type LonLat } from '../../routing/units.ts';
import { dispatchProblem, type DispatchPlaces } from './dispatch-problem.ts';

export const EPOCH = 1_769_603_400;

/** A town of 40 reports, two depots and three street corners, made by hand of a rule. */
export const town: DispatchPlaces = {
  requests: Array.from({ length: 40 }, (_, index) => ({
    place: { lon: -77 + 0.001 * (index % 7), lat: 38.9 + 0.001 * Math.floor(index / 7) },
    openedUnixSeconds: EPOCH - 3600 * index,
  })),
  depots: [
    { lon: -77.01, lat: 38.9 },
    { lon: -76.99, lat: 38.91 },
  ],
  onStreets: [
    { lon: -77.005, lat: 38.905 },
    { lon: -77.002, lat: 38.903 },
    { lon: -76.998, lat: 38.909 },
  ],
};

/** Straight lines at 10 metres a second. */
export function straight(places: readonly LonLat[]): TravelMatrix {
  const lengths = places.flatMap((from) => places.map((to) => Math.round(greatCircleMetres(from, to))));
  const metres = Int32Array.from(lengths);
  return { size: places.length, seconds: metres.map((length) => Math.round(length / 10)), metres, source: 'estimate' };
}

/** Three crews and eight jobs of that town. */
export function tinyDispatch(seed: number): Problem {
  const { places, problem } = dispatchProblem(seed, { shifts: 3, jobs: 8 }, town, EPOCH);
  return { ...problem, travel: straight(places) };
}
