import type { VroomBreak, VroomInput, VroomVehicle, VroomWindow } from './input.ts';
import type { Place, Places } from './places.ts';
import { refuse } from './refusal.ts';

/** A vehicle of VROOM's input. Its index is that of the engine's shift. */
export interface Vehicle {
  readonly input: VroomVehicle;
  readonly path: string;
  /** null: begins at its first task, ends at its last. */
  readonly start: Place | null;
  readonly end: Place | null;
  readonly breaks: readonly VehicleBreak[];
  /** Its travel times in percent of the matrix. */
  readonly travelPercent: number;
}

export interface VehicleBreak {
  readonly input: VroomBreak;
  /** When it may start, in the input's time; null = any time. */
  readonly window: VroomWindow | null;
}

/** @throws VroomRefusal for what cannot be represented. */
export function vehiclesOf(input: VroomInput, places: Places): Vehicle[] {
  return input.vehicles.map((vehicle, v) => {
    const path = `vehicles[${v}]`;
    if (vehicle.max_distance !== undefined)
      throw refuse(`${path}.max_distance`, 'a limit of kilometres cannot be planned; max_travel_time can');
    const given = (location: unknown, index: unknown): boolean => location !== undefined || index !== undefined;
    const start = given(vehicle.start, vehicle.start_index) ? places.at(vehicle.start, vehicle.start_index, path, 'start') : null;
    const end = given(vehicle.end, vehicle.end_index) ? places.at(vehicle.end, vehicle.end_index, path, 'end') : null;
    if (start === null && end === null) throw refuse(path, `vehicle ${vehicle.id} has neither a start nor an end`);
    return {
      input: vehicle,
      path,
      start,
      end,
      breaks: vehicle.breaks.map((one, b) => breakOf(one, vehicle, `${path}.breaks[${b}]`)),
      travelPercent: input.vehicles.every((other) => other.speed_factor === vehicle.speed_factor)
        ? 100
        : wholePercent(vehicle.speed_factor, `${path}.speed_factor`),
    };
  });
}

/** By what all travel times are divided: the vehicles' speed where it is the same for all of them, else 1. */
export function commonSpeed(input: VroomInput): number {
  const speed = input.vehicles[0]?.speed_factor ?? 1;
  return input.vehicles.every((vehicle) => vehicle.speed_factor === speed) ? speed : 1;
}

/** Vehicles of different speed share one matrix and take a whole percentage of it. */
function wholePercent(speedFactor: number, path: string): number {
  const percent = Math.round(100 / speedFactor);
  // 0.8 is 125 %; what is off by the rounding of a double is meant as the whole number.
  if (percent < 1 || Math.abs(100 / speedFactor - percent) > 1e-6)
    throw refuse(
      path,
      `travel times would be ${(100 / speedFactor).toFixed(2)} % of the matrix; where vehicles differ in speed this must be a whole percentage`,
    );
  return percent;
}

function breakOf(one: VroomBreak, vehicle: VroomVehicle, path: string): VehicleBreak {
  if (one.max_load !== undefined) throw refuse(`${path}.max_load`, 'a limit of the load during a break cannot be planned');
  const [from, until] = vehicle.time_window ?? [0, Infinity];
  const windows = (one.time_windows ?? []).map(([a, b]): VroomWindow => [Math.max(a, from), Math.min(b, until - one.service)]);
  const possible = windows.filter(([a, b]) => a <= b);
  if (possible.length > 1)
    throw refuse(`${path}.time_windows`, 'a break with several windows cannot be planned; give one, or several breaks');
  const isOpen = windows.length === 0 && until - one.service >= from;
  if (!isOpen && possible.length === 0) throw refuse(path, 'cannot be taken within the time window of its vehicle');
  return { input: one, window: possible[0] ?? null };
}
