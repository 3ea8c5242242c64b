import type { LonLat } from '../units.ts';
import type { TravelMatrix } from '../problem.ts';
import { UNREACHABLE, type RoadNetwork } from './road-network.ts';

/** Not asked yet. Never leaves this file. */
const UNKNOWN = -2;
const SMALLEST = 256;
/** More groups of rows than this cost more round trips than asking for a few known cells again. */
const MOST_REQUESTS = 12;

export interface CachedRoadsOptions {
  /** Known points at most; the oldest go first. 3,000 points are 72 MB. */
  readonly maxPoints: number;
}

export interface Matrix extends TravelMatrix {
  /** The road dataset all of it comes from. */
  readonly version: string;
  /** How many of its pairs are estimates; 0 when the source is `osrm`. */
  readonly estimatedPairs: number;
  /** How many pairs had to be asked for. */
  readonly askedPairs: number;
}

export interface CachedRoads {
  /**
   * Travel between all `points`, row = from, in their order. Asks only for rows and columns not known of this
   * road version. With the router away, pairs known from before keep their true times and the rest are
   * estimates: the source is then `estimate`, and nothing of it is kept. Throws what `roads` throws on abort.
   */
  matrix(points: readonly LonLat[], signal?: AbortSignal): Promise<Matrix>;
  /** The way through the points, straight from the roads: nothing of it is kept. */
  path: RoadNetwork['path'];
  /** Points held now. */
  size(): number;
}

/**
 * A memory of tables over a road network, one road version at a time. Points are the same when they agree to
 * six decimals (0.1 m). When full, the points used longest ago make room; a question about more points
 * than fit goes past the memory.
 */
export function cachedRoads(roads: RoadNetwork, options: CachedRoadsOptions): CachedRoads {
  let store = new Store(roads.version, options.maxPoints);

  const fill = async (points: readonly LonLat[], signal: AbortSignal | undefined): Promise<Matrix | null> => {
    const version = roads.version;
    if (store.version !== version) store = new Store(version, options.maxPoints);
    const held = store;
    const distinct = new Map<string, LonLat>();
    for (const point of points) distinct.set(key(point), point);
    const places = [...distinct.values()];
    const slots = held.pin([...distinct.keys()]);
    try {
      const work = slots ? held.copy(slots) : blank(places.length);
      const asked = await fillUnknown(roads, places, work, signal);
      if (roads.version !== version) return null;
      if (slots && !asked.estimated) held.keep(slots, work);
      const place = new Map([...distinct.keys()].map((name, index) => [name, index]));
      return {
        ...spread(
          work,
          places.length,
          points.map((point) => place.get(key(point)) ?? 0),
        ),
        source: asked.estimated ? 'estimate' : 'osrm',
        version,
        estimatedPairs: asked.estimated,
        askedPairs: asked.pairs,
      };
    } finally {
      if (slots) held.unpin(slots);
    }
  };

  return {
    async matrix(points, signal) {
      for (;;) {
        signal?.throwIfAborted();
        // Null: the roads were swapped meanwhile. A matrix never mixes two versions, so it is asked again.
        const matrix = await fill(points, signal);
        if (matrix) return matrix;
      }
    },
    path: (points, signal) => roads.path(points, signal),
    size: () => store.size(),
  };
}

interface Cells {
  readonly seconds: Int32Array;
  readonly metres: Int32Array;
}

const blank = (size: number): Cells => {
  const cells = { seconds: new Int32Array(size * size).fill(UNKNOWN), metres: new Int32Array(size * size).fill(UNKNOWN) };
  for (let i = 0; i < size; i++) cells.seconds[i * size + i] = cells.metres[i * size + i] = 0;
  return cells;
};

const key = (point: LonLat): string => `${point.lon.toFixed(6)},${point.lat.toFixed(6)}`;

/** Asks for the unknown cells of a square, grouping rows that lack the same columns into one table. */
async function fillUnknown(roads: RoadNetwork, places: readonly LonLat[], work: Cells, signal: AbortSignal | undefined) {
  const size = places.length;
  const groups = new Map<string, { rows: number[]; columns: number[] }>();
  for (let row = 0; row < size; row++) {
    const columns: number[] = [];
    for (let column = 0; column < size; column++) if (work.seconds[row * size + column] === UNKNOWN) columns.push(column);
    if (columns.length === 0) continue;
    // A row lacks its own column never (it is 0), which alone must not make each new row a group of its own.
    const group = columns.length === size - 1 ? 'all' : columns.join();
    const same = groups.get(group);
    if (same) {
      same.rows.push(row);
      if (group === 'all' && same.columns.length < size) same.columns = Array.from({ length: size }, (_, i) => i);
    } else groups.set(group, { rows: [row], columns });
  }
  let requests = [...groups.values()];
  if (requests.length > MOST_REQUESTS) {
    const rows = requests.flatMap((group) => group.rows).sort((a, b) => a - b);
    requests = [{ rows, columns: [...new Set(requests.flatMap((group) => group.columns))].sort((a, b) => a - b) }];
  }
  let pairs = 0;
  let estimated = 0;
  for (const { rows, columns } of requests) {
    const at = (index: number): LonLat => places[index] as LonLat;
    const table = await roads.table(rows.map(at), columns.map(at), signal);
    pairs += rows.length * columns.length;
    rows.forEach((row, i) => {
      columns.forEach((column, j) => {
        const cell = row * size + column;
        if (work.seconds[cell] !== UNKNOWN) return;
        if (table.source === 'estimate') estimated++;
        work.seconds[cell] = table.seconds[i * columns.length + j] ?? UNREACHABLE;
        work.metres[cell] = table.metres[i * columns.length + j] ?? UNREACHABLE;
      });
    });
  }
  return { pairs, estimated };
}

/** The square over distinct places, spread over the points asked for (which may repeat). */
function spread(work: Cells, width: number, places: readonly number[]): Cells & { size: number } {
  const size = places.length;
  const seconds = new Int32Array(size * size);
  const metres = new Int32Array(size * size);
  let cell = 0;
  for (const row of places) {
    for (const column of places) {
      seconds[cell] = work.seconds[row * width + column] ?? UNREACHABLE;
      metres[cell] = work.metres[row * width + column] ?? UNREACHABLE;
      cell++;
    }
  }
  return { size, seconds, metres };
}

/** One road version's known points, each with a slot (a row and a column) in two flat squares. */
class Store {
  readonly version: string;
  readonly #max: number;
  readonly #slots = new Map<string, number>();
  readonly #keys: (string | null)[] = [];
  readonly #pins: number[] = [];
  #capacity = 0;
  #cells: Cells = blank(0);

  constructor(version: string, max: number) {
    this.version = version;
    this.#max = max;
  }

  size(): number {
    return this.#slots.size;
  }

  /** The slots of these points, made if need be and held until unpinned; null when they do not fit. */
  pin(keys: readonly string[]): number[] | null {
    const wanted = new Set(keys);
    const fresh = keys.filter((name) => !this.#slots.has(name));
    const free = this.#max - this.#slots.size;
    if (fresh.length > free) {
      const spare = [...this.#slots].filter(([name, slot]) => !wanted.has(name) && !this.#pins[slot]);
      if (spare.length < fresh.length - free) return null;
      // A Map keeps the order of insertion, and use inserts again: the first are those used longest ago.
      for (const [name, slot] of spare.slice(0, fresh.length - free)) this.#drop(name, slot);
    }
    const slots = keys.map((name) => {
      const slot = this.#slots.get(name) ?? this.#take();
      this.#slots.delete(name);
      this.#slots.set(name, slot);
      this.#keys[slot] = name;
      this.#pins[slot] = (this.#pins[slot] ?? 0) + 1;
      return slot;
    });
    return slots;
  }

  unpin(slots: readonly number[]): void {
    for (const slot of slots) this.#pins[slot] = (this.#pins[slot] ?? 1) - 1;
  }

  copy(slots: readonly number[]): Cells {
    const work = { seconds: new Int32Array(slots.length ** 2), metres: new Int32Array(slots.length ** 2) };
    this.#each(slots, (cell, held) => {
      work.seconds[cell] = this.#cells.seconds[held] ?? UNKNOWN;
      work.metres[cell] = this.#cells.metres[held] ?? UNKNOWN;
    });
    return work;
  }

  keep(slots: readonly number[], work: Cells): void {
    this.#each(slots, (cell, held) => {
      this.#cells.seconds[held] = work.seconds[cell] ?? UNKNOWN;
      this.#cells.metres[held] = work.metres[cell] ?? UNKNOWN;
    });
  }

  #each(slots: readonly number[], visit: (cell: number, held: number) => void): void {
    let cell = 0;
    for (const row of slots) for (const column of slots) visit(cell++, row * this.#capacity + column);
  }

  #drop(name: string, slot: number): void {
    this.#slots.delete(name);
    this.#keys[slot] = null;
    for (let other = 0; other < this.#capacity; other++) {
      this.#cells.seconds[slot * this.#capacity + other] = UNKNOWN;
      this.#cells.seconds[other * this.#capacity + slot] = UNKNOWN;
    }
    this.#cells.seconds[slot * this.#capacity + slot] = 0;
  }

  #take(): number {
    const free = this.#keys.indexOf(null);
    if (free !== -1) {
      // Taken at once, or the next new point would be given the same slot.
      this.#keys[free] = '';
      return free;
    }
    const slot = this.#keys.push('') - 1;
    if (slot >= this.#capacity) this.#grow();
    return slot;
  }

  #grow(): void {
    const before = this.#capacity;
    const capacity = Math.min(this.#max, Math.max(SMALLEST, before * 2));
    const cells = blank(capacity);
    for (let row = 0; row < before; row++) {
      cells.seconds.set(this.#cells.seconds.subarray(row * before, (row + 1) * before), row * capacity);
      cells.metres.set(this.#cells.metres.subarray(row * before, (row + 1) * before), row * capacity);
    }
    this.#capacity = capacity;
    this.#cells = cells;
  }
}
