import { readFile } from 'node:fs/promises';
import path from 'node:path';
import { greatCircleMetres, type LonLat } from '../../../routing/units.ts';
import { FIXED, NAMELESS, decodeStreets, type StreetFile } from './street-file.ts';
import { streetSearch, type SearchStreets } from './street-search.ts';

/** Along the great circle; for stages, which may not import the engine. */
export const metresBetween = greatCircleMetres;

export const STREETS_FILE = 'streets.bin';

/** The drivable road nearest to a point. */
export interface NearestStreet {
  /** On the road. */
  readonly point: LonLat;
  /** From the point asked for, along the ground, not rounded. */
  readonly metres: number;
  /** The street's name, else its number ("E 6"), else null. */
  readonly street: string | null;
}

/** A chance between 0 (included) and 1 (not). */
export type Chance = () => number;

/** A city's streets in memory. */
export interface Streets {
  /**
   * Null when no drivable road is within `reachMetres` (20 km, when left out; looking far costs much more than looking
   * near). Throws RangeError on what is not a place in degrees.
   */
  nearest(point: LonLat, reachMetres?: number): NearestStreet | null;
  /** In words: "Main Street and 5th Street", "Main Street near 5th Street", "Main Street", or the coordinates. */
  describe(point: LonLat): string;
  /** Streets and crossings by what somebody typed: "kungsg", "Main St & 5th", "Main Street and" (all its crossings). */
  readonly search: SearchStreets;
  /** A point on an ordinary street, every metre of street equally likely. */
  randomPoint(chance: Chance): LonLat;
  /** Segments held. */
  readonly size: number;
}

const METRES_PER_DEGREE = 111_195.08;
const FURTHEST_METRES = 20_000;
/** Segments looked at first; nearly always enough. */
const FIRST_LOOK = 8;
/** The index squeezes longitudes as at the middle of the city; at its edges that is off by less than this. */
const SAFE = 0.98;
/** A crossing this near is the place itself; up to the second it tells which part of the street. */
const AT_CROSSING_METRES = 25;
const NEAR_CROSSING_METRES = 400;
/** A path or a drive without a name is told by the street beside it. */
const NAMED_STREET_METRES = 150;

/** Loads the street index of a dataset folder; throws what reading throws, and an Error when it is not one. */
export async function openStreets(datasetFolder: string): Promise<Streets> {
  return streetsOf(decodeStreets(await readFile(path.join(datasetFolder, STREETS_FILE))));
}

/** The same over arrays in memory. */
export function streetsOf(file: StreetFile): Streets {
  const { segments, segmentNames, names, segmentIndex, crossings, crossingNames, crossingIndex, squeeze } = file;
  const nameOf = (index: number): string | null => (index === NAMELESS ? null : (names[index] ?? null));

  /** The nearest segment within `reach` metres, by real distance; the index, which knows boxes only, says in what order to look. */
  const find = (point: LonLat, reach: number, wanted?: (segment: number) => boolean) => {
    const x = point.lon * FIXED;
    const y = point.lat * FIXED;
    const north = METRES_PER_DEGREE / FIXED;
    const east = north * Math.cos((point.lat * Math.PI) / 180);
    for (let count = FIRST_LOOK; ; count *= 8) {
      const candidates = segmentIndex.neighbors(x * squeeze, y, count, reach / north, wanted);
      let best = reach;
      let found = -1;
      let furthestBox = 0;
      let [bestX, bestY] = [0, 0];
      for (const segment of candidates) {
        const i = segment * 4;
        const ax = ((segments[i] ?? 0) - x) * east;
        const ay = ((segments[i + 1] ?? 0) - y) * north;
        const bx = ((segments[i + 2] ?? 0) - x) * east;
        const by = ((segments[i + 3] ?? 0) - y) * north;
        furthestBox = Math.hypot(
          Math.max(Math.min(ax, bx), -Math.max(ax, bx), 0),
          Math.max(Math.min(ay, by), -Math.max(ay, by), 0),
        );
        const [dx, dy] = [bx - ax, by - ay];
        const square = dx * dx + dy * dy;
        const along = square === 0 ? 0 : Math.max(0, Math.min(1, -(ax * dx + ay * dy) / square));
        const [px, py] = [ax + along * dx, ay + along * dy];
        const distance = Math.hypot(px, py);
        if (distance < best) [best, found, bestX, bestY] = [distance, segment, px, py];
      }
      // Sure once what comes next is further away by its box already.
      if (candidates.length < count || (found !== -1 && furthestBox * SAFE > best)) {
        if (found === -1) return null;
        return { segment: found, metres: best, point: { lon: (x + bestX / east) / FIXED, lat: (y + bestY / north) / FIXED } };
      }
    }
  };

  const crossingOf = (point: LonLat, name: number): { other: string; metres: number } | null => {
    if (!crossingIndex) return null;
    const east = Math.cos((point.lat * Math.PI) / 180);
    const dy = (NEAR_CROSSING_METRES / METRES_PER_DEGREE) * FIXED;
    const dx = dy / Math.max(east, 1e-9);
    const x = point.lon * FIXED;
    const y = point.lat * FIXED;
    let best: { other: string; metres: number } | null = null;
    for (const crossing of crossingIndex.search((x - dx) * squeeze, y - dy, (x + dx) * squeeze, y + dy)) {
      const a = crossingNames[crossing * 2] ?? NAMELESS;
      const b = crossingNames[crossing * 2 + 1] ?? NAMELESS;
      if (a !== name && b !== name) continue;
      const other = nameOf(a === name ? b : a);
      const lon = ((crossings[crossing * 2] ?? 0) - x) * east;
      const lat = (crossings[crossing * 2 + 1] ?? 0) - y;
      const metres = (Math.hypot(lon, lat) / FIXED) * METRES_PER_DEGREE;
      if (other && metres <= NEAR_CROSSING_METRES && (!best || metres < best.metres)) best = { other, metres };
    }
    return best;
  };

  const ends = lengthsUpTo(file);

  return {
    size: segments.length / 4,
    search: streetSearch(file),
    nearest(point) {
      requirePlace(point);
      const found = find(point, FURTHEST_METRES);
      return found && { point: found.point, metres: found.metres, street: nameOf(segmentNames[found.segment] ?? NAMELESS) };
    },
    describe(point) {
      requirePlace(point);
      const named = find(point, NAMED_STREET_METRES, (segment) => segmentNames[segment] !== NAMELESS);
      if (!named) return `${point.lat.toFixed(5)}, ${point.lon.toFixed(5)}`;
      const name = segmentNames[named.segment] ?? NAMELESS;
      const street = nameOf(name) ?? '';
      const crossing = crossingOf(named.point, name);
      if (!crossing) return street;
      return crossing.metres <= AT_CROSSING_METRES ? `${street} and ${crossing.other}` : `${street} near ${crossing.other}`;
    },
    randomPoint(chance) {
      const total = ends.at(-1) ?? 0;
      const wanted = chance() * total;
      let [low, high] = [0, ends.length - 1];
      while (low < high) {
        const middle = (low + high) >> 1;
        if ((ends[middle] ?? 0) > wanted) high = middle;
        else low = middle + 1;
      }
      const along = chance();
      const [ax = 0, ay = 0, bx = 0, by = 0] = segments.subarray(low * 4, low * 4 + 4);
      return { lon: (ax + (bx - ax) * along) / FIXED, lat: (ay + (by - ay) * along) / FIXED };
    },
  };
}

/** Metres of ordinary street up to the end of each segment: what a random point is drawn by. */
function lengthsUpTo({ segments, segmentOrdinary }: StreetFile): Float64Array {
  const count = segments.length / 4;
  const ends = new Float64Array(count);
  // A city of private ways only still has points to draw from.
  const any = segmentOrdinary.includes(1);
  let total = 0;
  for (let i = 0; i < count; i++) {
    if (!any || segmentOrdinary[i] === 1) {
      const [ax = 0, ay = 0, bx = 0, by = 0] = segments.subarray(i * 4, i * 4 + 4);
      total += Math.hypot((bx - ax) * Math.cos(((ay / FIXED) * Math.PI) / 180), by - ay);
    }
    ends[i] = total;
  }
  return ends;
}

function requirePlace({ lon, lat }: LonLat): void {
  if (!(Math.abs(lon) <= 180) || !(Math.abs(lat) <= 90)) throw new RangeError(`${lon}, ${lat} is not a place in degrees.`);
}
