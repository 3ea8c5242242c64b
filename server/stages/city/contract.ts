import { z } from 'zod';
import { AreaConfig, Bounds, CityPoint, ReportPicture } from '../../stores/city/contract.ts';

/** The city as every screen sees it: what to call things and where they are. Nothing in it is secret. */
export const CityView = z.strictObject({
  name: z.string(),
  title: z.string(),
  /** IANA zone: every time on a screen is shown in it. */
  zone: z.string(),
  language: z.string(),
  bounds: Bounds,
  /** Must stand on every map. */
  attribution: z.string(),
  depots: z.array(z.strictObject({ code: z.string(), name: z.string(), place: CityPoint })),
  /** By code, in the catalogue's order. */
  requestTypes: z.record(
    z.string(),
    z.strictObject({
      label: z.string(),
      hint: z.string().nullable(),
      picture: ReportPicture.nullable(),
      /** Somebody may be in danger: a phone call is faster than a form. */
      emergency: z.boolean(),
      /** False: it is recorded and answered, but nobody drives out. */
      isWork: z.boolean(),
    }),
  ),
  emergencyPhone: z.string().nullable(),
  /** Reporters' names, addresses and words are deleted so many days after the report came; null: never. */
  contactsKeptDays: z.int().nullable(),
  jobTypes: z.record(z.string(), z.strictObject({ label: z.string(), minutes: z.int(), emergency: z.boolean() })),
  /** The kinds of plant there are: what a crew may say was missing. */
  plant: z.array(z.string()),
  /** What a minute of driving weighs in the cost of a plan: with it a screen can say what a cost means. */
  drivingMinuteCost: z.number(),
  /** An older position is not where the vehicle is. */
  positionFreshSeconds: z.int(),
  /** Requests and crews are made up by the demand generator: said wherever they show. */
  invented: z.boolean(),
  /** City time of this answer, and what moves it. */
  clock: z.strictObject({ kind: z.enum(['real', 'simulated']), now: z.iso.datetime() }),
});
export type CityView = z.infer<typeof CityView>;

/** A part of the city that cases and jobs say they lie in. */
export const AreaView = z.strictObject({
  id: z.uuid(),
  /** Like ward, district. */
  kind: z.string(),
  code: z.string(),
  name: z.string(),
  /** GeoJSON MultiPolygon coordinates; null: known by name only. */
  polygons: AreaConfig.shape.polygons,
});
export type AreaView = z.infer<typeof AreaView>;
