import type { Point } from './contract.ts';

/** A place as strangers are told it: the fourth digit of a degree is about 10 m, enough to know a pothole by, not a door. */
export const roundedPlace = ({ lon, lat }: Point): Point => ({
  lon: Math.round(lon * 10_000) / 10_000,
  lat: Math.round(lat * 10_000) / 10_000,
});
