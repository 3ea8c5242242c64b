import type { Db } from '../../../db/knex.ts';
import type { CityClock } from '../../platform/clock.ts';
import type { Log } from '../../platform/log.ts';
import type { VehicleShifts } from '../../stores/positions/vehicle-shifts.ts';

/**
 * Tells again and again which shift each vehicle is in: shifts begin and end while a vehicle stands still.
 * @param everyMillis of wall time
 * @returns ends it
 */
export function watchShifts(
  deps: {
    readonly db: Db;
    readonly clock: CityClock;
    readonly log: Log;
    readonly shifts: VehicleShifts;
    readonly everyMillis: number;
  },
  tell: (shiftOf: (vehicleId: string) => string | null) => void,
): () => void {
  const { db, clock, log, shifts } = deps;
  let looking = false;
  async function look(): Promise<void> {
    const now = clock.now();
    if (!shifts.fresh(now)) await shifts.read(db, now);
    tell((vehicleId) => shifts.shiftOf(vehicleId, now));
  }
  const timer = setInterval(() => {
    if (looking) return;
    looking = true;
    void look()
      .catch((error: unknown) => log.debug({ err: error }, 'the shifts of vehicles could not be read'))
      .finally(() => (looking = false));
  }, deps.everyMillis).unref();
  return () => clearInterval(timer);
}
