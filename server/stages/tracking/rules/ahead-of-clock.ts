import type { FixRule } from './rule.ts';

/** A device whose clock runs ahead: believed, it would hold the marker still until that time has come. */
export const aheadOfClock: FixRule = {
  flag: 'ahead_of_clock',
  finds: (fix, { now, limits }) => fix.time.getTime() > now.getTime() + limits.aheadSeconds * 1000,
};
