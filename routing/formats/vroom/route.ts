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

export interface StepTime {
  readonly arrival: number;
  /** When what is done here begins; arrival and waiting. */
  readonly begins: number;
}

/** The steps as early as can be; a window that is missed is worked after all, late. A start begins at its window. */
export function asEarlyAsCanBe(steps: readonly Step[]): StepTime[] {
  let free = -Infinity;
  return steps.map((step) => {
    const arrival = Math.max(free + step.travel, step.kind === 'start' ? (step.windows[0]?.[0] ?? 0) : -Infinity);
    const begins = Math.max(arrival, step.at ?? firstOpen(step.windows, Math.max(arrival, step.after ?? arrival)));
    free = begins + step.work;
    return { arrival, begins };
  });
}

/**
 * The same steps with the last one as early, all others as late as can be: as VROOM, nobody sets out to stand and wait.
 * Only for steps that keep their windows.
 */
export function asLateAsCanBe(steps: readonly Step[]): StepTime[] {
  const early = asEarlyAsCanBe(steps);
  const begins: number[] = early.map((time) => time.begins);
  for (let i = steps.length - 2; i >= 0; i--) {
    const { work, windows, at } = steps[i]!;
    const latest = Math.min(begins[i + 1]! - steps[i + 1]!.travel - work, steps[i]!.before ?? Infinity);
    if (at === undefined) begins[i] = Math.max(begins[i]!, lastOpen(windows, latest));
  }
  return begins.map((begin, i) => ({
    arrival: i === 0 ? begin : begins[i - 1]! + steps[i - 1]!.work + steps[i]!.travel,
    begins: begin,
  }));
}

function firstOpen(windows: readonly VroomWindow[], time: number): number {
  const open = windows.find(([, until]) => until >= time);
  return open === undefined ? time : Math.max(time, open[0]);
}

function lastOpen(windows: readonly VroomWindow[], time: number): number {
  if (windows.length === 0) return time;
  return windows.reduce((last, [from, until]) => (from <= time ? Math.max(last, Math.min(until, time)) : last), -Infinity);
}
