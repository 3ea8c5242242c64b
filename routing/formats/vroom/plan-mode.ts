import { refuse } from './refusal.ts';
import { earliestBegins } from './plan-times.ts';
import { homeBy, type Route, type Step } from './route.ts';
import { stepTasks, type Translation } from './to-problem.ts';
import type { Vehicle } from './vehicles.ts';
import type { VroomStep } from './input.ts';

/**
 * VROOM's plan mode: the routes are those of the vehicles' steps, in that order, whatever they break. Nothing is
 * searched; `plan-times.ts` says when each step is.
 * @throws VroomRefusal for steps that name nothing, or whose service_at or service_before cannot be kept.
 */
export function plannedRoutes(translation: Translation): Route[] {
  const seen = new Set<number>();
  return translation.vehicles.flatMap((vehicle) => {
    if ((vehicle.input.steps ?? []).length === 0) return [];
    return [routeOf(translation, vehicle, seen)];
  });
}

function routeOf({ tasks, distances, problem }: Translation, vehicle: Vehicle, seen: Set<number>): Route {
  const given = vehicle.input.steps!;
  const open = vehicle.input.time_window;
  const path = `${vehicle.path}.steps`;
  const windows = open === undefined ? [] : [open];
  const order = stepTasks(tasks, vehicle);
  const visited = order.flatMap(({ task }) => (task === null ? [] : [tasks[task]!]));
  const start = vehicle.start ?? visited[0]?.place ?? vehicle.end!;
  const end = vehicle.end ?? visited.at(-1)?.place ?? start;
  const forced = (step: VroomStep | undefined) => ({
    at: step?.service_at,
    after: step?.service_after,
    before: step?.service_before,
  });
  let node = start.node;
  const legTo = (to: number) => {
    const cell = node * distances.size + to;
    const seconds = node === to && distances.seconds[cell] === -1 ? 0 : distances.seconds[cell]!;
    if (seconds < 0) throw refuse(path, 'no road leads from one of these steps to the next');
    node = to;
    return { travel: Math.round((seconds * vehicle.travelPercent) / 100), metres: distances.metres?.[cell] ?? 0 };
  };
  given.forEach(({ type }, s) => {
    if (type === 'start' && s > 0) throw refuse(`${path}[${s}]`, 'a start stands first');
    if (type === 'end' && s < given.length - 1) throw refuse(`${path}[${s}]`, 'an end stands last');
  });
  const first = given[0]?.type === 'start' ? given[0] : undefined;
  const last = given.at(-1)?.type === 'end' ? given.at(-1) : undefined;
  const steps: Step[] = [{ kind: 'start', place: start, travel: 0, metres: 0, windows, work: 0, ...forced(first) }];
  const rested = new Set<number>();
  for (const { step, task: index } of order) {
    const one = given[step]!;
    if (one.type === 'start' || one.type === 'end') continue;
    if (index === null) {
      const rest = vehicle.breaks.find(({ input }) => input.id === one.id)!;
      if (rested.has(rest.input.id)) throw refuse(`${path}[${step}].id`, 'this break is in the steps twice');
      rested.add(rest.input.id);
      const kept = rest.window === null ? [] : [rest.window];
      steps.push({ kind: 'break', rest, travel: 0, metres: 0, windows: kept, work: rest.input.service, ...forced(one) });
      continue;
    }
    if (seen.has(index)) throw refuse(`${path}[${step}].id`, 'this task is in the steps twice');
    seen.add(index);
    const task = tasks[index]!;
    const work = problem.jobs[index]!.service;
    steps.push({ kind: 'task', task, index, ...legTo(task.place.node), windows: task.windows, work, ...forced(one) });
  }
  const home = vehicle.end === null ? { travel: 0, metres: 0 } : legTo(end.node);
  steps.push({ kind: 'end', place: end, ...home, windows: homeBy(vehicle), work: 0, ...forced(last) });
  requireForced(steps, [first, ...given.filter(({ type }) => type !== 'start' && type !== 'end'), last], vehicle);
  return { vehicle, steps };
}

/** `from[i]`: the step of the input that made `steps[i]`. */
function requireForced(steps: readonly Step[], from: readonly (VroomStep | undefined)[], { path, input }: Vehicle): void {
  earliestBegins(steps).forEach((begins, i) => {
    const { at, before } = steps[i]!;
    const name = `${path}.steps[${input.steps!.indexOf(from[i]!)}]`;
    if (at !== undefined && begins > at) throw refuse(`${name}.service_at`, `cannot be kept: ${begins} is the earliest`);
    if (before !== undefined && begins > before)
      throw refuse(`${name}.service_before`, `cannot be kept: ${begins} is the earliest`);
  });
}
