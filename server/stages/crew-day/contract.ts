import { z } from 'zod';
import { AssignmentId, AssignmentState, Verification } from '../../stores/assignments/contract.ts';
import { Point, Priority } from '../../stores/cases/contract.ts';
import { ShiftId, ShiftState } from '../../stores/crews/contract.ts';
import { JobId, TimeWindow } from '../../stores/jobs/contract.ts';

/** Where a travel time comes from: the road engine, or great circle x factor. */
export const RoadSourceName = z.enum(['osrm', 'estimate']);
export type RoadSourceName = z.infer<typeof RoadSourceName>;

/** An arrow: which way a step of the directions turns. */
export const Turn = z.enum([
  'depart',
  'straight',
  'slight_left',
  'left',
  'sharp_left',
  'slight_right',
  'right',
  'sharp_right',
  'uturn',
  'roundabout',
  'arrive',
]);
export type Turn = z.infer<typeof Turn>;

/** The way of one leg. An `estimate` is a straight line and is shown as one. */
export const Way = z.strictObject({
  /** An encoded polyline and the decimals it was written with. */
  line: z.strictObject({ points: z.string(), precision: z.int() }),
  seconds: z.int(),
  metres: z.int(),
  source: RoadSourceName,
  directions: z.strictObject({
    locale: z.string(),
    /** The language asked for when there was no text in it. */
    instead: z.string().nullable(),
    steps: z.array(z.strictObject({ text: z.string(), turn: Turn.nullable(), metres: z.int(), seconds: z.int() })),
  }),
});
export type Way = z.infer<typeof Way>;

/** When the crew will be there as things are now, and how we know. */
export const Eta = z.strictObject({
  arrival: z.iso.datetime(),
  end: z.iso.datetime(),
  /** It arrives between these, so many times in a hundred; null: it is there. */
  range: z.strictObject({ from: z.iso.datetime(), until: z.iso.datetime(), percent: z.int() }).nullable(),
  /** `osrm` only when every leg up to here came from the road engine. */
  source: RoadSourceName,
  /** Age of the position it starts from; null: it starts from the last known stop or the start of the shift. */
  ageSeconds: z.number().nullable(),
});
export type Eta = z.infer<typeof Eta>;

/** One job as the crew sees it: what to do and where. Nobody's name and nobody's own words. */
export const CrewStop = z.strictObject({
  kind: z.literal('job'),
  assignmentId: AssignmentId,
  version: z.int(),
  state: AssignmentState,
  /** The office has asked for it back: acknowledge, or say what was done already. */
  requested: z.enum(['recall', 'cancel']).nullable(),
  jobId: JobId,
  jobNumber: z.int(),
  jobType: z.string(),
  title: z.string(),
  place: Point,
  roadPoint: Point,
  placeText: z.string().nullable(),
  priority: Priority,
  emergency: z.boolean(),
  serviceSeconds: z.int(),
  /** Which of the crews this is that the job needs at once, and how many those are. */
  slot: z.int(),
  slots: z.int(),
  skills: z.array(z.string()),
  plant: z.array(z.string()),
  proof: z.array(z.string()),
  windows: z.array(TimeWindow),
  dueAt: z.iso.datetime().nullable(),
  promisedFrom: z.iso.datetime().nullable(),
  promisedUntil: z.iso.datetime().nullable(),
  plannedArrival: z.iso.datetime().nullable(),
  plannedStart: z.iso.datetime().nullable(),
  plannedEnd: z.iso.datetime().nullable(),
  /** null for what has ended. */
  eta: Eta.nullable(),
  /** The vehicle is inside the job's fence and nobody has said "arrived" yet. */
  arrivalSuggested: z.boolean(),
  endedAt: z.iso.datetime().nullable(),
  verification: Verification.nullable(),
  /** From where the crew is (first open stop) or from the stop before; null for what has ended. */
  way: Way.nullable(),
});
export type CrewStop = z.infer<typeof CrewStop>;

export const BreakStop = z.strictObject({
  kind: z.literal('break'),
  breakId: z.string(),
  earliest: z.iso.datetime(),
  latest: z.iso.datetime(),
  lengthSeconds: z.int(),
  takenAt: z.iso.datetime().nullable(),
  etaStart: z.iso.datetime().nullable(),
});
export type BreakStop = z.infer<typeof BreakStop>;

export const DepotStop = z.strictObject({
  kind: z.literal('depot'),
  place: Point,
  eta: Eta.nullable(),
  way: Way.nullable(),
});
export type DepotStop = z.infer<typeof DepotStop>;

/** What has changed in the order of stops since the crew last said "seen". */
export const DayChanges = z.strictObject({
  since: z.int(),
  added: z.array(AssignmentId),
  moved: z.array(AssignmentId),
  removed: z.array(AssignmentId),
});
export type DayChanges = z.infer<typeof DayChanges>;

/** A crew's day: GET /api/shifts/:id/day, pushed as `day` when the order changes. */
export const CrewDay = z.strictObject({
  shiftId: ShiftId,
  crewId: z.uuid(),
  serviceDay: z.iso.date(),
  from: z.iso.datetime(),
  until: z.iso.datetime(),
  state: ShiftState,
  orderVersion: z.int(),
  acknowledgedVersion: z.int(),
  changes: DayChanges,
  /** City time of this answer. */
  now: z.iso.datetime(),
  /** Where times and lines come from as a whole; on `estimate` the router is away and lines are straight. */
  roads: z.strictObject({ source: RoadSourceName, version: z.string() }),
  /** Where we last saw the vehicle, fresh or not; null = never today. */
  position: z
    .strictObject({
      lon: z.number(),
      lat: z.number(),
      fixTime: z.iso.datetime(),
      ageSeconds: z.number(),
      fresh: z.boolean(),
      source: z.string(),
    })
    .nullable(),
  stops: z.array(z.discriminatedUnion('kind', [CrewStop, BreakStop, DepotStop])),
});
export type CrewDay = z.infer<typeof CrewDay>;

/** The answer to "we have seen order N": the newest order there is, and the newest seen. */
export const OrderSeen = z.strictObject({ shiftId: ShiftId, orderVersion: z.int(), acknowledgedVersion: z.int() });
export type OrderSeen = z.infer<typeof OrderSeen>;
