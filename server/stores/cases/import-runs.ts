import type { Db } from '../../../db/knex.ts';

/** How far an import has come; the same figures as in its summary. */
export interface ImportCounts {
  readonly read: number;
  readonly new: number;
  readonly updated: number;
  readonly unchanged: number;
  readonly refused: number;
}

/** An import begins: a row that says so, whatever becomes of it. */
export async function startImportRun(
  tx: Db,
  run: { readonly id: string; readonly source: string; readonly fileName: string; readonly startedAt: Date },
): Promise<void> {
  await tx('import_run').insert({ id: run.id, source: run.source, file_name: run.fileName, started_at: run.startedAt });
}

/** Written with each batch, so that the row is true of what is in the database at any moment. */
export async function noteImportRun(tx: Db, id: string, counts: ImportCounts, endedAt: Date | null): Promise<void> {
  await tx('import_run').where({ id }).update({
    rows_read: counts.read,
    rows_new: counts.new,
    rows_updated: counts.updated,
    rows_unchanged: counts.unchanged,
    rows_refused: counts.refused,
    ended_at: endedAt,
  });
}

/**
 * Tells PostgreSQL how large the tables have become. Autovacuum does it within a minute, in which an import has made an
 * empty table one of 100,000 rows, and until then the plans are those for an empty one (60,000 open reports took 97 s
 * without this and 33 s with it, on a busy machine).
 */
export async function refreshStatistics(db: Db): Promise<void> {
  await db.raw('analyze cases, job, case_job');
}
