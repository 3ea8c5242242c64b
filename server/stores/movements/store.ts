import type { Db } from '../../../db/knex.ts';
import type { MovementFacts, MovementKind, MovementView } from './contract.ts';

/** Names one thing a vehicle can be doing during a shift. */
export interface MovementKey {
  readonly shiftId: string;
  readonly vehicleId: string;
  readonly kind: MovementKind;
  readonly subject: string;
}

/** As it was last known: going on while `until` is null. */
export interface MovementRow extends MovementKey {
  readonly since: Date;
  readonly until: Date | null;
}

export interface BegunMovement extends MovementKey {
  readonly since: Date;
  /** Given where its end is known with its beginning. */
  readonly until: Date | null;
  readonly facts: MovementFacts;
}

export interface EndedMovement extends MovementKey {
  readonly until: Date;
}

/** Same key, same text. */
export const movementKey = ({ shiftId, vehicleId, kind, subject }: MovementKey): string =>
  `${shiftId}/${vehicleId}/${kind}/${subject}`;

const KEY = 'shift_id, vehicle_id, kind, subject';
interface KeyRow {
  shift_id: string;
  vehicle_id: string;
  kind: MovementKind;
  subject: string;
}
const keysOf = (rows: readonly KeyRow[]): Set<string> =>
  new Set(
    rows.map((row) => movementKey({ shiftId: row.shift_id, vehicleId: row.vehicle_id, kind: row.kind, subject: row.subject })),
  );

/** Always in the same order: two servers that write about the same vehicles never wait for each other. */
const ordered = <M extends MovementKey>(movements: readonly M[]): M[] =>
  [...movements].sort((a, b) => (movementKey(a) < movementKey(b) ? -1 : 1));

/**
 * Writes down that these have begun (one of a key). What goes on already, or began and ended at that time or later, is left
 * as it is: whoever looks at the same fixes again says nothing twice.
 * @returns the keys (`movementKey`) of those that are news.
 */
export async function beginMovements(tx: Db, begun: readonly BegunMovement[]): Promise<ReadonlySet<string>> {
  if (begun.length === 0) return new Set();
  const rows = ordered(begun).map((m) => ({ ...m, since: m.since.toISOString(), until: m.until?.toISOString() ?? null }));
  const answer = await tx.raw<{ rows: KeyRow[] }>(
    `insert into movement as here (${KEY}, since, until, facts)
     select b."shiftId", b."vehicleId", b.kind, b.subject, b.since, b.until, b.facts
     from jsonb_to_recordset(?::jsonb) as b("shiftId" uuid, "vehicleId" uuid, kind text, subject text, since timestamptz,
       until timestamptz, facts jsonb)
     on conflict (${KEY}) do update set since = excluded.since, until = excluded.until, facts = excluded.facts
     where here.until < excluded.since
     returning ${KEY}`,
    [JSON.stringify(rows)],
  );
  return keysOf(answer.rows);
}

/** Writes down that these have ended. @returns the keys of those that had been going on. */
export async function endMovements(tx: Db, ended: readonly EndedMovement[]): Promise<ReadonlySet<string>> {
  if (ended.length === 0) return new Set();
  const rows = ordered(ended).map((m) => ({ ...m, until: m.until.toISOString() }));
  const answer = await tx.raw<{ rows: KeyRow[] }>(
    `update movement as here set until = e.until
     from jsonb_to_recordset(?::jsonb) as e("shiftId" uuid, "vehicleId" uuid, kind text, subject text, until timestamptz)
     where here.shift_id = e."shiftId" and here.vehicle_id = e."vehicleId" and here.kind = e.kind and here.subject = e.subject
       and here.until is null and here.since <= e.until
     returning here.shift_id, here.vehicle_id, here.kind, here.subject`,
    [JSON.stringify(rows)],
  );
  return keysOf(answer.rows);
}

/** The newest movement of every key of these shifts. */
export async function listMovements(db: Db, shiftIds: readonly string[]): Promise<MovementRow[]> {
  const rows = await db('movement')
    .whereRaw('shift_id = any(?::uuid[])', [shiftIds as string[]])
    .orderBy(['shift_id', 'vehicle_id', 'kind', 'subject'])
    .select<(KeyRow & { since: Date; until: Date | null })[]>('shift_id', 'vehicle_id', 'kind', 'subject', 'since', 'until');
  return rows.map((row) => ({
    shiftId: row.shift_id,
    vehicleId: row.vehicle_id,
    kind: row.kind,
    subject: row.subject,
    since: row.since,
    until: row.until,
  }));
}

/** What the vehicles of a shift did, newest first. */
export async function listMovementsOfShift(db: Db, shiftId: string): Promise<MovementView[]> {
  const rows = await db('movement')
    .where({ shift_id: shiftId })
    .orderBy([{ column: 'since', order: 'desc' }, { column: 'kind' }, { column: 'subject' }])
    .limit(200)
    .select<(KeyRow & { since: Date; until: Date | null; facts: MovementFacts })[]>('*');
  return rows.map((row) => ({
    vehicleId: row.vehicle_id,
    kind: row.kind,
    subject: row.subject,
    since: row.since.toISOString(),
    until: row.until?.toISOString() ?? null,
    facts: row.facts,
  }));
}
