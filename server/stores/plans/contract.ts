import { z } from 'zod';

export const PlanId = z.uuid().brand<'PlanId'>();
export type PlanId = z.infer<typeof PlanId>;
export const PlanRequestId = z.uuid().brand<'PlanRequestId'>();
export type PlanRequestId = z.infer<typeof PlanRequestId>;

export const PlanState = z.enum(['draft', 'published', 'superseded', 'discarded']);
export type PlanState = z.infer<typeof PlanState>;
export const PlanRequestState = z.enum(['waiting', 'running', 'made', 'failed', 'cancelled']);
export type PlanRequestState = z.infer<typeof PlanRequestState>;

export const RoadSourceName = z.enum(['osrm', 'estimate']);

/** What a dispatcher asks for. */
export const RequestPlan = z.strictObject({
  serviceDay: z.iso.date().optional(),
  reason: z.enum(['dispatcher', 'interval', 'emergency', 'shift_start']).default('dispatcher'),
  /** Recorded days give seed and iterations; a desk leaves both to the policy. */
  seed: z.int().min(0).optional(),
  iterations: z.int().min(0).max(1_000_000).optional(),
  /** Changes against the plan in force at most; null = any number, left out = the policy's. What no plan could avoid does not count. */
  maxChanges: z
    .int()
    .min(0)
    .max(100_000)
    .nullable()
    .optional()
    .describe('Changes against the plan in force at most; null: any number; left out: what the policy says.'),
});
export type RequestPlan = z.infer<typeof RequestPlan>;

/** Cost by term, in the engine's currency; `total` is their sum. A plan of an older engine has 0 for terms it did not know. */
export const PlanCost = z.strictObject({
  total: z.number(),
  /** Prices of the jobs left out. */
  unserved: z.number(),
  late: z.number(),
  /** Hours that planned jobs wait for their start. */
  waiting: z.number(),
  travel: z.number(),
  /** Hours on duty. */
  duty: z.number(),
  overtime: z.number(),
  use: z.number(),
  change: z.number(),
  promise: z.number(),
  overqualification: z.number(),
  area: z.number(),
  balance: z.number(),
});
export type PlanCost = z.infer<typeof PlanCost>;

/** Points a curve of progress has at most. */
export const MOST_CURVE_POINTS = 60;

/** How far the making of a plan has come; `share` is 0 to 1 within the phase, null where it cannot be known. */
export const PlanProgress = z.strictObject({
  phase: z.enum(['waiting', 'reading', 'roads', 'solving', 'storing']),
  share: z.number().min(0).max(1).nullable(),
  /** Cost of the best answer so far, once there is one. */
  bestCost: z.number().nullable(),
  /** The same by term, where the engine tells it. */
  bestCostByTerm: PlanCost.nullable().describe('Cost of the best answer so far by term; null until the engine tells it.'),
  /** Wall time since the solving began; null before. */
  elapsedSeconds: z.number().min(0).nullable().describe('Seconds since the solving began; null before.'),
  /** How long it may take; null when it ends by iterations. */
  budgetSeconds: z.number().min(0).nullable().describe('Seconds the solving may take; null when iterations end it.'),
  /** Best cost by elapsed seconds, oldest first. */
  curve: z
    .array(z.strictObject({ seconds: z.number().min(0), cost: z.number() }))
    .max(MOST_CURVE_POINTS)
    .describe('Best cost by elapsed seconds, oldest first.'),
  /** Somebody asked for the best so far; it comes in a moment. */
  finishing: z.boolean().describe('Somebody asked to stop and keep the best so far.'),
});
export type PlanProgress = z.infer<typeof PlanProgress>;

export const PlanRequest = z.strictObject({
  id: PlanRequestId,
  state: PlanRequestState,
  serviceDay: z.iso.date(),
  requestedAt: z.iso.datetime(),
  reason: z.string(),
  /** As asked; null = any number of changes. */
  maxChanges: z.int().nullable(),
  planId: PlanId.nullable(),
  /** A sentence, when it failed. */
  failure: z.string().nullable(),
  /** null once it has ended. */
  progress: PlanProgress.nullable(),
});
export type PlanRequest = z.infer<typeof PlanRequest>;

/** Where the plan lets a crew start from, in the order of trust. */
export const StartSource = z.enum(['live_position', 'projected', 'stop_under_way', 'last_stop', 'depot']);
export type StartSource = z.infer<typeof StartSource>;

/** What a plan did about where a crew is: took its position, moved an old one on along its way, or went by the plan alone. */
export const StartFrom = z.enum(['fix', 'projected', 'planned']);
export type StartFrom = z.infer<typeof StartFrom>;

export const startFromOf = (source: StartSource): StartFrom =>
  source === 'live_position' ? 'fix' : source === 'projected' ? 'projected' : 'planned';

/** One crew's day in the plan. */
export const PlanShiftView = z.strictObject({
  shiftId: z.uuid(),
  crewName: z.string(),
  startSource: StartSource,
  startFrom: StartFrom,
  /** Age of the position it starts from, or is projected from; null when it starts from none. */
  startAgeSeconds: z.int().nullable(),
  stops: z.int(),
  travelSeconds: z.int(),
  metres: z.int(),
  workSeconds: z.int(),
  idleSeconds: z.int(),
  overtimeSeconds: z.int(),
  endsAt: z.iso.datetime(),
  breaks: z.array(z.strictObject({ id: z.string(), start: z.iso.datetime(), end: z.iso.datetime() })),
  /** Breaks that time or fixed stops have made impossible. */
  breaksSkipped: z.array(z.string()),
});
export type PlanShiftView = z.infer<typeof PlanShiftView>;

export const PlanStopView = z.strictObject({
  jobId: z.uuid(),
  jobNumber: z.int(),
  title: z.string(),
  slot: z.int(),
  shiftId: z.uuid(),
  position: z.int(),
  arrival: z.iso.datetime(),
  start: z.iso.datetime(),
  end: z.iso.datetime(),
  lateSeconds: z.int(),
  travelSeconds: z.int(),
  /** Against what is in force when the draft is looked at. */
  change: z.enum(['same', 'new', 'other_crew', 'other_time', 'fixed']),
  /** Publishing would leave it alone, because of what has changed since the plan was made; null = it would not. */
  stale: z.enum(['job_changed', 'shift_changed', 'shift_ended', 'not_movable', 'slot_taken', 'job_not_ready']).nullable(),
});
export type PlanStopView = z.infer<typeof PlanStopView>;

export const PlanLeftOut = z.strictObject({
  jobId: z.uuid(),
  jobNumber: z.int(),
  title: z.string(),
  slot: z.int(),
  priority: z.int(),
  /** How long the oldest case of the job has waited. */
  ageSeconds: z.int(),
  reason: z.strictObject({ code: z.string(), params: z.record(z.string(), z.unknown()) }),
  /** It was assigned before and this plan takes it off. */
  takenOff: z.boolean(),
});
export type PlanLeftOut = z.infer<typeof PlanLeftOut>;

/** A plan as the dispatcher looks at it before publishing: what is new, moved, left out, late before and after. */
export const PlanView = z.strictObject({
  id: PlanId,
  state: PlanState,
  serviceDay: z.iso.date(),
  madeAt: z.iso.datetime(),
  publishedAt: z.iso.datetime().nullable(),
  seed: z.number(),
  iterations: z.int(),
  engine: z.string(),
  roadsVersion: z.string(),
  roadsSource: RoadSourceName,
  /** Travel times of the problem that are estimates although the router gave the others. */
  estimatedPairs: z.int(),
  cost: PlanCost,
  /** What the plan in force cost when this one was made, as far as it could still be done, everything else left out. */
  costNow: PlanCost.nullable().describe('What the plan in force cost when this one was made; null: not known.'),
  /** Stops that are not as in the plan in force it was made from; null for a plan of an engine that did not count them. */
  changes: z.int().nullable().describe('Changes against the plan in force it was made from; null: not counted.'),
  /** Those that the plan in force had come to need by itself; null as above. */
  forcedChanges: z.int().nullable().describe('Changes that the plan in force had come to need by itself; null: not counted.'),
  /** What was allowed of them; null = any number. */
  maxChanges: z.int().nullable().describe('Changes that were allowed; null: any number.'),
  /** null: no bound has been proven. */
  bound: z.number().nullable(),
  lp: z.array(
    z.strictObject({
      status: z.enum(['optimal', 'infeasible', 'stopped']),
      method: z.enum(['simplex', 'shortest_paths']),
      objective: z.number(),
      shifts: z.int(),
      jobs: z.int(),
      arcs: z.int(),
      allArcs: z.int(),
      pricingRounds: z.int(),
      certified: z.boolean(),
    }),
  ),
  /** The parts it was made in, each by itself; empty: in one piece. */
  zones: z
    .array(z.strictObject({ shiftIds: z.array(z.uuid()), jobs: z.int(), iterations: z.int(), madeBy: z.string() }))
    .describe('The zones it was made in, each by itself; empty: in one piece.'),
  summary: z.strictObject({
    jobs: z.int(),
    assigned: z.int(),
    added: z.int(),
    moved: z.int(),
    takenOff: z.int(),
    leftOut: z.int(),
    lateBefore: z.int(),
    lateAfter: z.int(),
    lateSecondsBefore: z.int(),
    lateSecondsAfter: z.int(),
    travelSeconds: z.int(),
    metres: z.int(),
  }),
  shifts: z.array(PlanShiftView),
  stops: z.array(PlanStopView),
  leftOut: z.array(PlanLeftOut),
});
export type PlanView = z.infer<typeof PlanView>;

/** A plan in the list of a day. */
export const PlanListed = PlanView.pick({
  id: true,
  state: true,
  serviceDay: true,
  madeAt: true,
  publishedAt: true,
  engine: true,
  roadsVersion: true,
  roadsSource: true,
  cost: true,
  changes: true,
  forcedChanges: true,
  maxChanges: true,
  bound: true,
}).extend({ assigned: z.int(), leftOut: z.int() });
export type PlanListed = z.infer<typeof PlanListed>;

/** Whose plan it is and what it was made from. */
export const PlanOrigin = z.strictObject({
  planId: PlanId,
  /** Its place among the plans of its day, the oldest 1, and how many those are. */
  number: z.int(),
  ofDay: z.int(),
  requestedAt: z.iso.datetime(),
  /** An account's name; null: the server itself. */
  requestedBy: z.string().nullable(),
  /** As it was asked for; null: it was made of another plan. */
  reason: z.string().nullable(),
  /** An account's name, or a role where it had no account; null: it was never published. */
  publishedBy: z.string().nullable(),
  /** The plan that this one was found to be cheaper than, while that was being proven. */
  cheaperThan: PlanId.nullable(),
  /** Jobs and crew shifts of the city as it saw them. */
  jobs: z.int(),
  shifts: z.int(),
  /** SHA-256 of the problem it answers, base64url. */
  problemHash: z.string(),
  configHash: z.string(),
  configLoadedAt: z.iso.datetime(),
});
export type PlanOrigin = z.infer<typeof PlanOrigin>;
