import type { WatchedPoint } from '../../../stores/movements/watched-shifts.ts';

const METRES_PER_DEGREE = 111_195;
/** Points of a way that are kept at most: what a position costs does not grow with the way. */
const MOST_POINTS = 400;
/** Between two points that are kept at least; what an event is about is some hundred metres. */
const LEAST_METRES = 15;

/** A planned way in metres round its first point, so that a distance to it is plain arithmetic. */
export interface WatchedWay {
  readonly assignmentId: string;
  distanceMetres(place: WatchedPoint): number;
}

/** @param line degrees, at least one point */
export function watchedWay(assignmentId: string, line: readonly WatchedPoint[]): WatchedWay {
  const first = line[0]!;
  const east = METRES_PER_DEGREE * Math.cos((first.lat * Math.PI) / 180);
  const inMetres = line.map(({ lon, lat }): [number, number] => [
    (lon - first.lon) * east,
    (lat - first.lat) * METRES_PER_DEGREE,
  ]);
  const kept = thinned(inMetres);
  return {
    assignmentId,
    distanceMetres({ lon, lat }) {
      const x = (lon - first.lon) * east;
      const y = (lat - first.lat) * METRES_PER_DEGREE;
      let best = Math.hypot(x - kept[0]![0], y - kept[0]![1]) ** 2;
      for (let i = 1; i < kept.length; i++) {
        const [ax, ay] = kept[i - 1]!;
        const [bx, by] = kept[i]!;
        const [dx, dy] = [bx - ax, by - ay];
        const length = dx * dx + dy * dy;
        const share = length === 0 ? 0 : Math.min(1, Math.max(0, ((x - ax) * dx + (y - ay) * dy) / length));
        const [ox, oy] = [x - ax - share * dx, y - ay - share * dy];
        best = Math.min(best, ox * ox + oy * oy);
      }
      return Math.sqrt(best);
    },
  };
}

/** Fewer points with the same run: those too near to the one before go, of a very long way every so many-th stays. */
function thinned(points: readonly [number, number][]): [number, number][] {
  const kept: [number, number][] = [];
  points.forEach((point, i) => {
    const before = kept.at(-1);
    const near = before !== undefined && Math.hypot(point[0] - before[0], point[1] - before[1]) < LEAST_METRES;
    if (!near || i === points.length - 1) kept.push(point);
  });
  const every = Math.ceil(kept.length / MOST_POINTS);
  return every <= 1 ? kept : kept.filter((_, i) => i % every === 0 || i === kept.length - 1);
}
