import path from 'node:path';
import { noteImportRun, refreshStatistics, startImportRun } from '../../../stores/cases/import-runs.ts';
import { systemActor } from '../../../platform/actor.ts';
import { inChange, type ChangeTools } from '../../../platform/change.ts';
import type { CityConfig } from '../../../stores/city/contract.ts';
import type { Streets } from '../../../stores/city/streets.ts';
import { catalogueOf, type Catalogue } from '../catalogue.ts';
import { intakeWorld, receiveReports, type IntakeWorld, type Report } from '../receive-reports.ts';
import { isRefusal, mapRows, type MappedRequest, type MapRow, type Refusal, type SourceMapping } from './mapping.ts';
import { readCsv } from './read-csv.ts';
import { refusalFile } from './refusals.ts';
import { UnreadableFile } from './unreadable-file.ts';

export interface ImportOptions {
  readonly file: string;
  readonly mapping: SourceMapping;
  readonly city: CityConfig;
  /** Folder for the file of refused rows. */
  readonly folder: string;
  readonly now: Date;
  /** Make jobs of what is open and on a road. */
  readonly triage: boolean;
  /** Only requests reported in [from, to). */
  readonly from?: Date;
  readonly to?: Date;
  readonly onProgress?: (progress: ImportProgress) => void;
  /** Stops after the batch that is being written; what is in stays, and importing again goes on. */
  readonly signal?: AbortSignal;
}

export interface ImportProgress {
  readonly step: 'reading' | 'importing';
  readonly rows: number;
  /** Known once the file has been read through. */
  readonly total: number | null;
  readonly rowsPerSecond: number;
}

/** What came of an import. Rows read = new + updated + unchanged + refused + skipped, unless it was stopped. */
export interface ImportSummary {
  file: string;
  source: string;
  rows: number;
  new: number;
  updated: number;
  unchanged: number;
  refused: number;
  /** Outside [from, to). */
  skipped: number;
  /** Of the rows that are good: on_road, far_from_road, outside_city, none. */
  places: Record<string, number>;
  /** Jobs made, and reports that joined a job that another report had made. */
  jobs: number;
  joined: number;
  refusalsFile: string | null;
  firstRefusals: Refusal[];
  stopped: boolean;
  seconds: number;
}

/** Rows in one transaction: so many that the statements' own cost hardly counts, so few that two batches fit in memory. */
const BATCH_ROWS = 1000;
const FIRST_REFUSALS = 20;
const PROGRESS_EVERY_MILLIS = 1000;

/**
 * Imports a file of requests: reads it through once (a file that is broken anywhere writes nothing), then takes it in
 * batches, each one transaction. Bad rows are put aside with line, column, value and reason; the good ones go on.
 * The same file again changes nothing.
 * @param database null: a dry run; everything is checked and nothing is written.
 * @throws UnreadableFile when the file as a whole cannot be imported.
 */
export async function runImport(
  database: { readonly tools: ChangeTools; readonly streets: Streets } | null,
  options: ImportOptions,
): Promise<ImportSummary> {
  const started = performance.now();
  const catalogue = catalogueOf(options.city);
  const total = await readThrough(options);
  const summary = emptySummary(options);
  const refusals = refusalFile(path.join(options.folder, refusalName(options)));
  const run = database && (await openRun(database, options, catalogue, summary));

  let batch: MappedRequest[] = [];
  const inBatch = new Set<string>();
  let bad: Refusal[] = [];
  // While one batch is written the next is read: one transaction at a time, never two.
  let writing: Promise<void> = Promise.resolve();
  const flush = async (): Promise<void> => {
    const rows = batch;
    const refused = bad;
    [batch, bad] = [[], []];
    inBatch.clear();
    await writing;
    await refusals.add(refused);
    if (run) writing = run.write(rows);
    // It is awaited at the next flush; until then a failure must not count as one nobody waits for.
    writing.catch(() => undefined);
  };

  try {
    const report = reporter(options, 'importing', total);
    for await (const mapped of mappedRows(options, catalogue)) {
      summary.rows++;
      report(summary.rows);
      if (isRefusal(mapped)) {
        bad.push(mapped);
        summary.refused++;
        if (summary.firstRefusals.length < FIRST_REFUSALS) summary.firstRefusals.push(mapped);
      } else if (!isWanted(mapped, options)) {
        summary.skipped++;
      } else {
        // The same request twice in the file: the later row updates the earlier one, in the next batch.
        if (inBatch.has(mapped.sourceId)) await flush();
        batch.push(mapped);
        inBatch.add(mapped.sourceId);
      }
      if (batch.length + bad.length >= BATCH_ROWS) await flush();
      if (options.signal?.aborted) {
        summary.stopped = true;
        break;
      }
    }
    await flush();
    await writing;
    await run?.end();
  } finally {
    await writing.catch(() => undefined);
    summary.refusalsFile = await refusals.close();
  }
  summary.seconds = Math.round(performance.now() - started) / 1000;
  return summary;
}

/** The whole file once, without looking at the values: how many rows there are, and that encoding, quotes and header are right. */
async function readThrough(options: ImportOptions): Promise<number> {
  const report = reporter(options, 'reading', null);
  const name = path.basename(options.file);
  let rows = -1;
  for await (const row of readCsv(options.file)) {
    rows++;
    // Throws when the header lacks a column.
    if (rows === 0) mapRows(options.mapping, row, mappingCity(options.city, catalogueOf(options.city)), options.now, name);
    else report(rows);
  }
  if (rows === -1) throw new UnreadableFile(`${name} holds nothing but blank lines.`, { line: 1 });
  if (rows === 0) throw new UnreadableFile(`${name} has a header and no rows: there is nothing to import.`, { line: 2 });
  return rows;
}

async function* mappedRows(options: ImportOptions, catalogue: Catalogue): AsyncGenerator<MappedRequest | Refusal> {
  let map: MapRow | undefined;
  for await (const row of readCsv(options.file)) {
    if (map) yield map(row);
    else map = mapRows(options.mapping, row, mappingCity(options.city, catalogue), options.now, path.basename(options.file));
  }
}

const mappingCity = (city: CityConfig, catalogue: Catalogue) => ({
  zone: city.zone,
  bounds: city.bounds,
  serviceCode: (word: string) => catalogue.find(word)?.code,
  serviceCodes: catalogue.codes,
});

const isWanted = (row: MappedRequest, { from, to }: ImportOptions): boolean =>
  (from === undefined || row.reportedAt >= from) && (to === undefined || row.reportedAt < to);

/** The database's side: one row that tells of the run, and one transaction a batch. */
async function openRun(
  database: { readonly tools: ChangeTools; readonly streets: Streets },
  options: ImportOptions,
  catalogue: Catalogue,
  summary: ImportSummary,
): Promise<{ write(rows: readonly MappedRequest[]): Promise<void>; end(): Promise<void> }> {
  const { tools, streets } = database;
  const { source } = options.mapping;
  const id = tools.ids.next(options.now);
  await startImportRun(tools.db, { id, source, fileName: path.basename(options.file), startedAt: options.now });
  const world = await intakeWorld(tools.db, options.city, catalogue, streets);
  let batches = 0;
  return {
    async write(rows) {
      if (rows.length === 0) return;
      const received = await inChange(tools, systemActor, async (change) => {
        const reports = rows.map((row) => reportOf(row, source, world));
        const answers = await receiveReports(change, world, reports, { triage: options.triage, bulk: true });
        const counts = { new: 0, updated: 0, unchanged: 0 };
        for (const { outcome } of answers) counts[outcome]++;
        await noteImportRun(change.tx, id, addCounts(summary, counts), null);
        return { answers, counts };
      });
      for (const outcome of ['new', 'updated', 'unchanged'] as const) summary[outcome] += received.counts[outcome];
      const jobs = new Set<string>();
      for (const { placeQuality, job } of received.answers) {
        summary.places[placeQuality] = (summary.places[placeQuality] ?? 0) + 1;
        if (!job) continue;
        summary.joined++;
        if (job.made) jobs.add(job.jobId);
      }
      summary.jobs += jobs.size;
      summary.joined -= jobs.size;
      batches++;
      if (Number.isInteger(Math.log2(batches))) await refreshStatistics(tools.db);
    },
    end: () => noteImportRun(tools.db, id, addCounts(summary, { new: 0, updated: 0, unchanged: 0 }), tools.clock.now()),
  };
}

const addCounts = (summary: ImportSummary, counts: { new: number; updated: number; unchanged: number }) => ({
  read: summary.rows,
  new: summary.new + counts.new,
  updated: summary.updated + counts.updated,
  unchanged: summary.unchanged + counts.unchanged,
  refused: summary.refused,
});

function reportOf(row: MappedRequest, source: string, world: IntakeWorld): Report {
  return {
    source,
    sourceId: row.sourceId,
    service: world.catalogue.find(row.serviceType)!,
    place: row.place,
    address: row.address,
    reportedAt: row.reportedAt,
    near: null,
    words: row.words,
    contact: row.contact,
    areaCodes: row.areaCodes,
    followTokenHash: null,
    atSource: { status: row.status, said: row.sourceStatus, closedAt: row.closedAt, updatedAt: row.updatedAt },
  };
}

const emptySummary = (options: ImportOptions): ImportSummary => ({
  file: options.file,
  source: options.mapping.source,
  rows: 0,
  new: 0,
  updated: 0,
  unchanged: 0,
  refused: 0,
  skipped: 0,
  places: {},
  jobs: 0,
  joined: 0,
  refusalsFile: null,
  firstRefusals: [],
  stopped: false,
  seconds: 0,
});

/** `requests-2026-01-27T10-05-00-000Z-refused.csv` */
const refusalName = ({ file, now }: ImportOptions): string =>
  `${path.parse(file).name}-${now.toISOString().replaceAll(/[:.]/g, '-')}-refused.csv`;

function reporter(options: ImportOptions, step: ImportProgress['step'], total: number | null): (rows: number) => void {
  const started = performance.now();
  let last = started;
  return (rows) => {
    const now = performance.now();
    if (!options.onProgress || now - last < PROGRESS_EVERY_MILLIS) return;
    last = now;
    options.onProgress({ step, rows, total, rowsPerSecond: Math.round((rows / (now - started)) * 1000) });
  };
}
