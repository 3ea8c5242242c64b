import type { Db } from '../../../db/knex.ts';
import type { LonLat } from '../../../routing/units.ts';
import { ACTIVE_ASSIGNMENT_STATES, type AssignmentId, type AssignmentState } from '../assignments/contract.ts';
import type { ShiftBreak, ShiftId, ShiftState } from '../crews/contract.ts';
import type { JobId, JobState, Slot } from '../jobs/contract.ts';

/**
 * Everything a plan sees of the other nouns, in one consistent read. It lies with the plans and not with each of
 * the nouns because a plan must see one moment: four statements of one snapshot, and only the columns it plans with.
 */
export interface Snapshot {
  readonly serviceDay: string;
  readonly at: Date;
  readonly shifts: readonly SnapshotShift[];
  readonly jobs: readonly SnapshotJob[];
  readonly assignments: readonly SnapshotAssignment[];
}

/** A shift that is running or to come. */
export interface SnapshotShift {
  readonly id: ShiftId;
  readonly crewName: string;
  readonly organisationId: string;
  readonly from: Date;
  readonly until: Date;
  readonly startPlace: LonLat;
  readonly endPlace: LonLat | null;
  readonly skills: readonly string[];
  readonly plant: readonly string[];
  readonly breaks: readonly ShiftBreak[];
  readonly overtimeAllowedSeconds: number;
  readonly state: ShiftState;
  readonly planningVersion: number;
  /** The newest trustworthy position of a vehicle that is in the shift now. */
  readonly position: { readonly place: LonLat; readonly at: Date } | null;
  /** Where its last finished stop was, and when it was done there. */
  readonly lastStop: { readonly place: LonLat; readonly at: Date } | null;
  /** Where it should be by now on its planned way, and when it was last known where it was; null: not worked out, see `projectStarts`. */
  readonly projected: { readonly place: LonLat; readonly knownAt: Date } | null;
}

/** A job that is open and decided by nobody against being done. */
export interface SnapshotJob {
  readonly id: JobId;
  readonly number: number;
  readonly title: string;
  readonly organisationId: string;
  readonly place: LonLat;
  readonly serviceSeconds: number;
  readonly slots: readonly Slot[];
  readonly windows: readonly { readonly from: Date; readonly until: Date }[];
  readonly dueAt: Date | null;
  readonly releaseAt: Date;
  readonly priority: number;
  readonly emergency: boolean;
  readonly state: JobState;
  readonly planningVersion: number;
  /** When the oldest of its cases was reported; without cases, when the job was made. */
  readonly waitingSince: Date;
  /** Slots that crews of these shifts have declined. */
  readonly declined: readonly { readonly slot: number; readonly shiftId: ShiftId }[];
  /** Slots that a crew has ended, done or not: nobody is sent there again for this job. */
  readonly endedSlots: readonly number[];
  /** Jobs that must be completed first and are not. */
  readonly waitsFor: readonly JobId[];
}

/** An assignment that holds its slot, of any shift. */
export interface SnapshotAssignment {
  readonly id: AssignmentId;
  readonly jobId: JobId;
  readonly slot: number;
  readonly shiftId: ShiftId;
  readonly position: number;
  readonly state: AssignmentState;
  readonly plannedStart: Date | null;
  readonly lockCrew: boolean;
  readonly lockTime: boolean;
  readonly lockOrder: boolean;
  readonly promised: { readonly from: Date; readonly until: Date } | null;
  /** Said to be on its way there since; null before. */
  readonly travellingAt: Date | null;
  /** Work since then goes on; null while it does not. */
  readonly workingSince: Date | null;
  /** Work before that, pauses left out. */
  readonly workedSeconds: number | null;
}

/** Written out, so that PostgreSQL sees that the partial index on active assignments answers it. */
export const HOLDS_ITS_SLOT = `a.state in (${ACTIVE_ASSIGNMENT_STATES.map((state) => `'${state}'`).join(', ')}) and a.requested is null`;

const PLANNABLE: readonly JobState[] = ['ready', 'planned', 'dispatched', 'under_way'];

/**
 * Reads one moment of the city for the planning of `serviceDay`; sorted by id, so that equal cities give equal
 * snapshots. Opens its own transaction (repeatable read, read only).
 */
export async function readSnapshot(db: Db, serviceDay: string, at: Date): Promise<Snapshot> {
  return db.transaction(
    async (tx) => ({
      serviceDay,
      at,
      shifts: await listShifts(tx, serviceDay, at),
      jobs: await listJobs(tx),
      assignments: await listAssignments(tx),
    }),
    { isolationLevel: 'repeatable read', readOnly: true },
  );
}

interface ShiftRow extends Omit<SnapshotShift, 'startPlace' | 'endPlace' | 'position' | 'lastStop' | 'projected'> {
  startLon: number;
  startLat: number;
  endLon: number | null;
  endLat: number | null;
  fixLon: number | null;
  fixLat: number | null;
  fixAt: Date | null;
  stopLon: number | null;
  stopLat: number | null;
  stopAt: Date | null;
}

async function listShifts(tx: Db, serviceDay: string, at: Date): Promise<SnapshotShift[]> {
  const { rows } = await tx.raw<{ rows: ShiftRow[] }>(
    `select s.id, c.name as "crewName", s.organisation_id as "organisationId", lower(s.during) as "from", upper(s.during) as "until",
       st_x(s.start_place) as "startLon", st_y(s.start_place) as "startLat", st_x(s.end_place) as "endLon",
       st_y(s.end_place) as "endLat", s.skills, s.plant, s.breaks, s.overtime_allowed_seconds as "overtimeAllowedSeconds",
       s.state, s.planning_version as "planningVersion", p.lon as "fixLon", p.lat as "fixLat", p.fix_time as "fixAt",
       l.lon as "stopLon", l.lat as "stopLat", l.ended_at as "stopAt"
     from crew_shift s
     join crew c on c.id = s.crew_id
     left join lateral (
       select v.lon, v.lat, v.fix_time from shift_member m join vehicle_position v on v.vehicle_id = m.resource_id
       where m.shift_id = s.id and m.kind = 'vehicle' and m.during @> cast(:at as timestamptz)
       order by v.fix_time desc, v.vehicle_id limit 1
     ) p on true
     left join lateral (
       select st_x(j.road_point) as lon, st_y(j.road_point) as lat, a.ended_at from assignment a join job j on j.id = a.job_id
       where a.shift_id = s.id and a.state in ('completed', 'cannot_complete')
       order by a.ended_at desc, a.id limit 1
     ) l on true
     where s.service_day = :serviceDay and s.state <> 'ended'
       and upper(s.during) + make_interval(secs => s.overtime_allowed_seconds) > cast(:at as timestamptz)
     order by s.id`,
    { serviceDay, at },
  );
  return rows.map(({ startLon, startLat, endLon, endLat, fixLon, fixLat, fixAt, stopLon, stopLat, stopAt, ...shift }) => ({
    ...shift,
    startPlace: { lon: startLon, lat: startLat },
    endPlace: endLon === null || endLat === null ? null : { lon: endLon, lat: endLat },
    position: placeAt(fixLon, fixLat, fixAt),
    lastStop: placeAt(stopLon, stopLat, stopAt),
    projected: null,
  }));
}

const placeAt = (lon: number | null, lat: number | null, at: Date | null) =>
  lon === null || lat === null || at === null ? null : { place: { lon, lat }, at };

interface JobRow extends Omit<SnapshotJob, 'place' | 'windows'> {
  lon: number;
  lat: number;
  windows: { from: string; until: string }[];
}

async function listJobs(tx: Db): Promise<SnapshotJob[]> {
  const { rows } = await tx.raw<{ rows: JobRow[] }>(
    `select j.id, j.number, j.title, j.organisation_id as "organisationId", st_x(j.road_point) as lon, st_y(j.road_point) as lat,
       j.service_seconds as "serviceSeconds", j.slots, j.windows, j.due_at as "dueAt", j.release_at as "releaseAt", j.priority,
       j.emergency, j.state, j.planning_version as "planningVersion",
       coalesce((select min(c.reported_at) from case_job l join cases c on c.id = l.case_id where l.job_id = j.id and l.left_at is null),
         j.created_at) as "waitingSince",
       coalesce((select jsonb_agg(jsonb_build_object('slot', d.slot, 'shiftId', d.shift_id) order by d.shift_id, d.slot)
         from (select distinct slot, shift_id from assignment where job_id = j.id and state = 'declined') d), '[]') as declined,
       array(select distinct e.slot from assignment e where e.job_id = j.id and e.state in ('completed', 'cannot_complete')
         order by e.slot) as "endedSlots",
       array(select o.earlier_job_id from job_order o join job e on e.id = o.earlier_job_id
         where o.later_job_id = j.id and e.state not in ('completed', 'cancelled') order by o.earlier_job_id) as "waitsFor"
     from job j where j.state = any(:states) order by j.id`,
    { states: PLANNABLE },
  );
  return rows.map(({ lon, lat, windows, ...job }) => ({
    ...job,
    place: { lon, lat },
    windows: windows.map((w) => ({ from: new Date(w.from), until: new Date(w.until) })),
  }));
}

interface AssignmentRow extends Omit<SnapshotAssignment, 'promised'> {
  promisedFrom: Date | null;
  promisedUntil: Date | null;
}

async function listAssignments(tx: Db): Promise<SnapshotAssignment[]> {
  const { rows } = await tx.raw<{ rows: AssignmentRow[] }>(
    `select a.id, a.job_id as "jobId", a.slot, a.shift_id as "shiftId", a.position, a.state, a.planned_start as "plannedStart",
       a.lock_crew as "lockCrew", a.lock_time as "lockTime", a.lock_order as "lockOrder", a.promised_from as "promisedFrom",
       a.promised_until as "promisedUntil", a.travelling_at as "travellingAt", a.working_since as "workingSince",
       a.worked_seconds as "workedSeconds"
     from assignment a where ${HOLDS_ITS_SLOT}
     order by a.shift_id, a.position, a.id`,
  );
  return rows.map(({ promisedFrom, promisedUntil, ...assignment }) => ({
    ...assignment,
    promised: promisedFrom === null || promisedUntil === null ? null : { from: promisedFrom, until: promisedUntil },
  }));
}
