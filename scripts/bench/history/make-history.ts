import { randomUUID } from 'node:crypto';
import type { Db } from '../../../db/knex.ts';
import { Vehicle, type MotionOptions } from './street-motion.ts';

export interface HistoryVehicle {
  readonly vehicleId: string;
  readonly deviceId: string;
}

interface History {
  readonly vehicles: number;
  readonly seconds: number;
  readonly from: Date;
  readonly motion: MotionOptions;
  readonly say: (line: string) => void;
}

const ROWS_AT_ONCE = 20_000;

/** Writes a fix a second of each vehicle, in the order in which a fleet would send them. */
export async function makeHistory(db: Db, { vehicles, seconds, from, motion, say }: History): Promise<HistoryVehicle[]> {
  const organisationId = randomUUID();
  await db('organisation').insert({ id: organisationId, code: 'bench', name: 'Bench' });
  const fleet = Array.from({ length: vehicles }, () => ({ vehicleId: randomUUID(), deviceId: randomUUID() }));
  await db.batchInsert(
    'vehicle',
    fleet.map(({ vehicleId }) => ({ id: vehicleId, code: `bench-${vehicleId}`, organisation_id: organisationId, kind: 'van' })),
    500,
  );
  const driving = fleet.map((_, number) => new Vehicle(motion, number));
  // Each device sends at its own moment of the second, its clock off by some milliseconds.
  const phases = fleet.map((_, number) => (number * 613) % 1000);
  let columns = emptyColumns();
  let written: Promise<unknown> = Promise.resolve();
  for (let second = 0; second < seconds; second++) {
    for (let v = 0; v < fleet.length; v++) {
      const vehicle = driving[v]!;
      vehicle.step();
      const { reading } = vehicle;
      const time = new Date(from.getTime() + second * 1000 + phases[v]!).toISOString();
      const values = [
        fleet[v]!.deviceId,
        time,
        second + 1,
        fleet[v]!.vehicleId,
        reading.lon.toFixed(7),
        reading.lat.toFixed(7),
        reading.accuracyMetres,
        reading.speedMps.toFixed(2),
        reading.headingDegrees.toFixed(1),
        time,
      ];
      values.forEach((value, k) => columns[k]!.push(value));
      if (columns[0]!.length < ROWS_AT_ONCE) continue;
      await written;
      written = write(db, columns);
      columns = emptyColumns();
    }
    if (second % 3_600 === 3_599) say(`${(second + 1) / 3_600} h of motion written`);
  }
  await written;
  if (columns[0]!.length > 0) await write(db, columns);
  return fleet;
}

const emptyColumns = (): (string | number)[][] => Array.from({ length: 10 }, () => []);

const write = (db: Db, columns: readonly (readonly (string | number)[])[]): Promise<unknown> =>
  db.raw(
    `insert into fix (device_id, fix_time, device_seq, vehicle_id, lon, lat, accuracy_metres, speed_mps, heading_degrees, source,
       corrected_time, received_at)
     select d, t, s, v, x, y, a, m, h, 'crew_phone', c, c
     from unnest(?::uuid[], ?::timestamptz[], ?::int8[], ?::uuid[], ?::float8[], ?::float8[], ?::real[], ?::real[], ?::real[], ?::timestamptz[])
       as r(d, t, s, v, x, y, a, m, h, c)`,
    columns.map((values) => `{${values.join()}}`),
  );
