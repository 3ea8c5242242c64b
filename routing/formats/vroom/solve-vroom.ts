import { encodeLine } from '../../directions/polyline.ts';
import type { Plan } from '../../plan.ts';
import type { Problem } from '../../problem.ts';
import type { RoadNetwork } from '../../roads/road-network.ts';
import { answerOf, type VroomAnswer } from './answer.ts';
import { readVroom, type VroomInput } from './input.ts';
import { askRoads, atSpeed, onRoads, placesOf, readMatrices } from './places.ts';
import { plannedRoutes } from './plan-mode.ts';
import { routesOf } from './read-plan.ts';
import { refuse, VroomRefusal, type VroomCode } from './refusal.ts';
import type { Route } from './route.ts';
import { tasksOf } from './tasks.ts';
import { toProblem, type Translation } from './to-problem.ts';
import { commonSpeed, vehiclesOf } from './vehicles.ts';

export interface VroomTools {
  /** The engine, wherever it runs. */
  readonly solve: (problem: Problem, limits: VroomLimits) => Promise<Plan>;
  /** null: there are none, and inputs must bring matrices. */
  readonly roads: RoadNetwork | null;
  readonly seed: number;
  /** Seconds of search when the input does not say (`options.l`, `options.x`); null: by exploration level. */
  readonly seconds: number | null;
  /** Most seconds of search, whatever the input says. */
  readonly mostSeconds: number;
  /** More is refused as too large. */
  readonly mostLocations: number;
  readonly mostVehicles: number;
  readonly wallMillis: () => number;
}

/** Whichever comes first. */
export interface VroomLimits {
  readonly seed: number;
  readonly iterations: number;
  readonly millis: number;
  readonly signal?: AbortSignal;
}

/**
 * Answers one VROOM input (parsed JSON) as VROOM would.
 * @throws VroomRefusal for an input that is wrong, that says what we cannot represent, or whose roads cannot be asked;
 * the signal's reason when aborted.
 */
export async function answerVroom(json: unknown, tools: VroomTools, signal?: AbortSignal): Promise<VroomAnswer> {
  const began = tools.wallMillis();
  const input = readVroom(json);
  const translation = await translate(input, tools, signal);
  const loaded = tools.wallMillis();
  const planMode = input.options.c === true;
  const routes = planMode ? plannedRoutes(translation) : await search(translation, tools, signal);
  const solved = tools.wallMillis();
  const geometry = input.options.g === true ? await linesOf(routes, tools.roads, signal) : null;
  const millis = (from: number, until: number): number => Math.round(until - from);
  return answerOf(routes, translation, {
    planMode,
    withDistances:
      translation.distances.metres !== null && (input.options.g === true || translation.distances.source === 'matrix'),
    geometry,
    times: { loading: millis(began, loaded), solving: millis(loaded, solved), routing: millis(solved, tools.wallMillis()) },
  });
}

/** The input in our words, travel times asked for. @throws as answerVroom. */
export async function translate(
  input: VroomInput,
  tools: Pick<VroomTools, 'roads' | 'mostLocations' | 'mostVehicles'>,
  signal?: AbortSignal,
): Promise<Translation> {
  requireSize('vehicles', input.vehicles.length, tools.mostVehicles);
  const places = placesOf(input);
  const vehicles = vehiclesOf(input, places);
  const tasks = tasksOf(input, places);
  requireSize('jobs', tasks.length, tools.mostLocations);
  requireSize('', places.nodes.length, tools.mostLocations);
  const distances =
    input.matrices === undefined ? await askRoads(input, places, tools.roads, signal) : readMatrices(input, places);
  return toProblem(input, tasks, vehicles, places, atSpeed(distances, commonSpeed(input)));
}

function requireSize(path: string, count: number, most: number): void {
  const what = path === '' ? 'places' : path === 'jobs' ? 'tasks' : path;
  if (count > most)
    throw new VroomRefusal(2, path, `${count} ${what} are more than the ${most} planned here`, { tooLarge: true });
}

/** Steps of the search after which a small problem is not looked at any longer. */
const STEPS_A_TASK = 2_000;
const LEAST_STEPS = 5_000;
/** Seconds of search by VROOM's exploration level, 0 to 5. */
const SECONDS_OF_LEVEL = [0.5, 1, 1.5, 2, 3, 5] as const;
const USUAL_LEVEL = 5;

/** How long to search: `options.l` in seconds, else by exploration level `options.x`; never more than `mostSeconds`. */
export function secondsOf({ options }: VroomInput, tools: Pick<VroomTools, 'seconds' | 'mostSeconds'>): number {
  const level = Math.floor(options.x ?? USUAL_LEVEL);
  const asked = options.l ?? (options.x === undefined ? tools.seconds : null) ?? SECONDS_OF_LEVEL[level]!;
  return Math.min(asked, tools.mostSeconds);
}

async function search(translation: Translation, tools: VroomTools, signal: AbortSignal | undefined): Promise<Route[]> {
  const { input, tasks, problem } = translation;
  const plan = await tools.solve(problem, {
    seed: tools.seed,
    iterations: LEAST_STEPS + STEPS_A_TASK * tasks.length,
    millis: Math.round(1_000 * secondsOf(input, tools)),
    ...(signal === undefined ? {} : { signal }),
  });
  return routesOf(plan, translation);
}

/** The encoded line of each route. Needs roads, and coordinates for all of its places. */
async function linesOf(routes: readonly Route[], roads: RoadNetwork | null, signal: AbortSignal | undefined): Promise<string[]> {
  if (roads === null) throw new VroomRefusal(3, 'options.g', 'needs roads, and there are none to ask');
  const lines: string[] = [];
  for (const { steps } of routes) {
    const points = steps.flatMap((step) => {
      if (step.kind === 'break') return [];
      const { location } = step.kind === 'task' ? step.task.place : step.place;
      if (location === undefined) throw refuse('options.g', 'needs the coordinates of every place, and some are missing');
      return [{ lon: location[0], lat: location[1] }];
    });
    const { legs } = await onRoads(() => roads.path(points, signal), signal);
    lines.push(encodeLine(legs.flatMap(({ line }) => line)).points);
  }
  return lines;
}

/** The body that VROOM answers with when there is no plan. */
export interface VroomFailure {
  readonly code: VroomCode;
  readonly error: string;
}

/** Any error as VROOM's body, and the HTTP status that vroom-express gives it. */
export function failureOf(error: unknown): { readonly status: 400 | 413 | 500; readonly body: VroomFailure } {
  if (!(error instanceof VroomRefusal)) return { status: 500, body: { code: 1, error: 'Internal error.' } };
  const status = error.tooLarge ? 413 : error.code === 2 ? 400 : 500;
  return { status, body: { code: error.code, error: error.message } };
}
