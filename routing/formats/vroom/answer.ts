import type { VroomCoordinates } from './input.ts';
import type { Place } from './places.ts';
import { VroomRefusal } from './refusal.ts';
import { timesOfPlan } from './plan-times.ts';
import { asLateAsCanBe, type Route, type Step, type StepTime } from './route.ts';
import { dimensionsOf, type Task } from './tasks.ts';
import type { Translation } from './to-problem.ts';
import { loadsOf, sumOf, violationsOf, violationsOfRoute, type Violation } from './violations.ts';

/** VROOM's answer. Keys in its order; `amount` and `job` are deprecated there and still sent, as it does. */
export interface VroomAnswer {
  readonly code: 0;
  readonly summary: VroomSummary;
  readonly unassigned: readonly VroomUnassigned[];
  readonly routes: readonly VroomRoute[];
  /** Ours, and only there when travel times are estimates: what was asked for by `options.estimate`. */
  readonly travel_times?: 'estimate';
}

/** Milliseconds: reading and travel times, search, lines of the routes. */
export interface ComputingTimes {
  readonly loading: number;
  readonly solving: number;
  readonly routing: number;
}

interface Totals {
  readonly cost: number;
  readonly delivery?: readonly number[];
  readonly amount?: readonly number[];
  readonly pickup?: readonly number[];
  readonly setup: number;
  readonly service: number;
  readonly duration: number;
  readonly waiting_time: number;
  readonly priority: number;
  readonly distance?: number;
  readonly violations: readonly Violation[];
}

export interface VroomSummary extends Totals {
  readonly routes: number;
  readonly unassigned: number;
  readonly computing_times: ComputingTimes;
}

export interface VroomRoute extends Totals {
  readonly vehicle: number;
  readonly description?: string;
  readonly steps: readonly VroomRouteStep[];
  /** Encoded polyline, five decimals. */
  readonly geometry?: string;
}

export interface VroomRouteStep {
  readonly type: 'start' | 'job' | 'pickup' | 'delivery' | 'break' | 'end';
  readonly description?: string;
  readonly location?: VroomCoordinates;
  readonly location_index?: number;
  readonly id?: number;
  readonly setup: number;
  readonly service: number;
  readonly waiting_time: number;
  readonly job?: number;
  readonly load?: readonly number[];
  readonly arrival: number;
  readonly duration: number;
  readonly distance?: number;
  readonly violations: readonly Violation[];
}

export interface VroomUnassigned {
  readonly id: number;
  readonly location?: VroomCoordinates;
  readonly location_index?: number;
  readonly type: Task['kind'];
  readonly description?: string;
}

export interface AnswerOptions {
  /** In plan mode a route may break rules, and says so; a route of the engine may not. */
  readonly planMode: boolean;
  readonly withDistances: boolean;
  /** By route, where asked for. */
  readonly geometry: readonly string[] | null;
  readonly times: ComputingTimes;
}

/** @throws VroomRefusal 1 when a route of the engine does not keep what the input says: a fault of ours. */
export function answerOf(routes: readonly Route[], translation: Translation, options: AnswerOptions): VroomAnswer {
  const { tasks } = translation;
  const written = routes.map((route, r) => writeRoute(route, translation, options, options.geometry?.[r]));
  const served = new Set(routes.flatMap(({ steps }) => steps.flatMap((step) => (step.kind === 'task' ? [step.index] : []))));
  const unassigned = tasks.filter((_, index) => !served.has(index));
  const summary: VroomSummary = {
    ...totalsOf(
      written.map(({ route }) => route),
      written.map(({ exactCost }) => exactCost),
      translation,
      options,
    ),
    routes: routes.length,
    unassigned: unassigned.length,
    computing_times: options.times,
  };
  return {
    code: 0,
    summary,
    unassigned: unassigned.map(({ id, kind, place, description }) => ({
      id,
      ...placeIn(place),
      type: kind,
      ...(description === undefined ? {} : { description }),
    })),
    routes: written.map(({ route }) => route),
    ...(translation.distances.source === 'estimate' ? { travel_times: 'estimate' as const } : {}),
  };
}

interface WrittenRoute {
  readonly route: VroomRoute;
  readonly exactCost: number;
}

function writeRoute(given: Route, translation: Translation, options: AnswerOptions, geometry: string | undefined): WrittenRoute {
  const dimensions = dimensionsOf(translation.input);
  const { route, times, violations } = timed(given, dimensions, options.planMode);
  const { vehicle, steps } = route;
  const loads = loadsOf(route, dimensions);
  const done = steps.flatMap((step) => (step.kind === 'task' ? [step.task] : []));
  let duration = 0;
  let distance = 0;
  const written = steps.map((step, i): VroomRouteStep => {
    duration += step.travel;
    distance += step.metres;
    const { arrival, begins } = times[i]!;
    const waits = step.kind === 'task' || step.kind === 'break';
    return {
      ...namesOf(step),
      waiting_time: waits ? begins - arrival : 0,
      ...(step.kind === 'task' ? { job: step.task.id } : {}),
      ...(dimensions > 0 ? { load: loads[i]! } : {}),
      arrival,
      duration,
      ...(options.withDistances ? { distance } : {}),
      violations: violations[i]!,
    };
  });
  const total = (of: (step: VroomRouteStep) => number): number => written.reduce((sum, step) => sum + of(step), 0);
  const totals = {
    setup: total(({ setup }) => setup),
    service: total(({ service }) => service),
    waiting_time: total((step) => step.waiting_time),
  };
  const breaks = steps.reduce((sum, step) => sum + (step.kind === 'break' ? step.work : 0), 0);
  const { fixed, per_hour, per_km, per_task_hour } = vehicle.input.costs;
  const worked = totals.setup + totals.service - breaks;
  const exactCost = fixed + (per_hour * duration + per_task_hour * worked) / 3_600 + (per_km * distance) / 1_000;
  const { description } = vehicle.input;
  const delivery = sumAmounts(
    done.map(({ takesOff }) => takesOff),
    dimensions,
  );
  const pickup = sumAmounts(
    done.map(({ putsOn }) => putsOn),
    dimensions,
  );
  return {
    exactCost,
    route: {
      vehicle: vehicle.input.id,
      cost: wholeCost(exactCost),
      ...(description === undefined ? {} : { description }),
      ...(dimensions > 0 ? { delivery, amount: delivery, pickup } : {}),
      ...totals,
      duration,
      priority: done.reduce((sum, { priority }) => sum + priority, 0),
      ...(options.withDistances ? { distance } : {}),
      steps: written,
      violations: violationsOfRoute(route, violations),
      ...(geometry === undefined ? {} : { geometry }),
    },
  };
}

/** When each step is, and what it does not keep. The route comes back as it is driven. */
function timed(
  route: Route,
  dimensions: number,
  planMode: boolean,
): { route: Route; times: StepTime[]; violations: Violation[][] } {
  const timing = planMode ? timesOfPlan(route) : { route, times: asLateAsCanBe(route.steps) };
  const violations = violationsOf(timing.route, timing.times, dimensions);
  const broken = planMode ? [] : violationsOfRoute(route, violations);
  if (broken.length > 0) {
    const causes = broken.map(({ cause }) => cause);
    throw new VroomRefusal(1, '', `The plan made for vehicle ${route.vehicle.input.id} does not hold (${causes.join(', ')}).`);
  }
  return { ...timing, violations };
}

function namesOf(
  step: Step,
): Pick<VroomRouteStep, 'type' | 'description' | 'location' | 'location_index' | 'id' | 'setup' | 'service'> {
  if (step.kind === 'task') {
    const { kind, description, place, id, setup, service } = step.task;
    return { type: kind, ...(description === undefined ? {} : { description }), ...placeIn(place), id, setup, service };
  }
  if (step.kind === 'break') {
    const { description, id, service } = step.rest.input;
    return { type: 'break', ...(description === undefined ? {} : { description }), id, setup: 0, service };
  }
  return { type: step.kind, ...placeIn(step.place), setup: 0, service: 0 };
}

function placeIn({ location, locationIndex }: Place): Pick<VroomUnassigned, 'location' | 'location_index'> {
  return {
    ...(location === undefined ? {} : { location }),
    ...(locationIndex === undefined ? {} : { location_index: locationIndex }),
  };
}

function totalsOf(
  routes: readonly VroomRoute[],
  exactCosts: readonly number[],
  translation: Translation,
  options: AnswerOptions,
): Totals {
  const dimensions = dimensionsOf(translation.input);
  const total = (of: (route: VroomRoute) => number): number => routes.reduce((sum, route) => sum + of(route), 0);
  const delivery = sumAmounts(
    routes.map((route) => route.delivery ?? []),
    dimensions,
  );
  const pickup = sumAmounts(
    routes.map((route) => route.pickup ?? []),
    dimensions,
  );
  return {
    cost: wholeCost(exactCosts.reduce((sum, cost) => sum + cost, 0)),
    ...(dimensions > 0 ? { delivery, amount: delivery, pickup } : {}),
    setup: total(({ setup }) => setup),
    service: total(({ service }) => service),
    duration: total(({ duration }) => duration),
    waiting_time: total(({ waiting_time }) => waiting_time),
    priority: total(({ priority }) => priority),
    ...(options.withDistances ? { distance: total(({ distance }) => distance ?? 0) } : {}),
    violations: sumOf(routes.flatMap(({ violations }) => violations)),
  };
}

const sumAmounts = (amounts: readonly (readonly number[])[], dimensions: number): number[] =>
  Array.from({ length: dimensions }, (_, d) => amounts.reduce((sum, amount) => sum + (amount[d] ?? 0), 0));

/** As VROOM: rounded down; what is off by the rounding of doubles is not. */
const wholeCost = (cost: number): number => Math.floor(cost + 1e-6);
