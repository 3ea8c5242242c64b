import * as loaded from '@googlemaps/polyline-codec';
import type { LonLat } from '../units.ts';

/**
 * The package is CommonJS that calls itself an ES module: Node gives it as the default export, a loader that
 * turns imports into `require` (mocha's) gives it as it is.
 */
const codec = loaded.default ?? loaded;

/** Five decimals are about 1 m, what every reader of encoded polylines assumes unless told otherwise. */
export const POLYLINE_PRECISION = 5;

/** A line as it travels to a device: the text and the precision it was written with, so that nobody guesses. */
export interface EncodedLine {
  readonly points: string;
  readonly precision: number;
}

/** Encodes a line with five decimals; an empty line is an empty text. */
export function encodeLine(line: readonly LonLat[]): EncodedLine {
  return {
    points: codec.encode(
      line.map(({ lon, lat }): [number, number] => [lat, lon]),
      POLYLINE_PRECISION,
    ),
    precision: POLYLINE_PRECISION,
  };
}

/** The text of a line, with so many decimals. */
export function encodePolyline(line: readonly LonLat[], precision: number): string {
  return codec.encode(
    line.map(({ lon, lat }): [number, number] => [lat, lon]),
    precision,
  );
}

/** The line of an encoded polyline of the stated precision. Degrees, longitude first in our type. */
export function decodeLine(encoded: EncodedLine): LonLat[] {
  return decodePolyline(encoded.points, encoded.precision);
}

/** The line of any encoded polyline, with the decimals it was written with. */
export function decodePolyline(points: string, precision: number): LonLat[] {
  return codec.decode(points, precision).map(([lat, lon]) => ({ lon, lat }));
}
