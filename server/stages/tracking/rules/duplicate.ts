import type { FixRule } from './rule.ts';

/** The same reading under another number. (The same number and time again is the same fix: it is stored once.) */
export const duplicate: FixRule = {
  flag: 'duplicate',
  finds: (fix, { before }) =>
    before !== null &&
    before.deviceSeq !== fix.deviceSeq &&
    before.fixTime.getTime() === fix.fixTime.getTime() &&
    before.lon === fix.lon &&
    before.lat === fix.lat,
};
