import type { FixFlag } from '../../../stores/positions/contract.ts';

/** A place at a time, by corrected time. */
export interface Sighting {
  readonly time: Date;
  readonly lon: number;
  readonly lat: number;
  readonly accuracyMetres: number | null;
}

/** What is looked at: a fix with its times put right. */
export interface CandidateFix extends Sighting {
  readonly deviceSeq: number;
  /** The device's own clock, as it said. */
  readonly fixTime: Date;
  readonly speedMps: number | null;
  /** The receiver says that it has a fix. */
  readonly valid: boolean;
}

/** What a fix is held against. */
export interface FixContext {
  /** The city clock when the batch was received. */
  readonly now: Date;
  /** Where the vehicle is said to be: its newest trusted fix. */
  readonly marker: Sighting | null;
  /** The last fix of this device that was refused as an impossible jump. */
  readonly doubted: Sighting | null;
  /** The trusted fix of this batch just before this one, whatever the marker did. */
  readonly before: CandidateFix | null;
  readonly limits: FixLimits;
}

/** The city's policy on what a reading may look like. */
export interface FixLimits {
  /** A device's clock may be ahead of the city's by this much. */
  readonly aheadSeconds: number;
  /** Crews are offline for days, not for longer than this. */
  readonly longAgoSeconds: number;
  readonly accuracyMetres: number;
  /** Faster than any of our vehicles. */
  readonly speedMps: number;
  /** Nearer in time than this to the last one that was believed, a fix tells nothing new. */
  readonly leastSeconds: number;
  /** A vehicle that is slower than `stillMps` and as near as this to where it was has not moved: that is its receiver's noise. */
  readonly stillMetres: number;
  readonly stillMps: number;
}

/** One thing that can be wrong with a fix. A fix that is found wrong is flagged and kept, never dropped. */
export interface FixRule {
  readonly flag: FixFlag;
  finds(fix: CandidateFix, context: FixContext): boolean;
}
