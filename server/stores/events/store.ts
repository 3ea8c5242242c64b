import type { Db } from '../../../db/knex.ts';
import { asEvent, type RecordedEvent } from '../../platform/deliveries.ts';

type EventRow = Parameters<typeof asEvent>[0];

/**
 * The events after this seq, in order. The counter is taken last in each transaction and held until its commit, so
 * what is read here never has a hole that is filled later.
 */
export async function listEventsAfter(db: Db, after: number, limit: number): Promise<RecordedEvent[]> {
  const rows = await db('event').where('seq', '>', after).orderBy('seq').limit(limit).select<EventRow[]>('*');
  return rows.map(asEvent);
}

/** The events of a shift after this seq, in order. */
export async function listEventsOfShift(db: Db, shiftId: string, after: number, limit: number): Promise<RecordedEvent[]> {
  const rows = await db('event')
    .where({ shift_id: shiftId })
    .where('seq', '>', after)
    .orderBy('seq')
    .limit(limit)
    .select<EventRow[]>('*');
  return rows.map(asEvent);
}

/** The areas each of these cases and jobs lies in, by its id. */
export async function listAreasOf(
  db: Db,
  ids: { readonly caseIds: readonly string[]; readonly jobIds: readonly string[] },
): Promise<Map<string, readonly string[]>> {
  const [cases, jobs] = await Promise.all([
    db('cases').whereIn('id', ids.caseIds).select<{ id: string; area_ids: string[] }[]>('id', 'area_ids'),
    db('job').whereIn('id', ids.jobIds).select<{ id: string; area_ids: string[] }[]>('id', 'area_ids'),
  ]);
  return new Map([...cases, ...jobs].map((row) => [row.id, row.area_ids]));
}
