/**
 * Units the engine computes in. A bare `number` never crosses a function boundary here: the type or
 * the name says what it counts. Everything is a whole number, so that a plan recomputes to the digit.
 */
declare const unit: unique symbol;
type Unit<U extends string> = number & { readonly [unit]: U };

export type Seconds = Unit<'seconds'>;
export type Metres = Unit<'metres'>;

/** WGS 84 degrees, longitude first, as GeoJSON and OSRM have it. */
export interface LonLat {
  readonly lon: number;
  readonly lat: number;
}

export const seconds = (n: number): Seconds => Math.round(n) as Seconds;
export const metres = (n: number): Metres => Math.round(n) as Metres;

const EARTH_RADIUS_METRES = 6_371_008.8;
const radians = (degrees: number): number => (degrees * Math.PI) / 180;

/** Great-circle distance (haversine) between two points, in metres, not rounded. */
export function greatCircleMetres(a: LonLat, b: LonLat): number {
  const h =
    Math.sin(radians(b.lat - a.lat) / 2) ** 2 +
    Math.cos(radians(a.lat)) * Math.cos(radians(b.lat)) * Math.sin(radians(b.lon - a.lon) / 2) ** 2;
  return 2 * EARTH_RADIUS_METRES * Math.asin(Math.min(1, Math.sqrt(h)));
}
