import type { Route, StepTime } from './route.ts';

export type Cause = 'delay' | 'lead_time' | 'load' | 'max_tasks' | 'skills' | 'precedence' | 'missing_break' | 'max_travel_time';

/** What a route does not keep. Seconds, for a delay and a lead time only. */
export interface Violation {
  readonly cause: Cause;
  readonly duration?: number;
}

/** What is on board after each step, by dimension. */
export function loadsOf({ steps }: Route, dimensions: number): number[][] {
  const load = Array.from({ length: dimensions }, () => 0);
  for (const step of steps) {
    if (step.kind === 'task' && step.task.fromStart) step.task.takesOff.forEach((amount, d) => (load[d] = load[d]! + amount));
  }
  return steps.map((step) => {
    if (step.kind === 'task') load.forEach((now, d) => (load[d] = now - step.task.takesOff[d]! + step.task.putsOn[d]!));
    return [...load];
  });
}

/** What each step does not keep: in plain words, sharing nothing with the engine, whose routes must keep all of it. */
export function violationsOf(route: Route, times: readonly StepTime[], dimensions: number): Violation[][] {
  const { vehicle, steps } = route;
  const loads = loadsOf(route, dimensions);
  const { capacity = [], skills, max_tasks: mostTasks, max_travel_time: mostTravel } = vehicle.input;
  const placeOf = new Map(steps.flatMap((step, i) => (step.kind === 'task' ? [[step.index, i] as const] : [])));
  let tasks = 0;
  let travel = 0;
  return steps.map((step, i) => {
    const found: Violation[] = [];
    travel += step.travel;
    const late = outside(step.windows, times[i]!.begins);
    if (late !== null) found.push(late);
    if (capacity.some((most, d) => loads[i]![d]! > most)) found.push({ cause: 'load' });
    if (mostTravel !== undefined && travel > mostTravel) found.push({ cause: 'max_travel_time' });
    if (step.kind !== 'task') return found;
    tasks++;
    if (mostTasks !== undefined && tasks > mostTasks) found.push({ cause: 'max_tasks' });
    if (step.task.skills.some((skill) => !skills.includes(skill))) found.push({ cause: 'skills' });
    if (step.task.partner !== null) {
      const other = placeOf.get(step.task.partner);
      const inOrder = other !== undefined && (step.task.kind === 'pickup' ? other > i : other < i);
      if (!inOrder) found.push({ cause: 'precedence' });
    }
    return found;
  });
}

/** What a route does not keep: of its steps, and a break that is in none of them. */
export function violationsOfRoute({ vehicle, steps }: Route, ofSteps: readonly Violation[][]): Violation[] {
  const taken = steps.flatMap((step) => (step.kind === 'break' ? [step.rest] : []));
  const missing: Violation[] = vehicle.breaks.every((rest) => taken.includes(rest)) ? [] : [{ cause: 'missing_break' }];
  return sumOf([...ofSteps.flat(), ...missing]);
}

/** By cause, with the seconds added up. */
export function sumOf(violations: readonly Violation[]): Violation[] {
  const causes = [...new Set(violations.map(({ cause }) => cause))];
  return causes.map((cause) => {
    const seconds = violations.reduce((total, one) => total + (one.cause === cause ? (one.duration ?? 0) : 0), 0);
    return seconds > 0 ? { cause, duration: seconds } : { cause };
  });
}

/** As VROOM measures: how far before the window that comes, or, after all of them, behind the last. */
function outside(windows: Route['steps'][number]['windows'], time: number): Violation | null {
  if (windows.length === 0) return null;
  const next = windows.find(([, until]) => until >= time);
  if (next === undefined) return { cause: 'delay', duration: time - windows.at(-1)![1] };
  return next[0] > time ? { cause: 'lead_time', duration: next[0] - time } : null;
}
