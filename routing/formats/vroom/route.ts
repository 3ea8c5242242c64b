import type { VroomWindow } from './input.ts';
import type { Place } from './places.ts';
import type { Task } from './tasks.ts';
import type { Vehicle, VehicleBreak } from './vehicles.ts';

/** A vehicle's way through its day as a chain of steps; times are the input's. */
export interface Route {
  readonly vehicle: Vehicle;
  /** A start, tasks and breaks, an end. */
  readonly steps: readonly Step[];
}

interface Leg {
  /** Driving right before this step, from the step before it. */
  readonly travel: number;
  readonly metres: number;
  /** When what is done here may begin; empty = any time. */
  readonly windows: readonly VroomWindow[];
  /** Beyond the windows, in plan mode: exactly then, not before, not after. */
  readonly at?: number | undefined;
  readonly after?: number | undefined;
  readonly before?: number | undefined;
  /** Seconds from then until the vehicle is free. */
  readonly work: number;
}

export type Step = Leg &
  (
    | { readonly kind: 'start' | 'end'; readonly place: Place }
    | { readonly kind: 'task'; readonly task: Task; readonly index: number }
    | { readonly kind: 'break'; readonly rest: VehicleBreak }
  );

/** A vehicle may be home before its time window opens, as in VROOM. */
export function homeBy({ input }: Vehicle): VroomWindow[] {
  return input.time_window === undefined ? [] : [[0, input.time_window[1]]];
}

export interface StepTime {
  readonly arrival: number;
  /** When what is done here begins; arrival and waiting. */
  readonly begins: number;
}

/** The steps as early as can be, each driven to as the legs say; a window that is missed is worked after all, late. */
function asEarlyAsCanBe(steps: readonly Step[]): StepTime[] {
  let free = -Infinity;
  return steps.map((step) => {
    const arrival = Math.max(free + step.travel, step.kind === 'start' ? (step.windows[0]?.[0] ?? 0) : -Infinity);
    const begins = firstOpen(step.windows, arrival);
    free = begins + step.work;
    return { arrival, begins };
  });
}

/**
 * The last step as early, all others as late as can be: as VROOM, nobody sets out to stand and wait. A window that is
 * missed is worked after all, late.
 */
export function asLateAsCanBe(steps: readonly Step[]): StepTime[] {
  const early = asEarlyAsCanBe(steps);
  const begins: number[] = early.map((time) => time.begins);
  for (let i = steps.length - 2; i >= 0; i--) {
    const { work, windows } = steps[i]!;
    begins[i] = Math.max(begins[i]!, lastOpen(windows, begins[i + 1]! - steps[i + 1]!.travel - work));
  }
  // Nobody waits for a break to become later than it may be.
  steps.forEach((step, i) => {
    if (step.kind !== 'break') return;
    const free = begins[i - 1]! + steps[i - 1]!.work + step.travel;
    begins[i] = Math.min(begins[i]!, firstOpen(step.windows, free));
  });
  return begins.map((begin, i) => ({
    arrival: i === 0 ? begin : begins[i - 1]! + steps[i - 1]!.work + steps[i]!.travel,
    begins: begin,
  }));
}

/** The first time from `time` on that lies in a window; `time` itself when all are over. */
export function firstOpen(windows: readonly VroomWindow[], time: number): number {
  const open = windows.find(([, until]) => until >= time);
  return open === undefined ? time : Math.max(time, open[0]);
}

/** The last time up to `time` that lies in a window; -Infinity when none has opened. */
export function lastOpen(windows: readonly VroomWindow[], time: number): number {
  if (windows.length === 0) return time;
  return windows.reduce((last, [from, until]) => (from <= time ? Math.max(last, Math.min(until, time)) : last), -Infinity);
}
