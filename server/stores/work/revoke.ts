import { dropTimer, setTimer } from '../../platform/timers.ts';
import { Problem } from '../../platform/problem.ts';
import type { CancelCause } from '../assignments/contract.ts';
import type { AssignmentRecord } from '../assignments/store.ts';
import { assignmentOf } from '../assignments/store.ts';
import { decideRevoke } from '../assignments/transitions.ts';
import { aboutAssignment, changeAssignment, type Desk } from './desk.ts';
import { RECALL_TIMEOUT_SECONDS } from './terms.ts';

/**
 * Takes work back from a crew. On its way, the crew is asked and the slot is free at once; otherwise it ends here.
 * The shift must be held: its order of stops changes.
 * @param cause for a cancel; a recall is always the dispatcher's.
 * @throws Problem 409 `illegal-transition`.
 */
export async function revoke(
  desk: Desk,
  a: AssignmentRecord,
  how: 'recall' | 'cancel',
  cause: CancelCause,
  officeWords: string | null,
  planning: boolean,
): Promise<void> {
  const { change } = desk;
  const outcome = decideRevoke(a, how);
  if (outcome.kind === 'illegal') throw new Problem(409, 'illegal-transition', outcome.because, { present: assignmentOf(a) });
  const reason = how === 'recall' ? 'dispatcher' : cause;
  desk.orders.set(a.shiftId, planning || (desk.orders.get(a.shiftId) ?? false));
  await dropTimer(change, 'freeze', a.id);
  if (outcome.kind === 'requested') {
    const after = changeAssignment(desk, a.id, { requested: how, requestedAt: desk.at, reason, officeWords });
    change.emit({
      ...aboutAssignment(desk, a),
      type: 'assignment.changed',
      body: { requested: how, cause: reason, state: a.state, version: after.version },
    });
    await setTimer(change, {
      kind: 'recall_timeout',
      subjectId: a.id,
      dueAt: new Date(change.now.getTime() + RECALL_TIMEOUT_SECONDS * 1000),
    });
    return;
  }
  endRevoked(desk, a, outcome.to, reason, officeWords, 'office');
}

/** The assignment ends as recalled or cancelled. */
export function endRevoked(
  desk: Desk,
  a: AssignmentRecord,
  to: 'recalled' | 'cancelled',
  cause: string | null,
  officeWords: string | null,
  by: 'office' | 'crew' | 'timeout',
): void {
  const after = changeAssignment(desk, a.id, {
    state: to,
    requested: null,
    requestedAt: null,
    reason: cause,
    officeWords,
    endedAt: desk.at,
    workingSince: null,
  });
  desk.change.emit({
    ...aboutAssignment(desk, a),
    type: 'assignment.state_changed',
    body: { from: a.state, to, cause, by, version: after.version },
  });
}
