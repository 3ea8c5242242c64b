import type { Break, InForce, Job, Link, Problem, Shift, TravelMatrix } from '../../problem.ts';
import { seconds, type Seconds } from '../../units.ts';
import type { VroomInput, VroomWindow } from './input.ts';
import type { Distances, Places } from './places.ts';
import { pricesOf } from './prices.ts';
import { refuse } from './refusal.ts';
import { dimensionsOf, type Task } from './tasks.ts';
import type { Vehicle } from './vehicles.ts';

/** A VROOM input in our words, with what leads back. */
export interface Translation {
  readonly input: VroomInput;
  readonly tasks: readonly Task[];
  readonly vehicles: readonly Vehicle[];
  readonly places: Places;
  /** Without the node of `problem.travel` from which a vehicle without a start begins. Seconds at the common speed. */
  readonly distances: Distances;
  readonly problem: Problem;
  /** What the input's times are after the problem's 0. */
  readonly offset: number;
}

/** The engine's times lie within 30 years of its 0. */
const MOST_SECONDS = 1_000_000_000;
const MOST_SPAN = 500_000_000;

/**
 * Pure: job j is `tasks[j]`, shift s is `vehicles[s]`. The plan in force is that of the vehicles' steps, held by nothing
 * and changed for nothing: a place to begin the search. @throws VroomRefusal for what cannot be represented.
 */
export function toProblem(
  input: VroomInput,
  tasks: readonly Task[],
  vehicles: readonly Vehicle[],
  places: Places,
  distances: Distances,
): Translation {
  const offset = offsetOf(tasks, vehicles, distances);
  const at = (time: number): Seconds => seconds(Math.max(-MOST_SECONDS, Math.min(MOST_SECONDS, time - offset)));
  const travel = withAnywhere(distances, vehicles);
  const prices = pricesOf(vehicles, tasks, longest(distances.seconds), longest(distances.metres ?? new Int32Array()));
  const dimensions = dimensionsOf(input);
  const shifts = vehicles.map((vehicle, v): Shift => {
    const { time_window, skills, capacity, max_tasks, max_travel_time } = vehicle.input;
    const from = time_window === undefined ? seconds(0) : at(time_window[0]);
    const until = time_window === undefined ? seconds(MOST_SPAN * 2) : at(time_window[1]);
    return {
      id: `vehicle ${vehicle.input.id}`,
      startNode: vehicle.start?.node ?? distances.size,
      endNode: vehicle.end?.node ?? null,
      from,
      until,
      overtime: seconds(0),
      breaks: vehicle.breaks.map(({ input: one, window }): Break => {
        const length = seconds(one.service);
        const open = { from, until: seconds(until - length) };
        return { id: `break ${one.id}`, length, window: window === null ? open : { from: at(window[0]), until: at(window[1]) } };
      }),
      skills: skills.map(String),
      plant: [],
      ...(dimensions > 0 ? { capacity: capacity ?? [] } : {}),
      ...(vehicle.travelPercent === 100 ? {} : { travelPercent: vehicle.travelPercent }),
      rates: {
        travelPerSecond: prices.travelPerSecond[v]!,
        use: prices.use[v]!,
        ...(prices.perKilometre[v]! > 0 ? { perKilometre: prices.perKilometre[v]! } : {}),
      },
      ...(max_tasks === undefined ? {} : { maxJobs: max_tasks }),
      ...(max_travel_time === undefined ? {} : { maxTravel: seconds(max_travel_time) }),
    };
  });
  vehicles.forEach(({ path, input: { costs } }) => {
    if (costs.per_km > 0 && distances.metres === null)
      throw refuse(`${path}.costs.per_km`, 'needs distances, and the matrix brings none');
  });
  const now = seconds(Math.min(...shifts.map(({ from }) => from)));
  // In plan mode nothing is searched, and the steps are read with their forced times in `plan-mode.ts`.
  const begun = input.options.c === true ? new Map<number, InForce>() : startingStops(tasks, vehicles);
  const jobs = tasks.map((task, j): Job => ({
    id: `${task.kind} ${task.id}`,
    node: task.place.node,
    service: seconds(task.setup + task.service),
    release: now,
    windows: task.windows.map(([from, until]) => ({ from: at(from), until: at(until) })),
    due: null,
    latePerSecond: 0,
    waiting: prices.leftOut[j]!,
    skills: task.skills.map(String),
    plant: [],
    ...(task.takesOff.some((amount) => amount > 0) ? { uses: task.takesOff } : {}),
    ...(task.putsOn.some((amount) => amount > 0) ? { collects: task.putsOn } : {}),
    inForce: begun.get(j) ?? null,
  }));
  const links = tasks.flatMap(({ kind, partner }, j): Link[] =>
    kind === 'pickup' ? [{ first: j, second: partner!, leastLag: seconds(0), mostLag: null, sameShift: true }] : [],
  );
  const problem: Problem = {
    epochUnixSeconds: 0,
    now,
    shifts,
    jobs,
    travel,
    weights: {
      travelPerSecond: prices.travelPerSecond[0]!,
      overtimePerSecond: 0,
      changeOfCrew: 0,
      moveOfStartPerSecond: 0,
      startTolerance: seconds(MOST_SECONDS),
      brokenPromise: 0,
      useOfShift: 0,
    },
    ...(links.length > 0 ? { links } : {}),
  };
  return { input, tasks, vehicles, places, distances, problem, offset };
}

/**
 * A matrix with a last node from which everywhere is no way at all: there a vehicle without a start begins, which
 * therefore begins at its first task.
 */
function withAnywhere(distances: Distances, vehicles: readonly Vehicle[]): TravelMatrix {
  const { size } = distances;
  const source = distances.source === 'osrm' ? 'osrm' : 'estimate';
  const metres = distances.metres ?? new Int32Array(size * size);
  if (vehicles.every(({ start }) => start !== null)) return { size, seconds: distances.seconds, metres, source };
  const grown = (cells: Int32Array): Int32Array => {
    const all = new Int32Array((size + 1) ** 2).fill(-1);
    for (let row = 0; row < size; row++) all.set(cells.subarray(row * size, (row + 1) * size), row * (size + 1));
    return all.fill(0, size * (size + 1));
  };
  return { size: size + 1, seconds: grown(distances.seconds), metres: grown(metres), source };
}

/** VROOM's times are relative or Unix time, as its user likes; the engine's are short. */
function offsetOf(tasks: readonly Task[], vehicles: readonly Vehicle[], distances: Distances): number {
  const windows: readonly { path: string; window: VroomWindow }[] = [
    ...tasks.flatMap(({ path, windows: all }) => all.map((window) => ({ path: `${path}.time_windows`, window }))),
    ...vehicles.flatMap(({ path, input }) =>
      input.time_window === undefined ? [] : [{ path: `${path}.time_window`, window: input.time_window }],
    ),
    ...vehicles.flatMap(({ path, breaks }) =>
      breaks.flatMap(({ window }, b) => (window === null ? [] : [{ path: `${path}.breaks[${b}].time_windows`, window }])),
    ),
  ];
  const last = windows.reduce((most, { window }) => (window[1] < NEVER_ENDS ? Math.max(most, window[1]) : most), 0);
  if (last <= MOST_SPAN) return 0;
  const first = windows.reduce((least, { window }) => Math.min(least, window[0]), Infinity);
  // A vehicle without a window may have to leave before the first window opens.
  const ahead = tasks.reduce((total, { setup, service }) => total + setup + service + longest(distances.seconds), 0);
  const offset = Math.max(0, first - Math.min(ahead, MOST_SPAN / 10));
  const far = windows.find(({ window }) => window[0] - offset > MOST_SPAN);
  if (far !== undefined)
    throw refuse(far.path, 'lies more than 15 years after the first time of the input; are some times relative and others not?');
  return offset;
}

/** An end that is the largest number of 32 bits, or near it, means "never". */
const NEVER_ENDS = 2 ** 31 - 1;

const longest = (cells: Int32Array): number => cells.reduce((most, cell) => Math.max(most, cell), 0);

function startingStops(tasks: readonly Task[], vehicles: readonly Vehicle[]): Map<number, InForce> {
  const begun = new Map<number, InForce>();
  vehicles.forEach((vehicle, shift) => {
    const path = `${vehicle.path}.steps`;
    stepTasks(tasks, vehicle).forEach(({ task, step }, position) => {
      if (task === null) return;
      for (const key of ['service_at', 'service_after', 'service_before'] as const) {
        if (vehicle.input.steps![step]![key] !== undefined)
          throw refuse(`${path}[${step}].${key}`, 'is for plan mode (options.c); otherwise give the task a time window');
      }
      if (begun.has(task)) throw refuse(`${path}[${step}].id`, 'this task is in the steps twice');
      begun.set(task, {
        shift,
        position,
        start: seconds(0),
        fixed: false,
        lockCrew: false,
        lockTime: false,
        lockOrder: false,
        promised: null,
      });
    });
  });
  return begun;
}

/** The steps of a vehicle with the index of their task; null for starts, breaks and ends. @throws VroomRefusal. */
export function stepTasks(tasks: readonly Task[], vehicle: Vehicle): { readonly step: number; readonly task: number | null }[] {
  return (vehicle.input.steps ?? []).map(({ type, id }, step) => {
    const path = `${vehicle.path}.steps[${step}].id`;
    if (type === 'start' || type === 'end') return { step, task: null };
    if (id === undefined) throw refuse(path, `is needed for a step of the type ${type}`);
    if (type === 'break') {
      if (!vehicle.breaks.some(({ input }) => input.id === id)) throw refuse(path, `the vehicle has no break ${id}`);
      return { step, task: null };
    }
    const task = tasks.findIndex((one) => one.kind === type && one.id === id);
    if (task < 0) throw refuse(path, `there is no ${type} ${id}`);
    return { step, task };
  });
}
