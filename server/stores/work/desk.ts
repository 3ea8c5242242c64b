import type { Change } from '../../platform/events.ts';
import { iso } from '../../platform/instant.ts';
import { isActive, type Assignment } from '../assignments/contract.ts';
import { listAssignmentsOfJobs, lockAssignments, type AssignmentRecord } from '../assignments/store.ts';
import type { Case } from '../cases/contract.ts';
import { listCaseJobs, type CaseJob, type LeaveCause } from '../cases/links.ts';
import { lockCases } from '../cases/store.ts';
import type { CrewShift } from '../crews/contract.ts';
import { lockShifts } from '../crews/store.ts';
import type { Job } from '../jobs/contract.ts';
import { listJobs, lockJobs } from '../jobs/store.ts';
import type { QuestionKind } from './contract.ts';

/**
 * Everything one command holds: locked rows as they will be written, and what has changed. Commands change it only
 * through the functions below; `settle` derives states, `write` writes it all in a few statements.
 */
export interface Desk {
  readonly change: Change;
  /** When it happened, in the one form that compares: ISO, UTC, milliseconds. */
  readonly at: string;
  readonly shifts: Map<string, CrewShift>;
  readonly jobs: Map<string, Job>;
  readonly assignments: Map<string, AssignmentRecord>;
  readonly cases: Map<string, Case>;
  /** Present links of the cases and jobs held; changed by `addLink` and `endLink` only. */
  readonly links: Map<string, CaseJob>;
  readonly linkIdsByCase: Map<string, Set<string>>;
  readonly linkIdsByJob: Map<string, Set<string>>;
  readonly assignmentIdsByJob: Map<string, Set<string>>;
  /** Jobs that also answer the held cases, read after those were locked, not locked themselves. */
  readonly otherJobs: Map<string, Job>;
  readonly otherAssignments: readonly AssignmentRecord[];
  readonly changed: { readonly jobs: Set<string>; readonly assignments: Set<string>; readonly cases: Set<string> };
  /** Assignments whose place in their shift's order changed. */
  readonly repositioned: Set<string>;
  readonly inserted: { readonly jobs: Set<string>; readonly assignments: Set<string>; readonly links: Set<string> };
  readonly ended: { readonly id: string; readonly at: Date; readonly cause: LeaveCause }[];
  /** Shifts whose order of stops has changed; true: by a decision of the office, an input of planning. */
  readonly orders: Map<string, boolean>;
  readonly questions: NewQuestion[];
  /** The crew's own words by assignment, for the private table. */
  readonly notes: Map<string, string>;
  readonly jobOrderCopies: { readonly from: string; readonly to: string }[];
  /** What the command is about: in the answer also when nothing changed. */
  readonly named: { readonly jobs: Set<string>; readonly assignments: Set<string>; readonly cases: Set<string> };
}

export interface NewQuestion {
  readonly id: string;
  readonly kind: QuestionKind;
  readonly jobId: string | null;
  readonly assignmentId: string | null;
  readonly shiftId: string | null;
  readonly organisationId: string;
  readonly body: Readonly<Record<string, unknown>>;
}

export interface Wants {
  readonly shiftIds?: readonly string[];
  readonly jobIds?: readonly string[];
  readonly caseIds?: readonly string[];
  /** Also every assignment of these shifts: the order of their stops may change. */
  readonly wholeShifts?: boolean;
}

/**
 * What was locked turned out not to be enough, because somebody changed it between looking and locking. Carries
 * PostgreSQL's code for a serialisation failure, so that `inChange` tries the whole transaction again.
 */
export class LockedTooLittle extends Error {
  override readonly name = 'LockedTooLittle';
  readonly code = '40001';
}

/** Locks shifts, jobs, assignments, cases, each by id, in this order everywhere; then reads what their states follow from. */
export async function openDesk(change: Change, wants: Wants): Promise<Desk> {
  const { tx } = change;
  const shiftIds = distinct(wants.shiftIds ?? []);
  const jobIds = distinct(wants.jobIds ?? []);
  const caseIds = distinct(wants.caseIds ?? []);
  const shifts = await lockShifts(tx, shiftIds);
  const jobs = await lockJobs(tx, jobIds);
  const assignments = await lockAssignments(tx, jobIds, wants.wholeShifts ? shiftIds : []);
  const cases = await lockCases(tx, caseIds, jobIds);
  // Only now, after the locks: whoever changed another job of these cases has committed or waits for us.
  const links = await listCaseJobs(
    tx,
    cases.map((c) => c.id),
    jobIds,
  );
  const held = new Set<string>(jobIds);
  const others = distinct(links.map((l) => l.jobId)).filter((id) => !held.has(id));
  return {
    change,
    at: iso(change.now),
    shifts: byId(shifts),
    jobs: byId(jobs),
    assignments: byId(assignments),
    cases: byId(cases),
    links: byId(links),
    linkIdsByCase: idsBy(links, (l) => l.caseId),
    linkIdsByJob: idsBy(links, (l) => l.jobId),
    assignmentIdsByJob: idsBy(assignments, (a) => a.jobId),
    otherJobs: byId(await listJobs(tx, others)),
    otherAssignments: await listAssignmentsOfJobs(tx, others),
    changed: { jobs: new Set(), assignments: new Set(), cases: new Set() },
    repositioned: new Set(),
    inserted: { jobs: new Set(), assignments: new Set(), links: new Set() },
    ended: [],
    orders: new Map(),
    questions: [],
    notes: new Map(),
    jobOrderCopies: [],
    named: { jobs: new Set(), assignments: new Set(), cases: new Set() },
  };
}

/** The same, with the shifts that have any of these jobs now: taking work back changes the order of their stops. */
export async function openWithShifts(change: Change, wants: Wants): Promise<Desk> {
  const before = await listAssignmentsOfJobs(change.tx, wants.jobIds ?? []);
  const shiftIds = [...before.filter(isActive).map((a) => a.shiftId), ...(wants.shiftIds ?? [])];
  const desk = await openDesk(change, { ...wants, shiftIds });
  for (const a of desk.assignments.values()) {
    if (desk.jobs.has(a.jobId) && isActive(a) && !desk.shifts.has(a.shiftId)) {
      throw new LockedTooLittle('the work went to another shift meanwhile');
    }
  }
  return desk;
}

const distinct = (ids: readonly string[]): string[] => [...new Set(ids)];
const byId = <T extends { readonly id: string }>(rows: readonly T[]): Map<string, T> => new Map(rows.map((r) => [r.id, r]));

/** Bulk triage and large plans hold thousands of rows: what belongs to a row is looked up, never searched. */
function idsBy<T extends { readonly id: string }>(rows: readonly T[], of: (row: T) => string): Map<string, Set<string>> {
  const ids = new Map<string, Set<string>>();
  for (const row of rows) remember(ids, of(row), row.id);
  return ids;
}

function remember(ids: Map<string, Set<string>>, key: string, id: string): void {
  const known = ids.get(key);
  if (known) known.add(id);
  else ids.set(key, new Set([id]));
}

function rowsOf<T>(rows: ReadonlyMap<string, T>, ids: ReadonlySet<string> | undefined): T[] {
  return ids === undefined ? [] : [...ids].flatMap((id) => rows.get(id) ?? []);
}

/** Changes an assignment that is held; its version rises once for all changes of one command. */
export function changeAssignment(desk: Desk, id: string, patch: Partial<AssignmentRecord>): AssignmentRecord {
  const before = held(desk.assignments, id);
  const after = { ...before, ...patch, version: next(desk.changed.assignments, desk.inserted.assignments, before) };
  desk.assignments.set(id, after);
  return after;
}

/** The place in the shift's order belongs to the shift's order version, not to the assignment's. */
export function changePosition(desk: Desk, id: string, position: number): void {
  const before = held(desk.assignments, id);
  if (before.position === position) return;
  desk.assignments.set(id, { ...before, position });
  desk.repositioned.add(id);
}

/** @param planning an input of planning changes: drafts that saw the job before leave it alone. */
export function changeJob(desk: Desk, id: string, patch: Partial<Job>, planning = false): Job {
  const before = held(desk.jobs, id);
  const planningBump = planning && !desk.inserted.jobs.has(id) ? before.planningVersion + 1 : before.planningVersion;
  const after = {
    ...before,
    ...patch,
    planningVersion: planningBump,
    version: next(desk.changed.jobs, desk.inserted.jobs, before),
  };
  desk.jobs.set(id, after);
  return after;
}

export function changeCase(desk: Desk, id: string, patch: Partial<Case>): Case {
  const before = held(desk.cases, id);
  const after = { ...before, ...patch, version: next(desk.changed.cases, new Set(), before) };
  desk.cases.set(id, after);
  return after;
}

/** The version after this command: one more than before it, however many changes it makes. */
function next(
  changed: Set<string>,
  inserted: ReadonlySet<string>,
  before: { readonly id: string; readonly version: number },
): number {
  if (inserted.has(before.id) || changed.has(before.id)) return before.version;
  changed.add(before.id);
  return before.version + 1;
}

function held<T>(rows: ReadonlyMap<string, T>, id: string): T {
  const row = rows.get(id);
  if (row === undefined) throw new Error(`${id} is not held by this command`);
  return row;
}

export function addJob(desk: Desk, job: Job): void {
  desk.jobs.set(job.id, job);
  desk.inserted.jobs.add(job.id);
}

export function addAssignment(desk: Desk, assignment: AssignmentRecord): void {
  desk.assignments.set(assignment.id, assignment);
  desk.inserted.assignments.add(assignment.id);
  remember(desk.assignmentIdsByJob, assignment.jobId, assignment.id);
}

/** Joins a held case and a held job, unless they are joined. */
export function addLink(desk: Desk, link: Omit<CaseJob, 'id' | 'joinedAt'>): void {
  if (linksOfJob(desk, link.jobId).some((l) => l.caseId === link.caseId)) return;
  const id = desk.change.ids.next(desk.change.now);
  desk.links.set(id, { ...link, id, joinedAt: desk.change.now });
  desk.inserted.links.add(id);
  remember(desk.linkIdsByCase, link.caseId, id);
  remember(desk.linkIdsByJob, link.jobId, id);
  desk.change.emit({
    type: 'case.joined',
    at: desk.change.now,
    caseId: link.caseId,
    jobId: link.jobId,
    organisationId: held(desk.cases, link.caseId).organisationId,
    body: { cause: link.cause },
  });
}

export function endLink(desk: Desk, link: CaseJob, cause: LeaveCause): void {
  desk.links.delete(link.id);
  desk.linkIdsByCase.get(link.caseId)?.delete(link.id);
  desk.linkIdsByJob.get(link.jobId)?.delete(link.id);
  if (!desk.inserted.links.delete(link.id)) desk.ended.push({ id: link.id, at: desk.change.now, cause });
  desk.change.emit({
    type: 'case.left',
    at: desk.change.now,
    caseId: link.caseId,
    jobId: link.jobId,
    organisationId: held(desk.cases, link.caseId).organisationId,
    body: { cause },
  });
}

export const linksOfJob = (desk: Desk, jobId: string): CaseJob[] => rowsOf(desk.links, desk.linkIdsByJob.get(jobId));
export const linksOfCase = (desk: Desk, caseId: string): CaseJob[] => rowsOf(desk.links, desk.linkIdsByCase.get(caseId));
export const assignmentsOfJob = (desk: Desk, jobId: string): AssignmentRecord[] =>
  rowsOf(desk.assignments, desk.assignmentIdsByJob.get(jobId));

/** Puts a contradiction to the dispatcher, once a command for each kind and assignment. */
export function ask(
  desk: Desk,
  kind: QuestionKind,
  about: Pick<Assignment, 'id' | 'jobId' | 'shiftId'>,
  body: Record<string, unknown>,
): void {
  if (desk.questions.some((q) => q.kind === kind && q.assignmentId === about.id)) return;
  desk.questions.push({
    id: desk.change.ids.next(desk.change.now),
    kind,
    jobId: about.jobId,
    assignmentId: about.id,
    shiftId: about.shiftId,
    organisationId: held(desk.jobs, about.jobId).organisationId,
    body,
  });
}

/** The references every event about an assignment carries. */
export function aboutAssignment(desk: Desk, a: Pick<Assignment, 'id' | 'jobId' | 'shiftId'>) {
  return {
    at: desk.change.now,
    assignmentId: a.id,
    jobId: a.jobId,
    shiftId: a.shiftId,
    organisationId: held(desk.jobs, a.jobId).organisationId,
  };
}
