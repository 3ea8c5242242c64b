import { z } from 'zod';
import { Assignment, AssignmentId, CannotCompleteReason } from '../assignments/contract.ts';
import { CaseId, CaseState, Point, Priority } from '../cases/contract.ts';
import { ShiftId } from '../crews/contract.ts';
import { Job, JobChange, JobId, JobState, Slot, TimeWindow } from '../jobs/contract.ts';

/**
 * Everything that changes the state of cases, jobs and assignments, as data. One function decides and writes them:
 * `apply.ts`. `version` is what the caller saw; a stale one is answered 409 `stale-version` with the present state.
 */

const version = z.int().min(1);
const Instant = z.iso.datetime({ offset: true });

// ------------------------------------------------------------------ cases (dispatcher, policy)

export const NewJob = z.strictObject({
  jobType: z.string().min(1),
  title: z.string().min(1).max(200),
  place: Point,
  roadPoint: Point,
  placeText: z.string().nullable(),
  serviceSeconds: z.int().min(60).max(86_400),
  slots: z.array(Slot).min(1).max(4),
  windows: z.array(TimeWindow).max(10).default([]),
  dueAt: Instant.nullable(),
  releaseAt: Instant.optional(),
  priority: Priority,
  emergency: z.boolean().default(false),
  proof: z.array(z.string()).default([]),
  draft: z.boolean().default(false),
});
export type NewJob = z.infer<typeof NewJob>;

export const CaseCommand = z.discriminatedUnion('type', [
  /** Makes a job for these cases (all of one place). */
  z.strictObject({
    type: z.literal('case.make_job'),
    caseIds: z.array(CaseId).min(1).max(200),
    job: NewJob,
    /**
     * By case id, what the catalogue gives that case by itself: splitting restores it. Left out, it is `job` with the
     * case's own place, due time and priority.
     */
    ownJobs: z.record(z.string(), NewJob).optional(),
    cause: z.enum(['policy', 'dispatcher']),
  }),
  /** The case is answered by an existing job. */
  z.strictObject({
    type: z.literal('case.join'),
    caseId: CaseId,
    version: version.optional(),
    jobId: JobId,
    /** What the catalogue gives this case by itself, for a later split. */
    ownJob: NewJob.optional(),
    /** The job it had and no longer needs; cancelled when no other case needs it and no crew has been told of it. */
    leave: JobId.optional(),
    cause: z.enum(['policy', 'dispatcher']),
  }),
  /** Takes the case out of the job; it gets the job it needs by itself again (`ownJob`), or waits for triage. */
  z.strictObject({
    type: z.literal('case.split'),
    caseId: CaseId,
    version: version.optional(),
    jobId: JobId,
    ownJob: z.boolean().default(true),
  }),
  z.strictObject({
    type: z.literal('case.triage'),
    caseId: CaseId,
    version: version.optional(),
    priority: Priority.optional(),
    dueAt: Instant.nullable().optional(),
  }),
  z.strictObject({ type: z.literal('case.duplicate'), caseId: CaseId, version, of: CaseId }),
  z.strictObject({ type: z.literal('case.refer'), caseId: CaseId, version, reason: z.string().min(1).max(500) }),
  z.strictObject({ type: z.literal('case.no_action'), caseId: CaseId, version, reason: z.string().min(1).max(500) }),
  z.strictObject({ type: z.literal('case.cancel'), caseId: CaseId, version, reason: z.string().min(1).max(500) }),
  z.strictObject({ type: z.literal('case.hold'), caseId: CaseId, version, reason: z.string().min(1).max(500) }),
  /** Takes back duplicate, referred, no action, cancelled or on hold. */
  z.strictObject({ type: z.literal('case.release'), caseId: CaseId, version }),
  z.strictObject({ type: z.literal('case.reopen'), caseId: CaseId, version, reason: z.string().min(1).max(500) }),
]);
export type CaseCommand = z.infer<typeof CaseCommand>;

// ------------------------------------------------------------------ jobs (dispatcher)

export const JobCommand = z.discriminatedUnion('type', [
  z.strictObject({ type: z.literal('job.change'), jobId: JobId, version, change: JobChange }),
  z.strictObject({ type: z.literal('job.release'), jobId: JobId, version }),
  z.strictObject({ type: z.literal('job.hold'), jobId: JobId, version, reason: z.string().min(1).max(500) }),
  z.strictObject({ type: z.literal('job.cancel'), jobId: JobId, version, reason: z.string().min(1).max(500) }),
]);
export type JobCommand = z.infer<typeof JobCommand>;

// ------------------------------------------------------------------ assignments (dispatcher)

/** Why a dispatcher wants it otherwise than the plan, in a few words; kept with what was changed. */
const why = z.string().min(1).max(200).optional();

const place = {
  why,
  shiftId: ShiftId,
  /** Before this assignment of the shift; left out = at the end. */
  before: AssignmentId.optional(),
  plannedStart: Instant.optional(),
};

export const AssignmentCommand = z.discriminatedUnion('type', [
  z.strictObject({
    type: z.literal('assignment.assign'),
    jobId: JobId,
    version,
    slot: z.int().min(0).default(0),
    ...place,
    lockCrew: z.boolean().default(true),
  }),
  z.strictObject({
    type: z.literal('assignment.move'),
    assignmentId: AssignmentId,
    version,
    ...place,
    lockCrew: z.boolean().default(true),
  }),
  z.strictObject({ type: z.literal('assignment.unassign'), assignmentId: AssignmentId, version, why }),
  z.strictObject({
    type: z.literal('assignment.lock'),
    assignmentId: AssignmentId,
    version,
    crew: z.boolean().optional(),
    time: z.boolean().optional(),
    order: z.boolean().optional(),
    why,
  }),
  z.strictObject({ type: z.literal('assignment.promise'), assignmentId: AssignmentId, version, from: Instant, until: Instant }),
  z.strictObject({ type: z.literal('assignment.dispatch'), assignmentId: AssignmentId, version }),
  z.strictObject({
    type: z.literal('assignment.recall'),
    assignmentId: AssignmentId,
    version,
    reason: z.string().min(1).max(500),
  }),
  z.strictObject({
    type: z.literal('assignment.cancel'),
    assignmentId: AssignmentId,
    version,
    reason: z.string().min(1).max(500),
  }),
]);
export type AssignmentCommand = z.infer<typeof AssignmentCommand>;

// ------------------------------------------------------------------ field facts (crew; dispatcher "by radio")

const fact = { assignmentId: AssignmentId };

export const FieldFact = z.discriminatedUnion('type', [
  z.strictObject({ type: z.literal('field.accept'), ...fact }),
  z.strictObject({ type: z.literal('field.decline'), ...fact, reason: z.string().min(1).max(60) }),
  z.strictObject({ type: z.literal('field.travel'), ...fact }),
  z.strictObject({ type: z.literal('field.arrive'), ...fact }),
  z.strictObject({ type: z.literal('field.start'), ...fact }),
  z.strictObject({ type: z.literal('field.pause'), ...fact, reason: z.string().max(60).optional() }),
  z.strictObject({ type: z.literal('field.resume'), ...fact }),
  z.strictObject({
    type: z.literal('field.complete'),
    ...fact,
    /** The device's last position sequence number: verification waits for the fixes up to it. */
    fixesThrough: z.int().min(0).nullable().default(null),
    words: z.string().max(2000).optional(),
  }),
  z.strictObject({
    type: z.literal('field.cannot_complete'),
    ...fact,
    reason: CannotCompleteReason,
    fixesThrough: z.int().min(0).nullable().default(null),
    /** The requirement that was missing, for needs_plant, needs_part and the like. */
    missing: z.array(z.string().max(60)).max(5).default([]),
    secondsLeft: z.int().min(60).max(86_400).optional(),
    words: z.string().max(2000).optional(),
  }),
  /** The crew has seen that the work was recalled or cancelled. */
  z.strictObject({ type: z.literal('field.acknowledge_recall'), ...fact }),
]);
export type FieldFact = z.infer<typeof FieldFact>;

// ------------------------------------------------------------------ the server's own

/** One stop as a plan wants it. `assignmentId` when the slot is assigned already. */
export const PlanStop = z.strictObject({
  jobId: JobId,
  slot: z.int().min(0),
  assignmentId: AssignmentId.nullable(),
  shiftId: ShiftId,
  position: z.int().min(0),
  /** When the crew has to leave for it; left out, the end of the stop before, or the start of the shift. */
  plannedDeparture: Instant.optional(),
  plannedArrival: Instant,
  plannedStart: Instant,
  plannedEnd: Instant,
});
export type PlanStop = z.infer<typeof PlanStop>;

export const SystemCommand = z.discriminatedUnion('type', [
  /**
   * Publishes a plan's stops: moves only `planned`, leaves out and lists what has another planning version, is locked
   * against the move, or is no longer movable; frees the planned assignments the plan leaves out.
   */
  z.strictObject({
    type: z.literal('plan.publish'),
    planId: z.uuid(),
    stops: z.array(PlanStop),
    leftOut: z.array(AssignmentId),
    saw: z.strictObject({ jobs: z.record(z.string(), z.int()), shifts: z.record(z.string(), z.int()) }),
    freezeSeconds: z.int().min(0),
  }),
  /** The freeze horizon has reached this stop: planned becomes dispatched. */
  z.strictObject({ type: z.literal('timer.freeze'), assignmentId: AssignmentId }),
  z.strictObject({ type: z.literal('timer.recall_timeout'), assignmentId: AssignmentId }),
  z.strictObject({ type: z.literal('timer.shift_end'), shiftId: ShiftId }),
  /** The vehicle has entered the fence and the policy stamps arrivals. */
  z.strictObject({ type: z.literal('fence.arrive'), assignmentId: AssignmentId, at: Instant }),
  /** The track says whether there was a visit. */
  z.strictObject({
    type: z.literal('visit.settle'),
    assignmentId: AssignmentId,
    verification: z.enum(['verified', 'unverified']),
    visitSeconds: z.int().min(0).nullable(),
  }),
]);
export type SystemCommand = z.infer<typeof SystemCommand>;

export const Command = z.union([CaseCommand, JobCommand, AssignmentCommand, FieldFact, SystemCommand]);
export type Command = z.infer<typeof Command>;
export type CommandType = Command['type'];

/** Why a published plan left a stop alone. */
export const LeftAlone = z.strictObject({
  jobId: JobId,
  slot: z.int(),
  because: z.enum([
    'job_changed',
    'shift_changed',
    'shift_ended',
    'not_movable',
    'locked',
    'slot_taken',
    'job_not_ready',
    /** Of the same job: crews that come at once are moved together or not at all. */
    'other_crew_left_alone',
  ]),
});
export type LeftAlone = z.infer<typeof LeftAlone>;

export const PublishOutcome = z.strictObject({
  planId: z.uuid(),
  assigned: z.int(),
  moved: z.int(),
  unassigned: z.int(),
  unchanged: z.int(),
  dispatched: z.int(),
  leftAlone: z.array(LeftAlone),
  /** Shifts whose order changed, with the new order version. */
  shifts: z.array(z.strictObject({ shiftId: ShiftId, orderVersion: z.int() })),
});
export type PublishOutcome = z.infer<typeof PublishOutcome>;

/** A field fact that contradicts what the office had decided is kept and asked about; see `question`. */
export const QUESTION_KINDS = [
  'done_after_recall',
  'done_after_cancel',
  'done_by_two',
  'after_shift',
  'shift_end_unsynchronised',
  'crew_on_other_job',
  'ended_twice',
] as const;
export const QuestionKind = z.enum(QUESTION_KINDS);
export type QuestionKind = z.infer<typeof QuestionKind>;

/** A question as the dispatcher sees it; `body` holds both sides as ids, states, codes and times. */
export const Question = z.strictObject({
  id: z.uuid(),
  kind: QuestionKind,
  jobId: z.uuid().nullable(),
  assignmentId: z.uuid().nullable(),
  shiftId: z.uuid().nullable(),
  caseId: z.uuid().nullable(),
  askedAt: z.iso.datetime(),
  body: z.record(z.string(), z.unknown()),
  answeredAt: z.iso.datetime().nullable(),
  answer: z.string().nullable(),
});
export type Question = z.infer<typeof Question>;

// ------------------------------------------------------------------ reading

/** A job as dispatchers see it: with who has its slots, and how many cases it answers. */
export const JobView = Job.extend({
  caseCount: z.int(),
  /** All of them, past ones too, by slot and time. */
  assignments: z.array(
    Assignment.pick({
      id: true,
      slot: true,
      shiftId: true,
      position: true,
      planId: true,
      state: true,
      requested: true,
      reason: true,
      plannedStart: true,
      plannedEnd: true,
      lockCrew: true,
      promisedFrom: true,
      promisedUntil: true,
      onSiteAt: true,
      endedAt: true,
      verification: true,
      version: true,
    }),
  ),
});
export type JobView = z.infer<typeof JobView>;

/** GET /api/jobs: filters add up; newest number first, a page at a time. */
export const JobFilter = z.strictObject({
  /** Several with commas: `ready,planned`. */
  state: z
    .string()
    .transform((text) => text.split(','))
    .pipe(z.array(JobState).min(1))
    .optional(),
  jobType: z.string().max(100).optional(),
  areaId: z.uuid().optional(),
  shiftId: z.uuid().optional(),
  caseId: z.uuid().optional(),
  /** Only these, with commas between. */
  ids: z
    .string()
    .max(8_000)
    .transform((text) => text.split(','))
    .pipe(z.array(JobId).min(1).max(200))
    .optional(),
  /** Of those that are over only the ones that ended after this. */
  endedAfter: z.iso.datetime({ offset: true }).optional(),
  /** Part of the title or the place, or the number. */
  q: z.string().min(1).max(100).optional(),
  /** Numbers below this one. */
  before: z.coerce.number().int().min(0).max(2_147_483_647).optional(),
  limit: z.coerce.number().int().min(1).max(1000).default(100),
});
export type JobFilter = z.infer<typeof JobFilter>;

/** An assignment as dispatchers see it, with what the office wrote to the crew. */
export const AssignmentView = Assignment.extend({ officeWords: z.string().nullable(), notePresent: z.boolean() });
export type AssignmentView = z.infer<typeof AssignmentView>;

// ------------------------------------------------------------------ the answer

/** Everything a command changed, with its new state and version; the things it named are there also when unchanged. */
export const WorkAnswer = z.strictObject({
  cases: z.array(z.strictObject({ id: CaseId, number: z.string(), state: CaseState, version: z.int() })),
  jobs: z.array(
    z.strictObject({
      id: JobId,
      number: z.int(),
      state: JobState,
      version: z.int(),
      planningVersion: z.int(),
      followUpOf: JobId.nullable(),
    }),
  ),
  assignments: z.array(Assignment),
  shifts: z.array(z.strictObject({ id: ShiftId, orderVersion: z.int() })),
  /** Contradictions that were put to the dispatcher. */
  questions: z.array(z.strictObject({ id: z.uuid(), kind: QuestionKind })),
});
export type WorkAnswer = z.infer<typeof WorkAnswer>;
