import type { FixRule } from './rule.ts';

/** Older than what the marker shows: it belongs to the track and to nobody's map. */
export const outOfOrder: FixRule = {
  flag: 'out_of_order',
  finds: (fix, { marker }) => marker !== null && fix.time < marker.time,
};
