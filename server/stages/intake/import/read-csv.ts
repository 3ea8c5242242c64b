import { createReadStream } from 'node:fs';
import { open } from 'node:fs/promises';
import path from 'node:path';
import { pipeline, Transform } from 'node:stream';
import { CsvError, parse } from 'csv-parse';
import { utf8Guard } from './encoding.ts';
import { UnreadableFile } from './unreadable-file.ts';

/** One record of the file. `line` is the line on which it starts, counted from 1, the header's line included. */
export interface CsvRow {
  readonly line: number;
  readonly cells: readonly string[];
}

/** A record larger than this is a quote that was never closed, not a request. */
const LARGEST_RECORD_BYTES = 256 * 1024;
const DELIMITERS = [',', ';', '\t', '|'] as const;

/** What csv-parse hands over with `info: true`; `lines` is the line on which the record ends. */
interface Parsed {
  readonly record: readonly string[];
  readonly info: { readonly lines: number };
}

/**
 * Reads a CSV file (RFC 4180; comma, semicolon, tab or bar between the cells, whichever its first line uses most)
 * as a stream: memory does not grow with the file. The header is the first row. Rows may have too few or too many
 * cells; whoever maps them says so.
 * @throws UnreadableFile for a file that is missing, empty, not UTF-8, or whose quotes are broken, with line and column.
 */
export async function* readCsv(file: string): AsyncGenerator<CsvRow> {
  const name = path.basename(file);
  const delimiter = await mostUsedDelimiter(file, name);
  const parser = parse({
    bom: true,
    delimiter,
    info: true,
    relax_column_count: true,
    skip_empty_lines: true,
    max_record_size: LARGEST_RECORD_BYTES,
  });
  let lastLine = 0;
  // Errors arrive through the parser, which pipeline destroys with them.
  pipeline(createReadStream(file), guarded(name), parser, () => undefined);
  try {
    for await (const { record, info } of parser as AsyncIterable<Parsed>) {
      lastLine = info.lines;
      yield { line: info.lines - lineBreaks(record), cells: record };
    }
  } catch (error) {
    throw error instanceof CsvError ? brokenCsv(name, error, lastLine) : error;
  }
}

/** Passes the file through while it is UTF-8. */
function guarded(name: string): Transform {
  const guard = utf8Guard(name);
  return new Transform({
    transform(chunk: Buffer, _encoding, done) {
      try {
        guard.check(chunk);
        done(null, chunk);
      } catch (error) {
        done(error as Error);
      }
    },
    flush(done) {
      try {
        guard.end();
        done();
      } catch (error) {
        done(error as Error);
      }
    },
  });
}

async function mostUsedDelimiter(file: string, name: string): Promise<string> {
  const handle = await open(file, 'r').catch((cause: unknown) => {
    throw new UnreadableFile(`${file} cannot be opened: ${cause instanceof Error ? cause.message : String(cause)}.`, { line: 1 });
  });
  try {
    if ((await handle.stat()).isDirectory()) throw new UnreadableFile(`${name} is a folder, not a file.`, { line: 1 });
    const { buffer, bytesRead } = await handle.read(Buffer.alloc(64 * 1024), 0, 64 * 1024, 0);
    const firstLine = buffer
      .toString('utf8', 0, bytesRead)
      .split(/\r?\n/, 1)[0]!
      .replaceAll(/"[^"]*"/g, '');
    const used = DELIMITERS.map((delimiter) => ({ delimiter, times: firstLine.split(delimiter).length - 1 }));
    return used.reduce((most, next) => (next.times > most.times ? next : most)).delimiter;
  } finally {
    await handle.close();
  }
}

const lineBreaks = (record: readonly string[]): number =>
  record.reduce((sum, cell) => (cell.includes('\n') ? sum + cell.split('\n').length - 1 : sum), 0);

/** csv-parse's own errors as sentences. The record that broke starts after the last good one. */
function brokenCsv(name: string, error: CsvError, lastLine: number): UnreadableFile {
  const at = (field: string): number | undefined => {
    const value: unknown = Reflect.get(error, field);
    return typeof value === 'number' ? value : undefined;
  };
  const column = (at('index') ?? 0) + 1;
  const started = lastLine + 1;
  const line = at('lines') ?? started;
  switch (error.code) {
    case 'CSV_MAX_RECORD_SIZE':
      return new UnreadableFile(
        `${name}: what begins in line ${started}, column ${column}, goes on for more than ${LARGEST_RECORD_BYTES / 1024} kB: a quote (") ` +
          'there is never closed, or this is not a CSV file.',
        { line: started, column },
        { cause: error },
      );
    case 'CSV_QUOTE_NOT_CLOSED':
      return new UnreadableFile(
        `${name}: the quote (") that opens in line ${started}, column ${column}, is never closed. Close it, or double it ("") ` +
          'if it belongs to the text.',
        { line: started, column },
        { cause: error },
      );
    case 'CSV_INVALID_CLOSING_QUOTE':
      return new UnreadableFile(
        `${name}: in line ${line}, column ${column}, something follows a closing quote ("). A quote inside quoted text must be ` +
          'doubled ("").',
        { line, column },
        { cause: error },
      );
    case 'INVALID_OPENING_QUOTE':
      return new UnreadableFile(
        `${name}: in line ${line}, column ${column}, a quote (") stands in the middle of unquoted text. Put the whole cell in ` +
          'quotes and double the quote inside it ("").',
        { line, column },
        { cause: error },
      );
    default:
      return new UnreadableFile(`${name}: line ${line}, column ${column}: ${error.message}.`, { line, column }, { cause: error });
  }
}
