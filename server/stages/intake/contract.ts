import { z } from 'zod';
import { PlaceQuality, Point } from '../../stores/cases/contract.ts';

/** A number in an address: digits only, so that an empty one is not 0. */
const degrees = (most: number) =>
  z
    .string()
    .regex(/^-?\d{1,3}(?:\.\d{1,15})?$/, 'must be degrees like 11.97')
    .transform(Number)
    .pipe(z.number().min(-most).max(most));

/** GET /api/streets: what somebody types to say where. */
export const StreetQuestion = z.strictObject({ q: z.string().min(1).max(200) });

/** Streets and crossings that fit, best first. */
export const FoundStreets = z.strictObject({
  streets: z.array(
    z.strictObject({
      street: z.string(),
      /** The street it crosses there; null: somewhere on the street. */
      crossing: z.string().nullable(),
      place: Point,
      /** Which part of the city that is, for streets of one name: "Main Street near 5th Street". */
      placeText: z.string(),
    }),
  ),
});
export type FoundStreets = z.infer<typeof FoundStreets>;

export const PlaceQuestion = z.strictObject({ lon: degrees(180), lat: degrees(90) });

/** What a report of this place would be: on a road of the city or not, and the words for it. */
export const PlaceAnswer = z.strictObject({
  placeQuality: PlaceQuality,
  placeText: z.string().nullable(),
});
export type PlaceAnswer = z.infer<typeof PlaceAnswer>;

export const NearQuestion = PlaceQuestion.extend({ serviceType: z.string().min(1).max(100) });
export type NearQuestion = z.infer<typeof NearQuestion>;

/** How work that is open stands, as far as strangers are told. */
export const OpenWorkState = z.enum(['waiting', 'planned', 'under_way', 'on_hold']);
export type OpenWorkState = z.infer<typeof OpenWorkState>;

/**
 * Open work of one kind round a place. Nothing of who reported: the place is the road's, rounded to about 10 m, the
 * age is in whole hours, and there is no number or id to ask further with.
 */
export const NearReports = z.strictObject({
  reports: z.array(
    z.strictObject({
      label: z.string(),
      placeText: z.string(),
      place: Point,
      state: OpenWorkState,
      hoursAgo: z.int().min(0),
      /** How many people have reported it. */
      reports: z.int().min(1),
    }),
  ),
});
export type NearReports = z.infer<typeof NearReports>;
