import { setImmediate as otherWork } from 'node:timers/promises';
import type { Db } from '../../../../db/knex.ts';
import { decodeSegment } from './segment-codec.ts';
import {
  columnsOf,
  DayFigures,
  groupsSql,
  insertSegments,
  LONGEST_SEGMENT_MILLIS,
  pick,
  segmentsOf,
  type FixGroup,
  type NewSegment,
} from './segments.ts';

const DAY_MILLIS = 86_400_000;
/** Fixes read by one question. */
const ROWS_AT_ONCE = 30_000;
const SEGMENTS_AT_ONCE = 200;
/** Late fixes of one transaction. */
const LATE_AT_ONCE = 20_000;
const LATE_GROUPS = groupsSql('select * from gone');

/** A day that has left `fix`, or is to. */
export interface CompactableDay {
  /** Start of the UTC day. */
  readonly day: Date;
  /** The table with its fixes. */
  readonly table: string;
  /** It has left `fix`: nobody writes to it any more. */
  readonly detached: boolean;
}

export interface Compacted {
  readonly fixes: number;
  readonly segments: number;
  /** Of the points alone, without keys, lines and indexes. */
  readonly bodyBytes: number;
}

/** The numbers do not agree: nothing is dropped. */
export class CountsDiffer extends Error {
  override readonly name = 'CountsDiffer';
}

const stamp = (day: Date): string => day.toISOString().slice(0, 10).replaceAll('-', '');
const compactingName = (day: Date): string => `fix_compacting_${stamp(day)}`;
const makingName = (day: Date): string => `track_segment_making_${stamp(day)}`;
const segmentName = (day: Date): string => `track_segment_${stamp(day)}`;

/** Days whose fixes are to be compacted: whole UTC days that ended by `endedBy`, and what a run has left half done. Oldest first. */
export async function listCompactable(db: Db, endedBy: Date): Promise<CompactableDay[]> {
  const { rows } = await db.raw<{ rows: { name: string; detached: boolean }[] }>(
    `select c.relname as name, i.inhparent = 'fix_compacting'::regclass as detached from pg_inherits i join pg_class c on c.oid = i.inhrelid
     where i.inhparent in ('fix'::regclass, 'fix_compacting'::regclass) and c.relname ~ '_[0-9]{8}$'`,
  );
  return rows
    .map(({ name, detached }) => ({ table: name, detached, day: dayOfName(name) }))
    .filter(({ day, detached }) => detached || day.getTime() + DAY_MILLIS <= endedBy.getTime())
    .sort((a, b) => a.day.getTime() - b.day.getTime());
}

/** `fix_20260127` is of 27 January. */
const dayOfName = (name: string): Date => {
  const [, year, month, date] = /_(\d{4})(\d{2})(\d{2})$/.exec(name)!;
  return new Date(`${year}-${month}-${date}T00:00:00Z`);
};

/** Takes the day out of `fix`: late fixes of it go to the default partition from now on. It stays readable in `fix_kept`. */
export async function detachDay(tx: Db, { day, table }: CompactableDay): Promise<CompactableDay> {
  const name = compactingName(day);
  await tx.raw('alter table fix detach partition ??', [table]);
  await tx.raw('alter table ?? rename to ??', [table, name]);
  await tx.raw('alter table ?? inherit fix_compacting', [name]);
  return { day, table: name, detached: true };
}

/**
 * Compacts the fixes of a detached day into a table of its own, which nobody reads yet; begun anew when there is one from
 * a run that died. Device after device, no transaction longer than a statement: a long one would keep the server from
 * tidying up after ten thousand moved markers a second.
 * @throws CountsDiffer
 */
export async function makeSegments(db: Db, { day, table }: CompactableDay, signal?: AbortSignal): Promise<Compacted> {
  const making = makingName(day);
  await db.raw('drop table if exists ??', [making]);
  await db.raw(
    `create table ?? (like track_segment including defaults including constraints including indexes including storage)
     with (toast_tuple_target = 8160)`,
    [making],
  );
  const devices = (
    await db.raw<{ rows: { id: string; n: number }[] }>(
      'select device_id as id, count(*)::int as n from ?? group by device_id order by device_id',
      [table],
    )
  ).rows;
  const figures = new DayFigures(day.getTime());
  const sum = { fixes: 0, segments: 0, bodyBytes: 0 };
  for (let next = 0; next < devices.length;) {
    signal?.throwIfAborted();
    const some: string[] = [];
    for (let rows = 0; next < devices.length && (rows === 0 || rows + devices[next]!.n <= ROWS_AT_ONCE); next++) {
      some.push(devices[next]!.id);
      rows += devices[next]!.n;
    }
    const { rows: groups } = await db.raw<{ rows: FixGroup[] }>(groupsSql(`select * from ?? where device_id = any(?::uuid[])`), [
      table,
      `{${some.join()}}`,
    ]);
    await writeGroups(db, making, groups, figures, sum);
    await figures.write(db);
  }
  return sum;
}

async function writeGroups(
  db: Db,
  table: string,
  groups: readonly FixGroup[],
  figures: DayFigures | null,
  sum: { fixes: number; segments: number; bodyBytes: number },
): Promise<void> {
  let waiting: NewSegment[] = [];
  for (const group of groups) {
    const columns = columnsOf(group);
    figures?.add(group, columns);
    for await (const segment of segmentsOf(group, columns)) {
      // What is about to be dropped is counted in what can be read back.
      sum.fixes += decodeSegment(segment.body).flags.length;
      sum.segments++;
      sum.bodyBytes += segment.body.length;
      waiting.push(segment);
      if (waiting.length < SEGMENTS_AT_ONCE) continue;
      await insertSegments(db, table, waiting);
      waiting = [];
    }
    await otherWork();
  }
  await insertSegments(db, table, waiting);
}

/** Fixes of the day, counted; nobody writes to it any more. */
export async function countDay(db: Db, { table }: CompactableDay): Promise<number> {
  const row = await db(table).count<{ n: number }>('* as n').first();
  return row?.n ?? 0;
}

/**
 * Puts the day's segments in the place of its fixes, in one transaction that is the caller's: everybody reads the one or
 * the other, never both and never neither.
 * @throws CountsDiffer when what is in the segments is not as many as the day's fixes were counted: then nothing is dropped.
 */
export async function putSegmentsInForce(tx: Db, { day, table }: CompactableDay, fixes: number): Promise<void> {
  const [making, final] = [makingName(day), segmentName(day)];
  const [from, until] = [day.toISOString(), new Date(day.getTime() + DAY_MILLIS).toISOString()];
  const row = await tx(making).sum<{ n: number | null }>('points as n').first();
  if ((row?.n ?? 0) !== fixes) throw new CountsDiffer(`${table} has ${fixes} fixes, its segments ${row?.n ?? 0}; it stays.`);
  await tx.raw('drop table ??', [table]);
  if (await tx.schema.hasTable(final)) {
    await tx.raw('insert into track_segment select * from ??', [making]);
    await tx.raw('drop table ??', [making]);
    return;
  }
  // Segments whose corrected time is another day's, and those of this day that came with another.
  await tx.raw(
    `with other as (delete from ?? where from_time < ?::timestamptz or from_time >= ?::timestamptz returning *)
     insert into track_segment select * from other`,
    [making, from, until],
  );
  await tx.raw(
    `with own as (delete from track_segment_default where from_time >= ?::timestamptz and from_time < ?::timestamptz returning *)
     insert into ?? select * from own`,
    [from, until, making],
  );
  await tx.raw('alter table ?? rename to ??', [making, final]);
  // The bounds of a partition must stand in the statement itself: PostgreSQL takes no parameters there.
  await tx.raw(
    tx.raw('alter table track_segment attach partition ?? for values from (?) to (?)', [final, from, until]).toQuery(),
  );
}

/**
 * Compacts some of the fixes that came after their day was compacted, or for a day that has no partition; in the caller's
 * transaction. What is in a segment already (a device sends again what was never acknowledged) is not kept twice.
 * @returns how many fixes were taken; 0 = none is left.
 */
export async function compactLate(tx: Db, endedBy: Date): Promise<Compacted & { readonly known: number }> {
  const day = Math.floor(endedBy.getTime() / DAY_MILLIS) * DAY_MILLIS;
  const { rows: groups } = await tx.raw<{ rows: FixGroup[] }>(
    `with late as (
       select device_id, fix_time, device_seq from fix_default where fix_time < ?::timestamptz or received_at < ?::timestamptz
       order by device_id, fix_time limit ?),
     gone as (delete from fix_default f using late
       where f.device_id = late.device_id and f.fix_time = late.fix_time and f.device_seq = late.device_seq returning f.*)
     ${LATE_GROUPS}`,
    [new Date(day), endedBy, LATE_AT_ONCE],
  );
  const sum = { fixes: 0, segments: 0, bodyBytes: 0, known: 0 };
  const segments: NewSegment[] = [];
  for (const group of groups) {
    const columns = columnsOf(group);
    const keys = await keysOf(tx, group.device_id, columns.correctedTimes[0]!, columns.correctedTimes.at(-1)!);
    const fresh = [...columns.flags.keys()].filter((i) => !keys.has(`${columns.fixTimes[i]!}/${columns.seqs[i]!}`));
    sum.fixes += group.n;
    sum.known += group.n - fresh.length;
    if (fresh.length === 0) continue;
    for await (const segment of segmentsOf(group, pick(columns, fresh))) {
      segments.push(segment);
      sum.segments++;
      sum.bodyBytes += segment.body.length;
    }
  }
  const written = segments.reduce((points, segment) => points + decodeSegment(segment.body).flags.length, 0);
  if (written + sum.known !== sum.fixes)
    throw new CountsDiffer(`${sum.fixes} late fixes would be ${written} in segments; they stay.`);
  for (let k = 0; k < segments.length; k += SEGMENTS_AT_ONCE)
    await insertSegments(tx, 'track_segment', segments.slice(k, k + SEGMENTS_AT_ONCE));
  return sum;
}

async function keysOf(tx: Db, deviceId: string, fromMillis: number, untilMillis: number): Promise<Set<string>> {
  const bodies = await tx('track_segment')
    .where({ device_id: deviceId })
    .whereBetween('from_time', [
      new Date(fromMillis - 2 * LONGEST_SEGMENT_MILLIS),
      new Date(untilMillis + LONGEST_SEGMENT_MILLIS),
    ])
    .pluck<Buffer[]>('body');
  const keys = new Set<string>();
  for (const body of bodies) {
    const { fixTimes, seqs } = decodeSegment(body);
    for (let i = 0; i < seqs.length; i++) keys.add(`${fixTimes[i]!}/${seqs[i]!}`);
  }
  return keys;
}

/** What was dropped because its days were over. */
export interface Dropped {
  readonly what: 'tracks' | 'vehicle-days' | 'fixes';
  /** UTC days it was of. */
  readonly from: Date;
  readonly until: Date;
  /** Points; of vehicle-days: rows. */
  readonly count: number;
}

/** Whole days of segments that ended by `endedBy`. Oldest first. */
export async function listSegmentDays(db: Db, endedBy: Date): Promise<{ day: Date; table: string }[]> {
  const { rows } = await db.raw<{ rows: { name: string }[] }>(
    `select c.relname as name from pg_inherits i join pg_class c on c.oid = i.inhrelid
     where i.inhparent = 'track_segment'::regclass and c.relname ~ '^track_segment_[0-9]{8}$' order by 1`,
  );
  return rows
    .map(({ name }) => ({ table: name, day: dayOfName(name) }))
    .filter(({ day }) => day.getTime() + DAY_MILLIS <= endedBy.getTime());
}

/** Drops a day of segments and what was snapped of it. */
export async function dropSegmentDay(tx: Db, { day, table }: { readonly day: Date; readonly table: string }): Promise<Dropped> {
  const row = await tx(table).sum<{ n: number | null }>('points as n').first();
  const until = new Date(day.getTime() + DAY_MILLIS);
  await tx.raw('drop table ??', [table]);
  await tx('track_snapped').where('from_time', '>=', day).where('from_time', '<', until).delete();
  return { what: 'tracks', from: day, until, count: row?.n ?? 0 };
}

/** Deletes segments that lie in no day's partition and ended by `endedBy`; null = there were none. */
export async function dropStraySegments(tx: Db, endedBy: Date): Promise<Dropped | null> {
  const { rows } = await tx.raw<{ rows: { n: number | null; first: Date | null; last: Date | null }[] }>(
    `with gone as (delete from track_segment_default where until_time < ?::timestamptz returning points, from_time, until_time, id),
     unsnapped as (delete from track_snapped s using gone where s.segment_id = gone.id)
     select sum(points)::int8 as n, min(from_time) as first, max(until_time) as last from gone`,
    [endedBy],
  );
  const { n, first, last } = rows[0]!;
  return n === null || first === null || last === null ? null : { what: 'tracks', from: first, until: last, count: n };
}

/** Deletes figures of vehicles' days before `day`; null = there were none. */
export async function dropVehicleDays(tx: Db, day: Date): Promise<Dropped | null> {
  const { rows } = await tx.raw<{ rows: { n: number; first: string | null; last: string | null }[] }>(
    `with gone as (delete from vehicle_day where day < ?::date returning day)
     select count(*)::int as n, min(day) as first, max(day) as last from gone`,
    [day.toISOString().slice(0, 10)],
  );
  const { n, first, last } = rows[0]!;
  return first === null || last === null
    ? null
    : { what: 'vehicle-days', from: new Date(first), until: new Date(last), count: n };
}
