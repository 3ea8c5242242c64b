import type { Scope } from '../../platform/policy.ts';
import type { Change } from '../../platform/events.ts';
import { Problem } from '../../platform/problem.ts';
import type { Actor } from '../../platform/actor.ts';
import type { Db } from '../../../db/knex.ts';
import type { CrewShift, DispatcherShift, ShiftCommand, ShiftReport } from './contract.ts';
import {
  addMember,
  broughtAt,
  deviceBelongsToShift,
  endMember,
  getShiftForUpdate,
  isActiveResource,
  setEndTimer,
  stretchMembers,
  updateShift,
  viewShifts,
} from './store.ts';
import { changeShift, endShift as decideEnd, reportShift, swapMembers, type ShiftOutcome } from './transitions.ts';

type Answer<T> = Promise<{ status: number; body: T }>;

/**
 * A dispatcher changes a shift. Refusals are Problems: 409 `stale-version` with the present state, 409
 * `shift-refused`, 409 `resource-in-two-shifts`, 404 for what is not there or not in scope.
 */
export async function applyToShift(change: Change, scope: Scope, command: ShiftCommand): Answer<DispatcherShift> {
  const shift = await getShiftForUpdate(change.tx, command.shiftId);
  await requireInScope(change.tx, shift, change.actor, scope);
  if (shift.version !== command.version) {
    throw new Problem(409, 'stale-version', 'This shift has changed since you looked; look at it again.', {
      present: (await viewShifts(change.tx, [shift]))[0],
    });
  }
  const after = command.type === 'shift.change' ? await doChange(change, shift, command) : await doSwap(change, shift, command);
  return { status: 200, body: (await viewShifts(change.tx, [after]))[0]! };
}

/** The crew (or a dispatcher for it) reports about its own shift at a corrected time; said twice it is said once. */
export async function applyShiftReport(
  change: Change,
  scope: Scope,
  shiftId: string,
  report: ShiftReport,
  at: Date,
): Answer<CrewShift> {
  const shift = await getShiftForUpdate(change.tx, shiftId);
  await requireInScope(change.tx, shift, change.actor, scope);
  const outcome = allowed(reportShift(shift, report, at));
  const after = await write(change, shift, outcome, at);
  // What is still open goes back to the desk now, not at the scheduled end.
  if (report.type === 'sign_off' && shift.state !== 'ended') await setEndTimer(change, shift, change.now);
  return { status: 200, body: after };
}

/** Ends a shift whose time is over; nothing happens when it has ended already. For `stores/work`, which frees its work. */
export async function endShift(change: Change, shift: CrewShift, at: Date): Promise<CrewShift> {
  return write(change, shift, allowed(decideEnd(shift, at)), at);
}

async function doChange(
  change: Change,
  shift: CrewShift,
  command: Extract<ShiftCommand, { type: 'shift.change' }>,
): Promise<CrewShift> {
  const outcome = allowed(changeShift(shift, command, change.now));
  const after = await write(change, shift, outcome, change.now);
  if (after.until !== shift.until) await stretchMembers(change.tx, shift.id, shift.until, after.until);
  if (after.until !== shift.until || after.overtimeAllowedSeconds !== shift.overtimeAllowedSeconds) {
    await setEndTimer(change, after);
  }
  return after;
}

async function doSwap(
  change: Change,
  shift: CrewShift,
  command: Extract<ShiftCommand, { type: 'shift.swap_member' }>,
): Promise<CrewShift> {
  const { tx } = change;
  const at = new Date(Math.max(Date.parse(command.at ?? change.now.toISOString()), Date.parse(shift.from)));
  if (command.leaves === undefined && command.enters === undefined) {
    throw new Problem(400, 'nothing-to-swap', 'Say who or what leaves, who or what enters, or both.');
  }
  if (at.getTime() >= Date.parse(shift.until)) throw new Problem(409, 'shift-refused', 'The shift is over at that time.');
  if (command.leaves !== undefined && !(await endMember(tx, shift.id, command.leaves, at))) {
    throw new Problem(409, 'not-in-shift', 'Who or what should leave is not in this shift at that time.');
  }
  if (command.enters !== undefined) {
    if (!(await isActiveResource(tx, command.kind, command.enters))) {
      throw new Problem(404, 'no-such-resource', `There is no ${command.kind} in use with this id.`);
    }
    await addMember(change, shift, { kind: command.kind, resourceId: command.enters, from: at });
  }
  const brought = await broughtAt(tx, shift.id, at);
  const outcome = swapMembers(shift, { skills: command.kind === 'person' ? (brought.skills ?? []) : null, plant: brought.plant });
  // The members are part of the shift: its version rises even when skills and plant stay the same.
  return write(change, shift, allowed(outcome), change.now, true);
}

/** Writes and tells, if anything changed. */
async function write(
  change: Change,
  shift: CrewShift,
  outcome: Extract<ShiftOutcome, { ok: true }>,
  at: Date,
  always = false,
): Promise<CrewShift> {
  if (!always && Object.keys(outcome.change).length === 0) return shift;
  const after = await updateShift(change, shift, outcome.change, outcome.planning);
  const about = { shiftId: shift.id, organisationId: shift.organisationId, at };
  if (after.state !== shift.state) {
    change.emit({ ...about, type: 'shift.state_changed', body: { from: shift.state, to: after.state, version: after.version } });
  } else {
    change.emit({
      ...about,
      type: 'shift.changed',
      body: {
        version: after.version,
        planningVersion: after.planningVersion,
        until: after.until,
        fields: Object.keys(outcome.change),
      },
    });
  }
  return after;
}

function allowed(outcome: ShiftOutcome): Extract<ShiftOutcome, { ok: true }> {
  if (!outcome.ok) throw new Problem(409, 'shift-refused', outcome.because);
  return outcome;
}

/** A shift belongs to an organisation, not to areas: the scope `area` is its organisation here. @throws Problem 404. */
export async function requireInScope(tx: Db, shift: CrewShift, actor: Actor, scope: Scope): Promise<void> {
  const inScope =
    scope === 'all' ||
    (scope === 'own'
      ? actor.deviceId !== null && (await deviceBelongsToShift(tx, actor.deviceId, shift.id))
      : actor.organisationId === null || actor.organisationId === shift.organisationId);
  // The same answer as for an id that nobody has: what is not yours is not told.
  if (!inScope) throw new Problem(404, 'no-such-shift', 'There is no such shift among those you may see.');
}
