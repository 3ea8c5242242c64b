import type { FixRule } from './rule.ts';

/** A device that tells more often than anybody can see: kept for the track, no news for the map. */
export const tooFrequent: FixRule = {
  flag: 'too_frequent',
  finds(fix, { marker, limits }) {
    if (marker === null) return false;
    const seconds = (fix.time.getTime() - marker.time.getTime()) / 1000;
    return seconds > 0 && seconds < limits.leastSeconds;
  },
};
