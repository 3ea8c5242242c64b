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
  name: z.enum(['database', 'router', 'planner', 'live', 'timers', 'deliveries', 'servers', 'jobs']),
  /** ok; degraded: the work goes on with less (travel times are estimates); down: it does not. */
  state: z.enum(['ok', 'degraded', 'down']),
  /** Since when it is in this state, wall time. */
  since: z.iso.datetime(),
  detail: z.string().nullable(),
});
export type DependencyStatus = z.infer<typeof DependencyStatus>;

const Pace = z.number().min(0).max(3_600);

/**
 * A simulated city that somebody plays: how fast it is wished to go, and whether it does. Who plays it follows the wish.
 * playing: it goes so fast. hurrying: as fast as it can, to where it is to be watched from. ended: its day is over.
 * failed: who played it has stopped with a fault. away: who plays it has not been heard for some seconds.
 */
export const ClockPace = z.strictObject({
  /** Simulated seconds a second; 0: paused. */
  wished: Pace,
  driver: z.enum(['playing', 'hurrying', 'ended', 'failed', 'away']),
  /** Somebody at a desk has acted a moment ago: the simulated desk leaves planning to them for a while. */
  deskHeld: z.boolean(),
});
export type ClockPace = z.infer<typeof ClockPace>;

export const SetPace = z.strictObject({ pace: Pace });
export type SetPace = z.infer<typeof SetPace>;

/** What plays the city says how it goes, and is told the wish as soon as that is another than `pace`. */
export const DriveClock = z.strictObject({
  driver: ClockPace.shape.driver.exclude(['away']),
  /** By which it goes now: the wish as long as nobody has another. */
  pace: Pace,
  deskHeld: z.boolean().default(false),
  waitSeconds: z.number().min(0).max(25).default(0),
});
export type DriveClock = z.infer<typeof DriveClock>;

export const PaceWished = z.strictObject({ wished: Pace });
export type PaceWished = z.infer<typeof PaceWished>;

/** How the server is, for screens: read at /api/status and pushed when it changes. */
export const Status = z.strictObject({
  /** False: changes are refused at the moment (the database is away or the server is closing). */
  ready: z.boolean(),
  closing: z.boolean(),
  dependencies: z.array(DependencyStatus),
  /** The names of those that are not ok. */
  degraded: z.array(z.string()),
  /** `pace`: somebody plays this simulated city; left out, its clock stands until it is advanced, or is real. */
  clock: z.strictObject({ kind: z.enum(['real', 'simulated']), now: z.iso.datetime(), pace: ClockPace.optional() }),
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
