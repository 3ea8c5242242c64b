import { metresBetween } from '../../../stores/positions/distance.ts';
import type { FixRule } from './rule.ts';

/**
 * A parked vehicle whose receiver wanders some metres about. The pipeline lets the marker's time go forward, so that it does
 * not look as if nobody had heard of the vehicle, and holds its place, so that it does not dance.
 */
export const standingStill: FixRule = {
  flag: 'standing_still',
  finds(fix, { marker, limits }) {
    if (marker === null || fix.time <= marker.time) return false;
    const metres = metresBetween(marker, fix);
    if (metres > limits.stillMetres) return false;
    // A receiver that tells no speed is judged by the way it would have gone.
    const speedMps = fix.speedMps ?? metres / ((fix.time.getTime() - marker.time.getTime()) / 1000);
    return speedMps < limits.stillMps;
  },
};
