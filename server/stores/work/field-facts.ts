import type { Change } from '../../platform/events.ts';
import type { Scope } from '../../platform/policy.ts';
import { Problem } from '../../platform/problem.ts';
import { dropTimer, setTimer } from '../../platform/timers.ts';
import { ACTIVE_ASSIGNMENT_STATES, UNDER_WAY_STATES, isActive } from '../assignments/contract.ts';
import { assignmentOf, getAssignment, type AssignmentRecord } from '../assignments/store.ts';
import { decideFact, decideRevokeSettled, type FieldOutcome, type Step } from '../assignments/transitions.ts';
import type { FieldFact } from './contract.ts';
import { aboutAssignment, ask, assignmentsOfJob, changeAssignment, LockedTooLittle, openWithShifts, type Desk } from './desk.ts';
import { listFormerShifts, takeUpTrace } from './moved-away.ts';
import { endRevoked, revoke } from './revoke.ts';
import { isOwnShift, requireReach, required } from './scope.ts';
import { VERIFICATION_TIMEOUT_SECONDS } from './terms.ts';

const STEP: Readonly<Record<Exclude<FieldFact['type'], 'field.acknowledge_recall'>, Step>> = {
  'field.accept': 'accept',
  'field.decline': 'decline',
  'field.travel': 'travel',
  'field.arrive': 'arrive',
  'field.start': 'start',
  'field.pause': 'pause',
  'field.resume': 'resume',
  'field.complete': 'complete',
  'field.cannot_complete': 'cannot_complete',
};

/** Codes are told in events; anything else a crew types is its own words and stays apart. */
const isCode = (text: string): boolean => /^[a-z][a-z0-9_:-]{0,59}$/.test(text);

/**
 * What a crew says of its work, or a dispatcher on its behalf; `change.now` is when it happened. Facts are accepted
 * also after a recall, after the shift or from work that was given to others; contradictions become questions.
 * @param deviceSeq the device's own count of this message: its facts are taken in that order.
 * @throws Problem 403, 404; 409 `illegal-transition` for a decline after accepting and an acknowledgement of nothing.
 */
export async function applyFieldFact(change: Change, scope: Scope, fact: FieldFact, deviceSeq: number | null): Promise<Desk> {
  const { desk, a } = await openFor(change, scope, fact.assignmentId);
  if (fact.type === 'field.acknowledge_recall') {
    await acknowledge(desk, a);
    return desk;
  }
  await takeStep(desk, a, STEP[fact.type], fact, deviceSeq);
  return desk;
}

/**
 * The assignment, by right of the actor, with its job and every shift that has a part of that: completing it may take
 * planned work off another crew's order.
 */
async function openFor(change: Change, scope: Scope, assignmentId: string): Promise<{ desk: Desk; a: AssignmentRecord }> {
  const seen = await getAssignment(change.tx, assignmentId);
  if (scope === 'own' && !(await isOwnShift(change, seen.shiftId))) {
    for (const former of await listFormerShifts(change.tx, seen)) {
      if (await isOwnShift(change, former)) return takeUpTrace(change, seen, former);
    }
    throw new Problem(403, 'not-your-shift', 'This work belongs to a shift that this device was not part of.');
  }
  const desk = await openWithShifts(change, { jobIds: [seen.jobId], shiftIds: [seen.shiftId] });
  const a = required(desk.assignments.get(seen.id), 'assignment', seen.id);
  if (a.shiftId !== seen.shiftId) throw new LockedTooLittle('the assignment went to another shift meanwhile');
  if (scope !== 'own') requireReach(change, scope, [desk.jobs.get(a.jobId)!]);
  desk.named.assignments.add(a.id);
  return { desk, a };
}

/** One step from the field, decided and put on the desk; also used for arrivals by fence. */
export async function takeStep(
  desk: Desk,
  a: AssignmentRecord,
  step: Step,
  fact: FieldFact | null,
  deviceSeq: number | null,
): Promise<void> {
  const outcome = decideFact(a, step, isOlder(desk, a, deviceSeq));
  switch (outcome.kind) {
    case 'illegal':
      throw new Problem(409, 'illegal-transition', outcome.because, { present: assignmentOf(a) });
    case 'contradicts':
      ask(desk, 'ended_twice', a, { stands: a.state, stoodAt: a.endedAt, said: step, saidAt: desk.at, reason: reasonOf(fact) });
      tellNoted(desk, a, step, 'contradiction');
      break;
    case 'noted':
      noteTime(desk, a, step, outcome);
      break;
    case 'moves':
      await moveOn(desk, a, step, outcome, fact);
      break;
    default:
      outcome satisfies never;
  }
  rememberNewest(desk, a.id, deviceSeq);
  if (fact !== null && 'words' in fact && fact.words !== undefined) {
    desk.notes.set(a.id, fact.words);
    changeAssignment(desk, a.id, { notePresent: true });
  }
}

/** One device's facts in the order of its count; those of different actors by corrected time. */
function isOlder(desk: Desk, a: AssignmentRecord, deviceSeq: number | null): boolean {
  const { deviceId } = desk.change.actor;
  if (deviceSeq !== null && a.factSeq !== null && deviceId === a.factDevice) return deviceSeq < a.factSeq;
  return a.factAt !== null && desk.at < a.factAt;
}

function rememberNewest(desk: Desk, id: string, deviceSeq: number | null): void {
  const now = desk.assignments.get(id)!;
  if (isOlder(desk, now, deviceSeq)) return;
  changeAssignment(desk, id, { factDevice: desk.change.actor.deviceId, factSeq: deviceSeq, factAt: desk.at });
}

const reasonOf = (fact: FieldFact | null): string | null =>
  fact !== null && 'reason' in fact && fact.reason !== undefined && isCode(fact.reason) ? fact.reason : null;

function tellNoted(desk: Desk, a: AssignmentRecord, step: Step, why: 'time' | 'known' | 'contradiction'): void {
  const after = changeAssignment(desk, a.id, {});
  desk.change.emit({
    ...aboutAssignment(desk, a),
    type: 'assignment.changed',
    body: { step, noted: why, state: a.state, version: after.version },
  });
}

function noteTime(desk: Desk, a: AssignmentRecord, step: Step, outcome: Extract<FieldOutcome, { kind: 'noted' }>): void {
  const missing = outcome.stamp !== null && a[outcome.stamp] === null;
  if (missing && outcome.stamp !== null) {
    const lateStart = outcome.stamp === 'workingAt' && a.state === 'completed' && a.endedAt !== null && a.workedSeconds === null;
    changeAssignment(desk, a.id, {
      [outcome.stamp]: desk.at,
      ...(lateStart && a.endedAt !== null ? { workedSeconds: secondsBetween(desk.at, a.endedAt) } : {}),
    });
  }
  tellNoted(desk, a, step, missing ? 'time' : 'known');
  // Work taken back, and the crew is at it (an acceptance or a decline that crossed with it is nothing to ask about).
  if (outcome.revoked && step !== 'accept' && step !== 'decline' && a.endedAt !== null && desk.at > a.endedAt) {
    ask(desk, 'crew_on_other_job', a, { stands: a.state, stoodAt: a.endedAt, said: step, saidAt: desk.at });
  }
}

async function moveOn(
  desk: Desk,
  a: AssignmentRecord,
  step: Step,
  outcome: Extract<FieldOutcome, { kind: 'moves' }>,
  fact: FieldFact | null,
): Promise<void> {
  const { change } = desk;
  const { to } = outcome;
  const ended = !ACTIVE_ASSIGNMENT_STATES.includes(to);
  if (a.state === 'planned') await dropTimer(change, 'freeze', a.id);
  if (step !== 'accept' && step !== 'decline') await askIfElsewhere(desk, a, step);
  if (ended) askAboutEnd(desk, a, step);
  const after = changeAssignment(desk, a.id, {
    state: to,
    ...(outcome.stamp !== null && a[outcome.stamp] === null ? { [outcome.stamp]: desk.at } : {}),
    ...worked(desk, a, to),
    ...(ended ? await endOf(desk, a, fact) : {}),
  });
  if (to === 'declined') desk.orders.set(a.shiftId, desk.orders.get(a.shiftId) ?? false);
  if (to === 'completed') await afterCompletion(desk, after);
  const { role } = change.actor;
  change.emit({
    ...aboutAssignment(desk, a),
    type: 'assignment.state_changed',
    body: {
      from: a.state,
      to,
      version: after.version,
      ...(outcome.implied.length > 0 ? { implied: outcome.implied } : {}),
      ...(outcome.late ? { late: true } : {}),
      ...(role === 'dispatcher' || role === 'supervisor' ? { byRadio: true } : {}),
      ...(fact === null ? { by: 'fence' } : {}),
      ...(after.reason !== null && ended ? { reason: after.reason } : {}),
      ...(step === 'pause' && reasonOf(fact) !== null ? { reason: reasonOf(fact) } : {}),
    },
  });
}

/** Seconds worked so far, and whether a stretch of work is running. */
function worked(desk: Desk, a: AssignmentRecord, to: AssignmentRecord['state']): Partial<AssignmentRecord> {
  if (to === 'working') return { workingSince: desk.at, workedSeconds: a.workedSeconds ?? 0 };
  if (a.workingSince !== null)
    return { workingSince: null, workedSeconds: (a.workedSeconds ?? 0) + secondsBetween(a.workingSince, desk.at) };
  // The start was only noted (the work had been taken back by then).
  return to === 'completed' && a.workingAt !== null && a.workedSeconds === null
    ? { workedSeconds: secondsBetween(a.workingAt, desk.at) }
    : {};
}

const secondsBetween = (from: string, until: string): number =>
  Math.max(0, Math.round((Date.parse(until) - Date.parse(from)) / 1000));

/** The fields of an assignment that a crew has ended. */
async function endOf(desk: Desk, a: AssignmentRecord, fact: FieldFact | null): Promise<Partial<AssignmentRecord>> {
  const { change } = desk;
  const end: Partial<AssignmentRecord> = { endedAt: desk.at, requested: null, requestedAt: null, reason: null };
  if (a.requested !== null) await dropTimer(change, 'recall_timeout', a.id);
  if (fact?.type === 'field.complete') {
    const dueAt = new Date(change.receivedAt.getTime() + VERIFICATION_TIMEOUT_SECONDS * 1000);
    await setTimer(change, { kind: 'verification_timeout', subjectId: a.id, dueAt });
    return { ...end, fixesThrough: fact.fixesThrough, verification: 'pending' };
  }
  if (fact?.type === 'field.cannot_complete') {
    const { reason, fixesThrough, secondsLeft } = fact;
    return { ...end, reason, fixesThrough, secondsLeft: secondsLeft ?? null, missing: fact.missing.filter(isCode) };
  }
  if (fact?.type !== 'field.decline') return end;
  if (isCode(fact.reason)) return { ...end, reason: fact.reason };
  desk.notes.set(a.id, fact.reason);
  return { ...end, reason: 'other', notePresent: true };
}

/** A crew that goes to one job while it is at work on another: one of the two is not as we think. */
async function askIfElsewhere(desk: Desk, a: AssignmentRecord, step: Step): Promise<void> {
  if (UNDER_WAY_STATES.includes(a.state)) return;
  const other = await desk.change
    .tx('assignment')
    .where({ shift_id: a.shiftId })
    .whereIn('state', ['travelling', 'on_site', 'working'])
    .whereNot({ id: a.id })
    .first<{ id: string; state: string } | undefined>('id', 'state');
  if (other)
    ask(desk, 'crew_on_other_job', a, { said: step, saidAt: desk.at, otherAssignmentId: other.id, otherState: other.state });
}

/** Ended by the crew although it had been taken back, or after the shift, or done by somebody else as well. */
function askAboutEnd(desk: Desk, a: AssignmentRecord, step: Step): void {
  if (step !== 'complete' && step !== 'cannot_complete') return;
  const others = assignmentsOfJob(desk, a.jobId).filter((o) => o.id !== a.id && o.slot === a.slot);
  const rival = others.find((o) => o.state === 'completed' || (isActive(o) && o.state !== 'planned'));
  const revokedAt = a.requestedAt ?? a.endedAt;
  const said = { said: step, saidAt: desk.at, stands: a.requested ?? a.state, stoodAt: revokedAt };
  if (rival && step === 'complete') {
    ask(desk, 'done_by_two', a, { ...said, otherAssignmentId: rival.id, otherState: rival.state });
  }
  if (revokedAt === null || desk.at <= revokedAt) return;
  if (a.reason === 'shift_ended') ask(desk, 'after_shift', a, said);
  else ask(desk, a.requested === 'recall' || a.state === 'recalled' ? 'done_after_recall' : 'done_after_cancel', a, said);
}

/** What others had been planned to do in this slot is done: they are spared the way. Who is told already is asked about. */
async function afterCompletion(desk: Desk, done: AssignmentRecord): Promise<void> {
  for (const other of assignmentsOfJob(desk, done.jobId)) {
    if (other.id === done.id || other.slot !== done.slot || other.state !== 'planned') continue;
    await revoke(desk, other, 'cancel', 'replanned', null, true);
  }
}

/** The crew has seen that the work was taken back. Said again, or of work that ended otherwise, it changes nothing. */
async function acknowledge(desk: Desk, a: AssignmentRecord): Promise<void> {
  const to = decideRevokeSettled(a);
  if (to !== undefined) {
    await dropTimer(desk.change, 'recall_timeout', a.id);
    endRevoked(desk, a, to, a.reason, a.officeWords, 'crew');
    return;
  }
  if (!isActive(a)) return;
  throw new Problem(409, 'illegal-transition', `Nobody has taken this work back: it is ${a.state}.`, {
    present: assignmentOf(a),
  });
}
