import type { FixRule } from './rule.ts';

/** A device whose clock has fallen back to its factory date, or a buffer nobody emptied. */
export const longAgo: FixRule = {
  flag: 'long_ago',
  finds: (fix, { now, limits }) => fix.time.getTime() < now.getTime() - limits.longAgoSeconds * 1000,
};
