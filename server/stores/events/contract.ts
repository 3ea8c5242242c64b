import { z } from 'zod';

/** What a desk is told of an event: ids, states, codes and numbers. */
export const EventView = z.strictObject({
  seq: z.int(),
  type: z.string(),
  at: z.iso.datetime(),
  /** Who did it, as a role: people are not named. */
  by: z.string(),
  /** It was done by the account that reads; else left out. */
  mine: z.literal(true).optional(),
  caseId: z.uuid().nullable(),
  jobId: z.uuid().nullable(),
  assignmentId: z.uuid().nullable(),
  shiftId: z.uuid().nullable(),
  planId: z.uuid().nullable(),
  /** The flat part of what the event says: states, reasons, versions. */
  facts: z.record(z.string(), z.union([z.string(), z.number(), z.boolean(), z.null()])),
});
export type EventView = z.infer<typeof EventView>;

/**
 * Events in the order of seq. Those the reader may not see are left out, so numbers may be missing between two:
 * nothing is missing up to and including `through`.
 */
export const EventPage = z.strictObject({
  /** The seq this page goes on from. */
  after: z.int(),
  through: z.int(),
  events: z.array(EventView),
  /** There is more already. */
  more: z.boolean(),
});
export type EventPage = z.infer<typeof EventPage>;

export const Since = z.strictObject({
  after: z.coerce.number().int().min(0),
  limit: z.coerce.number().int().min(1).max(1000).default(500),
});
export type Since = z.infer<typeof Since>;
