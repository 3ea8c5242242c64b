import { z } from 'zod';
import { Priority } from '../cases/contract.ts';
import { Bounds, CityPoint } from '../city/contract.ts';
import { RoadSourceName } from '../plans/contract.ts';

/** `<city>-<date>-seed<seed>`: also the name of its file, so nothing else may stand in it. */
export const RecordedDayName = z
  .string()
  .regex(
    /^[a-z0-9]+(-[a-z0-9]+)*-\d{4}-\d{2}-\d{2}-seed\d{1,10}$/,
    'must be the name of a recorded day, like dc-2026-01-27-seed1',
  );

const Instant = z.iso.datetime();
const Count = z.int().min(0);
const Counts = z.record(z.string(), Count);
const Figure = z.number().nullable();
const Spread = z.object({ median: z.number(), p95: z.number(), most: z.number() });

/** How a job of the day ended: `with_crew` when a crew still had it, `aside` when the desk had set it aside. */
export const JobOutcome = z.enum(['done', 'cannot', 'not_today', 'with_crew', 'aside', 'cancelled']);
export type JobOutcome = z.infer<typeof JobOutcome>;

export const RecordedJob = z.strictObject({
  number: z.int(),
  title: z.string(),
  priority: Priority,
  emergency: z.boolean(),
  place: CityPoint,
  placeText: z.string().nullable(),
  /** How many reports it answers. */
  reports: Count,
  reportedAt: Instant,
  dueAt: Instant.nullable(),
  begunAt: Instant.nullable(),
  endedAt: Instant.nullable(),
  outcome: JobOutcome,
  verification: z.enum(['verified', 'pending', 'unverified']).nullable(),
  /** Of what is done: how long after it was due it was begun; null: in time. */
  lateMinutes: z.int().nullable(),
  /** Why it was not done: the crew's reason, or the last plan's. */
  reason: z.strictObject({ code: z.string(), params: z.record(z.string(), z.unknown()) }).nullable(),
  crewNumber: z.int().nullable(),
});
export type RecordedJob = z.infer<typeof RecordedJob>;

const EncodedLine = z.strictObject({ points: z.string(), precision: z.int() });

/** What a crew did from one time to another; `line` is the way it drove, or the one point where it was. */
export const RecordedStretch = z.strictObject({
  kind: z.enum(['drive', 'work', 'break', 'idle']),
  from: Instant,
  until: Instant,
  jobNumber: z.int().nullable(),
  line: EncodedLine,
});
export type RecordedStretch = z.infer<typeof RecordedStretch>;

export const RecordedCrew = z.strictObject({
  number: z.int(),
  name: z.string(),
  from: Instant,
  until: Instant,
  metres: Count,
  stretches: z.array(RecordedStretch),
  /** When its phone had no signal. */
  silences: z.array(z.strictObject({ from: Instant, until: Instant })),
});
export type RecordedCrew = z.infer<typeof RecordedCrew>;

export const RecordedPlan = z.object({
  at: Instant,
  reason: z.string(),
  cost: z.number(),
  roadsSource: RoadSourceName,
  lpStatus: z.array(z.string()),
  certified: z.boolean(),
  jobs: Count,
  assigned: Count,
  leftOut: Count,
  published: z.object({ assigned: Count, moved: Count, unassigned: Count, dispatched: Count, leftAlone: Count }),
});
export type RecordedPlan = z.infer<typeof RecordedPlan>;

/** The printed report, as far as the page shows it. */
export const RecordedFigures = z.object({
  requests: z.object({ inDay: Count, invented: Count, sent: Count, refused: Counts }),
  cases: z.object({ reported: Count, onRoad: Count, byPlaceQuality: Counts, byState: Counts }),
  clusters: z.object({ jobsFromReports: Count, reportsJoined: Count, largest: Count }),
  jobs: z.object({ made: Count, followUps: Count, byState: Counts }),
  done: z.object({ jobs: Count, cases: Count, byVerification: Counts }),
  late: z.object({ jobs: Count, onTime: Count, medianMinutes: Figure, p90Minutes: Figure, totalMinutes: z.number() }),
  cannotComplete: Counts,
  notToday: Count,
  waitingByArea: z.array(
    z.object({ area: z.string(), jobs: Count, done: Count, medianMinutes: z.number(), p90Minutes: z.number() }),
  ),
  questions: Counts,
  events: Count,
  crews: z.object({
    count: Count,
    kilometres: z.number(),
    drivingMinutes: z.number(),
    workingMinutes: z.number(),
    idleMinutes: z.number(),
    facts: Count,
    factsSentTwice: Count,
    factsRefused: Counts,
    silences: Count,
  }),
  plans: z.array(RecordedPlan),
  desk: z.object({ movedByHand: Count, refusedByHand: Count, failedPlans: Count }),
  fixes: z.object({ sent: Count, acknowledged: Count, stored: Count, lost: z.int(), leftOnPhones: z.int() }),
  invariants: z.record(z.string(), z.boolean()),
  timings: z.object({
    machine: z.string(),
    wallSeconds: z.number(),
    planSeconds: Spread,
    publishSeconds: Spread,
    assignmentToDeviceMs: Spread.extend({ missed: Count }),
    faults: z.array(
      z.object({
        what: z.string(),
        at: Instant,
        shownAfterSeconds: z.number().nullable(),
        healedAfterSeconds: z.number().nullable(),
      }),
    ),
  }),
});
export type RecordedFigures = z.infer<typeof RecordedFigures>;

/** A day that was played against a real server, kept to be looked at. Nothing a reporter wrote is in it. */
export const RecordedDay = z.strictObject({
  format: z.literal(1),
  name: RecordedDayName,
  city: z.string(),
  cityTitle: z.string(),
  zone: z.string(),
  date: z.iso.date(),
  seed: z.int(),
  /** What was played of the day. */
  from: Instant,
  until: Instant,
  bounds: Bounds,
  depots: z.array(z.strictObject({ name: z.string(), place: CityPoint })),
  figures: RecordedFigures,
  /** By the local hour. */
  hours: z.array(z.strictObject({ from: Instant, reports: Count, jobsMade: Count, jobsDone: Count, begunLate: Count })),
  jobs: z.array(RecordedJob),
  crews: z.array(RecordedCrew),
});
export type RecordedDay = z.infer<typeof RecordedDay>;

/** A recorded day in the list; figures are null where the file cannot be read. */
export const RecordedDayListed = z.strictObject({
  name: RecordedDayName,
  figures: z
    .strictObject({
      cityTitle: z.string(),
      date: z.iso.date(),
      seed: z.int(),
      reports: Count,
      done: Count,
      late: Count,
      notToday: Count,
      crews: Count,
      holds: z.boolean(),
    })
    .nullable(),
});
export type RecordedDayListed = z.infer<typeof RecordedDayListed>;

export const RecordedDays = z.strictObject({
  days: z.array(RecordedDayListed),
  /** What makes one, for this city. */
  command: z.string(),
});
export type RecordedDays = z.infer<typeof RecordedDays>;
