import type { DispatcherShift } from '../../server/stores/crews/contract.ts';
import type { CrewStopSeen } from '../state/crew-load.ts';

/** What a strip shows: from, until, in milliseconds. */
export interface DayWindow {
  readonly from: number;
  readonly until: number;
}

const HOUR_MS = 3_600_000;
/** At most so much of a day: a night shift of yesterday does not squeeze today. */
const MOST_MS = 16 * HOUR_MS;

/** From the first start to the last end of the shifts, by whole hours; null without shifts. */
export function dayWindow(
  shifts: readonly Pick<DispatcherShift, 'from' | 'until' | 'overtimeAllowedSeconds'>[],
  nowMs: number,
): DayWindow | null {
  if (shifts.length === 0) return null;
  const from = Math.floor(Math.min(...shifts.map((shift) => Date.parse(shift.from))) / HOUR_MS) * HOUR_MS;
  const last = Math.max(...shifts.map((shift) => Date.parse(shift.until)));
  const until = Math.ceil(last / HOUR_MS) * HOUR_MS;
  if (until - from <= MOST_MS) return { from, until };
  const middle = Math.min(Math.max(nowMs, from + MOST_MS / 2), until - MOST_MS / 2);
  const start = Math.floor((middle - MOST_MS / 2) / HOUR_MS) * HOUR_MS;
  return { from: start, until: start + MOST_MS };
}

/** The full hours inside, with where they lie, 0 to 1; every second one when they would touch. */
export function hoursIn(window: DayWindow): { readonly ms: number; readonly share: number }[] {
  const hours = (window.until - window.from) / HOUR_MS;
  const step = hours > 8 ? 2 : 1;
  return Array.from({ length: Math.floor((hours - 1) / step) }, (_, i) => {
    const ms = window.from + (i + 1) * step * HOUR_MS;
    return { ms, share: (ms - window.from) / (window.until - window.from) };
  });
}

/** Where something from a to b lies in the window, as shares; null when outside. */
export function spanIn(window: DayWindow, a: number, b: number): { readonly left: number; readonly width: number } | null {
  const length = window.until - window.from;
  const left = Math.max(0, (a - window.from) / length);
  const right = Math.min(1, (b - window.from) / length);
  return right <= left ? null : { left, width: right - left };
}

/** When a stop is, as far as anybody knows: what happened, else what is planned. */
export function timesOf({ assignment, job }: CrewStopSeen): { readonly start: number; readonly end: number } | null {
  const planned = assignment.plannedStart === null ? null : Date.parse(assignment.plannedStart);
  const began = assignment.onSiteAt === null ? planned : Date.parse(assignment.onSiteAt);
  if (assignment.endedAt !== null) {
    const end = Date.parse(assignment.endedAt);
    return { start: Math.min(began ?? end, end), end };
  }
  if (began === null) return null;
  return { start: began, end: began + job.serviceSeconds * 1000 };
}
