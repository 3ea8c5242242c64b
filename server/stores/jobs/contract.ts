import { z } from 'zod';
import { Point, Priority } from '../cases/contract.ts';

export const JobId = z.uuid().brand<'JobId'>();
export type JobId = z.infer<typeof JobId>;

export const JOB_STATES = [
  'draft',
  'ready',
  'planned',
  'dispatched',
  'under_way',
  'on_hold',
  'completed',
  'cannot_complete',
  'cancelled',
] as const;
export const JobState = z.enum(JOB_STATES);
export type JobState = z.infer<typeof JobState>;

export const DecidedJobState = z.enum(['draft', 'on_hold', 'cancelled']);
export type DecidedJobState = z.infer<typeof DecidedJobState>;

/** One slot is one crew with what it must know and bring. */
export const Slot = z.strictObject({ skills: z.array(z.string()), plant: z.array(z.string()) });
export type Slot = z.infer<typeof Slot>;

export const TimeWindow = z.strictObject({ from: z.iso.datetime({ offset: true }), until: z.iso.datetime({ offset: true }) });
export type TimeWindow = z.infer<typeof TimeWindow>;

export const Job = z.strictObject({
  id: JobId,
  number: z.int(),
  organisationId: z.uuid(),
  jobType: z.string(),
  title: z.string(),
  place: Point,
  roadPoint: Point,
  placeText: z.string().nullable(),
  areaIds: z.array(z.uuid()),
  serviceSeconds: z.int().positive(),
  slots: z.array(Slot).min(1).max(4),
  windows: z.array(TimeWindow),
  dueAt: z.iso.datetime().nullable(),
  releaseAt: z.iso.datetime(),
  priority: Priority,
  emergency: z.boolean(),
  proof: z.array(z.string()),
  followUpOf: JobId.nullable(),
  followUpReason: z.string().nullable(),
  state: JobState,
  decided: DecidedJobState.nullable(),
  decidedReason: z.string().nullable(),
  createdAt: z.iso.datetime(),
  endedAt: z.iso.datetime().nullable(),
  version: z.int(),
  planningVersion: z.int(),
});
export type Job = z.infer<typeof Job>;

/** What a dispatcher may change about a job; everything left out stays. */
export const JobChange = z.strictObject({
  title: z.string().min(1).max(200).optional(),
  serviceSeconds: z.int().min(60).max(86_400).optional(),
  slots: z.array(Slot).min(1).max(4).optional(),
  windows: z.array(TimeWindow).max(10).optional(),
  dueAt: z.iso.datetime({ offset: true }).nullable().optional(),
  releaseAt: z.iso.datetime({ offset: true }).optional(),
  priority: Priority.optional(),
});
export type JobChange = z.infer<typeof JobChange>;
