import { greatCircleMetres, type LonLat } from '../../../routing/units.ts';
import type { Db } from '../../../db/knex.ts';
import type { BackgroundJob } from '../../platform/background-jobs.ts';
import type { CityClock } from '../../platform/clock.ts';
import type { Log } from '../../platform/log.ts';
import { keepSnapped, listUnsnapped, type Snapped, type Unsnapped } from '../../stores/positions/history/snapped.ts';

/** A point of a track that is to be matched. */
type TrackPlace = Unsnapped['points'][number];

export interface SnapDeps {
  readonly db: Db;
  readonly clock: CityClock;
  readonly log: Log;
  /** Matches a track to the roads; null = the router is away. Lines are encoded polylines of six decimals. */
  readonly match: (points: readonly (LonLat & TrackPlace)[], signal: AbortSignal) => Promise<Snapped | null>;
}

const SEGMENTS_AT_ONCE = 50;
/** Of one run; what is left waits for the next. */
const RUN_MILLIS = 4 * 60_000;
/** Points nearer than this to the one before say no more about the way; a vehicle that stands is one point. */
const LEAST_STEP_METRES = 15;

/**
 * Matches compacted tracks to the roads, oldest first. While the router is away nothing happens: what waits, waits.
 * @returns how many segments were matched.
 */
export async function snapTracks(deps: SnapDeps, signal: AbortSignal): Promise<number> {
  const began = performance.now();
  let done = 0;
  for (;;) {
    const some = await listUnsnapped(deps.db, SEGMENTS_AT_ONCE);
    for (const segment of some) {
      if (signal.aborted || performance.now() - began > RUN_MILLIS) return done;
      const points = thinned(segment.points);
      // Who stood still was on no way.
      const snapped = points.length < 2 ? { roadVersion: '', matchedPoints: 0, lines: [] } : await deps.match(points, signal);
      if (snapped === null) return done;
      await keepSnapped(deps.db, segment, snapped, deps.clock.now());
      done++;
    }
    if (some.length < SEGMENTS_AT_ONCE) return done;
  }
}

/** One point each 15 metres or more, no second twice: the matcher wants times that rise, in seconds. */
export function thinned<P extends LonLat & { readonly at: number }>(points: readonly P[]): P[] {
  const kept: P[] = [];
  for (const point of points) {
    const last = kept.at(-1);
    if (last === undefined) kept.push(point);
    else if (Math.floor(point.at / 1000) > Math.floor(last.at / 1000) && greatCircleMetres(last, point) >= LEAST_STEP_METRES) {
      kept.push(point);
    }
  }
  return kept;
}

/** The job that does it when the server has nothing better to do. */
export const snapJob = (deps: SnapDeps): BackgroundJob => ({
  name: 'snap_tracks',
  everyMinutes: 5,
  async run(signal) {
    const done = await snapTracks(deps, signal);
    if (done > 0) deps.log.info({ segments: done }, 'tracks matched to the roads');
  },
});
