import type { Change } from '../../platform/events.ts';
import { instant } from '../../platform/instant.ts';
import type { Scope } from '../../platform/policy.ts';
import { Problem } from '../../platform/problem.ts';
import { dropTimer } from '../../platform/timers.ts';
import { AssignmentId, isActive, type Assignment } from '../assignments/contract.ts';
import { assignmentOf, getAssignment, type AssignmentRecord } from '../assignments/store.ts';
import { canDispatch } from '../assignments/transitions.ts';
import type { CrewShift } from '../crews/contract.ts';
import type { Job } from '../jobs/contract.ts';
import { slotState } from '../jobs/transitions.ts';
import type { AssignmentCommand } from './contract.ts';
import {
  aboutAssignment,
  addAssignment,
  assignmentsOfJob,
  changeAssignment,
  changeJob,
  linksOfJob,
  LockedTooLittle,
  openDesk,
  openWithShifts,
  type Desk,
} from './desk.ts';
import { endPosition, placeStop } from './order.ts';
import { revoke } from './revoke.ts';
import { requireReach, required, requireVersion, seenJob } from './scope.ts';

/** A dispatcher decides who does what, when and in which order. @throws Problem 403, 404, 409. */
export async function applyAssignmentCommand(change: Change, scope: Scope, command: AssignmentCommand): Promise<Desk> {
  switch (command.type) {
    case 'assignment.assign': {
      const desk = await openWithShifts(change, { jobIds: [command.jobId], shiftIds: [command.shiftId], wholeShifts: true });
      const job = required(desk.jobs.get(command.jobId), 'job', command.jobId);
      const shift = required(desk.shifts.get(command.shiftId), 'shift', command.shiftId);
      requireReach(change, scope, [job, shift]);
      requireVersion('job', job, command.version, seenJob(job));
      assign(desk, job, command.slot, shift, command);
      return desk;
    }
    case 'assignment.move':
      return move(change, scope, command);
    case 'assignment.unassign': {
      const { desk, a } = await openOne(change, scope, command);
      if (a.state !== 'planned') {
        throw illegal(a, `The crew has been told of this work (it is ${a.state}); recall it instead of unassigning it.`);
      }
      await revoke(desk, a, 'cancel', 'dispatcher', null, true);
      changeJob(desk, a.jobId, {}, true);
      return desk;
    }
    case 'assignment.cancel':
    case 'assignment.recall': {
      const { desk, a } = await openOne(change, scope, command);
      await revoke(desk, a, command.type === 'assignment.recall' ? 'recall' : 'cancel', 'dispatcher', command.reason, true);
      changeJob(desk, a.jobId, {}, true);
      return desk;
    }
    case 'assignment.lock': {
      const { desk, a } = await openOne(change, scope, command);
      requireActive(a);
      tellChanged(desk, a, {
        ...(command.crew === undefined ? {} : { lockCrew: command.crew }),
        ...(command.time === undefined ? {} : { lockTime: command.time }),
        ...(command.order === undefined ? {} : { lockOrder: command.order }),
      });
      return desk;
    }
    case 'assignment.promise': {
      const { desk, a } = await openOne(change, scope, command);
      requireActive(a);
      if (Date.parse(command.until) <= Date.parse(command.from)) {
        throw new Problem(400, 'invalid-input', 'A promised time must end after it begins.', {
          fields: [{ path: 'until', message: 'must lie after `from`' }],
        });
      }
      const reporters = linksOfJob(desk, a.jobId).map((l) => desk.cases.get(l.caseId)?.contactId ?? null);
      // Promised to a person only when it is clear to whom.
      const promisedTo = reporters.length === 1 ? reporters[0]! : null;
      tellChanged(desk, a, { promisedFrom: instant(command.from), promisedUntil: instant(command.until), promisedTo });
      return desk;
    }
    case 'assignment.dispatch': {
      const { desk, a } = await openOne(change, scope, command);
      if (!canDispatch(a)) throw illegal(a, `Only planned work can be dispatched; this is ${a.state}.`);
      await dropTimer(change, 'freeze', a.id);
      dispatch(desk, a, 'dispatcher');
      return desk;
    }
    default:
      return command satisfies never;
  }
}

/** planned becomes dispatched. */
export function dispatch(desk: Desk, a: AssignmentRecord, by: 'dispatcher' | 'freeze' | 'publish'): void {
  const after = changeAssignment(desk, a.id, { state: 'dispatched', dispatchedAt: desk.at });
  desk.change.emit({
    ...aboutAssignment(desk, a),
    type: 'assignment.state_changed',
    body: { from: 'planned', to: 'dispatched', by, version: after.version },
  });
}

/** Locks the assignment with its job and its shift as they are then, the whole shift when its order may change. */
async function openOne(
  change: Change,
  scope: Scope,
  command: { readonly assignmentId: string; readonly version: number; readonly shiftId?: string },
): Promise<{ desk: Desk; a: AssignmentRecord }> {
  const seen = await getAssignment(change.tx, command.assignmentId);
  const target = command.shiftId === undefined ? [] : [command.shiftId];
  const desk = await openDesk(change, {
    jobIds: [seen.jobId],
    shiftIds: [seen.shiftId, ...target],
    wholeShifts: command.shiftId !== undefined,
  });
  const a = required(desk.assignments.get(seen.id), 'assignment', seen.id);
  if (a.shiftId !== seen.shiftId) throw new LockedTooLittle('the assignment went to another shift meanwhile');
  desk.named.assignments.add(a.id);
  requireReach(change, scope, [desk.jobs.get(a.jobId)!, ...desk.shifts.values()]);
  requireVersion('assignment', a, command.version, assignmentOf(a));
  return { desk, a };
}

const illegal = (a: AssignmentRecord, sentence: string): Problem =>
  new Problem(409, 'illegal-transition', sentence, { present: assignmentOf(a) });

function requireActive(a: AssignmentRecord): void {
  if (!isActive(a)) throw illegal(a, `This assignment no longer holds its slot: it is ${a.requested ?? a.state}.`);
}

type Placing = Pick<Extract<AssignmentCommand, { type: 'assignment.assign' }>, 'before' | 'plannedStart' | 'lockCrew'>;

/** Gives a free slot to a shift that is held whole. @throws Problem 409 job-not-ready, slot-taken, shift-ended. */
function assign(desk: Desk, job: Job, slot: number, shift: CrewShift, placing: Placing): void {
  const { change } = desk;
  if (slot >= job.slots.length) {
    throw new Problem(409, 'no-such-slot', `Job ${job.number} has ${job.slots.length} slot(s), counted from 0.`, {
      present: seenJob(job),
    });
  }
  if (['draft', 'on_hold', 'completed', 'cannot_complete', 'cancelled'].includes(job.state)) {
    throw new Problem(409, 'job-not-ready', `Job ${job.number} is ${job.state} and cannot be assigned.`, {
      present: seenJob(job),
    });
  }
  requireOpenShift(shift);
  const all = assignmentsOfJob(desk, job.id);
  const taken = all.find((a) => isActive(a) && (a.slot === slot || a.shiftId === shift.id));
  if (taken) {
    const sentence =
      taken.slot === slot ? 'Another crew has this slot already.' : 'This crew has another slot of the same job already.';
    throw new Problem(409, 'slot-taken', sentence, { present: assignmentOf(taken) });
  }
  if (slotState(all, slot) === 'completed') throw new Problem(409, 'slot-done', 'This slot of the job is completed already.');
  const a: AssignmentRecord = {
    ...newAssignment(desk, job, slot, shift),
    ...timesFrom(placing.plannedStart, job),
    position: endPosition(desk, shift.id),
    lockCrew: placing.lockCrew,
    lockTime: placing.plannedStart !== undefined,
  };
  addAssignment(desk, a);
  placeStop(desk, a.id, shift.id, placing.before);
  desk.orders.set(shift.id, true);
  changeJob(desk, job.id, {}, true);
  desk.named.assignments.add(a.id);
  change.emit({
    ...aboutAssignment(desk, a),
    type: 'assignment.planned',
    body: { slot, by: 'dispatcher', plannedStart: a.plannedStart, version: a.version },
  });
}

function requireOpenShift(shift: CrewShift): void {
  if (shift.state === 'ended') throw new Problem(409, 'shift-ended', 'This shift has ended; choose another one.');
}

/** An assignment as it begins: planned, with nothing known but who and what. */
export function newAssignment(desk: Desk, job: Job, slot: number, shift: Pick<CrewShift, 'id'>): AssignmentRecord {
  return {
    id: AssignmentId.parse(desk.change.ids.next(desk.change.now)),
    jobId: job.id,
    slot,
    shiftId: shift.id,
    position: 0,
    state: 'planned',
    plannedArrival: null,
    plannedStart: null,
    plannedEnd: null,
    lockCrew: false,
    lockTime: false,
    lockOrder: false,
    promisedFrom: null,
    promisedUntil: null,
    promisedTo: null,
    planId: null,
    reason: null,
    requested: null,
    requestedAt: null,
    dispatchedAt: null,
    acceptedAt: null,
    travellingAt: null,
    onSiteAt: null,
    workingAt: null,
    endedAt: null,
    workingSince: null,
    workedSeconds: null,
    missing: [],
    secondsLeft: null,
    fixesThrough: null,
    verification: null,
    verificationSettledAt: null,
    visitSeconds: null,
    notePresent: false,
    officeWords: null,
    factDevice: null,
    factSeq: null,
    factAt: null,
    createdAt: desk.at,
    version: 1,
  };
}

/** A start a dispatcher has named is also the arrival. */
function timesFrom(start: string | undefined, job: Job): Partial<Assignment> {
  if (start === undefined) return {};
  const at = instant(start);
  const end = new Date(Date.parse(start) + job.serviceSeconds * 1000).toISOString();
  return { plannedArrival: at, plannedStart: at, plannedEnd: end };
}

/**
 * planned to another shift, order or time. Work the crew has been told of keeps its crew when only the order changes;
 * given to another crew it is taken back from the first one and planned anew.
 */
async function move(
  change: Change,
  scope: Scope,
  command: Extract<AssignmentCommand, { type: 'assignment.move' }>,
): Promise<Desk> {
  const { desk, a } = await openOne(change, scope, command);
  requireActive(a);
  const shift = required(desk.shifts.get(command.shiftId), 'shift', command.shiftId);
  requireOpenShift(shift);
  const job = desk.jobs.get(a.jobId)!;
  const elsewhere = a.shiftId !== shift.id;
  if (elsewhere && a.state !== 'planned') {
    await revoke(desk, a, 'recall', 'dispatcher', null, true);
    assign(desk, job, a.slot, shift, command);
    return desk;
  }
  if (elsewhere) {
    const other = assignmentsOfJob(desk, job.id).find((o) => o.id !== a.id && isActive(o) && o.shiftId === shift.id);
    if (other)
      throw new Problem(409, 'slot-taken', 'This crew has another slot of the same job already.', {
        present: assignmentOf(other),
      });
    desk.orders.set(a.shiftId, true);
    // Its old freeze time belongs to its old place; the next published plan gives it another.
    await dropTimer(change, 'freeze', a.id);
  }
  const after = changeAssignment(desk, a.id, {
    shiftId: shift.id,
    ...(elsewhere
      ? { plannedArrival: null, plannedStart: null, plannedEnd: null, planId: null, position: endPosition(desk, shift.id) }
      : {}),
    ...timesFrom(command.plannedStart, job),
    lockCrew: command.lockCrew,
    lockTime: a.lockTime || command.plannedStart !== undefined,
  });
  placeStop(desk, a.id, shift.id, command.before);
  desk.orders.set(shift.id, true);
  changeJob(desk, job.id, {}, true);
  change.emit({
    ...aboutAssignment(desk, after),
    type: 'assignment.moved',
    body: { slot: a.slot, by: 'dispatcher', fromShiftId: a.shiftId, plannedStart: after.plannedStart, version: after.version },
  });
  return desk;
}

/** Locks and promises: inputs of planning. */
function tellChanged(desk: Desk, a: AssignmentRecord, patch: Partial<AssignmentRecord>): void {
  const after = changeAssignment(desk, a.id, patch);
  changeJob(desk, a.jobId, {}, true);
  desk.change.emit({
    ...aboutAssignment(desk, a),
    type: 'assignment.changed',
    body: {
      lockCrew: after.lockCrew,
      lockTime: after.lockTime,
      lockOrder: after.lockOrder,
      promisedFrom: after.promisedFrom,
      promisedUntil: after.promisedUntil,
      version: after.version,
    },
  });
}
