import type { Db } from '../../../../db/knex.ts';
import { NO_EVIDENCE } from '../store.ts';
import { decodeSegment } from './segment-codec.ts';
import { LONGEST_SEGMENT_MILLIS } from './segments.ts';

/** Which moments of the past are to be shown. */
export interface ReplayQuestion {
  readonly from: Date;
  readonly until: Date;
  readonly stepSeconds: number;
  /** null = of every organisation. */
  readonly organisationId: string | null;
  /** Frames of this page at most. */
  readonly mostFrames: number;
  /** Vehicles that moved, over all frames: a page ends before it holds more. */
  readonly mostMoves: number;
}

/** Vehicles that have another fix than in the frame before, five whole numbers each. */
export interface ReplayFrame {
  readonly time: Date;
  /** Place in `vehicles`, lon and lat in millionths of a degree, heading in degrees (-1 = unknown), age of the fix in seconds. */
  readonly moved: readonly number[];
}

export interface ReplayPage {
  readonly vehicles: readonly { readonly vehicleId: string; readonly code: string }[];
  readonly frames: readonly ReplayFrame[];
  /** Where the next page begins; null = this was the last. */
  readonly next: Date | null;
}

/** Where vehicles were before the first frame: as far back is looked. */
const BEFORE_MILLIS = 15 * 60_000;

interface Sample {
  readonly at: number;
  readonly x: number;
  readonly y: number;
  readonly heading: number;
}

/**
 * The whole fleet at each step between two times: of each vehicle the newest trustworthy fix that was made by then, never one
 * from later. The first frame of a page has every vehicle that was heard of in the quarter of an hour before it.
 */
export async function replay(db: Db, question: ReplayQuestion): Promise<ReplayPage> {
  const stepMillis = question.stepSeconds * 1000;
  const first = question.from.getTime();
  const frames = Math.min(question.mostFrames, Math.floor((question.until.getTime() - first) / stepMillis) + 1);
  const end = first + (frames - 1) * stepMillis;
  const fleet = await db('vehicle')
    .where(question.organisationId === null ? {} : { organisation_id: question.organisationId })
    .orderBy('code')
    .select<{ id: string; code: string }[]>('id', 'code');
  const numbers = new Map(fleet.map(({ id }, n) => [id, n]));
  /** Of each vehicle by frame: only the newest of each step is kept. */
  const newest = fleet.map(() => new Map<number, Sample>());
  const take = (vehicleId: string, at: number, x: number, y: number, heading: number): void => {
    const number = numbers.get(vehicleId);
    if (number === undefined) return;
    const frame = Math.max(0, Math.ceil((at - first) / stepMillis));
    const known = newest[number]!.get(frame);
    if (known === undefined || known.at < at) newest[number]!.set(frame, { at, x, y, heading });
  };

  const since = new Date(first - BEFORE_MILLIS);
  // The newest of a step is chosen by the database: a fleet sends a thousand times what is shown.
  const { rows } = await db.raw<{
    rows: { vehicle_id: string; corrected_time: Date; lon: number; lat: number; heading: number | null }[];
  }>(
    `select distinct on (vehicle_id, frame) vehicle_id, corrected_time, lon, lat, heading_degrees as heading from (
       select *, greatest(0, ceil((date_part('epoch', corrected_time) - ?) / ?)) as frame from fix_kept
       where corrected_time between ?::timestamptz and ?::timestamptz and flags & ?::int = 0 and vehicle_id is not null) as f
     order by vehicle_id, frame, corrected_time desc`,
    [first / 1000, question.stepSeconds, since, new Date(end), NO_EVIDENCE],
  );
  for (const { vehicle_id, corrected_time, lon, lat, heading } of rows)
    take(
      vehicle_id,
      corrected_time.getTime(),
      Math.round(lon * 1e6),
      Math.round(lat * 1e6),
      heading === null ? -1 : Math.round(heading),
    );
  const segments = await db('track_segment')
    .whereBetween('from_time', [new Date(since.getTime() - LONGEST_SEGMENT_MILLIS), new Date(end)])
    .where('until_time', '>=', since)
    .whereNotNull('vehicle_id')
    .select<{ vehicle_id: string; body: Buffer }[]>('vehicle_id', 'body');
  for (const { vehicle_id, body } of segments) {
    const { correctedTimes, lons, lats, headingsDegrees, flags } = decodeSegment(body);
    for (let i = 0; i < flags.length; i++) {
      const at = correctedTimes[i]!;
      if (at < since.getTime() || at > end || (flags[i]! & NO_EVIDENCE) !== 0) continue;
      const heading = headingsDegrees[i]!;
      take(vehicle_id, at, Math.round(lons[i]! * 1e6), Math.round(lats[i]! * 1e6), Number.isNaN(heading) ? -1 : heading);
    }
  }
  return pageOf(fleet, newest, question, { first, stepMillis, frames });
}

function pageOf(
  fleet: readonly { readonly id: string; readonly code: string }[],
  newest: readonly ReadonlyMap<number, Sample>[],
  question: ReplayQuestion,
  { first, stepMillis, frames }: { readonly first: number; readonly stepMillis: number; readonly frames: number },
): ReplayPage {
  const seen = new Map<number, number>();
  const made: ReplayFrame[] = [];
  let moves = 0;
  for (let frame = 0; frame < frames && (frame === 0 || moves < question.mostMoves); frame++) {
    const time = first + frame * stepMillis;
    const moved: number[] = [];
    for (const [number, own] of newest.entries()) {
      const sample = own.get(frame);
      if (sample === undefined) continue;
      if (!seen.has(number)) seen.set(number, seen.size);
      moved.push(seen.get(number)!, sample.x, sample.y, sample.heading, Math.round((time - sample.at) / 1000));
      moves++;
    }
    made.push({ time: new Date(time), moved });
  }
  const next = first + made.length * stepMillis;
  return {
    vehicles: [...seen.keys()].map((number) => ({ vehicleId: fleet[number]!.id, code: fleet[number]!.code })),
    frames: made,
    next: next <= question.until.getTime() ? new Date(next) : null,
  };
}
