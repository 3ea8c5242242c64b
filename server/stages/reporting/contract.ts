import { z } from 'zod';
import { CaseState } from '../../stores/cases/contract.ts';
import { ShiftState } from '../../stores/crews/contract.ts';
import { JobState } from '../../stores/jobs/contract.ts';
import { PlanState, RoadSourceName } from '../../stores/plans/contract.ts';

const Count = z.int().min(0);
const Seconds = z.int();
const Instant = z.iso.datetime();
const Late = { jobs: Count, medianSeconds: Seconds.nullable(), p90Seconds: Seconds.nullable() };

/** What waits in one area; `areaId` null: in no area of this kind. */
export const AreaWaiting = z.strictObject({
  kind: z.string(),
  areaId: z.uuid().nullable(),
  name: z.string().nullable(),
  jobs: Count,
  withCrew: Count,
  oldestSeconds: Seconds,
});
export type AreaWaiting = z.infer<typeof AreaWaiting>;

/** One crew's day against its shift. */
export const CrewLoad = z.strictObject({
  shiftId: z.uuid(),
  crewNumber: z.int(),
  crewName: z.string(),
  state: ShiftState,
  from: Instant,
  until: Instant,
  /** Of the shift, breaks taken off. */
  availableSeconds: Seconds,
  workedSeconds: Seconds,
  drivenSeconds: Seconds,
  workAheadSeconds: Seconds,
  /** By the plan in force; stops given by hand since are not in it. */
  driveAheadSeconds: Seconds,
  /** Open stops whose driving no plan has said yet. */
  stopsWithoutDriving: Count,
  done: Count,
  notDone: Count,
  open: Count,
  metres: z.int().nullable(),
  /** fixes: driven, from the vehicle's positions. plan: no position was heard of, so what the plan in force says. */
  metresFrom: z.enum(['fixes', 'plan', 'unknown']),
});
export type CrewLoad = z.infer<typeof CrewLoad>;

/** A plan of the day with what it cost and what publishing it changed. */
export const DayPlan = z.strictObject({
  id: z.uuid(),
  state: PlanState,
  madeAt: Instant,
  publishedAt: Instant.nullable(),
  cost: z.number(),
  roadsSource: RoadSourceName,
  certified: z.boolean(),
  changes: z
    .strictObject({
      assigned: Count,
      moved: Count,
      unassigned: Count,
      unchanged: Count,
      dispatched: Count,
      leftAlone: Count,
    })
    .nullable(),
});
export type DayPlan = z.infer<typeof DayPlan>;

/** The service day in figures as it is now. Every count has its list at /api/fleet/today/jobs or /reports. */
export const FleetToday = z.strictObject({
  serviceDay: z.iso.date(),
  /** When the local day began; hours are counted from here. */
  from: Instant,
  /** City time of these figures. */
  at: Instant,
  /** They know everything up to this event at least; null: it was not known which is the newest. */
  seq: z.int().nullable(),
  done: z.strictObject({ jobs: Count, verified: Count, pending: Count, unverified: Count, notDone: Count }),
  /** Begun after they were due, of all `begun` that had a due time. */
  late: z.strictObject({ ...Late, begun: Count }),
  /** Due and not begun. */
  overdue: z.strictObject(Late),
  waiting: z.strictObject({
    jobs: Count,
    withCrew: Count,
    oldestSeconds: Seconds.nullable(),
    underWay: Count,
    aside: Count,
    areas: z.array(AreaWaiting),
  }),
  /** From the first report to the first crew on site. */
  emergencies: z.strictObject({
    jobs: Count,
    reached: Count,
    medianSeconds: Seconds.nullable(),
    p90Seconds: Seconds.nullable(),
    longestOpenSeconds: Seconds.nullable(),
  }),
  kilometres: z.strictObject({
    drivenMetres: Count,
    drivenCrews: Count,
    plannedMetres: Count,
    plannedCrews: Count,
    unknownCrews: Count,
    /** City time of the newest fix that is counted. */
    through: Instant.nullable(),
  }),
  crews: z.array(CrewLoad),
  plans: z.array(DayPlan),
  /** From the first hour with anything in it to now. */
  hours: z.array(z.strictObject({ hour: z.int(), from: Instant, reports: Count, done: Count })),
});
export type FleetToday = z.infer<typeof FleetToday>;

/** Which jobs of the day: those behind one figure. */
export const JobsBehind = z.strictObject({
  of: z.enum(['done', 'not_done', 'late', 'overdue', 'waiting', 'under_way', 'aside', 'emergencies', 'crew']),
  verification: z.enum(['verified', 'pending', 'unverified']).optional(),
  hour: z.coerce.number().int().min(0).max(30).optional(),
  /** With `waiting`: those a crew has, or nobody has. With `emergencies`: those a crew has reached, or not. */
  withCrew: z.stringbool().optional(),
  reached: z.stringbool().optional(),
  /** With `waiting`: of one area, or (without `areaId`) of none of this kind. */
  areaKind: z.string().max(40).optional(),
  areaId: z.uuid().optional(),
  /** With `crew`. */
  shiftId: z.uuid().optional(),
  limit: z.coerce.number().int().min(1).max(500).default(200),
});
export type JobsBehind = z.infer<typeof JobsBehind>;

export const JobBehind = z.strictObject({
  id: z.uuid(),
  number: z.int(),
  title: z.string(),
  jobType: z.string(),
  priority: z.int(),
  emergency: z.boolean(),
  state: JobState,
  placeText: z.string().nullable(),
  dueAt: Instant.nullable(),
  reportedAt: Instant,
  begunAt: Instant.nullable(),
  reachedAt: Instant.nullable(),
  endedAt: Instant.nullable(),
  lateSeconds: Seconds.nullable(),
  verification: z.enum(['verified', 'pending', 'unverified']).nullable(),
  reason: z.string().nullable(),
  crews: z.array(z.strictObject({ shiftId: z.uuid(), name: z.string(), number: z.int() })),
});
export type JobBehind = z.infer<typeof JobBehind>;

/** `total` counts also those beyond the limit. */
export const JobsBehindPage = z.strictObject({ total: Count, at: Instant, jobs: z.array(JobBehind) });
export type JobsBehindPage = z.infer<typeof JobsBehindPage>;

export const ReportsBehind = z.strictObject({
  hour: z.coerce.number().int().min(0).max(30).optional(),
  limit: z.coerce.number().int().min(1).max(500).default(200),
});

export const ReportBehind = z.strictObject({
  id: z.uuid(),
  number: z.string(),
  serviceType: z.string(),
  placeText: z.string().nullable(),
  reportedAt: Instant,
  state: CaseState,
  jobNumber: z.int().nullable(),
});
export type ReportBehind = z.infer<typeof ReportBehind>;

export const ReportsBehindPage = z.strictObject({ total: Count, at: Instant, reports: z.array(ReportBehind) });
export type ReportsBehindPage = z.infer<typeof ReportsBehindPage>;
