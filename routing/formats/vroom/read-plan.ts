import type { Plan, PlannedBreak, PlannedShift, PlannedStop } from '../../plan.ts';
import { homeBy, type Route, type Step } from './route.ts';
import type { Translation } from './to-problem.ts';

/** The routes of the engine's plan; vehicles that stay where they are have none. */
export function routesOf(plan: Plan, translation: Translation): Route[] {
  return plan.shifts.filter(({ stops }) => stops.length > 0).map((shift) => routeOf(shift, translation));
}

function routeOf(shift: PlannedShift, { vehicles, tasks, distances, problem }: Translation): Route {
  const vehicle = vehicles[shift.shift]!;
  const { time_window: open } = vehicle.input;
  const windows = open === undefined ? [] : [open];
  const metresBetween = (from: number, to: number): number =>
    from < distances.size ? (distances.metres?.[from * distances.size + to] ?? 0) : 0;
  const firstTask = tasks[shift.stops[0]!.job]!;
  const lastTask = tasks[shift.stops.at(-1)!.job]!;
  const start = vehicle.start ?? firstTask.place;
  const end = vehicle.end ?? lastTask.place;
  const steps: Step[] = [{ kind: 'start', place: start, travel: 0, metres: 0, windows, work: 0 }];
  let rests = [...shift.breaks].sort((a, b) => a.start - b.start);
  let node = problem.shifts[shift.shift]!.startNode;

  /** The breaks up to `time`, each with the driving before it, and what is left of the driving then. */
  const takeBreaks = (isBefore: (one: PlannedBreak) => boolean, isThere: (one: PlannedBreak) => boolean, leg: Leg): Leg => {
    const taken = rests.filter(isBefore);
    rests = rests.filter((one) => !taken.includes(one));
    return taken.reduce((left, one) => {
      const drive = isThere(one) ? left : NO_LEG;
      steps.push(breakStep(one, drive));
      return isThere(one) ? NO_LEG : left;
    }, leg);
  };
  const breakStep = (one: PlannedBreak, leg: Leg): Step => {
    const rest = vehicle.breaks.find(({ input }) => `break ${input.id}` === one.id)!;
    return { kind: 'break', rest, ...leg, windows: rest.window === null ? [] : [rest.window], work: one.end - one.start };
  };

  for (const stop of shift.stops) {
    const task = tasks[stop.job]!;
    const whole = { travel: stop.travel, metres: metresBetween(node, task.place.node) };
    const left = takeBreaks(beforeWork(stop), ({ start: at }) => at >= stop.arrival, whole);
    steps.push({ kind: 'task', task, index: stop.job, ...left, windows: task.windows, work: stop.end - stop.start });
    node = task.place.node;
  }
  const home = {
    travel: shift.travel - shift.stops.reduce((total, { travel }) => total + travel, 0),
    metres: vehicle.end === null ? 0 : metresBetween(node, end.node),
  };
  const left = takeBreaks(
    () => true,
    ({ start: at }) => at >= shift.endsAt,
    home,
  );
  steps.push({ kind: 'end', place: end, ...left, windows: homeBy(vehicle), work: 0 });
  return { vehicle, steps };
}

interface Leg {
  readonly travel: number;
  readonly metres: number;
}
const NO_LEG: Leg = { travel: 0, metres: 0 };

/** A break without length at the moment when work begins counts as taken before it. */
const beforeWork =
  (stop: PlannedStop) =>
  (one: PlannedBreak): boolean =>
    one.end <= stop.start;
