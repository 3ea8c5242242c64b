import type { VroomInput, VroomJob, VroomShipmentStep, VroomVehicle, VroomWindow } from './input.ts';
import type { Place, Places } from './places.ts';
import { refuse } from './refusal.ts';

export type TaskKind = 'job' | 'pickup' | 'delivery';

/** One piece of work of VROOM's input: a job, or one end of a shipment. Its index is that of the engine's job. */
export interface Task {
  readonly kind: TaskKind;
  readonly id: number;
  /** Where it stands in the input, for messages. */
  readonly path: string;
  readonly description: string | undefined;
  readonly place: Place;
  /** Seconds, in this order after the start. */
  readonly setup: number;
  readonly service: number;
  /** In the input's time; empty = any time. */
  readonly windows: readonly VroomWindow[];
  readonly skills: readonly number[];
  readonly priority: number;
  /** What it takes off and puts on the vehicle, by dimension. */
  readonly takesOff: readonly number[];
  readonly putsOn: readonly number[];
  /** On board from the start of the route, and until its end. */
  readonly fromStart: boolean;
  /** The other end of its shipment, by index; null for a job. */
  readonly partner: number | null;
}

/** How many dimensions the amounts have: as VROOM, that of the first vehicle's capacity. */
export const dimensionsOf = (input: VroomInput): number => input.vehicles[0]?.capacity?.length ?? 0;

/** Jobs first, then each shipment's pickup and delivery. @throws VroomRefusal for what cannot be represented. */
export function tasksOf(input: VroomInput, places: Places): Task[] {
  const tasks: Task[] = [];
  const dimensions = dimensionsOf(input);
  const nothing = Array.from({ length: dimensions }, () => 0);
  const amounts = (given: readonly number[] | undefined, path: string): readonly number[] => {
    if (given === undefined) return nothing;
    if (given.length !== dimensions)
      throw refuse(path, `has ${given.length} amounts where the first vehicle's capacity has ${dimensions}`);
    return given;
  };
  input.vehicles.forEach((vehicle, v) => {
    amounts(vehicle.capacity ?? [], `vehicles[${v}].capacity`);
  });
  const common = (step: VroomJob | VroomShipmentStep, path: string) => ({
    id: step.id,
    path,
    description: step.description,
    place: places.at(step.location, step.location_index, path, 'location'),
    setup: sameForAll(step.setup, step.setup_per_type, input.vehicles, `${path}.setup_per_type`),
    service: sameForAll(step.service, step.service_per_type, input.vehicles, `${path}.service_per_type`),
    windows: step.time_windows ?? [],
  });
  input.jobs.forEach((job, j) => {
    const path = `jobs[${j}]`;
    const old = job.delivery === undefined && job.pickup === undefined ? job.amount : undefined;
    if (job.amount !== undefined && old === undefined)
      throw refuse(`${path}.amount`, 'stands beside delivery or pickup, which say the same; give one of them');
    tasks.push({
      ...common(job, path),
      kind: 'job',
      skills: job.skills,
      priority: job.priority,
      takesOff: old === undefined ? amounts(job.delivery, `${path}.delivery`) : amounts(old, `${path}.amount`),
      putsOn: amounts(job.pickup, `${path}.pickup`),
      fromStart: true,
      partner: null,
    });
  });
  input.shipments.forEach((shipment, s) => {
    const amount = amounts(shipment.amount, `shipments[${s}].amount`);
    const both = { skills: shipment.skills, priority: shipment.priority, fromStart: false };
    const pickup = tasks.length;
    tasks.push(
      {
        ...common(shipment.pickup, `shipments[${s}].pickup`),
        ...both,
        kind: 'pickup',
        takesOff: nothing,
        putsOn: amount,
        partner: pickup + 1,
      },
      {
        ...common(shipment.delivery, `shipments[${s}].delivery`),
        ...both,
        kind: 'delivery',
        takesOff: amount,
        putsOn: nothing,
        partner: pickup,
      },
    );
  });
  refuseSharedSetup(tasks);
  return tasks;
}

/** A time by type of vehicle is one time when every vehicle here would take as long. */
function sameForAll(
  usual: number,
  byType: Readonly<Record<string, number>> | undefined,
  vehicles: readonly VroomVehicle[],
  path: string,
): number {
  if (byType === undefined) return usual;
  const times = vehicles.map(({ type }) => (type === undefined ? usual : (byType[type] ?? usual)));
  if (times.some((time) => time !== times[0]))
    throw refuse(path, 'the vehicles here would take different times, which cannot be planned; give one time for all of them');
  return times[0]!;
}

/** VROOM pays a setup once for neighbours at one place. Alone at its place, a setup is simply part of the work. */
function refuseSharedSetup(tasks: readonly Task[]): void {
  const at = new Map<number, number>();
  for (const { place } of tasks) at.set(place.node, (at.get(place.node) ?? 0) + 1);
  for (const { setup, place, path } of tasks) {
    if (setup > 0 && at.get(place.node)! > 1)
      throw refuse(`${path}.setup`, 'another task is at the same place, and a setup shared by neighbours cannot be planned');
  }
}
