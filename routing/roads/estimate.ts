import { greatCircleMetres, metres, seconds, type LonLat } from '../units.ts';
import type { RoadLeg, RoadNetwork, RoadTable } from './road-network.ts';

export interface EstimateOptions {
  /** Road metres per great-circle metre; the import of a city learns it from its own roads. */
  readonly factor: number;
  readonly metresPerSecond: number;
  readonly version: string;
}

/**
 * Used where a city's own figures are not known: between what the free-flow speeds of OSRM's car profile gave for
 * Gothenburg (1.50 at 11.6 m/s) and for central Washington (1.34 at 12.7 m/s).
 */
export const UNLEARNED: Omit<EstimateOptions, 'version'> = { factor: 1.4, metresPerSecond: 12 };

/**
 * Travel by great circle x factor at one speed. Never fails and reaches everything: it does not know rivers.
 * Everything it says carries the source `estimate`.
 */
export function estimate(options: EstimateOptions): RoadNetwork {
  const { factor, metresPerSecond } = options;
  if (!(factor >= 1) || !(metresPerSecond > 0))
    throw new RangeError('An estimate needs a factor of at least 1 and a speed above 0.');
  const between = (a: LonLat, b: LonLat) => greatCircleMetres(a, b) * factor;
  return {
    version: options.version,
    table(sources, destinations) {
      const table: RoadTable = {
        rows: sources.length,
        columns: destinations.length,
        seconds: new Int32Array(sources.length * destinations.length),
        metres: new Int32Array(sources.length * destinations.length),
        source: 'estimate',
      };
      let cell = 0;
      for (const from of sources) {
        for (const to of destinations) {
          const length = between(from, to);
          table.metres[cell] = Math.round(length);
          table.seconds[cell] = Math.round(length / metresPerSecond);
          cell++;
        }
      }
      return Promise.resolve(table);
    },
    path(points) {
      if (points.length < 2) return Promise.reject(new RangeError('A path needs at least two points.'));
      const legs: RoadLeg[] = [];
      points.reduce((from, to) => {
        const length = metres(between(from, to));
        const time = seconds(between(from, to) / metresPerSecond);
        legs.push({
          seconds: time,
          metres: length,
          line: [from, to],
          steps: [{ name: `towards the ${compass(from, to)}`, seconds: time, metres: length, osrm: null }],
        });
        return to;
      });
      return Promise.resolve({ legs, source: 'estimate' });
    },
  };
}

/** One of eight winds, as said on a radio. */
function compass(from: LonLat, to: LonLat): string {
  const winds = ['north', 'north-east', 'east', 'south-east', 'south', 'south-west', 'west', 'north-west'] as const;
  const east = (to.lon - from.lon) * Math.cos((from.lat * Math.PI) / 180);
  const turn = Math.atan2(east, to.lat - from.lat) / (2 * Math.PI);
  return winds[(Math.round(turn * 8) + 8) % 8] ?? 'north';
}
