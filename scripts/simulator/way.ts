import { greatCircleMetres, type LonLat } from '../../routing/units.ts';

/** A line on the road with the distance run at each of its points, so that one can drive along it. */
export interface Way {
  readonly line: readonly LonLat[];
  /** Metres from the start, one per point. */
  readonly run: readonly number[];
  readonly metres: number;
  readonly seconds: number;
}

/** `seconds` is the road engine's own time for the whole line. */
export function wayAlong(line: readonly LonLat[], seconds: number): Way {
  const run: number[] = [];
  let metres = 0;
  line.forEach((point, i) => {
    if (i > 0) metres += greatCircleMetres(line[i - 1]!, point);
    run.push(metres);
  });
  return { line, run, metres, seconds };
}

/** Where one is after `seconds` of driving at the way's own mean speed, and which way one faces (degrees from north). */
export function positionOn(way: Way, seconds: number): { point: LonLat; headingDegrees: number; speedMps: number } {
  const first = way.line[0];
  if (first === undefined) throw new RangeError('a way needs at least one point');
  const share = way.seconds <= 0 ? 1 : Math.min(1, Math.max(0, seconds / way.seconds));
  const driven = share * way.metres;
  let i = 1;
  while (i < way.line.length - 1 && way.run[i]! < driven) i++;
  const from = way.line[i - 1] ?? first;
  const to = way.line[i] ?? first;
  const length = (way.run[i] ?? 0) - (way.run[i - 1] ?? 0);
  const part = length <= 0 ? 1 : Math.min(1, Math.max(0, (driven - way.run[i - 1]!) / length));
  const point = { lon: from.lon + (to.lon - from.lon) * part, lat: from.lat + (to.lat - from.lat) * part };
  const east = (to.lon - from.lon) * Math.cos((from.lat * Math.PI) / 180);
  const north = to.lat - from.lat;
  const headingDegrees = ((((Math.atan2(east, north) * 180) / Math.PI) % 360) + 360) % 360;
  return { point, headingDegrees, speedMps: share >= 1 || way.seconds <= 0 ? 0 : way.metres / way.seconds };
}

const METRES_PER_DEGREE = 111_195;

/** A GPS's view of a point: normal error of `sigmaMetres` east and north. */
export function withNoise(point: LonLat, sigmaMetres: number, normal: () => number): LonLat {
  return {
    lon: point.lon + (normal() * sigmaMetres) / (METRES_PER_DEGREE * Math.cos((point.lat * Math.PI) / 180)),
    lat: point.lat + (normal() * sigmaMetres) / METRES_PER_DEGREE,
  };
}
