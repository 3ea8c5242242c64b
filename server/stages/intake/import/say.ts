import type { ImportProgress, ImportSummary } from './run-import.ts';

const number = (n: number): string => n.toLocaleString('en-US');

/** One line that is written over while the import runs; on something that is no terminal, a line each. */
export function sayProgress(out: { readonly isTTY?: boolean; write(text: string): unknown }, progress: ImportProgress): void {
  const { step, rows, total, rowsPerSecond } = progress;
  const share = total === null ? '' : ` of ${number(total)} (${Math.floor((rows / total) * 100)} %)`;
  const what = step === 'reading' ? 'Checking the file' : 'Importing';
  const line = `${what}: ${number(rows)} rows${share}, ${number(rowsPerSecond)} rows/s`;
  out.write(out.isTTY ? `\r\u001b[K${line}` : `${line}\n`);
}

/** What came of it, for people. */
export function saySummary(summary: ImportSummary, isDryRun: boolean): string {
  const { rows, refused, skipped, places } = summary;
  const good = rows - refused - skipped;
  const lines = [
    `${number(rows)} rows of ${summary.file} read in ${summary.seconds.toFixed(1)} s (${number(Math.round(rows / Math.max(summary.seconds, 0.001)))} rows/s).`,
    isDryRun
      ? `${number(good)} would be taken. The database was not touched: this was a dry run.`
      : `${number(summary.new)} new, ${number(summary.updated)} updated, ${number(summary.unchanged)} unchanged.`,
  ];
  if (skipped > 0) lines.push(`${number(skipped)} were reported outside --from and --to.`);
  if (Object.keys(places).length > 0) {
    const said = Object.entries(places).map(([quality, n]) => `${number(n)} ${PLACES[quality] ?? quality}`);
    lines.push(`Places: ${said.join(', ')}.`);
  }
  if (summary.jobs > 0 || summary.joined > 0) {
    lines.push(`${number(summary.jobs)} jobs were made; ${number(summary.joined)} reports joined one of another report.`);
  }
  if (refused > 0) {
    lines.push(
      `${number(refused)} rows were refused${summary.refusalsFile ? `; all of them are in ${summary.refusalsFile}` : ''}:`,
    );
    for (const { line, column, value, reason } of summary.firstRefusals) {
      lines.push(`  line ${line}, ${column}${value === '' ? '' : ` "${value}"`}: ${reason}`);
    }
    if (refused > summary.firstRefusals.length) lines.push(`  … and ${number(refused - summary.firstRefusals.length)} more.`);
  }
  if (summary.stopped) lines.push('Stopped before the end. What was read is in; run the same command again to go on.');
  return lines.join('\n');
}

const PLACES: Readonly<Record<string, string>> = {
  on_road: 'on a road',
  far_from_road: 'too far from a road',
  outside_city: 'outside the city',
  none: 'without a place',
};
