import type { Assignment } from '../../stores/assignments/contract.ts';
import type { OverrideKind } from '../../stores/overrides/contract.ts';
import type { NewOverride } from '../../stores/overrides/store.ts';
import type { WorkAnswer } from '../../stores/work/contract.ts';
import type { Before, DeskCommand } from './inverse.ts';

/**
 * What a command of the desk changes of who does what, when and in which order, beside what was before it; null when it
 * leaves that alone. Pure.
 */
export function overrideOf(command: DeskCommand, before: Before, after: WorkAnswer): Omit<NewOverride, 'actionId' | 'at'> | null {
  switch (command.type) {
    case 'assignment.assign': {
      const made = after.assignments.find(
        ({ jobId, slot, shiftId }) => jobId === command.jobId && slot === command.slot && shiftId === command.shiftId,
      );
      return made === undefined ? null : about('give', null, made, command.why);
    }
    case 'assignment.move': {
      const was = before.assignments.find(({ id }) => id === command.assignmentId);
      // Work that a crew has been told of ends there and begins anew with the other crew.
      const made = after.assignments.find(
        ({ jobId, slot, shiftId }) => jobId === was?.jobId && slot === was.slot && shiftId === command.shiftId,
      );
      if (was === undefined || made === undefined) return null;
      return about(was.shiftId === made.shiftId ? 'reorder' : 'move', was, made, command.why);
    }
    case 'assignment.unassign':
    case 'assignment.recall':
    case 'assignment.cancel': {
      const was = before.assignments.find(({ id }) => id === command.assignmentId);
      if (was === undefined) return null;
      return about('take_off', was, null, command.type === 'assignment.unassign' ? command.why : command.reason);
    }
    case 'assignment.lock': {
      const was = before.assignments.find(({ id }) => id === command.assignmentId);
      const locks = command.crew === true || command.time === true || command.order === true;
      return was === undefined || !locks ? null : about('lock', was, was, command.why);
    }
    default:
      return null;
  }
}

function about(
  kind: OverrideKind,
  was: Assignment | null,
  made: Assignment | null,
  why: string | undefined,
): Omit<NewOverride, 'actionId' | 'at'> | null {
  const one = made ?? was;
  if (one === null) return null;
  return {
    kind,
    jobId: one.jobId,
    slot: one.slot,
    assignmentId: one.id,
    fromShiftId: was?.shiftId ?? null,
    toShiftId: made?.shiftId ?? null,
    startAt: was?.plannedStart ?? made?.plannedStart ?? null,
    planId: was?.planId ?? null,
    byHand: was !== null && was.planId === null,
    reason: why ?? null,
  };
}
