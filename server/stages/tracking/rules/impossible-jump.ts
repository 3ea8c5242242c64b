import { metresBetween } from '../../../stores/positions/distance.ts';
import type { FixRule, Sighting } from './rule.ts';

/** What a receiver may be off by when it does not say: a street's width, both ways. */
const UNKNOWN_ACCURACY_METRES = 15;

/**
 * Farther from the marker than any vehicle drives in the time between. Two fixes that agree with each other win over a
 * marker that agrees with neither: otherwise one wrong fix, once believed, would hold the marker for ever.
 */
export const impossibleJump: FixRule = {
  flag: 'impossible_jump',
  finds: (fix, { marker, doubted, limits }) =>
    marker !== null &&
    tooFast(marker, fix, limits.speedMps) &&
    (doubted === null || fix.time <= doubted.time || tooFast(doubted, fix, limits.speedMps)),
};

function tooFast(from: Sighting, to: Sighting, speedMps: number): boolean {
  const noise = (from.accuracyMetres ?? UNKNOWN_ACCURACY_METRES) + (to.accuracyMetres ?? UNKNOWN_ACCURACY_METRES);
  const seconds = Math.max(1, Math.abs(to.time.getTime() - from.time.getTime()) / 1000);
  return metresBetween(from, to) - noise > speedMps * seconds;
}
