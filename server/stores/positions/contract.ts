import { z } from 'zod';

/** One GPS reading as a device sends it. */
export const SentFix = z.strictObject({
  /** The device's own count, rising by one for each fix it makes. */
  deviceSeq: z.int().min(1),
  fixTime: z.iso.datetime({ offset: true }),
  lon: z.number().min(-180).max(180),
  lat: z.number().min(-90).max(90),
  accuracyMetres: z.number().min(0).max(100_000).optional(),
  speedMps: z.number().min(0).max(200).optional(),
  headingDegrees: z.number().min(0).max(360).optional(),
  /** false: the receiver itself says that it has no fix (trackers of other makers do). Left out: it has one. */
  valid: z.boolean().optional(),
});
export type SentFix = z.infer<typeof SentFix>;

/** A device's batch: POST /api/positions, or `fixes` on the socket (whose messages are at most 64 kB: about 400 fixes). */
export const FixBatch = z.strictObject({
  /** The device's clock when the batch left: gives its offset. */
  sentAt: z.iso.datetime({ offset: true }).optional(),
  fixes: z.array(SentFix).min(1).max(1000),
});
export type FixBatch = z.infer<typeof FixBatch>;

/**
 * The device may forget everything up to and including `through`, the highest number of its batch: so it sends its
 * oldest first and one batch at a time. `known` had been there before.
 */
export const FixReceipt = z.strictObject({ through: z.int(), stored: z.int(), known: z.int() });
export type FixReceipt = z.infer<typeof FixReceipt>;

/** One reading of a tracker that a program of an integrator passes on. */
export const RelayedFix = SentFix.extend({ deviceId: z.uuid() });

/** A batch of many trackers: POST /api/positions/relay, or `relay` on the socket (64 kB: about 300 fixes). */
export const RelayBatch = z.strictObject({
  /** The clock of the program that relays, when the batch left: gives the offset of all times in it. */
  sentAt: z.iso.datetime({ offset: true }).optional(),
  fixes: z.array(RelayedFix).min(1).max(1000),
});
export type RelayBatch = z.infer<typeof RelayBatch>;

/**
 * What became of each fix: all that `refused` does not name are stored and may be forgotten (`known` of them had been
 * there before). `index` is the place in the batch. `no-such-device`: none of that id that the account may speak for.
 * `not-stored`: could not be stored now; it may be sent again.
 */
export const RelayReceipt = z.strictObject({
  stored: z.int(),
  known: z.int(),
  refused: z.array(z.strictObject({ index: z.int(), reason: z.enum(['no-such-device', 'not-stored']) })),
});
export type RelayReceipt = z.infer<typeof RelayReceipt>;

/** Hygiene findings, a bit each: a flagged fix is kept and does not move the marker (`standing_still` moves its time, not its place). */
export const FIX_FLAGS = {
  ahead_of_clock: 1,
  long_ago: 2,
  zero_zero: 4,
  impossible_jump: 8,
  poor_accuracy: 16,
  out_of_order: 32,
  duplicate: 64,
  too_frequent: 128,
  standing_still: 256,
  not_valid: 512,
} as const;
export type FixFlag = keyof typeof FIX_FLAGS;

/** Where we say a vehicle is, how old that is, and who says so. */
export const VehiclePosition = z.strictObject({
  vehicleId: z.uuid(),
  shiftId: z.uuid().nullable(),
  lon: z.number(),
  lat: z.number(),
  fixTime: z.iso.datetime(),
  receivedAt: z.iso.datetime(),
  ageSeconds: z.number(),
  accuracyMetres: z.number().nullable(),
  speedMps: z.number().nullable(),
  headingDegrees: z.number().nullable(),
  source: z.string(),
});
export type VehiclePosition = z.infer<typeof VehiclePosition>;

/** Where a vehicle was, by corrected time, flagged fixes included. */
export const Track = z.strictObject({
  vehicleId: z.uuid(),
  points: z.array(
    z.strictObject({
      time: z.iso.datetime(),
      lon: z.number(),
      lat: z.number(),
      accuracyMetres: z.number().nullable(),
      /** Bits of FIX_FLAGS. */
      flags: z.int(),
    }),
  ),
});
export type Track = z.infer<typeof Track>;
