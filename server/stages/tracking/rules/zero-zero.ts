import type { FixRule } from './rule.ts';

/** About 100 m: receivers without a fix say 0/0, some with noise in the last digits. */
const NEAR_ZERO_DEGREES = 0.001;

/** What a receiver says that has no place to tell; no city lies there. */
export const zeroZero: FixRule = {
  flag: 'zero_zero',
  finds: (fix) => Math.abs(fix.lon) < NEAR_ZERO_DEGREES && Math.abs(fix.lat) < NEAR_ZERO_DEGREES,
};
