import type { TrackPoint } from '../track.ts';

interface Place {
  readonly lon: number;
  readonly lat: number;
}

/** How a driven track compares with the line that was planned. */
export interface LineComparison {
  readonly points: number;
  /** Of the driven time, the part within `withinMetres` of the line; null without driven points. */
  readonly shareOnLine: number | null;
  readonly meanMetres: number | null;
  readonly furthestMetres: number | null;
  readonly furthestAt: Date | null;
  /** Stretches off the line for at least half a minute. */
  readonly off: readonly { readonly from: Date; readonly until: Date; readonly furthestMetres: number }[];
}

const METRES_A_DEGREE = 111_195;
/** What a pair of fixes further apart stands for is unknown. */
const LONGEST_STEP_MILLIS = 60_000;
const LEAST_OFF_MILLIS = 30_000;

/** Metres from each point of the track to the nearest part of the lines. On a plane: a city is flat enough for metres. */
export function metresOff(track: readonly Place[], lines: readonly (readonly Place[])[]): Float64Array {
  const across = METRES_A_DEGREE * Math.cos(((track[0]?.lat ?? 0) * Math.PI) / 180);
  const pieces = lines.flatMap((line) =>
    line.slice(0, line.length === 1 ? 1 : -1).map((a, i) => {
      const b = line[i + 1] ?? a;
      return [a.lon * across, a.lat * METRES_A_DEGREE, b.lon * across, b.lat * METRES_A_DEGREE] as const;
    }),
  );
  return Float64Array.from(track, ({ lon, lat }) => {
    const [x, y] = [lon * across, lat * METRES_A_DEGREE];
    let nearest = Infinity;
    for (const [ax, ay, bx, by] of pieces) {
      const [dx, dy] = [bx - ax, by - ay];
      const length = dx * dx + dy * dy;
      const part = length === 0 ? 0 : Math.max(0, Math.min(1, ((x - ax) * dx + (y - ay) * dy) / length));
      const [ex, ey] = [ax + part * dx - x, ay + part * dy - y];
      nearest = Math.min(nearest, ex * ex + ey * ey);
    }
    return Math.sqrt(nearest);
  });
}

/** @param track trustworthy points, oldest first. @param lines what was planned, one or more stretches. */
export function compareLines(
  track: readonly TrackPoint[],
  lines: readonly (readonly Place[])[],
  withinMetres: number,
): LineComparison {
  if (track.length === 0 || lines.every((line) => line.length === 0)) {
    return { points: track.length, shareOnLine: null, meanMetres: null, furthestMetres: null, furthestAt: null, off: [] };
  }
  const off = metresOff(track, lines);
  let [millis, on, sum, furthest] = [0, 0, 0, 0];
  const stretches: { from: Date; until: Date; furthestMetres: number }[] = [];
  let stretch: { from: Date; until: Date; furthestMetres: number } | null = null;
  for (const [i, point] of track.entries()) {
    const metres = off[i]!;
    const step = i === 0 ? 0 : Math.min(LONGEST_STEP_MILLIS, point.time.getTime() - track[i - 1]!.time.getTime());
    millis += step;
    if (metres <= withinMetres) on += step;
    sum += metres;
    if (metres > off[furthest]!) furthest = i;
    if (metres <= withinMetres) stretch = null;
    else if (stretch === null) stretches.push((stretch = { from: point.time, until: point.time, furthestMetres: metres }));
    else {
      stretch.until = point.time;
      stretch.furthestMetres = Math.max(stretch.furthestMetres, metres);
    }
  }
  return {
    points: track.length,
    shareOnLine: millis === 0 ? (off[0]! <= withinMetres ? 1 : 0) : on / millis,
    meanMetres: sum / track.length,
    furthestMetres: off[furthest]!,
    furthestAt: track[furthest]!.time,
    off: stretches.filter(({ from, until }) => until.getTime() - from.getTime() >= LEAST_OFF_MILLIS),
  };
}
