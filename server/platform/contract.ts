import { z } from 'zod';

/** The body of every refusal (RFC 9457, application/problem+json), by HTTP and in a socket's acknowledgement. */
export const ProblemBody = z.strictObject({
  /** Stable and machine-readable: `/problems/stale-version`. */
  type: z.string(),
  status: z.int(),
  /** A sentence a person can act on. */
  detail: z.string(),
  errors: z
    .array(z.strictObject({ path: z.string(), message: z.string() }))
    .readonly()
    .optional(),
  /** What is true now, for a stale version. */
  present: z.unknown().optional(),
  /** To find this request in the server's log. */
  requestId: z.string().optional(),
});
export type ProblemBody = z.infer<typeof ProblemBody>;

/** What a socket event is acknowledged with. */
export type Ack<T> = { readonly ok: true; readonly answer: T } | { readonly ok: false; readonly problem: ProblemBody };

/** One thing the server needs, and how it is. */
export const DependencyStatus = z.strictObject({
  name: z.enum(['database', 'router', 'planner', 'live', 'timers', 'deliveries']),
  /** ok; degraded: the work goes on with less (travel times are estimates); down: it does not. */
  state: z.enum(['ok', 'degraded', 'down']),
  /** Since when it is in this state, wall time. */
  since: z.iso.datetime(),
  detail: z.string().nullable(),
});
export type DependencyStatus = z.infer<typeof DependencyStatus>;

/** How the server is, for screens: read at /api/status and pushed when it changes. */
export const Status = z.strictObject({
  /** False: changes are refused at the moment (the database is away or the server is closing). */
  ready: z.boolean(),
  closing: z.boolean(),
  dependencies: z.array(DependencyStatus),
  /** The names of those that are not ok. */
  degraded: z.array(z.string()),
  clock: z.strictObject({ kind: z.enum(['real', 'simulated']), now: z.iso.datetime() }),
  /** The newest event, null while the database is away. */
  lastSeq: z.int().nullable(),
  at: z.iso.datetime(),
});
export type Status = z.infer<typeof Status>;

export const AdvanceClock = z.strictObject({ to: z.iso.datetime({ offset: true }) });
export type AdvanceClock = z.infer<typeof AdvanceClock>;

export const ClockAdvanced = z.strictObject({
  now: z.iso.datetime(),
  lastSeq: z.int(),
  timers: z.int(),
  deliveries: z.int(),
});
export type ClockAdvanced = z.infer<typeof ClockAdvanced>;
