import type { Db } from '../../../../db/knex.ts';
import type { CityClock } from '../../../platform/clock.ts';
import type { Log } from '../../../platform/log.ts';
import { listBoundTrackers } from '../../../stores/accounts/trackers.ts';
import { listNextStops } from '../../../stores/assignments/field.ts';
import { listShiftsOfVehicles } from '../../../stores/positions/store.ts';
import { setWaypoints, type Fence, type SetWaypoints } from './owntracks-message.ts';

export interface NextFencesDeps {
  readonly db: Db;
  readonly clock: CityClock;
  readonly log: Log;
  readonly radiusMetres: () => number;
  /** Sends a command to a phone that is reached at once; resolves to false when it is not. */
  readonly push: (trackerId: string, command: SetWaypoints) => Promise<boolean>;
}

/** Tells OwnTracks phones the fence of their crew's next stop, each once. */
export interface NextFences {
  /** Something was committed: next stops may have changed. */
  changed(): void;
  /** What a phone that asks by HTTP has not been told yet; null = nothing. From now on it counts as told. */
  commandFor(deviceId: string): SetWaypoints | null;
  /** A phone has been heard over the broker: from now on it is told there. */
  isReachable(deviceId: string): void;
  /** Reads the next stops and tells the phones that are reachable; rejects with what the database threw. */
  look(): Promise<void>;
  stop(): Promise<void>;
}

/** Commits come in bursts; a phone is not told of a stop that lasts half a second. */
const TOGETHER_MILLIS = 500;
/** Shifts begin, and vehicles come into them, without any event. */
const AGAIN_MILLIS = 30_000;

export function nextFences(deps: NextFencesDeps): NextFences {
  let wanted = new Map<string, { readonly trackerId: string; readonly fence: Fence }>();
  const told = new Map<string, string>();
  const reachable = new Set<string>();
  let timer: NodeJS.Timeout | undefined;
  let looking: Promise<void> = Promise.resolve();
  let stopped = false;

  const isNews = (deviceId: string): boolean => {
    const fence = wanted.get(deviceId)?.fence;
    return fence !== undefined && told.get(deviceId) !== JSON.stringify(fence);
  };

  async function look(): Promise<void> {
    const now = deps.clock.now();
    const trackers = await listBoundTrackers(deps.db, 'owntracks', now);
    const vehicles = trackers.map(({ vehicleId }) => vehicleId);
    const shifts = await listShiftsOfVehicles(deps.db, vehicles, now);
    const stops = new Map((await listNextStops(deps.db, [...shifts.values()])).map((stop) => [stop.shiftId, stop]));
    const radiusMetres = deps.radiusMetres();
    wanted = new Map(
      trackers.flatMap(({ deviceId, trackerId, vehicleId }) => {
        const stop = stops.get(shifts.get(vehicleId) ?? '');
        if (stop === undefined) return [];
        return [[deviceId, { trackerId, fence: { jobNumber: stop.jobNumber, ...stop.roadPoint, radiusMetres } }]];
      }),
    );
    for (const deviceId of told.keys()) if (!wanted.has(deviceId)) told.delete(deviceId);
    for (const deviceId of reachable) await push(deviceId);
  }

  async function push(deviceId: string): Promise<void> {
    if (!isNews(deviceId)) return;
    const { trackerId, fence } = wanted.get(deviceId)!;
    if (await deps.push(trackerId, setWaypoints(fence))) told.set(deviceId, JSON.stringify(fence));
  }

  let isSoon = false;
  function next(millis: number): void {
    if (stopped) return;
    clearTimeout(timer);
    timer = setTimeout(() => {
      isSoon = false;
      looking = looking
        .then(look)
        .catch((error: unknown) => deps.log.debug({ err: error }, 'the next stops for OwnTracks could not be read'))
        .finally(() => {
          if (!isSoon) next(AGAIN_MILLIS);
        });
    }, millis).unref();
  }

  next(TOGETHER_MILLIS);
  return {
    changed() {
      if (isSoon) return;
      isSoon = true;
      next(TOGETHER_MILLIS);
    },
    commandFor(deviceId) {
      if (!isNews(deviceId)) return null;
      const { fence } = wanted.get(deviceId)!;
      told.set(deviceId, JSON.stringify(fence));
      return setWaypoints(fence);
    },
    isReachable(deviceId) {
      if (reachable.has(deviceId)) return;
      reachable.add(deviceId);
      void push(deviceId).catch((error: unknown) => deps.log.debug({ err: error }, 'a fence could not be sent'));
    },
    look,
    async stop() {
      stopped = true;
      clearTimeout(timer);
      await looking;
      clearTimeout(timer);
    },
  };
}
