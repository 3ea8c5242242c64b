import { z } from 'zod';

/** What a vehicle can be seen to do. `fence`: it is at a stop of its shift or at a depot. */
export const MovementKind = z.enum(['fence', 'long_stop', 'off_way', 'silent', 'speeding', 'panic']);
export type MovementKind = z.infer<typeof MovementKind>;

/** Names of the events a movement begins and ends with; null: its end is nobody's news. */
export const MOVEMENT_EVENTS: Readonly<Record<MovementKind, { readonly begin: string; readonly end: string | null }>> = {
  fence: { begin: 'movement.entered', end: 'movement.left' },
  long_stop: { begin: 'movement.long_stop', end: 'movement.long_stop_over' },
  off_way: { begin: 'movement.off_way', end: 'movement.off_way_over' },
  silent: { begin: 'movement.silent', end: 'movement.silent_over' },
  speeding: { begin: 'movement.speeding', end: 'movement.speeding_over' },
  panic: { begin: 'movement.panic', end: null },
};

/** Ids, codes and figures with their units in their names; never words of a person. */
export const MovementFacts = z.record(z.string(), z.union([z.string(), z.number(), z.boolean(), z.null()]));
export type MovementFacts = z.infer<typeof MovementFacts>;

/** The newest movement of each kind and subject of a shift's vehicles: GET /api/shifts/:id/movements, newest first. */
export const MovementView = z.strictObject({
  vehicleId: z.uuid(),
  kind: MovementKind,
  /** An assignment, a depot's code, or empty. */
  subject: z.string(),
  since: z.iso.datetime(),
  /** null: it goes on. */
  until: z.iso.datetime().nullable(),
  facts: MovementFacts,
});
export type MovementView = z.infer<typeof MovementView>;
