import type { SentFix } from '../../../server/stores/positions/contract.ts';

/** One vehicle that wanders about. */
export interface Ride {
  lon: number;
  lat: number;
  headingDegrees: number;
  readonly speedMps: number;
  seq: number;
}

const METRES_A_DEGREE = 111_320;

/** The n-th vehicle of a city, somewhere about its centre. */
export const aRide = (centre: { readonly lon: number; readonly lat: number }, n: number): Ride => ({
  lon: centre.lon + (Math.random() - 0.5) * 0.2,
  lat: centre.lat + (Math.random() - 0.5) * 0.1,
  headingDegrees: (n * 37) % 360,
  speedMps: 5 + (n % 10),
  seq: 0,
});

/** It drives on for a second; the fix it makes then. */
export function rideOn(ride: Ride): SentFix {
  ride.headingDegrees = (ride.headingDegrees + (Math.random() - 0.5) * 20 + 360) % 360;
  const radians = (ride.headingDegrees * Math.PI) / 180;
  ride.lat += (Math.cos(radians) * ride.speedMps) / METRES_A_DEGREE;
  ride.lon += (Math.sin(radians) * ride.speedMps) / (METRES_A_DEGREE * Math.cos((ride.lat * Math.PI) / 180));
  return {
    deviceSeq: ++ride.seq,
    fixTime: new Date().toISOString(),
    lon: Math.round(ride.lon * 1e7) / 1e7,
    lat: Math.round(ride.lat * 1e7) / 1e7,
    accuracyMetres: 6,
    speedMps: ride.speedMps,
    headingDegrees: Math.round(ride.headingDegrees),
  };
}
