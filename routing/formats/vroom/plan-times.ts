import { leastViolation, type After } from './least-violation.ts';
import { firstOpen, lastOpen, type Route, type Step, type StepTime } from './route.ts';

/** More steps than this are timed as early as can be: the programme of `leastViolation` is dense, and runs where it is called. */
const MOST_STEPS_TO_WEIGH = 50;

/**
 * When the steps of a route are in plan mode, as VROOM has it: with the least seconds outside all windows together; among
 * those home as early as can be; everything else as late as can be, but for breaks, which come early. A break may be taken on the road: the route that comes
 * back has its driving cut there. With several windows a step is held to the one it would come into by going early.
 */
export function timesOfPlan(route: Route): { readonly route: Route; readonly times: StepTime[] } {
  const { steps } = route;
  const after = leastApart(steps);
  const early = asEarly(steps, after, true);
  const held = steps.map((step, i) => {
    const window = step.windows.find(([, until]) => until >= early[i]!) ?? step.windows.at(-1);
    return window === undefined ? null : { from: window[0], until: window[1] };
  });
  const isLate = early.some((time, i) => {
    const { at = Infinity, before = Infinity } = steps[i]!;
    return time > Math.min(at, before, held[i]?.until ?? Infinity);
  });
  const begins = isLate && steps.length <= MOST_STEPS_TO_WEIGH ? (leastViolation(steps, held, after) ?? early) : early;
  // A step may go as late as its window lets it, or as it is outside of it already.
  for (let i = steps.length - 2; i >= 0; i--) {
    const { windows, at, before = Infinity } = steps[i]!;
    const limit = after.reduce(
      (least, one) => (one.first === i ? Math.min(least, begins[one.second]! - one.least) : least),
      before,
    );
    if (at === undefined) begins[i] = Math.max(begins[i]!, lastOpen(windows, limit));
  }
  // Nobody waits for a break to become later than it may be.
  steps.forEach((step, i) => {
    if (step.kind !== 'break' || step.at !== undefined) return;
    const free = Math.max(begins[i - 1]! + steps[i - 1]!.work, step.after ?? -Infinity);
    begins[i] = Math.min(begins[i]!, firstOpen(step.windows, free));
  });
  return driven(route, begins);
}

/**
 * The earliest that each step can begin, whatever windows that breaks; what is forced later on cannot be kept. Routes too long
 * to be weighed keep their windows.
 */
export function earliestBegins(steps: readonly Step[]): number[] {
  return asEarly(steps, leastApart(steps), steps.length > MOST_STEPS_TO_WEIGH);
}

/** What lies between the beginnings of two steps at least: work, driving, and breaks on the way. */
function leastApart(steps: readonly Step[]): After[] {
  const after: After[] = [];
  let place = 0;
  let resting = 0;
  steps.forEach((step, i) => {
    if (i === 0) return;
    if (i - 1 !== place || step.kind === 'break') after.push({ first: i - 1, second: i, least: steps[i - 1]!.work });
    if (step.kind === 'break') {
      resting += step.work;
      return;
    }
    after.push({ first: place, second: i, least: steps[place]!.work + resting + step.travel });
    place = i;
    resting = 0;
  });
  return after;
}

function asEarly(steps: readonly Step[], after: readonly After[], mindWindows: boolean): number[] {
  const begins: number[] = [];
  steps.forEach((step, i) => {
    const free = after.reduce(
      (most, one) => (one.second === i ? Math.max(most, begins[one.first]! + one.least) : most),
      i === 0 && mindWindows ? (step.windows[0]?.[0] ?? 0) : i === 0 ? 0 : -Infinity,
    );
    const windows = mindWindows ? step.windows : [];
    begins.push(Math.max(free, step.at ?? firstOpen(windows, Math.max(free, step.after ?? free))));
  });
  return begins;
}

/** Drives on until a break begins, and the rest after it. */
function driven(route: Route, begins: readonly number[]): { readonly route: Route; readonly times: StepTime[] } {
  const times: StepTime[] = [];
  const steps: Step[] = [];
  let free = begins[0]!;
  let done = { travel: 0, metres: 0 };
  route.steps.forEach((step, i) => {
    let leg = { travel: step.travel - done.travel, metres: step.metres - done.metres };
    if (step.kind === 'break') {
      const ahead = route.steps.slice(i).find(({ kind }) => kind !== 'break')!;
      const travel = Math.min(ahead.travel - done.travel, begins[i]! - free);
      const share = ahead.travel === 0 ? 1 : (done.travel + travel) / ahead.travel;
      leg = { travel, metres: Math.round(ahead.metres * share) - done.metres };
      done = { travel: done.travel + travel, metres: done.metres + leg.metres };
    } else {
      done = { travel: 0, metres: 0 };
    }
    steps.push({ ...step, ...leg });
    times.push({ arrival: i === 0 ? begins[0]! : free + leg.travel, begins: begins[i]! });
    free = begins[i]! + step.work;
  });
  return { route: { vehicle: route.vehicle, steps }, times };
}
