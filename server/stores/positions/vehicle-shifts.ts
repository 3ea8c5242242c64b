import type { Db } from '../../../db/knex.ts';

/** Which shift each vehicle is in, kept in memory: asked for every position that comes in. */
export interface VehicleShifts {
  /** False when it has to be read (again) before `shiftOf` may be asked. */
  fresh(at: Date): boolean;
  /** Reads it; several at once are one reading. */
  read(db: Db, at: Date): Promise<void>;
  /** The shift the vehicle is in at that time, its allowed overtime and the two hours before it included; null = none. */
  shiftOf(vehicleId: string, at: Date): string | null;
  /** After anything about shifts has changed. */
  invalidate(): void;
}

interface Part {
  readonly shiftId: string;
  readonly from: number;
  readonly until: number;
  /** `until` with the overtime that is allowed. */
  readonly atMost: number;
}

const HOUR_MILLIS = 3_600_000;
const BEFORE_SHIFT_MILLIS = 2 * HOUR_MILLIS;
/** Read for so long round the present; a simulated clock that has moved further reads again. */
const SPAN_MILLIS = 24 * HOUR_MILLIS;

/** @param wallMillis a monotonic clock in milliseconds: what another process changed is seen after `keepMillis` of it */
export function vehicleShifts(keepMillis: number, wallMillis: () => number): VehicleShifts {
  let parts = new Map<string, Part[]>();
  let readAt = -Infinity;
  let around = -Infinity;
  let reading: Promise<void> | null = null;
  let outdated = false;

  async function readAll(db: Db, at: Date): Promise<void> {
    outdated = false;
    const began = wallMillis();
    const found = await listParts(db, at);
    parts = found;
    around = at.getTime();
    readAt = outdated ? -Infinity : began;
  }

  return {
    fresh: (at) => wallMillis() - readAt <= keepMillis && Math.abs(at.getTime() - around) < SPAN_MILLIS / 2,
    read(db, at) {
      reading ??= readAll(db, at).finally(() => (reading = null));
      return reading;
    },
    shiftOf(vehicleId, at) {
      const time = at.getTime();
      let best: Part | null = null;
      for (const part of parts.get(vehicleId) ?? []) {
        if (time < part.from - BEFORE_SHIFT_MILLIS || time >= part.atMost) continue;
        if (best === null || isNearer(part, best, time)) best = part;
      }
      return best?.shiftId ?? null;
    },
    invalidate() {
      outdated = true;
      readAt = -Infinity;
    },
  };
}

/** The shift that is on goes before one that begins or has ended; of two the later. */
function isNearer(one: Part, other: Part, time: number): boolean {
  const [oneIsOn, otherIsOn] = [one, other].map(({ from, until }) => from <= time && time < until);
  return oneIsOn === otherIsOn ? one.from > other.from : oneIsOn === true;
}

async function listParts(db: Db, at: Date): Promise<Map<string, Part[]>> {
  const [from, until] = [at.getTime() - SPAN_MILLIS, at.getTime() + SPAN_MILLIS].map((time) => new Date(time).toISOString());
  const { rows } = await db.raw<{ rows: { vehicle_id: string; shift_id: string; from: Date; until: Date; overtime: number }[] }>(
    `select m.resource_id as vehicle_id, m.shift_id, lower(m.during) as "from", upper(m.during) as until,
       s.overtime_allowed_seconds as overtime
     from shift_member m join crew_shift s on s.id = m.shift_id
     where m.kind = 'vehicle' and m.during && tstzrange(?::timestamptz, ?::timestamptz)`,
    [from!, until!],
  );
  const parts = new Map<string, Part[]>();
  for (const row of rows) {
    const own = parts.get(row.vehicle_id) ?? [];
    parts.set(row.vehicle_id, own);
    const end = row.until.getTime();
    own.push({ shiftId: row.shift_id, from: row.from.getTime(), until: end, atMost: end + row.overtime * 1000 });
  }
  return parts;
}
