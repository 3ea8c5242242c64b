import { z } from 'zod';

const Time = z.iso.datetime();

/** A vehicle that had a trustworthy fix within the circle in the period. */
export const NearVehicle = z.strictObject({
  vehicleId: z.uuid(),
  code: z.string(),
  firstAt: Time,
  lastAt: Time,
  fixes: z.int(),
  nearestMetres: z.number(),
  nearestAt: Time,
});

/** What a vehicle did in a period: standing and driving, in order. */
export const VehiclePast = z.strictObject({
  vehicleId: z.uuid(),
  parts: z.array(
    z.union([
      z.strictObject({
        kind: z.literal('stop'),
        from: Time,
        until: Time,
        lon: z.number(),
        lat: z.number(),
        /** The job of its shift in whose fence it stood, the nearest when there are several. */
        job: z.strictObject({ jobId: z.uuid(), number: z.int(), assignmentId: z.uuid(), metres: z.number() }).nullable(),
      }),
      z.strictObject({ kind: z.literal('trip'), from: Time, until: Time, metres: z.int(), points: z.int() }),
    ]),
  ),
});

/** How a shift drove, beside the line through its stops. */
export const LineComparison = z.strictObject({
  shiftId: z.uuid(),
  /** From where the planned line comes. */
  source: z.enum(['osrm', 'estimate']),
  withinMetres: z.number(),
  points: z.int(),
  /** Of the driven time; null without fixes. */
  shareOnLine: z.number().nullable(),
  meanMetres: z.number().nullable(),
  furthestMetres: z.number().nullable(),
  furthestAt: Time.nullable(),
  off: z.array(z.strictObject({ from: Time, until: Time, furthestMetres: z.number() })),
});

/** A page of the past of the whole fleet; a frame says who has another fix than in the frame before. */
export const FleetReplay = z.strictObject({
  stepSeconds: z.int(),
  vehicles: z.array(z.strictObject({ vehicleId: z.uuid(), code: z.string() })),
  frames: z.array(
    z.strictObject({
      time: Time,
      /** Five numbers a vehicle: place in `vehicles`, lon and lat in 0.000001 degrees, heading (-1 unknown), age of its fix in seconds. */
      moved: z.array(z.int()),
    }),
  ),
  /** Ask again from here; null = that was all. */
  next: Time.nullable(),
});

/** The way on the roads that a vehicle's fixes were matched to, beside the fixes themselves. */
export const SnappedTrack = z.strictObject({
  vehicleId: z.uuid(),
  parts: z.array(
    z.strictObject({
      from: Time,
      until: Time,
      roadVersion: z.string(),
      /** Encoded polylines of six decimals; empty = nothing could be matched. */
      lines: z.array(z.string()),
      points: z.int(),
      matchedPoints: z.int(),
    }),
  ),
  attribution: z.string().nullable(),
});
