import type { Db } from '../../../../db/knex.ts';
import { greatCircleMetres } from '../../../../routing/units.ts';
import { NO_EVIDENCE } from '../store.ts';
import { decodeSegment } from './segment-codec.ts';
import { LINE_TOLERANCE_METRES, LONGEST_SEGMENT_MILLIS } from './segments.ts';

/** Who had a trustworthy fix within so many metres of a place, in a period (corrected time, both ends included)? */
export interface NearQuestion {
  readonly lon: number;
  readonly lat: number;
  readonly metres: number;
  readonly from: Date;
  readonly until: Date;
  /** null = of every organisation. */
  readonly organisationId: string | null;
}

/** A vehicle that was there. */
export interface NearVehicle {
  readonly vehicleId: string;
  readonly code: string;
  /** Its first and last fix within the circle; it may have left it in between. */
  readonly firstAt: Date;
  readonly lastAt: Date;
  readonly fixes: number;
  readonly nearestMetres: number;
  readonly nearestAt: Date;
}

/** A degree of latitude, metres; a little less than it is anywhere, so that boxes are never too small. */
const METRES_A_DEGREE = 110_500;

interface Found {
  readonly vehicleId: string;
  readonly keys: Set<string>;
  firstAt: number;
  lastAt: number;
  nearestMetres: number;
  nearestAt: number;
}

/** Answers from single fixes and from compacted ones alike; nearest first. */
export async function listNear(db: Db, question: NearQuestion): Promise<NearVehicle[]> {
  const { lon, lat, metres, from, until, organisationId } = question;
  const north = metres / METRES_A_DEGREE;
  // At the poles the circle is the whole parallel.
  const east = north / Math.max(0.001, Math.cos(((Math.abs(lat) + north) * Math.PI) / 180));
  const found = new Map<string, Found>();
  const take = (
    vehicleId: string,
    deviceId: string,
    fixMillis: number,
    seq: number,
    at: number,
    place: { lon: number; lat: number },
  ) => {
    const distance = greatCircleMetres(question, place);
    if (distance > metres) return;
    const known = found.get(vehicleId) ?? {
      vehicleId,
      keys: new Set<string>(),
      firstAt: at,
      lastAt: at,
      nearestMetres: Infinity,
      nearestAt: at,
    };
    found.set(vehicleId, known);
    // A fix that is compacted between the two questions is in both answers.
    known.keys.add(`${deviceId}/${fixMillis}/${seq}`);
    known.firstAt = Math.min(known.firstAt, at);
    known.lastAt = Math.max(known.lastAt, at);
    if (distance < known.nearestMetres) Object.assign(known, { nearestMetres: distance, nearestAt: at });
  };

  const rows = await db('fix_kept')
    .whereBetween('corrected_time', [from, until])
    .whereBetween('lon', [lon - east, lon + east])
    .whereBetween('lat', [lat - north, lat + north])
    .whereRaw('flags & ?::int = 0', [NO_EVIDENCE])
    .whereNotNull('vehicle_id')
    .select<
      {
        vehicle_id: string;
        device_id: string;
        fix_time: Date;
        device_seq: number;
        corrected_time: Date;
        lon: number;
        lat: number;
      }[]
    >('vehicle_id', 'device_id', 'fix_time', 'device_seq', 'corrected_time', 'lon', 'lat');
  for (const row of rows) {
    take(row.vehicle_id, row.device_id, row.fix_time.getTime(), row.device_seq, row.corrected_time.getTime(), row);
  }

  const reach = east + (LINE_TOLERANCE_METRES / METRES_A_DEGREE) * (east / north);
  const { rows: segments } = await db.raw<{ rows: { vehicle_id: string; device_id: string; body: Buffer }[] }>(
    `select vehicle_id, device_id, body from track_segment
     where from_time between ?::timestamptz and ?::timestamptz
       and tstzrange(from_time, until_time, '[]') && tstzrange(?::timestamptz, ?::timestamptz, '[]')
       and st_dwithin(line, st_setsrid(st_makepoint(?, ?), 4326), ?) and vehicle_id is not null`,
    [new Date(from.getTime() - LONGEST_SEGMENT_MILLIS), until, from, until, lon, lat, reach],
  );
  const [first, last] = [from.getTime(), until.getTime()];
  for (const { vehicle_id: vehicleId, device_id: deviceId, body } of segments) {
    const { correctedTimes, fixTimes, seqs, lons, lats, flags } = decodeSegment(body);
    for (let i = 0; i < flags.length; i++) {
      const at = correctedTimes[i]!;
      if (at < first || at > last || (flags[i]! & NO_EVIDENCE) !== 0) continue;
      if (Math.abs(lons[i]! - lon) > east || Math.abs(lats[i]! - lat) > north) continue;
      take(vehicleId, deviceId, fixTimes[i]!, seqs[i]!, at, { lon: lons[i]!, lat: lats[i]! });
    }
  }

  const vehicles = await db('vehicle')
    .whereIn('id', [...found.keys()])
    .where(organisationId === null ? {} : { organisation_id: organisationId })
    .select<{ id: string; code: string }[]>('id', 'code');
  return vehicles
    .map(({ id, code }) => {
      const { firstAt, lastAt, keys, nearestMetres, nearestAt } = found.get(id)!;
      return {
        vehicleId: id,
        code,
        firstAt: new Date(firstAt),
        lastAt: new Date(lastAt),
        fixes: keys.size,
        nearestMetres,
        nearestAt: new Date(nearestAt),
      };
    })
    .sort((a, b) => a.nearestMetres - b.nearestMetres);
}
