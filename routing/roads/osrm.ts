import { z } from 'zod';
import { decodePolyline } from '../directions/polyline.ts';
import { metres, seconds, type LonLat } from '../units.ts';
import { NoRoad, RoadsUnavailable } from './errors.ts';
import { UNREACHABLE, type RoadLeg, type RoadNetwork, type RoadPath, type RoadTable } from './road-network.ts';

/** Step geometries are asked for with six decimals (0.1 m): simulated crews drive on them. */
const GEOMETRIES = 'polyline6';
const GEOMETRY_PRECISION = 6;

/**
 * Cells of one request. A reply of 1000 x 1000 pushes osrm-routed to 500 MB and takes JSON.parse 100 ms of
 * our event loop; 50,000 cells are about 0.8 MB and under 10 ms.
 */
const CELLS_PER_REQUEST = 50_000;
/** osrm-routed runs one thread a core; more requests at once only wait there. */
const REQUESTS_AT_ONCE = 2;

export interface OsrmOptions {
  /** Where osrm-routed answers now, e.g. `http://127.0.0.1:5000`; null while it does not run. Asked before each request. */
  readonly url: () => string | null;
  /** Version of the road dataset that is being served. */
  readonly version: () => string;
  /** Longest wait for one request. */
  readonly timeoutSeconds: number;
}

/**
 * Between two points that lie close together on one edge OSRM sometimes answers a little less than nothing (-0.1 m to
 * -0.5 m seen, 3 of 3 million cells in Gothenburg). That is nothing; anything much below is not an answer.
 */
const LEAST = -10;
const Measure = z
  .number()
  .min(LEAST)
  .transform((value) => Math.max(0, value));

const Reply = z.object({ code: z.string(), message: z.string().optional() });

/** The rows are checked cell by cell while they are copied: zod on a million numbers would cost more than the table. */
const TableReply = z.object({ code: z.literal('Ok'), durations: z.array(z.unknown()), distances: z.array(z.unknown()) });

const StepReply = z.looseObject({
  name: z.string(),
  duration: Measure,
  distance: Measure,
  geometry: z.string(),
  maneuver: z.looseObject({ type: z.string() }),
});
const LegReply = z.looseObject({
  duration: Measure,
  distance: Measure,
  steps: z.array(StepReply),
});
const RouteReply = z.object({ code: z.literal('Ok'), routes: z.array(z.looseObject({ legs: z.array(LegReply) })).min(1) });

/**
 * A running osrm-routed over its HTTP interface (v1, profile `driving`). Throws RoadsUnavailable when it does
 * not answer as its interface says, NoRoad when it says that no road leads, and the signal's reason on abort.
 */
export function osrm(options: OsrmOptions): RoadNetwork & { probe(point: LonLat, timeoutSeconds: number): Promise<void> } {
  return {
    get version() {
      return options.version();
    },
    async table(sources, destinations, signal) {
      return askTable(options, sources, destinations, signal);
    },
    async path(points, signal) {
      return askPath(options, points, signal);
    },
    /** Resolves when the router answers sensibly within the time given; the cheapest question it has. */
    async probe(point, timeoutSeconds) {
      const body = await ask(
        { ...options, timeoutSeconds },
        `nearest/v1/driving/${point.lon.toFixed(6)},${point.lat.toFixed(6)}`,
      );
      const reply = Reply.safeParse(body);
      if (!reply.success || !['Ok', 'NoSegment'].includes(reply.data.code)) throw strange('nearest', body);
    },
  };
}

async function askTable(
  options: OsrmOptions,
  sources: readonly LonLat[],
  destinations: readonly LonLat[],
  signal: AbortSignal | undefined,
): Promise<RoadTable> {
  const rows = sources.length;
  const columns = destinations.length;
  const table = {
    rows,
    columns,
    seconds: new Int32Array(rows * columns),
    metres: new Int32Array(rows * columns),
    source: 'osrm' as const,
  };
  if (rows === 0 || columns === 0) return table;

  const spread = Math.ceil(rows / REQUESTS_AT_ONCE);
  const height = Math.max(1, Math.min(spread, Math.floor(CELLS_PER_REQUEST / columns)));
  // A row longer than one request may be is cut too.
  const width = Math.min(columns, CELLS_PER_REQUEST);
  const blocks: { row: number; column: number }[] = [];
  for (let row = 0; row < rows; row += height) {
    for (let column = 0; column < columns; column += width) blocks.push({ row, column });
  }

  // One block that fails ends the whole table: the others are not worth waiting for.
  const failed = new AbortController();
  const stop = signal ? AbortSignal.any([signal, failed.signal]) : failed.signal;
  let next = 0;
  const worker = async () => {
    for (let block = blocks[next++]; block; block = blocks[next++]) {
      const from = sources.slice(block.row, block.row + height);
      const to = destinations.slice(block.column, block.column + width);
      const body = await ask(
        options,
        'table/v1/driving',
        {
          coordinates: [...from, ...to].map(pair),
          sources: from.map((_, i) => i),
          destinations: to.map((_, j) => from.length + j),
          annotations: ['duration', 'distance'],
          skip_waypoints: true,
        },
        stop,
      );
      const reply = TableReply.safeParse(body);
      if (!reply.success) throw strange('table', body);
      copyBlock(reply.data.durations, from.length, to.length, table.seconds, columns, block.row, block.column, body);
      copyBlock(reply.data.distances, from.length, to.length, table.metres, columns, block.row, block.column, body);
    }
  };
  try {
    await Promise.all(Array.from({ length: Math.min(REQUESTS_AT_ONCE, blocks.length) }, worker));
  } catch (error) {
    failed.abort(error);
    throw error;
  }
  // OSRM may know a time without a distance only when something is wrong with it; both or none.
  for (let i = 0; i < table.seconds.length; i++) {
    if (table.seconds[i] === UNREACHABLE || table.metres[i] === UNREACHABLE) table.seconds[i] = table.metres[i] = UNREACHABLE;
  }
  return table;
}

function copyBlock(
  rows: readonly unknown[],
  height: number,
  width: number,
  into: Int32Array,
  columns: number,
  row: number,
  column: number,
  body: unknown,
): void {
  if (rows.length !== height) throw strange('table', body);
  for (let i = 0; i < height; i++) {
    const cells: unknown = rows[i];
    if (!Array.isArray(cells) || cells.length !== width) throw strange('table', body);
    const start = (row + i) * columns + column;
    for (let j = 0; j < width; j++) {
      const cell: unknown = cells[j];
      if (cell === null) into[start + j] = UNREACHABLE;
      else if (typeof cell === 'number' && cell >= LEAST && cell < 2 ** 31) into[start + j] = Math.max(0, Math.round(cell));
      else throw strange('table', body);
    }
  }
}

async function askPath(options: OsrmOptions, points: readonly LonLat[], signal: AbortSignal | undefined): Promise<RoadPath> {
  if (points.length < 2) throw new RangeError('A path needs at least two points.');
  const body = await ask(
    options,
    'route/v1/driving',
    { coordinates: points.map(pair), steps: true, overview: 'false', geometries: GEOMETRIES },
    signal,
  );
  const reply = RouteReply.safeParse(body);
  if (!reply.success) throw strange('route', body);
  const legs = reply.data.routes[0]?.legs ?? [];
  if (legs.length !== points.length - 1) throw strange('route', body);
  return { legs: legs.map(toLeg), source: 'osrm' };
}

function toLeg(leg: z.infer<typeof LegReply>): RoadLeg {
  const line: LonLat[] = [];
  for (const step of leg.steps) {
    for (const point of decodePolyline(step.geometry, GEOMETRY_PRECISION)) {
      const last = line.at(-1);
      // Each step repeats the point where the one before ended.
      if (last?.lon !== point.lon || last.lat !== point.lat) line.push(point);
    }
  }
  return {
    seconds: seconds(leg.duration),
    metres: metres(leg.distance),
    line,
    steps: leg.steps.map((step) => ({
      name: step.name,
      seconds: seconds(step.duration),
      metres: metres(step.distance),
      osrm: step,
    })),
  };
}

/** GET without a body, else POST; the parsed JSON of any reply that is not an error. */
export async function ask(options: OsrmOptions, path: string, body?: object, signal?: AbortSignal): Promise<unknown> {
  signal?.throwIfAborted();
  const base = options.url();
  if (base === null) throw new RoadsUnavailable('The router is not running.');
  const limit = AbortSignal.timeout(options.timeoutSeconds * 1000);
  const init: RequestInit = {
    ...(body && { method: 'POST', headers: { 'content-type': 'application/json' }, body: JSON.stringify(body) }),
    signal: signal ? AbortSignal.any([signal, limit]) : limit,
  };
  const url = `${base.replace(/\/$/, '')}/${path}`;
  let raw: string;
  let status: number;
  try {
    // osrm-routed drops idle connections after 5 s; a request that meets one that is closing is sent again.
    const reply = await fetch(url, init).catch((error: unknown) => {
      if (init.signal?.aborted) throw error;
      return fetch(url, init);
    });
    status = reply.status;
    raw = await reply.text();
  } catch (cause) {
    signal?.throwIfAborted();
    const why = limit.aborted ? `did not answer within ${options.timeoutSeconds} s` : 'cannot be reached';
    throw new RoadsUnavailable(`The router at ${base} ${why}.`, { cause });
  }
  let parsed: unknown;
  try {
    parsed = JSON.parse(raw);
  } catch {
    throw new RoadsUnavailable(`The router at ${base} answered HTTP ${status} with something that is not JSON.`, { body: raw });
  }
  const reply = Reply.safeParse(parsed);
  if (reply.success && ['NoRoute', 'NoTable', 'NoSegment', 'NoMatch'].includes(reply.data.code)) {
    throw new NoRoad(reply.data.message || `The router finds no road (${reply.data.code}).`);
  }
  if (status !== 200) {
    const said = reply.success ? `${reply.data.code} ${reply.data.message ?? ''}`.trim() : 'nothing it documents';
    throw new RoadsUnavailable(`The router at ${base} refused: HTTP ${status}, ${said}.`, { body: parsed });
  }
  return parsed;
}

function strange(service: string, body: unknown): RoadsUnavailable {
  return new RoadsUnavailable(`The router's answer to "${service}" is not what its interface says.`, { body });
}

function pair(point: LonLat): [number, number] {
  // Six decimals are 0.1 m; NaN would reach the router as null and come back as somebody else's mistake.
  if (!Number.isFinite(point.lon) || !Number.isFinite(point.lat)) throw new RangeError('A point is not a number.');
  return [Number(point.lon.toFixed(6)), Number(point.lat.toFixed(6))];
}
