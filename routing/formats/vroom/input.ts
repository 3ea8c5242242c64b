import { z } from 'zod';
import { refuse } from './refusal.ts';

/**
 * The shape of VROOM's input (1.15). Every object is closed: a key that VROOM does not know, or that a later VROOM
 * brings, is refused by name, since a misspelt `skils` would otherwise give a plan that looks right.
 * Times are whole seconds, amounts whole numbers, coordinates [lon, lat] in degrees.
 */

/** VROOM reads durations and times into 32 bits. */
const whole = z.number().int().min(0).max(4_294_967_295);
const Id = z.number().int().min(0).max(Number.MAX_SAFE_INTEGER);
const Amounts = z.array(whole).max(32);
const Skills = z.array(whole).max(1_000);
const TimeWindow = z
  .tuple([whole, whole])
  .refine(([from, until]) => from <= until, { message: 'the window ends before it starts' });
const TimeWindows = z
  .array(TimeWindow)
  .max(100)
  .refine((windows) => windows.every((w, i) => i === 0 || windows[i - 1]![1] < w[0]), {
    message: 'the windows overlap or are not in order',
  });
const Coordinates = z.tuple([z.number().min(-180).max(180), z.number().min(-90).max(90)]);
const ByType = z.record(z.string(), whole);

const placed = { location: Coordinates.optional(), location_index: whole.optional() };
const worked = {
  description: z.string().max(10_000).optional(),
  setup: whole.default(0),
  service: whole.default(0),
  setup_per_type: ByType.optional(),
  service_per_type: ByType.optional(),
  time_windows: TimeWindows.optional(),
};
const Priority = z.number().int().min(0).max(100).default(0);

const VroomJob = z.strictObject({
  id: Id,
  ...placed,
  ...worked,
  /** Deprecated by VROOM: a delivery, where neither `delivery` nor `pickup` is given. */
  amount: Amounts.optional(),
  delivery: Amounts.optional(),
  pickup: Amounts.optional(),
  skills: Skills.default([]),
  priority: Priority,
});

const ShipmentStep = z.strictObject({ id: Id, ...placed, ...worked });
const VroomShipment = z.strictObject({
  pickup: ShipmentStep,
  delivery: ShipmentStep,
  amount: Amounts.optional(),
  skills: Skills.default([]),
  priority: Priority,
});

const VroomBreak = z.strictObject({
  id: Id,
  description: z.string().max(10_000).optional(),
  time_windows: TimeWindows.optional(),
  service: whole.default(0),
  max_load: Amounts.optional(),
});

const VroomStep = z.strictObject({
  type: z.enum(['start', 'job', 'pickup', 'delivery', 'break', 'end']),
  id: Id.optional(),
  service_at: whole.optional(),
  service_after: whole.optional(),
  service_before: whole.optional(),
});

const Costs = z.strictObject({
  fixed: whole.default(0),
  per_hour: whole.default(3_600),
  per_km: whole.default(0),
  per_task_hour: whole.default(0),
});

const VroomVehicle = z.strictObject({
  id: Id,
  profile: z.string().min(1).default('car'),
  description: z.string().max(10_000).optional(),
  start: Coordinates.optional(),
  start_index: whole.optional(),
  end: Coordinates.optional(),
  end_index: whole.optional(),
  capacity: Amounts.optional(),
  costs: Costs.default({ fixed: 0, per_hour: 3_600, per_km: 0, per_task_hour: 0 }),
  skills: Skills.default([]),
  type: z.string().optional(),
  time_window: TimeWindow.optional(),
  breaks: z.array(VroomBreak).max(100).default([]),
  speed_factor: z.number().positive().max(5).default(1),
  max_tasks: whole.optional(),
  max_travel_time: whole.optional(),
  max_distance: whole.optional(),
  steps: z.array(VroomStep).optional(),
});

/** A million cells: looked at one by one where they are read (`places.ts`), not here, which would take a second. */
const Cells = z
  .custom<readonly (readonly number[])[]>((rows) => Array.isArray(rows) && rows.every((row) => Array.isArray(row)), {
    message: 'must be rows of whole numbers',
  })
  .meta({ type: 'array', items: { type: 'array', items: { type: 'integer', minimum: 0 } } });
const Matrices = z.strictObject({ durations: Cells, distances: Cells.optional(), costs: Cells.optional() });

/** What VROOM takes as flags; vroom-express reads the same from the body. */
const flag = z.coerce.number().min(0);
const Options = z.strictObject({
  /** Plan mode: the times of the given steps. */
  c: z.boolean().optional(),
  /** Geometry and distances. */
  g: z.boolean().optional(),
  /** Most seconds of search. */
  l: flag.optional(),
  /** Threads: ours are sized to the machine, so this changes nothing in the answer. */
  t: flag.optional(),
  /** Exploration level. */
  x: flag.max(5).optional(),
  /** Ours: travel may be estimated when there are no roads. */
  estimate: z.boolean().optional(),
});

export const VroomInput = z.strictObject({
  jobs: z.array(VroomJob).default([]),
  shipments: z.array(VroomShipment).default([]),
  vehicles: z.array(VroomVehicle),
  matrices: z.record(z.string(), Matrices).optional(),
  /** Deprecated by VROOM: the durations of the profile "car". */
  matrix: Cells.optional(),
  options: Options.default({}),
});

export type VroomInput = z.infer<typeof VroomInput>;
export type VroomJob = z.infer<typeof VroomJob>;
export type VroomShipmentStep = z.infer<typeof ShipmentStep>;
export type VroomVehicle = z.infer<typeof VroomVehicle>;
export type VroomBreak = z.infer<typeof VroomBreak>;
export type VroomStep = z.infer<typeof VroomStep>;
export type VroomCosts = z.infer<typeof Costs>;
export type VroomWindow = z.infer<typeof TimeWindow>;
export type VroomCoordinates = z.infer<typeof Coordinates>;

/** Reads parsed JSON. @throws VroomRefusal 2 with the path of the first field that is wrong. */
export function readVroom(json: unknown): VroomInput {
  const read = VroomInput.safeParse(json);
  if (read.success) {
    requireSense(read.data);
    const { matrix, ...input } = read.data;
    return matrix === undefined ? input : { ...input, matrices: { car: { durations: matrix } } };
  }
  const issue = read.error.issues[0]!;
  if (issue.code === 'unrecognized_keys') {
    const path = [...issue.path, issue.keys[0]!];
    throw refuse(pathOf(path), 'is not a key of VROOM 1.15 here; it is refused, not ignored');
  }
  throw refuse(pathOf(issue.path), issue.message);
}

/** `['jobs', 3, 'setup']` as `jobs[3].setup`. */
function pathOf(path: readonly PropertyKey[]): string {
  return path.reduce<string>(
    (text, key) => (typeof key === 'number' ? `${text}[${key}]` : text === '' ? String(key) : `${text}.${String(key)}`),
    '',
  );
}

function requireSense(input: VroomInput): void {
  if (input.vehicles.length === 0) throw refuse('vehicles', 'there is no vehicle');
  if (input.jobs.length + input.shipments.length === 0) throw refuse('jobs', 'there is no job and no shipment');
  if (input.matrix !== undefined && input.matrices !== undefined)
    throw refuse('matrix', 'stands beside matrices, which say the same; give one of them');
  unique(input.vehicles, 'vehicles', '');
  unique(input.jobs, 'jobs', '');
  for (const kind of ['pickup', 'delivery'] as const) {
    unique(
      input.shipments.map((shipment) => shipment[kind]),
      'shipments',
      `.${kind}`,
    );
  }
  input.vehicles.forEach((vehicle, v) => unique(vehicle.breaks, `vehicles[${v}].breaks`, ''));
}

function unique(list: readonly { readonly id: number }[], path: string, inner: string): void {
  const seen = new Set<number>();
  list.forEach(({ id }, i) => {
    if (seen.has(id)) throw refuse(`${path}[${i}]${inner}.id`, `${id} is there twice`);
    seen.add(id);
  });
}
