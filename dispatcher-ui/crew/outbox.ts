import type { CrewDay, CrewStop } from '../../server/stages/crew-day/contract.ts';
import type { AssignmentState } from '../../server/stores/assignments/contract.ts';
import type { ShiftReport, ShiftState } from '../../server/stores/crews/contract.ts';
import type { FieldFact } from '../../server/stores/work/contract.ts';
import { isThere } from './steps.ts';

/** One thing the crew has pressed: a fact about a job, a word about its shift, or "order seen". */
export type Said =
  | { readonly kind: 'fact'; readonly fact: FieldFact; readonly jobNumber: number }
  | { readonly kind: 'shift'; readonly shiftId: string; readonly report: ShiftReport }
  | { readonly kind: 'seen'; readonly shiftId: string; readonly orderVersion: number };

/** What was pressed and is not answered yet. Id and time are made once: sent twice, it still happens once. */
export interface Pressed {
  readonly actionId: string;
  /** The device's own count: the server takes its facts in this order. */
  readonly deviceSeq: number;
  readonly deviceTime: string;
  /** Until then it can be taken back; null: it goes at once. */
  readonly heldUntilMs: number | null;
  readonly said: Said;
}

/** Answered, and not yet seen in a day that was read: until then the phone must not fall back to what was before. */
export interface Settled {
  readonly said: Said;
  /** The assignment's version in the answer; null where there is none. */
  readonly version: number | null;
}

export interface Outbox {
  readonly lastSeq: number;
  /** In the order they were pressed. */
  readonly waiting: readonly Pressed[];
  readonly settled: readonly Settled[];
}

export const EMPTY_OUTBOX: Outbox = { lastSeq: 0, waiting: [], settled: [] };

/** Adds what was pressed at the end. */
export function press(
  outbox: Outbox,
  said: Said,
  given: { readonly actionId: string; readonly nowMs: number; readonly holdMs: number },
): Outbox {
  const deviceSeq = outbox.lastSeq + 1;
  const pressed: Pressed = {
    actionId: given.actionId,
    deviceSeq,
    deviceTime: new Date(given.nowMs).toISOString(),
    heldUntilMs: given.holdMs === 0 ? null : given.nowMs + given.holdMs,
    said,
  };
  return { ...outbox, lastSeq: deviceSeq, waiting: [...outbox.waiting, pressed] };
}

/** Takes back what has not been sent. */
export const takeBack = (outbox: Outbox, actionId: string): Outbox => ({
  ...outbox,
  waiting: outbox.waiting.filter((one) => one.actionId !== actionId),
});

/** Nothing can be taken back any more: the phone goes into a pocket and its clock may stop. */
export const releaseHeld = (outbox: Outbox): Outbox => ({
  ...outbox,
  waiting: outbox.waiting.map((one) => (one.heldUntilMs === null ? one : { ...one, heldUntilMs: null })),
});

/** The newest that can still be taken back. */
export const heldNow = (outbox: Outbox, nowMs: number): Pressed | null =>
  outbox.waiting.findLast((one) => one.heldUntilMs !== null && one.heldUntilMs > nowMs) ?? null;

/** The server has answered: taken (`version` of its assignment), or refused (null as answer). */
export function answered(outbox: Outbox, actionId: string, taken: { readonly version: number | null } | null): Outbox {
  const pressed = outbox.waiting.find((one) => one.actionId === actionId);
  if (pressed === undefined) return outbox;
  return {
    ...outbox,
    waiting: outbox.waiting.filter((one) => one !== pressed),
    settled: taken === null ? outbox.settled : [...outbox.settled, { said: pressed.said, version: taken.version }],
  };
}

/** A day has been read: what it shows already is forgotten. */
export function forgetShown(outbox: Outbox, day: CrewDay): Outbox {
  const settled = outbox.settled.filter((one) => !isShown(one, day));
  return settled.length === outbox.settled.length ? outbox : { ...outbox, settled };
}

function isShown({ said, version }: Settled, day: CrewDay): boolean {
  switch (said.kind) {
    case 'fact': {
      const stop = day.stops.find((s) => s.kind === 'job' && s.assignmentId === said.fact.assignmentId);
      return stop?.kind !== 'job' || version === null || stop.version >= version;
    }
    case 'seen':
      return said.shiftId !== day.shiftId || day.acknowledgedVersion >= said.orderVersion;
    case 'shift': {
      const { report } = said;
      if (said.shiftId !== day.shiftId) return true;
      if (report.type !== 'break_taken') return RANK[day.state] >= RANK[STATE_AFTER[report.type]];
      return day.stops.every((s) => s.kind !== 'break' || s.breakId !== report.breakId || s.takenAt !== null);
    }
    default:
      return said satisfies never;
  }
}

/** A phone that was made known again counts anew; what waits keeps its order and its ids. */
export const renumbered = (outbox: Outbox): Outbox => ({
  lastSeq: outbox.waiting.length,
  settled: [],
  waiting: outbox.waiting.map((one, i) => ({ ...one, deviceSeq: i + 1 })),
});

const RANK: Readonly<Record<ShiftState, number>> = { scheduled: 0, on_duty: 1, ended: 2 };
const STATE_AFTER = { sign_on: 'on_duty', sign_off: 'ended' } as const satisfies Record<string, ShiftState>;

/** The day as the crew has made it: what the server said, and over it everything pressed since, in its order. */
export function dayAsPressed(day: CrewDay, outbox: Outbox): CrewDay {
  let shown = day;
  for (const one of [...outbox.settled, ...outbox.waiting]) shown = withPressed(shown, one.said);
  return shown;
}

/** Times are the city's at the day's answer: the phone's own clock may show another. */
function withPressed(day: CrewDay, said: Said): CrewDay {
  switch (said.kind) {
    case 'seen':
      if (said.shiftId !== day.shiftId || said.orderVersion <= day.acknowledgedVersion) return day;
      return {
        ...day,
        acknowledgedVersion: said.orderVersion,
        ...(said.orderVersion >= day.orderVersion
          ? { changes: { since: said.orderVersion, added: [], moved: [], removed: [] } }
          : {}),
      };
    case 'shift': {
      if (said.shiftId !== day.shiftId) return day;
      const { report } = said;
      if (report.type === 'break_taken') {
        const stops = day.stops.map((s) =>
          s.kind === 'break' && s.breakId === report.breakId && s.takenAt === null
            ? { ...s, takenAt: day.now, etaStart: null }
            : s,
        );
        return { ...day, stops };
      }
      const state = STATE_AFTER[report.type];
      return RANK[state] > RANK[day.state] ? { ...day, state } : day;
    }
    case 'fact':
      return withFact(day, said.fact);
    default:
      return said satisfies never;
  }
}

function withFact(day: CrewDay, fact: FieldFact): CrewDay {
  const at = day.stops.findIndex((s) => s.kind === 'job' && s.assignmentId === fact.assignmentId);
  const stop = day.stops[at];
  if (stop?.kind !== 'job' || stop.endedAt !== null) return day;
  const others = day.stops.filter((s) => s !== stop);
  if (fact.type === 'field.acknowledge_recall' || fact.type === 'field.decline') return { ...day, stops: others };
  const state = stateAfter(stop.state, fact.type);
  const after: CrewStop = {
    ...stop,
    state,
    arrivalSuggested: stop.arrivalSuggested && state === 'travelling',
    way: isThere(state) ? null : stop.way,
  };
  if (state !== 'completed' && state !== 'cannot_complete') {
    return { ...day, stops: day.stops.map((s) => (s === stop ? after : s)) };
  }
  // What is done goes behind what was done before, as the server will have it.
  const open = others.findIndex((s) => s.kind !== 'job' || s.endedAt === null);
  const ended: CrewStop = {
    ...after,
    requested: null,
    endedAt: day.now,
    eta: null,
    way: null,
    verification: state === 'completed' ? 'pending' : null,
  };
  const before = open === -1 ? others.length : open;
  return { ...day, stops: [...others.slice(0, before), ended, ...others.slice(before)] };
}

const LADDER: readonly AssignmentState[] = ['planned', 'dispatched', 'accepted', 'travelling', 'on_site', 'working'];

type Progress = Exclude<FieldFact['type'], 'field.acknowledge_recall' | 'field.decline'>;
const TARGET: Readonly<Record<Progress, AssignmentState>> = {
  'field.accept': 'accepted',
  'field.travel': 'travelling',
  'field.arrive': 'on_site',
  'field.start': 'working',
  'field.pause': 'paused',
  'field.resume': 'working',
  'field.complete': 'completed',
  'field.cannot_complete': 'cannot_complete',
};

/** The state a fact leads to, as the server decides it; a step that comes too late changes nothing. */
export function stateAfter(state: AssignmentState, fact: Progress): AssignmentState {
  const to = TARGET[fact];
  if (to === 'completed' || to === 'cannot_complete') return to;
  if (state === 'paused') return to === 'working' ? to : state;
  if (to === 'paused') return LADDER.includes(state) ? to : state;
  return LADDER.indexOf(to) > LADDER.indexOf(state) && LADDER.includes(state) ? to : state;
}
