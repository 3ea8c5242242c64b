import { FIX_FLAGS, type FixFlag } from '../../stores/positions/contract.ts';
import { NO_EVIDENCE } from '../../stores/positions/store.ts';
import { aheadOfClock } from './rules/ahead-of-clock.ts';
import { duplicate } from './rules/duplicate.ts';
import { impossibleJump } from './rules/impossible-jump.ts';
import { longAgo } from './rules/long-ago.ts';
import { notValid } from './rules/not-valid.ts';
import { outOfOrder } from './rules/out-of-order.ts';
import { poorAccuracy } from './rules/poor-accuracy.ts';
import type { CandidateFix, FixLimits, FixRule, Sighting } from './rules/rule.ts';
import { standingStill } from './rules/standing-still.ts';
import { tooFrequent } from './rules/too-frequent.ts';
import { zeroZero } from './rules/zero-zero.ts';

/** The position pipeline: each rule looks at every fix in this order; the first that discredits a fix is the last to look. */
export const RULES: readonly FixRule[] = [
  aheadOfClock,
  longAgo,
  notValid,
  zeroZero,
  poorAccuracy,
  impossibleJump,
  outOfOrder,
  duplicate,
  tooFrequent,
  standingStill,
];

/** What holds where a city says nothing else: 60 m/s are 216 km/h; a receiver at rest wanders 5 to 10 m. */
export const ORDINARY_LIMITS: FixLimits = {
  aheadSeconds: 60,
  longAgoSeconds: 14 * 86_400,
  accuracyMetres: 150,
  speedMps: 60,
  leastSeconds: 0.5,
  stillMetres: 15,
  stillMps: 0.5,
};

/** What a device's next fix is held against. */
export interface DeviceState {
  readonly marker: Sighting | null;
  readonly doubted: Sighting | null;
}

export interface Inspected<F extends CandidateFix> {
  readonly fix: F;
  readonly flags: number;
}

export interface Inspection<F extends CandidateFix> {
  /** Every fix given, in the order of time. */
  readonly fixes: readonly Inspected<F>[];
  readonly state: DeviceState;
  /** The fix the marker moves to; null = it stays. */
  readonly moveTo: F | null;
  /** How often each rule found something. */
  readonly found: Readonly<Partial<Record<FixFlag, number>>>;
}

/** Runs one device's fixes, in whatever order they came, through the rules. Pure: time and policy are arguments. */
export function inspect<F extends CandidateFix>(
  fixes: readonly F[],
  state: DeviceState,
  now: Date,
  limits: FixLimits,
): Inspection<F> {
  const inOrder =
    fixes.length === 1 ? fixes : [...fixes].sort((a, b) => a.time.getTime() - b.time.getTime() || a.deviceSeq - b.deviceSeq);
  const found: Partial<Record<FixFlag, number>> = {};
  let { marker, doubted } = state;
  let moveTo: F | null = null;
  let before: F | null = null;
  const inspected = inOrder.map((fix) => {
    let flags = 0;
    const context = { now, marker, doubted, before, limits };
    for (const rule of RULES) {
      if (!rule.finds(fix, context)) continue;
      flags |= FIX_FLAGS[rule.flag];
      found[rule.flag] = (found[rule.flag] ?? 0) + 1;
      if (flags & NO_EVIDENCE) break;
    }
    if (flags & FIX_FLAGS.impossible_jump) doubted = fix;
    if ((flags & NO_EVIDENCE) === 0) before = fix;
    if (flags === 0 && (marker === null || fix.time > marker.time)) {
      marker = moveTo = fix;
      doubted = null;
    } else if (flags === FIX_FLAGS.standing_still && marker !== null) {
      // Heard of now, and where it was: its time goes forward, its place is held.
      marker = moveTo = { ...fix, lon: marker.lon, lat: marker.lat };
      doubted = null;
    }
    return { fix, flags };
  });
  return { fixes: inspected, state: { marker, doubted }, moveTo, found };
}
