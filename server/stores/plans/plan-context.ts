import type { Db } from '../../../db/knex.ts';
import type { AssignmentState } from '../assignments/contract.ts';
import type { ShiftState } from '../crews/contract.ts';
import type { JobState } from '../jobs/contract.ts';
import { HOLDS_ITS_SLOT } from './snapshot.ts';

/** What is true now of the jobs and shifts that a plan speaks of: what a draft is looked at against. */
export interface PlanContext {
  readonly jobs: ReadonlyMap<string, ContextJob>;
  readonly shifts: ReadonlyMap<string, ContextShift>;
  /** What holds each slot now, by job id and slot: see `contextKey`. */
  readonly holders: ReadonlyMap<string, ContextAssignment>;
}

export interface ContextJob {
  readonly id: string;
  readonly number: number;
  readonly title: string;
  readonly priority: number;
  readonly organisationId: string;
  readonly areaIds: readonly string[];
  readonly dueAt: Date | null;
  readonly state: JobState;
  readonly planningVersion: number;
  readonly waitingSince: Date;
}

export interface ContextShift {
  readonly id: string;
  readonly crewName: string;
  readonly organisationId: string;
  readonly state: ShiftState;
  readonly planningVersion: number;
}

export interface ContextAssignment {
  readonly id: string;
  readonly jobId: string;
  readonly slot: number;
  readonly shiftId: string;
  readonly state: AssignmentState;
  readonly plannedStart: Date | null;
}

export const contextKey = (jobId: string, slot: number): string => `${jobId}:${slot}`;

/** Reads one moment (repeatable read) of those jobs and shifts; ids that are not there are absent. */
export async function readPlanContext(db: Db, jobIds: readonly string[], shiftIds: readonly string[]): Promise<PlanContext> {
  return db.transaction(
    async (tx) => {
      const jobs = await tx.raw<{ rows: ContextJob[] }>(
        `select j.id, j.number, j.title, j.priority, j.organisation_id as "organisationId", j.area_ids as "areaIds",
           j.due_at as "dueAt", j.state, j.planning_version as "planningVersion",
           coalesce((select min(c.reported_at) from case_job l join cases c on c.id = l.case_id
             where l.job_id = j.id and l.left_at is null), j.created_at) as "waitingSince"
         from job j where j.id = any(:jobIds)`,
        { jobIds },
      );
      const shifts = await tx.raw<{ rows: ContextShift[] }>(
        `select s.id, c.name as "crewName", s.organisation_id as "organisationId", s.state, s.planning_version as "planningVersion"
         from crew_shift s join crew c on c.id = s.crew_id where s.id = any(:shiftIds)`,
        { shiftIds },
      );
      const assignments = await tx.raw<{ rows: ContextAssignment[] }>(
        `select a.id, a.job_id as "jobId", a.slot, a.shift_id as "shiftId", a.state, a.planned_start as "plannedStart"
         from assignment a where a.job_id = any(:jobIds) and ${HOLDS_ITS_SLOT}`,
        { jobIds },
      );
      return {
        jobs: new Map(jobs.rows.map((job) => [job.id, job])),
        shifts: new Map(shifts.rows.map((shift) => [shift.id, shift])),
        holders: new Map(assignments.rows.map((a) => [contextKey(a.jobId, a.slot), a])),
      };
    },
    { isolationLevel: 'repeatable read', readOnly: true },
  );
}
