import type { LonLat } from '../../../routing/units.ts';
import type { Change } from '../../platform/events.ts';
import type { CaseId, CaseState, PlaceQuality } from '../cases/contract.ts';

/** A report as intake hands it over: placed, priced by the catalogue, its private part apart. */
export interface NewCase {
  readonly source: string;
  readonly sourceId: string;
  readonly organisationId: string;
  readonly serviceType: string;
  /** As reported. */
  readonly place: LonLat | null;
  readonly address: string | null;
  readonly roadPoint: LonLat | null;
  readonly roadMetres: number | null;
  readonly placeQuality: PlaceQuality;
  readonly placeText: string | null;
  readonly areaIds: readonly string[];
  readonly reportedAt: Date;
  /** The year of the report on the city's own calendar: the case number begins with it. */
  readonly reportedYear: number;
  readonly dueAt: Date | null;
  readonly priority: number;
  /** What the source itself says, in its own words; for comparison only. */
  readonly sourceStatus: string | null;
  readonly sourceClosedAt: Date | null;
  readonly sourceUpdatedAt: Date | null;
  /** The reporter's own words and ways to be reached: stored apart. */
  readonly words: string | null;
  readonly contact: { readonly name: string | null; readonly email: string | null; readonly phone: string | null } | null;
  readonly followTokenHash: string | null;
  /**
   * What the source's status means: a request that is over there (history, mostly) is over here too, unless somebody
   * here has taken it up. Left out: open.
   */
  readonly atSource?: AtSource;
}

export type AtSource = 'open' | 'closed' | 'duplicate' | 'cancelled';

/** Decided by the source, with this reason; only such a decision is taken back when the source opens it again. */
const DECIDED_AT_SOURCE: Readonly<
  Record<AtSource, { readonly decided: 'no_action' | 'cancelled'; readonly reason: string } | null>
> = {
  open: null,
  closed: { decided: 'no_action', reason: 'closed_at_source' },
  // Which case it repeats the source does not say in a way we could follow.
  duplicate: { decided: 'no_action', reason: 'duplicate_at_source' },
  cancelled: { decided: 'cancelled', reason: 'cancelled_at_source' },
};
const SOURCE_REASONS = Object.values(DECIDED_AT_SOURCE).flatMap((d) => (d === null ? [] : [d.reason]));

export interface ReceivedCase {
  readonly id: CaseId;
  readonly number: string;
  readonly source: string;
  readonly sourceId: string;
  readonly outcome: 'new' | 'updated' | 'unchanged';
  readonly state: CaseState;
}

interface StoredRow {
  id: CaseId;
  number: string;
  source: string;
  source_id: string;
  state: CaseState;
}

/**
 * Takes reports in, many at a time: new ones are inserted, known ones (source, source id) get what the source says
 * now and nothing else; what dispatchers decided stays, and a row that says nothing new writes nothing. The same
 * report twice in one batch is taken once, the later row. One event each. Answers in the order of the rows.
 */
export async function receiveCases(change: Change, rows: readonly NewCase[]): Promise<ReceivedCase[]> {
  if (rows.length === 0) return [];
  const latest = new Map(rows.map((row) => [keyOf(row.source, row.sourceId), row]));
  const known = await listStored(change, [...latest.values()]);
  const fresh = [...latest].filter(([key]) => !known.has(key)).map(([, row]) => row);
  const inserted = await insertNew(change, fresh);
  const met = fresh.filter((row) => !inserted.has(keyOf(row.source, row.sourceId)));
  // Somebody else took the same report in since we looked: it is known now.
  for (const [key, row] of await listStored(change, met)) known.set(key, row);
  const updated = await updateKnown(
    change,
    [...latest].filter(([key]) => known.has(key)).map(([, row]) => row),
  );
  return rows.map((row) => {
    const key = keyOf(row.source, row.sourceId);
    const stored = inserted.get(key) ?? known.get(key);
    if (!stored) throw new Error('a received case is neither new nor known');
    const outcome = inserted.has(key) ? 'new' : updated.has(stored.id) ? 'updated' : 'unchanged';
    const state = updated.get(stored.id) ?? stored.state;
    return { id: stored.id, number: stored.number, source: row.source, sourceId: row.sourceId, outcome, state };
  });
}

const keyOf = (source: string, sourceId: string): string => `${source}\n${sourceId}`;
const byKey = (rows: readonly StoredRow[]): Map<string, StoredRow> => new Map(rows.map((r) => [keyOf(r.source, r.source_id), r]));

async function listStored(change: Change, rows: readonly NewCase[]): Promise<Map<string, StoredRow>> {
  if (rows.length === 0) return new Map();
  const { rows: found } = await change.tx.raw<{ rows: StoredRow[] }>(
    `select c.id, c.number, c.source, c.source_id, c.state
     from jsonb_to_recordset(?::jsonb) as r(source text, source_id text) join cases c using (source, source_id)`,
    [JSON.stringify(rows.map((r) => ({ source: r.source, source_id: r.sourceId })))],
  );
  return byKey(found);
}

async function insertNew(change: Change, rows: readonly NewCase[]): Promise<Map<string, StoredRow>> {
  if (rows.length === 0) return new Map();
  const { tx } = change;
  const made = rows.map((row) => ({
    row,
    id: change.ids.next(change.now),
    contactId: row.contact === null ? null : change.ids.next(change.now),
  }));
  await insertContacts(change, made);
  const { rows: stored } = await tx.raw<{ rows: StoredRow[] }>(
    // The numbers are drawn in the order of the rows: the subquery is sorted before they are.
    `insert into cases (id, number, source, source_id, organisation_id, service_type, place, address, road_point, road_metres,
       place_quality, place_text, area_ids, reported_at, received_at, due_at, priority, state, decided, decided_reason, closed_at,
       source_status, source_closed_at, source_updated_at, contact_id, follow_token_hash)
     select r.id, r.year || '-' || to_char(nextval('case_number'), 'FM99999900000'), r.source, r.source_id, r.organisation_id,
       r.service_type, st_setsrid(st_makepoint(r.lon, r.lat), 4326), r.address, st_setsrid(st_makepoint(r.road_lon, r.road_lat), 4326),
       r.road_metres, r.place_quality, r.place_text, r.area_ids, r.reported_at, r.received_at, r.due_at, r.priority,
       coalesce(r.decided, 'received'), r.decided, r.decided_reason, case when r.decided is not null then
         coalesce(r.source_closed_at, r.source_updated_at, r.received_at) end, r.source_status, r.source_closed_at, r.source_updated_at, r.contact_id, r.follow_token_hash
     from (select * from jsonb_to_recordset(?::jsonb) as i(ord integer, id uuid, year text, source text, source_id text,
       organisation_id uuid, service_type text, lon double precision, lat double precision, address text,
       road_lon double precision, road_lat double precision, road_metres real, place_quality text, place_text text,
       area_ids uuid[], reported_at timestamptz, received_at timestamptz, due_at timestamptz, priority smallint,
       decided text, decided_reason text, source_status text, source_closed_at timestamptz, source_updated_at timestamptz,
       contact_id uuid, follow_token_hash text) order by ord) r
     on conflict (source, source_id) do nothing
     returning id, number, source, source_id, state`,
    [JSON.stringify(made.map(({ row, id, contactId }, ord) => written(change, row, id, contactId, ord)))],
  );
  const inserted = byKey(stored);
  const ids = new Set<string>(stored.map((s) => s.id));
  await dropUnusedContacts(
    change,
    made.filter((m) => m.contactId !== null && !ids.has(m.id)).map((m) => m.contactId!),
  );
  await insertWords(
    change,
    made.filter((m) => ids.has(m.id)),
  );
  for (const { row, id } of made) {
    if (!ids.has(id)) continue;
    change.emit({
      type: 'case.received',
      caseId: id,
      organisationId: row.organisationId,
      body: {
        serviceType: row.serviceType,
        priority: row.priority,
        placeQuality: row.placeQuality,
        state: DECIDED_AT_SOURCE[row.atSource ?? 'open']?.decided ?? 'received',
      },
    });
  }
  return inserted;
}

const written = (change: Change, row: NewCase, id: string, contactId: string | null, ord: number): Record<string, unknown> => ({
  ord,
  id,
  year: String(row.reportedYear % 100).padStart(2, '0'),
  source: row.source,
  source_id: row.sourceId,
  organisation_id: row.organisationId,
  service_type: row.serviceType,
  lon: row.place?.lon ?? null,
  lat: row.place?.lat ?? null,
  address: row.address,
  road_lon: row.roadPoint?.lon ?? null,
  road_lat: row.roadPoint?.lat ?? null,
  road_metres: row.roadMetres,
  place_quality: row.placeQuality,
  place_text: row.placeText,
  area_ids: row.areaIds,
  reported_at: row.reportedAt,
  received_at: change.receivedAt,
  due_at: row.dueAt,
  priority: row.priority,
  decided: DECIDED_AT_SOURCE[row.atSource ?? 'open']?.decided ?? null,
  decided_reason: DECIDED_AT_SOURCE[row.atSource ?? 'open']?.reason ?? null,
  source_status: row.sourceStatus,
  source_closed_at: row.sourceClosedAt,
  source_updated_at: row.sourceUpdatedAt,
  contact_id: contactId,
  follow_token_hash: row.followTokenHash,
});

interface Made {
  readonly row: NewCase;
  readonly id: string;
  readonly contactId: string | null;
}

async function insertContacts(change: Change, made: readonly Made[]): Promise<void> {
  const contacts = made.flatMap(({ row, contactId }) => (contactId === null ? [] : [{ id: contactId, ...row.contact }]));
  if (contacts.length === 0) return;
  await change.tx.raw(
    `insert into private.contact (id, name, email, phone, created_at)
     select r.id, r.name, r.email, r.phone, ? from jsonb_to_recordset(?::jsonb) as r(id uuid, name text, email text, phone text)`,
    [change.receivedAt, JSON.stringify(contacts)],
  );
}

async function dropUnusedContacts(change: Change, ids: readonly string[]): Promise<void> {
  if (ids.length > 0) await change.tx.raw('delete from private.contact where id = any(?::uuid[])', [[...ids]]);
}

async function insertWords(change: Change, made: readonly Made[]): Promise<void> {
  const words = made.flatMap(({ row, id }) => (row.words === null || row.words === '' ? [] : [{ id, words: row.words }]));
  if (words.length === 0) return;
  await change.tx.raw(
    'insert into private.case_words (case_id, words) select r.id, r.words from jsonb_to_recordset(?::jsonb) as r(id uuid, words text)',
    [JSON.stringify(words)],
  );
}

/** @returns the cases whose source says something new, with the state they have then. */
async function updateKnown(change: Change, rows: readonly NewCase[]): Promise<Map<string, CaseState>> {
  if (rows.length === 0) return new Map();
  const { rows: changed } = await change.tx.raw<{
    rows: { id: string; organisation_id: string; closed: boolean; version: number; was: CaseState; state: CaseState }[];
  }>(
    // Locked in the order of ids, as everywhere: two imports of one file may meet. What the source has closed or opened
    // again is followed only where nobody here has taken the case up.
    `with said as (
       select c.id, c.state as was, r.*, c.state = 'received' and r.decided is not null as closes,
         c.decided_reason = any(?::text[]) and r.decided is null as opens
       from cases c
         join jsonb_to_recordset(?::jsonb) as r(source text, source_id text, address text, source_status text,
           source_closed_at timestamptz, source_updated_at timestamptz, decided text, decided_reason text) using (source, source_id)
       where (c.address, c.source_status, c.source_closed_at, c.source_updated_at)
         is distinct from (r.address, r.source_status, r.source_closed_at, r.source_updated_at)
       order by c.id for no key update of c)
     update cases c set address = said.address, source_status = said.source_status, source_closed_at = said.source_closed_at,
       source_updated_at = said.source_updated_at, version = c.version + 1,
       state = case when closes then said.decided when opens then 'received' else c.state end,
       decided = case when closes then said.decided when opens then null else c.decided end,
       decided_reason = case when closes then said.decided_reason when opens then null else c.decided_reason end,
       closed_at = case when closes then coalesce(said.source_closed_at, said.source_updated_at, ?) when opens then null
         else c.closed_at end
     from said where c.id = said.id
     returning c.id, c.organisation_id, c.source_closed_at is not null as closed, c.version, said.was, c.state`,
    [
      SOURCE_REASONS,
      JSON.stringify(
        rows.map((r) => ({
          source: r.source,
          source_id: r.sourceId,
          address: r.address,
          source_status: r.sourceStatus,
          source_closed_at: r.sourceClosedAt,
          source_updated_at: r.sourceUpdatedAt,
          decided: DECIDED_AT_SOURCE[r.atSource ?? 'open']?.decided ?? null,
          decided_reason: DECIDED_AT_SOURCE[r.atSource ?? 'open']?.reason ?? null,
        })),
      ),
      change.now,
    ],
  );
  for (const c of changed) {
    const about = { caseId: c.id, organisationId: c.organisation_id };
    change.emit({ ...about, type: 'case.updated', body: { why: 'source', closedAtSource: c.closed, version: c.version } });
    if (c.state !== c.was) {
      change.emit({
        ...about,
        type: 'case.state_changed',
        body: { from: c.was, to: c.state, beingConfirmed: false, version: c.version },
      });
    }
  }
  return new Map(changed.map((c) => [c.id, c.state]));
}
