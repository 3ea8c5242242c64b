import type { CrewShift, ShiftCommand, ShiftReport } from './contract.ts';

/** The decision about one shift: the fields that change, or why not. */
export type ShiftOutcome =
  | {
      readonly ok: true;
      readonly change: Partial<CrewShift>;
      /** An input of planning changed: drafts that saw the shift before must leave it alone. */
      readonly planning: boolean;
    }
  | { readonly ok: false; readonly because: string };

const refuse = (because: string): ShiftOutcome => ({ ok: false, because });
const unchanged: ShiftOutcome = { ok: true, change: {}, planning: false };

/** What the crew says of its shift: scheduled -> on_duty -> ended. Said again, it stays as it was said first. */
export function reportShift(shift: CrewShift, report: ShiftReport, at: Date): ShiftOutcome {
  switch (report.type) {
    case 'sign_on':
      if (shift.state === 'ended') return refuse('This shift has ended.');
      if (shift.state === 'on_duty') return unchanged;
      return { ok: true, change: { state: 'on_duty', startedAt: at.toISOString() }, planning: false };
    case 'sign_off':
      if (shift.state === 'ended') return unchanged;
      return { ok: true, change: ended(at), planning: true };
    case 'break_taken': {
      const taken = shift.breaks.find(({ id }) => id === report.breakId);
      if (!taken) return refuse(`This shift has no break "${report.breakId}".`);
      if (taken.takenAt !== undefined) return unchanged;
      const breaks = shift.breaks.map((one) => (one === taken ? { ...one, takenAt: at.toISOString() } : one));
      return { ok: true, change: { breaks }, planning: true };
    }
    default:
      return report satisfies never;
  }
}

/** The scheduled end has come, or the crew has gone home. */
export function endShift(shift: CrewShift, at: Date): ShiftOutcome {
  return shift.state === 'ended' ? unchanged : { ok: true, change: ended(at), planning: true };
}

const ended = (at: Date): Partial<CrewShift> => ({ state: 'ended', endedAt: at.toISOString() });

/** What a dispatcher changes: skills, plant, end, overtime, end place. */
export function changeShift(shift: CrewShift, command: Extract<ShiftCommand, { type: 'shift.change' }>, now: Date): ShiftOutcome {
  if (shift.state === 'ended') return refuse('This shift has ended and can no longer be changed.');
  const until = command.until === undefined ? shift.until : new Date(command.until).toISOString();
  if (until <= shift.from) return refuse('A shift must end after it starts.');
  if (until !== shift.until && Date.parse(until) < now.getTime()) {
    return refuse('The new end lies in the past; let the crew sign off instead.');
  }
  if (Date.parse(until) - Date.parse(shift.from) > 24 * 3_600_000) return refuse('A shift lasts at most 24 hours.');
  const wanted: Partial<CrewShift> = {
    until,
    skills: sorted(command.skills ?? shift.skills),
    plant: sorted(command.plant ?? shift.plant),
    overtimeAllowedSeconds: command.overtimeAllowedSeconds ?? shift.overtimeAllowedSeconds,
    endPlace: command.endPlace === undefined ? shift.endPlace : command.endPlace,
  };
  return differing(shift, wanted);
}

/** Skills and plant after a swap: what the members present from then on bring. */
export function swapMembers(
  shift: CrewShift,
  brings: { skills: readonly string[] | null; plant: readonly string[] },
): ShiftOutcome {
  if (shift.state === 'ended') return refuse('This shift has ended and can no longer be changed.');
  return differing(shift, { skills: brings.skills === null ? shift.skills : sorted(brings.skills), plant: sorted(brings.plant) });
}

function differing(shift: CrewShift, wanted: Partial<CrewShift>): ShiftOutcome {
  const change = Object.fromEntries(
    Object.entries(wanted).filter(([field, value]) => JSON.stringify(value) !== JSON.stringify(presentOf(shift, field))),
  ) as Partial<CrewShift>;
  return { ok: true, change, planning: Object.keys(change).length > 0 };
}

/** Skills and plant are sets; their order in the row means nothing. */
function presentOf(shift: CrewShift, field: string): unknown {
  const value: unknown = Reflect.get(shift, field);
  return Array.isArray(value) ? sorted(value as string[]) : value;
}

const sorted = (words: readonly string[]): string[] => [...new Set(words)].sort();
