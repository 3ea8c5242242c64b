import type { Plan } from '../plan.ts';
import type { Job, Problem, Shift, Weights } from '../problem.ts';
import { seconds } from '../units.ts';
import { type RoutingInstance, wholeLength, wholeTime } from './routing-instance.ts';

/** Only the road counts. */
const WEIGHTS: Weights = {
  travelPerSecond: 1,
  overtimePerSecond: 0,
  changeOfCrew: 0,
  moveOfStartPerSecond: 0,
  startTolerance: seconds(0),
  brokenPromise: 0,
  useOfShift: 0,
};

/** A customer left out costs as much as so many routes that last from the opening of the depot to its closing. */
const ROUTES_A_CUSTOMER = 10;

/**
 * The instance as a problem whose cost is the instance's in whole numbers (see ROUNDING): a vehicle is a shift, a customer
 * a job, a whole number a second. Job i is customer i + 1, shift v vehicle v + 1. Leaving out costs the prize, and where
 * all must be served more than any route. The travel times lie in shared memory.
 */
export function routingProblem(instance: RoutingInstance): Problem {
  const { nodes, vehicles } = instance;
  const [depot] = nodes;
  const size = nodes.length;
  const cells = new Int32Array(new SharedArrayBuffer(4 * size * size));
  for (let from = 0; from < size; from++) {
    for (let to = 0; to < size; to++) cells[from * size + to] = from === to ? 0 : wholeLength(instance, from, to);
  }
  const time = (value: number) => seconds(wholeTime(instance, value));
  const fleets = fleetsOf(instance);
  const width = String(Math.max(size, vehicles.length)).length;
  const numbered = (what: string, number: number): string => `${what}-${String(number).padStart(width, '0')}`;
  const mustServe = ROUTES_A_CUSTOMER * (time(depot.due) - time(depot.ready));
  return {
    epochUnixSeconds: 0,
    now: time(depot.ready),
    shifts: vehicles.map((vehicle, index): Shift => ({
      id: numbered('vehicle', index + 1),
      startNode: 0,
      endNode: 0,
      from: time(depot.ready),
      until: time(depot.due),
      overtime: seconds(0),
      breaks: [],
      skills: fleets.skillsOfVehicle(index),
      plant: [],
      capacity: [vehicle.capacity],
      ...(instance.longestDuration === null ? {} : { maxDuration: time(instance.longestDuration) }),
    })),
    jobs: nodes.slice(1).map((node, index): Job => ({
      id: numbered('customer', index + 1),
      node: index + 1,
      service: time(node.service),
      release: time(depot.ready),
      windows: [{ from: time(node.ready), until: time(node.due) }],
      due: null,
      latePerSecond: 0,
      waiting: instance.kind === 'PCVRPTW' ? time(node.prize) : mustServe,
      skills: fleets.skillsOfCustomer(index + 1),
      plant: [],
      uses: [node.demand],
      inForce: null,
    })),
    travel: { size, seconds: cells, metres: cells, source: 'estimate' },
    weights: WEIGHTS,
  };
}

/** Which vehicles serve a customer, said by skills: one for each set of vehicles that some customer is left to. */
function fleetsOf({ vehicles, nodes }: RoutingInstance): {
  skillsOfVehicle(vehicle: number): string[];
  skillsOfCustomer(customer: number): string[];
} {
  const limited = vehicles.some(({ serves }) => serves !== null);
  const servers = nodes.map((_, customer) =>
    vehicles.map(({ serves }, vehicle) => (serves === null || serves.has(customer) ? vehicle + 1 : 0)).filter((v) => v > 0),
  );
  const nameOf = (of: readonly number[]): string => `by-${of.join('-')}`;
  const sets = new Map(servers.slice(1).map((of) => [nameOf(of), of]));
  return {
    skillsOfVehicle: (vehicle) =>
      limited
        ? [...sets]
            .filter(([, of]) => of.includes(vehicle + 1))
            .map(([name]) => name)
            .sort()
        : [],
    skillsOfCustomer: (customer) => (limited ? [nameOf(servers[customer] ?? [])] : []),
  };
}

/** Customers by vehicle, as solution files number them. A vehicle that stays at home has an empty list. */
export function routesOf(plan: Plan): number[][] {
  return [...plan.shifts].sort((a, b) => a.shift - b.shift).map(({ stops }) => stops.map(({ job }) => job + 1));
}
