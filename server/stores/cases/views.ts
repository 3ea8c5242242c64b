import type { Db } from '../../../db/knex.ts';
import { Problem } from '../../platform/problem.ts';
import type { Reach } from '../../platform/reach.ts';
import type { CaseFilter, DispatcherCase, PrivateCase } from './contract.ts';
import { caseOf, type CaseRow } from './store.ts';

type ViewRow = CaseRow & { job_ids: string[] };

const viewOf = (row: ViewRow): DispatcherCase => {
  const { contactId, ...rest } = caseOf(row);
  return { ...rest, hasContact: contactId !== null, jobIds: row.job_ids };
};

/** Cases within the reach, with the jobs that answer them now. */
function selectViews(db: Db, reach: Reach) {
  const query = db<ViewRow>('cases as c').select<ViewRow[]>(
    'c.*',
    db.raw(
      'array(select l.job_id from case_job l where l.case_id = c.id and l.left_at is null order by l.joined_at, l.id) as job_ids',
    ),
  );
  if (reach.organisationId !== null) void query.where('c.organisation_id', reach.organisationId);
  if (reach.areaIds.length > 0) void query.whereRaw('c.area_ids && ?::uuid[]', [[...reach.areaIds]]);
  return query;
}

/** Newest first. @returns `next`: the cursor of the page after this one, null at the end. @throws Problem 400 `bad-cursor`. */
export async function listCaseViews(
  db: Db,
  reach: Reach,
  filter: CaseFilter,
): Promise<{ cases: DispatcherCase[]; next: string | null }> {
  const query = selectViews(db, reach)
    .orderBy([
      { column: 'c.reported_at', order: 'desc' },
      { column: 'c.id', order: 'desc' },
    ])
    .limit(filter.limit + 1);
  if (filter.state !== undefined) void query.whereIn('c.state', filter.state);
  if (filter.serviceType !== undefined) void query.where('c.service_type', filter.serviceType);
  if (filter.areaId !== undefined) void query.whereRaw('?::uuid = any(c.area_ids)', [filter.areaId]);
  if (filter.jobId !== undefined) {
    void query.whereIn('c.id', db('case_job').where({ job_id: filter.jobId }).whereNull('left_at').select('case_id'));
  }
  if (filter.q !== undefined) {
    const like = filter.q.replace(/[\\%_]/g, '\\$&');
    void query.whereRaw('(c.number like ? or c.address ilike ? or c.place_text ilike ?)', [`${like}%`, `%${like}%`, `%${like}%`]);
  }
  if (filter.cursor !== undefined) {
    const { at, id } = readCursor(filter.cursor);
    void query.whereRaw('(c.reported_at, c.id) < (?::timestamptz, ?::uuid)', [at, id]);
  }
  const rows = await query;
  const page = rows.slice(0, filter.limit);
  const last = page.at(-1);
  return {
    cases: page.map(viewOf),
    next: rows.length > page.length && last ? makeCursor(last.reported_at, last.id) : null,
  };
}

const makeCursor = (at: Date, id: string): string => Buffer.from(`${at.toISOString()} ${id}`).toString('base64url');

function readCursor(cursor: string): { at: string; id: string } {
  const parts = /^(\d{4}-\d\d-\d\dT[\d:.]+Z) ([0-9a-f-]{36})$/.exec(Buffer.from(cursor, 'base64url').toString());
  if (!parts)
    throw new Problem(400, 'bad-cursor', 'This cursor is not one we gave; begin at the first page.', {
      fields: [{ path: 'cursor', message: 'must be the `next` of a page' }],
    });
  return { at: parts[1]!, id: parts[2]! };
}

/** @throws Problem 404 `no-such-case`, also for a case out of reach: what is not yours is not told. */
export async function getCaseView(db: Db, reach: Reach, id: string): Promise<DispatcherCase> {
  const [row] = await selectViews(db, reach).where('c.id', id).limit(1);
  if (!row) throw new Problem(404, 'no-such-case', 'There is no such case among those you may see.');
  return viewOf(row);
}

/** The reporter's words and contact, after the read has been logged. Call it inside one transaction. */
export async function readPrivateCase(
  tx: Db,
  reach: Reach,
  id: string,
  read: { readonly id: string; readonly at: Date; readonly accountId: string | null; readonly why: string },
): Promise<PrivateCase> {
  const { id: caseId } = await getCaseView(tx, reach, id);
  await tx.raw(`insert into private.read_log (id, at, account_id, what, row_id, why) values (?, ?, ?, 'case', ?, ?)`, [
    read.id,
    read.at,
    read.accountId,
    caseId,
    read.why,
  ]);
  const { rows } = await tx.raw<{
    rows: { words: string | null; contact_id: string | null; name: string | null; email: string | null; phone: string | null }[];
  }>(
    `select w.words, k.id as contact_id, k.name, k.email, k.phone from cases c
       left join private.case_words w on w.case_id = c.id
       left join private.contact k on k.id = c.contact_id and k.erased_at is null
     where c.id = ?`,
    [caseId],
  );
  const row = rows[0]!;
  return {
    caseId,
    words: row.words,
    contact: row.contact_id === null ? null : { name: row.name, email: row.email, phone: row.phone },
  };
}
