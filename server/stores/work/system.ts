import type { Change } from '../../platform/events.ts';
import type { Scope } from '../../platform/policy.ts';
import { Problem } from '../../platform/problem.ts';
import { dropTimer, setTimer } from '../../platform/timers.ts';
import { isActive } from '../assignments/contract.ts';
import { assignmentOf, getAssignment, type AssignmentRecord } from '../assignments/store.ts';
import { canDispatch, decideRevokeSettled, decideShiftEnd, decideVerification } from '../assignments/transitions.ts';
import { endShift } from '../crews/commands.ts';
import { isBeingConfirmed } from '../cases/transitions.ts';
import { dispatch } from './assignment-commands.ts';
import type { SystemCommand } from './contract.ts';
import {
  aboutAssignment,
  ask,
  changeAssignment,
  linksOfJob,
  LockedTooLittle,
  openDesk,
  openWithShifts,
  type Desk,
} from './desk.ts';
import { takeStep } from './field-facts.ts';
import { endRevoked, revoke } from './revoke.ts';
import { requireReach, required } from './scope.ts';
import { jobsOfCase } from './settle.ts';
import { closeSilence, hasSynchronised, askAboutSilence } from './shift-silence.ts';
import { SHIFT_END_AGAIN_SECONDS, SHIFT_END_GIVE_UP_SECONDS } from './terms.ts';

type OwnCommand = Exclude<SystemCommand, { type: 'plan.publish' }>;

/** What the server does by itself: timers, the fence, the verdict about a visit. @throws Problem 403, 404, 409. */
export async function applySystemCommand(change: Change, scope: Scope, command: OwnCommand): Promise<Desk> {
  if (command.type === 'timer.shift_end') return shiftEnd(change, scope, command.shiftId);
  const { desk, a } = await openOne(change, scope, command.assignmentId);
  switch (command.type) {
    case 'timer.freeze':
      // Whatever else became of it meanwhile: then there is nothing to send.
      if (canDispatch(a)) dispatch(desk, a, 'freeze');
      return desk;
    case 'timer.recall_timeout': {
      const to = decideRevokeSettled(a);
      if (to !== undefined) endRevoked(desk, a, to, a.reason, a.officeWords, 'timeout');
      return desk;
    }
    case 'fence.arrive': {
      const there: Desk = { ...desk, change: { ...change, now: new Date(command.at) }, at: new Date(command.at).toISOString() };
      if (a.state !== 'cancelled' && a.state !== 'recalled' && a.state !== 'declined')
        await takeStep(there, a, 'arrive', null, null);
      return there;
    }
    case 'visit.settle':
      await settleVisit(desk, a, command);
      return desk;
    default:
      return command satisfies never;
  }
}

async function openOne(change: Change, scope: Scope, assignmentId: string): Promise<{ desk: Desk; a: AssignmentRecord }> {
  const seen = await getAssignment(change.tx, assignmentId);
  const desk = await openWithShifts(change, { jobIds: [seen.jobId], shiftIds: [seen.shiftId] });
  const a = required(desk.assignments.get(seen.id), 'assignment', seen.id);
  if (a.shiftId !== seen.shiftId) throw new LockedTooLittle('the assignment went to another shift meanwhile');
  requireReach(change, scope, [desk.jobs.get(a.jobId)!]);
  desk.named.assignments.add(a.id);
  return { desk, a };
}

/** Settled once; may be upgraded later, when the missing fixes arrive after all. */
async function settleVisit(
  desk: Desk,
  a: AssignmentRecord,
  command: Extract<OwnCommand, { type: 'visit.settle' }>,
): Promise<void> {
  const { change } = desk;
  const verification = decideVerification(a.verification, command.verification);
  if (verification === 'illegal') {
    throw new Problem(409, 'illegal-transition', `Only a completion has a visit to verify; this is ${a.state}.`, {
      present: assignmentOf(a),
    });
  }
  await dropTimer(change, 'verification_timeout', a.id);
  if (verification === a.verification) return;
  const confirming = linksOfJob(desk, a.jobId).filter((l) => confirmed(desk, l.caseId) === 'waits');
  const after = changeAssignment(desk, a.id, {
    verification,
    verificationSettledAt: desk.at,
    visitSeconds: command.visitSeconds,
  });
  change.emit({
    ...aboutAssignment(desk, a),
    type: 'assignment.verified',
    body: { from: a.verification, to: verification, visitSeconds: command.visitSeconds, version: after.version },
  });
  // Resolved it was and resolved it stays, but no longer "being confirmed": the reporter's page says so.
  for (const { caseId } of confirming) {
    const c = desk.cases.get(caseId);
    if (!c || verification !== 'verified' || confirmed(desk, caseId) !== 'yes') continue;
    change.emit({
      type: 'case.updated',
      at: change.now,
      caseId,
      organisationId: c.organisationId,
      body: { why: 'confirmed', state: c.state, beingConfirmed: false, version: c.version },
    });
  }
}

function confirmed(desk: Desk, caseId: string): 'waits' | 'yes' {
  const c = desk.cases.get(caseId);
  return c && isBeingConfirmed(c.state, jobsOfCase(desk, caseId)) ? 'waits' : 'yes';
}

/**
 * Scheduled end plus allowed overtime. What was not begun goes back, when the device has synchronised since; otherwise
 * the dispatcher is asked, and it is looked at again. What is under way is asked about.
 */
async function shiftEnd(change: Change, scope: Scope, shiftId: string): Promise<Desk> {
  const jobs = await change.tx('assignment').where({ shift_id: shiftId }).distinct<{ job_id: string }[]>('job_id');
  const desk = await openDesk(change, { shiftIds: [shiftId], jobIds: jobs.map((j) => j.job_id), wholeShifts: true });
  const shift = required(desk.shifts.get(shiftId), 'shift', shiftId);
  requireReach(change, scope, [shift]);
  const open = [...desk.assignments.values()].filter((a) => a.shiftId === shiftId && isActive(a));
  if (open.some((a) => !desk.jobs.has(a.jobId))) throw new LockedTooLittle('the shift got more work meanwhile');
  const synchronised = await hasSynchronised(change.tx, shift);
  let unanswered = 0;
  for (const a of open) {
    switch (decideShiftEnd(a, synchronised)) {
      case 'cancel':
        await revoke(desk, a, 'cancel', 'shift_ended', null, false);
        break;
      case 'ask':
        if (['planned', 'dispatched', 'accepted'].includes(a.state)) unanswered++;
        else ask(desk, 'after_shift', a, { stands: a.state, shiftEndedAt: shift.until });
        break;
      case 'leave':
        break;
    }
  }
  await endShift(change, shift, shift.endedAt === null ? change.now : new Date(shift.endedAt));
  if (unanswered === 0) {
    await closeSilence(change, shiftId);
    return desk;
  }
  askAboutSilence(desk, shift, unanswered);
  if (change.now.getTime() < Date.parse(shift.until) + SHIFT_END_GIVE_UP_SECONDS * 1000) {
    // The timer that brought us here is open until its transaction ends: it makes room for the next look.
    await dropTimer(change, 'shift_end', shiftId);
    await setTimer(change, {
      kind: 'shift_end',
      subjectId: shiftId,
      dueAt: new Date(change.now.getTime() + SHIFT_END_AGAIN_SECONDS * 1000),
    });
  }
  return desk;
}
