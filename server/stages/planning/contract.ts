import { z } from 'zod';
import { JobId } from '../../stores/jobs/contract.ts';
import { RoadSourceName, StartSource } from '../../stores/plans/contract.ts';

/** One crew that could, or could not, take a job now. */
export const Candidate = z.strictObject({
  shiftId: z.uuid(),
  crewName: z.string(),
  /** It has the job already. */
  current: z.boolean(),
  /** The way from where the crew is to the job, were it to leave at once; null = no road leads there. */
  travelSeconds: z.int().nullable(),
  travelMetres: z.int().nullable(),
  travelSource: RoadSourceName,
  /** Where "where the crew is" comes from, and how old that is. */
  startSource: StartSource,
  startAgeSeconds: z.int().nullable(),
  /** When the crew is free of what has been sent to it. */
  freeAt: z.iso.datetime(),
  /** With the job at the cheapest place of its present order; null when it cannot take it. */
  fit: z
    .strictObject({
      /** Place among all its open stops, 0 first. */
      position: z.int(),
      start: z.iso.datetime(),
      lateSeconds: z.int(),
      /** How much later, in all, its other stops become past their due. */
      othersLateSeconds: z.int(),
      extraTravelSeconds: z.int(),
      /** In the plan's currency. */
      extraCost: z.number(),
    })
    .nullable(),
  /** The rule that forbids it, with its figures; null when it can. `no_room`: alone it would fit, not with its present stops. */
  blocked: z.strictObject({ code: z.string(), params: z.record(z.string(), z.unknown()) }).nullable(),
});
export type Candidate = z.infer<typeof Candidate>;

/** Able crews by what they would cost, then the others. */
export const JobCandidates = z.strictObject({
  jobId: JobId,
  slot: z.int(),
  serviceDay: z.iso.date(),
  at: z.iso.datetime(),
  roadsVersion: z.string(),
  candidates: z.array(Candidate),
});
export type JobCandidates = z.infer<typeof JobCandidates>;
