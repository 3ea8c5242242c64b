import type { RoadNetwork, RoadTable } from '../../roads/road-network.ts';
import { NoRoad } from '../../roads/errors.ts';
import type { LonLat } from '../../units.ts';
import type { VroomCoordinates, VroomInput } from './input.ts';
import { refuse, VroomRefusal } from './refusal.ts';

/** A place of the input. Its node is its row in the matrix. */
export interface Place {
  readonly node: number;
  /** As the input gave them; the answer gives back what was given. */
  readonly location: VroomCoordinates | undefined;
  readonly locationIndex: number | undefined;
}

/** Collects the places of one input, each once. */
export interface Places {
  /** @throws VroomRefusal when the input does not say where `path` is. `field` is `location`, `start` or `end`. */
  at(location: VroomCoordinates | undefined, index: number | undefined, path: string, field: string): Place;
  /** For each node: the row of the input's matrix it is, or where it lies. */
  readonly nodes: readonly (number | LonLat)[];
}

/** Seconds and metres between the nodes, -1 where no road leads; metres are null when the input has no distances. */
export interface Distances {
  readonly size: number;
  readonly seconds: Int32Array;
  readonly metres: Int32Array | null;
  readonly source: 'matrix' | RoadTable['source'];
}

/** VROOM's users write "no way" as a very large number; 34 years of driving is one. */
export const NO_WAY = 2 ** 30;

export function placesOf(input: VroomInput): Places {
  const byMatrix = input.matrices !== undefined;
  const nodes: (number | LonLat)[] = [];
  const known = new Map<string, number>();
  const nodeOf = (key: string, value: number | LonLat): number => {
    const node = known.get(key) ?? nodes.push(value) - 1;
    known.set(key, node);
    return node;
  };
  return {
    nodes,
    at(location, index, path, field) {
      const given = { location, locationIndex: index };
      if (byMatrix) {
        const name = `${path}.${field}_index`;
        if (index === undefined) throw refuse(name, 'is needed, since the input brings its own matrices');
        return { node: nodeOf(String(index), index), ...given };
      }
      if (location === undefined) throw refuse(`${path}.${field}`, 'is needed, since the input brings no matrices');
      const [lon, lat] = location;
      return { node: nodeOf(`${lon},${lat}`, { lon, lat }), ...given };
    },
  };
}

/** The input's own matrix, cut to the places that are used. @throws VroomRefusal. */
export function readMatrices(input: VroomInput, places: Places): Distances {
  const matrices = input.matrices ?? {};
  const profiles = [...new Set(input.vehicles.map(({ profile }) => profile))];
  const read = profiles.map((profile): Distances => {
    const path = `matrices.${profile}`;
    const matrix = matrices[profile];
    if (matrix === undefined) {
      const vehicle = input.vehicles.findIndex((v) => v.profile === profile);
      throw refuse(`vehicles[${vehicle}].profile`, `there is no matrix of the profile "${profile}"`);
    }
    const seconds = cut(matrix.durations, places, `${path}.durations`);
    const { distances, costs } = matrix;
    if (costs !== undefined) refuseOtherCosts(matrix.durations, costs, `${path}.costs`);
    return {
      size: places.nodes.length,
      seconds,
      metres: distances === undefined ? null : cut(distances, places, `${path}.distances`),
      source: 'matrix',
    };
  });
  const first = read[0]!;
  for (const [i, other] of read.entries()) {
    if (same(first.seconds, other.seconds) && same(first.metres ?? [], other.metres ?? [])) continue;
    const vehicle = input.vehicles.findIndex(({ profile }) => profile === profiles[i]);
    throw refuse(
      `vehicles[${vehicle}].profile`,
      `its matrix differs from that of "${profiles[0]}"; one plan has one matrix, and vehicles differ by speed_factor`,
    );
  }
  return first;
}

/** Travel on real roads. @throws VroomRefusal 3 when there are none, or only an estimate and that was not asked for. */
export async function askRoads(
  input: VroomInput,
  places: Places,
  roads: RoadNetwork | null,
  signal: AbortSignal | undefined,
): Promise<Distances> {
  input.vehicles.forEach(({ profile }, v) => {
    // The road engine behind us knows one way to move.
    if (profile !== 'car') throw refuse(`vehicles[${v}].profile`, `there are roads for "car" only, not for "${profile}"`);
  });
  if (roads === null) throw new VroomRefusal(3, 'matrices', 'the input gives coordinates only, and there are no roads to ask');
  const points = places.nodes.filter((node): node is LonLat => typeof node !== 'number');
  const table = await onRoads(() => roads.table(points, points, signal), signal);
  if (table.source === 'estimate' && input.options.estimate !== true) {
    throw new VroomRefusal(
      3,
      '',
      'The road engine does not answer; travel times could be estimated only. With options.estimate true that is done, and said.',
    );
  }
  return { size: points.length, seconds: table.seconds, metres: table.metres, source: table.source };
}

/** The same distances for vehicles that drive `speed` times as fast: seconds rounded to whole ones, leg by leg. */
export function atSpeed(distances: Distances, speed: number): Distances {
  if (speed === 1) return distances;
  return { ...distances, seconds: distances.seconds.map((cell) => (cell < 0 ? cell : Math.round(cell / speed))) };
}

/** What the road engine cannot say is VROOM's code 3; that somebody went away is not. */
export async function onRoads<T>(ask: () => Promise<T>, signal: AbortSignal | undefined): Promise<T> {
  try {
    return await ask();
  } catch (cause) {
    signal?.throwIfAborted();
    const why = cause instanceof NoRoad ? 'No road leads there' : 'The road engine does not answer';
    throw new VroomRefusal(3, '', `${why}.`, { cause });
  }
}

function cut(rows: readonly (readonly number[])[], places: Places, path: string): Int32Array {
  rows.forEach((row, r) => {
    if (row.length !== rows.length) throw refuse(`${path}[${r}]`, `has ${row.length} cells where ${rows.length} are needed`);
    const odd = row.findIndex((cell) => !Number.isInteger(cell) || cell < 0);
    if (odd >= 0) throw refuse(`${path}[${r}][${odd}]`, 'is not a whole number of 0 or more');
  });
  const indices = places.nodes.filter((node): node is number => typeof node === 'number');
  for (const index of indices) {
    if (index >= rows.length) throw refuse(path, `has no row ${index}, which the input names as a place`);
  }
  const cells = new Int32Array(indices.length ** 2);
  indices.forEach((from, i) => {
    indices.forEach((to, j) => {
      const value = rows[from]![to]!;
      cells[i * indices.length + j] = value < NO_WAY ? value : i === j ? 0 : -1;
    });
  });
  return cells;
}

function refuseOtherCosts(durations: readonly (readonly number[])[], costs: readonly (readonly number[])[], path: string): void {
  costs.forEach((row, r) => {
    if (!same(row, durations[r] ?? []))
      throw refuse(`${path}[${r}]`, 'differs from the durations; a plan pays for time and kilometres, not by a third matrix');
  });
}

function same(a: ArrayLike<number>, b: ArrayLike<number>): boolean {
  if (a.length !== b.length) return false;
  for (let i = 0; i < a.length; i++) if (a[i] !== b[i]) return false;
  return true;
}
