import { type RoutingInstance, ROUNDING, wholeLength, wholeTime } from './routing-instance.ts';

/** What routes cost, and all that is wrong with them in plain words; without faults they are a solution. */
export interface RoutingScore {
  /** In whole numbers: lengths driven, and the prizes of customers left out. */
  readonly wholeCost: number;
  /** As solution files print it. */
  readonly cost: number;
  readonly faults: readonly string[];
}

/**
 * Recomputes routes from the instance alone, sharing no code with the engine: every customer once, load, windows, duration,
 * who may serve whom.
 * @param routes customers by vehicle, in the order of the instance's vehicles.
 */
export function scoreRoutes(instance: RoutingInstance, routes: readonly (readonly number[])[]): RoutingScore {
  const faults: string[] = [];
  const times = instance.nodes.map(() => 0);
  let wholeCost = 0;
  routes.forEach((route, vehicle) => {
    const unknown = route.find((customer) => !Number.isInteger(customer) || customer < 1 || customer >= instance.nodes.length);
    if (unknown !== undefined) return void faults.push(`route ${vehicle + 1} serves ${unknown}, which is no customer`);
    for (const customer of route) times[customer] = (times[customer] ?? 0) + 1;
    if (route.length === 0) return;
    wholeCost += [0, ...route].reduce((sum, at, place) => sum + wholeLength(instance, at, route[place] ?? 0), 0);
    faults.push(...faultsOf(instance, route, vehicle));
  });
  times.forEach((count, customer) => {
    if (customer === 0 || count === 1) return;
    if (count > 1) faults.push(`customer ${customer} is served ${count} times`);
    else if (instance.kind === 'PCVRPTW') wholeCost += wholeTime(instance, instance.nodes[customer]?.prize ?? 0);
    else faults.push(`customer ${customer} is not served`);
  });
  return { wholeCost, cost: wholeCost / ROUNDING[instance.kind].costDivisor, faults };
}

function faultsOf(instance: RoutingInstance, route: readonly number[], index: number): string[] {
  const faults: string[] = [];
  const name = `route ${index + 1}`;
  const vehicle = instance.vehicles[index];
  if (vehicle === undefined) return [`${name} has no vehicle: there are ${instance.vehicles.length}`];
  const load = route.reduce((sum, customer) => sum + (instance.nodes[customer]?.demand ?? 0), 0);
  if (load > vehicle.capacity) faults.push(`${name} carries ${load}, its vehicle ${vehicle.capacity}`);
  for (const customer of route) {
    if (vehicle.serves !== null && !vehicle.serves.has(customer)) faults.push(`${name} may not serve customer ${customer}`);
  }
  const [depot] = instance.nodes;
  const opens = wholeTime(instance, depot.ready);
  const first = drive(instance, route, opens);
  if (first.tooLateAt !== null)
    faults.push(`${name} is too late at ${first.tooLateAt === 0 ? 'the depot' : `customer ${first.tooLateAt}`}`);
  if (instance.longestDuration !== null && first.tooLateAt === null) {
    const leaves = latestDeparture(instance, route);
    const duration = drive(instance, route, leaves).home - leaves;
    const longest = wholeTime(instance, instance.longestDuration);
    if (duration > longest) faults.push(`${name} lasts ${duration}, at most ${longest} is allowed`);
  }
  return faults;
}

/** Drives the route from `leaves` on: when it is home, and the first node where it comes too late (0 = the depot). */
function drive(instance: RoutingInstance, route: readonly number[], leaves: number): { home: number; tooLateAt: number | null } {
  let time = leaves;
  let at = 0;
  let tooLateAt: number | null = null;
  for (const customer of [...route, 0]) {
    const node = instance.nodes[customer] ?? instance.nodes[0];
    time += wholeLength(instance, at, customer);
    time = Math.max(time, wholeTime(instance, node.ready));
    if (time > wholeTime(instance, node.due)) tooLateAt ??= customer;
    if (customer !== 0) time += wholeTime(instance, node.service);
    at = customer;
  }
  return { home: time, tooLateAt };
}

/** The last moment to leave the depot and still be nowhere too late: leaving then makes the route as short as it can be. */
function latestDeparture(instance: RoutingInstance, route: readonly number[]): number {
  let latest = wholeTime(instance, instance.nodes[0].due);
  let next = 0;
  for (const customer of route.toReversed()) {
    const node = instance.nodes[customer] ?? instance.nodes[0];
    const byNext = latest - wholeLength(instance, customer, next) - wholeTime(instance, node.service);
    latest = Math.min(byNext, wholeTime(instance, node.due));
    next = customer;
  }
  return latest - wholeLength(instance, 0, next);
}
